"""Orders, deals, visits and survey answers by where they come from: the newest of each source, the days with any.

Each is looked up along an index: nothing here is counted, however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select, true
from sqlmodel import Session, col

from data_access.models.facts import Deal, Feedback, ImportRun, Order, Visit

#: Behind so many newer rows of other sources, the newest of a source is looked for among its own.
_WALKED = 10_000


class DatedKind(StrEnum):
    """What has a moment and is no post."""

    ORDERS = "orders"
    DEALS = "deals"
    VISITS = "visits"
    FEEDBACK = "feedback"


#: The table, and the moments (UTC) that a row may have.
_TABLES: dict[DatedKind, tuple[Any, tuple[Any, ...]]] = {
    DatedKind.ORDERS: (Order, (col(Order.occurred_at),)),
    DatedKind.DEALS: (Deal, (col(Deal.created_at), col(Deal.closed_at))),
    DatedKind.VISITS: (Visit, (col(Visit.occurred_at),)),
    DatedKind.FEEDBACK: (Feedback, (col(Feedback.occurred_at),)),
}


@dataclass(frozen=True)
class DatedSource:
    """A source of rows of a kind; of survey answers, which are told under the networks of who answered, all of them.
    ``is_alone``: no other source has any. ``newest``: the latest moment (UTC) of its rows, None where none has one;
    ``file`` and ``imported_at`` (UTC): what brought that row, None where that is not known."""

    kind: DatedKind
    network: str
    source: str
    is_alone: bool
    newest: datetime | None
    file: str | None
    imported_at: datetime | None


def list_dated_sources(session: Session, *, most: int) -> list[DatedSource]:
    """At most ``most`` sources of each kind, by network and name."""
    found: list[DatedSource] = []
    for kind in DatedKind:
        sources = _list_sources(session, kind, most)
        if kind == DatedKind.FEEDBACK and len(sources) > 1:
            sources = [("survey", "several")]
        for network, source in sources:
            is_alone = len(sources) == 1
            newest, run = _find_newest(session, kind, network, source, is_alone)
            brought = session.execute(
                select(col(ImportRun.file), col(ImportRun.finished_at)).where(col(ImportRun.id) == run)
            ).first()
            file, imported_at = (None, None) if brought is None else (brought.file, brought.finished_at)
            found.append(DatedSource(kind, network, source, is_alone, newest, file, imported_at))
    return found


def _list_sources(session: Session, kind: DatedKind, most: int) -> list[tuple[str, str]]:
    """From one to the next along the natural keys, without reading what lies between."""
    model, _ = _TABLES[kind]
    first = select(model.network, model.source).order_by(model.network, model.source).limit(1)
    found: list[tuple[str, str]] = []
    row = session.execute(first).first()
    while row is not None and len(found) < most:
        found.append((row.network, row.source))
        # two steps: of both columns compared at once SQLite looks only the first up
        same = first.where(model.network == row.network, model.source > row.source)
        row = session.execute(same).first() or session.execute(first.where(model.network > row.network)).first()
    return found


def _of(table: Any, network: str, source: str) -> ColumnElement[bool]:
    return and_(table.network == network, table.source == source)


def _find_newest(
    session: Session, kind: DatedKind, network: str, source: str, is_alone: bool
) -> tuple[datetime | None, int | None]:
    """The newest moment of a source, and the run that brought that row."""
    model, moments = _TABLES[kind]
    newest: tuple[datetime | None, int | None] = (None, None)
    for moment in moments:
        latest = (
            select(moment.label("moment"), model.run_id, model.network, model.source)
            .where(moment.is_not(None))
            .order_by(moment.desc())
            .limit(1 if is_alone else _WALKED)
            .subquery()
        )
        here = true() if is_alone else _of(latest.c, network, source)
        found = select(latest.c.moment, latest.c.run_id).where(here).order_by(latest.c.moment.desc()).limit(1)
        row = session.execute(found).first()
        if row is None and not is_alone:
            own = select(moment.label("moment"), model.run_id).where(_of(model, network, source), moment.is_not(None))
            row = session.execute(own.order_by(moment.desc()).limit(1)).first()
        if row is not None and (newest[0] is None or row.moment > newest[0]):
            newest = (row.moment, row.run_id)
    return newest


@lru_cache
def _asked_of_days(kind: DatedKind, days: int) -> Any:
    """Whether each of so many days has a row. Made once: it is put together for longer than it is answered."""
    _, moments = _TABLES[kind]

    def has_any(number: int) -> ColumnElement[bool]:
        start: BindParameter[datetime] = bindparam(f"start_{number}")
        end: BindParameter[datetime] = bindparam(f"end_{number}")
        return or_(*(exists().where(moment >= start, moment < end) for moment in moments))

    return select(*(has_any(number).label(f"day_{number}") for number in range(days)))


def find_days_with_any(session: Session, kind: DatedKind, bounds: Sequence[tuple[datetime, datetime]]) -> list[bool]:
    """Whether there is a row of the kind, of whatever source, in each of these half-open spans (UTC)."""
    if not bounds:
        return []
    values = {f"start_{number}": start for number, (start, _) in enumerate(bounds)}
    values |= {f"end_{number}": end for number, (_, end) in enumerate(bounds)}
    return [bool(has) for has in session.execute(_asked_of_days(kind, len(bounds)), values).one()]
