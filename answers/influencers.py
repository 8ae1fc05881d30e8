"""Who moves the community: people by their scores in the graph of who answers, mentions and shares whom.

Scores are derived for four periods that end with the last day that has a post; a page asks for one of them and gets the
people who match, their ties with each other, and the communities that they are in.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.influence_people import Worth, describe_people, net_sentiment, read_worth
from answers.records import local_midnight
from answers.scope import Scope, read_scope
from data_access.models.derived import InfluencePeriod
from data_access.queries.influence_conditions import MOODS, RELATIONS, InfluenceConditions
from data_access.queries.influencers import (
    LOWEST_FIRST,
    REVENUE,
    is_influence_due,
    list_communities,
    list_influencers,
    list_team_influence,
    list_ties,
    list_ties_of,
    read_influence_period,
)

__all__ = ["LOWEST_FIRST", "MOODS", "PERIODS", "RELATIONS", "SCORES", "GraphFilters", "Influencers", "read_influencers"]

ALL = "all"
PERIODS = ("28", "90", "365", ALL)
MOST_SHOWN = 300
MOST_OF_A_COMMUNITY = 5_000
#: Of the team and bots so many are drawn where they are asked for.
MOST_OF_TEAM = 40
#: Communities that are named even where nobody shown is in them.
LARGEST_COMMUNITIES = 20


class Score(NamedTuple):
    """How a score is called, what it is in a sentence, and where it comes from."""

    title: str
    meaning: str
    source: str


SCORES: dict[str, Score] = {
    # first, since it says in a number that anybody can check what the others weigh
    "in_people": Score(
        "Responders",
        "How many different people answered, mentioned or shared them.",
        "In-degree: Cha et al., ICWSM 2010",
    ),
    "pagerank": Score(
        "PageRank",
        "How often one would meet them by following who answers, mentions and shares whom: being answered by "
        "people who are answered themselves counts for more. All people together have 1.",
        "Brin and Page, 1998",
    ),
    "in_strength": Score(
        "Attention",
        "The replies, mentions and shares that they got, a share counting twice, each losing half of its weight "
        "with every half-life of age (Settings).",
        "Weighted in-degree: Cha et al., ICWSM 2010",
    ),
    "betweenness": Score(
        "Brokerage",
        "The share, 0 to 1, of the shortest ways between two others that lead through them: high for who connects "
        "people that would not meet otherwise. Sampled where the graph is large.",
        "Freeman, 1977; Brandes, 2001",
    ),
    "constraint": Score(
        "Constraint",
        "How much the people they talk with also talk with each other: the lower, the more they stand between groups. "
        "Who talks with one person only has 1.",
        "Burt, Structural Holes, 1992",
    ),
    "core": Score(
        "Core",
        "The largest k such that they belong to a group in which everybody talks with at least k others of it.",
        "k-core: Seidman, 1983",
    ),
    "reach": Score(
        "Reach",
        "Followers of all their accounts together, where a network reports them. Alone it says little of influence.",
        "As the networks report it; Cha et al., ICWSM 2010",
    ),
    "h_index": Score(
        "h-index of shares",
        "The largest h such that h of their posts were each shared h times or more. Empty where no network reports "
        "shares.",
        "Hirsch, 2005, of shares in place of citations",
    ),
    REVENUE: Score(
        "Revenue",
        "What they bought themselves, orders less refunds (won deals where nobody orders), over all time, in the "
        "workspace's currency by the rates of the last day with data. It is not what their circle bought.",
        "Our own definition",
    ),
}


def describe_scores() -> pd.DataFrame:
    """Each score for the dictionary: ``score``, ``title``, ``meaning``, ``source``."""
    rows = [(name, *score) for name, score in SCORES.items()]
    return pd.DataFrame(rows, columns=["score", "title", "meaning", "source"])


class UnknownScore(KeyError):
    """People cannot be put in order by that."""

    def __str__(self) -> str:
        return f"{self.args[0]!r} is no score; there are {', '.join(SCORES)}"


@dataclass(frozen=True)
class GraphFilters:
    """What of the graph someone asked to see; empty or None is "no limit".

    ``period``: one of ``PERIODS``. ``networks``: people with a tie on one of them, and ties there. ``relations``
    (reply | mention | share): people who got one of those, and such ties. ``topic``: who wrote one of its newest
    50,000 posts in the period. ``sentiment`` (positive | neutral | negative): whether more of their posts in the period
    are positive than negative, of those with two scored ones. ``customers_only``, ``kind`` (of person), ``community``
    (its number). ``with_team``: the team and bots are drawn too, marked by ``role``; they have no rank.

    Raises ``ValueError`` where a value is none of these.
    """

    period: str
    networks: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    topic: str | None = None
    sentiment: str | None = None
    customers_only: bool = False
    kind: str | None = None
    community: int | None = None
    with_team: bool = False

    def __post_init__(self) -> None:
        if self.period not in PERIODS:
            raise ValueError(f"the period {self.period!r} is none of {', '.join(PERIODS)}")
        if unknown := sorted(set(self.relations) - set(RELATIONS)):
            raise ValueError(f"{', '.join(unknown)}: a relation is one of {', '.join(RELATIONS)}")
        if self.sentiment is not None and self.sentiment not in MOODS:
            raise ValueError(f"the sentiment {self.sentiment!r} is none of {', '.join(MOODS)}")


@dataclass(frozen=True)
class PeriodGraph:
    """The graph of a period: its days [``start``, ``end``), ``people`` of the public with a tie, ``ties`` (pairs with a
    direction), ``communities``; how many shortest paths brokerage is ``sampled_from`` (None: it is exact), the
    half-life of a tie, and whether there is a whole period before to compare with."""

    start: date
    end: date
    people: int
    ties: int
    communities: int
    sampled_from: int | None
    half_life_days: int
    has_before: bool

    @property
    def last_day(self) -> date:
        """The last day of it."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True)
class Influencers:
    """People of a graph who match, and what is between them.

    ``period``: None where no graph was ever worked out. ``people``: a row each, in order of the score asked for, with
    the columns of ``answers.influence_people.PEOPLE_COLUMNS``; the team and bots last, with ``rank`` 0. ``ties``
    between them: ``source_id`` (who answers, mentions, shares), ``target_id``, ``weight``, ``times``, ``replies``,
    ``mentions``, ``shares``. ``communities``: ``number``, ``label``, ``size``, ``size_before`` (Int64), ``growth``
    (share of the size before; NaN where that is unknown or 0), ``net_sentiment``, ``posts``, ``words``, ``topics``
    (lists as in ``Community``), ``weight_within``, ``weight_across``, ``x``, ``y``. ``total``: how many of the public
    match. ``is_due``: newer posts are yet to be counted. ``worth``: what ``revenue_minor`` is of.
    """

    filters: GraphFilters
    by: str
    period: PeriodGraph | None
    people: pd.DataFrame = field(repr=False)
    ties: pd.DataFrame = field(repr=False)
    communities: pd.DataFrame = field(repr=False)
    total: int
    is_due: bool
    worth: Worth


def period_of(filters: Filters, scope: Scope) -> tuple[str, bool]:
    """The period of scores that fits the days of ``filters``, and whether it is exactly those days.

    Periods end with the last day that has a post: one of 28, 90 or 365 days where the days chosen are just those, "all"
    where they are all that have data; else the shortest that covers them.
    """
    last = scope.last_post_day or scope.last_day
    if last is None:
        return ALL, False
    end = last + timedelta(days=1)
    spans = {name: end - timedelta(days=int(name)) for name in PERIODS if name != ALL}
    for name, start in spans.items():
        if (filters.start, filters.end) == (start, end):
            return name, True
    if scope.first_day is not None and filters.start <= scope.first_day and filters.end >= end:
        return ALL, True
    return next((name for name, start in spans.items() if filters.start >= start), ALL), False


def read_period(session: Session, period: str) -> PeriodGraph | None:
    """The graph of a period; None where it was never worked out."""
    row = read_influence_period(session, period)
    return None if row is None else _period(row)


def _period(row: InfluencePeriod) -> PeriodGraph:
    names = ("start", "end", "people", "ties", "communities", "sampled_from", "half_life_days", "has_before")
    return PeriodGraph(**{name: getattr(row, name) for name in names})


def conditions_of(filters: GraphFilters, period: PeriodGraph | None, scope: Scope) -> InfluenceConditions:
    """What ``filters`` asks of the store."""
    about = None
    if filters.topic is not None and period is not None:
        days = (local_midnight(day, scope.time_zone) for day in (period.start, period.end))
        about = (filters.topic, *days)
    return InfluenceConditions(
        period=filters.period,
        networks=filters.networks,
        relations=filters.relations if set(filters.relations) != set(RELATIONS) else (),
        mood=filters.sentiment,
        about=about,  # type: ignore[arg-type]
        customers_only=filters.customers_only,
        kind=filters.kind,
        community=filters.community,
    )


def read_influencers(
    session: Session,
    filters: GraphFilters,
    *,
    by: str = "pagerank",
    limit: int = MOST_SHOWN,
    scope: Scope | None = None,
) -> Influencers:
    """The first ``limit`` people by a score (a key of ``SCORES``; constraint lowest first), and their ties.

    Raises ``UnknownScore``.
    """
    if by not in SCORES:
        raise UnknownScore(by)
    scope = scope or read_scope(session)
    period, worth = read_period(session, filters.period), read_worth(session, scope)
    wanted = conditions_of(filters, period, scope)
    rows, total = list_influencers(session, wanted, by=by, limit=limit, worth=worth.column, rates=worth.rates)
    people = describe_people(session, rows, period=filters.period, scope=scope, worth=worth)
    if filters.with_team:
        people = _with_team(session, people, filters, scope, worth)
    return _influencers(session, filters, by, period, people, total, worth)


def _with_team(
    session: Session, people: pd.DataFrame, filters: GraphFilters, scope: Scope, worth: Worth
) -> pd.DataFrame:
    """Also those of the team and bots who talk most with the people shown."""
    ours = list_team_influence(session, filters.period)
    ties = list_ties_of(
        session,
        filters.period,
        ours["person_id"].tolist(),
        others=people["person_id"].tolist(),
        relations=filters.relations,
        networks=filters.networks,
    )
    ends = [ties[[end, "weight"]].set_axis(["person_id", "weight"], axis=1) for end in ("source_id", "target_id")]
    talk = pd.concat(ends).groupby("person_id")["weight"].sum()
    chosen = ours.assign(talk=ours["person_id"].map(talk)).dropna(subset="talk")
    chosen = chosen.sort_values(["talk", "person_id"], ascending=[False, True]).head(MOST_OF_TEAM)
    if chosen.empty:
        return people
    described = describe_people(session, chosen, period=filters.period, scope=scope, worth=worth, with_rank=False)
    return pd.concat([people, described], ignore_index=True)


def read_community(
    session: Session,
    filters: GraphFilters,
    number: int,
    *,
    by: str = "pagerank",
    limit: int = MOST_OF_A_COMMUNITY,
    scope: Scope | None = None,
) -> Influencers:
    """The people of a community, up to ``limit`` of them, and their ties with each other."""
    return read_influencers(session, replace(filters, community=number), by=by, limit=limit, scope=scope)


def _influencers(
    session: Session,
    filters: GraphFilters,
    by: str,
    period: PeriodGraph | None,
    people: pd.DataFrame,
    total: int,
    worth: Worth,
) -> Influencers:
    shown = [int(person) for person in people["person_id"]]
    return Influencers(
        filters=filters,
        by=by,
        period=period,
        people=people,
        ties=list_ties(session, filters.period, shown, relations=filters.relations, networks=filters.networks),
        communities=read_communities(
            session, filters.period, [int(number) for number in people["community"].dropna().unique()]
        ),
        total=total,
        is_due=is_influence_due(session),
        worth=worth,
    )


def read_communities(session: Session, period: str, numbers: list[int]) -> pd.DataFrame:
    """The communities of these numbers and the largest ones: columns as in ``Influencers.communities``."""
    rows = list_communities(session, period, numbers=numbers, largest=LARGEST_COMMUNITIES)
    before = rows["size_before"].astype("float64")
    growth = rows["size"] / before.where(before > 0) - 1
    described = rows.assign(growth=growth, net_sentiment=net_sentiment(rows))
    return described.drop(columns=["positive", "negative", "scored"])
