"""The sales and people behind a bar of credit, with the touches before them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlmodel import Session

from answers.attribution_keys import UNREACHED, label_channels, label_keys, read_journeys
from answers.filters import Filters
from answers.records import BrokenCursor, local_midnight
from answers.scope import Scope, read_scope
from data_access.models.columns import to_micros
from data_access.queries.credit import list_days_of_key, list_person_names
from data_access.queries.sales import (
    DEAL,
    OPEN_AT,
    OPEN_DEAL,
    ORDER,
    SalePlace,
    list_kinds,
    list_newest_sales,
    list_sale_details,
    list_sales_by_id,
)
from metrics.attribution import JOURNEY_RULES, credit_shares
from metrics.attribution_split import split_minor
from metrics.touch_journeys import NO_KEY

#: How many sales are looked at for a page; a rare key may leave a page short.
LOOKED_AT = 5_000
_FIRST = 150
_KINDS = (ORDER, DEAL, OPEN_DEAL)


@dataclass(frozen=True)
class CreditSales:
    """Sales behind a bar, newest first.

    ``sales``: ``sale_kind`` (order, deal or open_deal), ``sale_id``, ``occurred_at`` (UTC; NaT for an open deal),
    ``name`` (of the deal or the product), ``organization``, ``amount_minor`` (negative: a refund), ``currency``,
    ``credit_minor`` (what the rule gives to the key asked for, else to all its touches; NA under Markov, which knows
    sales only all together), ``touches``.
    ``people``: ``sale_kind``, ``sale_id``, ``person_id``, ``name``, ``touches``.
    ``touches``: of those sales, oldest first: ``sale_kind``, ``sale_id``, ``person_id``, ``kind``, ``fact_id`` (the id
    of the post or visit), ``occurred_at`` (UTC), ``days_before``, ``channel_id`` (Int64), ``channel``, ``network``,
    ``layer``, ``campaign``, ``member_id``, ``member``, ``host_id``, ``host``, ``key``, ``label`` (in the dimension
    asked for), ``credit_minor`` (Int64, as above), and a column a rule but Markov (int64, minor units).
    ``next_cursor``: where the next page begins; None on the last.
    """

    sales: pd.DataFrame = field(repr=False)
    people: pd.DataFrame = field(repr=False)
    touches: pd.DataFrame = field(repr=False)
    next_cursor: str | None


_SaleKey = tuple[str, int]


def read_credit_sales(
    session: Session,
    filters: Filters | None,
    *,
    rule: str = "linear",
    by: str = "channel",
    key: str | None = None,
    lookback_days: int = 30,
    sale_kind: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
    scope: Scope | None = None,
) -> CreditSales:
    """The sales of the period in whose journeys ``key`` is (None: all sales; ``UNREACHED``: those without a touch).
    With ``sale_kind`` ``open_deal`` the open deals, whatever the period. A page may be short while there is a next one,
    where the key is rare. Raises ``BrokenCursor``."""
    scope = scope or read_scope(session)
    kind = sale_kind or next(iter(list_kinds(session)), ORDER)
    bounds: dict[str, Any] = {}
    if filters is not None and kind != OPEN_DEAL:
        bounds = {"start": filters.start, "end": filters.end}
    if key is not None and kind != OPEN_DEAL:
        # a key is in few of all sales: only those of its days are looked at
        within = {"start": None, "end": None} | bounds
        shared: dict[str, Any] = {"sale_kind": kind, "lookback_days": lookback_days, "dimension": by}
        bounds = {"days": list_days_of_key(session, key=key, **shared, **within)}
    place = _read_place(cursor) if cursor else None
    pages: list[_Page] = []
    seen = 0
    while sum(len(page.sales) for page in pages) <= limit and seen < LOOKED_AT:
        at_a_time = max(_FIRST, seen)
        newest = list_newest_sales(session, kinds=(kind,), after=place, limit=at_a_time, **bounds)
        if newest.empty:
            place = None
            break
        place, seen = _place_of(newest.iloc[-1]), seen + len(newest)
        pages.append(_page(session, scope, newest, lookback_days).only(by, key))
    return _answer(session, scope, _join(pages), (rule, by, key), limit, place)


def read_person_credit(
    session: Session,
    person_id: int,
    *,
    rule: str = "linear",
    by: str = "channel",
    lookback_days: int = 30,
    limit: int = 20,
    scope: Scope | None = None,
) -> CreditSales:
    """What one person bought or takes part in buying (orders, refunds, won and open deals), newest first, with all
    touches before each and what each rule gives to each of them."""
    scope = scope or read_scope(session)
    newest = list_newest_sales(session, kinds=_KINDS, people=[person_id], limit=limit)
    return _answer(session, scope, _page(session, scope, newest, lookback_days), (rule, by, None), limit, None)


@dataclass(frozen=True)
class _Page:
    """Sales newest first, who takes part, and touches, each with ``sale_kind`` and ``fact_id`` of its sale."""

    sales: pd.DataFrame
    people: pd.DataFrame
    touches: pd.DataFrame

    def only(self, by: str, key: str | None) -> "_Page":
        """What has the key."""
        if key is None:
            return self
        with_key = self.touches if key == UNREACHED else self.touches[self.touches[by] == key]
        has_it = _keys(self.sales).isin(_keys(with_key))
        return self.within(self.sales[~has_it if key == UNREACHED else has_it])

    def within(self, sales: pd.DataFrame) -> "_Page":
        """These of its sales."""
        wanted = _keys(sales)
        people, touches = (rows[_keys(rows).isin(wanted)] for rows in (self.people, self.touches))
        return _Page(sales.reset_index(drop=True), people.reset_index(drop=True), touches.reset_index(drop=True))


def _keys(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["sale_kind", "fact_id"]])


def _join(pages: list[_Page]) -> _Page:
    if not pages:
        return _Page(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    parts = ([getattr(page, name) for page in pages] for name in ("sales", "people", "touches"))
    return _Page(*(pd.concat(frames, ignore_index=True) for frames in parts))


def _page(session: Session, scope: Scope, newest: pd.DataFrame, lookback_days: int) -> _Page:
    order = [(str(kind), int(number)) for kind, number in zip(newest["sale_kind"], newest["fact_id"], strict=True)]
    participants = list_sales_by_id(session, order)
    as_of = to_micros(local_midnight(scope.as_of.end, scope.time_zone))
    is_open = participants["sale_kind"] == OPEN_DEAL
    participants = participants.assign(journey_at=participants["journey_at"].mask(is_open, as_of))
    sales, journeys = read_journeys(session, participants)
    near = journeys[journeys["days_before"] <= lookback_days].reset_index(drop=True)
    amounts = pd.DataFrame({"journey": sales["sale"], "amount_minor": sales["amount_minor"]})
    # Shapley looks at the keys of a dimension; its column is added when that is known
    rules = [rule for rule in JOURNEY_RULES if rule != "shapley"]
    credit = {rule: split_minor(credit_shares(near.assign(key=0), rule), near, amounts) for rule in rules}
    facts = sales.set_index("sale")[["sale_kind", "fact_id", "amount_minor"]].rename(columns={"fact_id": "sale_id"})
    touches = near.assign(**credit).join(facts, on="journey").rename(columns={"fact_id": "touch_fact_id"})
    rank = {key: place for place, key in enumerate(order)}
    place = [rank[(kind, number)] for kind, number in zip(sales["sale_kind"], sales["fact_id"], strict=True)]
    ordered = sales.assign(place=place).sort_values("place", ignore_index=True)
    people = participants.loc[participants["person_id"] != 0, ["sale_kind", "fact_id", "person_id"]]
    return _Page(ordered, people, touches.rename(columns={"sale_id": "fact_id"}))


def _answer(
    session: Session,
    scope: Scope,
    page: _Page,
    asked: tuple[str, str, str | None],
    limit: int,
    place: SalePlace | None,
) -> CreditSales:
    rule, by, key = asked
    if page.sales.empty:
        sales, people, touches = (pd.DataFrame(columns=names) for names in (_SALES, _PEOPLE, _TOUCHES))
        return CreditSales(sales, people, touches, None)
    if len(page.sales) > limit:
        page = page.within(page.sales.iloc[:limit])
        place = _place_of(page.sales.iloc[-1])
    touches = _touches(session, scope, page.touches, rule, by)
    return CreditSales(
        _sales(session, page, touches, rule, key),
        _people(session, page),
        touches[_TOUCHES],
        _write_place(place) if place else None,
    )


_SALES = ["sale_kind", "sale_id", "occurred_at", "name", "organization", "amount_minor", "currency", "credit_minor"]
_SALES += ["touches"]
_PEOPLE = ["sale_kind", "sale_id", "person_id", "name", "touches"]
_TOUCHES = ["sale_kind", "sale_id", "person_id", "kind", "fact_id", "occurred_at", "days_before", "channel_id"]
_TOUCHES += ["channel", "network", "layer", "campaign", "member_id", "member", "host_id", "host", "key", "label"]
_TOUCHES += ["credit_minor", *JOURNEY_RULES]


def _touches(session: Session, scope: Scope, touches: pd.DataFrame, rule: str, by: str) -> pd.DataFrame:
    keyed = touches.assign(key=touches[by])
    numbered = keyed.assign(journey=_keys(keyed).to_flat_index().factorize()[0]).reset_index(drop=True)
    amounts = numbered.drop_duplicates("journey")[["journey", "amount_minor"]]
    shapley = split_minor(credit_shares(numbered, "shapley"), numbered, amounts)
    labels = label_keys(session, scope, by, sorted(set(numbered["key"])))
    people = {int(number) for name in ("member_id", "host_id") for number in numbered[name].dropna()}
    names = list_person_names(session, people)
    channels = label_channels(scope, {int(number) for number in numbered["channel_id"].dropna()})
    known = numbered.assign(
        shapley=shapley,
        sale_id=numbered["fact_id"],
        fact_id=numbered["touch_fact_id"],
        occurred_at=_moments(numbered["at"]),
        channel=_names(numbered["channel"], channels),
        member=_names(numbered["member"], {str(number): name for number, name in names.items()}),
        host=_names(numbered["host"], {str(number): name for number, name in names.items()}),
        campaign=numbered["campaign"].where(numbered["campaign"] != NO_KEY, None),
        label=_names(numbered["key"], labels),
    )
    credit = pd.Series(pd.NA, index=known.index) if rule == "markov" else known[rule]
    return known.assign(credit_minor=credit.astype("Int64"))


def _names(keys: pd.Series, names: dict[str, str]) -> pd.Series:
    return keys.map(names).astype("object").where(keys.isin(names.keys()), None)


def _moments(micros: pd.Series) -> pd.Series:
    return pd.to_datetime(micros.astype("Int64"), unit="us", utc=True).astype("datetime64[us, UTC]")


def _sales(session: Session, page: _Page, touches: pd.DataFrame, rule: str, key: str | None) -> pd.DataFrame:
    details = list_sale_details(session, [_sale_key(row) for row in page.sales.to_dict("records")])
    by = ["sale_kind", "fact_id"]
    counted = page.touches.groupby(by).size().rename("touches")
    wanted = touches if key in (None, UNREACHED) else touches[touches["key"] == key]
    credit = wanted.groupby(["sale_kind", "sale_id"])["credit_minor"].sum(min_count=0).rename_axis(by)
    sales = page.sales.merge(details, on=by, how="left").join(counted, on=by).join(credit, on=by)
    credit_minor = sales["credit_minor"].astype("Int64").fillna(0)
    if rule == "markov":
        credit_minor = pd.Series(pd.NA, index=sales.index, dtype="Int64")
    shown = sales.assign(
        sale_id=sales["fact_id"],
        occurred_at=_moments(sales["at"]),
        touches=sales["touches"].fillna(0).astype("int64"),
        credit_minor=credit_minor,
    )
    return shown[_SALES]


def _sale_key(row: Any) -> _SaleKey:
    return str(row["sale_kind"]), int(row["fact_id"])


def _people(session: Session, page: _Page) -> pd.DataFrame:
    by = ["sale_kind", "fact_id", "person_id"]
    counted = page.touches.groupby(by).size().rename("touches")
    people = page.people.join(counted, on=by).rename(columns={"fact_id": "sale_id"})
    names = list_person_names(session, _numbers(people["person_id"]))
    named = people.assign(
        name=people["person_id"].map(names).astype("object"), touches=people["touches"].fillna(0).astype("int64")
    )
    ordered = named.sort_values(["sale_kind", "sale_id", "touches", "person_id"], ascending=[True, True, False, True])
    return ordered[_PEOPLE].reset_index(drop=True)


def _numbers(values: pd.Series) -> Collection[int]:
    return {int(value) for value in values}


def _place_of(row: Any) -> SalePlace:
    return SalePlace(OPEN_AT if pd.isna(row["at"]) else int(row["at"]), str(row["sale_kind"]), int(row["fact_id"]))


def _write_place(place: SalePlace) -> str:
    return f"{place.at}.{place.sale_kind}.{place.fact_id}"


def _read_place(cursor: str) -> SalePlace:
    try:
        at, kind, number = cursor.split(".")
        return SalePlace(int(at), str(_KINDS[_KINDS.index(kind)]), int(number))
    except ValueError as error:
        raise BrokenCursor(f"{cursor!r} does not say where to go on; start from the first page") from error
