"""Telegram's exports and a bot's updates become posts of the same chats and accounts."""

import datetime as dt
import json

import pytest

CHAT = {
    "name": "Growers",
    "type": "private_supergroup",
    "id": 1234,
    "messages": [
        {
            "id": 1,
            "type": "service",
            "date": "2024-03-01T10:00:00",
            "actor": "Ann",
            "action": "create_group",
            "text": "",
        },
        {
            "id": 2,
            "type": "message",
            "date": "2024-03-01T11:00:00",
            "date_unixtime": "1709287200",
            "edited": "2024-03-01T11:05:00",
            "edited_unixtime": "1709287500",
            "from": "Ann",
            "from_id": "user8",
            "text": [
                "Ask ",
                {"type": "mention", "text": "@Bob"},
                " or ",
                {"type": "mention_name", "text": "Cy", "user_id": 9},
            ],
            "text_entities": [
                {"type": "plain", "text": "Ask "},
                {"type": "mention", "text": "@Bob"},
                {"type": "mention_name", "text": "Cy", "user_id": 9},
            ],
            "reactions": [
                {
                    "type": "emoji",
                    "count": 2,
                    "emoji": "👍",
                    "recent": [{"from": "Cy", "from_id": "user9", "date": "2024-03-01T12:00:00"}],
                },
                {"type": "paid", "count": 1},
            ],
        },
        {
            "id": 3,
            "type": "message",
            "date": "2024-03-01T12:00:00",
            "from": "Cy",
            "from_id": "user9",
            "text": "Me!",
            "reply_to_message_id": 2,
        },
        {
            "id": 4,
            "type": "message",
            "date_unixtime": "1709290860",
            "from": "Cy",
            "from_id": "user9",
            "text": "",
            "photo": "(File not included.)",
            "forwarded_from": "News",
        },
        {"id": 5, "type": "message", "date": "some day", "from": "Cy", "from_id": "user9", "text": "x"},
    ],
}
POSTS = [
    ("channel1234/2", "user8", "post", "Ask @Bob or Cy", None, 3),
    ("channel1234/3", "user9", "reply", "Me!", "channel1234/2", None),
    ("channel1234/4", "user9", "share", "", None, None),
]


def told(posts):
    return [(post.native_id, post.author, post.kind, post.text, post.parent, post.likes) for post in posts]


def test_chat_becomes_posts_and_a_damaged_message_a_refusal(tmp_path, importing):
    (tmp_path / "export").write_text(json.dumps(CHAT))
    imported = importing(tmp_path / "export", time_zone="Europe/Berlin")
    assert imported.format == "telegram"
    assert told(imported.posts) == POSTS
    asked, answered, _photo = imported.posts
    assert asked.occurred_at == dt.datetime(2024, 3, 1, 10, 0, tzinfo=dt.UTC)
    assert asked.edited_at == dt.datetime(2024, 3, 1, 10, 5, tzinfo=dt.UTC)
    assert answered.occurred_at == dt.datetime(2024, 3, 1, 11, 0, tzinfo=dt.UTC)  # the exporter's clock, in Berlin
    assert asked.mentions == ("@bob", "user9")
    assert asked.url == "https://t.me/c/1234/2"  # the number in the link of a large group's message
    [channel] = imported.channels
    assert (channel.native_id, channel.name, channel.kind, channel.purpose) == (
        "channel1234",
        "Growers",
        "private",
        "community",
    )
    assert [(like.actor, like.target, like.post) for like in imported.interactions] == [
        ("user9", "user8", "channel1234/2")
    ]
    assert imported.inputs[0].rows_skipped == {"not a post: create_group": 1}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (5, "'some day' cannot be read as a time")
    ]
    assert json.loads(imported.refusals[0].raw)["id"] == 5


def test_whole_account_gives_each_chat_its_messages(tmp_path, importing):
    other = {
        "name": "Helper",
        "type": "bot_chat",
        "id": 77,
        "messages": [
            {
                "id": 2,
                "type": "message",
                "date_unixtime": "1709290860",
                "from": "Helper",
                "from_id": "user77",
                "text": "Hi",
            }
        ],
    }
    account = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 8},
        "contacts": {"about": "", "list": [{"first_name": "Cy"}]},
        "chats": {"about": "", "list": [CHAT, other, {"type": "saved_messages", "id": 8, "messages": []}]},
        "left_chats": {"about": "", "list": [{**other, "type": "public_channel", "id": 5, "name": "News"}]},
    }
    (tmp_path / "result").write_text(json.dumps(account))
    imported = importing(tmp_path / "result", time_zone="Europe/Berlin")
    assert told(imported.posts)[:3] == POSTS
    assert [(post.native_id, post.channel) for post in imported.posts[3:]] == [
        ("user77/2", "user77"),
        ("channel5/2", "channel5"),
    ]
    assert [(channel.native_id, channel.kind) for channel in imported.channels] == [
        ("channel1234", "private"),
        ("user77", "private"),
        ("channel5", "public"),
    ]
    assert [identity.is_bot for identity in imported.identities if identity.native_id == "user77"] == [True, None]
    assert [refusal.line for refusal in imported.refusals] == [5]


def test_update_of_a_bot_is_of_the_same_chat_and_account_as_the_export(tmp_path, importing):
    message = {
        "message_id": 6,
        "chat": {"id": -1001234, "title": "Growers", "type": "supergroup", "username": "growers"},
        "from": {"id": 9, "first_name": "Cy", "username": "cy", "is_bot": False},
        "date": 1709290900,
        "text": "👋 @bob",
        "entities": [{"type": "mention", "offset": 3, "length": 4}],
        "reply_to_message": {"message_id": 2},
    }
    joined = {key: message[key] for key in ("message_id", "chat", "from", "date")} | {"new_chat_title": "Growers!"}
    updates = [
        {"update_id": 1, "message": message},
        {"update_id": 2, "message": joined},
        {"update_id": 3, "edited_message": message | {"text": "Hello", "entities": [], "edit_date": 1709290960}},
        {"update_id": 4, "poll_answer": {}},
    ]
    (tmp_path / "updates").write_text(json.dumps({"ok": True, "result": updates}))
    imported = importing(tmp_path / "updates")
    assert [(post.native_id, post.author, post.parent, post.mentions, post.text) for post in imported.posts] == [
        ("channel1234/6", "user9", "channel1234/2", ("@bob",), "👋 @bob"),
        ("channel1234/6", "user9", "channel1234/2", (), "Hello"),
    ]
    assert {post.url for post in imported.posts} == {"https://t.me/growers/6"}
    assert [post.edited_at for post in imported.posts] == [None, dt.datetime.fromtimestamp(1709290960, dt.UTC)]
    assert imported.inputs[0].rows_skipped == {"not a post: new_chat_title": 1, "not a post: poll_answer": 1}


def test_account_breaks_off_where_the_file_does(tmp_path, importing):
    text = json.dumps({"chats": {"list": [CHAT]}})
    (tmp_path / "result").write_text(text[: text.index('"id": 4')])
    imported = importing(tmp_path / "result")
    assert [post.native_id for post in imported.posts] == ["channel1234/2", "channel1234/3"]
    assert [(refusal.line, "breaks off" in refusal.reason) for refusal in imported.refusals] == [(4, True)]


@pytest.mark.realdata
def test_real_chats_come_in_whole(shared_data, importing):
    native = shared_data / "native"
    imported = importing(native / "chat_exports/telegram")
    assert (len(imported.posts), imported.refusals) == (6, [])
    assert imported.inputs[0].rows_skipped == {"not a post: joined_telegram": 1, "not a post: phone_call": 1}
    updates = importing(native / "telegram")
    assert len(updates.posts) == 6
    assert len({post.native_id for post in updates.posts}) == 5  # one was edited
    assert {channel.native_id for channel in updates.channels} == {"chat1", "chat2", "user8"}
