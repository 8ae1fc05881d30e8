"""To find people: by handle, name, e-mail or organisation, and who is most active."""

import math
from collections.abc import Sequence

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope, channel_ids, read_scope
from data_access.queries.people import list_top_people
from data_access.queries.person_accounts import list_earlier_names
from data_access.queries.profile import (
    find_accounts,
    find_organizations,
    list_accounts_of_organizations,
    list_found_accounts,
    list_networks,
)
from data_access.search_words import list_account_words, list_typed_words
from metrics.ratios import ratio

MOST_HITS = 20
HIT_COLUMNS = ["person_id", "name", "handle", "network", "role", "followers", "posts", "location", "email", "formerly"]


def search_people(session: Session, text: str, *, limit: int = MOST_HITS) -> pd.DataFrame:
    """People with words in handle, name, e-mail or organisation that begin with the words of ``text``, or whose id it
    is: exact ones first, then those that begin with it, then the rest; those who wrote more first. ``person_id``,
    ``name``, ``handle``, ``network``, ``role``, ``followers`` (Int64; the most of any account), ``posts``,
    ``location``, ``email``, ``formerly`` (the earlier name or handle by which they are found, where no name of now
    is what was typed; else None): a row a person, its accounts that match together."""
    accounts = find_accounts(session, text)
    if len(accounts) < limit:
        organizations = [int(found) for found in find_organizations(session, text)["organization_id"]]
        accounts += list_accounts_of_organizations(session, organizations)
    found = list_found_accounts(session, list(dict.fromkeys(accounts)))
    wanted = text.strip().lstrip("@").strip().lower()
    texts = found[["handle", "email", "name"]]
    nearness = [
        0 if str(account) == wanted else min(_nearness(value, wanted) for value in row)
        for account, row in zip(found["identity_id"], texts.itertuples(index=False), strict=True)
    ]
    ranked = found.assign(
        nearness=pd.Series(nearness, index=found.index, dtype="int64"),
        formerly=pd.Series(_formerly(session, found, text), index=found.index, dtype="object"),
    )
    ranked = ranked.sort_values(["nearness", "posts", "identity_id"], ascending=[True, False, True])
    people = ranked.groupby("person_id", sort=False).agg(
        name=("name", "first"),
        handle=("handle", "first"),
        network=("network", lambda networks: ", ".join(dict.fromkeys(networks))),
        role=("role", "first"),
        followers=("followers", "max"),
        posts=("posts", "sum"),
        location=("location", "first"),
        email=("email", "first"),
        formerly=("formerly", "first"),
    )
    return people.reset_index()[HIT_COLUMNS].head(limit)


def _formerly(session: Session, found: pd.DataFrame, text: str) -> list[str | None]:
    """By account, the earlier name that has a word which was typed and which no name of now has."""
    earlier = list_earlier_names(session, [int(account) for account in found["identity_id"]])
    names_of: dict[int, list[str]] = {}
    for row in earlier.itertuples(index=False):
        names_of.setdefault(int(row.identity_id), []).append(str(row.name))
    typed = list_typed_words(text)
    formerly: list[str | None] = []
    for row in found.itertuples(index=False):
        names = names_of.get(int(row.identity_id), [])
        now = [value for value in (row.name, row.handle, row.email) if isinstance(value, str)] if names else []
        missing = min((_list_missing(way, now) for way in typed), key=len, default=[])
        formerly.append(next((name for name in names if len(_list_missing(missing, [name])) < len(missing)), None))
    return formerly


def _list_missing(words: Sequence[str], names: Sequence[str]) -> list[str]:
    """The words with which no word of these names begins."""
    known = [word for name in names for word in list_account_words(name, name, None, None)]
    return [word for word in words if not any(one.startswith(word) for one in known)]


def search_organizations(session: Session, text: str, *, limit: int = MOST_HITS) -> pd.DataFrame:
    """Organisations of the CRM whose name or web domain holds ``text`` (three letters at least): ``organization_id``,
    ``name``, ``domain``, ``accounts`` (of theirs)."""
    return find_organizations(session, text, limit=limit)


def _nearness(value: object, wanted: str) -> int:
    known = value.lower() if isinstance(value, str) else ""
    if known == wanted:
        return 0
    if known.startswith(wanted):
        return 1
    if f" {wanted}" in known:  # a later word of a name begins so
        return 2
    return 3 if wanted in known else 4


def read_most_active(
    session: Session, filters: Filters, *, limit: int = MOST_HITS, scope: Scope | None = None
) -> pd.DataFrame:
    """Who wrote most in the period: ``person_id``, ``name``, ``network``, ``followers`` (Int64), ``posts``,
    ``net_sentiment`` (-100 to 100; NaN where nothing is scored), ``scored``."""
    scope = scope or read_scope(session)
    top = list_top_people(
        session, start=filters.start, end=filters.end, channels=channel_ids(scope, filters), limit=limit
    )
    accounts = list_networks(session, [int(person) for person in top["person_id"]])
    known = accounts.groupby("person_id").agg(
        network=("network", lambda networks: ", ".join(dict.fromkeys(networks))), followers=("followers", "max")
    )
    net = [
        100 * ratio(row.positive - row.negative, row.scored) if row.scored else math.nan
        for row in top.itertuples(index=False)
    ]
    people = top.assign(net_sentiment=pd.Series(net, index=top.index, dtype="float64")).join(known, on="person_id")
    return people[["person_id", "name", "network", "followers", "posts", "net_sentiment", "scored"]]
