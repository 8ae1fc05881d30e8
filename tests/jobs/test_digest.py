"""The digest goes through a real mail server on loopback, once for each day of data; and the folder is watched."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pandas as pd
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import Engine, select

from answers.alerts import list_unseen
from answers.settled import Settled
from data_access.models.derived import PersonIdentity
from data_access.models.facts import ImportRun
from data_access.store import reading
from jobs.alerts import send_alerts
from jobs.decisions import case_event, change_setting, decide_matches, list_audit, withdraw
from jobs.digest import MailSettings, MissingMailSettings, _settled_lines, send_digest_once, write_digest
from jobs.importing import RunResult
from jobs.watch import _mail_alerts, look, watch_folder
from jobs.watching import see_alerts, watch_person
from tests.jobs.sales import order
from tests.jobs.stores import account, at, bring, post, rows_of

HEADER = "id,user,text,created_at\n"


class Box(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []

    def handle_message(self, message: object) -> None:
        parsed = message_from_bytes(bytes(message), policy=policy.default)  # type: ignore[call-overload]
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mail(box: Box) -> Iterator[MailSettings]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield MailSettings(f"smtp://127.0.0.1:{port}", "rapport@shop.example", ("team@shop.example", "boss@shop.example"))
    server.stop()


def test_digest_arrives_and_says_who_waits(engine: Engine, box: Box, mail: MailSettings) -> None:
    change_setting(engine, key="workspace_name", value="Löwen\nBcc: eve@evil.example", decided_by="Ada")
    bring(engine, [post("q", 0, "ann", text="Where is my order? This is awful.", url="https://net.example/q")])
    send_digest_once(engine, mail)
    (received,) = box.mails
    assert received["To"] == "team@shop.example, boss@shop.example"
    assert received["Bcc"] is None
    assert "1 waiting" in received["Subject"]
    body = received.get_content()
    assert "ann, wall" in body
    assert "Where is my order? This is awful." in body
    assert "https://net.example/q" in body


def test_digest_is_mailed_once_for_a_day_of_data(engine: Engine, box: Box, mail: MailSettings) -> None:
    bring(engine, [post("q", 0)])
    assert send_digest_once(engine, mail) is not None
    assert send_digest_once(engine, mail) is None
    bring(engine, [post("r", 1_500)], "next day")
    assert send_digest_once(engine, mail) is not None
    assert len(box.mails) == 2


def test_digest_says_what_customers_bought_and_what_was_settled_since_the_last(
    engine: Engine, mail: MailSettings
) -> None:
    asked = [post("q", 0, "ann", text="Where is my order?"), post("r", 1, "ben"), post("s", 2, "cem")]
    bring(engine, [account("team", is_team=True), *asked, order("o1", -60, "ann", amount=4_000_000)])
    first = send_digest_once(engine, mail)
    assert first is not None
    assert "- ann, wall, customer, EUR 40,000.00 bought: " in first.text
    assert "Settled on this day, and decided so far: 0 answered, 0 decided\n" in first.text
    answer = post("a", 1_500, "team", parent="q", text="It left today")
    bring(engine, [answer, post("t", 1_501, "dan")], "next day")
    case = {"network": "net", "source": "net.example"}
    case_event(engine, **case, native_id="r", kind="no_answer_needed", decided_by="Ada", covers_until=at(1))
    undone = case_event(engine, **case, native_id="s", kind="answered_elsewhere", decided_by="Ada", covers_until=at(2))
    withdraw(engine, table="case_event", decision_id=undone, decided_by="Ada")
    second = send_digest_once(engine, mail)
    assert second is not None
    assert second.text.endswith(
        "Settled since the digest of Monday 2 March 2026: 1 answered, 1 decided\n"
        "- ann, wall, customer, EUR 40,000.00 bought: answered after 25 h\n"
        "- ben, wall: no answer needed, says Ada\n"
    )


def test_empty_store_has_no_digest(engine: Engine, box: Box, mail: MailSettings) -> None:
    assert write_digest(engine) is None
    assert send_digest_once(engine, mail) is None
    assert box.mails == []


def test_mail_without_a_server_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAPPORT_SMTP_URL", raising=False)
    with pytest.raises(MissingMailSettings, match="RAPPORT_SMTP_URL"):
        MailSettings.from_environment(("a@b.example",))


def test_watch_imports_what_landed_and_mails(engine: Engine, box: Box, mail: MailSettings, tmp_path: Path) -> None:
    folder = tmp_path / "landing"
    folder.mkdir()
    (folder / "one.csv").write_text(HEADER + "1,ann,Hello there,2026-03-02T08:00:00Z\n")
    (folder / ".hidden.csv").write_text("half a fi")
    results = list(watch_folder(engine, folder, every_seconds=1, once=True, mail=mail))
    assert [(result.file, result.added > 0) for result in results if isinstance(result, RunResult)] == [
        ("one.csv", True)
    ]
    assert len(box.mails) == 1
    assert list(watch_folder(engine, folder, every_seconds=1, once=True, mail=mail)) == []  # also after a restart


def test_watch_goes_on_when_the_mail_server_is_away(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "landing"
    folder.mkdir()
    (folder / "one.csv").write_text(HEADER + "1,ann,Hello there,2026-03-02T08:00:00Z\n")
    away = MailSettings("smtp://127.0.0.1:9", "rapport@shop.example", ("team@shop.example",))
    imported, said = watch_folder(engine, folder, every_seconds=1, once=True, mail=away)
    assert isinstance(imported, RunResult)
    assert "could not be mailed through 127.0.0.1" in str(said)


def test_watch_waits_until_a_file_stops_growing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "landing"
    folder.mkdir()
    file = folder / "growing.csv"
    file.write_text(HEADER + "1,ann,Hello there,2026-03-02T08:00:00Z\n")
    looks: list[int] = []

    def grow(_seconds: float) -> None:
        looks.append(len(rows_of(engine, ["post"])["post"]))
        if len(looks) == 1:
            with file.open("a") as more:
                more.write("2,ben,Hello you,2026-03-02T09:00:00Z\n")
        if len(looks) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("jobs.watch.time.sleep", grow)
    with pytest.raises(KeyboardInterrupt):
        list(watch_folder(engine, folder, every_seconds=1))
    assert looks == [0, 0, 2, 2]
    assert len(rows_of(engine, [str(ImportRun.__tablename__)])["import_run"]) == 1


def test_look_passes_over_what_has_gone_since_the_folder_was_listed(tmp_path: Path) -> None:
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    (tmp_path / "stays.csv").write_text("four")
    assert {path.name: states[0][1] for path, states in look(tmp_path).items()} == {"stays.csv": 4}


def watch_ann(engine: Engine) -> None:
    """Watch the one person of the store."""
    with reading(engine) as session:
        person = session.execute(select(PersonIdentity.person_id)).scalar_one()
    watch_person(engine, person_id=person, decided_by="Ada", note="Knows everybody")


def test_digest_lists_posts_of_watched_people_until_they_are_seen(engine: Engine) -> None:
    bring(engine, [post("a1", 0)], "1")
    watch_ann(engine)
    bring(engine, [post("a2", 5, text="I love it", url="https://net.example/a2")], "after")
    digest = write_digest(engine)
    assert digest is not None
    assert "New posts of watched people, which nobody has seen: 1\n" in digest.text
    assert "- ann, wall, positive. Watched since 2 Mar 2026 by Ada: Knows everybody\n  I love it\n" in digest.text
    with reading(engine) as session:
        seen = list_unseen(session)
    see_alerts(engine, post_ids=seen, decided_by="Ada")
    after = write_digest(engine)
    assert after is not None
    assert "watched people" not in after.text


def test_alerts_are_mailed_with_the_import_that_brings_them(
    engine: Engine, box: Box, mail: MailSettings, tmp_path: Path
) -> None:
    (tmp_path / "zero.csv").write_text(HEADER + "0,ann,Before,2026-03-02T08:00:00Z\n")
    list(watch_folder(engine, tmp_path, every_seconds=1, once=True))
    watch_ann(engine)
    rows = ["1,ann,Hello,2026-03-03T08:00:00Z\n", "2,ann,Hello again,2026-03-03T09:00:00Z\n"]
    (tmp_path / "one.csv").write_text(HEADER + "".join(rows))
    (tmp_path / "two.csv").write_text(HEADER + "3,ben,Not me,2026-03-03T10:00:00Z\n")
    for _ in range(2):  # what came in before is passed over
        list(watch_folder(engine, tmp_path, every_seconds=1, once=True, mail=mail))
    alert, digest = box.mails
    assert alert["Subject"].endswith(": 2 new posts of watched people: ann (2)")
    body = alert.get_content()
    assert "Hello\n" in body
    assert "Hello again\n" in body
    assert "Not me" not in body
    assert "which nobody has seen: 2" in digest.get_content()


def test_alerts_are_mailed_later_when_the_mail_server_was_away(engine: Engine, box: Box, mail: MailSettings) -> None:
    bring(engine, [post("a1", 0)], "1")
    watch_ann(engine)
    bring(engine, [post("a2", 5)], "2")
    away = MailSettings("smtp://127.0.0.1:9", "rapport@shop.example", ("team@shop.example",))
    assert "could not be mailed through 127.0.0.1" in next(_mail_alerts(engine, away))
    bring(engine, [post("a3", 6)], "3")
    for _ in range(2):
        assert list(_mail_alerts(engine, mail)) == []
    (received,) = box.mails
    assert "ann (2)" in received["Subject"]
    with reading(engine) as session:
        assert [name for name, _, _ in list_audit(session)] == ["watch"], "what was mailed is no decision"


def test_alerts_that_come_by_a_later_match_are_mailed_after_the_next_import(
    engine: Engine, box: Box, mail: MailSettings
) -> None:
    bring(engine, [post("a1", 0)], "1")
    watch_ann(engine)
    bring(engine, [post("a2", 5), post("b1", 6, "ann2", text="From my other account")], "2")
    assert list(_mail_alerts(engine, mail)) == []
    pair = (("net", "net.example", "ann"), ("net", "net.example", "ann2"))
    decide_matches(engine, pairs=[pair], verdict="same", decided_by="Ada")
    bring(engine, [account("zoe")], "3")
    assert list(_mail_alerts(engine, mail)) == []
    first, second = box.mails
    assert "1 new post of a watched person" in first["Subject"]
    assert "1 new post of a watched person" in second["Subject"]
    assert "From my other account" in second.get_content()


def test_alerts_that_somebody_has_seen_are_not_mailed(engine: Engine, box: Box, mail: MailSettings) -> None:
    bring(engine, [post("a1", 0)], "1")
    watch_ann(engine)
    bring(engine, [post("a2", 5)], "2")
    with reading(engine) as session:
        seen = list_unseen(session)
    see_alerts(engine, post_ids=seen, decided_by="Ada")
    assert send_alerts(engine, mail) is None
    assert box.mails == []


def test_settled_lines_name_nobody_when_the_person_and_the_channel_are_not_known() -> None:
    answers = pd.DataFrame(
        {
            "person": ["Ann", None],
            "channel": [None, "room"],
            "response_seconds": [60.0, 60.0],
            "customer": ["", ""],
        }
    )
    lines = _settled_lines(Settled(2, 0, answers, answers.head(0)), None)
    assert [line.partition(":")[0] for line in lines[1:]] == ["- Ann", "- someone, room"]
