"""Posts of X's older API become posts, shares and accounts under the ids that X gives."""

import datetime as dt
import json

import pytest


def user(number, handle, **more):
    name = handle.title()
    return {"id": number, "id_str": str(number), "screen_name": handle, "name": name, "followers_count": 9, **more}


ANN, BOB = user(1, "ann", description="Tea &amp; lamps", location="Ulm"), user(2, "bob")


def tweet(number, author, text="hello", **more):
    return {
        "created_at": "Fri Mar 01 10:00:00 +0000 2024",
        "id": float(number) * 1e17,  # as some tools round it: the text beside it is right
        "id_str": str(number),
        "text": text,
        "user": author,
        "entities": {"user_mentions": []},
        "lang": "en",
        "favorite_count": 3,
        "retweet_count": 2,
        **more,
    }


def mention(number, handle):
    return {"id": number, "id_str": str(number), "screen_name": handle, "name": handle.title()}


@pytest.fixture
def read(tmp_path, importing):
    def read_value(value):
        (tmp_path / "answer").write_text(value if isinstance(value, str) else json.dumps(value))
        return importing(tmp_path / "answer")

    return read_value


def test_search_becomes_posts_with_authors_and_counts(read):
    long = {"full_text": "a &lt; b, @bob", "entities": {"user_mentions": [mention(2, "bob"), mention(-1, "Gone")]}}
    first = tweet(11, ANN, "a &lt; b…", extended_tweet=long, truncated=True, place={"full_name": "Ulm, Germany"})
    imported = read({"search_metadata": {}, "statuses": [first]})
    assert imported.format == "x_api_v1"
    post = imported.post("11")
    assert (post.text, post.author, post.mentions) == ("a < b, @bob", "1", ("2", "@gone"))
    assert (post.likes, post.shares, post.replies, post.place) == (3, 2, None, "Ulm, Germany")
    assert post.occurred_at == dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC)
    ann = imported.identity("1")
    assert (ann.handle, ann.bio, ann.followers, ann.location) == ("ann", "Tea & lamps", 9, "Ulm")
    assert imported.identity("2").handle == "bob"


def test_replies_shares_and_quotes_name_their_parents(read):
    shared = tweet(11, ANN)
    reply = tweet(12, BOB, in_reply_to_status_id_str="11", in_reply_to_user_id_str="1", in_reply_to_screen_name="ann")
    share = tweet(13, BOB, "RT @ann: hello", retweeted_status=shared, entities={"user_mentions": [mention(1, "ann")]})
    quote = tweet(14, BOB, "see", quoted_status_id_str="11", quoted_status=shared)
    imported = read([reply, share, quote])
    found = {post.native_id: (post.kind, post.text, post.parent, post.parent_author) for post in imported.posts}
    assert found == {
        "11": ("post", "hello", None, None),
        "12": ("reply", "hello", "11", "1"),
        "13": ("share", "", "11", "1"),
        "14": ("share", "see", "11", "1"),
    }
    # a share repeats the counts of what it shares: they are not its own; nor is whom it repeats a mention
    assert (imported.post("13").shares, imported.post("13").mentions) == (None, ())


def test_damaged_post_is_refused_alone_and_notices_are_counted_when_streamed(read):
    lines = [tweet(11, ANN), {"delete": {"status": {"id_str": "5"}}}, tweet(12, {"id": 3}), tweet(13, BOB)]
    lines[2]["created_at"] = "soon"
    imported = read("\n".join(map(json.dumps, lines)))
    assert [post.native_id for post in imported.posts] == ["11", "13"]
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(3, "'soon' cannot be read as a time")]
    assert imported.inputs[0].rows_skipped == {"not a post: delete": 1}


def test_accounts_are_read_when_followers_are_listed(read):
    listed = {"users": [{**ANN, "statuses_count": 4, "status": {**tweet(11, None), "user": None}}], "next_cursor": 0}
    imported = read(listed)
    assert imported.identity("1").followers == 9
    assert imported.post("11").author == "1"


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "statuses", "distinct"),
    [("tweets", 61, 67), ("tweets_page_1", 2, 4), ("tweets_page_2", 2, 4), ("tweets_page_3", 0, 0)],
)
def test_real_searches_are_all_imported(real_data, importing, file, statuses, distinct):
    imported = importing(real_data / f"native/twitter/{file}.json")
    assert imported.format == "x_api_v1"
    assert not imported.refusals
    assert imported.inputs[0].rows_read == statuses
    assert len({post.native_id for post in imported.posts}) == distinct


def test_account_is_refused_alone_when_its_name_is_no_text(read):
    imported = read([tweet(11, {**ANN, "name": ["Ann"]}), tweet(12, BOB)])
    assert [post.native_id for post in imported.posts] == ["11", "12"]
    assert [refusal.reason for refusal in imported.refusals] == ["has no text as its display_name"]
    assert json.loads(imported.refusals[0].raw)["native_id"] == "1"
