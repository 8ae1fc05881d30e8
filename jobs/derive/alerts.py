"""Alerts: the posts of people who are watched, written since they are.

Kept up where a post or a person changes. Nobody is watched in most stores: then one look at the decisions, which
``load_rules`` takes, is all that it costs.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, RowMapping, delete, exists, or_, select, update
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import decisions, derived, facts
from data_access.models.derived import Role
from data_access.upsert import Key, chunks, find_ids, table
from jobs.derive.rules import Rules

ALERT = table(derived.Alert)
ACCOUNT_ROLE = table(derived.AccountRole)
PERSON_IDENTITY = table(derived.PersonIdentity)
POST = table(facts.Post)
POST_DAY = table(derived.PostDay)
SEEN = table(decisions.AlertSeen)
#: Whose posts raise none: what we write ourselves, and what nobody wants to see.
_SILENT = (Role.TEAM, Role.MUTED)
_Watched = dict[int, datetime | None]


def list_watched(session: Session, watches: Mapping[Key, datetime | None]) -> _Watched:
    """The people who hold watched accounts, each with the earliest moment since when (None: since ever)."""
    since_of = {account: watches[key] for key, account in find_ids(session, facts.Identity, watches).items()}
    watched: _Watched = {}
    for part in chunks(sorted(since_of)):
        held = select(PERSON_IDENTITY.c.identity_id, PERSON_IDENTITY.c.person_id)
        for row in session.execute(held.where(among(PERSON_IDENTITY.c.identity_id, part))):
            since = since_of[row.identity_id]
            before = watched.get(row.person_id, since)
            watched[row.person_id] = None if since is None or before is None else min(since, before)
    return watched


def derive_alerts(session: Session, rules: Rules, post_ids: Sequence[int]) -> None:
    """Find the alerts among these posts, which have none yet."""
    watched = list_watched(session, rules.watches) if rules.watches else {}
    for part in chunks(sorted(watched)):
        _insert_alerts(session, watched, among(POST.c.id, post_ids), among(PERSON_IDENTITY.c.person_id, part))


def derive_alerts_of(session: Session, rules: Rules, people: Collection[int]) -> None:
    """Derive all alerts of these people anew, also of who is not there any more."""
    for part in chunks(sorted(people)):
        session.connection().execute(delete(ALERT).where(among(ALERT.c.person_id, part)))
    watched = list_watched(session, rules.watches) if rules.watches else {}
    for person in sorted(watched.keys() & set(people)):
        since = watched[person]
        newer = [] if since is None else [POST.c.occurred_at > since]
        _insert_alerts(session, watched, PERSON_IDENTITY.c.person_id == person, *newer)


def keep_alerts(session: Session, rules: Rules, accounts: Sequence[Row[Any]], changed: Collection[int]) -> None:
    """Keep the alerts of people whose accounts or roles changed up, and of who holds a watched one of ``accounts``
    (rows with ``id`` and the natural key), which may have just come in."""
    if not rules.watches:
        return
    held = [row.id for row in accounts if (row.network, row.source, row.native_id) in rules.watches]
    theirs = select(PERSON_IDENTITY.c.person_id).where(PERSON_IDENTITY.c.identity_id.in_(held))
    derive_alerts_of(session, rules, {*changed, *(session.scalars(theirs) if held else ())})


def settle_seen(session: Session, keys: Collection[Key]) -> None:
    """Bring the alerts of these posts up to date with who says that they have seen them."""
    posts = sorted(find_ids(session, facts.Post, keys).values())
    is_seen = select(POST.c.id).where(POST.c.id == ALERT.c.post_id, _is_seen()).exists()
    for part in chunks(posts):
        session.connection().execute(update(ALERT).where(among(ALERT.c.post_id, part)).values(is_seen=is_seen))


def _is_seen() -> ColumnElement[bool]:
    """Whether somebody says so, and it stands, of a post of the statement around."""
    later = SEEN.alias("later")
    is_withdrawn = exists().where(later.c.withdraws == SEEN.c.id).correlate(SEEN)
    is_named = (SEEN.c[name] == POST.c[name] for name in ("network", "source", "native_id"))
    return exists().where(*is_named, SEEN.c.withdraws.is_(None), ~is_withdrawn).correlate(POST)


def _insert_alerts(session: Session, watched: _Watched, *conditions: ColumnElement[bool]) -> None:
    columns = (POST.c.id.label("post_id"), PERSON_IDENTITY.c.person_id, POST.c.channel_id, POST_DAY.c.day)
    statement = (
        select(*columns, POST.c.occurred_at, _is_seen().label("is_seen"))
        .join_from(POST, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == POST.c.author_id)
        .join(POST_DAY, POST_DAY.c.post_id == POST.c.id)
        .join(ACCOUNT_ROLE, ACCOUNT_ROLE.c.identity_id == POST.c.author_id, isouter=True)
        .where(POST.c.deleted_at.is_(None), or_(ACCOUNT_ROLE.c.role.is_(None), ACCOUNT_ROLE.c.role.not_in(_SILENT)))
        .where(*conditions)
    )
    rows = [dict(row) for row in session.execute(statement).mappings() if _is_new(row, watched[row["person_id"]])]
    if rows:
        insert_rows(session, ALERT, rows)


def _is_new(row: RowMapping, since: datetime | None) -> bool:
    return since is None or bool(row["occurred_at"] > since)
