"""How engaged one person is, as of the last day of data."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlmodel import Session

from answers.records import local_midnight
from answers.scope import Scope, read_scope
from data_access.queries.acts import list_acts
from data_access.queries.people import list_accounts
from metrics.engagement_score import (
    HALF_LIFE_DAYS,
    HALF_SCORE_POINTS,
    OLDEST_DAYS,
    WEIGHTS,
    EngagementScore,
    engagement_score,
)

#: What acts of a kind are called, one and several.
ACTS = {
    "order": ("order", "orders"),
    "feedback": ("survey answer", "survey answers"),
    "post": ("post", "posts"),
    "reply": ("reply or comment", "replies and comments"),
    "share": ("share", "shares"),
    "answer": ("reply received", "replies received"),
    "visit": ("visit", "visits"),
}


@dataclass(frozen=True)
class PersonEngagement:
    """``score`` (0 to below 100) and ``parts`` as in ``metrics.engagement_score``; ``as_of``: the last day of data.
    ``how``: what made this score, and how any is made, in sentences."""

    score: float
    as_of: date
    parts: pd.DataFrame
    how: tuple[str, ...]


def read_engagement_score(session: Session, person_id: int, *, scope: Scope | None = None) -> PersonEngagement:
    """How engaged a person is: each post, reply, share, reply received, visit, survey answer and order of theirs,
    weighing half after 30 days. Days are the workspace's."""
    scope = scope or read_scope(session)
    as_of = scope.last_days(1).last_day
    accounts = [int(account) for account in list_accounts(session, person_id)["identity_id"]]
    since = local_midnight(as_of - timedelta(days=OLDEST_DAYS), scope.time_zone)
    acts = list_acts(session, accounts, since=since)
    days_of = acts["occurred_at"].dt.tz_convert(scope.time_zone).dt.tz_localize(None).dt.normalize()
    # what an export of sales has after the last post counts as of the last day
    days = (pd.Timestamp(as_of) - days_of).dt.days.clip(lower=0)
    counted = acts.assign(days=days).groupby(["kind", "days"]).size().rename("times").reset_index()
    score = engagement_score(counted)
    return PersonEngagement(score.score, as_of, score.parts, (describe_parts(score), *describe_weights()))


def describe_parts(score: EngagementScore) -> str:
    """What a score is made of.

    >>> parts = pd.DataFrame({"kind": ["post", "visit"], "times": [5, 1], "points": [9.0, 1.0], "score": [30.0, 3.3]})
    >>> describe_parts(EngagementScore(33.3, 10.0, parts))
    '30.0 from 5 posts, 3.3 from 1 visit.'
    """
    if score.parts.empty:
        return f"Nothing in the last {OLDEST_DAYS} days of data."
    made = [
        f"{row.score:.1f} from {row.times:,} {ACTS[row.kind][int(row.times) != 1]}"
        for row in score.parts.itertuples(index=False)
    ]
    return f"{', '.join(made)}."


def describe_weights() -> tuple[str, str]:
    """How a score is made, in two sentences."""
    weights = ", ".join(f"{ACTS[kind][0]} {weight:.0f}" for kind, weight in WEIGHTS.items())
    return (
        f"Points an act: {weights}; half of it after {HALF_LIFE_DAYS} days, a quarter after {2 * HALF_LIFE_DAYS}.",
        f"{HALF_SCORE_POINTS:.0f} points make a score of 50, {2 * HALF_SCORE_POINTS:.0f} one of 67; 100 is never "
        "reached. The weights are our own.",
    )
