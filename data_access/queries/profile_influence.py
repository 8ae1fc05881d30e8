"""One person's scores in the graphs of all periods, and their place among everybody. Read through indexes."""

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import Community, Influence, InfluencePeriod
from data_access.queries.frames import Rows, read_frame

_OPTIONAL = ("core", "reach", "h_index", "community", "posts", "in_people")
_SCORES = (
    *("role", "kinds", "trend", "community", "pagerank", "in_strength", "in_people", "betweenness"),
    *("core", "reach", "h_index", "posts"),
)


def list_periods(session: Session) -> pd.DataFrame:
    """The periods that have scores: ``period``, ``start``, ``end``, ``people`` (with a tie)."""
    names = ("period", "start", "end", "people")
    statement: Rows = select(*(col(getattr(InfluencePeriod, name)) for name in names))
    return read_frame(session, statement)


def list_scores_of(session: Session, person_id: int) -> pd.DataFrame:
    """A person's rows of ``Influence``: ``period``, ``role``, ``kinds``, ``trend``, ``community`` and its ``label``,
    and the scores."""
    scores = (col(getattr(Influence, name)) for name in ("period", *_SCORES))
    # with the period, since the primary key begins with it
    is_of = (col(Influence.period) == col(InfluencePeriod.period)) & (col(Influence.person_id) == person_id)
    is_theirs = (col(Community.period) == col(Influence.period)) & (col(Community.number) == col(Influence.community))
    statement: Rows = (
        select(*scores, col(Community.label))
        .select_from(InfluencePeriod)
        .join(Influence, is_of)
        .join(Community, is_theirs, isouter=True)
    )
    return read_frame(session, statement, optional=_OPTIONAL)


def count_above(session: Session, period: str, score: str, value: float) -> int:
    """How many people have more of a score that an index sorts by (``pagerank``, ``betweenness``)."""
    above = select(func.count()).where(col(Influence.period) == period, col(getattr(Influence, score)) > value)
    return int(session.execute(above).scalar_one())
