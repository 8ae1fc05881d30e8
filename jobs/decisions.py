"""Decisions that people take on the pages: appended, with the derived rows that they touch, in one transaction. Of one
that touches much, such as muting somebody who wrote every day, these are noted in it and follow in the background.

Each returns the id of the decision, for ``withdraw``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, or_, select
from sqlmodel import Session, col

from data_access.decisions import KINDS, NoSuchDecision, append_decision, list_standing, withdraw_decision
from data_access.erasure import SALT_SETTING
from data_access.models import facts
from data_access.models.decisions import (
    AlertSeen,
    BrandRule,
    CaseEvent,
    DecisionBase,
    Erasure,
    MatchDecision,
    Mute,
    Relabel,
    Setting,
    TopicRule,
    Watch,
)
from data_access.models.derived import JobStatus, Label, Role
from data_access.settings import MAILED_SETTING
from data_access.store import reading, writing
from data_access.upsert import Key, chunks, find_ids
from jobs.brands import make_named_brands
from jobs.derive import Rules, Touched, derive_people, finish, finish_labels, load_rules, settle_due, settle_posts
from jobs.derive.alerts import settle_seen
from jobs.derive.due import mark_touched, note_influence
from jobs.derive.influence_moods import move_mood, read_mood
from jobs.derive.people import ACCOUNT_ROLE, IDENTITY
from jobs.launch import list_jobs, start_job
from jobs.text_rules import BRANDS, TOPICS, note_rules
from jobs.watching import settle_watches

#: Settings on which roles of accounts hang, and those on which every local day or turn, or whose a touch is, hangs.
_ROLE_SETTINGS = frozenset({"team", "bots"})
#: Those that name brands.
_BRAND_SETTINGS = frozenset({"own_brands", "competitors"})
#: Those on which people's scores and kinds hang.
INFLUENCE_SETTINGS = frozenset({"influence_half_life_days", "advocate_posts", "advocate_ratio", "advocate_days"})
REBUILDING_SETTINGS = frozenset({"time_zone", "business_hours", "own_brands", "competitors"})
#: On which touches, stages and value of people hang. After others nothing is settled: that would be the work of an
#: import that runs.
_ON_PEOPLE = (Mute, MatchDecision, Setting)


#: The job that derives what decisions have noted.
SETTLE = "settle"
#: So long whoever decides waits for what hangs on it, at most and but for what was begun; the rest is left to a job.
MOST_SECONDS = 1.0
#: So many conversations and days in channels are derived with the decision itself; of more all are noted.
MOST_AT_ONCE = 100
VERDICTS = ("same", "different")


class NoSuchVerdict(ValueError):
    """Two accounts are the same person's, or different people's."""


class UnlikeRoles(ValueError):
    """One of the two accounts is of the team, or a bot: they are nobody's customer."""


class NoSuchLabel(ValueError):
    """A sentiment label is positive, neutral or negative."""


class NotToUndo(NoSuchDecision):
    """Whoever was erased stays erased: neither that nor its salt can be taken back."""


def relabel(engine: Engine, *, network: str, source: str, native_id: str, label: str, decided_by: str) -> int:
    """Say what a post's sentiment is. Its day's rollups follow. Raises ``NoSuchLabel``."""
    if label not in set(Label):
        raise NoSuchLabel(f"{label!r} is no sentiment: use positive, neutral or negative.")
    with writing(engine) as session:
        row = append_decision(
            session, Relabel, decided_by=decided_by, network=network, source=source, native_id=native_id, label=label
        )
        _settle_post(session, (network, source, native_id))
    return _id(row)


def case_event(
    engine: Engine,
    *,
    network: str,
    source: str,
    native_id: str,
    kind: str,
    decided_by: str,
    assignee: str | None = None,
    note: str | None = None,
    until: datetime | None = None,
    covers_until: datetime | None = None,
) -> int:
    """Say what was done about a case, which is named by its root post."""
    with writing(engine) as session:
        row = append_decision(
            session,
            CaseEvent,
            decided_by=decided_by,
            network=network,
            source=source,
            native_id=native_id,
            kind=kind,
            assignee=assignee,
            note=note,
            until=until,
            covers_until=covers_until,
        )
        return _id(row)


def mute_account(engine: Engine, *, network: str, source: str, native_id: str, decided_by: str) -> int:
    """Leave an account out of every number and list."""
    with writing(engine) as session:
        values = {"network": network, "source": source, "native_id": native_id}
        row = append_decision(session, Mute, decided_by=decided_by, kind="account", **values)
        _settle_accounts(session, [(network, source, native_id)])
    _settle(engine)
    return _id(row)


def decide_matches(engine: Engine, *, pairs: Sequence[tuple[Key, Key]], verdict: str, decided_by: str) -> list[int]:
    """Say of pairs of accounts that they are one person's ("same") or not ("different"). Persons, and all that hangs
    on them, follow at once. Raises ``NoSuchVerdict``, and ``UnlikeRoles`` where the team or a bot would join a
    customer."""
    if verdict not in VERDICTS:
        raise NoSuchVerdict(f"{verdict!r} is no verdict: use same or different.")
    with writing(engine) as session:
        if verdict == "same":
            _refuse_unlike(session, pairs)
        rows = [
            append_decision(session, MatchDecision, decided_by=decided_by, verdict=verdict, **_pair_values(*pair))
            for pair in pairs
        ]
        _settle_accounts(session, sorted({key for pair in pairs for key in pair}))
    _settle(engine)
    return [_id(row) for row in rows]


def _refuse_unlike(session: Session, pairs: Sequence[tuple[Key, Key]]) -> None:
    ids = find_ids(session, facts.Identity, {key for pair in pairs for key in pair})
    statement = select(ACCOUNT_ROLE.c.identity_id, ACCOUNT_ROLE.c.role)
    held = session.execute(statement.where(ACCOUNT_ROLE.c.identity_id.in_(sorted(set(ids.values())))))
    roles = {row.identity_id: row.role for row in held if row.role != Role.MUTED}
    for left, right in pairs:
        ours, theirs = roles.get(ids.get(left, 0)), roles.get(ids.get(right, 0))
        if ours != theirs or ours == Role.BOT:
            raise UnlikeRoles("One of the two accounts is of the team, or a bot: they cannot be one person.")


def _pair_values(left: Key, right: Key) -> dict[str, str]:
    names = ("network", "source", "native_id")
    values = {f"left_{name}": value for name, value in zip(names, left, strict=True)}
    return values | {f"right_{name}": value for name, value in zip(names, right, strict=True)}


def withdraw_many(engine: Engine, *, table: str, decision_ids: Sequence[int], decided_by: str) -> None:
    """Take decisions of one kind back, all or none. Raises ``NoSuchDecision``, for an erasure ``NotToUndo``."""
    with writing(engine) as session:
        kind = KINDS[table]
        for decision_id in decision_ids:
            _refuse_erasure(session, kind, decision_id)
        rows = [withdraw_decision(session, kind, decision_id=i, decided_by=decided_by) for i in decision_ids]
        for row in rows:
            _settle_withdrawn(session, row)
    if issubclass(kind, _ON_PEOPLE):
        _settle(engine)


def mute_word(engine: Engine, *, word: str, decided_by: str) -> int:
    """Leave posts with a word out of what waits for an answer and out of what is unusual; the numbers keep them."""
    with writing(engine) as session:
        return _id(append_decision(session, Mute, decided_by=decided_by, kind="word", word=word.strip().lower()))


def change_setting(engine: Engine, *, key: str, value: Any, decided_by: str) -> int:
    """Decide a setting. Roles of accounts follow at once; for ``REBUILDING_SETTINGS`` start a refresh."""
    with writing(engine) as session:
        row = append_decision(session, Setting, decided_by=decided_by, key=key, value=value)
        _settle_setting(session, key)
    _settle(engine)
    return _id(row)


def withdraw(engine: Engine, *, table: str, decision_id: int, decided_by: str) -> None:
    """Take a decision back: what was before stands again. Raises ``NoSuchDecision``."""
    withdraw_many(engine, table=table, decision_ids=[decision_id], decided_by=decided_by)


def _refuse_erasure(session: Session, kind: type[DecisionBase], decision_id: int) -> None:
    row = session.get(kind, decision_id)
    if isinstance(row, Erasure) or (isinstance(row, Setting) and row.key == SALT_SETTING):
        raise NotToUndo("Erasing somebody cannot be undone: there is nothing left to bring back.")


def _settle_withdrawn(session: Session, row: DecisionBase) -> None:
    if isinstance(row, Relabel):
        _settle_post(session, (row.network, row.source, row.native_id))
    elif isinstance(row, TopicRule):
        note_rules(session, TOPICS)
    elif isinstance(row, BrandRule):
        _settle_brands(session)
    elif isinstance(row, Watch):
        settle_watches(session, [row])
    elif isinstance(row, AlertSeen):
        settle_seen(session, [(row.network, row.source, row.native_id)])
    elif isinstance(row, Mute) and row.network and row.source and row.native_id:
        _settle_accounts(session, [(row.network, row.source, row.native_id)])
    elif isinstance(row, MatchDecision):
        left = (row.left_network, row.left_source, row.left_native_id)
        _settle_accounts(session, [left, (row.right_network, row.right_source, row.right_native_id)])
    elif isinstance(row, Setting):
        _settle_setting(session, row.key)


def _settle_setting(session: Session, key: str) -> None:
    if key in _ROLE_SETTINGS:
        _settle_all_accounts(session)
    if key in INFLUENCE_SETTINGS | _BRAND_SETTINGS:
        note_influence(session)
    if key in _BRAND_SETTINGS:
        _settle_brands(session)


def _settle_brands(session: Session) -> None:
    """What Settings names has a row to be counted under, and posts are to be read for the brands that stand now."""
    make_named_brands(session)
    note_rules(session, BRANDS)


def list_audit(session: Session, limit: int = 200) -> list[tuple[str, DecisionBase, bool]]:
    """The newest decisions of every kind: table, decision, whether it stands. The salt of erasures, and what
    was mailed, are none of them."""
    found: list[tuple[str, DecisionBase, bool]] = []
    for name, kind in KINDS.items():
        standing = {row.id for row in list_standing(session, kind)}
        newest = select(kind).order_by(kind.id.desc()).limit(limit)  # type: ignore[union-attr]
        if kind is Setting:
            newest = newest.where(col(Setting.key).not_in([SALT_SETTING, MAILED_SETTING]))
        found += [(name, row, row.id in standing) for row in session.execute(newest).scalars()]
    return sorted(found, key=lambda entry: entry[1].decided_at, reverse=True)[:limit]


def touches_people(table: str) -> bool:
    """Whether what hangs on people follows decisions of this table: beyond a moment, a job brings it to them."""
    return issubclass(KINDS[table], _ON_PEOPLE)


def _settle(engine: Engine) -> None:
    """Derive what is noted; whoever decided waits for some of it, a job does the rest."""
    if settle_due(engine, seconds=MOST_SECONDS):
        return
    with reading(engine) as session:
        is_to_come = any(job.kind == SETTLE and job.status == JobStatus.QUEUED for job in list_jobs(session))
    if not is_to_come:  # one that runs may be at its end
        start_job(engine, SETTLE, {})


def _finish(session: Session, rules: Rules, touched: Touched) -> None:
    if touched.size > MOST_AT_ONCE:
        mark_touched(session, touched)
    else:
        finish(session, rules, touched)


def _id(row: DecisionBase) -> int:
    assert row.id is not None
    return row.id


def _settle_post(session: Session, key: Key) -> None:
    """Bring all that follows from a post's label to it, where the post is here."""
    post_id = find_ids(session, facts.Post, [key]).get(key)
    if post_id is None:
        return
    rules = load_rules(session)
    before = read_mood(session, post_id)
    touched, _ = settle_posts(session, rules, added=[], changed=[post_id], scores={})
    finish_labels(session, rules, touched)
    move_mood(session, rules, post_id, before)


def _settle_accounts(session: Session, keys: list[Key]) -> None:
    rules = load_rules(session)
    ids = list(find_ids(session, facts.Identity, keys).values())
    _finish(session, rules, derive_people(session, rules, ids))


def _settle_all_accounts(session: Session) -> None:
    """Settings name accounts by handle or id: derive those that are named now, or have a role from before."""
    rules = load_rules(session)
    known = {name.split("/", 1)[-1] for name in {*rules.team, *rules.bots}}
    # an engine's own lower case may know ASCII only: ask for what was typed, too
    typed = {account for member in rules.settings.team for account in member.accounts} | set(rules.settings.bots)
    known |= {account.strip().split("/", 1)[-1].lstrip("@") for account in typed}
    names = sorted(known | {f"@{name}" for name in known})
    ids = set(session.scalars(select(ACCOUNT_ROLE.c.identity_id)))
    for part in chunks(names):
        ids_named = or_(func.lower(IDENTITY.c.native_id).in_(part), IDENTITY.c.native_id.in_(part))
        named = or_(IDENTITY.c.handle_key.in_(part), ids_named)
        ids.update(session.scalars(select(IDENTITY.c.id).where(named)))
    _finish(session, rules, derive_people(session, rules, sorted(ids)))
