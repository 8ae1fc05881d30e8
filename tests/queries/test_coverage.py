"""What came in, what was decided, who was answered since."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from data_access.models.decisions import CaseEvent, Relabel, Setting
from data_access.models.derived import PostScore, Turn
from data_access.models.facts import ImportRun
from data_access.queries.cases import list_case_events
from data_access.queries.coverage import (
    count_answered_since,
    count_decisions_since,
    list_imports_since,
    list_relabelled,
)
from tests.answers.store import MONDAY, add_channel, add_person, add_post, at

NOW = at(MONDAY)
HOUR = timedelta(hours=1)
BY_ADA: dict[str, Any] = {"decided_at": NOW, "decided_by": "Ada"}


def test_list_relabelled_has_each_post_once_and_none_whose_relabel_was_withdrawn(session: Session) -> None:
    add_channel(session)
    add_person(session, 1)
    for number in (1, 2):
        add_post(session, number, moment=NOW)
        key = {"network": "twitter", "source": "s", "native_id": f"p{number}"}
        session.add_all([Relabel(**key, label="positive", **BY_ADA) for _ in range(2)])
    score = session.get_one(PostScore, 1)
    score.label, score.is_relabelled = "positive", True
    session.flush()
    frame = list_relabelled(session, channels=[1])
    assert frame[["post_id", "label", "model_label"]].to_numpy().tolist() == [[1, "positive", "neutral"]]
    assert list_relabelled(session, channels=[2]).empty


def test_list_imports_since_leaves_out_older_and_unfinished_runs(session: Session) -> None:
    for name, status, finished in [
        ("old", "done", NOW - HOUR),
        ("new", "done", NOW + HOUR),
        ("half", "copying", None),
        ("bad", "failed", NOW + HOUR),
    ]:
        run = ImportRun(file=name, fingerprint=name, status=status, started_at=NOW, counts={"post": 4, "identity": 2})
        run.finished_at = finished
        session.add(run)
    session.flush()
    frame = list_imports_since(session, NOW)
    assert frame[["file", "posts"]].to_numpy().tolist() == [["new", 4]]


def test_count_decisions_since_counts_by_kind_and_person(session: Session) -> None:
    later = {"decided_at": NOW + HOUR, "decided_by": "Ada"}
    session.add_all([Setting(key="currency", value="EUR", **later), Setting(key="currency", value="USD", **BY_ADA)])
    session.add(Relabel(network="t", source="s", native_id="1", label="neutral", **later))
    session.flush()
    found = {tuple(row) for row in count_decisions_since(session, NOW).to_numpy().tolist()}
    assert found == {("setting", "Ada", 1), ("relabel", "Ada", 1)}


def test_count_answered_since_tells_who_was_answered_later(session: Session) -> None:
    add_channel(session)
    add_person(session, 1)
    turns = [(1, -3, None), (2, 2, None), (3, -2, 1), (4, -5, -4)]  # hours from now: opened, closed
    for number, opened, closed in turns:
        add_post(session, number, moment=NOW + opened * HOUR)
        session.add(
            Turn(
                opened_post_id=number,
                conversation_id=number,
                channel_id=1,
                person_id=1,
                day=MONDAY,
                opened_at=NOW + opened * HOUR,
                last_post_id=number,
                posts=1,
                negative_posts=0,
                closed_at=None if closed is None else NOW + closed * HOUR,
            )
        )
    session.flush()
    assert count_answered_since(session, NOW, channels=[1]) == 1
    assert count_answered_since(session, NOW, channels=[2]) == 0


def test_list_case_events_leaves_out_what_was_withdrawn(session: Session) -> None:
    key: dict[str, Any] = {"network": "t", "source": "s", "native_id": "1", **BY_ADA}
    kept, undone = CaseEvent(kind="note", note="a", **key), CaseEvent(kind="note", note="b", **key)
    session.add_all([kept, undone, CaseEvent(kind="note", note="c", **(key | {"native_id": "2"}))])
    session.flush()
    session.add(CaseEvent(kind="note", note="b", withdraws=undone.id, **key))
    session.flush()
    assert list_case_events(session, ["1"])["note"].tolist() == ["a"]
    assert list_case_events(session, []).empty
