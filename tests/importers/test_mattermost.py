"""Mattermost: answers of its API, which belong to each other, and its bulk export."""

import datetime as dt
import json

import pytest


def post(number, user, message, **more):
    return {"id": number, "create_at": 1709280000000, "update_at": 1709280000000, "edit_at": 0, "delete_at": 0,
            "user_id": user, "channel_id": "c1", "root_id": "", "message": message, "type": "", **more}  # fmt: skip


def user(number, name, **more):
    return {"id": number, "username": name, "create_at": 1, "update_at": 1709200000000, "delete_at": 0,
            "email": f"{name.title()}@example.org", "roles": "system_user", **more}  # fmt: skip


FILES = {
    "page.json": {
        "order": ["p3", "p2", "p1", "p4", "p5"],
        "posts": {
            "p1": post("p1", "u1", "Is @bob there, @all? a@bob.example", reply_count=1, edit_at=1709280600000,
                       metadata={"reactions": [{"user_id": "u2", "emoji_name": "+1", "create_at": 1709280100000}]}),
            "p2": post("p2", "u2", "Yes", root_id="p1", delete_at=1709290000000),
            "p3": post("p3", "u2", "joined", type="system_join_channel"),
            "p4": post("p4", "u3", "", props={"attachments": [{"title": "Alarm", "text": "Fire"}]}),
            "p5": post("p5", "u3", "no time", create_at=None),
        },
    },
    "z-user.json": user("u1", "ann", roles="system_user system_admin", first_name="Ann", last_name="Lee"),
    "users.json": [user("u2", "bob"), user("u3", "bell", is_bot=True)],
    "channel.json": {"id": "c1", "team_id": "t", "name": "lamps", "display_name": "Lamps", "type": "O",
                     "create_at": 1, "delete_at": 0},
}  # fmt: skip


def save(folder, files=FILES):
    for name, document in files.items():
        (folder / name).write_text(json.dumps(document))
    return folder


def test_folder_is_one_input_and_names_are_told(tmp_path, importing):
    imported = importing(save(tmp_path))
    assert [found.format for found in imported.inputs] == ["mattermost"]
    question, answer, alarm = imported.posts
    assert (question.author, question.mentions, question.likes, question.replies) == ("u1", ("u2",), 1, 1)
    assert question.edited_at == dt.datetime(2024, 3, 1, 8, 10, tzinfo=dt.UTC)
    assert (answer.kind, answer.parent, answer.likes, answer.replies) == ("reply", "p1", None, None)
    assert (answer.deleted_at is None, question.deleted_at) == (False, None)
    assert alarm.text == "Alarm\nFire"
    assert [(channel.native_id, channel.name, channel.kind) for channel in imported.channels] == [
        ("c1", "Lamps", "private")
    ]
    ann, bell = imported.identity("u1"), imported.identity("u3")
    assert (ann.display_name, ann.email, ann.is_team, bell.is_bot) == ("Ann Lee", "ann@example.org", True, True)
    assert [(like.actor, like.target, like.post) for like in imported.interactions] == [("u2", "u1", "p1")]
    assert imported.inputs[0].rows_skipped == {"not a post: system_join_channel": 1}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(5, "page.json: has no create_at")]


def test_page_alone_names_nobody_and_leaves_the_channels_name_to_others(tmp_path, importing):
    save(tmp_path)
    imported = importing(tmp_path / "page.json")
    assert (len(imported.posts), imported.identities) == (3, [])
    assert imported.channels[0].observed_at.year == 1970
    assert imported.posts[0].mentions == ("@bob",)


def test_bulk_export_is_read_when_nothing_has_an_id(tmp_path, importing):
    lines = [
        {"type": "version", "version": 1},
        {"type": "channel", "channel": {"team": "t", "name": "lamps", "display_name": "Lamps", "type": "O"}},
        {"type": "user", "user": {"username": "ann", "email": "ann@example.org", "roles": "system_user"}},
        {"type": "post", "post": {"team": "t", "channel": "lamps", "user": "ann", "message": "Hi @bob",
            "create_at": 1709280000000, "reactions": [{"user": "bob", "emoji_name": "ok", "create_at": 1709280000001}],
            "replies": [{"user": "bob", "message": "Ho", "create_at": 1709280060000}]}},
        {"type": "direct_post", "direct_post": {"channel_members": ["bob", "ann"], "user": "bob", "message": "psst",
            "create_at": 1709280120000}},
    ]  # fmt: skip
    (tmp_path / "x").write_text("\n".join(map(json.dumps, lines)))
    imported = importing(tmp_path / "x")
    assert imported.format == "mattermost"
    first, reply, direct = imported.posts
    assert (first.author, first.channel, first.likes, first.replies, first.mentions) == (
        "@ann", "t/lamps", 1, 1, ("@bob",)
    )  # fmt: skip
    assert (reply.parent, reply.kind, direct.channel) == (first.native_id, "reply", "direct/ann, bob")
    assert len({post.native_id for post in imported.posts}) == 3


@pytest.mark.realdata
def test_real_folder_is_all_imported(real_data, importing):
    imported = importing(real_data / "native/mattermost")
    assert [found.format for found in imported.inputs] == ["mattermost"]
    # five posts, and four of which two tell of joins
    assert (len(imported.posts), len({post.native_id for post in imported.posts}), imported.refusals) == (7, 7, [])
    assert sum(post.parent is not None for post in imported.posts) == 1
    assert imported.inputs[0].rows_skipped == {"not a post: system_join_team": 2}


def test_folder_is_imported_when_one_file_of_it_is_nested_very_deeply(tmp_path, importing):
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "posts.csv").write_text("text,date\nhello there,2024-03-01\n")
    imported = importing(tmp_path)
    assert [post.text for post in imported.posts] == ["hello there"]
    assert [missed.name.rpartition("/")[2] for missed in imported.unrecognised] == ["deep.json"]
