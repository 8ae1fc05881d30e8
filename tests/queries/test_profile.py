"""To find accounts, and what is read of one person: all through indexes, on both engines."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from data_access.models import facts
from data_access.queries.profile import (
    CANDIDATES,
    count_conversations,
    find_accounts,
    list_found_accounts,
    list_talk,
)
from data_access.queries.timeline import SORTS, TimelinePlace, count_entries, list_timeline, read_seen
from tests.answers.store import MONDAY, add_channel, add_person, add_post, at

SHOP = {"network": "shop", "source": "s"}


def add_account(session: Session, number: int, handle: str | None, **more: str) -> None:
    names = {"handle": handle, "handle_key": handle.lower() if handle else None, "display_name": None} | more
    add_person(session, number, more.get("display_name"), **names)


def add_people(session: Session) -> None:
    add_account(session, 1, "Anna_B", display_name="Anna Berg")
    add_account(session, 2, "annabel", email="bel@x.example")
    add_account(session, 3, "hanna", display_name="Hanna Öst")
    add_account(session, 4, None, email="Anna@x.example")
    add_account(session, 5, "zoe", display_name="100 % Zoe")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Anna", {1, 2, 4}),
        ("anna_b", {1}),
        ("an", {1, 2, 4}),
        ("bel@", {2}),
        ("Anna@x", {4}),
        ("ANNA@X.EXAMPLE", {4}),
        ("Öst", {3}),
        ("ost", {3}),
        ("berg", {1}),
        ("berg an", {1}),
        ("anna öst", set()),
        ("100 %", {5}),
        ("00 %", set()),
        ("nna", set()),
        ("%%%", set()),
        ("___", set()),
        ("", set()),
        (" @ ", set()),
        ("nobody", set()),
    ],
)
def test_find_accounts_looks_into_handle_name_and_mail(session: Session, text: str, expected: set[int]) -> None:
    add_people(session)
    assert set(find_accounts(session, text)) == expected


def test_find_accounts_puts_those_with_the_whole_word_first(session: Session) -> None:
    add_people(session)
    assert find_accounts(session, "anna") == [1, 4, 2]
    assert find_accounts(session, "annabel") == [2]
    assert find_accounts(session, "Anna", limit=2) == [1, 4]


def test_find_accounts_puts_the_handle_that_it_is_first_however_many_are_called_so(session: Session) -> None:
    for number in range(1, CANDIDATES + 5):
        add_account(session, number, None, display_name="Zoe")
    add_account(session, 900, "zoe")
    assert find_accounts(session, "zoe")[0] == 900


def test_list_found_accounts_counts_what_each_wrote(session: Session) -> None:
    add_channel(session)
    add_people(session)
    add_post(session, 1, author=1, moment=at(MONDAY))
    found = list_found_accounts(session, [1, 2]).set_index("identity_id")
    assert found["posts"].to_dict() == {1: 1, 2: 0}
    assert found.loc[1, "name"] == "Anna Berg"


def add_doings(session: Session) -> None:
    """Account 1: two posts of one conversation, a deleted one, a visit at the second post's time. Account 2: an order
    and the deal of which both are contacts."""
    add_channel(session)
    add_person(session, 1)
    add_person(session, 2)
    add_post(session, 1, author=1, moment=at(MONDAY, 9))
    add_post(session, 2, author=1, moment=at(MONDAY, 10), conversation=1)
    add_post(session, 3, author=1, moment=at(MONDAY, 11), deleted_at=at(MONDAY, 12))
    session.add(facts.Visit(**SHOP, native_id="v", identity_id=1, occurred_at=at(MONDAY, 10), url="https://s.example"))
    money = {"amount_minor": 500, "currency": "EUR"}
    session.add(facts.Order(**SHOP, native_id="o", identity_id=2, occurred_at=at(MONDAY, 8), product="Tea", **money))
    session.add(facts.Feedback(**SHOP, native_id="f", identity_id=2, kind="nps", score=9, occurred_at=at(MONDAY, 7)))
    for number, is_won, closed in [(1, True, at(MONDAY, 12)), (2, None, None)]:
        session.add(
            facts.Deal(
                id=number,
                **SHOP,
                native_id=f"d{number}",
                name=f"Deal {number}",
                stage="proposal",
                is_won=is_won,
                created_at=at(MONDAY, 6),
                closed_at=closed,
                **money,
            )
        )
    session.flush()
    session.add_all(facts.DealContact(deal_id=1, identity_id=account) for account in (1, 2))
    session.add(facts.DealContact(deal_id=2, identity_id=2))
    session.flush()


ALL_ENTRIES = [("deal", 1), ("post", 2), ("visit", 1), ("post", 1), ("order", 1), ("feedback", 1), ("deal", 2)]


def test_list_timeline_merges_all_sorts_newest_first(session: Session) -> None:
    add_doings(session)
    rows = list_timeline(session, [1, 2])
    assert list(zip(rows["sort"], rows["entry_id"], strict=True)) == ALL_ENTRIES
    deals = rows[rows["sort"] == "deal"]
    assert deals[["kind", "title", "text"]].to_numpy().tolist() == [
        ["won", "Deal 1", "proposal"],
        ["open", "Deal 2", "proposal"],
    ]
    assert deals["amount_minor"].tolist() == [500, 500]
    assert list_timeline(session, [1], sorts=("order",)).empty
    assert list_timeline(session, []).empty


def test_list_timeline_keeps_its_dtypes_when_nobody_did_anything(session: Session) -> None:
    add_doings(session)
    assert list_timeline(session, []).dtypes.to_dict() == list_timeline(session, [1, 2]).dtypes.to_dict()


@pytest.mark.parametrize("seen", range(1, len(ALL_ENTRIES) + 1))
def test_list_timeline_goes_on_after_any_entry(session: Session, seen: int) -> None:
    add_doings(session)
    last = list_timeline(session, [1, 2], limit=seen).iloc[-1]
    place = TimelinePlace(last["occurred_at"].to_pydatetime(), last["sort"], int(last["entry_id"]))
    rest = list_timeline(session, [1, 2], after=place)
    assert list(zip(rest["sort"], rest["entry_id"], strict=True)) == ALL_ENTRIES[seen:]


def test_counts_leave_out_deleted_posts(session: Session) -> None:
    add_doings(session)
    assert count_entries(session, [1]) == {"post": 2, "visit": 1, "deal": 1}
    assert count_entries(session, [2]) == {"order": 1, "deal": 2, "feedback": 1}
    assert count_entries(session, []) == {}
    assert set(SORTS) >= set(count_entries(session, [1, 2]))


def test_count_conversations_counts_each_once(session: Session) -> None:
    add_doings(session)
    assert count_conversations(session, [1]) == 2  # the deleted post is one of its own
    assert count_conversations(session, [2]) == 0


def test_read_seen_spans_all_that_they_did(session: Session) -> None:
    add_doings(session)
    assert read_seen(session, [2]) == (at(MONDAY, 7), at(MONDAY, 8))
    add_person(session, 3)
    assert read_seen(session, [3]) is None


def test_list_talk_counts_by_account_and_kind(session: Session) -> None:
    for number in (1, 2, 3):
        add_person(session, number)
    talk = [("reply", 1, 2), ("reply", 1, 2), ("like", 1, 3), ("follow", 1, 3), ("reply", 2, 1), ("reply", 1, None)]
    for number, (kind, actor, target) in enumerate(talk):
        session.add(
            facts.Interaction(
                **SHOP,
                native_id=str(number),
                kind=kind,
                actor_id=actor,
                target_id=target,
                occurred_at=at(MONDAY) + timedelta(hours=number),
            )
        )
    session.flush()
    sent = list_talk(session, [1], is_sent=True)
    counts = {(row.identity_id, row.kind): row.times for row in sent.itertuples()}
    assert counts == {(2, "reply"): 2, (3, "like"): 1}
    assert sent["last_at"].max() == at(MONDAY, 14)
    assert list_talk(session, [1], is_sent=False)[["identity_id", "times"]].to_numpy().tolist() == [[2, 1]]
    assert list_talk(session, [1, 2], is_sent=False).empty
    assert list_talk(session, [1], is_sent=True, newest=1)["times"].tolist() == [1]
