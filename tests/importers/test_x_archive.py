"""An archive of X becomes the account's posts, likes, follows and direct messages, under the ids of X's API."""

import datetime as dt
import json
import zipfile

import pytest


def tweet(number, text, **more):
    return {
        "tweet": {
            "id": str(number),
            "id_str": str(number),
            "created_at": "Fri Mar 01 10:00:00 +0000 2024",
            "full_text": text,
            "favorite_count": "3",
            "retweet_count": "2",
            "retweeted": False,
            "lang": "en",
            "entities": {"user_mentions": [{"name": "Bob", "screen_name": "bob", "id_str": "2", "id": "2"}]},
            **more,
        }
    }


LONG = "a long post of more words than a post may have, " * 8
MESSAGE = {
    "messageCreate": {
        "id": "71",
        "senderId": "2",
        "recipientId": "1",
        "text": "hi &amp; bye",
        "createdAt": "2024-03-02T10:00:00.000Z",
        "reactions": [{"senderId": "1", "reactionKey": "like", "createdAt": "2024-03-02T11:00:00.000Z"}],
    }
}
ACCOUNT = {"accountId": "1", "username": "ann", "email": "Ann@lamps.example", "accountDisplayName": "Ann"}
CONVERSATION = {"conversationId": "1-2", "messages": [MESSAGE, {"joinConversation": {}}, {"messageCreate": {}}]}
FILES = {
    "account": [{"account": ACCOUNT}],
    "profile": [{"profile": {"description": {"bio": "Lamps", "location": "Ulm"}}}],
    "tweets": [
        tweet(11, "hello @bob &lt;3"),
        tweet(12, "@bob yes", in_reply_to_status_id_str="5", in_reply_to_user_id_str="2"),
        tweet(13, "RT @bob: a word"),
        tweet(14, "x", created_at="soon"),
        tweet(15, LONG[:270] + "… https://t.co/x"),
    ],
    "deleted_tweets": [tweet(16, "oh", deleted_at="2024-03-05T08:00:00Z")],
    "note_tweet": [{"noteTweet": {"noteTweetId": "99", "core": {"text": LONG}}}],
    "like": [{"like": {"tweetId": "5", "fullText": "liked"}}],
    "follower": [{"follower": {"accountId": "2"}}],
    "following": [{"following": {"accountId": "3"}}],
    "direct_messages": [{"dmConversation": CONVERSATION}],
    "ad_engagements": [{"ad": {}}],
}


def written(kind):
    return f"window.YTD.{kind}.part0 = {json.dumps(FILES[kind], indent=2)}"


@pytest.fixture(params=["zip", "folder", "flat"])
def archive(tmp_path, request):
    names = {
        f"{'' if request.param == 'flat' else 'data/'}{kind.replace('_', '-')}.js": written(kind) for kind in FILES
    }
    names |= {"data/tweets_media/11-x.jpg": "\xff\xd8", "Your archive.html": "<html></html>"}
    if request.param == "zip":
        with zipfile.ZipFile(tmp_path / "twitter", "w") as packed:
            for name, text in names.items():
                packed.writestr(name, text)
        return tmp_path / "twitter"
    for name, text in names.items():
        (tmp_path / "twitter" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "twitter" / name).write_text(text)
    return tmp_path / "twitter"


def test_archive_becomes_posts_of_its_owner_whatever_it_is_packed_in(archive, importing):
    imported = importing(archive)
    assert (len(imported.inputs), imported.format, imported.unrecognised) == (1, "x_archive", [])
    tweets = [post for post in imported.posts if post.channel == "X"]
    assert {post.native_id: (post.kind, post.parent, post.parent_author, post.mentions) for post in tweets} == {
        "11": ("post", None, None, ("2",)),
        "12": ("reply", "5", "2", ("2",)),
        "13": ("share", None, "2", ()),
        "15": ("post", None, None, ("2",)),
        "16": ("post", None, None, ("2",)),
    }
    assert {post.author for post in tweets} == {"1"}
    first = imported.post("11")
    assert (first.text, first.likes, first.shares, first.replies) == ("hello @bob <3", 3, 2, None)
    assert imported.post("15").text == LONG
    assert imported.post("16").deleted_at == dt.datetime(2024, 3, 5, 8, tzinfo=dt.UTC)
    ann = imported.identities[0]
    assert (ann.native_id, ann.handle, ann.display_name, ann.email) == ("1", "ann", "Ann", "ann@lamps.example")
    assert "@ann" in imported.notes[0].text
    assert not importing(archive, team=("ann",)).notes
    assert imported.identities[1].bio == "Lamps"
    assert [(i.kind, i.actor, i.target, i.post) for i in imported.interactions if i.occurred_at is None] == [
        ("follow", "2", "1", None),
        ("follow", "1", "3", None),
        ("like", "1", None, "5"),
    ]


def test_messages_are_private_and_damaged_ones_refused_with_their_file(archive, importing):
    imported = importing(archive)
    message = imported.post("dm/71")
    kinds = {channel.native_id: channel.kind for channel in imported.channels}
    assert (message.author, message.text, message.likes, kinds[message.channel]) == ("2", "hi & bye", 1, "private")
    reasons = [refusal.reason.split("/")[-1] for refusal in imported.refusals]
    assert reasons == ["direct-messages.js: has no 'senderId'", "tweets.js: 'soon' cannot be read as a time"]
    assert imported.inputs[0].rows_skipped == {
        "not a post: joinConversation": 1,
        "a file without posts: ad_engagements": 1,
    }


def test_posts_have_no_author_and_that_is_said_when_a_file_comes_alone(tmp_path, importing):
    (tmp_path / "posts").write_text(written("tweets"))
    imported = importing(tmp_path / "posts")
    assert imported.format == "x_archive"
    assert len(imported.posts) == 4
    assert {post.author for post in imported.posts} == {None}
    assert "account.js" in imported.notes[0].text
    (tmp_path / "likes").write_text(written("like"))
    assert importing(tmp_path / "likes").inputs[0].rows_skipped == {"the account is unknown without account.js": 1}
