"""What customers have bought, and what the current models expect of them."""

from collections.abc import Collection

from sqlmodel import Session

from jobs.derive.rules import Rules


def derive_values(session: Session, rules: Rules, people: Collection[int]) -> None:
    """Derive the value of these people anew. A person who is not there any more has none."""
