"""Influence: the scores of every period derived anew where something has changed, after imports and in the background.

A graph's scores hang on all of it, so they are not kept up in slices: ``Due`` says that they no longer hold, the job
``influence`` derives them, and until then the scores of before are shown.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine, Table, delete, func, select
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_columns, insert_rows
from data_access.models import derived
from data_access.queries.influence_conditions import COUNT
from data_access.queries.influence_conditions import INFLUENCE as _PEOPLE
from data_access.store import drop_page_cache, read_data_version, reading, writing
from data_access.upsert import chunks, table
from jobs.collection import give_back_memory
from jobs.derive import load_rules
from jobs.derive.due import DUE, INFLUENCE, mark_due
from jobs.derive.influence import DECIMALS, PERIODS, PeriodRows, Scored, derive_period, read_source
from jobs.derive.influence_communities import community_rows
from jobs.derive.influence_counts import count_alike
from jobs.progress import Progress

_PERIOD = table(derived.InfluencePeriod)
_TIE = table(derived.Tie)
_COMMUNITY = table(derived.Community)
#: The largest graph while the memory is in one piece.
_LONGEST_FIRST = tuple(reversed(PERIODS))
_NOTED, _UNDER_WAY = 0, 1
_RENAMED = {"source": "source_id", "target": "target_id"}
#: Rows made into objects at a time: a row of scores takes a kilobyte.
_ROWS_AT_ONCE = 5_000
#: So large a part of the people with other scores is many.
_MANY = 0.2
#: From so many people on a graph takes memory enough to look for some.
_WORTH_GIVING_BACK = 20_000


def derive_influence(engine: Engine, progress: Progress) -> bool:
    """Derive the scores of all periods anew where that is due, again where something changes meanwhile. Killed, they
    stay due. Returns whether anything was."""
    if not _begin(engine):
        return False
    while True:
        derive_periods(engine, progress)
        if _end(engine):
            return True
        _begin(engine)


def _begin(engine: Engine) -> bool:
    """Note that what is due is under way: what changes from now on is noted again."""
    with writing(engine, counts=False) as session:
        keys = set(session.scalars(select(DUE.c.key).where(DUE.c.kind == INFLUENCE)))
        session.connection().execute(delete(DUE).where(DUE.c.kind == INFLUENCE, DUE.c.key == _NOTED))
        if keys:
            mark_due(session, INFLUENCE, [_UNDER_WAY])
        return bool(keys)


def _end(engine: Engine) -> bool:
    """Note that it is done. False where something has changed meanwhile."""
    with writing(engine) as session:
        session.connection().execute(delete(DUE).where(DUE.c.kind == INFLUENCE, DUE.c.key == _UNDER_WAY))
        return session.execute(select(DUE.c.key).where(DUE.c.kind == INFLUENCE)).first() is None


def derive_periods(engine: Engine, progress: Progress, periods: Sequence[str] = _LONGEST_FIRST) -> None:
    """Derive the scores of these periods, due or not, each in one transaction."""
    progress.step("Who moves the community", len(periods), "periods")
    with writing(engine, counts=False) as session:
        rules = load_rules(session)
    with reading(engine) as session:
        is_large = (session.scalar(select(func.max(table(derived.Person).c.id))) or 0) >= _WORTH_GIVING_BACK
        if is_large:
            _give_back(engine, session)  # what an import leaves
        source = read_source(session, rules)
        if is_large:
            _give_back(engine, session)
        scored: Scored | None = None
        for number, period in enumerate(periods):
            if source is None:
                with writing(engine) as other:
                    _forget(other, period)
                continue
            rows = derive_period(session, source, period, scored)
            communities = community_rows(session, rows)
            differing = _find_differing(engine, period, rows.people.reset_index())
            with writing(engine) as other:
                _write(other, period, rows, communities, differing)
            scored = rows.scored
            del rows, communities  # before the next is made
            if is_large:
                _give_back(engine, session)
            progress.at(number + 1)


def _give_back(engine: Engine, session: Session) -> None:
    """Give back what is free, and the pages that were read and written: a graph needs the room."""
    with reading(engine) as other:  # beside the open session's this is the connection that wrote
        for each in (session, other):
            drop_page_cache(each)
    give_back_memory()


def _forget(session: Session, period: str, *targets: Table) -> None:
    for target in targets or (_PERIOD, _PEOPLE, COUNT, _TIE, _COMMUNITY):
        session.connection().execute(delete(target).where(target.c.period == period))


@dataclass(frozen=True)
class _Differing:
    """Whose row of a period is not as it should be: their ``places`` in the new rows, and the ``ids`` whose row goes.
    ``version``: of the store that they were held against."""

    version: int
    places: list[int]
    ids: list[int]


def _find_differing(engine: Engine, period: str, people: pd.DataFrame) -> _Differing | None:
    """None where many differ: then it is quicker to write all of them. While this looks, others can write."""
    names = [column.name for column in _PEOPLE.c if column.name in people.columns]
    statement = select(*(_PEOPLE.c[name] for name in names)).where(_PEOPLE.c.period == period)
    key, places, ids = names.index("person_id"), list[int](), list[int]()
    by_id = statement.order_by(_PEOPLE.c.person_id).execution_options(yield_per=_ROWS_AT_ONCE)
    with reading(engine) as session, closing(session.execute(by_id)) as found:
        version = read_data_version(session)
        stored = iter(found)
        held = next(stored, None)
        for start in range(0, len(people), _ROWS_AT_ONCE):
            part = people.iloc[start : start + _ROWS_AT_ONCE]
            columns = _columns(part, _PEOPLE, names)
            for place, row in enumerate(zip(*columns.values(), strict=True), start):
                while held is not None and held[key] < row[key]:
                    ids.append(held[key])
                    held = next(stored, None)
                if held is not None and tuple(held) == row:
                    held = next(stored, None)
                else:  # a row of theirs that is there goes at the next turn
                    places.append(place)
            if len(places) > (start + len(part)) * _MANY:
                return None
        if held is not None:
            ids += [row[key] for row in (held, *stored)]
    return _Differing(version, places, ids)


def _write(
    session: Session,
    period: str,
    rows: PeriodRows,
    communities: Sequence[dict[str, Any]],
    differing: _Differing | None = None,
) -> None:
    """Replace the rows of a period, in one transaction, so that nobody reads the scores of two moments."""
    people = rows.people.reset_index()
    if differing is not None and read_data_version(session) == differing.version:
        _forget(session, period, _PERIOD, COUNT, _TIE, _COMMUNITY)
        for part in chunks(differing.ids):
            is_gone = among(_PEOPLE.c.person_id, part)
            session.connection().execute(delete(_PEOPLE).where(_PEOPLE.c.period == period, is_gone))
        people = people.iloc[differing.places]
    else:
        _forget(session, period)
    insert_rows(session, _PERIOD, [rows.summary])
    _insert_frame(session, _PEOPLE, people, period)
    count_alike(session, period)
    _insert_frame(session, _TIE, rows.ties.rename(columns=_RENAMED), period)
    insert_rows(session, _COMMUNITY, list(communities))


def _insert_frame(session: Session, target: Table, frame: pd.DataFrame, period: str) -> None:
    names = [column.name for column in target.c if column.name in frame.columns]
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        insert_columns(session, target, {"period": [period] * len(part)} | _columns(part, target, names))


def _columns(frame: pd.DataFrame, target: Table, names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: _plain(frame[name], target.c[name].type.python_type) for name in names}


def _plain(column: pd.Series, kind: type) -> list[Any]:
    """The values of a column as the engine takes them: None for what is missing."""
    is_missing = column.isna().to_numpy()
    values: np.ndarray[Any, np.dtype[Any]] = column.to_numpy(dtype="object")
    if kind is float:
        values = column.to_numpy(dtype="float64").round(DECIMALS)
    elif kind is date:
        values = column.to_numpy(dtype="datetime64[D]").astype("object")
    elif kind is int:
        values = column.fillna(0).to_numpy().astype("int64")
    if is_missing.any():
        values = values.astype("object")
        values[is_missing] = None
    plain: list[Any] = values.tolist()
    return plain
