"""Mastodon statuses become posts, accounts and shares of the server that served them."""

import datetime as dt
import json

import pytest


def account(number, acct, host, **more):
    user = acct.split("@")[0]
    return {
        "id": str(number),
        "username": user,
        "acct": acct,
        "display_name": user.title(),
        "url": f"https://{host}/@{user}",
        "avatar": f"https://files.home.example/accounts/{number}.png",
        "note": "<p>I mend lamps.<br>Not for you.</p>",
        "followers_count": 12,
        "bot": False,
        **more,
    }


ANN = account(1, "ann", "home.example")
BOB = account(2, "bob@away.example", "away.example", bot=True)


def status(number, author, content="<p>hello</p>", **more):
    return {
        "id": str(number),
        "created_at": "2024-03-01T10:00:00.000Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en-GB",
        "uri": f"https://away.example/statuses/{number}",
        "url": f"https://away.example/@x/{number}",
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
        "edited_at": None,
        "content": content,
        "reblog": None,
        "account": author,
        "mentions": [],
        "tags": [],
        **more,
    }


@pytest.fixture
def statuses():
    mention = {"id": "1", "acct": "ann", "url": "https://home.example/@ann", "username": "ann"}
    return [
        status(
            10, ANN, "<p>Tom &amp; I<br>agree</p><p>Bye</p>", spoiler_text="Lamps", edited_at="2024-03-01T11:00:00.000Z"
        ),
        status(11, BOB, in_reply_to_id="10", in_reply_to_account_id="1", mentions=[mention]),
        status(12, ANN, "", reblog=status(13, BOB)),
        status(14, BOB, visibility="direct"),
    ]


def test_statuses_become_posts_when_file_is_a_list(tmp_path, importing, statuses):
    (tmp_path / "any.name").write_text(json.dumps(statuses))
    imported = importing(tmp_path / "any.name")
    assert imported.format == "mastodon"
    assert not imported.refusals
    first = imported.post("10")
    assert first.text == "Tom & I\nagree\n\nBye"
    assert (first.title, first.language, first.author) == ("Lamps", "en", "1")
    assert (first.likes, first.shares, first.replies) == (3, 2, 1)
    assert first.edited_at == dt.datetime(2024, 3, 1, 11, tzinfo=dt.UTC)
    assert {post.source for post in imported.posts} == {"home.example"}


def test_replies_and_shares_name_their_parents_when_told(tmp_path, importing, statuses):
    (tmp_path / "s.json").write_text(json.dumps(statuses))
    imported = importing(tmp_path / "s.json")
    reply, share = imported.post("11"), imported.post("12")
    assert (reply.kind, reply.parent, reply.parent_author, reply.mentions) == ("reply", "10", "1", ("1",))
    assert (share.kind, share.parent, share.parent_author, share.text) == ("share", "13", "2", "")
    assert imported.post("13").text == "hello"


def test_accounts_are_described_when_statuses_carry_them(tmp_path, importing, statuses):
    (tmp_path / "s.json").write_text(json.dumps(statuses))
    imported = importing(tmp_path / "s.json")
    ann, bob = imported.identity("1"), imported.identity("2")
    assert (ann.handle, ann.display_name, ann.followers, ann.is_bot) == ("ann", "Ann", 12, False)
    assert ann.bio == "I mend lamps.\nNot for you."
    assert (bob.handle, bob.is_bot) == ("bob@away.example", True)


def test_direct_statuses_are_in_a_private_channel_when_imported(tmp_path, importing, statuses):
    (tmp_path / "s.json").write_text(json.dumps(statuses))
    imported = importing(tmp_path / "s.json")
    kinds = {channel.native_id: channel.kind for channel in imported.channels}
    assert kinds[imported.post("14").channel] == "private"
    assert kinds[imported.post("10").channel] == "public"


@pytest.mark.parametrize("shape", ["search", "thread", "lines", "one"])
def test_statuses_are_found_when_file_has_another_shape(tmp_path, importing, statuses, shape):
    text = {
        "search": json.dumps({"accounts": [ANN], "statuses": statuses[:2], "hashtags": []}),
        "thread": json.dumps({"ancestors": statuses[:1], "descendants": statuses[1:2]}),
        "lines": "\n".join(map(json.dumps, statuses[:2])),
        "one": json.dumps(statuses[0]),
    }[shape]
    (tmp_path / "s.json").write_text(text)
    imported = importing(tmp_path / "s.json")
    assert imported.format == "mastodon"
    assert [post.native_id for post in imported.posts] == (["10"] if shape == "one" else ["10", "11"])


def test_source_is_told_by_each_status_when_servers_are_mixed(tmp_path, importing, statuses):
    there = account(7, "cem", "third.example", avatar="https://cdn.third.example/7.png")
    remote = account(8, "bob@away.example", "away.example", avatar="https://cdn.third.example/8.png")
    (tmp_path / "s.json").write_text(json.dumps([*statuses, status(20, there), status(21, remote)]))
    imported = importing(tmp_path / "s.json")
    assert {post.native_id: post.source for post in imported.posts if post.native_id in ("10", "20", "21")} == {
        "10": "home.example",
        "20": "third.example",
        "21": "third.example",
    }


def test_status_is_refused_alone_when_it_is_damaged(tmp_path, importing, statuses):
    statuses[1]["account"] = None
    statuses[2]["created_at"] = "soon"
    (tmp_path / "s.json").write_text(json.dumps(statuses))
    imported = importing(tmp_path / "s.json")
    assert [refusal.line for refusal in imported.refusals] == [2, 3]
    assert [post.native_id for post in imported.posts] == ["10", "14"]


@pytest.mark.realdata
def test_real_statuses_are_all_imported(real_data, importing):
    imported = importing(real_data / "native/mastodon_real_statuses.json")
    assert imported.format == "mastodon"
    assert len(imported.posts) == 68
    assert not imported.refusals
    assert len({post.source for post in imported.posts}) == 2
