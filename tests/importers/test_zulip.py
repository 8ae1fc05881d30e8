"""Zulip's exports and answers become conversations: a topic's first message, and what answers it."""

import datetime as dt
import json

SAID = "@_**Ann|1** [said](https://growers.example/#narrow/stream/5-help/topic/lamp/near/"
REALM = {
    "zerver_realm": [{"id": 1, "name": "Growers", "string_id": "growers"}],
    "zerver_userprofile": [
        {
            "id": 1,
            "full_name": "Ann",
            "delivery_email": "ann@example.org",
            "email": "user1@example.org",
            "role": 400,
            "is_bot": False,
        },
        {"id": 2, "full_name": "Bob", "email": "bob@example.org", "role": 200, "is_bot": False},
    ],
    "zerver_userprofile_crossrealm": [
        {"id": 9, "full_name": "Notification Bot", "email": "nb@example.org", "is_bot": True}
    ],
    "zerver_stream": [
        {"id": 5, "name": "help", "invite_only": False},
        {"id": 6, "name": "news", "is_web_public": True},
    ],
    "zerver_recipient": [
        {"id": 50, "type": 2, "type_id": 5},
        {"id": 60, "type": 2, "type_id": 6},
        {"id": 10, "type": 1, "type_id": 1},
        {"id": 70, "type": 3, "type_id": 7},
    ],
}


def sent(number, sender, recipient, subject, content, **more):
    return {
        "id": number,
        "sender": sender,
        "recipient": recipient,
        "subject": subject,
        "content": content,
        "date_sent": 1709290800.5 + number,
        "last_edit_time": None,
        **more,
    }


FIRST = {
    "zerver_message": [
        sent(13, 2, 50, "lamp", f"{SAID}11):\n```quote\nIs it on?\n```\nIt is. @**Ann**"),
        sent(11, 1, 50, "lamp", "Is it on? @**Bob|2**", last_edit_time=1709291000),
        sent(14, 9, 50, "lamp", "Ann has marked this topic as resolved."),
    ],
    "zerver_reaction": [{"id": 1, "message": 11, "user_profile": 2, "emoji_name": "eyes"}],
}
SECOND = {
    "zerver_message": [
        sent(15, 1, 50, "✔ Lamp", "Thanks @_**Bob|2** @*makers* in #**news>lamp**"),
        sent(16, 1, 60, "lamp", "All lit"),
        sent(17, 2, 10, "", "Psst"),
        sent(18, 2, 70, "", "All three"),
        sent(19, 2, 99, "x", "nowhere"),
    ],
}


def save_export(folder):
    for name, document in (("realm", REALM), ("messages-000001", FIRST), ("messages-000002", SECOND)):
        (folder / f"{name}.json").write_text(json.dumps(document))
    (folder / "attachment.json").write_text("{}")
    return folder


def test_export_becomes_conversations_by_topic(tmp_path, importing):
    imported = importing(save_export(tmp_path))
    assert [found.format for found in imported.inputs] == ["zulip"]
    posts = sorted(imported.posts, key=lambda post: post.native_id)
    assert [(post.native_id, post.channel, post.kind, post.parent, post.root, post.title) for post in posts] == [
        ("11", "stream/5", "post", None, "11", "lamp"),
        ("13", "stream/5", "reply", "11", "11", None),
        ("15", "stream/5", "reply", "11", "11", None),
        ("16", "stream/6", "post", None, "16", "lamp"),
        ("17", "dm/1-2", "post", None, None, None),
        ("18", "group/7", "post", None, None, None),
    ]
    assert [(post.text, post.mentions, post.likes) for post in posts[:2]] == [
        ("Is it on? @Bob", ("2",), 1),
        ("It is. @Ann", ("1",), 0),
    ]
    assert posts[2].text == "Thanks @Bob @makers in #news>lamp"
    assert posts[0].edited_at == dt.datetime(2024, 3, 1, 11, 3, 20, tzinfo=dt.UTC)
    assert {channel.native_id: (channel.name, channel.kind) for channel in imported.channels} == {
        "stream/5": ("help", "private"),
        "stream/6": ("news", "public"),
        "dm/1-2": ("Direct messages 1-2", "private"),
        "group/7": ("Direct messages 7", "private"),
    }
    assert [(who.native_id, who.email, who.is_team, who.is_bot, who.source) for who in imported.identities[:2]] == [
        ("1", "ann@example.org", None, False, "growers"),
        ("2", "bob@example.org", True, False, "growers"),
    ]
    assert [(like.actor, like.target, like.post) for like in imported.interactions] == [("2", "1", "11")]
    assert imported.inputs[0].rows_skipped == {"not a post: a note of Zulip's": 1, "a file without messages": 1}
    [refusal] = imported.refusals
    assert refusal.line == 5
    assert refusal.reason.endswith("messages-000002.json: has no recipient that the export describes")


def test_answer_of_the_api_has_the_ids_of_the_export(tmp_path, importing):
    quote = (
        '<p><span class="user-mention silent" data-user-id="1">Ann</span> <a href="/#narrow/near/11">said</a>:</p>\n'
        "<blockquote>\n<p>Is it on?</p>\n</blockquote>\n"
    )
    ann = {
        "sender_id": 1,
        "sender_full_name": "Ann",
        "sender_email": "user1@growers.example",
        "sender_realm_str": "growers",
    }
    shared = {
        "type": "stream",
        "stream_id": 5,
        "display_recipient": "help",
        "subject": "lamp",
        "content_type": "text/html",
    }
    mention = '<p>Is it on? <span class="user-mention" data-user-id="2">@Bob</span></p>'
    answer = [
        {
            **ann,
            **shared,
            "id": 11,
            "content": mention,
            "timestamp": 1709290811,
            "last_edit_timestamp": 1709291000,
            "reactions": [{"emoji_name": "eyes", "user_id": 2}],
        },
        {**ann, **shared, "id": 12, "content": f"{quote}<p>I mean now</p>", "timestamp": 1709290812, "reactions": []},
        {
            **ann,
            "id": 17,
            "type": "private",
            "display_recipient": [{"id": 2}, {"id": 1}],
            "subject": "",
            "content": "Psst",
            "content_type": "text/x-markdown",
            "timestamp": 1709290817,
        },
        {**ann, **shared, "id": 18, "content": "x"},
    ]
    (tmp_path / "answer").write_text(json.dumps({"anchor": 0, "found_newest": True, "messages": answer}))
    imported = importing(tmp_path / "answer")
    assert imported.format == "zulip"
    assert [(post.native_id, post.channel, post.parent, post.text, post.likes) for post in imported.posts] == [
        ("11", "stream/5", None, "Is it on? @Bob", 1),
        ("12", "stream/5", "11", "I mean now", 0),
        ("17", "dm/1-2", None, "Psst", None),
    ]
    assert imported.posts[0].mentions == ("2",)
    assert {post.source for post in imported.posts} == {"growers"}
    assert imported.identity("1").email is None
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(4, "has no 'timestamp'")]
