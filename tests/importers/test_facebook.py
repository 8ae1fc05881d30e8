"""Facebook's answers become posts with their comments, each of which is damaged alone."""

import json

import pytest

ANN, BOB, PAGE = ({"id": "11", "name": "Ann"}, {"id": "12", "name": "Bob"}, {"id": "7", "name": "Lamps"})


def at(hour):
    return f"2024-03-01T{hour:02}:00:00+0000"


POST = {
    "id": "7_70",
    "created_time": at(10),
    "from": PAGE,
    "message": "Hello Ann and Bob",
    "permalink_url": "https://www.facebook.com/7/posts/70/",
    "message_tags": [
        {"id": "11", "name": "Ann", "type": "user", "offset": 6, "length": 3},
        {"id": "99", "name": "Fair", "type": "event", "offset": 14, "length": 3},
        {"id": "7", "name": "Lamps", "type": "page", "offset": 0, "length": 5},
    ],
    "shares": {"count": 3},
    "reactions": {"data": [{"id": "12", "name": "Bob", "type": "LOVE"}], "summary": {"total_count": 9}},
    "likes": {"data": [], "summary": {"total_count": 5}},
    "comments": {
        "summary": {"total_count": 3},
        "data": [
            {
                "id": "70_71",
                "created_time": at(11),
                "from": ANN,
                "message": "Nice",
                "like_count": 2,
                "comment_count": 1,
                "comments": {"data": [{"id": "70_72", "created_time": at(12), "from": PAGE, "message": "Thanks"}]},
            },
            {"id": "70_73", "created_time": "once", "message": "?"},
            {"id": "7_70_74", "created_time": at(13), "message": "Mine", "parent": {"id": "7_70_71"}},
        ],
    },
}
BARE = {"id": "7_80", "created_time": at(9), "attachments": {"data": [{"title": "A talk", "description": "On lamps"}]}}


def told(posts):
    return [(post.native_id, post.author, post.kind, post.parent, post.root, post.text) for post in posts]


COMMENTS = [
    ("70_71", "11", "comment", "7_70", "7_70", "Nice"),
    ("70_72", "7", "reply", "70_71", "7_70", "Thanks"),
    ("70_74", None, "reply", "70_71", "7_70", "Mine"),
]


def test_post_comes_with_its_comments_and_a_damaged_one_is_refused_alone(tmp_path, importing):
    (tmp_path / "feed").write_text(json.dumps({"data": [POST, BARE], "paging": {"cursors": {}}}))
    imported = importing(tmp_path / "feed")
    assert imported.format == "facebook"
    assert told(imported.posts) == [
        ("7_70", "7", "post", None, None, "Hello Ann and Bob"),
        *COMMENTS,
        ("7_80", None, "post", None, None, "A talk\nOn lamps"),
    ]
    post, comment = imported.posts[:2]
    assert (post.likes, post.shares, post.replies, post.mentions) == (9, 3, 3, ("11",))
    assert (comment.likes, comment.shares, comment.replies, comment.channel) == (2, None, 1, "7")
    bare = imported.posts[-1]
    assert (bare.likes, bare.shares, bare.replies) == (None, None, None)
    assert [(channel.native_id, channel.name, channel.kind) for channel in imported.channels] == [
        ("7", "Lamps", "public")
    ]
    assert [(like.actor, like.target, like.post) for like in imported.interactions] == [("12", "7", "7_70")]
    [refusal] = imported.refusals
    assert (refusal.line, refusal.reason) == (1, "'once' cannot be read as a time")
    mended = json.loads(refusal.raw) | {"created_time": at(12)}
    (tmp_path / "mended").write_text(json.dumps({"data": [mended]}))
    assert told(importing(tmp_path / "mended").posts) == [("70_73", None, "comment", "7_70", "7_70", "?")]


@pytest.mark.parametrize(
    "answer",
    [
        {
            "data": POST["comments"]["data"],
            "paging": {"next": "https://graph.facebook.com/v20.0/7_70/comments?after=x"},
        },
        {"id": "7_70", "created_time": at(10), "comments": POST["comments"]},
        {"7_70": {"id": "7_70", "created_time": at(10), "comments": POST["comments"]}},
        {
            "id": "7",
            "name": "Lamps",
            "posts": {"data": [{"id": "7_70", "created_time": at(10), "comments": POST["comments"]}]},
        },
    ],
    ids=["comments by themselves", "one post", "posts by id", "page"],
)
def test_comments_are_the_same_whatever_they_stand_in(tmp_path, importing, answer):
    (tmp_path / "answer").write_text(json.dumps(answer))
    imported = importing(tmp_path / "answer")
    assert told([post for post in imported.posts if post.kind != "post"]) == COMMENTS
    assert {post.channel for post in imported.posts} == {"7"}
    assert len(imported.refusals) == 1


def test_comment_is_placed_by_its_address_where_it_has_no_id(tmp_path, importing):
    address = "https://www.facebook.com/7/posts/70/?comment_id=71"
    comments = [
        {"created_time": at(11), "message": "Nice", "like_count": 0, "permalink_url": address},
        {"created_time": at(12), "message": "Thanks", "permalink_url": f"{address}&reply_comment_id=72"},
    ]
    (tmp_path / "answer").write_text(json.dumps({"data": comments}))
    posts = importing(tmp_path / "answer").posts
    assert [(post.native_id, post.kind, post.parent, post.root, post.channel, post.likes) for post in posts] == [
        ("70_71", "comment", "7_70", "7_70", "7", 0),
        ("70_72", "reply", "70_71", "7_70", "7", None),
    ]


def test_page_and_its_messages_come_in_and_albums_are_passed_over(tmp_path, importing):
    message = {"id": "m_1", "created_time": at(14), "from": ANN, "to": {"data": [PAGE]}, "message": "Where is it?"}
    page = {
        "id": "7",
        "name": "Lamps",
        "username": "lamps",
        "fan_count": 900,
        "published_posts": {"data": [{"id": "7_90", "created_time": at(8), "message": "Open"}, {"id": "7_91"}]},
        "conversations": {"data": [{"id": "t_1", "updated_time": at(14), "messages": {"data": [message]}}]},
    }
    (tmp_path / "page").write_text(json.dumps(page))
    imported = importing(tmp_path / "page")
    assert told(imported.posts) == [
        ("7_90", "7", "post", None, None, "Open"),
        ("m_1", "11", "post", None, None, "Where is it?"),
    ]
    assert {channel.native_id: (channel.name, channel.kind) for channel in imported.channels} == {
        "7": ("Lamps", "public"),
        "t_1": ("Ann, Lamps", "private"),
    }
    assert imported.identities[0].followers == 900
    assert [refusal.reason for refusal in imported.refusals] == [
        "has no created_time: fetch it again with the field created_time"
    ]
    paging = {"next": "https://graph.facebook.com/v20.0/7/albums?after=x"}
    (tmp_path / "albums").write_text(json.dumps({"data": [{"id": "3", "created_time": at(8)}], "paging": paging}))
    albums = importing(tmp_path / "albums")
    assert (albums.posts, sum(albums.inputs[0].rows_skipped.values())) == ([], 1)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("answer", "posts", "comments"),
    [
        ("posts/feeds_default_fields_p1", 5, 0),
        ("posts/feeds_default_fields_p2", 5, 0),
        ("posts/feed_fields_p1", 5, 0),
        ("posts/multi_posts_data", 2, 16),
        ("posts/single_post_data", 1, 0),
        ("comments/comments_p1", 0, 10),
        ("comments/comments_p2", 0, 5),
        ("comments/comments_info", 0, 2),
        ("groups/feed_p1", 5, 0),
        ("groups/feed_p2", 6, 0),
        ("messages/messages_info", 2, 0),
    ],
)
def test_real_answers_come_in_whole(shared_data, importing, answer, posts, comments):
    imported = importing(shared_data / f"native/meta/facebook/apidata/{answer}.json")
    assert (imported.format, imported.refusals) == ("facebook", [])
    kinds = [post.kind for post in imported.posts]
    assert (kinds.count("post"), len(kinds) - kinds.count("post")) == (posts, comments)


@pytest.mark.realdata
def test_real_counts_and_tags_are_read(shared_data, importing):
    imported = importing(shared_data / "native/meta/facebook/apidata/posts/feeds_default_fields_p1.json")
    first = imported.posts[0]
    assert (first.likes, first.replies, first.shares, len(first.mentions)) == (125, 13, 10, 2)
