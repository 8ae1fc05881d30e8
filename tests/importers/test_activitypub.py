"""Outboxes and Mastodon's archives become the posts that Mastodon's API tells, under the same ids."""

import json
import zipfile

import pytest

CONTEXT = ["https://www.w3.org/ns/activitystreams", {}]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ANN, BOB = "https://inn.example/users/Ann", "https://away.example/users/bob"
ACTOR = {
    "@context": CONTEXT,
    "id": ANN,
    "type": "Person",
    "preferredUsername": "Ann",
    "name": "Ann of the inn",
    "summary": "<p>I mend lamps.</p>",
    "url": "https://inn.example/@Ann",
}


def status(actor, number):
    return f"{actor}/statuses/{number}"


def note(number, content="<p>hello</p>", **more):
    written = {
        "id": status(ANN, number),
        "type": "Note",
        "attributedTo": ANN,
        "published": "2024-03-01T10:00:00Z",
        "url": f"https://inn.example/@Ann/{number}",
        "content": content,
        "to": [PUBLIC],
        **more,
    }
    return {"id": f"{status(ANN, number)}/activity", "type": "Create", "actor": ANN, "object": written}


def share(number, of):
    published = "2024-03-02T10:00:00Z"
    return {
        "id": f"{status(ANN, number)}/activity",
        "type": "Announce",
        "actor": ANN,
        "published": published,
        "object": of,
        "to": [PUBLIC],
    }


def collection(items, name="outbox.json"):
    return {
        "@context": CONTEXT[0],
        "id": name,
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": items,
    }


@pytest.fixture
def activities():
    mentions = [
        {"type": "Mention", "href": BOB, "name": "@bob@away.example"},
        {"type": "Mention", "href": "https://inn.example/users/cem", "name": "@cem"},
        {"type": "Hashtag", "href": "https://inn.example/tags/lamps", "name": "#lamps"},
    ]
    return [
        note(10, "<p>Tom &amp; I<br>agree</p>", summary="Lamps", contentMap={"en-GB": "x"}, likes={"totalItems": 3}),
        note(11, inReplyTo=status(BOB, 7), tag=mentions, cc=[PUBLIC], to=[BOB]),
        note(12, inReplyTo="https://inn.example/@Ann/10"),
        share(13, status(BOB, 8)),
        note(14, to=[BOB]),
        {"id": "x", "type": "Update", "actor": ANN, "object": ANN},
        note(15, published="soon"),
    ]


@pytest.fixture
def read(tmp_path, importing):
    def read_value(value):
        (tmp_path / "answer").write_text(value if isinstance(value, str) else json.dumps(value))
        return importing(tmp_path / "answer")

    return read_value


def test_outbox_becomes_posts_under_the_numbers_of_the_accounts_server(read, activities):
    imported = read(collection(activities))
    assert imported.format == "activitypub"
    assert [(p.native_id, p.kind, p.parent, p.parent_author, p.channel) for p in imported.posts] == [
        ("10", "post", None, None, "public"),
        ("11", "reply", status(BOB, 7), "@bob@away.example", "public"),
        ("12", "reply", "10", "@ann", "public"),
        ("13", "share", status(BOB, 8), "@bob@away.example", "public"),
        ("14", "post", None, None, "not public"),
    ]
    first = imported.posts[0]
    assert (first.text, first.title, first.language, first.likes, first.shares) == (
        "Tom & I\nagree",
        "Lamps",
        "en",
        3,
        None,
    )
    assert {(p.network, p.source, p.author) for p in imported.posts} == {("mastodon", "inn.example", "@ann")}
    assert imported.post("11").mentions == ("@bob@away.example", "@cem")
    assert imported.identity("@bob@away.example").handle == "bob@away.example"
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(7, "'soon' cannot be read as a time")]
    assert imported.inputs[0].rows_skipped == {"not a post: Update": 1}


@pytest.mark.parametrize("packed", [True, False])
def test_archive_tells_whose_it_is_and_what_they_liked_but_not_what_they_marked(
    tmp_path, importing, activities, packed
):
    files = {
        "actor.json": ACTOR,
        "outbox.json": collection(activities),
        "likes.json": collection([status(BOB, 9), "nowhere"], "likes.json"),
        "bookmarks.json": collection([status(BOB, 5)], "bookmarks.json"),
        "media_attachments/files/1.png": "",
    }
    place = tmp_path / "archive"
    if packed:
        with zipfile.ZipFile(place, "w") as archive:
            for name, value in files.items():
                archive.writestr(name, json.dumps(value))
    else:
        for name, value in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(json.dumps(value))
    imported = importing(place)
    assert (len(imported.inputs), imported.unrecognised, len(imported.posts)) == (1, [], 5)
    ann = imported.identities[0]
    assert (ann.native_id, ann.handle, ann.display_name, ann.bio) == ("@ann", "Ann", "Ann of the inn", "I mend lamps.")
    assert (ann.is_team, ann.is_bot) == (None, False)
    assert "@Ann" in imported.notes[0].text
    assert not importing(place, team=("Ann",)).notes
    like = imported.interactions[0]
    assert (like.kind, like.actor, like.target, like.post) == ("like", "@ann", "@bob@away.example", status(BOB, 9))
    assert len(imported.interactions) == 1
    assert imported.refusals[1].reason.endswith("likes.json: 'nowhere' is no address")


def test_ids_are_addresses_when_the_server_is_not_mastodon(read):
    post = {
        "@context": CONTEXT,
        "type": "Article",
        "id": "https://blog.example/?p=3",
        "attributedTo": "https://blog.example/author/1",
    }
    imported = read(
        {**post, "name": "Lamps", "published": "2024-03-01T10:00:00Z", "content": "<p>Hi</p>", "to": PUBLIC}
    )
    found = imported.posts[0]
    assert (found.native_id, found.author, found.title) == (post["id"], post["attributedTo"], "Lamps")


@pytest.mark.parametrize("shape", ["lines", "list", "pages"])
def test_activities_are_found_when_file_has_another_shape(read, activities, shape):
    pages = [{**collection(activities[:2]), "type": "OrderedCollectionPage"}, collection(activities[2:5])]
    imported = read({"lines": "\n".join(map(json.dumps, activities)), "list": activities, "pages": pages}[shape])
    assert imported.format == "activitypub"
    assert len(imported.posts) == 5


def test_status_is_the_same_when_an_outbox_and_the_api_tell_it(tmp_path, importing, read):
    told = read(collection([note(10, "<p>Hi</p>", likes={"totalItems": 3}, inReplyTo=status(ANN, 9))])).posts[0]
    author = {"id": "1", "acct": "Ann", "username": "Ann", "url": "https://inn.example/@Ann"}
    served = {
        "id": "10",
        "created_at": "2024-03-01T10:00:00.000Z",
        "content": "<p>Hi</p>",
        "account": author,
        "visibility": "public",
        "url": "https://inn.example/@Ann/10",
        "favourites_count": 3,
        "in_reply_to_id": "9",
    }
    (tmp_path / "served").write_text(json.dumps([served]))
    found = importing(tmp_path / "served")
    assert found.format == "mastodon"
    names = ("network", "source", "native_id", "channel", "occurred_at", "kind", "text", "url", "parent", "likes")
    assert [getattr(told, name) for name in names] == [getattr(found.posts[0], name) for name in names]
    assert told.author == "@" + found.identities[0].handle.lower()  # which the store looks up by handle
