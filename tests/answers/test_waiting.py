"""Who waits, in which order, and what decisions do to the list."""

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import read_scope
from answers.waiting import Waiting, count_waiting_in, detail, list_cases, read_bought, read_waiting
from data_access.models.decisions import CaseEvent, Mute
from data_access.models.derived import AccountRole, BrandMention, Conversation, DailyActivity, PersonValue, Turn
from data_access.models.facts import Brand, Interaction
from data_access.queries.turns import read_turn_details
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)
NOW = at(MONDAY + DAY, 12)
HOUR = timedelta(hours=1)


def add_turn(
    session: Session,
    number: int,
    person: int,
    opened: datetime,
    *,
    last: datetime | None = None,
    negative: int = 0,
    channel: int = 1,
    parent: str | None = None,
) -> None:
    """An open turn of one post, or of two where ``last`` says when the second came."""
    label = "negative" if negative else "neutral"
    add_post(
        session, number, author=person, moment=opened, text=f"first {number}", url=f"https://x.example/{number}",
        label=label, channel=channel, parent_native_id=parent,
    )  # fmt: skip
    last_id = number
    if last is not None:
        last_id = number + 1_000
        add_post(session, last_id, author=person, moment=last, text=f"second {number}", conversation=number)
    newest = last or opened
    session.add(
        Conversation(id=number, channel_id=channel, started_at=opened, last_at=newest, posts=1, team_posts=0, people=1)
    )
    session.add(
        Turn(
            opened_post_id=number,
            conversation_id=number,
            channel_id=channel,
            person_id=person,
            day=opened.date(),
            opened_at=opened,
            last_post_id=last_id,
            posts=1 if last is None else 2,
            negative_posts=negative,
        )
    )
    session.flush()


def add_store(session: Session) -> None:
    """Ann waits since Monday noon, Bob, who is angry, since an hour before the end of the data (Tuesday noon)."""
    add_channel(session)
    add_person(session, 1, "Ann")
    add_person(session, 2, "Bob", followers=5_000)
    add_turn(session, 10, 1, NOW - 24 * HOUR)
    add_turn(session, 20, 2, NOW - HOUR, negative=1)
    session.add(DailyActivity(day=NOW.date(), channel_id=1, side="inbound", posts=1))
    add_post(session, 99, moment=NOW, author=None, side="team")
    session.flush()


def decide(session: Session, number: int, kind: str, **more: Any) -> CaseEvent:
    values = {"network": "twitter", "source": "s", "native_id": f"p{number}", "decided_at": NOW, "decided_by": "Ada"}
    event = CaseEvent(kind=kind, **values, **more)
    session.add(event)
    session.flush()
    return event


def who(waiting: Waiting) -> list[str]:
    return waiting.turns["person"].tolist()


def test_read_waiting_puts_the_angry_one_first_and_says_why(session: Session) -> None:
    add_store(session)
    waiting = read_waiting(session, WEEK)
    assert who(waiting) == ["Bob", "Ann"]
    bob, ann = waiting.turns.iloc[0], waiting.turns.iloc[1]
    assert bob.reason == "Negative; waits 1 h; 5,000 followers"
    assert (bob.followers, bob.negative_share, bob.url) == (5_000, 1.0, "https://x.example/20")
    assert ann.reason == "Waits 24 h, past the target of 1 h"
    assert (waiting.waiting, waiting.settled, waiting.is_cut) == (2, 0, False)


def test_read_waiting_measures_to_the_end_of_the_data(session: Session) -> None:
    add_store(session)
    waiting = read_waiting(session, WEEK)
    assert waiting.as_of == NOW
    assert waiting.turns.set_index("person")["waiting_seconds"].to_dict() == {"Ann": 86_400, "Bob": 3_600}


@pytest.mark.parametrize("kind", ["answered_elsewhere", "no_answer_needed"])
def test_read_waiting_leaves_out_what_is_settled_until_undone(session: Session, kind: str) -> None:
    add_store(session)
    event = decide(session, 20, kind, covers_until=NOW - HOUR)
    assert who(read_waiting(session, WEEK)) == ["Ann"]
    assert read_waiting(session, WEEK).settled == 1
    everyone = read_waiting(session, WEEK, include_settled=True).turns.set_index("person")["state"]
    assert everyone.to_dict() == {"Ann": "waiting", "Bob": kind.replace("_", " ")}
    decide(session, 20, kind, withdraws=event.id)
    assert who(read_waiting(session, WEEK)) == ["Bob", "Ann"]


def test_read_waiting_brings_back_who_wrote_again_and_waits_since_then(session: Session) -> None:
    add_store(session)
    add_turn(session, 30, 1, NOW - 10 * HOUR, last=NOW - 2 * HOUR)
    decide(session, 30, "answered_elsewhere", covers_until=NOW - 10 * HOUR)
    turns = read_waiting(session, WEEK).turns.set_index("opened_post_id")
    assert turns.loc[30, "waiting_seconds"] == 2 * 3_600
    assert turns.loc[30, "text"] == "second 30"


@pytest.mark.parametrize(("until", "expected"), [(NOW + HOUR, ["Ann"]), (NOW - HOUR, ["Bob", "Ann"])])
def test_read_waiting_leaves_out_the_snoozed_until_then(session: Session, until: datetime, expected: list[str]) -> None:
    add_store(session)
    decide(session, 20, "snoozed", until=until, covers_until=NOW - HOUR)
    assert who(read_waiting(session, WEEK)) == expected


def test_read_waiting_wakes_the_snoozed_when_they_write_again(session: Session) -> None:
    add_store(session)
    decide(session, 20, "snoozed", until=NOW + HOUR, covers_until=NOW - 5 * HOUR)
    assert who(read_waiting(session, WEEK)) == ["Bob", "Ann"]


def test_read_waiting_says_who_has_it_and_what_was_noted(session: Session) -> None:
    add_store(session)
    decide(session, 10, "assigned", assignee="Cem")
    decide(session, 10, "assigned", assignee="Dora")
    decide(session, 10, "note", note="asked the depot")
    ann = read_waiting(session, WEEK).turns.set_index("person").loc["Ann"]
    assert (ann.assignee, ann.notes, ann.last_note) == ("Dora", 1, "asked the depot")


def test_read_waiting_ignores_decisions_on_the_same_id_elsewhere(session: Session) -> None:
    add_store(session)
    event = decide(session, 20, "no_answer_needed")
    event.source = "another"
    session.add(event)
    session.flush()
    assert who(read_waiting(session, WEEK)) == ["Bob", "Ann"]


@pytest.mark.parametrize(("word", "expected"), [("first", []), ("firs", ["Bob", "Ann"]), ("FIRST 20", ["Ann"])])
def test_read_waiting_leaves_out_muted_words(session: Session, word: str, expected: list[str]) -> None:
    add_store(session)
    session.add(Mute(kind="word", word=word, decided_at=NOW, decided_by="Ada"))
    session.flush()
    assert who(read_waiting(session, WEEK)) == expected


def test_read_waiting_keeps_to_period_and_channels(session: Session) -> None:
    add_store(session)
    assert who(read_waiting(session, Filters(MONDAY, MONDAY + DAY))) == ["Ann"]
    assert who(read_waiting(session, Filters(WEEK.start, WEEK.end, networks=("reddit",)))) == []


def test_read_waiting_is_empty_when_store_is(session: Session) -> None:
    waiting = read_waiting(session, WEEK)
    assert waiting.turns.empty
    assert waiting.as_of is None
    assert {"priority", "reason", "state", "url"} <= set(waiting.turns.columns)


def test_everybody_waits_for_us_when_no_brand_is_ours(session: Session) -> None:
    add_store(session)
    waiting = read_waiting(session, WEEK)
    assert not waiting.is_told
    assert waiting.to_us is waiting


def add_said(session: Session, number: int, person: int, *, channel: int = 1, **said: int) -> None:
    """An open turn of one post; ``said``: whose account it replies to or mentions."""
    moment = NOW - number * timedelta(minutes=1)
    add_turn(session, number, person, moment, channel=channel, parent=f"p{number - 1}" if "reply" in said else None)
    for kind, target in said.items():
        native_id = f"{kind}:{number}"
        session.add(
            Interaction(
                network="twitter", source="s", native_id=native_id, kind=kind, actor_id=person, target_id=target,
                post_id=number,
            )
        )  # fmt: skip
    session.flush()


@pytest.mark.parametrize(("has_team", "expected"), [(True, {100, 102, 103, 201}), (False, {100, 101, 102, 103, 201})])
def test_to_us_leaves_out_what_answers_another_member_and_what_strangers_say_elsewhere(
    session: Session, has_team: bool, expected: set[int]
) -> None:
    session.add(Brand(id=1, name="Ours", is_competitor=False))
    session.flush()
    add_channel(session, brand=1)
    add_channel(session, 2)
    for person in (1, 2, 9):
        add_person(session, person)
    if has_team:
        session.add(AccountRole(identity_id=9, role="team"))
    add_said(session, 100, 1)  # begins a thread of ours
    add_said(session, 101, 2, reply=1)  # answers a member
    add_said(session, 102, 2, reply=1, mention=9)  # answers a member, and names us
    add_said(session, 103, 2, reply=9)  # answers us
    add_said(session, 200, 2, channel=2)
    add_said(session, 201, 2, channel=2)
    session.add(BrandMention(post_id=201, brand_id=1, occurred_at=NOW))
    session.flush()
    everything = read_waiting(session, WEEK)
    assert set(everything.to_us.turns["opened_post_id"]) == expected
    assert (everything.waiting, everything.to_us.waiting) == (6, len(expected))


def test_what_strangers_say_keeps_nobody_of_our_channels_off_the_list(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("answers.waiting.MOST_WAITING", 2)
    monkeypatch.setattr("answers.waiting.MOST_ELSEWHERE", 1)
    session.add(Brand(id=1, name="Ours", is_competitor=False))
    session.flush()
    add_channel(session, brand=1)
    add_channel(session, 2)
    add_person(session, 1)
    for number in (101, 102, 103):
        add_said(session, number, 1, channel=2)
    add_said(session, 104, 1)
    waiting = read_waiting(session, WEEK)
    assert (waiting.is_cut, waiting.is_cut_elsewhere) == (False, True)
    assert waiting.turns["opened_post_id"].tolist() == [104, 101]
    add_said(session, 105, 1)
    add_said(session, 106, 1)
    assert read_waiting(session, WEEK).is_cut


def test_longer_period_has_all_that_a_shorter_one_has_when_many_wait_elsewhere(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("answers.waiting.MOST_WAITING", 4)
    monkeypatch.setattr("answers.waiting.MOST_ELSEWHERE", 3)
    session.add(Brand(id=1, name="Ours", is_competitor=False))
    session.flush()
    add_channel(session, brand=1)
    add_channel(session, 2)
    add_person(session, 1)
    for number in (101, 102, 103):
        add_turn(session, number, 1, NOW - number * timedelta(minutes=1), channel=2)
        add_turn(session, number + 100, 1, NOW - DAY - number * timedelta(minutes=1))
    tuesday = WEEK.between(NOW.date(), WEEK.end)
    assert set(read_waiting(session, tuesday).turns["opened_post_id"]) == {101, 102, 103}
    assert set(read_waiting(session, WEEK).turns["opened_post_id"]) == {101, 102, 103, 201, 202, 203}


def test_customers_tell_how_many_of_them_are_settled() -> None:
    turns = pd.DataFrame({"bought_minor": [5, 5, 0], "state": ["waiting", "snoozed", "waiting"], "is_to_us": True})
    found = Waiting(WEEK, NOW, turns, 2, 7, is_cut=False).customers
    assert (found.waiting, found.settled, found.settled_for_us) == (1, 1, 1)


def test_read_waiting_gives_the_same_when_detailed_afterwards(session: Session) -> None:
    add_store(session)
    session.add(Mute(kind="word", word="10", decided_at=NOW, decided_by="Ada"))
    session.flush()
    whole, bare = (read_waiting(session, WEEK, include_settled=True, detailed=is_whole) for is_whole in (True, False))
    assert "text" not in bare.turns
    assert bare.turns["state"].tolist() == ["waiting", "muted word"]
    shown = bare.turns.iloc[1:]
    later = detail(shown, read_turn_details(session, shown["opened_post_id"].tolist()))
    pd.testing.assert_frame_equal(later, whole.turns.iloc[1:].reset_index(drop=True))


def test_read_bought_gives_orders_before_deals_and_leaves_out_who_bought_nothing(session: Session) -> None:
    add_store(session)
    session.add(PersonValue(person_id=1, currency="EUR", orders=1, revenue_minor=20_600, deals_won_minor=5))
    session.add(PersonValue(person_id=2, currency="EUR", deals_won=1, deals_won_minor=700))
    session.add(PersonValue(person_id=3, currency="EUR", orders=1, revenue_minor=0))
    session.flush()
    bought = read_bought(session, (1, 2, 3, 4), read_scope(session))
    assert bought == {1: ("bought", 20_600), 2: ("in deals won", 700)}


def test_read_waiting_puts_the_customer_first_among_equals_and_can_show_customers_alone(session: Session) -> None:
    add_channel(session)
    for person, orders in ((1, 0), (2, 50_00), (3, 40_000_00)):
        add_person(session, person)
        add_turn(session, person * 10, person, NOW - HOUR, negative=1)
        session.add(PersonValue(person_id=person, currency="EUR", orders=1, revenue_minor=orders))
    session.flush()
    waiting = read_waiting(session, WEEK)
    assert waiting.turns["person_id"].tolist() == [3, 2, 1]
    first = waiting.turns.iloc[0]
    assert (first["bought"], first["bought_minor"], first["worth"]) == ("bought", 40_000_00, 40_000.0)
    assert first["reason"].startswith("Negative; a customer; waits")
    assert waiting.customers.turns["person_id"].tolist() == [3, 2]
    assert (waiting.customers.waiting, waiting.customers.to_us.waiting) == (2, 2)
    handed_on = list_cases(session, read_waiting(session, WEEK, detailed=False).customers)
    assert handed_on["worth"].tolist() == [40_000.0, 50.0]
    assert handed_on["reason"].tolist() == waiting.turns["reason"].tolist()[:2]
    assert handed_on["text"].tolist() == waiting.turns["text"].tolist()[:2]


def test_count_waiting_in_counts_all_of_a_thread_until_it_is_settled(session: Session) -> None:
    add_store(session)
    moment = NOW - 24 * HOUR
    add_post(session, 11, author=2, moment=moment, conversation=10)
    own: dict[str, Any] = {
        "opened_post_id": 11,
        "last_post_id": 11,
        "person_id": 2,
        "opened_at": moment,
        "day": moment.date(),
    }
    session.add(Turn(conversation_id=10, channel_id=1, posts=1, negative_posts=0, **own))
    session.flush()
    scope = read_scope(session)
    assert count_waiting_in(session, (10, 20), scope) == {10: 2, 20: 1}
    decide(session, 10, "answered_elsewhere", covers_until=moment)
    assert count_waiting_in(session, (10, 20), scope) == {20: 1}
