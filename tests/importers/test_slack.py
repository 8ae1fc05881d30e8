"""Slack exports become posts, likes and accounts of a private community."""

import datetime as dt
import json
import zipfile

import pytest


def user(number, name, **more):
    profile = {"real_name": name.title(), "display_name": name, "email": f"{name}@example.org"}
    return {"id": number, "team_id": "T1", "name": name, "is_bot": False, "profile": profile, **more}


FILES = {
    "users.json": [user("U1", "ann"), user("U2", "bob"), user("U3", "helper", is_bot=True)],
    "channels.json": [{"id": "C1", "name": "lamps"}, {"id": "C2", "name": "empty"}],
    "lamps/2024-03-01.json": [
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1>", "ts": "1709280000.1"},
        {
            "type": "message",
            "user": "U1",
            "text": "Is <@U2> there? See <https://example.org/a?b=1&amp;c=2|the page> &lt;now&gt;",
            "ts": "1709280060.000200",
            "thread_ts": "1709280060.000200",
            "reply_count": 1,
            "reactions": [
                {"name": "+1", "users": ["U2", "U3"], "count": 2},
                {"name": "eyes", "users": ["U2"], "count": 1},
            ],
        },
        {
            "type": "message",
            "user": "U2",
            "text": "Yes, in <#C2|empty>, <!here>",
            "ts": "1709280120.000300",
            "thread_ts": "1709280060.000200",
            "parent_user_id": "U1",
            "edited": {"user": "U2", "ts": "1709280180.000000"},
        },
    ],
    "lamps/2024-03-02.json": [
        {"subtype": "bot_message", "bot_id": "B1", "username": "Owl", "text": "No events.", "ts": "1709366400.000100"},
        {"type": "message", "user": "U1", "text": "no time"},
    ],
}  # fmt: skip


def save_folder(folder, files=FILES):
    for name, document in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(document))
    return folder


def save_zip(path, prefix=""):
    with zipfile.ZipFile(path, "w") as archive:
        for name, document in FILES.items():
            archive.writestr(prefix + name, json.dumps(document))
    return path


def check(imported):
    assert imported.format == "slack"
    assert imported.unrecognised == []
    question, answer, bot = imported.posts
    assert question.text == "Is @bob there? See the page <now>"
    assert (question.native_id, question.author, question.mentions) == ("C1/1709280060.000200", "U1", ("U2",))
    assert (question.likes, question.replies, question.kind, question.parent) == (3, 1, "post", None)
    assert question.occurred_at == dt.datetime(2024, 3, 1, 8, 1, 0, 200, tzinfo=dt.UTC)
    assert answer.text == "Yes, in #empty, @here"
    assert (answer.kind, answer.parent, answer.parent_author) == ("reply", question.native_id, "U1")
    assert answer.edited_at == dt.datetime(2024, 3, 1, 8, 3, tzinfo=dt.UTC)
    assert (bot.author, imported.identity("B1").is_bot) == ("B1", True)
    assert {post.source for post in imported.posts} == {"T1"}


@pytest.mark.parametrize("place", ["folder", "zip", "zip below a folder"])
def test_export_is_one_input_when_it_is_a_folder_or_zip(tmp_path, importing, place):
    if place == "folder":
        path = save_folder(tmp_path / "export")
    else:
        path = save_zip(tmp_path / "export.zip", "acme/" if place != "zip" else "")
    imported = importing(path)
    check(imported)
    assert [found.name for found in imported.inputs] == [
        "export.zip/acme" if place == "zip below a folder" else path.name
    ]


def test_joins_are_counted_and_not_posts_when_read(tmp_path, importing):
    found = importing(save_folder(tmp_path)).inputs[0]
    assert found.rows_skipped == {"not a post: channel_join": 1}
    assert found.rows_read == 5
    assert list(found.read())
    assert found.rows_read == 5


def test_message_is_refused_with_its_file_when_damaged(tmp_path, importing):
    (refusal,) = importing(save_folder(tmp_path / "export")).refusals
    assert refusal.line == 2
    assert refusal.reason == "export/lamps/2024-03-02.json: has no 'ts'"


def test_reactions_are_likes_of_people_when_listed(tmp_path, importing):
    likes = importing(save_folder(tmp_path)).interactions
    assert [(like.kind, like.actor, like.target, like.post) for like in likes] == [
        ("like", "U2", "U1", "C1/1709280060.000200"),
        ("like", "U3", "U1", "C1/1709280060.000200"),
        ("like", "U2", "U1", "C1/1709280060.000200"),
    ]
    assert len({like.native_id for like in likes}) == 3


def test_members_and_channels_are_described_when_exported(tmp_path, importing):
    imported = importing(save_folder(tmp_path))
    assert (imported.identity("U1").email, imported.identity("U3").is_bot) == ("ann@example.org", True)
    assert {(channel.native_id, channel.name, channel.kind) for channel in imported.channels} == {
        ("C1", "lamps", "private"),
        ("C2", "empty", "private"),
    }


def test_channel_is_known_by_its_folder_when_no_list_of_channels_is_there(tmp_path, importing):
    files = {name: document for name, document in FILES.items() if name != "channels.json"}
    imported = importing(save_folder(tmp_path, files))
    assert [(channel.native_id, channel.name) for channel in imported.channels] == [("lamps", "lamps")]


def test_messages_are_read_when_they_come_from_the_api(tmp_path, importing):
    (tmp_path / "lamps.json").write_text(json.dumps({"ok": True, "messages": FILES["lamps/2024-03-01.json"]}))
    imported = importing(tmp_path / "lamps.json")
    assert imported.format == "slack"
    assert [post.channel for post in imported.posts] == ["lamps", "lamps"]


def test_users_file_alone_is_no_export_when_no_days_lie_beside_it(tmp_path, importing):
    (tmp_path / "users.json").write_text(json.dumps(FILES["users.json"]))
    assert importing(tmp_path).inputs == []


@pytest.mark.realdata
def test_real_export_is_all_imported(real_data, importing):
    imported = importing(real_data / "native/slack_export")
    assert imported.format == "slack"
    assert (len(imported.posts), len(imported.identities), len(imported.refusals)) == (9, 4, 0)
    assert imported.inputs[0].rows_skipped["not a post: channel_join"] == 4
