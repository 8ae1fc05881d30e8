"""Accounts are renamed: the id stays the account, the latest name is shown, earlier ones find it."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from answers.holdings import read_holdings
from answers.people import search_people
from answers.person_accounts import read_person_accounts
from data_access.identity_names import list_names
from data_access.models.facts import Identity, IdentityName
from data_access.records import IdentityRecord, Record
from data_access.store import reading
from jobs.erasure import erase_person
from jobs.progress import Cancelled, Silence
from jobs.refresh import refresh
from tests.jobs.stores import DERIVED, FACTS, account, at, bring, post, rows_of
from ui.search import find_hits


def seen(handle: str, minutes: float, name: str | None = None, number: str = "7") -> IdentityRecord:
    """Account 7 as it was called at a moment."""
    return IdentityRecord("net", "net.example", number, handle=handle, display_name=name, observed_at=at(minutes))


def file(handle: str, minutes: float, name: str | None = None) -> list[Record]:
    """A file of one post, with its author as called then."""
    return [seen(handle, minutes, name), post(f"p{minutes}", minutes, "7")]


def names(engine: Engine) -> list[tuple[str, dt.datetime | None]]:
    with reading(engine) as session:
        rows = session.execute(select(col(IdentityName.name), col(IdentityName.observed_at)))
        return sorted((name, observed_at) for name, observed_at in rows)


def shown(engine: Engine) -> list[str | None]:
    with reading(engine) as session:
        return list(session.scalars(select(col(Identity.handle)).order_by(col(Identity.id))))


def found(engine: Engine, text: str) -> list[tuple[Any, Any]]:
    with reading(engine) as session:
        hits = search_people(session, text)
        return list(zip(hits["handle"], hits["formerly"], strict=True))


BOTH = [("ann_k", at(1)), ("river", at(9))]


@pytest.mark.parametrize("first", [0, 1])
def test_latest_name_is_shown_and_the_earlier_is_found_whichever_file_comes_first(engine: Engine, first: int) -> None:
    files = [file("ann_k", 1, "Ann Kay"), file("river", 9, "River Kay")]
    for number in (first, 1 - first, first):
        bring(engine, files[number], f"file {number}")
    assert shown(engine) == ["river"]
    assert names(engine) == sorted([*BOTH, ("Ann Kay", at(1)), ("River Kay", at(9))])
    assert found(engine, "ann_k") == [("river", "ann_k")]
    assert found(engine, "Ann Kay") == [("river", "Ann Kay")]
    assert found(engine, "river") == [("river", None)]
    with reading(engine) as session:
        ((page, _, person, label),), _ = find_hits(session, "ann_k")
        earlier = read_person_accounts(session, int(person)).earlier
    assert (page, label) == ("profile", r"River Kay · \@river · formerly ann\_k · net")
    assert [sorted(known) for known in earlier.values()] == [["@ann_k", "Ann Kay"]]


def test_later_name_is_shown_when_one_file_has_both_in_any_order(engine: Engine) -> None:
    bring(engine, [*file("river", 9), *file("ann_k", 1), *file("ann_k", 2)])
    assert (shown(engine), names(engine)) == (["river"], [("ann_k", at(2)), ("river", at(9))])
    run = bring(engine, [*file("river", 9), *file("ann_k", 1), *file("ann_k", 2)], "again")
    assert (run.added, run.changed) == (0, 0)


def test_name_in_other_case_is_no_other_name(engine: Engine) -> None:
    bring(engine, file("river", 1))
    bring(engine, file("River", 9), "later")
    assert (shown(engine), names(engine)) == (["River"], [])


class Stop(Silence):
    """Cancels once rows are copied."""

    def __init__(self, reports: int) -> None:
        self.left = reports

    def at(self, done: float) -> None:
        self.left -= 1
        if not self.left:
            raise Cancelled


@pytest.mark.parametrize("later", ["river", "ann"])
def test_cancelled_import_takes_its_names_away(engine: Engine, later: str) -> None:
    bring(engine, [*file("ann_k", 5), *file("annie", 2)])
    before = rows_of(engine, [*DERIVED, *FACTS])
    minutes = 9.0 if later == "river" else 1.0
    with pytest.raises(Cancelled):
        bring(engine, [*file(later, minutes), *file("annie", 3)], "cancelled", Stop(3))
    assert shown(engine) == ["ann_k"]
    after = rows_of(engine, [*DERIVED, *FACTS])
    assert after["identity_name"] == before["identity_name"]
    assert after["account_word"] == before["account_word"]


def test_refresh_equals_what_was_kept_up_when_accounts_were_renamed(engine: Engine) -> None:
    bring(engine, file("river", 9))
    bring(engine, [account("ben"), *file("ann_k", 1)], "older")
    bring(engine, file("riverine", 20, "River"), "newer")
    kept_up = rows_of(engine)
    refresh(engine, Silence())
    assert rows_of(engine)["account_word"] == kept_up["account_word"]
    assert {word for _, word in kept_up["account_word"]} >= {"ann_k", "riverine", "river"}


def test_nothing_of_the_names_is_left_when_somebody_is_erased(engine: Engine) -> None:
    bring(engine, file("river", 9, "River Kay"))
    bring(engine, [account("ben"), *file("ann_k", 1, "Ann Kay")], "older")
    with reading(engine) as session:
        person = int(search_people(session, "river")["person_id"].iloc[0])
        held = read_holdings(session, person) or {}
    assert {row["name"] for row in held["identity_name"]} == {"river", "ann_k", "River Kay", "Ann Kay"}
    erase_person(engine, person_id=person, decided_by="Ada")
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(IdentityName)) == 0
    assert found(engine, "ann_k") == []
    bring(engine, [IdentityRecord("net", "net.example", "@ann_k", handle="ann_k"), post("x", 3, "@ann_k")], "again")
    assert found(engine, "ann_k") == []


def test_stranger_comes_in_when_the_erased_once_had_their_handle(engine: Engine) -> None:
    bring(engine, [*file("ann_k", 1), *file("river", 9), seen("ann_k", 20, number="8")])
    with reading(engine) as session:
        person = int(search_people(session, "river")["person_id"].iloc[0])
    erase_person(engine, person_id=person, decided_by="Ada")
    bring(engine, [seen("ann_k", 30, "Ann", number="8")], "again")
    assert found(engine, "ann_k") == [("ann_k", None)]


def test_names_are_listed_latest_first(engine: Engine) -> None:
    bring(engine, [*file("c", 3), *file("a", 1), *file("b", 2)])
    with reading(engine) as session:
        (account_id,) = session.scalars(select(col(Identity.id)))
        assert list_names(session, [account_id]) == {account_id: [("handle", "c"), ("handle", "b"), ("handle", "a")]}
