"""Messenger's and Instagram's threads become posts of private channels, with their letters mended."""

import json

import pytest


def mangled(text):
    """A text as Facebook writes it: each byte of UTF-8 a letter of its own."""
    return text.encode().decode("latin-1")


THREAD = {
    "participants": [{"name": mangled("Zoë")}, {"name": "Desk"}],
    "messages": [
        {"sender_name": "Desk", "timestamp_ms": 1709290860000, "content": mangled("Grüße – 👍")},
        {
            "sender_name": mangled("Zoë"),
            "timestamp_ms": 1709290850000,
            "photos": [{"uri": "a.jpg"}],
            "reactions": [{"reaction": mangled("❤"), "actor": "Desk"}],
        },
        {"sender_name": mangled("Zoë"), "timestamp_ms": 1709290850000, "photos": [{"uri": "b.jpg"}]},
        {
            "sender_name": "Desk",
            "timestamp_ms": 1709290840000,
            "share": {"link": "https://example.org/a"},
            "type": "Share",
        },
        {
            "sender_name": "Desk",
            "timestamp_ms": 1709290830000,
            "content": "You called.",
            "type": "Call",
            "call_duration": 3,
        },
        {"sender_name": "Desk", "content": "never"},
        {"sender_name": "Desk", "timestamp_ms": 1709290820000, "content": "gone", "is_unsent": True},
    ],
    "title": mangled("Zoë"),
    "thread_path": "inbox/zoe_10203",
}


def test_thread_becomes_posts_with_mended_letters(tmp_path, importing):
    (tmp_path / "message").write_text(json.dumps(THREAD))
    imported = importing(tmp_path / "message")
    assert imported.format == "messenger"
    assert [(post.author, post.text, post.likes) for post in imported.posts] == [
        ("@desk", "Grüße – 👍", None),
        ("zoe_10203", "", 1),
        ("zoe_10203", "", None),
        ("@desk", "https://example.org/a", None),
    ]
    assert len({post.native_id for post in imported.posts}) == 4
    [channel] = imported.channels
    assert (channel.network, channel.native_id, channel.name, channel.kind) == (
        "messenger",
        "zoe_10203",
        "Zoë",
        "private",
    )
    assert imported.identity("zoe_10203").display_name == "Zoë"
    assert [(like.actor, like.target) for like in imported.interactions] == [("@desk", "zoe_10203")]
    assert imported.inputs[0].rows_skipped == {"not a post: call": 1, "unsent message": 1}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(6, "has no timestamp_ms")]


def test_folder_of_instagram_threads_tells_people_of_one_name_apart(tmp_path, importing):
    for number in (1, 2):
        thread = THREAD | {"thread_path": f"inbox/zoe_{number}", "messages": THREAD["messages"][:2]}
        folder = tmp_path / f"your_instagram_activity/messages/inbox/zoe_{number}"
        folder.mkdir(parents=True)
        (folder / "message_1.json").write_text(json.dumps(thread))
    imported = importing(tmp_path)
    assert {post.network for post in imported.posts} == {"instagram"}
    assert [post.author for post in imported.posts] == ["@desk", "zoe_1", "@desk", "zoe_2"]


def test_encrypted_thread_comes_in_as_it_is_written(tmp_path, importing):
    thread = {
        "participants": ["Ann", "Bob", "Cy"],
        "threadName": "Lamp club_99",
        "messages": [
            {
                "senderName": "Ann",
                "text": "Grüße",
                "timestamp": 1709290860000,
                "type": "text",
                "isUnsent": False,
                "reactions": [],
            },
        ],
    }
    (tmp_path / "thread").write_text(json.dumps(thread))
    [post] = (imported := importing(tmp_path / "thread")).posts
    assert (post.author, post.text, post.likes) == ("@ann", "Grüße", 0)
    assert (imported.channels[0].name, imported.channels[0].purpose) == ("Lamp club", "community")


@pytest.mark.realdata
def test_real_thread_comes_in_whole(shared_data, importing):
    imported = importing(shared_data / "native/chat_exports/messenger/2A_7M.json")
    assert (imported.format, len(imported.posts), imported.refusals) == ("messenger", 7, [])
    assert {post.author for post in imported.posts} == {"alice_aaaaaaaaaa", "@bob"}
