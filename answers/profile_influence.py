"""How much one person moves the community: their scores in each period, their places, and the kinds of people that
they are."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope, read_scope
from data_access.queries.profile_influence import count_above, list_periods, list_scores_of
from data_access.settings import Settings
from metrics.influence_kinds import KindRules, describe_kinds

PERIODS = ("28", "90", "365", "all")
#: Scores by which a place is told: an index sorts by them.
PLACED = ("pagerank", "betweenness")
SCORES = ("pagerank", "in_strength", "in_people", "betweenness", "core", "reach", "h_index")


@dataclass(frozen=True)
class PeriodScores:
    """A person in the graph of one period. ``days``: the days that it is of. ``is_known``: whether that period was
    worked out; ``is_there``: whether the person has a row in it. ``people``: with a tie, among whom ``places`` are told
    (1 is the first; of scores above 0 alone). ``scores``: each of ``SCORES``, None where there is none. ``kinds``: such
    as ``advocate``. ``community``: its number, ``label`` what it talks about; None where in none."""

    period: str
    days: Filters
    is_known: bool = False
    is_there: bool = False
    people: int = 0
    role: str | None = None
    trend: str | None = None
    kinds: tuple[str, ...] = ()
    community: int | None = None
    label: str | None = None
    scores: dict[str, float | None] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    @property
    def is_tied(self) -> bool:
        """Whether they are scored: of the public, with somebody whom they talk with."""
        return self.scores.get("pagerank") is not None


def read_person_influence(session: Session, person_id: int, *, scope: Scope | None = None) -> tuple[PeriodScores, ...]:
    """The person in the graphs of 28, 90 and 365 days and of all days, each up to the last with a post."""
    scope = scope or read_scope(session)
    periods = list_periods(session).set_index("period")
    theirs = list_scores_of(session, person_id).set_index("period")
    found = []
    for period in PERIODS:
        if period not in periods.index:
            found.append(PeriodScores(period, _days_of(period, scope)))
            continue
        row = periods.loc[period]
        days = Filters(row["start"].date(), row["end"].date())
        known: dict[str, Any] = {"is_known": True, "people": int(row["people"])}
        if period in theirs.index:
            known |= _scored(session, period, theirs.loc[period])
        found.append(PeriodScores(period, days, **known))
    return tuple(found)


def _days_of(period: str, scope: Scope) -> Filters:
    """The days that a period is of, where it has not been worked out."""
    if period != "all":
        last = scope.last_post_day or scope.last_day or date.today()
        return Filters(last + timedelta(days=1 - int(period)), last + timedelta(days=1))
    every = scope.last_days(1)
    return every.between(min(scope.first_day or every.start, every.start), every.end)


def _scored(session: Session, period: str, row: pd.Series) -> dict[str, Any]:
    scores = {name: None if pd.isna(row[name]) else float(row[name]) for name in SCORES}
    places = {}
    for name in PLACED:
        value = scores[name]
        if value is not None and value > 0:
            places[name] = count_above(session, period, name, value) + 1
    return {
        "is_there": True,
        "role": _text(row["role"]),
        "trend": _text(row["trend"]),
        "kinds": tuple(kind for kind in str(row["kinds"]).split("|") if kind),
        "community": None if pd.isna(row["community"]) else int(row["community"]),
        "label": _text(row["label"]),
        "scores": scores,
        "places": places,
    }


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)


def describe_kind_rules(settings: Settings) -> dict[str, str]:
    """The rule of each kind of people in words, by kind, with the workspace's own thresholds.

    >>> describe_kind_rules(Settings(advocate_posts=4))["advocate"].split(",")[0]
    'At least 4 positive posts about us in 180 days'
    """
    rules = KindRules(
        advocate_posts=settings.advocate_posts,
        advocate_ratio=settings.advocate_ratio,
        advocate_days=settings.advocate_days,
    )
    return describe_kinds(rules)
