"""Reddit's listings, dumps and tables become posts and comments of a subreddit."""

import datetime as dt
import json

import pytest

POST = {
    "name": "t3_p1",
    "id": "p1",
    "subreddit": "Lamps",
    "author": "ann",
    "title": "Which lamp?",
    "selftext": "I &lt;3 lamps, ask u/cem_k",
    "created_utc": 1353000000.0,
    "edited": 1353000600.0,
    "permalink": "/r/Lamps/comments/p1/which_lamp/",
    "url": "https://example.org/lamp.png",
    "ups": 7,
    "score": 5,
    "num_comments": 2,
}


def thing(kind, **data):
    return {"kind": kind, "data": data}


def listing(*children):
    return {"kind": "Listing", "data": {"after": None, "children": list(children)}}


def comment(number, author, body, parent, replies=""):
    return thing(
        "t1",
        id=number,
        name=f"t1_{number}",
        subreddit="Lamps",
        author=author,
        body=body,
        parent_id=parent,
        link_id="t3_p1",
        created_utc=1353000300,
        edited=False,
        ups=1,
        replies=replies,
    )


COMMENTS = listing(
    comment(
        "c1", "bob", "The blue one", "t3_p1", listing(comment("c2", "ann", "Why?", "t1_c1"), thing("more", count=3))
    ),
    comment("c3", "[deleted]", "[removed]", "t3_p1"),
)


def test_listing_becomes_a_post_and_nested_comments_when_read(tmp_path, importing):
    (tmp_path / "thread").write_text(json.dumps([listing(thing("t3", **POST)), COMMENTS]))
    imported = importing(tmp_path / "thread")
    assert imported.format == "reddit"
    assert not imported.refusals
    assert [post.native_id for post in imported.posts] == ["t3_p1", "t1_c1", "t1_c2", "t1_c3"]
    post, first, answer, removed = imported.posts
    assert (post.title, post.text, post.likes, post.replies) == ("Which lamp?", "I <3 lamps, ask u/cem_k", 7, 2)
    assert (post.author, post.mentions, post.channel) == ("@ann", ("@cem_k",), "r/lamps")
    assert post.url == "https://www.reddit.com/r/Lamps/comments/p1/which_lamp/"
    assert post.occurred_at == dt.datetime(2012, 11, 15, 17, 20, tzinfo=dt.UTC)
    assert post.edited_at == dt.datetime(2012, 11, 15, 17, 30, tzinfo=dt.UTC)
    assert (first.kind, first.parent, first.root, first.edited_at) == ("comment", "t3_p1", "t3_p1", None)
    assert (answer.parent, answer.parent_author) == ("t1_c1", "@bob")
    assert (removed.author, removed.text) == (None, "")
    assert [channel.name for channel in imported.channels] == ["r/Lamps"]
    assert imported.inputs[0].rows_skipped == {"folded comments that the listing leaves out": 1}


def test_dump_becomes_posts_when_it_is_one_a_line(tmp_path, importing):
    lines = [POST, COMMENTS["data"]["children"][0]["data"]]
    (tmp_path / "dump.ndjson").write_text("\n".join(map(json.dumps, lines)))
    imported = importing(tmp_path / "dump.ndjson")
    assert imported.format == "reddit"
    assert [(post.native_id, post.kind) for post in imported.posts] == [("t3_p1", "post"), ("t1_c1", "comment")]


def test_table_becomes_posts_when_it_has_permalinks_and_no_author(tmp_path, importing):
    (tmp_path / "posts.csv").write_text(
        "created_utc,score,id,title,ups,downs,num_comments,permalink,selftext,edited,name\n"
        '1353000000.0,5,p1,Which lamp?,7,2,3,http://www.reddit.com/r/Lamps/comments/p1/x/,"two\n\nlines",False,t3_p1\n'
        "soon,5,p2,Which lamp?,7,2,3,http://www.reddit.com/r/Lamps/comments/p2/x/,,False,t3_p2\n"
    )
    imported = importing(tmp_path / "posts.csv")
    (post,) = imported.posts
    assert (imported.format, post.native_id, post.author, post.text) == ("reddit", "t3_p1", None, "two\n\nlines")
    assert (post.likes, post.replies, post.channel) == (7, 3, "r/lamps")
    assert [refusal.line for refusal in imported.refusals] == [5]


def test_listing_is_read_when_comments_are_nested_deeply(tmp_path, importing):
    replies = ""
    for number in range(60, 0, -1):
        replies = listing(comment(f"d{number}", "bob", "deeper", f"t1_d{number - 1}", replies))
    (tmp_path / "deep.json").write_text(json.dumps(replies))
    assert len(importing(tmp_path / "deep.json").posts) == 60


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["Android", "TalesFromRetail", "technology"])
def test_real_tables_are_all_imported(real_data, importing, name):
    imported = importing(real_data / f"reddit/{name}.csv")
    assert imported.format == "reddit"
    assert (len(imported.posts), len(imported.refusals)) == (1_000, 0)
    assert [channel.name for channel in imported.channels] == [f"r/{name}"]
