"""From pairs of accounts to persons, without joining what only a chain of likely pairs would join."""

from dataclasses import dataclass, field

import pandas as pd

from metrics.matching_accounts import load_accounts, open_duckdb

TWO_EMAILS = "two verified e-mails"
ONE_PLACE = "two accounts in one place"


@dataclass
class _Group:
    """Accounts taken for one person's so far."""

    accounts: list[int]
    emails: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


def cluster_accounts(
    accounts: pd.DataFrame, certain: pd.DataFrame, scored: pd.DataFrame, *, at_least: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Join accounts into persons: certain pairs all, then the scored ones from the likeliest down to ``at_least``.

    Columns: ``accounts`` as ``certain_pairs``; ``certain`` and ``scored`` as these functions return them. A scored pair
    is held back where it would put two verified e-mails, or two accounts of one place (network and source), into one
    person. Returns (``account_id``, ``person``: the person's lowest account id; only accounts that were joined) and
    (``left_id``, ``right_id``, ``reason``): the pairs held back, for someone to look at.
    """
    groups = _single_groups(accounts)
    for left, right in zip(certain["left_id"].tolist(), certain["right_id"].tolist(), strict=True):
        _join(groups, left, right)
    likely = scored[scored["probability"] >= at_least]
    likely = likely.sort_values(["probability", "left_id", "right_id"], ascending=[False, True, True])
    held: list[tuple[int, int, str]] = []
    for left, right in zip(likely["left_id"].tolist(), likely["right_id"].tolist(), strict=True):
        reason = _reason_against(groups[left], groups[right])
        if reason is None:
            _join(groups, left, right)
        else:
            held.append((left, right, reason))
    persons = [(account, min(group.accounts)) for account, group in groups.items() if len(group.accounts) > 1]
    return (
        pd.DataFrame(sorted(persons), columns=["account_id", "person"]),
        pd.DataFrame(sorted(held), columns=["left_id", "right_id", "reason"]),
    )


def _single_groups(accounts: pd.DataFrame) -> dict[int, _Group]:
    with open_duckdb() as connection:
        load_accounts(connection, accounts)
        rows = connection.execute("""
            SELECT account_id, network || chr(31) || source,
                CASE WHEN email_verified AND NOT is_shared_mailbox(email_of(email)) THEN email_of(email) END
            FROM account ORDER BY account_id
        """).fetchall()
    return {number: _Group([number], {email} if email else set(), {place}) for number, place, email in rows}


def _reason_against(left: _Group, right: _Group) -> str | None:
    if left is right:
        return None
    if len(left.emails | right.emails) > max(len(left.emails), len(right.emails), 1):
        return TWO_EMAILS
    return ONE_PLACE if left.places & right.places else None


def _join(groups: dict[int, _Group], left: int, right: int) -> None:
    first, second = groups[left], groups[right]
    if first is second:
        return
    if len(first.accounts) < len(second.accounts):
        first, second = second, first
    first.accounts += second.accounts
    first.emails |= second.emails
    first.places |= second.places
    for account in second.accounts:
        groups[account] = first
