"""Answers of Slack's API in a folder: people and channels give the messages their names."""

import json

import pytest

FILES = {
    "a-history.json": {
        "ok": True,
        "messages": [
            {"type": "message", "user": "U1", "text": "Hi <@U2>", "ts": "1709280060.000200", "reply_count": 1},
            {"type": "message", "user": "U2", "text": "Ho", "ts": "1709280120.0003", "thread_ts": "1709280060.000200"},
            {"type": "message", "user": "U2", "text": "no time"},
        ],
    },
    "info.json": {"ok": True, "channel": {"id": "C1", "name": "lamps"}},
    "user.json": {"ok": True, "user": {"id": "U2", "name": "bob", "team_id": "T1", "profile": {"real_name": "Bob"}}},
    "members.json": {"ok": True, "members": ["U1", "U2"]},
    "late.json": {"ok": False, "error": "ratelimited"},
}  # fmt: skip


def save(folder, files=FILES):
    for name, document in files.items():
        (folder / name).write_text(json.dumps(document))
    return folder


def test_folder_is_one_input_and_messages_are_of_its_channel(tmp_path, importing):
    imported = importing(save(tmp_path))
    assert [found.format for found in imported.inputs] == ["slack_api"]
    assert imported.unrecognised == []
    question, answer = imported.posts
    assert (question.source, question.native_id, question.text) == ("T1", "C1/1709280060.000200", "Hi @Bob")
    assert (question.mentions, question.replies, answer.parent) == (("U2",), 1, question.native_id)
    assert imported.identity("U2").display_name == "Bob"
    assert [(channel.native_id, channel.name) for channel in imported.channels] == [("C1", "lamps")]
    assert [refusal.reason for refusal in imported.refusals] == [f"{tmp_path.name}/a-history.json: has no 'ts'"]
    assert imported.inputs[0].rows_skipped == {"an answer that is an error: late.json": 1}


def test_files_name_decides_when_several_channels_are_described(tmp_path, importing):
    other = {"ok": True, "channels": [{"id": "C2", "name": "a-history"}]}
    assert {post.channel for post in importing(save(tmp_path, FILES | {"all.json": other})).posts} == {"C2"}


def test_messages_alone_stay_with_the_exports_reader(tmp_path, importing):
    save(tmp_path)
    assert importing(tmp_path / "a-history.json").format == "slack"
    assert importing(tmp_path / "user.json").identities[0].native_id == "U2"


@pytest.mark.realdata
def test_real_folder_is_all_imported(real_data, importing):
    imported = importing(real_data / "native/slack")
    assert [found.format for found in imported.inputs] == ["slack_api"]
    # pages of 7, 5 and 2 messages, two of which tell of joins; three stand in two pages
    assert (len(imported.posts), len({post.native_id for post in imported.posts}), imported.refusals) == (12, 9, [])
    assert imported.inputs[0].rows_skipped["not a post: channel_join"] == 2
    assert {post.channel for post in imported.posts} == {channel.native_id for channel in imported.channels}
