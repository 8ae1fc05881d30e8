"""Discord's channels become posts of a private community."""

import datetime as dt
import json

import pytest


def author(number, name, **more):
    return {"id": number, "name": name, "discriminator": "0000", "nickname": name.title(), "isBot": False, **more}


def message(number, kind="Default", **more):
    return {
        "id": number,
        "type": kind,
        "timestamp": "2024-03-01T10:00:00+00:00",
        "timestampEdited": None,
        "content": f"text {number}",
        "author": author("11", "ann"),
        "embeds": [],
        "reactions": [],
        "mentions": [],
        **more,
    }


CHANNEL = {
    "guild": {"id": "7", "name": "Growers"},
    "channel": {"id": "70", "type": "GuildTextChat", "name": "help", "topic": None},
    "messages": [
        message("1", "GuildMemberJoin"),
        message("2", mentions=[author("12", "bob"), author("11", "ann")], timestampEdited="2024-03-01T10:05:00+00:00"),
        message(
            "3",
            "Reply",
            author=author("12", "bob"),
            reference={"messageId": "2", "channelId": "70", "guildId": "7"},
            reactions=[
                {"emoji": {"name": "👍"}, "count": 3, "users": [{"id": "11", "name": "ann"}]},
                {"emoji": {"name": "🎉"}, "count": 1},
            ],
        ),
        message(
            "4", content="", author=author("13", "owl", isBot=True), embeds=[{"title": "News", "description": "Rain"}]
        ),
        message("5", content="", reference={"messageId": "9", "channelId": "71"}, forwardedMessage={"content": "Look"}),
        {"id": "6", "type": "Default", "content": "whose?", "timestamp": "2024-03-01T10:00:00+00:00"},
    ],
}


def test_channel_becomes_posts_and_a_damaged_message_a_refusal(tmp_path, importing):
    (tmp_path / "export").write_text(json.dumps(CHANNEL))
    imported = importing(tmp_path / "export")
    assert imported.format == "discord"
    posts = imported.posts
    assert [(post.native_id, post.author, post.kind, post.parent, post.text, post.likes) for post in posts] == [
        ("2", "11", "post", None, "text 2", 0),
        ("3", "12", "reply", "2", "text 3", 4),
        ("4", "13", "post", None, "News\nRain", 0),
        ("5", "11", "share", "9", "Look", 0),
    ]
    asked = imported.posts[0]
    assert asked.mentions == ("12",)
    assert asked.edited_at == dt.datetime(2024, 3, 1, 10, 5, tzinfo=dt.UTC)
    assert asked.url == "https://discord.com/channels/7/70/2"
    [channel] = imported.channels
    assert (channel.native_id, channel.name, channel.kind, channel.purpose) == (
        "70",
        "Growers: help",
        "private",
        "community",
    )
    assert imported.identity("13").is_bot is True
    assert [(like.actor, like.target, like.post) for like in imported.interactions] == [("11", "12", "3")]
    assert imported.inputs[0].rows_skipped == {"not a post: GuildMemberJoin": 1}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(6, "has no 'author'")]


def test_messages_of_the_api_have_the_same_ids(tmp_path, importing):
    user = {"id": "11", "username": "ann", "global_name": "Ann", "discriminator": "0"}
    answer = [
        {
            "id": "8",
            "type": 19,
            "channel_id": "70",
            "author": user,
            "content": "Yes",
            "timestamp": "2024-03-01T11:00:00+00:00",
            "edited_timestamp": None,
            "mentions": [],
            "message_reference": {"message_id": "2", "channel_id": "70", "guild_id": "7"},
        },
        {
            "id": "9",
            "type": 7,
            "channel_id": "70",
            "author": user,
            "content": "",
            "timestamp": "2024-03-01T11:00:00+00:00",
        },
    ]
    (tmp_path / "answer").write_text(json.dumps(answer))
    imported = importing(tmp_path / "answer")
    [post] = imported.posts
    assert imported.format == "discord"
    assert (post.native_id, post.channel, post.author, post.kind, post.parent) == ("8", "70", "11", "reply", "2")
    assert post.likes is None
    assert imported.inputs[0].rows_skipped == {"not a post: 7": 1}


@pytest.mark.realdata
def test_real_channels_come_in_whole(shared_data, importing):
    folder = shared_data / "native/chat_exports/discord"
    imported = importing(folder)
    written = [
        message
        for file in sorted(folder.glob("*.json"))
        for message in json.loads(file.read_text())["messages"]
        if message["type"] == "Default"
    ]
    assert [post.native_id for post in imported.posts] == [message["id"] for message in written]
    assert sum(post.likes or 0 for post in imported.posts) == 42 + 5
    assert imported.post("530805779645595660").kind == "post"
    assert [post.parent for post in imported.posts if post.parent] == ["1064990824305274930"]
    assert imported.refusals == []
