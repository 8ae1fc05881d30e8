"""Pages of X's API become posts with the authors, shared posts and places that stand beside them."""

import datetime as dt
import json

import pytest

ANN = {
    "id": "1",
    "username": "ann",
    "name": "Ann",
    "description": "Tea &amp; lamps",
    "public_metrics": {"followers_count": 9},
}
BOB = {"id": "2", "username": "bob", "name": "Bob"}
METRICS = {"retweet_count": 2, "reply_count": 1, "like_count": 3, "quote_count": 0, "impression_count": 50}


def tweet(number, author, text="hello", refers=(), **more):
    referenced = {"referenced_tweets": [{"type": kind, "id": str(other)} for kind, other in refers]} if refers else {}
    return {
        "id": str(number),
        "text": text,
        "author_id": author["id"],
        "created_at": "2024-03-01T10:00:00.000Z",
        "edit_history_tweet_ids": [str(number)],
        "conversation_id": "11",
        "public_metrics": METRICS,
        **referenced,
        **more,
    }


@pytest.fixture
def page():
    whole = {
        "text": "a &lt; b, @bob and @cem",
        "entities": {"mentions": [{"username": "bob", "id": "2"}, {"username": "Cem"}]},
    }
    return {
        "data": [
            tweet(12, BOB, "@ann yes", [("replied_to", 11)], in_reply_to_user_id="1", geo={"place_id": "p"}),
            tweet(13, BOB, "RT @ann: a", [("retweeted", 11)]),
            tweet(14, BOB, "see", [("quoted", 11)]),
            tweet(15, BOB, "see, too", [("quoted", 11), ("replied_to", 12)], lang="in"),
        ],
        "includes": {
            "users": [ANN, BOB],
            "tweets": [tweet(11, ANN, "a &lt; b…", note_tweet=whole)],
            "places": [{"id": "p", "full_name": "Ulm, Germany"}],
        },
        "meta": {"result_count": 4, "next_token": "x"},
    }


@pytest.fixture
def read(tmp_path, importing):
    def read_value(value):
        (tmp_path / "answer").write_text(value if isinstance(value, str) else json.dumps(value))
        return importing(tmp_path / "answer")

    return read_value


def test_page_becomes_posts_with_authors_and_parents(read, page):
    imported = read(page)
    assert imported.format == "x_api_v2"
    assert not imported.refusals
    found = {post.native_id: (post.kind, post.text, post.parent, post.parent_author) for post in imported.posts}
    assert found == {
        "11": ("post", "a < b, @bob and @cem", None, None),
        "12": ("reply", "@ann yes", "11", "1"),
        "13": ("share", "", "11", "1"),
        "14": ("share", "see", "11", "1"),
        "15": ("reply", "see, too", "12", "2"),
    }
    first, share = imported.post("11"), imported.post("13")
    assert (first.likes, first.shares, first.replies, first.views) == (3, 2, 1, 50)
    assert (share.likes, share.shares) == (None, None)
    assert first.mentions == ("2", "@cem")
    assert (imported.post("12").place, imported.post("15").language) == ("Ulm, Germany", "id")
    assert (imported.identity("1").followers, imported.identity("1").bio) == (9, "Tea & lamps")


@pytest.mark.parametrize("shape", ["list", "lines", "flattened", "one"])
def test_posts_are_found_when_file_has_another_shape(read, page, shape):
    flat = {
        **page["data"][0],
        "author": BOB,
        "referenced_tweets": [{"type": "replied_to", **page["includes"]["tweets"][0]}],
    }
    second = {"data": [tweet(21, ANN)], "includes": {"users": [ANN]}}
    content, ids = {
        "list": ([page, second], ["11", "12", "13", "14", "15", "21"]),
        "lines": (
            "\n".join(map(json.dumps, [second, {"errors": [{"title": "x"}]}, page])),
            ["21", "11", "12", "13", "14", "15"],
        ),
        "flattened": ([flat, {**tweet(21, ANN), "author": ANN}], ["11", "12", "21"]),
        "one": ({"data": tweet(21, ANN), "includes": {"users": [ANN]}}, ["21"]),
    }[shape]
    imported = read(content)
    assert imported.format == "x_api_v2"
    assert [post.native_id for post in imported.posts] == ids
    assert imported.identity("1").handle == "ann"


def test_time_is_read_from_the_id_when_fields_were_not_asked_for(read):
    imported = read({"data": [{"id": "1261326399320715264", "text": "hello"}], "meta": {"result_count": 1}})
    post = imported.posts[0]
    assert post.occurred_at.replace(microsecond=0) == dt.datetime(2020, 5, 15, 16, 3, 42, tzinfo=dt.UTC)
    assert (post.author, post.likes) == (None, None)


def test_damaged_post_is_refused_alone_when_in_a_page(read, page):
    page["data"][1]["created_at"] = "soon"
    imported = read(page)
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(2, "'soon' cannot be read as a time")]
    assert len(imported.posts) == 4


def test_empty_answer_holds_no_posts_and_followers_are_accounts(read):
    assert not read({"meta": {"result_count": 0}}).posts
    assert [account.handle for account in read({"data": [ANN, BOB], "meta": {}}).identities] == ["ann", "bob"]


@pytest.mark.realdata
def test_real_answer_is_all_imported(real_data, importing):
    imported = importing(real_data / "native/x_api_v2/tweets_resp.json")
    assert imported.format == "x_api_v2"
    assert (len(imported.posts), len(imported.identities), len(imported.refusals)) == (2, 2, 0)
    assert all(post.likes is None for post in imported.posts)
