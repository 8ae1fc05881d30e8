"""Instagram's answers become posts with their comments, in the channel of the account whose media they are."""

import json

import pytest

MEDIUM = {
    "id": "170",
    "media_type": "IMAGE",
    "caption": "Lit, with @Bob #lamp",
    "timestamp": "2024-03-01T10:00:00+0000",
    "permalink": "https://www.instagram.com/p/x/",
    "like_count": 9,
    "comments_count": 3,
    "username": "lamps",
    "owner": {"id": "17"},
    "insights": {"data": [{"name": "reach", "period": "lifetime", "values": [{"value": 40}]}]},
    "comments": {
        "data": [
            {
                "id": "171",
                "text": "Nice",
                "timestamp": "2024-03-01T11:00:00+0000",
                "username": "ann",
                "like_count": 1,
                "replies": {
                    "data": [
                        {
                            "id": "172",
                            "text": "@ann Thanks",
                            "timestamp": "2024-03-01T12:00:00+0000",
                            "from": {"id": "17", "username": "lamps"},
                        }
                    ]
                },
            },
            {"id": "173", "text": "When?"},
        ]
    },
}
COMMENTS = [
    ("171", "@ann", "comment", "170", "170", "Nice"),
    ("172", "17", "reply", "171", "170", "@ann Thanks"),
]


def told(posts):
    return [(post.native_id, post.author, post.kind, post.parent, post.root, post.text) for post in posts]


def test_medium_comes_with_its_comments_and_a_damaged_one_is_refused_alone(tmp_path, importing):
    (tmp_path / "media").write_text(json.dumps({"data": [MEDIUM]}))
    imported = importing(tmp_path / "media")
    assert imported.format == "instagram"
    assert told(imported.posts) == [("170", "17", "post", None, None, "Lit, with @Bob #lamp"), *COMMENTS]
    medium, comment, answer = imported.posts
    assert (medium.likes, medium.replies, medium.shares, medium.reach) == (9, 3, None, 40)
    assert (medium.mentions, answer.mentions) == (("@bob",), ("@ann",))
    assert (comment.likes, comment.channel, answer.likes) == (1, "17", None)
    assert [(channel.native_id, channel.name, channel.kind) for channel in imported.channels] == [
        ("17", "lamps", "public")
    ]
    [refusal] = imported.refusals
    assert (refusal.line, refusal.reason) == (1, "has no timestamp: fetch it again with the field timestamp")
    assert json.loads(refusal.raw) == {"media": {"id": "170"}, "id": "173", "text": "When?"}


@pytest.mark.parametrize(
    ("answer", "channel"),
    [
        ({"business_discovery": {"id": "17", "username": "lamps", "media": {"data": [MEDIUM]}}, "id": "1"}, "17"),
        ({"id": "17", "username": "lamps", "followers_count": 900, "media": {"data": [MEDIUM]}}, "17"),
        (
            {
                "data": [{key: value for key, value in MEDIUM.items() if key not in ("owner", "username")}],
                "paging": {"next": "https://graph.facebook.com/v20.0/17/media?after=x"},
            },
            "17",
        ),
        ({"data": [{key: value for key, value in MEDIUM.items() if key != "owner"}]}, "@lamps"),
    ],
    ids=["somebody else's", "one's own", "told by paging", "by name"],
)
def test_channel_is_the_account_wherever_that_is_told(tmp_path, importing, answer, channel):
    (tmp_path / "answer").write_text(json.dumps(answer))
    imported = importing(tmp_path / "answer")
    assert imported.format == "instagram"
    assert {post.channel for post in imported.posts} == {channel}
    assert told(imported.posts)[1:] == COMMENTS
    assert (imported.posts[0].author, len(imported.refusals)) == (channel, 1)


def test_comments_by_themselves_are_of_the_medium_that_was_asked_for(tmp_path, importing):
    paging = {"next": "https://graph.facebook.com/v20.0/170/comments?after=x"}
    (tmp_path / "comments").write_text(json.dumps({"data": MEDIUM["comments"]["data"], "paging": paging}))
    imported = importing(tmp_path / "comments")
    assert (imported.format, told(imported.posts)) == ("instagram", COMMENTS)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("answer", "posts"),
    [
        ("base/discovery_medias_p1", 5),
        ("instagram/apidata/users/medias_p1", 2),
        ("instagram/apidata/users/tagged_medias", 5),
        ("instagram/apidata/medias/medias_fields", 2),
        ("instagram/apidata/medias/comments_p1", 2),
        ("instagram/apidata/stories/stories_default", 3),
        ("instagram/models/ig_comment", 2),
        ("instagram_basic/apidata/user/user_medias_p1", 2),
    ],
)
def test_real_answers_come_in_whole(shared_data, importing, answer, posts):
    imported = importing(shared_data / f"native/meta/{answer}.json")
    assert (imported.format, len(imported.posts), imported.refusals) == ("instagram", posts, [])


@pytest.mark.realdata
def test_real_media_without_times_are_refused_one_by_one(shared_data, importing):
    imported = importing(shared_data / "native/meta/instagram/apidata/hashtags/hashtag_top_medias_p1.json")
    assert (imported.posts, len(imported.refusals)) == ([], 25)
