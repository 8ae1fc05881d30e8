"""Credit for revenue: what was sold, which touches came before it, and what each credit rule gives to whom.

A credit rule shares out what was sold among the touches before it. It does not say that a touch caused a sale.
"""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope

#: The credit rules, in the order in which they stand side by side. All but Markov can be told for each single sale.
RULES = ("first_touch", "last_touch", "linear", "time_decay", "u_shaped", "w_shaped", "shapley", "markov")
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
#: By what credit can be told. ``host`` is the influencer: whose conversations the buyers took part in.
DIMENSIONS = ("channel", "network", "layer", "campaign", "member", "host")
LOOKBACKS = (7, 28, 30, 90)
ORDER, DEAL = "order", "deal"
#: The key of what no touch reaches, and of what touches reach that have no such attribute (such as no campaign).
UNREACHED, NO_KEY = "", "(none)"


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
    ``unconverted``: what was sold in currencies without a rate in Settings and so is in no other number: ``currency``,
    ``sales``, ``total_minor``. ``first_day``, ``last_day``: from which to which day there are sales of this kind at
    all. ``coverage``: which part has a touch, in words. ``note``: what a reader must know, such as that the filters
    cannot limit this dimension; empty where nothing.
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
    first_day: date | None
    last_day: date | None
    coverage: str
    note: str
    rows: pd.DataFrame = field(repr=False)
    unconverted: pd.DataFrame = field(repr=False)


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


@dataclass(frozen=True)
class Revenue:
    """What was sold over time, in minor units of ``currency``. ``series``: ``period`` (the day, the Monday or the
    first of the month; all of the filter's), ``days``, ``sales``, ``total_minor``, ``touched_minor``,
    ``unreached_minor``."""

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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    With ``sale_kind`` ``open_deal`` the open deals, whatever the period. Raises ``BrokenCursor``."""
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError
