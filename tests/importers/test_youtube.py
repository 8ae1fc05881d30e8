"""Comments, videos and channels of YouTube become posts of the channels that they stand on."""

import datetime as dt
import json

import pytest

CHANNEL, ANN, BOB = "UCchannel", "UCann", "UCbob"


def comment(number, author, text="hello", **said):
    snippet = {
        "authorDisplayName": f"@{author[2:]}",
        "authorChannelUrl": f"http://www.youtube.com/@{author[2:]}",
        "authorChannelId": {"value": author},
        "textDisplay": text,
        "likeCount": 4,
        "publishedAt": "2024-03-01T10:00:00Z",
        "updatedAt": "2024-03-01T10:00:00Z",
        **said,
    }
    return {"kind": "youtube#comment", "id": number, "snippet": snippet}


def thread(first, replies=(), **about):
    return {
        "kind": "youtube#commentThread",
        "id": first["id"],
        "snippet": {"topLevelComment": first, "totalReplyCount": 2, **about},
        "replies": {"comments": list(replies)},
    }


def page(*items, kind="commentThreadListResponse"):
    return {"kind": f"youtube#{kind}", "pageInfo": {"totalResults": len(items)}, "items": list(items)}


def video(**more):
    snippet = {
        "publishedAt": "2024-02-01T10:00:00Z",
        "channelId": CHANNEL,
        "channelTitle": "Lamps",
        "title": "A lamp",
        "description": "See",
    }
    return {"kind": "youtube#video", "id": "v1", "snippet": snippet, **more}


@pytest.fixture
def read(tmp_path, importing):
    def read_value(value):
        (tmp_path / "answer").write_text(value if isinstance(value, str) else json.dumps(value))
        return importing(tmp_path / "answer")

    return read_value


def test_threads_become_comments_with_their_replies(read):
    edited = comment("t1.r1", BOB, "yes", parentId="t1", updatedAt="2024-03-02T10:00:00Z")
    first = comment("t1", ANN, "Tom &amp; I<br>agree", videoId="v1", channelId=CHANNEL)
    imported = read(
        page(thread(first, [edited, comment("t1.r2", ANN, publishedAt="soon")], videoId="v1", channelId=CHANNEL))
    )
    assert imported.format == "youtube"
    assert [(p.native_id, p.kind, p.parent, p.root, p.channel, p.author) for p in imported.posts] == [
        ("t1", "comment", "v1", "v1", CHANNEL, ANN),
        ("t1.r1", "reply", "t1", "v1", CHANNEL, BOB),
    ]
    top, reply = imported.posts
    assert (top.text, top.parent_author, top.likes, top.replies, top.edited_at) == (
        "Tom & I\nagree",
        CHANNEL,
        4,
        2,
        None,
    )
    assert (reply.replies, reply.edited_at) == (None, dt.datetime(2024, 3, 2, 10, tzinfo=dt.UTC))
    assert (imported.identity(ANN).handle, imported.identity(ANN).display_name) == ("ann", None)
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(1, "'soon' cannot be read as a time")]
    assert json.loads(imported.refusals[0].raw)["id"] == "t1.r2"


def test_videos_are_posts_of_their_channel_with_the_counts_reported(read):
    counts = {"viewCount": "100", "likeCount": "7"}
    imported = read([page(video(statistics=counts)), page(thread(comment("t2", BOB, videoId="v1")))])
    post = imported.post("v1")
    assert (post.title, post.text, post.author, post.channel) == ("A lamp", "See", CHANNEL, CHANNEL)
    assert (post.views, post.likes, post.replies) == (100, 7, None)
    assert imported.post("t2").channel == CHANNEL  # the video of the first page says whose it is
    assert [(channel.name, channel.owner) for channel in imported.channels] == [("Lamps", CHANNEL)]


def test_comment_is_in_a_channel_of_its_own_when_no_file_says_whose_video(read):
    imported = read(page(comment("c1", ANN), kind="commentListResponse"))
    assert imported.posts[0].channel == imported.channels[0].native_id == "youtube"


def test_search_channels_and_subscriptions_are_told_apart(read):
    snippet = {**video()["snippet"], "title": "Tom &amp; I"}
    found = [
        {"kind": "youtube#searchResult", "id": {"kind": f"youtube#{kind}", f"{kind}Id": "x1"}, "snippet": snippet}
        for kind in ("video", "playlist")
    ]
    channel = {"kind": "youtube#channel", "id": CHANNEL, "snippet": {"title": "Lamps", "customUrl": "@lamps"}}
    channel["statistics"] = {"subscriberCount": "12", "hiddenSubscriberCount": False}
    follow = {
        "kind": "youtube#subscription",
        "snippet": {"channelId": ANN, "resourceId": {"channelId": CHANNEL}, "title": "Lamps"},
    }
    imported = read(page(*found, channel, follow, kind="searchListResponse"))
    assert [(post.native_id, post.title) for post in imported.posts] == [("x1", "Tom & I")]
    assert imported.inputs[0].rows_skipped == {"not a post: youtube#playlist": 1}
    account = imported.identity(CHANNEL)
    assert (account.handle, account.followers) == ("lamps", 12)
    assert [(i.kind, i.actor, i.target) for i in imported.interactions] == [("follow", ANN, CHANNEL)]


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "posts"),
    [
        ("comment_threads/comment_threads_by_video_paged_1", 5),
        ("comment_threads/comment_threads_by_video_paged_2", 5),
        ("comment_threads/comment_thread_single", 1),
        ("comments/comments_by_parent_paged_1", 2),
        ("comments/insert_response", 1),
        ("videos/videos_chart_paged_1", 5),
        ("search/search_by_keywords_p1", 25),
        ("search/search_channels", 0),
        ("channels/info_multiple", 0),
        ("playlists/playlists_multi", 0),
    ],
)
def test_real_answers_are_all_imported(real_data, importing, file, posts):
    imported = importing(real_data / f"native/youtube/apidata/{file}.json")
    assert imported.format == "youtube"
    assert (len(imported.posts), imported.refusals) == (posts, [])


@pytest.mark.realdata
def test_real_folder_is_all_imported(real_data, importing):
    imported = importing(real_data / "native/youtube")
    assert (len(imported.posts), imported.refusals) == (140, [])
    assert {found.format for found in imported.inputs} == {"youtube"}
    assert len(imported.unrecognised) == 2  # an error, and the profile of another interface
