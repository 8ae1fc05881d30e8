"""Bluesky's answers and an account's repository become the same posts, accounts, likes and follows."""

import datetime as dt
import hashlib
import json

import libipld
import pytest

ANN, BOB, CEM = "did:plc:ann", "did:plc:bob", "did:plc:cem"
WRITTEN = "2024-03-01T10:00:00.000Z"


def at(did, key, kind="app.bsky.feed.post"):
    return f"at://{did}/{kind}/{key}"


def person(did, **more):
    return {"did": did, "handle": f"{did[8:]}.example", "displayName": did[8:].title(), **more}


def post(text, **more):
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": WRITTEN, "langs": ["en-GB"], **more}


def view(did, key, text="hello", **record):
    return {
        "uri": at(did, key),
        "cid": f"bafy{key}",
        "author": person(did),
        "record": post(text, **record),
        "likeCount": 3,
        "repostCount": 2,
        "replyCount": 1,
        "indexedAt": "2024-03-01T10:00:05.000Z",
    }


def answering(did, key):
    return {"parent": {"uri": at(did, key), "cid": "x"}, "root": {"uri": at(ANN, "1"), "cid": "x"}}


def quoting(did, key):
    return {"$type": "app.bsky.embed.record", "record": {"uri": at(did, key), "cid": "x"}}


@pytest.fixture
def read(tmp_path, importing):
    def read_value(value):
        (tmp_path / "answer").write_text(value if isinstance(value, str) else json.dumps(value))
        return importing(tmp_path / "answer")

    return read_value


def test_thread_becomes_posts_with_parents_when_nested(read):
    reply = view(BOB, "2", "yes", reply=answering(ANN, "1"))
    broken = {"post": {**view(CEM, "9"), "record": None}}
    thread = {
        "post": view(BOB, "3", "and", reply=answering(BOB, "2")),
        "parent": {"post": reply, "parent": {"post": view(ANN, "1")}},
        "replies": [broken, {"uri": at(CEM, "8"), "notFound": True}],
    }
    imported = read({"thread": thread})
    assert imported.format == "bluesky"
    assert [(p.native_id, p.kind, p.parent, p.parent_author, p.root) for p in imported.posts] == [
        (at(BOB, "3"), "reply", at(BOB, "2"), BOB, at(ANN, "1")),
        (at(BOB, "2"), "reply", at(ANN, "1"), ANN, at(ANN, "1")),
        (at(ANN, "1"), "post", None, None, None),
    ]
    first = imported.post(at(ANN, "1"))
    assert (first.likes, first.shares, first.replies, first.language) == (3, 2, 1, "en")
    assert first.url == f"https://bsky.app/profile/{ANN}/post/1"
    assert [refusal.reason for refusal in imported.refusals] == ["has no record"]
    assert imported.inputs[0].rows_skipped == {"not a post: deleted, blocked or hidden": 1}


def test_repost_is_a_share_and_quote_a_share_with_text_when_in_a_feed(read):
    quoted = {"$type": "app.bsky.embed.record#viewRecord", **view(CEM, "5"), "value": post("quoted")}
    del quoted["record"]
    shown = {"$type": "app.bsky.embed.record#view", "record": quoted}
    quote = {**view(BOB, "4", "look", embed=quoting(CEM, "5")), "embed": shown}
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": person(ANN), "indexedAt": "2024-03-02T08:00:00Z"}
    imported = read({"feed": [{"post": quote, "reason": {**reason, "uri": at(ANN, "7", "app.bsky.feed.repost")}}]})
    assert [(p.native_id, p.kind, p.text, p.author, p.parent) for p in imported.posts] == [
        (at(CEM, "5"), "post", "quoted", CEM, None),
        (at(BOB, "4"), "share", "look", BOB, at(CEM, "5")),
        (at(ANN, "7", "app.bsky.feed.repost"), "share", "", ANN, at(BOB, "4")),
    ]
    assert imported.posts[2].occurred_at == dt.datetime(2024, 3, 2, 8, tzinfo=dt.UTC)
    assert imported.posts[2].likes is None


def test_mentions_are_told_by_their_ids_when_a_text_has_facets(read):
    facet = {
        "index": {"byteStart": 3, "byteEnd": 15},  # bytes, not letters: the first letter takes two
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": CEM}],
    }
    imported = read({"posts": [view(ANN, "1", "é @cem.example", facets=[facet])]})
    assert imported.posts[0].mentions == (CEM,)
    assert imported.identity(CEM).handle == "cem.example"


def test_time_is_when_the_network_had_it_when_the_authors_clock_is_ahead_or_broken(read):
    late = view(ANN, "1", createdAt="2031-01-01T00:00:00Z")
    broken = view(ANN, "2", createdAt="0001-01-01T00:00:00Z")
    imported = read({"posts": [late, broken]})
    assert {p.occurred_at for p in imported.posts} == {dt.datetime(2024, 3, 1, 10, 0, 5, tzinfo=dt.UTC)}


def test_likes_follows_and_profiles_name_whom_when_listed(read):
    likes = {"uri": at(ANN, "1"), "likes": [{"actor": person(BOB, followersCount=7), "createdAt": WRITTEN}]}
    imported = read(likes)
    like = imported.interactions[0]
    assert (like.kind, like.actor, like.target, like.post) == ("like", BOB, ANN, at(ANN, "1"))
    assert imported.identity(BOB).followers == 7
    for name, actor, target in (("follows", ANN, BOB), ("followers", BOB, ANN)):
        follow = read({"subject": person(ANN), name: [person(BOB)]}).interactions[0]
        assert (follow.kind, follow.actor, follow.target) == ("follow", actor, target)


@pytest.mark.parametrize("shape", ["pages", "lines", "list", "one"])
def test_posts_are_found_when_file_has_another_shape(read, shape):
    posts = [view(ANN, "1"), view(BOB, "2")]
    content = {
        "pages": [{"posts": posts[:1], "cursor": "a"}, {"posts": posts[1:]}],
        "lines": "\n".join(map(json.dumps, posts)),
        "list": posts,
        "one": posts[0],
    }[shape]
    imported = read(content)
    assert imported.format == "bluesky"
    assert [p.native_id[-1] for p in imported.posts] == (["1"] if shape == "one" else ["1", "2"])


# --- repositories


def block(value):
    """A block's id and bytes; bytes as long as an id are links."""
    data = libipld.encode_dag_cbor(value)
    for link in links(value):
        data = data.replace(b"\x58\x24" + link, b"\xd8\x2a\x58\x25\x00" + link)
    return b"\x01\x71\x12\x20" + hashlib.sha256(data).digest(), data


def links(value):
    if isinstance(value, dict):
        return [link for inner in value.values() for link in links(inner)]
    if isinstance(value, list):
        return [link for inner in value for link in links(inner)]
    return [value] if isinstance(value, bytes) and value[:2] == b"\x01\x71" else []


def section(data):
    length, size = len(data), b""
    while length >= 0x80:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return size + bytes([length]) + data


def repository(records):
    """A CAR file of an account's records by name, which its tree writes without what they share with the one before."""
    blocks = [block(record) for record in records.values()]
    entries, before = [], b""
    for name, (cid, _data) in zip(records, blocks, strict=True):
        key = name.encode()
        shared = next((i for i, pair in enumerate(zip(before, key, strict=False)) if pair[0] != pair[1]), 0)
        entries.append({"p": shared, "k": key[shared:], "v": cid, "t": None})
        before = key
    tree = block({"l": None, "e": entries})
    commit = block({"did": ANN, "version": 3, "data": tree[0], "rev": "1", "prev": None, "sig": b"x"})
    _header, header = block({"version": 1, "roots": [commit[0]]})
    return section(header) + b"".join(section(cid + data) for cid, data in [commit, *blocks, tree])


RECORDS = {
    "app.bsky.actor.profile/self": {"$type": "app.bsky.actor.profile", "displayName": "Ann", "description": "Lamps"},
    "app.bsky.feed.like/1a": {
        "$type": "app.bsky.feed.like",
        "subject": {"uri": at(BOB, "2"), "cid": "x"},
        "createdAt": WRITTEN,
    },
    "app.bsky.feed.post/1": post("hello"),
    "app.bsky.feed.post/2": post("again", reply=answering(BOB, "2")),
    "app.bsky.feed.repost/3": {
        "$type": "app.bsky.feed.repost",
        "subject": {"uri": at(BOB, "4"), "cid": "x"},
        "createdAt": WRITTEN,
    },
    "app.bsky.feed.threadgate/1": {"$type": "app.bsky.feed.threadgate", "createdAt": WRITTEN},
    "app.bsky.graph.follow/1": {"$type": "app.bsky.graph.follow", "subject": CEM, "createdAt": WRITTEN},
}


def test_repository_becomes_posts_likes_and_follows_when_read(tmp_path, importing):
    (tmp_path / "ann").write_bytes(repository(RECORDS))
    imported = importing(tmp_path / "ann")
    assert imported.format == "bluesky_repository"
    assert not imported.refusals
    assert [(p.native_id, p.kind, p.text, p.parent) for p in imported.posts] == [
        (at(ANN, "1"), "post", "hello", None),
        (at(ANN, "2"), "reply", "again", at(BOB, "2")),
        (at(ANN, "3", "app.bsky.feed.repost"), "share", "", at(BOB, "4")),
    ]
    assert [(i.kind, i.actor, i.target, i.post) for i in imported.interactions] == [
        ("like", ANN, BOB, at(BOB, "2")),
        ("follow", ANN, CEM, None),
    ]
    assert imported.identity(ANN).bio == "Lamps"
    assert imported.inputs[0].rows_skipped == {"not a post: app.bsky.feed.threadgate": 1}


def test_damaged_block_is_refused_alone_and_a_cut_told_when_repository_is_broken(tmp_path, importing):
    whole = repository(RECORDS)
    (tmp_path / "bent").write_bytes(whole.replace(b"hello", b"hullo"))
    bent = importing(tmp_path / "bent")
    assert [refusal.reason for refusal in bent.refusals] == ["is damaged: its checksum does not fit"]
    assert len(bent.posts) == 2
    (tmp_path / "cut").write_bytes(whole[: whole.index(b"again") + 2])
    cut = importing(tmp_path / "cut")
    assert not cut.posts
    assert cut.refusals[-1].reason.startswith("the repository breaks off after")


def test_like_is_one_and_the_same_when_api_and_repository_tell_it(tmp_path, importing, read):
    (tmp_path / "ann").write_bytes(repository(RECORDS))
    stored = importing(tmp_path / "ann").interactions[0]
    told = read({"uri": at(BOB, "2"), "likes": [{"actor": person(ANN), "createdAt": WRITTEN}]}).interactions[0]
    assert stored == told


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "posts", "interactions"),
    [
        ("thread_view_post_with_embed_media", 2, 0),
        ("get_follows", 0, 6),
        ("post_record", 1, 0),
        ("extended_post_record", 1, 0),
        ("like_record", 0, 1),
        ("extended_like_record", 0, 1),
    ],
)
def test_real_answers_are_all_imported(real_data, importing, file, posts, interactions):
    imported = importing(real_data / f"native/bluesky/{file}.json")
    assert imported.format == "bluesky"
    assert not imported.refusals
    assert (len(imported.posts), len(imported.interactions)) == (posts, interactions)


@pytest.mark.parametrize("wrong", [None, 3, [], ["x"], {"x": 1}, "x"])
@pytest.mark.parametrize("name", ["author", "record", "uri", "embed", "likeCount", "indexedAt"])
def test_other_posts_come_in_whatever_stands_where_something_else_belongs(read, name, wrong):
    imported = read({"posts": [{**view(BOB, "1"), name: wrong}, view(ANN, "2")]})
    assert imported.posts[-1].native_id == at(ANN, "2")
    assert len(imported.posts) + len(imported.refusals) == 2
