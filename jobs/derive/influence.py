"""The graph of who answers, mentions and shares whom, for a period: scores, communities, and what is drawn of it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.columns import to_micros
from data_access.models.derived import Role
from data_access.models.facts import ImportRun
from data_access.queries import influence_graph as graph
from data_access.queries.channels import read_span
from data_access.queries.influence_graph import TIE_KINDS, Acts, Integers
from data_access.settings import Settings
from data_access.store import drop_page_cache
from jobs.collection import give_back_memory
from jobs.derive.rules import Rules
from metrics.communities import sizes_before
from metrics.influence import Scores, h_indices, influence_scores, merge_ties, standing, trend
from metrics.influence_kinds import KindRules, kinds_of_people
from metrics.influence_layout import layout
from metrics.tie_weights import KIND_WEIGHTS, faded

#: The periods that scores are kept for, by their days; None for all of them.
PERIODS: dict[str, int | None] = {"28": 28, "90": 90, "365": 365, "all": None}
#: So many people, the most important, are drawn; and of the team and bots those with the most ties to them.
MOST_DRAWN = 5_000
MOST_OTHERS_DRAWN = 100
#: A community is at least so many people.
LEAST_PEOPLE = 3
_SEED = 1
#: From so many ties on a graph takes memory enough to give it back at once.
_WORTH_GIVING_BACK = 50_000
_DAY_MICROS = 86_400 * 1_000_000
_KIND_WEIGHTS = np.array([KIND_WEIGHTS[str(kind)] for kind in TIE_KINDS])


@dataclass(frozen=True)
class Source:
    """What the graphs of all periods are made from."""

    acts: Acts
    roles: dict[int, str]
    first_on: pd.Series
    followers: pd.Series
    shares: Integers
    customers: Integers
    about_us: pd.DataFrame
    settings: Settings
    zone: ZoneInfo
    first: date
    last: date


@dataclass(frozen=True)
class Window:
    """A half-open range of local days."""

    start: date
    end: date
    zone: ZoneInfo

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins and ends."""
        start, end = (datetime.combine(day, time(), self.zone) for day in (self.start, self.end))
        return start, end

    @property
    def micros(self) -> tuple[int, int]:
        """The same in microseconds since 1970, UTC."""
        start, end = self.moments
        return to_micros(start), to_micros(end)

    def before(self) -> "Window":
        """The range of the same length before it."""
        return Window(self.start - (self.end - self.start), self.start, self.zone)


@dataclass(frozen=True)
class Graph:
    """The acts of a window, a row each, and the ties of the public that they add up to."""

    acts: pd.DataFrame
    ties: pd.DataFrame
    networks: tuple[str, ...]


@dataclass(frozen=True)
class Scored:
    """Scores, and what ties they are of, as a digest: they are kept while the next period is derived, which may be of
    millions."""

    digest: bytes
    scores: Scores


@dataclass(frozen=True)
class PeriodRows:
    """The rows of a period: of ``InfluencePeriod``, ``Influence``, ``Tie``; the ties that communities are of, and the
    scores of those."""

    window: Window
    summary: dict[str, Any]
    people: pd.DataFrame
    ties: pd.DataFrame
    all_ties: pd.DataFrame
    scored: Scored
    before: pd.Series | None


def read_source(session: Session, rules: Rules) -> Source | None:
    """All that the graphs of every period are made from; None where there is no post. They end with the day of the
    newest import at the latest: a later post is of a clock that is wrong."""
    # not with the present day: the rows would change with the clock
    imported_at = session.scalar(select(func.max(col(ImportRun.started_at))))
    imported_on = None if imported_at is None else imported_at.astimezone(rules.zone).date()
    span = read_span(session, today=imported_on, time_zone=rules.settings.time_zone)
    if span.first_day is None or span.last_day is None:
        return None
    settings = rules.settings
    end = span.last_day + timedelta(days=1)
    since = end - timedelta(days=settings.advocate_days)
    return Source(
        acts=graph.read_acts(session),
        roles=graph.list_roles(session),
        first_on=graph.list_first_days(session),
        followers=graph.sum_followers(session),
        shares=graph.read_shares(session),
        customers=graph.list_customers(session),
        about_us=graph.count_about_us(session, since=since, until=end),
        settings=settings,
        zone=rules.zone,
        first=span.first_day,
        last=span.last_day,
    )


def window_of(source: Source, period: str) -> Window:
    """The days of a period: up to the last with a post."""
    days, end = PERIODS[period], source.last + timedelta(days=1)
    return Window(source.first if days is None else end - timedelta(days=days), end, source.zone)


def derive_period(session: Session, source: Source, period: str, last: Scored | None = None) -> PeriodRows:
    """Score everybody in a period. ``last``: the scores of another, which hold here where it has the same ties."""
    window = window_of(source, period)
    now = _graph_of(source, window)
    is_large = len(now.ties) >= _WORTH_GIVING_BACK
    digest = _digest(now.ties)
    if last is None or last.digest != digest:
        if is_large:
            give_back_memory()  # what making the ties left
        last = Scored(digest, influence_scores(now.ties, seed=_SEED))
        if is_large:
            give_back_memory()  # the graphs that were scored
    scores = last.scores
    posts = graph.count_posts(session, since=window.start, until=window.end)
    if is_large:
        drop_page_cache(session)  # all that was read to count them
    people = _people(posts, source, window, now, scores.people)
    reaches_back = PERIODS[period] is not None and window.before().start >= source.first
    before = _graph_of(source, window.before()) if reaches_back else None
    people = _with_trend(people, before)
    people = _with_kinds(people, source, window, now)
    drawn = _drawn(people, now)
    people = people.join(_positions(drawn, people, now))
    sizes = None if before is None else sizes_before(before.ties, people["community"].dropna().astype("int64"))
    summary = {
        "period": period,
        "start": window.start,
        "end": window.end,
        "people": len(scores.people),
        "ties": len(now.ties),
        "communities": int((people["community"].value_counts() >= LEAST_PEOPLE).sum()),
        "sampled_from": scores.sampled_from,
        "half_life_days": _half_life(source),
        "has_before": reaches_back,
    }
    return PeriodRows(window, summary, people, _tie_rows(drawn, now), now.ties, last, sizes)


def _digest(ties: pd.DataFrame) -> bytes:
    """What tells these ties from others: all of them."""
    found = hashlib.sha256()
    for name in ("source", "target", "weight"):
        found.update(ties[name].to_numpy())
    return found.digest()


def _half_life(source: Source) -> int:
    """In days; a day at least, since nothing is left of a tie that fades at once."""
    return max(1, source.settings.influence_half_life_days)


def _graph_of(source: Source, window: Window) -> Graph:
    """The acts within a window, without those of the muted, and the public's ties."""
    start, end = window.micros
    acts = source.acts
    place = np.flatnonzero((acts.micros >= start) & (acts.micros < end))
    muted = [person for person, role in source.roles.items() if role == Role.MUTED]
    others = list(source.roles)
    rows = pd.DataFrame(
        {
            "source": acts.source[place],
            "target": acts.target[place],
            "kind": acts.kind[place],
            "network": acts.network[place],
        }
    )
    age = (end - acts.micros[place]) / _DAY_MICROS
    rows["weight"] = _KIND_WEIGHTS[rows["kind"]] * faded(age, _half_life(source))
    ends = rows[["source", "target"]]
    if muted:
        rows = rows[~ends.isin(muted).any(axis=1)]
        ends = rows[["source", "target"]]
    rows = rows.assign(is_public=~ends.isin(others).any(axis=1) if others else True)
    public = rows["is_public"].to_numpy()
    ties = merge_ties(*(rows[name].to_numpy()[public] for name in ("source", "target", "weight")))
    return Graph(rows, ties, acts.networks)


def _people(posts: pd.DataFrame, source: Source, window: Window, now: Graph, scores: pd.DataFrame) -> pd.DataFrame:
    """A row for everybody who wrote, has a tie, or is a customer; ``person_id`` is the index."""
    scored = scores.set_index("person_id")
    outside = pd.Index(np.unique(now.acts[["source", "target"]].to_numpy()))
    ids = posts.index.union(scored.index).union(outside).union(pd.Index(source.customers))
    ids = ids[~ids.isin([person for person, role in source.roles.items() if role == Role.MUTED])]
    people = pd.DataFrame(index=pd.Index(ids, name="person_id", dtype="int64")).join(posts).join(scored)
    people["role"] = pd.Series(source.roles, dtype="object").reindex(people.index)
    is_public, target = now.acts["is_public"].to_numpy(), now.acts["target"].to_numpy()
    for number, name in enumerate(("in_replies", "in_mentions", "in_shares")):
        people[name] = _counted(target[is_public & (now.acts["kind"] == number).to_numpy()])
    # an empty frame would take over whoever is in a series that it is given
    about_us = source.about_us.reindex(people.index)
    people["praise"] = about_us["positive"]
    people["blame"] = about_us["negative"]
    counts = ["posts", "positive", "negative", "scored", "in_replies", "in_mentions", "in_shares", "praise", "blame"]
    counts += ["in_people", "out_people", "in_strength", "out_strength"]
    people[counts] = people[counts].fillna(0)
    people["reach"] = source.followers.reindex(people.index)
    people["h_index"] = _h_indices(source, window).reindex(people.index)
    scores_of_public = ["reach", "h_index"]
    people[scores_of_public] = people[scores_of_public].where(people["role"].isna())
    people["first_on"] = source.first_on.reindex(people.index)
    people["networks"] = _networks(now).reindex(people.index).fillna("|")
    people["is_customer"] = people.index.isin(source.customers)
    return people


def _counted(ids: Integers) -> pd.Series:
    found, times = np.unique(ids, return_counts=True)
    return pd.Series(times, index=found)


def _h_indices(source: Source, window: Window) -> pd.Series:
    start, end = window.micros
    shares = source.shares[(source.shares[:, 1] >= start) & (source.shares[:, 1] < end)]
    return h_indices(shares[:, 0], shares[:, 2])


def _networks(now: Graph) -> pd.Series:
    """On which networks everybody has ties, such as |reddit|twitter|, by person."""
    many = max(len(now.networks), 1)
    network = now.acts["network"].to_numpy(dtype="int64")
    pairs = pd.unique(np.concatenate([now.acts[end].to_numpy() * many + network for end in ("source", "target")]))
    found = pd.DataFrame({"person": pairs // many, "network": pairs % many})
    # few sets of networks occur: each is one number, a bit for each of them, and made into words once
    bits = pd.Series(np.left_shift(1, found["network"].to_numpy()))
    masks = bits.groupby(found["person"]).sum()
    words = {
        mask: "".join(f"|{name}" for place, name in enumerate(now.networks) if mask >> place & 1) + "|"
        for mask in masks.unique().tolist()
    }
    return masks.map(words).astype("object")


def _with_trend(people: pd.DataFrame, before: Graph | None) -> pd.DataFrame:
    """Adds ``pagerank_before``, ``in_strength_before`` and ``trend``; without a period before there is none."""
    if before is None:
        return people.assign(pagerank_before=np.nan, in_strength_before=np.nan, trend=None)
    then = standing(before.ties)
    now = people[people["pagerank"].notna()].reset_index()
    found = then.set_index("person_id").reindex(people.index)
    return people.assign(
        pagerank_before=found["pagerank"],
        in_strength_before=found["in_strength"].fillna(0.0),
        trend=trend(now, then).reindex(people.index),
    )


def _with_kinds(people: pd.DataFrame, source: Source, window: Window, now: Graph) -> pd.DataFrame:
    """Adds ``kinds``, such as |advocate|hub|: of the public only."""
    settings = source.settings
    rules = KindRules(
        advocate_posts=settings.advocate_posts,
        advocate_ratio=settings.advocate_ratio,
        advocate_days=settings.advocate_days,
    )
    public = people[people["role"].isna()]
    first = pd.to_datetime(public["first_on"])
    known = public.assign(
        first_on_days=(pd.Timestamp(window.end) - first).dt.days.astype("float64"),
        tie_communities=_count_communities(now, public["community"]).reindex(public.index).fillna(0),
    )
    days = (window.end - window.start).days
    kinds = kinds_of_people(known, rules, period_days=days).map(lambda names: "".join(f"{name}|" for name in names))
    return people.assign(kinds="|" + kinds.reindex(people.index).fillna(""))


def _count_communities(now: Graph, community: pd.Series) -> pd.Series:
    """In how many communities the ties of each person end, by person."""
    known = community.dropna().astype("int64").sort_index()
    ids, numbers = known.index.to_numpy(), known.to_numpy()
    many = int(numbers.max(initial=0)) + 1
    pairs = []
    for end, other in (("source", "target"), ("target", "source")):
        one, there = (np.searchsorted(ids, now.ties[name].to_numpy()) for name in (end, other))
        pairs.append(np.unique(one * many + numbers[there]))
    found, times = np.unique(np.unique(np.concatenate(pairs)) // many, return_counts=True)
    return pd.Series(times, index=ids[found])


def _drawn(people: pd.DataFrame, now: Graph) -> pd.DataFrame:
    """Who is drawn, ``person_id`` the index: the most important of the public, and those of the team and the bots who
    have the most to do with them."""
    public = people[people["pagerank"].notna()].sort_values("pagerank", ascending=False, kind="stable")
    drawn = public.head(MOST_DRAWN)
    acts = now.acts[~now.acts["is_public"]]
    is_with = acts["source"].isin(drawn.index) | acts["target"].isin(drawn.index)
    others = pd.concat([acts.loc[is_with, "source"], acts.loc[is_with, "target"]])
    others = others[others.isin(people.index[people["role"].notna()])].value_counts().sort_index(kind="stable")
    most = others.sort_values(ascending=False, kind="stable").head(MOST_OTHERS_DRAWN)
    return pd.concat([drawn[["community"]], pd.DataFrame(index=most.index, columns=["community"], dtype="float64")])


def _positions(drawn: pd.DataFrame, people: pd.DataFrame, now: Graph) -> pd.DataFrame:
    """Where they are drawn, ``x`` and ``y``: the team and bots in the middle of whom they talk with."""
    public = drawn[drawn["community"].notna()]
    ties = now.ties[now.ties["source"].isin(public.index) & now.ties["target"].isin(public.index)]
    if public.empty:
        return pd.DataFrame({"x": [], "y": []}, dtype="float64")
    places = layout(ties, public["community"].astype("int64"), seed=_SEED).set_index("person_id")[["x", "y"]]
    acts = now.acts[~now.acts["is_public"]]
    there = acts[["source", "target", "weight"]].set_axis(["other", "person", "weight"], axis=1)
    back = acts[["target", "source", "weight"]].set_axis(["other", "person", "weight"], axis=1)
    both = pd.concat([there, back])
    both = both[both["other"].isin(drawn.index.difference(public.index)) & both["person"].isin(places.index)]
    weighted = places.reindex(both["person"]).mul(both["weight"].to_numpy(), axis=0).groupby(both["other"].to_numpy())
    middles = weighted.sum().div(both.groupby("other")["weight"].sum(), axis=0)
    return pd.concat([places, middles]).rename_axis("person_id")


def _tie_rows(drawn: pd.DataFrame, now: Graph) -> pd.DataFrame:
    """The rows of ``Tie`` of a period: between those who are drawn."""
    acts = now.acts
    acts = acts[acts["source"].isin(drawn.index) & acts["target"].isin(drawn.index)]
    keys = ["source", "target", "kind", "network"]
    # in an order of its own, so that sums do not depend on the order in which facts came in
    ordered = acts.sort_values([*keys, "weight"], kind="stable")
    ties = ordered.groupby(keys, as_index=False, sort=True).agg(times=("weight", "size"), weight=("weight", "sum"))
    return ties.assign(
        kind=ties["kind"].map(dict(enumerate(map(str, TIE_KINDS)))),
        network=ties["network"].map(dict(enumerate(now.networks))),
    )
