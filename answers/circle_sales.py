"""What the people in somebody's circle bought, before and after they first took part in that person's talk; and what
the credit rules give to that person. Neither says why anything was bought."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from sqlmodel import Session

from answers.attribution_keys import UNREACHED
from answers.attribution_money import read_credit_by_key
from answers.filters import DAY, Filters
from answers.records import local_midnight
from answers.scope import Scope, read_scope
from data_access.models.columns import to_micros
from data_access.queries.circle_sales import (
    list_accounts_of,
    list_circles,
    list_first_talk,
    list_participants,
    list_sales_between,
    read_credit_of_key,
)
from data_access.queries.credit import RULES, list_person_names
from data_access.queries.sales import DEAL, NO_AMOUNT, ORDER, list_kinds, read_sales_span
from metrics.circle_sales import (
    PairedChange,
    before_and_after,
    is_covered,
    paired_change,
    sales_around,
    share_among,
    sum_by_step,
)
from metrics.money import convert_minor
from metrics.ratios import ratio

#: Days before and after taking part that may be looked at.
WINDOWS = (30, 60, 90)
#: Of each account of a person the newest so many interactions are looked at.
NEWEST_OF_ONE = 20_000
#: The same where many people are ranked.
NEWEST_OF_MANY = 500
#: So many people are ranked at most.
MOST_RANKED = 100
_HOST = "host"
_DAY_MICROS = 86_400 * 1_000_000


@dataclass(frozen=True)
class CircleSales:
    """What the circle of a person bought in the ``window_days`` days before and after each of them first took part.

    The circle: who of the public answered, mentioned or shared them in the period, on the filters' networks; channels
    and brands do not limit it. Taking part: the first time ever, on any network. Money in minor units of ``currency``;
    ``sale_kind`` ``order`` (orders less refunds, each on its own day) or ``deal`` (won, on the day of the close). What
    several people take part in counts in equal parts.

    ``people``: in the circle; ``compared``: those whose two windows lie between ``first_day`` and ``last_day``, the
    days with sales of this kind (None where there is none); all that follows is of them. ``orders_before``,
    ``orders_after``: sales, refunds are none. ``buyers_before``, ``buyers_after``: people with one. ``before_minor``,
    ``after_minor``: what they bought. ``change``: the mean difference of a person, in minor units. ``steps``: ``step``
    (-6 to 5; 0 begins with taking part), ``amount_minor``. ``table``: a row for each who bought or gave back anything,
    who bought most after first: ``person_id``, ``name``, ``first_at`` (UTC), ``orders_before``, ``orders_after``,
    ``before_minor``, ``after_minor``; the rows add up to the sums. ``unconverted``: what is in no other number, since
    its currency has no rate: ``currency``, ``sales``, ``total_minor``. ``without_amount``: how many of the sales name
    no amount. ``is_cut``: whether the circle may miss people, since only the newest ``NEWEST_OF_ONE``
    interactions with an account are looked at.
    """

    filters: Filters
    person_id: int
    window_days: int
    sale_kind: str
    currency: str
    people: int
    compared: int
    first_day: date | None
    last_day: date | None
    change: PairedChange
    table: pd.DataFrame = field(repr=False)
    steps: pd.DataFrame = field(repr=False)
    unconverted: pd.DataFrame = field(repr=False)
    orders_before: int = 0
    orders_after: int = 0
    without_amount: int = 0
    is_cut: bool = False

    @property
    def left_out(self) -> int:
        """People of the circle whose windows reach beyond the days with sales."""
        return self.people - self.compared

    @property
    def before_minor(self) -> int:
        """What all bought before, together."""
        return int(self.table["before_minor"].sum())

    @property
    def after_minor(self) -> int:
        """What all bought after, together."""
        return int(self.table["after_minor"].sum())

    @property
    def buyers_before(self) -> int:
        """People who bought before."""
        return int((self.table["orders_before"] > 0).sum())

    @property
    def buyers_after(self) -> int:
        """People who bought after."""
        return int((self.table["orders_after"] > 0).sum())

    @property
    def mean_before_minor(self) -> float:
        """What the mean person bought before; NaN where nobody is compared."""
        return ratio(self.before_minor, self.compared)

    @property
    def mean_after_minor(self) -> float:
        """What the mean person bought after; NaN where nobody is compared."""
        return ratio(self.after_minor, self.compared)


_TABLE = ["person_id", "name", "first_at", "orders_before", "orders_after", "before_minor", "after_minor"]


def read_circle_sales(
    session: Session,
    person_id: int,
    filters: Filters,
    *,
    window_days: int = 60,
    sale_kind: str | None = None,
    scope: Scope | None = None,
) -> CircleSales:
    """What the circle of a person bought. ``sale_kind``: None for the first that has data. Raises ``ValueError`` for
    another window or kind."""
    scope = scope or read_scope(session)
    kind = _choose_kind(session, window_days, sale_kind)
    known = _known_days(session, kind, scope)
    circle, cut = _read_circles(session, [person_id], filters, scope, NEWEST_OF_ONE)
    if cut:
        circle = _with_first_ever(session, circle, cut, set(circle["person_id"]), filters, scope)
    moments = _compared(circle, known, window_days, scope)
    around = _around(session, scope, moments, _read_sales(session, moments, kind, window_days), kind, window_days)
    in_numbers = around[around["amount_minor"].notna()].astype({"amount_minor": "int64"})
    bought = moments.join(before_and_after(moments, in_numbers))
    is_sale = ~in_numbers["is_refund"].astype(bool)
    return CircleSales(
        filters=filters,
        person_id=person_id,
        window_days=window_days,
        sale_kind=kind,
        currency=scope.settings.currency,
        people=len(circle),
        compared=len(moments),
        first_day=known[0],
        last_day=known[1],
        change=paired_change(bought["before_minor"], bought["after_minor"]),
        table=_table(session, bought, set(in_numbers["moment"])),
        steps=sum_by_step(in_numbers),
        unconverted=_sum_apart(around[around["amount_minor"].isna()]),
        orders_before=int(in_numbers.loc[is_sale & ~in_numbers["is_after"], "sale"].nunique()),
        orders_after=int(in_numbers.loc[is_sale & in_numbers["is_after"], "sale"].nunique()),
        without_amount=int(in_numbers.loc[is_sale & (in_numbers["currency"] == NO_AMOUNT), "sale"].nunique()),
        is_cut=_is_cut(cut, filters, scope),
    )


def _choose_kind(session: Session, window_days: int, sale_kind: str | None) -> str:
    if window_days not in WINDOWS:
        raise ValueError(f"{window_days!r} is not one of {', '.join(str(days) for days in WINDOWS)}")
    if sale_kind is None:
        return next(iter(list_kinds(session)), ORDER)
    if sale_kind not in (ORDER, DEAL):
        raise ValueError(f"{sale_kind!r} is not one of {ORDER}, {DEAL}")
    return sale_kind


_Days = tuple[date | None, date | None]


def _known_days(session: Session, kind: str, scope: Scope) -> _Days:
    return read_sales_span(session, kind, today=scope.newest_day)


def _midnight(day: date, scope: Scope) -> int:
    return to_micros(local_midnight(day, scope.time_zone))


def _read_circles(
    session: Session, people: Collection[int], filters: Filters, scope: Scope, newest: int
) -> tuple[pd.DataFrame, dict[int, int]]:
    """Who took part in whose talk: ``host_id``, ``person_id``, ``at`` (the first time that is looked at, microseconds);
    and the accounts of which not all was looked at, with the oldest time that was."""
    since, until = _midnight(filters.start, scope), _midnight(filters.end, scope)
    return list_circles(session, people, since=since, until=until, networks=filters.networks, newest=newest)


def _with_first_ever(
    session: Session,
    circle: pd.DataFrame,
    accounts: Collection[int],
    people: Collection[int],
    filters: Filters,
    scope: Scope,
) -> pd.DataFrame:
    """The circle with the first time ever of these people towards accounts of which not all was looked at."""
    first = list_first_talk(session, accounts, people, until=_midnight(filters.end, scope))
    held = list_accounts_of(session, set(circle["host_id"]))
    earliest = first.merge(held, left_on="target_id", right_on="identity_id", suffixes=("", "_host"))
    earliest = earliest.groupby(["person_id_host", "person_id"])["first_at"].min()
    joined = circle.join(earliest.rename_axis(["host_id", "person_id"]), on=["host_id", "person_id"])
    return circle.assign(at=joined[["at", "first_at"]].min(axis=1).astype("int64"))


def _is_cut(cut: dict[int, int], filters: Filters, scope: Scope) -> bool:
    """Whether what was not looked at reaches into the period."""
    return any(oldest > _midnight(filters.start, scope) for oldest in cut.values())


def _compared(circle: pd.DataFrame, known: _Days, window_days: int, scope: Scope) -> pd.DataFrame:
    """Those of the circle whose two windows lie within the days with sales."""
    first, last = known
    if first is None or last is None:
        return circle.iloc[:0]
    known_from, known_until = _midnight(first, scope), _midnight(last + DAY, scope)
    within = is_covered(circle["at"], window_days=window_days, known_from=known_from, known_until=known_until)
    return circle[within].reset_index(drop=True)


def _read_sales(session: Session, moments: pd.DataFrame, kind: str, window_days: int) -> pd.DataFrame:
    """The sales of these people that may lie in the windows around any of their moments."""
    window = window_days * _DAY_MICROS
    since, until = (moments["at"].min() - window, moments["at"].max() + window) if len(moments) else (0, 0)
    people = set(moments["person_id"])
    return list_sales_between(session, people, sale_kind=kind, since=int(since), until=int(until))


def _around(
    session: Session, scope: Scope, moments: pd.DataFrame, sales: pd.DataFrame, kind: str, window_days: int
) -> pd.DataFrame:
    """As ``metrics.circle_sales.sales_around``, with each person's part of each sale: ``amount_minor`` (Int64, in the
    workspace's currency; NA without a rate), ``own_minor`` (in its own), ``sale``, ``is_refund``, ``currency``."""
    around = sales_around(moments, sales, window_days=window_days)
    shared = _share_out(scope, list_participants(session, sale_kind=kind, sales=set(around["sale"])))
    return around.merge(shared, on=["sale", "person_id"], how="left")


def _share_out(scope: Scope, parties: pd.DataFrame) -> pd.DataFrame:
    """``sale``, ``person_id``, ``currency``, ``own_minor``, ``amount_minor`` (Int64): converted whole, then in equal
    parts."""
    to = scope.settings.currency
    own_currency = parties["currency"].where(parties["currency"] != NO_AMOUNT, to)
    converted, _ = convert_minor(parties.assign(currency=own_currency), scope.settings.rates, to)
    converted = converted.astype("Int64")
    parts = share_among(parties.assign(amount_minor=converted.fillna(0).astype("int64"))).astype("Int64")
    return parties.drop(columns="day").assign(own_minor=share_among(parties), amount_minor=parts.mask(converted.isna()))


def _table(session: Session, bought: pd.DataFrame, moments: Collection[int]) -> pd.DataFrame:
    rows = bought[bought.index.isin(list(moments))]
    names = list_person_names(session, {int(person) for person in rows["person_id"]})
    named = rows.assign(
        name=rows["person_id"].map(names).astype("object"),
        first_at=pd.to_datetime(rows["at"], unit="us", utc=True).astype("datetime64[us, UTC]"),
    )
    by = ["after_minor", "orders_after", "before_minor", "person_id"]
    return named.sort_values(by, ascending=[False, False, False, True], ignore_index=True)[_TABLE]


def _sum_apart(rows: pd.DataFrame) -> pd.DataFrame:
    sales = rows[~rows["is_refund"].astype(bool)].groupby("currency")["sale"].nunique().rename("sales")
    total = rows.groupby("currency")["own_minor"].sum().rename("total_minor")
    both = pd.concat([sales, total], axis=1).fillna(0).rename_axis("currency").sort_index().reset_index()
    return both.astype({"currency": "object", "sales": "int64", "total_minor": "int64"})


@dataclass(frozen=True)
class CircleSalesRanking:
    """Whose circle bought what. ``table``: a row a person, whose circle bought most after taking part first:
    ``person_id``, ``name``, ``people`` (in the circle), ``buyers_after``, ``orders_after``, ``before_minor``,
    ``after_minor`` (minor units of ``currency``), as ``CircleSales`` has them. Two people's circles may hold the same
    buyer, so the rows do not add up. ``unconverted``: currencies without a rate, in no number. ``is_cut``: whether of
    any account only the newest ``NEWEST_OF_MANY`` interactions were looked at, so that its circle may be larger."""

    filters: Filters
    window_days: int
    sale_kind: str
    currency: str
    table: pd.DataFrame = field(repr=False)
    unconverted: tuple[str, ...] = ()
    is_cut: bool = False


def read_circle_sales_ranking(
    session: Session,
    filters: Filters,
    people: Collection[int],
    *,
    window_days: int = 60,
    sale_kind: str | None = None,
    scope: Scope | None = None,
) -> CircleSalesRanking:
    """What the circles of these people (the first ``MOST_RANKED``) bought. Raises as ``read_circle_sales``."""
    scope = scope or read_scope(session)
    kind = _choose_kind(session, window_days, sale_kind)
    hosts = list(dict.fromkeys(int(person) for person in people))[:MOST_RANKED]
    circle, cut = _read_circles(session, hosts, filters, scope, NEWEST_OF_MANY)
    known = _known_days(session, kind, scope)
    moments = circle if cut else _compared(circle, known, window_days, scope)
    sales = _read_sales_ever(session, moments, known, kind, scope)
    moments = moments[moments["person_id"].isin(sales["person_id"])].reset_index(drop=True)
    if cut:  # of buyers alone, whom the numbers are of
        moments = _with_first_ever(session, moments, cut, set(moments["person_id"]), filters, scope)
        moments = _compared(moments, known, window_days, scope)
    around = _around(session, scope, moments, sales, kind, window_days)
    in_numbers = around[around["amount_minor"].notna()].astype({"amount_minor": "int64"})
    bought = moments.join(before_and_after(moments, in_numbers))
    return CircleSalesRanking(
        filters=filters,
        window_days=window_days,
        sale_kind=kind,
        currency=scope.settings.currency,
        table=_rank(list_person_names(session, hosts), circle, bought),
        unconverted=tuple(sorted(set(around.loc[around["amount_minor"].isna(), "currency"]))),
        is_cut=_is_cut(cut, filters, scope),
    )


def _read_sales_ever(session: Session, moments: pd.DataFrame, known: _Days, kind: str, scope: Scope) -> pd.DataFrame:
    """All sales of these people."""
    first, last = known
    since, until = (0, 0) if first is None or last is None else (_midnight(first, scope), _midnight(last + DAY, scope))
    return list_sales_between(session, set(moments["person_id"]), sale_kind=kind, since=since, until=until)


def _rank(names: dict[int, str], circle: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    hosts = list(names)
    sums: dict[str, Any] = {
        "people": circle.groupby("host_id").size(),
        "buyers_after": bought[bought["orders_after"] > 0].groupby("host_id").size(),
    }
    sums |= {name: bought.groupby("host_id")[name].sum() for name in ("orders_after", "before_minor", "after_minor")}
    columns = {name: values.reindex(hosts, fill_value=0).astype("int64") for name, values in sums.items()}
    table = pd.DataFrame(columns, index=pd.Index(hosts, name="person_id", dtype="int64")).reset_index()
    table.insert(1, "name", pd.Series(list(names.values()), dtype="object"))
    return table.sort_values(["after_minor", "person_id"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class HostCredit:
    """What each credit rule gives to a person for what was sold in the period, to the cent as Revenue's rows by
    influencer have it: that buyers took part in their conversations. ``rules``: ``rule``, ``credit_minor``, ``share``
    (of ``total_minor``; NaN where that is 0), in the order of the rules; without Markov, which needs all journeys.
    ``sales``: in whose journey they are; ``touched_minor``: what those come to, each whole; ``total_minor``: what was
    sold to anybody. ``unconverted``: as in ``answers.attribution.Credit``, of everything sold."""

    filters: Filters
    person_id: int
    lookback_days: int
    sale_kind: str
    currency: str
    sales: int
    touched_minor: int
    total_minor: int
    reached_minor: int
    rules: pd.DataFrame = field(repr=False)
    unconverted: pd.DataFrame = field(repr=False)


def read_host_credit(
    session: Session,
    person_id: int,
    filters: Filters,
    *,
    lookback_days: int = 30,
    sale_kind: str | None = None,
    scope: Scope | None = None,
) -> HostCredit:
    """Credit for a person whose conversations buyers took part in, under each rule but Markov."""
    scope = scope or read_scope(session)
    kind = _choose_kind(session, WINDOWS[0], sale_kind)
    slice_: dict[str, Any] = {"sale_kind": kind, "lookback_days": lookback_days}
    slice_ |= {"start": filters.start, "end": filters.end}
    everything, apart = read_credit_by_key(session, scope, dimension="all", **slice_)
    total = int(everything["linear"].sum())
    theirs = _read_their_credit(session, person_id, scope, slice_)
    rows = [(rule, theirs[rule], ratio(theirs[rule], total)) for rule in RULES]
    rules = pd.DataFrame(rows, columns=["rule", "credit_minor", "share"])
    return HostCredit(
        filters=filters,
        person_id=person_id,
        lookback_days=lookback_days,
        sale_kind=kind,
        currency=scope.settings.currency,
        sales=theirs["sales"],
        touched_minor=theirs["touched_minor"],
        total_minor=total,
        reached_minor=int(everything.loc[everything["key"] != UNREACHED, "linear"].sum()),
        rules=rules.astype({"credit_minor": "int64", "share": "float64"}),
        unconverted=apart,
    )


def _read_their_credit(session: Session, person_id: int, scope: Scope, slice_: dict[str, Any]) -> dict[str, int]:
    sums = read_credit_of_key(session, dimension=_HOST, key=str(person_id), **slice_)
    if not set(sums["currency"]) <= {scope.settings.currency, NO_AMOUNT}:
        # what rounding leaves over goes to the largest part of a day: all parts are needed
        sums, _ = read_credit_by_key(session, scope, dimension=_HOST, **slice_)
        sums = sums[sums["key"] == str(person_id)]
    return {name: int(sums[name].sum()) for name in ("sales", "touched_minor", *RULES)}
