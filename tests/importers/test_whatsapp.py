"""WhatsApp's chats come in from both systems, whatever way a phone's language writes times."""

import datetime as dt
import zipfile

import pytest

from data_access.importers import UnrecognisedInput, preview_mapping
from data_access.importers.reading.options import ImportOptions, UnknownFormat

ANDROID = """\
03/04/2024, 9:05\u202fPM - Messages and calls are end-to-end encrypted.
03/04/2024, 9:05\u202fPM - Ann created group "Lamp club: north"
03/04/2024, 9:06\u202fPM - Ann: Is it on?
Or off?

I can't see it
03/04/2024, 9:06\u202fPM - Bob: <Media omitted>
03/04/2024, 9:06\u202fPM - +44 7700 900123: IMG-1.jpg (file attached)
Look @\u2068Ann\u2069 and @447700900999
03/04/2024, 9:06\u202fPM - Bob: ok
03/04/2024, 9:06\u202fPM - Bob: ok
03/04/2024, 9:07\u202fPM - Bob: Bye <This message was edited>
03/04/2024, 9:07\u202fPM - Bob: This message was deleted
13/04/2024, 12:10\u202fAM - Ann: It said: broken
31/04/2024, 12:10\u202fAM - Ann: no such day
"""
IOS = """\
[03.04.24, 21:05:00] Lamp club: \u200eMessages and calls are end-to-end encrypted.
[03.04.24, 21:06:01] ~\u202fAnn: Is it on?
\u200e[03.04.24, 21:06:02] Bob: \u200eBild weggelassen
\u200e[03.04.24, 21:06:03] Bob: \u200e<attached: 00000004-PHOTO.jpg>
[03.04.24, 21:06:04] Bob: \u200eVerpasster Sprachanruf
[03.04.24, 21:06:05] Bob: Bye
"""


def save(folder, text, name="WhatsApp Chat with Lamp club (1).txt"):
    (folder / name).write_text(text)
    return folder / name


def test_chat_of_android_becomes_posts_and_an_impossible_day_a_refusal(tmp_path, importing):
    imported = importing(save(tmp_path, ANDROID), time_zone="Europe/Berlin")
    assert imported.format == "whatsapp"
    assert [(post.author, post.text) for post in imported.posts] == [
        ("@ann", "Is it on?\nOr off?\n\nI can't see it"),
        ("@bob", ""),
        ("+447700900123", "Look @Ann and @447700900999"),
        ("@bob", "ok"),
        ("@bob", "ok"),
        ("@bob", "Bye"),
        ("@ann", "It said: broken"),
    ]
    assert len({post.native_id for post in imported.posts}) == 7
    assert imported.posts[2].mentions == ("@ann", "+447700900999")
    assert imported.posts[0].occurred_at == dt.datetime(2024, 4, 3, 19, 6, tzinfo=dt.UTC)  # in Berlin, day first
    assert imported.posts[-1].occurred_at == dt.datetime(2024, 4, 12, 22, 10, tzinfo=dt.UTC)
    [channel] = imported.channels
    assert (channel.name, channel.kind) == ("Lamp club", "private")
    assert imported.inputs[0].rows_skipped == {"not a post: a note of WhatsApp's": 2, "deleted message": 1}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (15, "'31/04/2024, 12:10 AM' is no time")
    ]


def test_chat_of_ios_comes_in_from_a_zip_named_after_it(tmp_path, importing):
    with zipfile.ZipFile(tmp_path / "WhatsApp Chat - Lamp club.zip", "w") as archive:
        archive.writestr("_chat.txt", IOS.replace("\n", "\r\n"))
        archive.writestr("00000004-PHOTO.jpg", b"\xff\xd8\xff")
    imported = importing(tmp_path / "WhatsApp Chat - Lamp club.zip")
    assert [(post.author, post.text) for post in imported.posts] == [
        ("@ann/Lamp club", "Is it on?"),
        ("@bob", ""),
        ("@bob", ""),
        ("@bob", "Bye"),
    ]
    assert imported.posts[0].occurred_at == dt.datetime(2024, 4, 3, 21, 6, 1, tzinfo=dt.UTC)
    assert {channel.name for channel in imported.channels} == {"Lamp club"}
    assert imported.inputs[0].rows_skipped == {"not a post: a note of WhatsApp's": 2}


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("2024-04-03 21:05 - Ann: x", "2024-04-03T21:05"),
        ("03.04.24, 21:05 - Ann: x", "2024-04-03T21:05"),
        ("[2024/04/03 21:05:09] Ann: x", "2024-04-03T21:05:09"),
        ("13/4/24, 9:05 p.\u00a0m. - Ann: x", "2024-04-13T21:05"),
        ("4/13/24, 12:05 AM - Ann: x", "2024-04-13T00:05"),
        ("[13/04/2024, 9:05:07\u202fPM] Ann: x", "2024-04-13T21:05:07"),
        ("2024. 4. 3. 오후 9:05 - Ann: x", "2024-04-03T21:05"),
        ("3.4.2024 klo 21.05 - Ann: x", "2024-04-03T21:05"),
        ("2024-04-03 21:05:09 - INFO: x", None),
    ],
)
def test_times_are_read_in_many_forms_and_a_log_is_no_chat(tmp_path, importing, line, moment):
    (tmp_path / "chat").write_text(line + "\n")
    posts = [] if moment is None else importing(tmp_path / "chat").posts
    if moment is None:
        with pytest.raises(UnknownFormat):
            importing(tmp_path / "chat")
    assert [post.occurred_at.strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00") for post in posts] == (
        [moment] if moment else []
    )


def test_order_of_day_and_month_is_asked_where_no_day_tells(tmp_path, importing):
    path = save(tmp_path, "03/04/24, 21:05 - Ann: x\n05/06/24, 21:05 - Bob: y\n")
    with pytest.raises(UnknownFormat, match=r"3 April or 4 March 2024\..*--map date_order=day"):
        importing(path)
    [unknown] = importing(tmp_path).unrecognised
    assert isinstance(unknown, UnrecognisedInput)
    asked = preview_mapping(path, ImportOptions())
    assert (asked.asks, asked.format) == ("date_order", None)
    answers = {"day": (2024, 4, 3), "month": (2024, 3, 4)}
    for order, day in answers.items():
        for said in (
            {"mapping": {"date_order": order}},
            {"saved_mappings": {asked.header_shape: {"date_order": order}}},
        ):
            imported = importing(path, **said)
            assert (imported.format, imported.posts[0].occurred_at.date()) == ("whatsapp", dt.date(*day))
    day, month = (importing(path, mapping={"date_order": order}).inputs[0].fingerprint for order in answers)
    assert day != month


def test_order_is_asked_of_a_chat_in_a_zip_too(tmp_path, importing):
    path = tmp_path / "WhatsApp Chat - Ann.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", "[03/04/24, 21:05:00] Ann: x\n")
        archive.writestr("a.jpg", b"\xff\xd8\xff")
    asked = preview_mapping(path, ImportOptions())
    assert (asked.asks, asked.columns) == ("date_order", ())
    imported = importing(path, saved_mappings={asked.header_shape: {"date_order": "month"}})
    assert imported.posts[0].occurred_at.date() == dt.date(2024, 3, 4)


def test_order_is_told_by_a_day_far_down_the_file(tmp_path, importing):
    lines = ["03/04/24, 21:05 - Ann: x"] * 500 + ["04/13/24, 21:05 - Ann: y"]
    imported = importing(save(tmp_path, "\n".join(lines)))
    assert imported.posts[0].occurred_at.date() == dt.date(2024, 3, 4)
    assert len({post.native_id for post in imported.posts}) == 501


@pytest.mark.realdata
def test_real_chats_come_in_whole(shared_data, importing):
    folder = shared_data / "native/chat_exports/whatsapp"
    assert len(importing(folder / "2A_5M.txt").posts) == 5  # all of 1 January: nothing to ask
    for name in ("4A_11M.txt", "4A_11M.zip"):
        imported = importing(folder / name, mapping={"date_order": "day"})
        assert (imported.format, len(imported.posts), imported.refusals) == ("whatsapp", 11, [])
        assert imported.inputs[0].rows_skipped == {"not a post: a note of WhatsApp's": 3}
