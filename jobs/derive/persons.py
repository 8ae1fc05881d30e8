"""Which accounts are one person's: ties followed, persons kept, pairs told whether they joined."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, or_, select, update
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.models.derived import Role
from data_access.upsert import Key, chunks, find_ids, table
from jobs.derive.rules import Rules
from metrics.clusters import Clusters, Pair, Tie, cluster
from metrics.matching_clusters import RULE_STRENGTHS, own_address

IDENTITY = table(facts.Identity)
PERSON = table(derived.Person)
PERSON_IDENTITY = table(derived.PersonIdentity)
ACCOUNT_ROLE = table(derived.AccountRole)
PAIR = table(derived.MatchPair)

#: From this probability on, accounts join by themselves; from the lower one on, somebody is asked.
JOIN_AT, ASK_AT = 0.95, 0.5
CRM_NETWORK = "crm"
_COLUMNS = ("id", "network", "source", "native_id", "handle", "handle_key", "display_name", "email", "email_verified")
#: Why a tie was not followed, in the words of the review.
REASONS = {
    "apart": "Somebody said that accounts on this chain are different people.",
    "emails": "It would join two different verified e-mail addresses.",
    "place": "They would have two accounts in one place.",
    "role": "One of the two is of the team, or a bot.",
}


@dataclass
class _Ties:
    """What ties accounts: how each pair is tied, and which pairs are said to be apart."""

    how: dict[Pair, dict[str, Any]] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    apart: list[Pair] = field(default_factory=list)

    def add(self, tie: Tie, how: dict[str, Any]) -> None:
        self.ties.append(tie)
        self.how.setdefault(tie.pair, how)


def derive_persons(session: Session, rules: Rules, ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Derive the persons of these accounts, and of all that ties them to others, anew.

    Returns the accounts that moved to another person, and the persons whose accounts, name or role changed.
    """
    decided = _resolve_decisions(session, rules)
    everyone = _reach(session, rules, set(ids), decided)
    rows = _read_accounts(session, everyone)
    roles = _read_roles(session, everyone)
    ties = _list_ties(session, rules, rows, decided)
    found = cluster(
        list(rows),
        ties.ties,
        emails={i: known for i, row in rows.items() if (known := own_address(row.email, row.email_verified))},
        places={i: f"{row.network}\x1f{row.source}" for i, row in rows.items()},
        roles={i: _group(role) for i, role in roles.items()},
        apart=ties.apart,
    )
    moved, changed = _keep_persons(session, rows, roles, found, ties)
    if rules.has_pairs:
        _settle_pairs(session, rows, found, decided[1])
    return moved, changed


def _group(role: str | None) -> str | None:
    return None if role == Role.MUTED else role


def list_reached(session: Session, rules: Rules, ids: Collection[int]) -> set[int]:
    """The other accounts whose persons hang on these: what ties reach, followed or held."""
    return _reach(session, rules, set(ids), _resolve_decisions(session, rules)) - set(ids)


_Decided = tuple[list[Pair], list[Pair]]


def _resolve_decisions(session: Session, rules: Rules) -> _Decided:
    """The pairs that somebody joined (newest first) and told apart, as ids; of accounts that are there."""
    keys = {key for pair in (*rules.matches.same, *rules.matches.apart) for key in pair}
    ids = find_ids(session, facts.Identity, keys) if keys else {}

    def resolve(pairs: Iterable[tuple[Key, Key]]) -> list[Pair]:
        return [(ids[a], ids[b]) for a, b in pairs if a in ids and b in ids and ids[a] != ids[b]]

    return resolve(rules.matches.same), resolve(rules.matches.apart)


def _reach(session: Session, rules: Rules, ids: set[int], decided: _Decided) -> set[int]:
    """All accounts that ties lead to from these, and those that are of one person with them so far."""
    partners: dict[int, set[int]] = defaultdict(set)
    for a, b in decided[0]:
        partners[a].add(b)
        partners[b].add(a)
    reached: set[int] = set()
    fresh = set(ids)
    while fresh:
        reached |= fresh
        found: set[int] = set()
        for part in chunks(sorted(fresh)):
            found.update(*(partners[i] for i in part if i in partners))
            found.update(_list_tied(session, rules, part))
        fresh = found - reached
    return reached


def _list_tied(session: Session, rules: Rules, ids: Sequence[int]) -> set[int]:
    ours = select(PERSON_IDENTITY.c.person_id).where(among(PERSON_IDENTITY.c.identity_id, ids))
    found = set(session.scalars(select(PERSON_IDENTITY.c.identity_id).where(PERSON_IDENTITY.c.person_id.in_(ours))))
    if rules.has_pairs:
        for one, other in ((PAIR.c.left_id, PAIR.c.right_id), (PAIR.c.right_id, PAIR.c.left_id)):
            found.update(session.scalars(select(other).where(one.in_(ids), PAIR.c.probability >= JOIN_AT)))
    if rules.team:
        members = select(ACCOUNT_ROLE.c.member).where(
            among(ACCOUNT_ROLE.c.identity_id, ids), ACCOUNT_ROLE.c.member.is_not(None)
        )
        found.update(session.scalars(select(ACCOUNT_ROLE.c.identity_id).where(ACCOUNT_ROLE.c.member.in_(members))))
    return found


def _read_accounts(session: Session, ids: Collection[int]) -> dict[int, Row[Any]]:
    statement = select(*(IDENTITY.c[name] for name in _COLUMNS))
    found = {}
    for part in chunks(sorted(ids)):
        found.update({row.id: row for row in session.execute(statement.where(among(IDENTITY.c.id, part)))})
    return dict(sorted(found.items()))


def _read_roles(session: Session, ids: Collection[int]) -> dict[int, str | None]:
    roles: dict[int, str | None] = {}
    for part in chunks(sorted(ids)):
        statement = select(ACCOUNT_ROLE.c.identity_id, ACCOUNT_ROLE.c.role).where(
            among(ACCOUNT_ROLE.c.identity_id, part)
        )
        roles.update({row.identity_id: row.role for row in session.execute(statement)})
    return roles


def _list_ties(session: Session, rules: Rules, rows: Mapping[int, Row[Any]], decided: _Decided) -> _Ties:
    ties = _Ties(apart=[pair for pair in decided[1] if pair[0] in rows and pair[1] in rows])
    for pair in decided[0]:
        if pair[0] in rows and pair[1] in rows:
            ties.add(Tie(*pair, is_decided=True), {"rule": "decision"})
    _tie_members(rules, rows, ties)
    if rules.has_pairs:
        for part in chunks(list(rows)):
            statement = select(PAIR.c.left_id, PAIR.c.right_id, PAIR.c.rule, PAIR.c.probability)
            pairs = session.execute(statement.where(among(PAIR.c.left_id, part), PAIR.c.probability >= JOIN_AT))
            for row in pairs:
                how = {"rule": row.rule, "probability": row.probability}
                strength = RULE_STRENGTHS.get(row.rule, row.probability)
                ties.add(Tie(row.left_id, row.right_id, strength=strength), how)
    return ties


def _tie_members(rules: Rules, rows: Mapping[int, Row[Any]], ties: _Ties) -> None:
    """The accounts of one member of the team, as Settings has them, are one person's."""
    first: dict[str, int] = {}
    for account, row in rows.items() if rules.team else ():
        member = rules.member((row.network, row.source, row.native_id), row.handle_key)
        if member is not None and first.setdefault(member, account) != account:
            ties.add(Tie(first[member], account, is_decided=True), {"rule": "team_member"})


def _keep_persons(
    session: Session, rows: Mapping[int, Row[Any]], roles: Mapping[int, str | None], found: Clusters, ties: _Ties
) -> tuple[set[int], set[int]]:
    """Bring persons and their accounts to what was found, touching only what differs."""
    before = _read_held(session, list(rows))
    people = _person_rows(rows, roles, found)
    evidence = _list_evidence(found, ties)
    standing = {
        row.id: (row.name, row.role) for row in _read_people(session, {*people, *(b[0] for b in before.values())})
    }
    connection = session.connection()
    new = [row for person, row in people.items() if person not in standing]
    if new:
        insert_rows(session, PERSON, new)
    altered = {p for p, row in people.items() if p in standing and standing[p] != (row["name"], row["role"])}
    _update_rows(session, PERSON, "id", [people[person] for person in sorted(altered)])
    wanted = {account: (person, evidence.get(account)) for account, person in found.person_of.items()}
    fresh = [account for account in wanted if account not in before]
    if fresh:
        insert_rows(session, PERSON_IDENTITY, [_held_row(account, *wanted[account]) for account in fresh])
    other = [_held_row(a, *wanted[a]) for a in wanted if a in before and before[a] != wanted[a]]
    _update_rows(session, PERSON_IDENTITY, "identity_id", other)
    gone = {b[0] for b in before.values()} - set(found.person_of.values())
    for part in chunks(sorted(gone)):
        connection.execute(delete(PERSON).where(among(PERSON.c.id, part)))
    moved = {account for account in before if before[account][0] != wanted[account][0]}
    changed = {before[a][0] for a in moved} | {wanted[a][0] for a in moved} | altered
    changed |= {row["id"] for row in new if before}
    changed |= {wanted[a][0] for a in fresh} & standing.keys()  # somebody said so before the account came in
    return moved, changed


def _update_rows(session: Session, target: Table, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the columns of rows that are there, by their key."""
    if rows:
        names = [name for name in rows[0] if name != key]
        statement = update(target).where(target.c[key] == bindparam("of")).values({n: bindparam(n) for n in names})
        session.connection().execute(statement, [{"of": row[key]} | {n: row[n] for n in names} for row in rows])


def _held_row(account: int, person: int, why: dict[str, Any] | None) -> dict[str, Any]:
    return {"identity_id": account, "person_id": person, "evidence": why}


def _read_held(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, dict[str, Any] | None]]:
    held = {}
    for part in chunks(ids):
        for row in session.execute(select(PERSON_IDENTITY).where(among(PERSON_IDENTITY.c.identity_id, part))):
            held[row.identity_id] = (row.person_id, row.evidence)
    return held


def _read_people(session: Session, ids: Collection[int]) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    for part in chunks(sorted(ids)):
        rows += session.execute(select(PERSON).where(among(PERSON.c.id, part))).all()
    return rows


def _person_rows(
    rows: Mapping[int, Row[Any]], roles: Mapping[int, str | None], found: Clusters
) -> dict[int, dict[str, Any]]:
    members: dict[int, list[int]] = defaultdict(list)
    for account, person in found.person_of.items():
        members[person].append(account)
    people = {}
    for person, accounts in members.items():
        # muted only where every account is: each account's posts go by its own role
        theirs = [roles.get(account) for account in accounts]
        role = next((known for known in (Role.TEAM, Role.BOT) if known in theirs), None)
        if role is None and all(one == Role.MUTED for one in theirs):
            role = Role.MUTED
        people[person] = {
            "id": person,
            "name": _name([rows[account] for account in accounts]),
            "role": None if role is None else str(role),
        }
    return people


def _name(accounts: Sequence[Row[Any]]) -> str:
    """What to call a person: as the CRM has it, else by the first account that has a name, else by a handle or id."""
    by_trust = sorted(accounts, key=lambda row: (row.network != CRM_NETWORK, row.id))
    for column in ("display_name", "handle"):
        for row in by_trust:
            if getattr(row, column):
                return str(getattr(row, column))
    return str(accounts[0].native_id)


def _list_evidence(found: Clusters, ties: _Ties) -> dict[int, dict[str, Any]]:
    """For each account but the first of its person, the surest tie to another of them."""
    best: dict[int, tuple[Any, dict[str, Any]]] = {}
    for tie in ties.ties:
        left, right = tie.pair
        if found.person_of[left] != found.person_of[right] or tie.pair in found.held:
            continue
        for account, other in ((left, right), (right, left)):
            rank = (not tie.is_decided, -tie.strength, other)
            if account not in best or rank < best[account][0]:
                best[account] = (rank, ties.how[tie.pair] | {"with": other})
    first = set(found.person_of.values())
    return {account: how for account, (_, how) in best.items() if account not in first}


def _settle_pairs(session: Session, rows: Mapping[int, Row[Any]], found: Clusters, apart: Sequence[Pair]) -> None:
    """Tell each pair of these accounts whether it joined, waits for review, or is apart."""
    pairs: dict[Pair, Row[Any]] = {}
    for part in chunks(list(rows)):
        statement = select(PAIR).where(or_(among(PAIR.c.left_id, part), among(PAIR.c.right_id, part)))
        pairs.update({(row.left_id, row.right_id): row for row in session.execute(statement)})
    if not pairs:
        return
    others = sorted({account for pair in pairs for account in pair} - rows.keys())
    person_of = found.person_of | {i: held[0] for i, held in _read_held(session, others).items()}
    roles = _read_roles(session, {account for pair in pairs for account in pair})
    parted = _parted(session, apart, person_of)
    changes = []
    for pair, row in sorted(pairs.items()):
        state, reason = _state(pair, person_of, roles, found.held, parted)
        if (row.state, row.reason) != (state, reason):
            changes.append({"l": pair[0], "r": pair[1], "state": state, "reason": reason})
    if changes:
        told = update(PAIR).where(PAIR.c.left_id == bindparam("l"), PAIR.c.right_id == bindparam("r"))
        values: dict[str, Any] = {"state": bindparam("state"), "reason": bindparam("reason")}
        session.connection().execute(told.values(values), changes)


def _parted(session: Session, apart: Sequence[Pair], person_of: Mapping[int, int]) -> set[Pair]:
    """The pairs of persons of whom somebody said that they are not the same."""
    unknown = sorted({account for pair in apart for account in pair} - person_of.keys())
    known = dict(person_of) | {i: held[0] for i, held in _read_held(session, unknown).items()}
    return {_ordered(known[a], known[b]) for a, b in apart if a in known and b in known}


def _ordered(a: int, b: int) -> Pair:
    return (min(a, b), max(a, b))


def _state(
    pair: Pair,
    person_of: Mapping[int, int],
    roles: Mapping[int, str | None],
    held: Mapping[Pair, str],
    parted: Collection[Pair],
) -> tuple[str, str | None]:
    left, right = (person_of.get(account, account) for account in pair)
    if left == right:
        return "joined", None
    if _ordered(left, right) in parted:
        return "apart", "Somebody said that they are different people."
    ours, theirs = (_group(roles.get(account)) for account in pair)
    if ours != theirs or ours == Role.BOT:
        return "apart", REASONS["role"]
    return "review", REASONS.get(held.get(pair, ""))


def forget_pairs(session: Session, ids: Sequence[int]) -> None:
    """Drop the pairs of accounts that are about to go."""
    for part in chunks(ids):
        session.connection().execute(delete(PAIR).where(or_(among(PAIR.c.left_id, part), among(PAIR.c.right_id, part))))


def forget_pair(session: Session, pairs: Sequence[Pair]) -> None:
    """Drop pairs that nothing ties any more."""
    statement = delete(PAIR).where(PAIR.c.left_id == bindparam("l"), PAIR.c.right_id == bindparam("r"))
    for part in chunks(pairs):
        session.connection().execute(statement, [{"l": left, "r": right} for left, right in part])


def keep_pairs(session: Session, pairs: Sequence[Mapping[str, Any]]) -> None:
    """Insert or replace pairs: ``left_id``, ``right_id``, ``rule``, ``probability``, ``weight``, ``fields``."""
    for part in chunks(pairs):
        ids = {row[side] for row in part for side in ("left_id", "right_id")}
        there = set(session.scalars(select(IDENTITY.c.id).where(IDENTITY.c.id.in_(sorted(ids)))))
        part = [row for row in part if row["left_id"] in there and row["right_id"] in there]
        forget_pair(session, [(row["left_id"], row["right_id"]) for row in part])
        insert_rows(session, PAIR, [{"state": "review", "reason": None} | dict(row) for row in part])
