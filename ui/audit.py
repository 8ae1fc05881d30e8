"""Every decision taken here, newest first: the decision tables read as one list."""

from datetime import datetime
from typing import Any

import pandas as pd
from sqlmodel import Session

from data_access.decisions import list_standing
from data_access.erasure import FINDER
from data_access.models.decisions import DecisionBase, Erasure, Mute, Setting
from jobs.decisions import list_audit

COLUMNS = ["decided_at", "decided_by", "what", "detail", "stands", "can_undo", "table", "decision_id"]
_OURS = {"id", "decided_at", "decided_by", "withdraws"}


def read_audit_trail(session: Session, limit: int = 300) -> pd.DataFrame:
    """The newest decisions as a frame: ``decided_at`` (UTC), ``decided_by``, ``what``, ``detail``, ``stands`` (False
    where it was withdrawn), ``can_undo``, ``table``, ``decision_id``. Withdrawals are not rows of it; what one erasure
    keeps is one row."""
    rows = []
    told: set[tuple[str, datetime]] = set()
    for table, row, stands in list_audit(session, limit):
        is_erasure = isinstance(row, Erasure)
        if row.withdraws is not None or (is_erasure and (row.decided_by, row.decided_at) in told):
            continue
        if is_erasure:
            told.add((row.decided_by, row.decided_at))
        what, can_undo = table.replace("_", " "), stands and not is_erasure
        detail = describe_decision(row)
        rows.append((row.decided_at, row.decided_by, what, detail, stands, can_undo, table, row.id))
    return pd.DataFrame(rows, columns=COLUMNS)


def describe_decision(row: DecisionBase) -> str:
    """What was decided, as its fields say it. Members' text may be in it: show it in a table or as plain text.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> describe_decision(Mute(decided_at=now, decided_by="Ana", kind="word", word="giveaway"))
    'kind: word, word: giveaway'
    """
    if isinstance(row, Erasure):
        if row.decided_by == FINDER:
            return "an account of somebody who was erased was left out of an import"
        return "somebody was erased"
    if isinstance(row, Setting):
        return f"{row.key.replace('_', ' ')}: {_in_words(row.value)}"
    fields = row.model_dump(exclude=_OURS, exclude_none=True)
    return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in fields.items())


def _in_words(value: Any) -> str:
    """A setting's value, without the brackets of its JSON."""
    if isinstance(value, dict):
        return (
            f"{value['name']} ({_in_words(value['accounts'])})" if {"name", "accounts"} <= value.keys() else str(value)
        )
    if isinstance(value, list) and len(value) == 2 and all(isinstance(item, int) for item in value):
        return f"{value[0]}:00–{value[1]}:00"
    if isinstance(value, list):
        return ", ".join(_in_words(item) for item in value) or "none"
    return "closed" if value is None else str(value)


def read_mutes(session: Session) -> pd.DataFrame:
    """What is muted now: ``decision_id``, ``kind`` (account or word), ``what``, ``decided_by``, ``decided_at``."""
    rows = [
        (
            row.id,
            row.kind,
            row.word if row.kind == "word" else f"{row.native_id} on {row.network}",
            row.decided_by,
            row.decided_at,
        )
        for row in list_standing(session, Mute)
    ]
    return pd.DataFrame(rows, columns=["decision_id", "kind", "what", "decided_by", "decided_at"])
