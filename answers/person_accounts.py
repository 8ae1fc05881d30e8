"""One person's accounts: why each is theirs, which others may be, and what joins or splits them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlmodel import Session

from data_access.decisions import Key
from data_access.models.decisions import MatchDecision
from data_access.models.facts import NameKind
from data_access.queries.people import list_accounts
from data_access.queries.person_accounts import (
    list_accounts_named,
    list_earlier_names,
    list_match_decisions,
    list_pairs_of,
)

FIRST = "The first account that we saw of them."
_RULES = {
    "verified_email": "The same verified e-mail address as {}.",
    "platform_id": "The same id as {}.",
    "profile_link": "One of the two profiles links to the other: {}.",
    "team_member": "Settings names it as an account of the same member of the team as {}.",
}
MOST_SUGGESTED = 20


@dataclass(frozen=True)
class PersonAccounts:
    """``reasons``: by the account's id, why it is theirs, in words. ``earlier``: by the account's id, names and handles
    that it had before, the latest first. ``suggested``: accounts of others that may be
    theirs, the surest first: ``identity_id``, ``person_id``, ``name``, ``handle``, ``network``, ``probability`` (0 to
    1), ``why`` (in words), ``reason`` (why it did not join by itself, or None), ``own_key`` and ``other_key`` (the
    natural keys of the pair that is to be decided)."""

    reasons: dict[int, str]
    earlier: dict[int, list[str]]
    suggested: pd.DataFrame = field(repr=False)


def read_person_accounts(session: Session, person_id: int) -> PersonAccounts:
    """Why each account of a person is theirs, and which others may be."""
    own = list_accounts(session, person_id)
    own_ids = {int(account) for account in own["identity_id"]}
    waiting = list_pairs_of(session, own_ids, state="review").head(MOST_SUGGESTED)
    known = own_ids.union(*(set(waiting[side]) for side in ("left_id", "right_id")))
    named = list_accounts_named(session, sorted(int(account) for account in known))
    return PersonAccounts(
        reasons=_reasons(session, own, named.set_index("identity_id")),
        earlier=_earlier(session, own_ids),
        suggested=_suggested(waiting, own_ids, named.set_index("identity_id")),
    )


def _earlier(session: Session, accounts: Collection[int]) -> dict[int, list[str]]:
    earlier: dict[int, list[str]] = {}
    for row in list_earlier_names(session, accounts).itertuples(index=False):
        called = f"@{row.name}" if row.kind == NameKind.HANDLE else str(row.name)
        earlier.setdefault(int(row.identity_id), []).append(called)
    return earlier


def _keys(frame: pd.DataFrame) -> list[Key]:
    return [(row.network, row.source, row.native_id) for row in frame.itertuples(index=False)]


def _key(row: Any) -> Key:
    return (str(row["network"]), str(row["source"]), str(row["native_id"]))


def _label(row: Any) -> str:
    handle = row["handle"]
    called = f"@{handle}" if isinstance(handle, str) and handle else str(row["name"])
    return f"{called} ({row['network']})"


def _reasons(session: Session, own: pd.DataFrame, named: pd.DataFrame) -> dict[int, str]:
    decisions = list_match_decisions(session, _keys(own)) if len(own) > 1 else {}
    pairs = list_pairs_of(session, [int(one) for one in own["identity_id"]], state="joined") if len(own) > 1 else None
    reasons = {}
    for row in own.to_dict("records"):
        account, how = int(row["identity_id"]), row["evidence"]
        other = int(how.get("with", 0)) if isinstance(how, dict) else 0
        if not isinstance(how, dict) or other not in named.index:
            reasons[account] = FIRST if len(own) > 1 else "The only account that we know of them."
            continue
        beside = named.loc[other]
        decision = decisions.get(frozenset((_key(row), _key(beside))))
        reasons[account] = _reason(how, _label(beside), decision, _fields(pairs, account, other))
    return reasons


def _reason(how: dict[str, Any], other: str, decision: MatchDecision | None, fields: list[dict[str, Any]]) -> str:
    if how["rule"] in _RULES:
        return _RULES[how["rule"]].format(other)
    if how["rule"] == "decision":
        if decision is None:
            return f"Somebody here said that it is of the same person as {other}."
        said = (
            f"{decision.decided_by} said on {decision.decided_at:%-d %b %Y} that it is of the same person as {other}."
        )
        return said[:1].upper() + said[1:]
    sure = f"{min(how['probability'], 0.999):.1%} sure" if how.get("probability") else "sure enough"
    return f"Looks like {other}, {sure}: {describe_fields(fields)}." if fields else f"Looks like {other}, {sure}."


def _fields(pairs: pd.DataFrame | None, one: int, other: int) -> list[dict[str, Any]]:
    if pairs is None:
        return []
    is_it = (pairs["left_id"] == min(one, other)) & (pairs["right_id"] == max(one, other))
    found = pairs.loc[is_it, "fields"]
    return list(found.iloc[0]) if len(found) else []


def describe_fields(fields: list[dict[str, Any]]) -> str:
    """What speaks for one person, and what against, what weighs most first.

    >>> describe_fields([{"level": "same name", "weight": 9.0}, {"level": "different towns", "weight": -2.0}])
    'same name; against it: different towns'
    """
    known = sorted((entry for entry in fields if entry["weight"]), key=lambda entry: -abs(entry["weight"]))
    speaking = [str(entry["level"]) for entry in known if entry["weight"] > 0][:3]
    against = [str(entry["level"]) for entry in known if entry["weight"] < 0][:2]
    words = [", ".join(speaking)] if speaking else []
    return "; ".join(words + ([f"against it: {', '.join(against)}"] if against else []))


def _suggested(pairs: pd.DataFrame, own_ids: set[int], named: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for pair in pairs.itertuples(index=False):
        mine, other = (pair.left_id, pair.right_id) if pair.left_id in own_ids else (pair.right_id, pair.left_id)
        if other in own_ids or other not in named.index:
            continue
        account = named.loc[other]
        why = (describe_fields(pair.fields), pair.reason or None)
        shown = (int(other), int(account["person_id"]), account["name"], account["handle"], account["network"])
        rows.append((*shown, float(pair.probability), *why, _key(named.loc[mine]), _key(account)))
    columns = ["identity_id", "person_id", "name", "handle", "network", "probability", "why", "reason"]
    columns += ["own_key", "other_key"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.drop_duplicates("identity_id", ignore_index=True)


def list_join_pairs(session: Session, person_id: int, other_id: int) -> list[tuple[Key, Key]]:
    """The pairs of accounts to decide as the same, so that two people become one: one pair, and those of which somebody
    said that they are different. Empty where either is nobody, or they are one already."""
    own, other = (_keys(list_accounts(session, one)) for one in (person_id, other_id))
    if not own or not other or person_id == other_id:
        return []
    decided = list_match_decisions(session, own)
    apart = [
        (one, two)
        for one in own
        for two in other
        if (found := decided.get(frozenset((one, two)))) is not None and found.verdict == "different"
    ]
    return apart or [(own[0], other[0])]


def list_split_pairs(session: Session, person_id: int, identity_id: int) -> list[tuple[Key, Key]]:
    """The pairs of accounts to decide as different, so that one account is no longer a person's: it with each of the
    others. Empty where it is not theirs, or their only one."""
    accounts = list_accounts(session, person_id)
    is_it = accounts["identity_id"] == identity_id
    if not is_it.any():
        return []
    (one,) = _keys(accounts[is_it])
    return [(one, other) for other in _keys(accounts[~is_it])]


def list_also_split(session: Session, accounts: list[int], identity_id: int) -> set[int]:
    """Of the accounts that were one person's before ``identity_id`` was split from them, those that left with it or by
    themselves, since nothing but it held them: all but it and the largest group that is left."""
    named = list_accounts_named(session, accounts)
    person_of = {int(i): int(p) for i, p in zip(named["identity_id"], named["person_id"], strict=True)}
    groups: dict[int, set[int]] = {}
    for account, person in person_of.items():
        groups.setdefault(person, set()).add(account)
    rest = [group for group in groups.values() if identity_id not in group]
    staying = max(rest, key=lambda group: (len(group), -min(group)), default=set())
    return set(person_of) - staying - {identity_id}
