"""The graph of who answers, mentions and shares whom, for a period: scores, communities, and what is drawn of it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.columns import to_micros
from data_access.models.derived import Role
from data_access.models.facts import ImportRun, RunStatus
from data_access.queries import influence_graph as graph
from data_access.queries.channels import read_span
from data_access.queries.influence_graph import TIE_KINDS, Acts, Integers
from data_access.settings import Settings
from data_access.store import drop_page_cache
from jobs.collection import give_back_memory
from jobs.derive.rules import Rules, kind_rules
from metrics.communities import sizes_before
from metrics.influence import Scores, h_indices, influence_scores, merge_ties, standing, trend
from metrics.influence_kinds import COLUMNS as KIND_COLUMNS
from metrics.influence_kinds import KINDS, kind_codes
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
#: So many decimals are kept: what is computed in another order differs behind them.
DECIMALS = 10
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
    scores of those, where they hold for another period."""

    window: Window
    summary: dict[str, Any]
    people: pd.DataFrame
    ties: pd.DataFrame
    all_ties: pd.DataFrame
    scored: Scored | None
    before: pd.Series | None


def read_source(session: Session, rules: Rules) -> Source | None:
    """All that the graphs of every period are made from; None where there is no post. They end with the day of the
    newest import at the latest: a later post is of a clock that is wrong."""
    # not with the present day: the rows would change with the clock
    # nor with a file of which nothing came in
    imported = select(func.max(col(ImportRun.started_at))).where(col(ImportRun.status) != RunStatus.FAILED)
    imported_at = session.scalar(imported)
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
    ties = _graph_of(source, window).ties
    count, digest = len(ties), _digest(ties)
    is_large = count >= _WORTH_GIVING_BACK
    del ties  # made again: beside the graph that is scored there is room for nothing of its size
    if last is None or last.digest != digest:
        last = None
        _give_back(is_large)
        last = Scored(digest, influence_scores(_graph_of(source, window).ties, seed=_SEED, between=give_back_memory))
        _give_back(is_large)
    now = _graph_of(source, window)
    scores = last.scores
    posts = graph.count_posts(session, since=window.start, until=window.end)
    if is_large:
        drop_page_cache(session)  # all that was read to count them
    people = _people(posts, source, window, now, scores.people)
    del posts
    reaches_back = PERIODS[period] is not None and window.before().start >= source.first
    before = _graph_of(source, window.before()).ties if reaches_back else None
    _add_trend(people, before)
    _add_kinds(people, source, window, now)
    drawn = _drawn(people, now)
    places = _positions(drawn, people, now)
    for axis in ("x", "y"):
        people[axis] = places[axis].reindex(people.index)
    sizes = None if before is None else sizes_before(before, people["community"].dropna().astype("int64"))
    summary = {
        "period": period,
        "start": window.start,
        "end": window.end,
        "people": len(scores.people),
        "ties": count,
        "communities": int((people["community"].value_counts() >= LEAST_PEOPLE).sum()),
        "sampled_from": scores.sampled_from,
        "half_life_days": _half_life(source),
        "has_before": reaches_back,
    }
    kept = last if _has_the_same_ties(source, period) else None
    return PeriodRows(window, summary, people, _tie_rows(drawn, now), now.ties, kept, sizes)


def _has_the_same_ties(source: Source, period: str) -> bool:
    """Whether any shorter period has: where all acts are of its days."""
    periods = list(PERIODS)
    starts = [window_of(source, each).micros[0] for each in periods[: periods.index(period)]]
    return any(bool((source.acts.micros >= start).all()) for start in starts)


def _give_back(is_large: bool) -> None:
    if is_large:
        give_back_memory()


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
    is_kept = (acts.micros >= start) & (acts.micros < end)
    muted = [person for person, role in source.roles.items() if role == Role.MUTED]
    if muted:
        is_kept &= ~(np.isin(acts.source, muted) | np.isin(acts.target, muted))
    who, whom, kind = acts.source[is_kept], acts.target[is_kept], acts.kind[is_kept]
    weight = faded((end - acts.micros[is_kept]) / _DAY_MICROS, _half_life(source))
    weight *= _KIND_WEIGHTS[kind]
    others = list(source.roles)
    public = ~(np.isin(who, others) | np.isin(whom, others)) if others else np.ones(len(who), dtype=bool)
    columns = {"source": who, "target": whom, "kind": kind, "network": acts.network[is_kept], "weight": weight}
    ties = merge_ties(who[public], whom[public], weight[public])
    return Graph(pd.DataFrame({**columns, "is_public": public}, copy=False), ties, acts.networks)


@dataclass(frozen=True)
class _Rows:
    """The rows of people, by their ids in order: in arrays, of which one takes the memory of one column."""

    ids: Integers

    def of(self, known: pd.Series, dtype: str) -> npt.NDArray[Any]:
        """What is known of some people, by their ids: 0 of the others, or NaN where ``dtype`` has it."""
        people = known.index.to_numpy()
        place = np.searchsorted(self.ids, people)
        place[place == len(self.ids)] = 0
        is_there = self.ids[place] == people if len(self.ids) else np.zeros(len(people), dtype=bool)
        found = np.zeros(len(self.ids), dtype=dtype)
        if not dtype.startswith("int"):
            found[:] = np.nan if dtype.startswith("float") else np.datetime64("NaT")
        found[place[is_there]] = known.to_numpy()[is_there]
        return found


def _people(posts: pd.DataFrame, source: Source, window: Window, now: Graph, scores: pd.DataFrame) -> pd.DataFrame:
    """A row for everybody who wrote, has a tie, or is a customer; ``person_id`` is the index."""
    muted = [person for person, role in source.roles.items() if role == Role.MUTED]
    outside = np.union1d(pd.unique(now.acts["source"].to_numpy()), pd.unique(now.acts["target"].to_numpy()))
    ids = np.union1d(np.union1d(posts.index.to_numpy(), outside), source.customers).astype(np.int64)
    ids = np.union1d(ids, scores["person_id"].to_numpy())
    rows = _Rows(ids[~np.isin(ids, muted)] if muted else ids)
    role = pd.Series(source.roles, dtype="object").reindex(pd.Index(rows.ids))
    is_public = role.isna().to_numpy()
    columns: dict[str, Any] = {"role": pd.Categorical(role)}
    del role
    columns |= {name: rows.of(posts[name], "int32") for name in ("posts", "positive", "negative", "scored")}
    scored = scores.set_index("person_id")
    columns |= {name: rows.of(scored[name], "int32") for name in ("in_people", "out_people")}
    columns |= {name: np.nan_to_num(rows.of(scored[name], "float64")) for name in ("in_strength", "out_strength")}
    for name in ("pagerank", "core", "betweenness", "constraint", "community"):
        columns[name] = rows.of(scored[name], "float64")
    del scored
    target, kind = now.acts["target"].to_numpy(), now.acts["kind"].to_numpy()
    public = now.acts["is_public"].to_numpy()
    for number, name in enumerate(("in_replies", "in_mentions", "in_shares")):
        columns[name] = rows.of(_counted(target[public & (kind == number)]), "int32")
    columns["praise"] = rows.of(source.about_us["positive"], "int32")
    columns["blame"] = rows.of(source.about_us["negative"], "int32")
    for name, known in (("reach", source.followers), ("h_index", _h_indices(source, window))):
        columns[name] = rows.of(known, "float64")
        columns[name][~is_public] = np.nan
    columns["first_on"] = rows.of(source.first_on, "datetime64[s]")
    columns["networks"] = _networks(now, rows)
    columns["is_customer"] = np.isin(rows.ids, source.customers)
    return pd.DataFrame(columns, index=pd.Index(rows.ids, name="person_id"), copy=False)


def _counted(ids: npt.NDArray[Any]) -> pd.Series:
    found, times = np.unique(ids, return_counts=True)
    return pd.Series(times, index=found)


def _h_indices(source: Source, window: Window) -> pd.Series:
    start, end = window.micros
    shares = source.shares[(source.shares[:, 1] >= start) & (source.shares[:, 1] < end)]
    return h_indices(shares[:, 0], shares[:, 2])


def _networks(now: Graph, rows: _Rows) -> pd.Categorical:
    """On which networks everybody has ties, such as |reddit|twitter|."""
    masks = np.zeros(len(rows.ids), dtype=np.int64)
    network = now.acts["network"].to_numpy()
    for number in range(len(now.networks)):
        is_there = network == number
        for end in ("source", "target"):
            found = pd.unique(now.acts[end].to_numpy()[is_there])
            masks |= rows.of(pd.Series(1 << number, index=found, dtype="int64"), "int64")
    # few sets of networks occur: each is made into words once
    sets, code = np.unique(masks, return_inverse=True)
    words = [
        "|" + "".join(f"{name}|" for place, name in enumerate(now.networks) if mask >> place & 1)
        for mask in sets.tolist()
    ]
    return pd.Categorical.from_codes(code.astype(np.int32), words)


def _add_trend(people: pd.DataFrame, before: pd.DataFrame | None) -> None:
    """Adds ``pagerank_before``, ``in_strength_before`` and ``trend``; without a period before there is none."""
    rows = _Rows(people.index.to_numpy())
    if before is None:
        people["pagerank_before"] = people["in_strength_before"] = np.full(len(people), np.nan, dtype=np.float32)
        people["trend"] = pd.Categorical.from_codes(np.full(len(people), -1, dtype=np.int8), ["new"])
        return
    then = standing(before)
    now = people.loc[people["pagerank"].notna(), ["pagerank", "in_people"]].reset_index()
    found = then.set_index("person_id")
    people["pagerank_before"] = rows.of(found["pagerank"], "float64")
    people["in_strength_before"] = np.nan_to_num(rows.of(found["in_strength"], "float64"))
    people["trend"] = pd.Categorical(trend(now, then).reindex(people.index))


def _add_kinds(people: pd.DataFrame, source: Source, window: Window, now: Graph) -> None:
    """Adds ``kinds``, such as |advocate|hub|: of the public only."""
    rules = kind_rules(source.settings)
    is_public = people["role"].isna().to_numpy()
    names = [name for name in KIND_COLUMNS if name in people]
    known = people[names] if is_public.all() else people.loc[is_public, names]
    first = people["first_on"].to_numpy()[is_public]
    ties_end_in = _count_communities(now, known["community"])
    known = known.assign(
        first_on_days=(pd.Timestamp(window.end).to_datetime64() - first) / np.timedelta64(1, "D"),
        tie_communities=_Rows(known.index.to_numpy()).of(ties_end_in, "int32"),
    )
    codes = np.zeros(len(people), dtype=np.uint8)
    codes[is_public] = kind_codes(known, rules, period_days=(window.end - window.start).days)
    found, code = np.unique(codes, return_inverse=True)
    words = ["|" + "".join(f"{kind}|" for bit, kind in enumerate(KINDS) if each >> bit & 1) for each in found.tolist()]
    people["kinds"] = pd.Categorical.from_codes(code.astype(np.int8), words)


def _count_communities(now: Graph, community: pd.Series) -> pd.Series:
    """In how many communities the ties of each person end, by person."""
    known = community.dropna().sort_index()
    ids, numbers = known.index.to_numpy(), known.to_numpy().astype(np.int64)
    many = int(numbers.max(initial=0)) + 1
    pairs = np.zeros(0, dtype=np.int64)
    for end, other in (("source", "target"), ("target", "source")):
        one, there = (np.searchsorted(ids, now.ties[name].to_numpy()) for name in (end, other))
        pairs = np.unique(np.concatenate([pairs, one * many + numbers[there]]))
    found, times = np.unique(pairs // many, return_counts=True)
    return pd.Series(times, index=ids[found])


def _drawn(people: pd.DataFrame, now: Graph) -> pd.DataFrame:
    """Who is drawn, ``person_id`` the index: the most important of the public, and those of the team and the bots who
    have the most to do with them."""
    # as it is stored, so that it is not the last bits of a sum that choose among equals
    known = people["pagerank"].dropna().round(DECIMALS).sort_values(ascending=False, kind="stable")
    drawn = people.loc[known.index[:MOST_DRAWN], ["community"]]
    acts = now.acts[~now.acts["is_public"]]
    is_with = acts["source"].isin(drawn.index) | acts["target"].isin(drawn.index)
    others = pd.concat([acts.loc[is_with, "source"], acts.loc[is_with, "target"]])
    others = others[others.isin(people.index[people["role"].notna()])].value_counts().sort_index(kind="stable")
    most = others.sort_values(ascending=False, kind="stable").head(MOST_OTHERS_DRAWN)
    return pd.concat([drawn, pd.DataFrame(index=most.index, columns=["community"], dtype="float64")])


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
    acts = acts.astype({"source": "int64", "target": "int64"})
    keys = ["source", "target", "kind", "network"]
    # in an order of its own, so that sums do not depend on the order in which facts came in
    ordered = acts.sort_values([*keys, "weight"], kind="stable")
    ties = ordered.groupby(keys, as_index=False, sort=True).agg(times=("weight", "size"), weight=("weight", "sum"))
    return ties.assign(
        kind=ties["kind"].map(dict(enumerate(map(str, TIE_KINDS)))),
        network=ties["network"].map(dict(enumerate(now.networks))),
    )
