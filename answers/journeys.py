"""From the public network over the website and the private community to a purchase: how many go on, and how long it
takes. People belong to the period by the day of the first sign of them; what they did since counts up to now."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, permutations

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope, channel_ids, read_scope
from data_access.queries.journeys import NO_CHANNEL, list_active_on_paths, list_people_of_stages, read_stage_days
from metrics.journeys import CUSTOMER, STAGES, lag_quantile
from metrics.ratios import ratio

#: What the stages are called.
STAGE_NAMES = {"public": "public network", "hub": "website", "private": "private community", "customer": "customer"}
ACTIVE_DAYS = 28
WITHIN_DAYS = 30
USUAL_SHARE = 0.75
FEWEST_STEPS = 10
MOST_PEOPLE = 200
#: Of those who came far, so many are looked at for who is stuck: those who wrote last.
MOST_LOOKED_AT = 500
#: Upper ends, in whole days, of how long a step took.
LAG_STEPS = (("same day", 0), ("1 to 7 days", 7), ("8 to 30 days", 30), ("31 to 90 days", 90), ("over 90 days", None))


@dataclass(frozen=True)
class Journeys:
    """People whose first sign was in the period, as far as they have come by the end of the data.

    ``people``: how many; ``moved_on``: of them, who came to a second stage. ``reached``: ``stage``, ``name``,
    ``people``, ``share`` (0 to 1). For a Sankey: ``flows``, each step at its place in the journeys: ``from_place``,
    ``from_stage``, ``to_stage``, ``people``; and ``places``: ``place`` (0 is the first), ``stage``, ``people``,
    ``moved_on``.

    ``steps``: ``step`` ("public>private"), ``from``, ``to`` (names), ``people``, ``asked`` (who came to the stage
    before it), ``share`` (of those; 0 to 1), ``median_days``, ``usual_days`` (three of four took it within). ``lags``:
    ``step``, ``days``, ``people``.
    """

    filters: Filters
    people: int
    moved_on: int
    reached: pd.DataFrame = field(repr=False)
    flows: pd.DataFrame = field(repr=False)
    places: pd.DataFrame = field(repr=False)
    steps: pd.DataFrame = field(repr=False)
    lags: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Stuck:
    """People who came to two stages or more, or to the community, wrote within the ``active_days`` before ``as_of``,
    and have been at their last stage for longer than three of four of those who went on from it.

    ``rows``: ``person_id``, ``name``, ``path``, ``stage`` (the last one's name), ``since`` (day), ``waiting_days``,
    ``usual_days``, ``last_on``, ``posts``: who wrote most first. ``unknown``: names of the stages from which fewer than
    ten people went on, so that nothing is usual. ``is_cut``: only the ``MOST_LOOKED_AT`` who wrote last were looked at.
    """

    as_of: date | None
    active_days: int
    rows: pd.DataFrame = field(repr=False)
    unknown: tuple[str, ...]
    is_cut: bool = False


def read_journeys(session: Session, filters: Filters, *, scope: Scope | None = None) -> Journeys:
    """How far people came whose first sign was in the period and in the channels."""
    scope = scope or read_scope(session)
    rows = _read(session, filters, scope)
    paths = rows.groupby("path", as_index=False)["people"].sum()
    paths = paths.assign(stages=[path.split(">") for path in paths["path"]])
    people = int(rows["people"].sum())
    places, flows = _places(paths), _flows(paths)
    lags = _lags(_lag_rows(rows))
    return Journeys(
        filters=filters,
        people=people,
        moved_on=int(paths.loc[[len(stages) > 1 for stages in paths["stages"]], "people"].sum()),
        reached=_reached(paths, people),
        flows=flows,
        places=places,
        steps=_steps(paths, lags),
        lags=lags,
    )


def _read(session: Session, filters: Filters, scope: Scope) -> pd.DataFrame:
    return read_stage_days(session, start=filters.start, end=filters.end, channels=first_channels(scope, filters))


def first_channels(scope: Scope, filters: Filters) -> tuple[int, ...]:
    """The channels in which a first sign counts: those of the filter, and 0, no known channel, where it names none."""
    channels = channel_ids(scope, filters)
    is_open = not (filters.networks or filters.channels or filters.brands)
    return (NO_CHANNEL, *channels) if is_open else channels


def _reached(paths: pd.DataFrame, people: int) -> pd.DataFrame:
    counts = [int(paths.loc[[stage in stages for stages in paths["stages"]], "people"].sum()) for stage in STAGES]
    return pd.DataFrame(
        {
            "stage": STAGES,
            "name": [STAGE_NAMES[stage] for stage in STAGES],
            "people": counts,
            "share": [ratio(count, people) for count in counts],
        }
    )


def _places(paths: pd.DataFrame) -> pd.DataFrame:
    found: dict[tuple[int, str], list[int]] = {}
    for stages, people in zip(paths["stages"], paths["people"], strict=True):
        for place, stage in enumerate(stages):
            counts = found.setdefault((place, stage), [0, 0])
            counts[0] += people
            counts[1] += people if place + 1 < len(stages) else 0
    ordered = sorted(found.items(), key=lambda item: (item[0][0], STAGES.index(item[0][1])))
    return pd.DataFrame(
        [(place, stage, *counts) for (place, stage), counts in ordered],
        columns=["place", "stage", "people", "moved_on"],
    )


def _flows(paths: pd.DataFrame) -> pd.DataFrame:
    found: dict[tuple[int, str, str], int] = {}
    for stages, people in zip(paths["stages"], paths["people"], strict=True):
        for place, (left, right) in enumerate(pairwise(stages)):
            found[(place, left, right)] = found.get((place, left, right), 0) + people
    return pd.DataFrame(
        [(*key, people) for key, people in sorted(found.items())],
        columns=["from_place", "from_stage", "to_stage", "people"],
    )


def _lag_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each step and its days: ``channel_id``, ``first_on``, ``step``, ``is_first``, ``days``, ``people``."""
    moved = rows[rows["path"].str.contains(">", regex=False).astype("bool")]
    found = [
        (channel_id, first_on, step, path.startswith(step), int(days), people)
        for channel_id, first_on, path, lags in zip(
            moved["channel_id"], moved["first_on"], moved["path"], moved["lags"], strict=True
        )
        for step, counts in lags.items()
        for days, people in counts.items()
    ]
    types = {"channel_id": "int64", "first_on": "datetime64[us]", "step": "object", "is_first": "bool"}
    types |= {"days": "int64", "people": "int64"}
    return pd.DataFrame(found, columns=list(types)).astype(types)


def _lags(lag_rows: pd.DataFrame) -> pd.DataFrame:
    return lag_rows.groupby(["step", "days"], as_index=False)["people"].sum()


def _steps(paths: pd.DataFrame, lags: pd.DataFrame) -> pd.DataFrame:
    came = {row["stage"]: row["people"] for row in _reached(paths, 1).to_dict("records")}
    found = []
    for step, group in lags.groupby("step"):
        left, right = str(step).split(">")
        people = int(group["people"].sum())
        quantiles = lag_quantile(group, 0.5), lag_quantile(group, USUAL_SHARE)
        found.append((step, STAGE_NAMES[left], STAGE_NAMES[right], people, came[left], people / came[left], *quantiles))
    columns = ["step", "from", "to", "people", "asked", "share", "median_days", "usual_days"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.sort_values(["people", "step"], ascending=[False, True], ignore_index=True)


def _summed(rows: pd.DataFrame, lag_rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """By a column: ``people``, ``moved_on``, ``customers``, their shares, the median days to the second stage."""
    is_customer = rows["path"].str.contains(f">{CUSTOMER}", regex=False)
    counted = rows.assign(
        moved_on=rows["people"].where(rows["path"].str.contains(">", regex=False).astype("bool"), 0),
        customers=rows["people"].where(is_customer.astype("bool"), 0),
    )
    sums = counted.groupby(key, as_index=False)[["people", "moved_on", "customers"]].sum()
    medians = {value: lag_quantile(group, 0.5) for value, group in lag_rows[lag_rows["is_first"]].groupby(key)}
    return sums.assign(
        share=sums["moved_on"] / sums["people"],
        customer_share=sums["customers"] / sums["people"],
        median_days=pd.Series([medians.get(value, math.nan) for value in sums[key]], dtype="float64"),
    )


def read_first_channels(session: Session, filters: Filters, *, scope: Scope | None = None) -> pd.DataFrame:
    """The people of ``read_journeys`` by the channel of their first sign, most first: ``channel_id``, ``channel``,
    ``network``, ``people``, ``moved_on``, ``customers`` (who bought after the first sign), ``share`` (of people who
    moved on), ``customer_share``, ``median_days`` (to the second stage)."""
    scope = scope or read_scope(session)
    rows = _read(session, filters, scope)
    summed = _summed(rows, _lag_rows(rows), "channel_id")
    names = scope.channels.rename(columns={"id": "channel_id", "name": "channel"})
    named = summed.merge(names[["channel_id", "channel", "network"]], on="channel_id", how="left")
    is_known = named["channel_id"] != NO_CHANNEL
    named = named.assign(
        channel=named["channel"].where(is_known, "no channel: a purchase or a visit"),
        network=named["network"].where(is_known, ""),
    )
    return named.sort_values(["people", "channel_id"], ascending=[False, True], ignore_index=True)


def read_cohorts(session: Session, filters: Filters, *, scope: Scope | None = None) -> pd.DataFrame:
    """The same by ``month`` (its first day), ``share_within`` (who came to a second stage within 30 days; NaN while
    that is not over for all), and ``is_whole``: whether all of the month is in the period."""
    scope = scope or read_scope(session)
    rows = _read(session, filters, scope)
    lag_rows = _lag_rows(rows)
    summed = _summed(_with_month(rows), _with_month(lag_rows), "month")
    last = (scope.newest_day or filters.last_day) + timedelta(days=1)
    ends = (summed["month"] + pd.offsets.MonthBegin(1)).dt.date
    soon = (
        _with_month(lag_rows[lag_rows["is_first"] & (lag_rows["days"] <= WITHIN_DAYS)]).groupby("month")["people"].sum()
    )
    within = summed["month"].map(soon).fillna(0) / summed["people"]
    is_over = (pd.Timestamp(last) - pd.to_datetime(ends)).dt.days >= WITHIN_DAYS
    first = max(filters.start, scope.oldest_day or filters.start)
    is_whole = (summed["month"].dt.date >= first) & (ends <= min(filters.end, last))
    return summed.assign(share_within=within.where(is_over), is_whole=is_whole.astype("bool"))


def _with_month(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(month=rows["first_on"].to_numpy().astype("datetime64[M]").astype("datetime64[us]"))


def spread_of(lags: pd.DataFrame, step: str) -> pd.DataFrame:
    """How long one step took, in the bins of ``LAG_STEPS``: ``name``, ``people``, ``share`` (0 to 1)."""
    of_step = lags[lags["step"] == step]
    edges = [-1, *(end for _, end in LAG_STEPS if end is not None), math.inf]
    bins = pd.cut(of_step["days"], edges, labels=[name for name, _ in LAG_STEPS])
    counts = of_step.groupby(bins, observed=False)["people"].sum()
    total = int(counts.sum())
    shares = [ratio(int(count), total) for count in counts]
    return pd.DataFrame({"name": [str(name) for name in counts.index], "people": counts.to_numpy(), "share": shares})


def list_journey_people(
    session: Session,
    filters: Filters,
    *,
    step: str | None = None,
    stage: str | None = None,
    channel: int | None = None,
    month: date | None = None,
    limit: int = MOST_PEOPLE,
    scope: Scope | None = None,
) -> pd.DataFrame:
    """The people behind a number of ``Journeys``: who took ``step``, reached ``stage``, had their first sign in
    ``channel`` or in the month that begins on ``month``; newest first. Columns of
    ``data_access.queries.journeys.list_people_of_stages``, ``path`` in words."""
    scope = scope or read_scope(session)
    start, end = filters.start, filters.end
    if month is not None:
        start, end = max(start, month), min(end, (month.replace(day=1) + timedelta(days=31)).replace(day=1))
    channels = first_channels(scope, filters) if channel is None else (channel,)
    rows = list_people_of_stages(session, start=start, end=end, channels=channels, step=step, stage=stage, limit=limit)
    return rows.assign(path=rows["path"].map(in_words))


def in_words(path: str) -> str:
    """A path as people read it.

    >>> in_words("public>private>customer")
    'public network, private community, customer'
    """
    return ", ".join(STAGE_NAMES[stage] for stage in path.split(">"))


def _far_paths() -> list[str]:
    before = [stage for stage in STAGES if stage != CUSTOMER]
    longer = [">".join(path) for size in (2, 3) for path in permutations(before, size)]
    return ["private", *longer]


def read_stuck(
    session: Session, filters: Filters, *, usual: Mapping[str, float] | None = None, scope: Scope | None = None
) -> Stuck:
    """Who came far and takes longer over the next step than is usual. What is usual (``read_usual_days``, where it is
    not given) is measured over all people, what is recent ends with the posts; only people whose first sign was in the
    period are listed."""
    scope = scope or read_scope(session)
    last = scope.last_post_day
    if last is None:
        return Stuck(None, ACTIVE_DAYS, _no_stuck(), ())
    until = last + timedelta(days=1)
    usual = usual or read_usual_days(session, scope=scope)
    rows = list_active_on_paths(
        session,
        paths=_far_paths(),
        start=filters.start,
        end=filters.end,
        since=until - timedelta(days=ACTIVE_DAYS),
        until=until,
        limit=MOST_LOOKED_AT + 1,
    )
    is_cut, rows = len(rows) > MOST_LOOKED_AT, rows.head(MOST_LOOKED_AT)
    unknown = tuple(STAGE_NAMES[stage] for stage in STAGES if stage != CUSTOMER and math.isnan(usual[stage]))
    return Stuck(last, ACTIVE_DAYS, _stuck(rows, usual, last), unknown, is_cut)


def read_usual_days(session: Session, *, scope: Scope | None = None) -> dict[str, float]:
    """By stage, the days within which three of four of those who went on from it did; NaN where fewer than ten did."""
    scope = scope or read_scope(session)
    every_channel = (NO_CHANNEL, *(int(number) for number in scope.channels["id"]))
    rows = read_stage_days(session, start=date.min, end=date.max, channels=every_channel)
    lags = _lags(_lag_rows(rows))
    left = lags["step"].str.split(">").str[0] if len(lags) else lags["step"]
    usual = {}
    for stage in STAGES:
        group = lags[left == stage]
        usual[stage] = lag_quantile(group, USUAL_SHARE) if group["people"].sum() >= FEWEST_STEPS else math.nan
    return usual


_STUCK = ["person_id", "name", "path", "stage", "since", "waiting_days", "usual_days", "last_on", "posts"]


def _no_stuck() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="object") for name in _STUCK})


def _stuck(rows: pd.DataFrame, usual: Mapping[str, float], as_of: date) -> pd.DataFrame:
    if rows.empty:
        return _no_stuck()
    paths = rows["path"].unique().tolist()
    last = rows["path"].map({path: path.split(">")[-1] for path in paths})
    since = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    for stage in STAGES:
        since = since.where(last != stage, rows[f"{stage}_on"])
    waiting = (pd.Timestamp(as_of) - since).dt.days
    usual_days = last.map(usual)
    found = rows.assign(
        stage=last.map(STAGE_NAMES),
        since=since,
        waiting_days=waiting,
        usual_days=usual_days,
        path=rows["path"].map({path: in_words(path) for path in paths}),
    )
    late = found[waiting > usual_days]
    ordered = late.sort_values(["posts", "waiting_days", "person_id"], ascending=[False, True, True])
    return ordered[_STUCK].reset_index(drop=True)
