"""Credit for revenue: what was sold, which touches came before it, and what each credit rule gives to whom.

A credit rule shares out what was sold among the touches before it. It does not say that a touch caused a sale.
"""

import math
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlmodel import Session

from answers.attribution_keys import OTHERS as OTHERS
from answers.attribution_keys import UNREACHED as UNREACHED
from answers.attribution_keys import label_keys, read_journeys
from answers.attribution_money import convert_credit, read_credit_by_key, read_sold_days, sum_apart
from answers.attribution_sales import CreditSales as CreditSales
from answers.attribution_sales import read_credit_sales as read_credit_sales
from answers.attribution_sales import read_person_credit as read_person_credit
from answers.filters import Filters
from answers.records import local_midnight
from answers.scope import Scope, channel_ids, read_scope
from answers.slices import buckets
from data_access.models.columns import to_micros
from data_access.queries.credit import NUMBERS, read_transitions
from data_access.queries.sales import DEAL as DEAL
from data_access.queries.sales import OPEN_DEAL as OPEN_DEAL
from data_access.queries.sales import ORDER as ORDER
from data_access.queries.sales import list_kinds, list_open_deals, list_undated, read_sales_span
from metrics.attribution import JOURNEY_RULES, RULES, credit_shares
from metrics.attribution_markov import CONVERSION, NULL, START, markov_credit
from metrics.attribution_split import UNTOUCHED, split_minor
from metrics.ratios import ratio
from metrics.touch_journeys import DIMENSIONS as DIMENSIONS
from metrics.touch_journeys import LOOKBACKS as LOOKBACKS
from metrics.touch_journeys import NO_KEY as NO_KEY

RULE_LABELS = {
    "first_touch": "First touch",
    "last_touch": "Last touch",
    "linear": "Linear",
    "time_decay": "Time decay",
    "u_shaped": "U-shaped",
    "w_shaped": "W-shaped",
    "shapley": "Shapley",
    "markov": "Markov",
}
#: What sales of a kind are called.
SOLD_LABELS = {ORDER: "orders", DEAL: "won deals", OPEN_DEAL: "open deals"}
_ALL = "all"


@dataclass(frozen=True)
class Credit:
    """What was sold in the period, and what each rule gives to each key. Money in minor units of ``currency``, the
    workspace's; ``sale_kind``: ``order`` (orders less refunds, each on its own day) or ``deal`` (won, on the day of the
    close). The two are two views of the same business and are never added.

    ``rows``: one a key, most credit under ``rule`` first, then ``NO_KEY``, last ``UNREACHED``: ``key`` (the id of the
    channel or person, the network, layer or campaign, as text), ``label`` (to show), ``person_id`` and ``channel_id``
    (Int64, where the key is one), ``credit_minor`` (under ``rule``), ``share`` (of ``total_minor``; NaN where that is
    0), a column a rule (int64), ``sales`` (in whose journey the key is; a sale counts for each of its keys),
    ``touched_minor`` (what those come to, each whole). Under each rule the rows add up to ``total_minor``.

    ``sales``: how many were sold (refunds are none). ``touched_minor`` + ``unreached_minor`` = ``total_minor``.
    ``without_amount``: how many of ``sales`` name no amount and so add nothing. ``undated``: what was won on a day that
    nothing tells, so that it is in no period and in no number: ``currency`` ("" where no amount is named), ``sales``,
    ``total_minor``.
    ``unconverted``: what was sold in currencies without a rate in Settings and so is in no other number: ``currency``,
    ``sales``, ``total_minor``. ``first_day``, ``last_day``: from which to which day there are sales of this kind at
    all. ``coverage``: which part has a touch, in words. ``note``: what a reader must know, such as that the filters
    cannot limit this dimension; empty where nothing. Where Markov cannot tell the keys apart, its column is NA (Int64)
    for them, and ``note`` says why.
    """

    filters: Filters
    rule: str
    by: str
    lookback_days: int
    sale_kind: str
    currency: str
    sales: int
    total_minor: int
    touched_minor: int
    unreached_minor: int
    without_amount: int
    first_day: date | None
    last_day: date | None
    coverage: str
    note: str
    rows: pd.DataFrame = field(repr=False)
    unconverted: pd.DataFrame = field(repr=False)
    undated: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Revenue:
    """What was sold over time, in minor units of ``currency``; what has no rate is counted and in no amount.

    ``series``: ``period`` (the day, the Monday or the first of the month; all of the filter's), ``days``, ``sales``,
    ``total_minor``, ``touched_minor``, ``unreached_minor``.
    """

    filters: Filters
    sale_kind: str
    lookback_days: int
    currency: str
    sales: int
    total_minor: int
    touched_minor: int
    series: pd.DataFrame = field(repr=False)


def sale_kinds(session: Session) -> tuple[str, ...]:
    """The kinds of sale that the store holds, of ``order`` and ``deal``, in this order: the first is the default."""
    return list_kinds(session)


def read_credit(
    session: Session,
    filters: Filters,
    *,
    rule: str = "linear",
    by: str = "channel",
    lookback_days: int = 30,
    sale_kind: str | None = None,
    scope: Scope | None = None,
) -> Credit:
    """Credit for what was sold in the period, by ``by`` (of ``DIMENSIONS``), every rule side by side. ``sale_kind``:
    None for the first that has data. Networks, channels and brands of the filters limit the rows by channel and by
    network: the others are one row then. Raises ``ValueError`` for another rule, dimension or lookback."""
    _check(rule, by, lookback_days)
    scope = scope or read_scope(session)
    kind = _kind(session, sale_kind)
    slice_ = {"sale_kind": kind, "lookback_days": lookback_days, "start": filters.start, "end": filters.end}
    keys, apart = read_credit_by_key(session, scope, dimension=by, **slice_)  # type: ignore[arg-type]
    all_keys, _ = read_credit_by_key(session, scope, dimension=_ALL, **slice_)  # type: ignore[arg-type]
    steps = read_transitions(session, dimension=by, **slice_)  # type: ignore[arg-type]
    if not (steps["to_key"] == CONVERSION).any():  # refunds alone: share them as all sales are shared
        steps = read_transitions(session, dimension=by, **(slice_ | {"start": None, "end": None}))  # type: ignore[arg-type]
    span = read_sales_span(session, kind, today=scope.newest_day)
    shown = _limit(_with_markov(keys, steps), scope, filters, by)
    return _credit(session, scope, filters, (rule, by, lookback_days, kind), (shown, all_keys, apart), span)


def _check(rule: str, by: str, lookback_days: int) -> None:
    for value, known in ((rule, RULES), (by, DIMENSIONS), (lookback_days, LOOKBACKS)):
        if value not in known:
            raise ValueError(f"{value!r} is not one of {', '.join(str(name) for name in known)}")


def _kind(session: Session, sale_kind: str | None) -> str:
    if sale_kind is None:
        return next(iter(list_kinds(session)), ORDER)
    if sale_kind not in (ORDER, DEAL):
        raise ValueError(f"{sale_kind!r} is not one of {ORDER}, {DEAL}")
    return sale_kind


def _with_markov(keys: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """The rows with a column ``markov``: what touches reach, in proportion to the removal effects of the keys that are
    in the journey of any sale, here those of ``keys`` that have ``sales``. The others lead to none of these sales. NA
    for the keys of touches where none of them has an effect."""
    is_reached = keys["key"] != UNREACHED
    touched = int(keys.loc[is_reached, "linear"].sum())
    if not touched:
        return keys.assign(markov=keys["linear"].where(~is_reached, 0))
    sold = keys.loc[is_reached & (keys["sales"] > 0), "key"]
    # of refunds alone no key has sales: those whose journeys they take back have the effects then
    among = set(sold if len(sold) else keys.loc[is_reached, "key"])
    credit = markov_credit(_through(steps, among), touched)
    if UNTOUCHED in credit.index:
        return keys.assign(markov=keys["linear"].astype("Int64").mask(is_reached))
    markov = keys["key"].map(credit).fillna(0).astype("int64")
    return keys.assign(markov=markov.where(is_reached, keys["linear"]))


def _through(steps: pd.DataFrame, keys: set[str]) -> pd.DataFrame:
    """The steps of journeys through ``keys``. One that comes to another key is lost there: it leads to no sale."""
    kept = steps[steps["from_key"].isin({START, *keys})]
    return kept.assign(to_key=kept["to_key"].where(kept["to_key"].isin({*keys, CONVERSION}), NULL))


def _limit(keys: pd.DataFrame, scope: Scope, filters: Filters, by: str) -> pd.DataFrame:
    """The rows of the filters' channels or networks, and one of all others."""
    if not _limits(filters, by):
        return keys
    chosen = scope.channels[scope.channels["id"].isin(channel_ids(scope, filters))]
    kept = set(chosen["id"].astype(str)) if by == "channel" else set(chosen["network"])
    named = keys["key"].where(keys["key"].isin({*kept, UNREACHED}), OTHERS)
    return keys.assign(key=named).groupby("key", as_index=False).sum()


def _is_limited(filters: Filters) -> bool:
    return bool(filters.networks or filters.channels or filters.brands)


def _limits(filters: Filters, by: str) -> bool:
    return _is_limited(filters) and by in ("channel", "network")


def _credit(
    session: Session,
    scope: Scope,
    filters: Filters,
    asked: tuple[str, str, int, str],
    found: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    span: tuple[date | None, date | None],
) -> Credit:
    rule, by, lookback_days, kind = asked
    keys, all_keys, apart = found
    total, touched = _sum(all_keys, "linear"), _sum(all_keys[all_keys["key"] != UNREACHED], "linear")
    sales, reached = _sum(all_keys, "sales"), _sum(all_keys[all_keys["key"] != UNREACHED], "sales")
    words = f"{reached:,} of {sales:,} {SOLD_LABELS[kind]} have a touch in the {lookback_days} days before"
    notes = []
    if _is_limited(filters) and not _limits(filters, by):
        notes.append(f"Networks, channels and brands do not limit credit by {by}: it is of all touches with us.")
    if keys["markov"].isna().any():
        notes.append(
            "Markov learns from won deals, and none has been won after any of these touches: it gives no credit."
        )
    return Credit(
        filters=filters,
        rule=rule,
        by=by,
        lookback_days=lookback_days,
        sale_kind=kind,
        currency=scope.settings.currency,
        sales=sales,
        total_minor=total,
        touched_minor=touched,
        unreached_minor=total - touched,
        without_amount=_sum(all_keys, "without_amount"),
        first_day=span[0],
        last_day=span[1],
        coverage=words if sales else "",
        note=" ".join(notes),
        rows=_rows(session, scope, keys, rule, by, total),
        unconverted=apart,
        undated=list_undated(session, kind),
    )


def _sum(frame: pd.DataFrame, name: str) -> int:
    return int(frame[name].sum())


_LAST = {NO_KEY: 1, OTHERS: 2, UNREACHED: 3}


def _rows(session: Session, scope: Scope, keys: pd.DataFrame, rule: str, by: str, total: int) -> pd.DataFrame:
    labels = label_keys(session, scope, by, keys["key"].tolist())
    numbers = pd.to_numeric(keys["key"].where(keys["key"].str.isdigit()), errors="coerce").astype("Int64")
    none = pd.Series(pd.NA, index=keys.index, dtype="Int64")
    named = keys.assign(
        label=keys["key"].map(labels).astype("object"),
        person_id=numbers if by in ("member", "host") else none,
        channel_id=numbers if by == "channel" else none,
        credit_minor=keys[rule],
        share=[math.nan if pd.isna(value) else ratio(int(value), total) for value in keys[rule]],
        place=keys["key"].map(_LAST).fillna(0),
    )
    ordered = named.sort_values(["place", "credit_minor", "key"], ascending=[True, False, True], ignore_index=True)
    columns = ["key", "label", "person_id", "channel_id", "credit_minor", "share", *RULES, "sales", "touched_minor"]
    return ordered[columns].astype({"share": "float64"})


def read_pipeline(
    session: Session,
    *,
    rule: str = "linear",
    by: str = "channel",
    lookback_days: int = 30,
    scope: Scope | None = None,
) -> Credit:
    """Open deals as of the last day of data, shared out the same way: ``sale_kind`` is ``open_deal``. Markov takes the
    steps of all deals that were won."""
    _check(rule, by, lookback_days)
    scope = scope or read_scope(session)
    filters = scope.as_of
    as_of = to_micros(local_midnight(filters.end, scope.time_zone))
    sales, journeys = read_journeys(session, list_open_deals(session).assign(journey_at=as_of))
    near = journeys[journeys["days_before"] <= lookback_days].reset_index(drop=True)
    sales = sales.assign(day=pd.Timestamp(filters.last_day))
    keys, left = convert_credit(_share_out(sales, near.assign(key=near[by])), scope)
    all_keys, _ = convert_credit(_share_out(sales, near.assign(key="(any)")), scope)
    steps = read_transitions(session, sale_kind=DEAL, lookback_days=lookback_days, dimension=by, start=None, end=None)
    present = {*keys["key"], START, CONVERSION, NULL}
    shown = _with_markov(_by_key(keys), _among(steps, present))
    asked = (rule, by, lookback_days, OPEN_DEAL)
    return _credit(session, scope, filters, asked, (shown, _by_key(all_keys), sum_apart(left)), (None, None))


def _among(steps: pd.DataFrame, keys: set[str]) -> pd.DataFrame:
    """The steps between keys of open deals; others have no open deal to take credit for."""
    return steps[steps["from_key"].isin(keys) & steps["to_key"].isin(keys)]


def _by_key(days: pd.DataFrame) -> pd.DataFrame:
    return days.drop(columns="day").groupby("key", as_index=False).sum()


def _share_out(sales: pd.DataFrame, keyed: pd.DataFrame) -> pd.DataFrame:
    """``day``, ``key``, ``currency`` and ``NUMBERS`` of sales and the journeys before them."""
    amounts = pd.DataFrame({"journey": sales["sale"], "amount_minor": sales["amount_minor"]})
    shares = {rule: split_minor(credit_shares(keyed, rule), keyed, amounts) for rule in JOURNEY_RULES}
    facts = sales.set_index("sale")[["day", "currency", "amount_minor"]]
    placed = keyed[["journey", "key"]].assign(**shares).join(facts, on="journey")
    is_again = placed.duplicated(["journey", "key"])
    placed = placed.assign(sales=~is_again, touched_minor=placed["amount_minor"].where(~is_again, 0))
    left = sales[~sales["sale"].isin(keyed["journey"])]
    left = left.assign(key=UNREACHED, sales=True, touched_minor=left["amount_minor"])
    both = pd.concat([placed, left.assign(**dict.fromkeys(JOURNEY_RULES, left["amount_minor"]))], ignore_index=True)
    sums = both.groupby(["day", "key", "currency"])[list(NUMBERS)].sum().astype("int64")
    return sums.reset_index()


def read_revenue(
    session: Session,
    filters: Filters,
    *,
    unit: str = "day",
    lookback_days: int = 30,
    sale_kind: str | None = None,
    scope: Scope | None = None,
) -> Revenue:
    """What was sold by day, week (from Monday) or month, and how much of it any touch reaches."""
    _check("linear", "channel", lookback_days)
    scope = scope or read_scope(session)
    kind = _kind(session, sale_kind)
    days, _ = read_sold_days(session, scope, kind, lookback_days, filters.start, filters.end)
    rows = []
    for name, start, end in buckets(filters.start, filters.end, unit):
        part = days[(days["day"] >= pd.Timestamp(start)) & (days["day"] < pd.Timestamp(end))]
        total, touched = _sum(part, "total_minor"), _sum(part, "touched_minor")
        rows.append((pd.Timestamp(name), (end - start).days, _sum(part, "sales"), total, touched, total - touched))
    columns = ["period", "days", "sales", "total_minor", "touched_minor", "unreached_minor"]
    series = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], "int64"))
    return Revenue(
        filters=filters,
        sale_kind=kind,
        lookback_days=lookback_days,
        currency=scope.settings.currency,
        sales=_sum(series, "sales"),
        total_minor=_sum(series, "total_minor"),
        touched_minor=_sum(series, "touched_minor"),
        series=series.astype({"period": "datetime64[us]"}),
    )
