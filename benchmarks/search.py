"""How long it takes to find a person among many: the rarest name, the commonest beginning, nobody at all."""

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from answers.people import search_organizations, search_people
from benchmarks.measure import Row, seconds_of
from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.store import open_store, reading, writing
from data_access.upsert import table
from jobs.derive.words import derive_words

MILLISECONDS = 100
ORGANIZATIONS = 10_000
_AT_A_TIME = 10_000
_SYLLABLES = ["ka", "mi", "ra", "lo", "ne", "ti", "su", "ha", "vo", "de", "li", "an", "er", "so", "ma", "el"]
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SEARCHES = {
    "the rarest": "zyxqua",
    "the commonest beginning": "ma",
    "two common words": "maka an",
    "two words that nobody has together": "mami zyx",
    "a handle": "@member_777",
    "an e-mail": "member777@",
    "a miss": "qqqq",
    "a miss of two words": "qqqq ma",
}


def measure_search(accounts: int) -> list[Row]:
    """Each kind of search among so many accounts, as the search box asks: people, then organisations."""
    with tempfile.TemporaryDirectory() as name:
        engine = open_store(f"sqlite:///{Path(name) / 'search.db'}")
        rows = [fill(engine, accounts)]
        for kind, text in SEARCHES.items():
            spent = 1_000 * _time(engine, text)
            goal = (f"under {MILLISECONDS} ms", spent < MILLISECONDS)
            rows.append(Row(f"search among {accounts:,} accounts: {kind}", f"{spent:.1f} ms", *goal))
        engine.dispose()
        return rows


def _time(engine: Engine, text: str) -> float:
    def ask(session: Session) -> None:
        search_people(session, text)
        search_organizations(session, text)

    with reading(engine) as session:
        return seconds_of(lambda: ask(session), times=3)


def fill(engine: Engine, accounts: int) -> Row:
    """Accounts with persons and words, and some organisations: how long the words alone take."""
    chance = random.Random(1)
    with writing(engine) as session:
        insert_rows(session, table(facts.Organization), list(_organizations(chance)))
    spent = 0.0
    for start in range(1, accounts + 1, _AT_A_TIME):
        ids = range(start, min(start + _AT_A_TIME, accounts + 1))
        with writing(engine) as session:
            insert_rows(session, table(facts.Identity), [_account(chance, number) for number in ids])
            insert_rows(session, table(derived.Person), [{"id": number, "name": None, "role": None} for number in ids])
            held = [{"identity_id": number, "person_id": number, "evidence": None} for number in ids]
            insert_rows(session, table(derived.PersonIdentity), held)
            spent += seconds_of(lambda ids=ids: derive_words(session, list(ids)))  # type: ignore[misc]
    with reading(engine) as session:
        words = session.execute(select(func.count()).select_from(derived.AccountWord)).scalar_one()
        assert session.execute(select(func.max(col(facts.Identity.id)))).scalar_one() == accounts
    return Row(f"search words of {accounts:,} accounts", f"{spent:.1f} s, {words:,} words")


def _organizations(chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, ORGANIZATIONS + 1):
        name = f"{_name(chance)} {_name(chance)}"
        key = {"network": "crm", "source": "c", "native_id": str(number)}
        yield {"id": number, **key, "name": name, "domain": f"{name.replace(' ', '').lower()}.example"}


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3)))).title()


def _account(chance: random.Random, number: int) -> dict[str, Any]:
    handle = f"member_{number}"
    return {
        "id": number,
        "network": "net",
        "source": "net.example",
        "native_id": str(number),
        "handle": handle,
        "handle_key": handle,
        "display_name": "Zyxqua Onlyone" if number == 1_234 else f"{_name(chance)} {_name(chance)}",
        "email": f"member{number}@x.example" if number % 3 == 0 else None,
        "organization_id": number % ORGANIZATIONS + 1 if number % 5 == 0 else None,
        "observed_at": _WHEN,
    }
