"""From pairs of accounts to persons: what ``metrics.clusters`` makes of the pairs that were found."""

import pandas as pd

from metrics.clusters import Tie, cluster
from metrics.matching_words import PLUS_TAG_HOSTS, SHARED_MAILBOXES

#: How sure the rules are: more than any guess, and one more than another.
RULE_STRENGTHS = {"profile_link": 2.0, "platform_id": 2.0, "verified_email": 3.0}


def own_address(email: object, is_verified: object) -> str | None:
    """The verified address that is one person's alone, in lower case; None for a shared mailbox, or any other.

    >>> own_address("Ann@X.org", True), own_address("info@x.org", True), own_address("ann@x.org", None)
    ('ann@x.org', None, None)
    >>> own_address("ann+news@gmail.com", True)
    'ann@gmail.com'
    """
    if not isinstance(email, str) or is_verified is not True:
        return None
    local, _, host = email.strip().lower().partition("@")
    bare = local.split("+")[0]
    if bare in SHARED_MAILBOXES:
        return None
    return f"{bare if host in PLUS_TAG_HOSTS else local}@{host}"


def cluster_accounts(
    accounts: pd.DataFrame, certain: pd.DataFrame, scored: pd.DataFrame, *, at_least: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Join accounts into persons by certain pairs and by scored ones from ``at_least`` on, as a store does.

    Columns: ``accounts`` as ``certain_pairs``; ``certain`` and ``scored`` as these functions return them. Returns
    (``account_id``, ``person``: the person's lowest account id; only accounts that were joined) and (``left_id``,
    ``right_id``, ``reason``): the pairs held back, for someone to look at.
    """
    ties = [Tie(row.left_id, row.right_id, strength=RULE_STRENGTHS[row.rule]) for row in certain.itertuples()]
    likely = scored[scored["probability"] >= at_least]
    ties += [Tie(row.left_id, row.right_id, strength=row.probability) for row in likely.itertuples()]
    unknown = pd.Series(None, index=accounts.index, dtype="object")
    emails = {}
    for number, email, is_verified in zip(
        accounts["account_id"], accounts.get("email", unknown), accounts.get("email_verified", unknown), strict=True
    ):
        address = own_address(email, bool(is_verified) if pd.notna(is_verified) else None)
        if address is not None:
            emails[int(number)] = address
    ids = [int(number) for number in accounts["account_id"]]
    found = cluster(
        ids,
        ties,
        emails=emails,
        roles=dict(zip(ids, (None if pd.isna(role) else role for role in accounts.get("role", unknown)), strict=True)),
        places=dict(zip(ids, accounts["network"] + chr(31) + accounts["source"], strict=True)),
    )
    sizes = pd.Series(found.person_of).value_counts()
    persons = [(account, person) for account, person in found.person_of.items() if sizes[person] > 1]
    held = [(*pair, reason) for pair, reason in sorted(found.held.items())]
    return (
        pd.DataFrame(persons, columns=["account_id", "person"]),
        pd.DataFrame(held, columns=["left_id", "right_id", "reason"]),
    )
