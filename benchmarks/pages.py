"""How long the answers behind the pages take on a store, and how long a decision takes to show."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session

from answers.catalogue import compute_metric, list_metrics
from answers.engagement import read_engagement
from answers.filters import Filters
from answers.records import RecordFilters, read_records
from answers.scope import Scope, read_scope
from answers.sentiment import read_sentiment
from answers.today import read_today
from answers.waiting import read_waiting
from benchmarks.measure import Row, seconds_of
from data_access.models.facts import Post
from data_access.store import reading
from jobs.decisions import relabel

#: What each page asks for.
ANSWERS: dict[str, Callable[[Session, Filters], Any]] = {
    "today": lambda session, filters: (read_today(session, filters), read_waiting(session, filters)),
    "engagement": read_engagement,
    "sentiment": read_sentiment,
    "records, newest 50": lambda session, filters: read_records(session, RecordFilters(filters)),
}
WARM_MILLISECONDS = 200
LABEL_MILLISECONDS = 300


def time_answer(engine: Engine, work: Callable[[Any], Any]) -> float:
    """Milliseconds of an answer, warm: the best of three."""
    with reading(engine) as session:
        return 1_000 * seconds_of(lambda: work(session), times=3)


def measure_answers(engine: Engine, label: str) -> list[Row]:
    """Each page's answer for a year and for a week; every metric of the catalogue; one correction of a label."""
    with reading(engine) as session:
        scope = read_scope(session)
    rows = []
    for name, work in ANSWERS.items():
        spent = {days: time_answer(engine, _with(work, scope.last_days(days))) for days in (365, 7)}
        shown = ", ".join(f"{days} days {spent[days]:,.0f} ms" for days in spent)
        met = max(spent.values()) < WARM_MILLISECONDS
        rows.append(Row(f"{name} ({label})", shown, f"under {WARM_MILLISECONDS} ms", met))
    rows.append(_measure_metrics(engine, scope, label))
    rows.append(_measure_relabel(engine, label))
    return rows


def _with(work: Callable[[Any, Filters], Any], filters: Filters) -> Callable[[Any], Any]:
    return lambda session: work(session, filters)


def _measure_metrics(engine: Engine, scope: Scope, label: str) -> Row:
    slowest, name = max(
        (time_answer(engine, lambda s, n=metric.name: compute_metric(s, n, scope.last_days(365))), metric.name)
        for metric in list_metrics()
    )
    return Row(f"slowest metric over a year ({label})", f"{name}: {slowest:,.0f} ms")


def _measure_relabel(engine: Engine, label: str) -> Row:
    with reading(engine) as session:
        post = session.execute(select(Post).order_by(Post.id.desc()).limit(1)).scalars().one()  # type: ignore[union-attr]
    key = {"network": post.network, "source": post.source, "native_id": post.native_id}
    spent = 1_000 * seconds_of(lambda: relabel(engine, **key, label="neutral", decided_by="Bench"), times=3)
    is_met = spent < LABEL_MILLISECONDS
    return Row(f"correcting a label ({label})", f"{spent:,.0f} ms", f"under {LABEL_MILLISECONDS} ms", is_met)
