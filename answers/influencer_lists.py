"""Lists to act on: whom to thank, whom to answer, whom to ask, whom to welcome, whom to look up again.

Each is of people of one kind who match the filters, with the reason in words and, where one leads there, the post.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.influence_people import Worth, describe_people, read_revenue, read_worth
from answers.influencers import GraphFilters, PeriodGraph, conditions_of, read_period
from answers.records import local_midnight
from answers.scope import Scope, read_scope
from answers.waiting import read_waiting
from data_access.brands import list_own_brands
from data_access.models.derived import Label
from data_access.queries.influencer_lists import list_last_seen, list_newest_posts, list_sides_of, list_thanked
from data_access.queries.influencers import REVENUE, list_communities, list_first_influencers
from data_access.queries.posts import list_posts_by_id

MOST_LISTED = 50
#: Of the detractors so many, those with the most weight, are looked at for an open turn.
MOST_DETRACTORS = 500
_POST_COLUMNS = {"post_id": "Int64", "post_at": "datetime64[us, UTC]", "post_text": "object", "post_url": "object"}


class ActionList(NamedTuple):
    """How a list is called, what is on it and why one acts on it, and what to say where it is empty."""

    title: str
    explanation: str
    empty: str


LISTS: dict[str, ActionList] = {
    "advocates_to_thank": ActionList(
        "Advocates to thank",
        "People who praise us more than once and whom nobody has thanked since their newest praise; those who are "
        "listened to most first.",
        "Everybody who speaks for us has been thanked, or nobody does so often enough yet.",
    ),
    "detractors_to_answer": ActionList(
        "Detractors without an answer",
        "People who complain of us more than once, with a complaint to us that nobody has answered; those first who "
        f"are listened to most and have bought most. Of many detractors the {MOST_DETRACTORS:,} who are listened to "
        "most are looked at.",
        "No detractor waits for an answer.",
    ),
    "brokers": ActionList(
        "Brokers between communities",
        "People through whom communities hear of each other: the ones to ask to carry something across. First those "
        "whose ties into two communities weigh most.",
        "Nobody stands between communities in this period.",
    ),
    "rising_newcomers": ActionList(
        "Newcomers on the rise",
        "People who joined lately and are listened to already: a welcome counts most now. Most attention first.",
        "No newcomer has drawn much attention yet.",
    ),
    "silent_customers": ActionList(
        "Silent customers",
        "Customers who wrote nothing in the period, most revenue first: ask them how it goes.",
        "Every customer that we know of wrote something in the period.",
    ),
}


class UnknownList(KeyError):
    """There is no list of that name."""

    def __str__(self) -> str:
        return f"there is no list {self.args[0]!r}; there are {', '.join(LISTS)}"


def read_list(
    session: Session, name: str, filters: GraphFilters, limit: int = MOST_LISTED, *, scope: Scope | None = None
) -> pd.DataFrame:
    """The first ``limit`` people of a list (a key of ``LISTS``) of those who match ``filters``, whose kind does not
    count: ``person_id``, ``name``, ``handle``, ``why`` (in words), ``pagerank``, ``in_people``, ``community_label``,
    ``revenue_minor`` (Int64, the workspace's currency), ``net_sentiment``, ``is_watched``; ``post_id`` (Int64),
    ``post_at`` (UTC), ``post_text``, ``post_url``: the post that leads there, missing where none does; and what is of
    the list alone (see its function). Empty where no graph was worked out yet. Raises ``UnknownList``.
    """
    if name not in LISTS:
        raise UnknownList(name)
    scope, period = scope or read_scope(session), read_period(session, filters.period)
    if period is None:
        return _with_posts(session, _people(session, filters, scope, None, "advocate", 0), {}).assign(why="")
    return _READERS[name](session, filters, scope, period, limit)


def _people(
    session: Session,
    filters: GraphFilters,
    scope: Scope,
    period: PeriodGraph | None,
    kind: str,
    limit: int,
    by: str = "pagerank",
) -> pd.DataFrame:
    worth = read_worth(session, scope)
    rows = _scores(session, filters, scope, period, worth, kind, limit, by)
    return describe_people(session, rows, period=filters.period, scope=scope, worth=worth)


def _scores(
    session: Session,
    filters: GraphFilters,
    scope: Scope,
    period: PeriodGraph | None,
    worth: Worth,
    kind: str,
    limit: int,
    by: str = "pagerank",
) -> pd.DataFrame:
    wanted = conditions_of(replace(filters, kind=kind), period, scope)
    return list_first_influencers(session, wanted, by=by, limit=limit, worth=worth.column, rates=worth.rates)


_NO_POST = -1
_COLUMNS = [
    *("person_id", "name", "handle", "why", "pagerank", "in_people", "community_label", "revenue_minor"),
    *("net_sentiment", "is_watched"),
]


def _with_posts(session: Session, people: pd.DataFrame, posts: dict[int, int]) -> pd.DataFrame:
    """``people`` with the post of each, by ``person_id``."""
    ids = people["person_id"].map(posts).astype("Int64")
    rows = list_posts_by_id(session, sorted(set(posts.values()))).set_index("post_id")
    found = rows[["occurred_at", "text", "url"]].reindex(ids.fillna(_NO_POST).astype("int64"))
    values = {"post_id": ids, "post_at": found["occurred_at"], "post_text": found["text"], "post_url": found["url"]}
    named = {name: values[name].set_axis(people.index).astype(dtype) for name, dtype in _POST_COLUMNS.items()}
    texts = {name: column.where(column.notna(), None) for name, column in named.items() if column.dtype == "object"}
    return people.assign(**named | texts)


def _shown(people: pd.DataFrame, *more: str) -> pd.DataFrame:
    return people[[*_COLUMNS, *_POST_COLUMNS, *more]].reset_index(drop=True)


def _times(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def list_advocates_to_thank(
    session: Session, filters: GraphFilters, scope: Scope, period: PeriodGraph, limit: int
) -> pd.DataFrame:
    """Advocates whom nobody has thanked since their newest praise, which is their post; also ``praise`` and ``blame``
    (positive and negative posts about us in the advocates' days)."""
    thanked = list_thanked(session)
    people = _people(session, filters, scope, period, "advocate", limit + len(thanked))
    days = scope.settings.advocate_days
    since, until = (local_midnight(day, scope.time_zone) for day in (period.end - timedelta(days=days), period.end))
    praise = list_newest_posts(
        session,
        people["person_id"].tolist(),
        since=since,
        until=until,
        label=Label.POSITIVE,
        about=list_own_brands(session),
    )
    newest = dict(zip(praise["person_id"], praise["occurred_at"], strict=True))
    is_open = [
        person not in thanked or ((upto := thanked[person]) is not None and newest.get(person, _LONG_AGO) > upto)
        for person in people["person_id"]
    ]
    posts = dict(zip(praise["person_id"].tolist(), praise["post_id"].tolist(), strict=True))
    open_ones = _with_posts(session, people[pd.Series(is_open, index=people.index, dtype=bool)].head(limit), posts)
    why = [
        f"Praised us in {_times(row.praise, 'post', 'posts')} in {days} days"
        + (f", beside {_times(row.blame, 'negative one', 'negative ones')}" if row.blame else "")
        + ("; thanked before that" if row.person_id in thanked else "")
        for row in open_ones.itertuples()
    ]
    return _shown(_say(open_ones, why), "praise", "blame")


_LONG_AGO = pd.Timestamp.min.tz_localize("UTC")


def _say(people: pd.DataFrame, why: list[str]) -> pd.DataFrame:
    return people.assign(why=pd.Series(why, index=people.index, dtype="object"))


def list_detractors_to_answer(
    session: Session, filters: GraphFilters, scope: Scope, period: PeriodGraph, limit: int
) -> pd.DataFrame:
    """Detractors with an open turn of the period that holds a complaint to us and that nobody settled here; their post
    is the newest complaint in it. Also ``blame``, ``praise``, ``waiting`` (such turns) and ``waiting_seconds`` (of the
    one that waits longest, to the end of the data). In order of their places by PageRank and by revenue among all of
    these, added."""
    worth = read_worth(session, scope)
    scores = _scores(session, filters, scope, period, worth, "detractor", MOST_DETRACTORS)
    days = Filters(period.start, period.end, networks=filters.networks)
    held = _open_complaints(session, days, tuple(scores["person_id"].tolist()), scope)
    oldest = held.sort_values(["waiting_seconds", "opened_post_id"], ascending=[False, True])
    oldest = oldest.drop_duplicates("person_id").set_index("person_id")
    waiting = scores[scores["person_id"].isin(oldest.index)]
    revenue = waiting["person_id"].map(read_revenue(session, waiting["person_id"].tolist(), scope, worth))
    weight = waiting["pagerank"].fillna(0).rank(pct=True) + revenue.astype("float64").fillna(0).rank(pct=True)
    order = ["weight", "person_id"]
    heaviest = waiting.assign(weight=weight).sort_values(order, ascending=[False, True]).head(limit)
    people = describe_people(session, heaviest, period=filters.period, scope=scope, worth=worth)
    first = people.assign(
        waiting=people["person_id"].map(held["person_id"].value_counts()),
        waiting_seconds=people["person_id"].map(oldest["waiting_seconds"]),
    )
    posts = _complaints(session, oldest.loc[first["person_id"]])
    why = [
        f"{_times(row.blame, 'negative post', 'negative posts')} about us in {scope.settings.advocate_days} days; "
        f"{_waits(row.waiting_seconds)}"
        for row in first.itertuples()
    ]
    return _shown(_say(_with_posts(session, first, posts), why), "blame", "praise", "waiting", "waiting_seconds")


def _open_complaints(session: Session, days: Filters, people: tuple[int, ...], scope: Scope) -> pd.DataFrame:
    """The open turns of these people that hold a complaint to us."""
    return read_waiting(session, days, person=people, complaints_only=True, detailed=False, scope=scope).to_us.turns


def _complaints(session: Session, turns: pd.DataFrame) -> dict[int, int]:
    """The newest of the first and the last post of each turn that is negative, by ``person_id``, the index; the first
    where only one between them is."""
    ends = turns[["last_post_id", "opened_post_id"]].astype("int64")
    rows = list_posts_by_id(session, sorted(set(ends.to_numpy().ravel().tolist())))
    negative = set(rows.loc[rows["label"] == Label.NEGATIVE, "post_id"])
    return {
        int(person): int(last if last in negative else opened) for person, last, opened in ends.itertuples(name=None)
    }


def _waits(seconds: int) -> str:
    hours = int(seconds) // 3_600
    if hours < 1:
        return "waits since less than an hour before the end of the data"
    return "has waited " + (_times(hours, "hour", "hours") if hours < 48 else _times(hours // 24, "day", "days"))


def list_brokers(
    session: Session, filters: GraphFilters, scope: Scope, period: PeriodGraph, limit: int
) -> pd.DataFrame:
    """Brokers with the two communities into which their ties weigh most: ``first_community``, ``second_community``
    (numbers, Int64), ``first_label``, ``second_label``, ``weight_first``, ``weight_second``, and ``bridged``, the
    harmonic mean of the weights (0 where all their drawn ties end in one); ``betweenness``. The post: their newest."""
    people = _people(session, filters, scope, period, "broker", max(limit, MOST_LISTED), by="betweenness")
    sides = list_sides_of(session, filters.period, people["person_id"].tolist())
    place = sides.groupby("person_id").cumcount()
    labels = list_communities(session, filters.period, numbers=sides["community"].tolist()).set_index("number")["label"]
    ids, found = people["person_id"], {}
    for number, name in enumerate(("first", "second")):
        side = sides[place == number].set_index("person_id")
        found[f"{name}_community"] = ids.map(side["community"]).astype("Int64")
        found[f"{name}_label"] = found[f"{name}_community"].map(labels).astype("object")
        found[f"weight_{name}"] = ids.map(side["weight"]).fillna(0.0).astype("float64")
    both = found["weight_first"] * found["weight_second"]
    bridged = (2 * both / (found["weight_first"] + found["weight_second"])).fillna(0.0)
    rows = people.assign(**found, bridged=bridged)
    rows = rows.sort_values(["bridged", "betweenness", "person_id"], ascending=[False, False, True]).head(limit)
    why = [
        f"Between “{row.first_label}” and “{row.second_label}”"
        if row.bridged
        else "On many of the shortest ways between others"
        for row in rows.itertuples()
    ]
    shown = _with_posts(session, _say(rows, why), _newest(session, rows, scope, period))
    return _shown(shown, *found, "bridged", "betweenness")


def _newest(session: Session, people: pd.DataFrame, scope: Scope, period: PeriodGraph) -> dict[int, int]:
    since, until = (local_midnight(day, scope.time_zone) for day in (period.start, period.end))
    posts = list_newest_posts(session, people["person_id"].tolist(), since=since, until=until)
    return dict(zip(posts["person_id"].tolist(), posts["post_id"].tolist(), strict=True))


def list_rising_newcomers(
    session: Session, filters: GraphFilters, scope: Scope, period: PeriodGraph, limit: int
) -> pd.DataFrame:
    """Newcomers on the rise, those with the most attention first: ``first_on`` (the local day of their first post),
    ``in_strength``, ``in_strength_before``, ``posts``. The post: their newest."""
    people = _people(session, filters, scope, period, "newcomer_rising", limit, by="in_strength")
    why = [
        ("" if pd.isna(row.first_on) else f"First post on {row.first_on:%-d %b %Y}; ")
        + f"answered, mentioned or shared by {_times(row.in_people, 'person', 'people')}"
        for row in people.itertuples()
    ]
    shown = _with_posts(session, _say(people, why), _newest(session, people, scope, period))
    return _shown(shown, "first_on", "in_strength", "in_strength_before", "posts")


def list_silent_customers(
    session: Session, filters: GraphFilters, scope: Scope, period: PeriodGraph, limit: int
) -> pd.DataFrame:
    """Customers who wrote nothing in the period, most revenue first: ``last_order_at``, ``last_visit_at`` (UTC, NaT
    where none is known), ``first_on`` (NaT for who never wrote). No post leads there."""
    people = _people(session, filters, scope, period, "silent_customer", limit, by=REVENUE)
    seen = list_last_seen(session, people["person_id"].tolist())
    rows = people.join(seen, on="person_id")
    why = [
        _silence(row.first_on, local_day(row.last_order_at, scope), local_day(row.last_visit_at, scope))
        for row in rows.itertuples()
    ]
    return _shown(_with_posts(session, _say(rows, why), {}), "last_order_at", "last_visit_at", "first_on")


def local_day(moment: pd.Timestamp, scope: Scope) -> pd.Timestamp:
    """The moment in the workspace's time zone."""
    return moment if pd.isna(moment) else moment.tz_convert(scope.time_zone)


def _silence(first_on: pd.Timestamp, ordered: pd.Timestamp, visited: pd.Timestamp) -> str:
    words = "Never wrote" if pd.isna(first_on) else "Wrote before, and not in this period"
    words += "" if pd.isna(ordered) else f"; last order on {ordered:%-d %b %Y}"
    return words + ("" if pd.isna(visited) else f"; last seen on the website on {visited:%-d %b %Y}")


_Reader = Callable[[Session, GraphFilters, Scope, PeriodGraph, int], pd.DataFrame]
_READERS: dict[str, _Reader] = {
    "advocates_to_thank": list_advocates_to_thank,
    "detractors_to_answer": list_detractors_to_answer,
    "brokers": list_brokers,
    "rising_newcomers": list_rising_newcomers,
    "silent_customers": list_silent_customers,
}
