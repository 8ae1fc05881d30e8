"""Which sales the store holds."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from data_access.queries.sales import (
    OPEN_DEAL,
    has_buyers,
    has_open_deals,
    list_currencies,
    list_kinds,
    read_sales_span,
)
from data_access.settings import Settings


@dataclass(frozen=True)
class SalesHeld:
    """``kinds``: of ``order``, ``deal`` and ``open_deal`` those that the store holds, in this order. ``has_buyers``:
    whether of any sale it is known who bought. ``spans``: the first and the last local day of orders and of deals.
    ``currencies``: in which there are sales."""

    kinds: tuple[str, ...]
    has_buyers: bool
    spans: dict[str, tuple[date, date]]
    currencies: tuple[str, ...]

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day with any sale."""
        if not self.spans:
            return None
        return min(first for first, _ in self.spans.values()), max(last for _, last in self.spans.values())

    def currencies_without_rate(self, settings: Settings) -> tuple[str, ...]:
        """Those that cannot be added to the workspace's, on any day."""
        known = {settings.currency, *(rate.currency for rate in settings.rates)}
        return tuple(currency for currency in self.currencies if currency not in known)

    def lacks_every_rate(self, settings: Settings) -> bool:
        """Whether nothing that was sold can be added to the workspace's currency."""
        return bool(self.currencies) and self.currencies_without_rate(settings) == self.currencies


def read_sales_held(session: Session, newest_day: date | None = None) -> SalesHeld:
    """Which sales there are, in a few look-ups. ``newest_day``: the last that has data and is not ahead; the spans end
    then at the latest."""
    sold = list_kinds(session)
    found = {kind: read_sales_span(session, kind, today=newest_day) for kind in sold}
    spans = {kind: (first, last) for kind, (first, last) in found.items() if first and last}
    kinds = (*sold, *([OPEN_DEAL] if has_open_deals(session) else []))
    return SalesHeld(kinds, has_buyers(session), spans, list_currencies(session, kinds))
