"""The touches of people who can be seen to buy."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from jobs.derive.rules import Rules


def derive_touches(session: Session, rules: Rules, people: Collection[int]) -> set[date]:
    """Derive the touches of these people anew. Returns the days whose credit no longer holds. A person who is not
    there any more has none."""
    return set()
