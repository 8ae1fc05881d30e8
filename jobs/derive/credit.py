"""What each credit rule gives, by day: ``CreditDay`` and ``TransitionDay``."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from jobs.derive.rules import Rules


def derive_credit_days(session: Session, rules: Rules, days: Collection[date]) -> None:
    """Compute the credit of these days anew, from sales and touches."""
