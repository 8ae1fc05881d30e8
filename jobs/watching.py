"""Whom the team watches, which alerts it has seen, and whom it has thanked: appended, with the alerts that follow.

Each names the account or the post by its natural key, so that it outlives any rebuild, and follows the account when
persons are joined or split. Each returns ids of decisions, for ``jobs.decisions.withdraw_many``.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from data_access.decisions import append_decision, list_standing, withdraw_decision
from data_access.models import facts
from data_access.models.decisions import AlertSeen, Thanked, Watch
from data_access.store import writing
from data_access.upsert import Key, chunks, find_ids, table
from jobs.derive.alerts import PERSON_IDENTITY, POST, derive_alerts_of, settle_seen
from jobs.derive.rules import load_rules

IDENTITY = table(facts.Identity)
_NAMES = ("network", "source", "native_id")


class NobodyToWatch(LookupError):
    """There is no such person."""


def watch_person(engine: Engine, *, person_id: int, decided_by: str, note: str | None = None) -> int:
    """Raise an alert with each post that a person writes from now on, "now" being the newest post of the store, or the
    clock where a post claims to be from later. Raises ``NobodyToWatch``."""
    with writing(engine) as session:
        values = _named(find_main_account(session, person_id))
        since = _newest_post(session)
        row = append_decision(session, Watch, decided_by=decided_by, since=since, note=_kept(note), **values)
        settle_watches(session, [row])
        return _id(row)


def stop_watching(engine: Engine, *, person_id: int, decided_by: str) -> list[int]:
    """Withdraw every watch that stands on an account of a person; their alerts go. Returns the ids of the watches, for
    ``watch_again``; none where a colleague was faster."""
    with writing(engine) as session:
        watches = [row for row in list_standing(session, Watch) if person_id in list_holders(session, [_key(row)])]
        for row in watches:
            withdraw_decision(session, Watch, decision_id=_id(row), decided_by=decided_by)
        settle_watches(session, watches)
        return [_id(row) for row in watches]


def watch_again(engine: Engine, watch_ids: Sequence[int], *, decided_by: str) -> list[int]:
    """Take the end of watches back: they stand again, since when they did."""
    with writing(engine) as session:
        before = [row for row in (session.get(Watch, watch_id) for watch_id in watch_ids) if row is not None]
        rows = [
            append_decision(session, Watch, decided_by=decided_by, since=row.since, note=row.note, **_named(_key(row)))
            for row in before
        ]
        settle_watches(session, rows)
        return [_id(row) for row in rows]


def see_alerts(engine: Engine, *, post_ids: Sequence[int], decided_by: str) -> list[int]:
    """Say that somebody has taken note of these posts. Those that were seen before, or are gone, are passed over."""
    with writing(engine) as session:
        seen = {_key(row) for row in list_standing(session, AlertSeen)}
        keys: list[Key] = []
        for part in chunks(sorted(set(post_ids))):
            columns = select(*(POST.c[name] for name in _NAMES)).where(POST.c.id.in_(part))
            keys += [(row.network, row.source, row.native_id) for row in session.execute(columns)]
        fresh = [key for key in keys if key not in seen]
        now = datetime.now(UTC)
        rows = [
            AlertSeen(decided_at=now, decided_by=decided_by, network=key[0], source=key[1], native_id=key[2])
            for key in fresh
        ]
        session.add_all(rows)
        session.flush()
        settle_seen(session, fresh)
        return [_id(row) for row in rows]


def thank_person(engine: Engine, *, person_id: int, decided_by: str, note: str | None = None) -> int:
    """Say that somebody has thanked a person, here or elsewhere, for what they wrote until now ("now" as in
    ``watch_person``). Raises ``NobodyToWatch``."""
    with writing(engine) as session:
        values = _named(find_main_account(session, person_id))
        until = _newest_post(session)
        row = append_decision(session, Thanked, decided_by=decided_by, until=until, note=_kept(note), **values)
        return _id(row)


def find_main_account(session: Session, person_id: int) -> Key:
    """The account of a person with which they wrote most, of several the first. Raises ``NobodyToWatch``."""
    posts = select(func.count()).where(POST.c.author_id == IDENTITY.c.id).scalar_subquery()
    statement = (
        select(*(IDENTITY.c[name] for name in _NAMES))
        .join_from(IDENTITY, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == IDENTITY.c.id)
        .where(PERSON_IDENTITY.c.person_id == person_id)
        .order_by(posts.desc(), IDENTITY.c.id)
        .limit(1)
    )
    found = session.execute(statement).first()
    if found is None:
        raise NobodyToWatch(f"Nobody here has the id {person_id}: they may have been joined with others, or erased.")
    return (found.network, found.source, found.native_id)


def settle_watches(session: Session, watches: Sequence[Watch]) -> None:
    """Derive the alerts of whoever holds the accounts of these watches, which came or went."""
    derive_alerts_of(session, load_rules(session), list_holders(session, [_key(row) for row in watches]))


def list_holders(session: Session, keys: Sequence[Key]) -> set[int]:
    """The people who hold these accounts now."""
    accounts = sorted(find_ids(session, facts.Identity, keys).values())
    people: set[int] = set()
    for part in chunks(accounts):
        held = select(PERSON_IDENTITY.c.person_id).where(PERSON_IDENTITY.c.identity_id.in_(part))
        people.update(session.scalars(held))
    return people


def _newest_post(session: Session) -> datetime | None:
    newest: datetime | None = session.scalar(select(func.max(POST.c.occurred_at)))
    # one post with a wrong clock is not to hide all that comes after
    return None if newest is None else min(newest, datetime.now(UTC))


def _kept(note: str | None) -> str | None:
    return (note or "").strip()[:2_000] or None


def _key(row: Watch | AlertSeen) -> Key:
    return (row.network, row.source, row.native_id)


def _named(key: Key) -> dict[str, str]:
    return dict(zip(_NAMES, key, strict=True))


def _id(row: Watch | AlertSeen | Thanked) -> int:
    assert row.id is not None
    return row.id
