"""Decisions: each is followed by the derived rows that it touches, and its undo restores them."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from data_access.decisions import NoSuchDecision
from data_access.models.derived import DailyActivity
from data_access.store import reading, writing
from jobs import decisions
from jobs.decisions import (
    NoSuchLabel,
    case_event,
    change_setting,
    list_audit,
    mute_account,
    mute_word,
    relabel,
    withdraw,
)
from jobs.derive import due
from jobs.derive.due import PERSON, count_due, mark_due
from jobs.launch import add_job
from jobs.progress import Silence
from jobs.refresh import refresh
from jobs.run import run_job
from tests.jobs.sales import order
from tests.jobs.stores import DERIVED, account, bring, channel, post, rows_of

KEY: dict[str, Any] = {"network": "net", "source": "net.example"}


def counts(engine: Engine) -> dict[str, tuple[int, int, int]]:
    """Posts, positive, negative by side, over all days and channels."""
    with reading(engine) as session:
        rows = session.execute(select(DailyActivity)).scalars().all()
    return {row.side: (row.posts, row.positive, row.negative) for row in rows}


def posts_of(engine: Engine, side: str) -> int:
    with reading(engine) as session:
        return sum(session.scalars(select(DailyActivity.posts).where(DailyActivity.side == side)))


def test_relabel_moves_the_count_of_its_day_and_undo_restores_it(engine: Engine) -> None:
    bring(engine, [post("p", 0, text="What a horrible, awful day")])
    assert counts(engine) == {"inbound": (1, 0, 1)}
    decision = relabel(engine, **KEY, native_id="p", label="positive", decided_by="Ada")
    assert counts(engine) == {"inbound": (1, 1, 0)}
    withdraw(engine, table="relabel", decision_id=decision, decided_by="Ben")
    assert counts(engine) == {"inbound": (1, 0, 1)}


def test_relabel_leaves_what_hangs_on_no_label_and_all_is_as_after_a_refresh(engine: Engine) -> None:
    talk = [
        post("p", 0, text="What a horrible, awful day"),
        post("q", 9, "desk", parent="p"),
        post("r", 20, parent="q"),
    ]
    bring(engine, [account("desk", is_team=True), *talk, order("o", 60, "ann")])
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    relabel(engine, **KEY, native_id="p", label="positive", decided_by="Ada")
    event.remove(engine, "before_cursor_execute", note)
    kept = ("active_set", "active_month", "active_anywhere", "touch", "person_stage", "person_value")
    assert not [name for name in kept for statement in written if f"INTO {name} " in statement]
    after = rows_of(engine, DERIVED)
    refresh(engine, Silence())
    again = rows_of(engine, DERIVED)
    assert [name for name in again if name != "due" and after[name] != again[name]] == []


def test_relabel_and_its_undo_leave_to_an_import_what_is_the_import_s(engine: Engine) -> None:
    bring(engine, [post("p", 0), post("q", 9, "ben")])
    with writing(engine) as session:
        mark_due(session, PERSON, [1, 2])
    decision = relabel(engine, **KEY, native_id="p", label="positive", decided_by="Ada")
    withdraw(engine, table="relabel", decision_id=decision, decided_by="Ada")
    with reading(engine) as session:
        assert count_due(session) == 2


def test_relabel_outlives_the_post_being_imported_again(engine: Engine) -> None:
    relabel(engine, **KEY, native_id="p", label="neutral", decided_by="Ada")
    bring(engine, [post("p", 0, text="What a horrible, awful day")])
    assert counts(engine) == {"inbound": (1, 0, 0)}


def test_relabel_refuses_what_is_no_sentiment(engine: Engine) -> None:
    with pytest.raises(NoSuchLabel, match="positive, neutral or negative"):
        relabel(engine, **KEY, native_id="p", label="angry", decided_by="Ada")


def test_newest_relabel_wins_and_undoing_it_restores_the_one_before(engine: Engine) -> None:
    bring(engine, [post("p", 0, text="What a horrible, awful day")])
    relabel(engine, **KEY, native_id="p", label="neutral", decided_by="Ada")
    second = relabel(engine, **KEY, native_id="p", label="positive", decided_by="Ada")
    withdraw(engine, table="relabel", decision_id=second, decided_by="Ada")
    assert counts(engine) == {"inbound": (1, 0, 0)}


def test_muted_account_leaves_every_number_and_comes_back_on_undo(engine: Engine) -> None:
    bring(engine, [post("p", 0, "ann"), post("q", 1, "ben")])
    decision = mute_account(engine, **KEY, native_id="ann", decided_by="Ada")
    assert {side: found[0] for side, found in counts(engine).items()} == {"excluded": 1, "inbound": 1}
    assert len(rows_of(engine, ["turn"])["turn"]) == 1
    withdraw(engine, table="mute", decision_id=decision, decided_by="Ada")
    assert {side: found[0] for side, found in counts(engine).items()} == {"inbound": 2}
    assert len(rows_of(engine, ["turn"])["turn"]) == 2


def test_what_a_decision_touches_beyond_a_moment_is_left_to_one_job(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [post(f"q{day}", day * 1440, "ann", text="I love it") for day in range(3)]
    answers = [post(f"a{day}", day * 1440 + 60, "desk", parent=f"q{day}") for day in range(3)]
    bring(engine, [account("desk", is_team=True), *asked, *answers, order("o", 3 * 1440, "ann")])
    started: list[tuple[str, int]] = []

    def start(engine: Engine, kind: str, arguments: dict[str, Any]) -> int:
        started.append((kind, add_job(engine, kind, arguments)))
        return started[-1][1]

    monkeypatch.setattr(decisions, "MOST_SECONDS", 0)
    monkeypatch.setattr(decisions, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(decisions, "start_job", start)
    muted = mute_account(engine, **KEY, native_id="ann", decided_by="Ada")
    mute_account(engine, **KEY, native_id="nobody", decided_by="Ada")
    assert [kind for kind, _ in started] == ["settle"], "the second finds one that has not begun"
    assert posts_of(engine, "inbound") == 3, "as before, until the job has run"
    run_job(engine, started[0][1])
    assert (posts_of(engine, "inbound"), posts_of(engine, "excluded")) == (0, 3)
    after = rows_of(engine, DERIVED)
    refresh(engine, Silence())
    again = rows_of(engine, DERIVED)
    assert [name for name in again if name != "due" and after[name] != again[name]] == []
    withdraw(engine, table="mute", decision_id=muted, decided_by="Ada")
    assert len(started) == 2
    run_job(engine, started[1][1])
    assert posts_of(engine, "inbound") == 3


def test_no_job_starts_for_what_was_done_just_as_time_was_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(engine, [post("p", 0, "ann")])
    times = iter([0.0, 0.0, 9.0])
    monkeypatch.setattr(due, "time", SimpleNamespace(monotonic=lambda: next(times)))
    with writing(engine) as session:
        due.mark_due(session, due.WORDS, [1])
    assert due.settle_due(engine, seconds=1.0)
    assert next(times, None) is None


def test_team_setting_turns_posts_into_answers(engine: Engine) -> None:
    bring(engine, [account("desk"), post("q", 0, "ann"), post("a", 5, "desk", parent="q")])
    decision = change_setting(engine, key="team", value=[{"name": "Ada", "accounts": ["@Desk"]}], decided_by="Ada")
    (turn,) = rows_of(engine, ["turn"])["turn"]
    assert turn[-2] == 300
    withdraw(engine, table="setting", decision_id=decision, decided_by="Ada")
    assert len(rows_of(engine, ["turn"])["turn"]) == 2


@pytest.mark.parametrize(("named", "is_ours"), [("net/desk", True), ("Net/@Desk", True), ("other/desk", False)])
def test_team_account_may_be_named_with_its_network(engine: Engine, named: str, is_ours: bool) -> None:
    bring(engine, [account("desk"), post("a", 5, "desk")])
    change_setting(engine, key="team", value=[{"name": "Ada", "accounts": [named]}], decided_by="Ada")
    assert [row[1:] for row in rows_of(engine, ["account_role"])["account_role"]] == ([("team", "Ada")] * is_ours)


def test_mention_of_the_team_opens_a_turn_in_a_private_room(engine: Engine) -> None:
    records = [channel("room", kind="private"), account("desk"), post("m", 0, channel="room", mentions=("desk",))]
    bring(engine, records)
    assert rows_of(engine, ["turn"])["turn"] == []
    change_setting(engine, key="team", value=[{"name": "Ada", "accounts": ["desk"]}], decided_by="Ada")
    assert len(rows_of(engine, ["turn"])["turn"]) == 1


def test_what_does_not_stand_cannot_be_withdrawn(engine: Engine) -> None:
    decision = mute_word(engine, word=" Spam ", decided_by="Ada")
    withdraw(engine, table="mute", decision_id=decision, decided_by="Ada")
    for number in (decision, decision + 1, 99):
        with pytest.raises(NoSuchDecision):
            withdraw(engine, table="mute", decision_id=number, decided_by="Ada")


def test_audit_lists_the_newest_first_and_says_what_stands(engine: Engine) -> None:
    first = case_event(engine, **KEY, native_id="p", kind="note", note="Called them", decided_by="Ada")
    change_setting(engine, key="currency", value="USD", decided_by="Ben")
    withdraw(engine, table="case_event", decision_id=first, decided_by="Ben")
    with reading(engine) as session:
        audit = list_audit(session)
    assert [(name, row.decided_by, stands) for name, row, stands in audit] == [
        ("case_event", "Ben", False),
        ("setting", "Ben", True),
        ("case_event", "Ada", False),
    ]
