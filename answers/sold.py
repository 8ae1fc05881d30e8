"""The numbers of the catalogue that speak of what was sold: each a function from a slice of the rollups to a figure.
Money is in whole units of the workspace's currency."""

import math

from answers.attribution_money import convert_credit
from answers.measures import Figure
from answers.slices import Slice
from data_access.queries.credit import NUMBERS
from data_access.queries.sales import DEAL, ORDER
from metrics.money import minor_digits
from metrics.ratios import ratio

NAMES = {ORDER: "orders", DEAL: "won deals"}


def _in_units(slice_: Slice, minor: int) -> float:
    return float(minor / 10.0 ** minor_digits(slice_.scope.settings.currency))


def _money(slice_: Slice, kind: str, column: str) -> Figure:
    sold = slice_.sold(kind)
    return Figure(_in_units(slice_, int(sold[column].sum())), coverage=_left_out(slice_, kind))


def _left_out(slice_: Slice, kind: str) -> str:
    left = slice_.unconverted(kind)
    if not left:
        return f"in {slice_.scope.settings.currency}"
    return f"in {slice_.scope.settings.currency}, without {', '.join(left)}, for which Settings has no rate"


def revenue(slice_: Slice) -> Figure:
    return _money(slice_, ORDER, "total_minor")


def orders(slice_: Slice) -> Figure:
    return Figure(int(slice_.sold(ORDER)["sales"].sum()))


def won_deals_amount(slice_: Slice) -> Figure:
    return _money(slice_, DEAL, "total_minor")


def won_deals(slice_: Slice) -> Figure:
    return Figure(int(slice_.sold(DEAL)["sales"].sum()))


def _reached(slice_: Slice) -> str:
    kind = slice_.rollups.sale_kind
    sold = slice_.sold(kind)
    return f"{int(sold['touched_sales'].sum()):,} of {int(sold['sales'].sum()):,} {NAMES[kind]} have a touch before"


def attributed_revenue(slice_: Slice) -> Figure:
    figure = _money(slice_, slice_.rollups.sale_kind, "touched_minor")
    return Figure(figure.value, coverage=_reached(slice_))


def unattributed_revenue(slice_: Slice) -> Figure:
    kind = slice_.rollups.sale_kind
    left = _money(slice_, kind, "total_minor").value - _money(slice_, kind, "touched_minor").value
    return Figure(round(left, 3), coverage=_reached(slice_))


def influenced_share(slice_: Slice) -> Figure:
    sold = slice_.sold(slice_.rollups.sale_kind)
    touched, total = int(sold["touched_minor"].sum()), int(sold["total_minor"].sum())
    parts = _in_units(slice_, touched), _in_units(slice_, total)
    return Figure(ratio(touched, total), *parts, _reached(slice_))


def open_pipeline(slice_: Slice) -> Figure:
    deals = slice_.rollups.open_deals
    if deals.empty:
        return Figure(math.nan)
    zeros = dict.fromkeys((name for name in NUMBERS if name not in ("sales", "linear")), 0)
    amounts = deals.assign(key="", sales=1, linear=deals["amount_minor"], **zeros)
    converted, left = convert_credit(amounts[["day", "key", "currency", *NUMBERS]], slice_.scope)
    words = f"{int(converted['sales'].sum()):,} open deals at the end of the data"
    without = f", without those in {', '.join(sorted(set(left['currency'])))}" if len(left) else ""
    return Figure(_in_units(slice_, int(converted["linear"].sum())), coverage=words + without)
