"""Everything held about one person, to hand over when they ask for it."""

import json
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from answers.profile import find_person
from data_access.queries.holdings import list_holdings
from data_access.queries.people import list_accounts, read_person

#: Columns that say how the store works, not what it holds of somebody.
_LEFT_OUT = ("run_id",)


def read_holdings(session: Session, number: int) -> dict[str, Any] | None:
    """Everything held about the person whom an id means: ``person`` (id, name), then a list of rows for each table that
    has any, columns as in the store; times are UTC in ISO 8601. None where the id means nobody."""
    person_id = find_person(session, number)
    if person_id is None:
        return None
    person = read_person(session, person_id)
    accounts = [int(account) for account in list_accounts(session, person_id)["identity_id"]]
    held = list_holdings(session, accounts, [person_id])
    named = {"id": person_id, "name": person.name if person else None, "role": person.role if person else None}
    return {"person": named} | {name: [_shown(row) for row in rows] for name, rows in held.items()}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, (datetime, date)) else value
        for name, value in row.items()
        if value is not None and name not in _LEFT_OUT
    }


def write_holdings(session: Session, number: int) -> str:
    """The same as JSON, for a file. Empty where the id means nobody."""
    held = read_holdings(session, number)
    return "" if held is None else json.dumps(held, ensure_ascii=False, indent=2)
