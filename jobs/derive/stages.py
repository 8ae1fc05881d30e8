"""How far people have come: public network, website, private community, customer."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from jobs.derive.rules import Rules


def derive_stages(session: Session, rules: Rules, people: Collection[int]) -> set[date]:
    """Derive the stages of these people anew. Returns the first days whose counts no longer hold. A person who is not
    there any more has none."""
    return set()


def derive_stage_days(session: Session, rules: Rules, days: Collection[date]) -> None:
    """Compute the counts of these first days anew."""
