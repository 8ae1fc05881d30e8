"""Small communities and ways to compare stores, for the tests of jobs."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete
from sqlmodel import SQLModel

from data_access.models import derived
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal
from data_access.store import reading, writing
from jobs.derive.due import INFLUENCE
from jobs.importing import RecordStream, RunResult, import_input
from jobs.progress import Progress, Silence

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
#: Derived tables that say how and when something was computed, not what follows from the facts.
NOT_COMPARED = {"job", "data_version", "model"}
#: Kept for every account or for none, by what came first: ``tests/jobs/test_matching.py`` compares them.
OF_PAIRS = {"account_key", "profile_host"}
#: Scores of people are derived after a whole import, not with each run: ``tests/jobs/test_influence.py`` compares them.
OF_EVERYBODY = {"influence_period", "influence", "influence_count", "tie", "community"}
#: The derived tables that are kept up in slices.
DERIVED = sorted(
    name
    for name in (
        str(kind.__tablename__)
        for kind in vars(derived).values()
        if isinstance(kind, type) and issubclass(kind, SQLModel) and kind is not SQLModel
    )
    if name not in OF_EVERYBODY | OF_PAIRS
)
FACTS = [
    "brand",
    "channel",
    "deal",
    "deal_contact",
    "identity",
    "identity_name",
    "interaction",
    "order",
    "post",
    "visit",
]


def at(minutes: float) -> datetime:
    """So many minutes after Monday 2 March 2026, 08:00 UTC."""
    return START + timedelta(minutes=minutes)


def post(native_id: str, minutes: float, author: str | None = "ann", **values: Any) -> PostRecord:
    """A post in the channel "wall" of network "net"."""
    values.setdefault("channel", "wall")
    values.setdefault("text", f"This is what {author} wrote as {native_id}")
    return PostRecord("net", "net.example", native_id, occurred_at=at(minutes), author=author, **values)


def account(native_id: str, **values: Any) -> IdentityRecord:
    """An account of network "net"; its handle is its id."""
    return IdentityRecord("net", "net.example", native_id, handle=native_id, **values)


def channel(native_id: str = "wall", **values: Any) -> ChannelRecord:
    """A channel of network "net"."""
    return ChannelRecord("net", "net.example", native_id, name=native_id.title(), **values)


def bring(
    engine: Engine, records: Iterable[Record | Refusal], name: str = "test", progress: Progress | None = None
) -> RunResult:
    """Import records as one run."""
    stream = RecordStream(name, "test", records, identity=name)
    return import_input(engine, stream, progress or Silence(), options={})


def rows_of(engine: Engine, names: Sequence[str] = tuple(DERIVED)) -> dict[str, list[Any]]:
    """Every row of these tables, in an order of its own; that the scores of everybody are due is no row."""
    with reading(engine) as session:
        return {
            name: sorted(
                (tuple(row) for row in session.execute(SQLModel.metadata.tables[name].select()) if row[0] != INFLUENCE),
                key=repr,
            )
            for name in names
            if name not in NOT_COMPARED
        }


def empty(engine: Engine) -> None:
    """Delete every row."""
    with writing(engine, counts=False) as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.connection().execute(delete(table))
