"""The numbers of the catalogue that speak of what was sold: each a function from a slice of the rollups to a figure.
Money is in whole units of the workspace's currency."""

import math

from answers.attribution_money import convert_credit
from answers.measures import Figure
from answers.slices import Slice
from data_access.queries.credit import NUMBERS
from data_access.queries.sales import DEAL, NO_AMOUNT, ORDER
from metrics.money import minor_digits
from metrics.ratios import ratio

NAMES = {ORDER: "orders", DEAL: "won deals"}


def _in_units(slice_: Slice, minor: int) -> float:
    return float(minor / 10.0 ** minor_digits(slice_.scope.settings.currency))


def _money(slice_: Slice, kind: str, column: str) -> Figure:
    sold = slice_.sold(kind)
    sales = sold.total("sales")
    # nothing known is not nothing sold
    is_unknown = sales > 0 and sales == sold.total("without_amount") + sold.total("without_rate")
    value = math.nan if is_unknown else _in_units(slice_, sold.total(column))
    return Figure(value, coverage=_left_out(slice_, kind))


def _left_out(slice_: Slice, kind: str) -> str:
    """Which currency the amounts are in, and what is counted and in no amount."""
    left, without = slice_.unconverted(kind), slice_.sold(kind).total("without_amount")
    words = f"in {slice_.scope.settings.currency}"
    if left:
        words += f", without {', '.join(left)}, for which Settings has no rate"
    if without:
        things = f"{NAMES[kind]} name" if without != 1 else f"{NAMES[kind].removesuffix('s')} names"
        words += f"; {without:,} {things} no amount"
    return words


def revenue(slice_: Slice) -> Figure:
    return _money(slice_, ORDER, "total_minor")


def orders(slice_: Slice) -> Figure:
    return Figure(slice_.sold(ORDER).total("sales"))


def won_deals_amount(slice_: Slice) -> Figure:
    return _money(slice_, DEAL, "total_minor")


def won_deals(slice_: Slice) -> Figure:
    undated = slice_.rollups.undated_deals
    words = f"{undated:,} more won without a date of the close, in no period" if undated else ""
    return Figure(slice_.sold(DEAL).total("sales"), coverage=words)


def _reached(slice_: Slice) -> str:
    kind = slice_.rollups.sale_kind
    sold = slice_.sold(kind)
    counts = f"{sold.total('touched_sales'):,} of {sold.total('sales'):,} {NAMES[kind]} have a touch before"
    words = _left_out(slice_, kind)
    return counts if words == f"in {slice_.scope.settings.currency}" else f"{counts}; amounts {words}"


def attributed_revenue(slice_: Slice) -> Figure:
    figure = _money(slice_, slice_.rollups.sale_kind, "touched_minor")
    return Figure(figure.value, coverage=_reached(slice_))


def unattributed_revenue(slice_: Slice) -> Figure:
    kind = slice_.rollups.sale_kind
    left = _money(slice_, kind, "total_minor").value - _money(slice_, kind, "touched_minor").value
    return Figure(round(left, 3), coverage=_reached(slice_))


def influenced_share(slice_: Slice) -> Figure:
    sold = slice_.sold(slice_.rollups.sale_kind)
    touched, total = sold.total("touched_minor"), sold.total("total_minor")
    parts = _in_units(slice_, touched), _in_units(slice_, total)
    return Figure(ratio(touched, total), *parts, _reached(slice_))


def open_pipeline(slice_: Slice) -> Figure:
    deals = slice_.rollups.open_deals
    if deals.empty:
        return Figure(math.nan)
    count, without = (int(deals.loc[named, "sales"].sum()) for named in (slice(None), deals["currency"] == NO_AMOUNT))
    if count == without:
        said = f"{count:,} open deals, none of which names an amount" if count > 1 else "1 open deal, without an amount"
        return Figure(math.nan, coverage=said)
    zeros = dict.fromkeys((name for name in NUMBERS if name not in ("sales", "linear")), 0)
    amounts = deals.assign(key="", linear=deals["total_minor"], **zeros)
    converted, left = convert_credit(amounts[["day", "key", "currency", *NUMBERS]], slice_.scope)
    words = f"{count:,} open deals at the end of the data"
    words += f", without those in {', '.join(sorted(set(left['currency'])))}" if len(left) else ""
    words += f", of which {without:,} without an amount" if without else ""
    return Figure(_in_units(slice_, int(converted["linear"].sum())), coverage=words)
