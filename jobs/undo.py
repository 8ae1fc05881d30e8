"""Undo an import: its rows go, what it changed says again what it said before, and all that follows is derived anew.

In short transactions, newest rows first, so that nobody waits; killed, it goes on when it is called again.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Row, Table, delete, func, select, update
from sqlmodel import Session, SQLModel

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import facts
from data_access.models.facts import RunStatus
from data_access.store import writing
from data_access.upsert import chunks, table
from jobs.brands import derive_brands, forget_brands, keep_named_brands, noting_brands
from jobs.derive import Rules, derive_people, finish, load_rules, settle_posts
from jobs.derive.alerts import keep_alerts
from jobs.derive.due import PERSON as DUE_PERSON
from jobs.derive.due import SOLD, WORDS, mark_due, note_influence, settle_due
from jobs.derive.people import ACCOUNT_ROLE, IDENTITY, PERSON, PERSON_IDENTITY, POST, POST_THREAD, list_people_of
from jobs.derive.persons import forget_pairs, list_reached
from jobs.derive.posts import forget_posts
from jobs.derive.threads import forget_threads
from jobs.derive.touched import Touched
from jobs.derive.touches import list_people_by_place
from jobs.derive.turns import CONVERSATION, forget_turns
from jobs.derive.words import forget_words
from jobs.matching import match_accounts
from jobs.matching_keys import forget_keys
from jobs.progress import Silence

RUN = table(facts.ImportRun)
CHANGE = table(facts.ImportChange)
INTERACTION = table(facts.Interaction)
BRAND = table(facts.Brand)
NAME = table(facts.IdentityName)
_AT_A_TIME = 500
#: In the order in which they may go: each before what it refers to. Posts and accounts need more care.
_PLAIN = (
    facts.IdentityName,
    facts.Interaction,
    facts.Visit,
    facts.DealContact,
    facts.Deal,
    facts.Order,
    facts.Feedback,
    facts.ChannelDay,
)
_REFERRING = (
    (facts.Post, "author_id"),
    (facts.Interaction, "actor_id"),
    (facts.Interaction, "target_id"),
    (facts.Visit, "identity_id"),
    (facts.DealContact, "identity_id"),
    (facts.Order, "identity_id"),
    (facts.Feedback, "identity_id"),
    (facts.Channel, "owner_id"),
)

_USING: dict[str, tuple[tuple[type[SQLModel], str], ...]] = {
    "channel": ((facts.Post, "channel_id"), (facts.Visit, "channel_id"), (facts.ChannelDay, "channel_id")),
    "organization": (
        (facts.Identity, "organization_id"),
        (facts.Deal, "organization_id"),
        (facts.Order, "organization_id"),
    ),
    "brand": ((facts.Channel, "brand_id"),),
}


def undo_run(engine: Engine, run_id: int) -> None:
    """Take back all that a run brought and mark it cancelled."""
    while _restore_some(engine, run_id):
        pass
    while _remove_posts(engine, run_id):
        pass
    with writing(engine) as session:
        named = select(NAME.c.identity_id).where(NAME.c.run_id == run_id).distinct()
        mark_due(session, WORDS, session.scalars(named))
        for model in _PLAIN:
            _mark_people(session, table(model), run_id)
        stated = select(INTERACTION.c.post_id).where(INTERACTION.c.run_id == run_id, INTERACTION.c.post_id.is_not(None))
        touched = Touched(conversations=_list_conversations_of(session, set(session.scalars(stated))))
        for model in _PLAIN:
            _remove_rows(session, table(model), run_id)
        finish(session, load_rules(session), touched)
        with noting_brands(session):
            _remove_unused(session, table(facts.Channel), run_id)
    while _remove_identities(engine, run_id):
        pass
    # what the run said of accounts that were there before may have tied them to others
    match_accounts(engine, Silence())
    settle_due(engine)
    with writing(engine) as session:
        _remove_unused(session, table(facts.Organization), run_id)
        with noting_brands(session):
            _remove_unused(session, table(facts.Brand), run_id)
    derive_brands(engine, Silence())
    with writing(engine) as session:
        values = {"status": RunStatus.CANCELLED, "finished_at": datetime.now(UTC)}
        session.connection().execute(update(RUN).where(RUN.c.id == run_id).values(**values))


def _mark_people(session: Session, target: Table, run_id: int) -> None:
    """Note whose facts of this run are about to go."""
    key = target.c.deal_id if target.name == "deal_contact" else target.c.id
    kind = "deal" if target.name == "deal_contact" else target.name
    ids = list(session.scalars(select(key).where(target.c.run_id == run_id).distinct()))
    mark_due(session, DUE_PERSON, list_people_of(session, kind, ids))
    if kind in SOLD:
        mark_due(session, kind, ids)
    if kind == INTERACTION.name and ids:
        note_influence(session)


def _restore_some(engine: Engine, run_id: int) -> bool:
    """Put back what the newest changes overwrote. False when nothing is left to put back."""
    with writing(engine) as session:
        statement = select(CHANGE).where(CHANGE.c.run_id == run_id).order_by(CHANGE.c.id.desc()).limit(_AT_A_TIME)
        changes = session.execute(statement).all()
        if not changes:
            return False
        owners_before = _list_owners(session, changes)
        by_name = {table(model).name: table(model) for model in (*_PLAIN, *_KEPT)}
        with noting_brands(session):
            for change in changes:
                target = by_name[change.table_name]
                if "id" in change.before:
                    _put_back(session, target, change.before)
                else:
                    put = update(target).where(target.c.id == change.row_id)
                    session.connection().execute(put.values(**change.before))
        rules = load_rules(session)
        posts = {change.row_id for change in changes if change.table_name == POST.name}
        people = {change.row_id for change in changes if change.table_name == IDENTITY.name}
        touched = derive_people(session, rules, sorted(people))
        touched.people |= owners_before | _list_owners(session, changes)
        touched.conversations |= _list_waiting_otherwise(session, changes)
        settled, _ = settle_posts(session, rules, added=[], changed=sorted(posts), scores={})
        touched.update(settled)
        finish(session, rules, touched)
        for kind in SOLD:
            mark_due(session, kind, (change.row_id for change in changes if change.table_name == kind))
        if any(change.table_name == INTERACTION.name for change in changes):
            note_influence(session)
        done = [change.id for change in changes]
        session.connection().execute(delete(CHANGE).where(CHANGE.c.id.in_(done)))
        return True


def _list_waiting_otherwise(session: Session, changes: Sequence[Row[Any]]) -> set[int]:
    """The conversations in which other people wait once these changes are put back: of a channel that is of another
    kind again, or where somebody is mentioned again."""
    channels = [row.row_id for row in changes if row.table_name == "channel" and "kind" in row.before]
    found = set(session.scalars(select(CONVERSATION.c.id).where(CONVERSATION.c.channel_id.in_(channels))))
    posts = {row.before["post_id"] for row in changes if row.table_name == INTERACTION.name and "id" in row.before}
    return found | _list_conversations_of(session, posts - {None})


def _list_conversations_of(session: Session, posts: Collection[int]) -> set[int]:
    where = among(POST_THREAD.c.post_id, posts)
    return set(session.scalars(select(POST_THREAD.c.conversation_id).where(where).distinct())) if posts else set()


def _put_back(session: Session, target: Table, row: dict[str, Any]) -> None:
    """Write an interaction that the run deleted, in the place of one that it wrote since. Its id may have been given
    again; its post, who did it or to whom be gone with somebody who was erased."""
    connection = session.connection()
    if row["post_id"] is not None and not _is_there(session, POST, {row["post_id"]}):
        return
    if not _is_there(session, IDENTITY, {row["actor_id"], row["target_id"]} - {None}):
        return
    key = [target.c[name] == row[name] for name in ("network", "source", "native_id")]
    connection.execute(delete(target).where(*key))
    if session.execute(select(target.c.id).where(target.c.id == row["id"])).first() is not None:
        row = row | {"id": (session.execute(select(func.max(target.c.id))).scalar() or 0) + 1}
    insert_rows(session, target, [row])


def _is_there(session: Session, target: Table, ids: set[int]) -> bool:
    """Whether all of these rows are still there."""
    return len(session.execute(select(target.c.id).where(target.c.id.in_(ids))).all()) == len(ids)


def _list_owners(session: Session, changes: Sequence[Row[Any]]) -> set[int]:
    """Whose the changed visits, orders and so on are while the changes still stand."""
    people: set[int] = set()
    for name in {change.table_name for change in changes} - {POST.name}:
        ids = [change.row_id for change in changes if change.table_name == name]
        people |= list_people_of(session, name, ids) | list_people_by_place(session, name, ids)
    return people


_KEPT = (facts.Post, facts.Identity, facts.Channel, facts.Organization, facts.Brand)


def _remove_posts(engine: Engine, run_id: int) -> bool:
    with writing(engine) as session:
        newest = select(POST.c.id).where(POST.c.run_id == run_id).order_by(POST.c.id.desc()).limit(_AT_A_TIME)
        ids = list(session.scalars(newest))
        if not ids:
            return False
        remove_posts(session, load_rules(session), ids)
        return True


def remove_posts(session: Session, rules: Rules, ids: Sequence[int]) -> None:
    """Delete posts with all that hangs from them, and derive anew what they touched."""
    authors = list(session.scalars(select(POST.c.author_id).where(POST.c.id.in_(ids), POST.c.author_id.is_not(None))))
    people = list_people_of(session, "identity", sorted(set(authors)))
    linked = forget_threads(session, ids)
    touched = forget_posts(session, ids)
    touched.people |= people
    touched.conversations |= linked.conversations
    touched.add_turn_slices(forget_turns(session, linked.conversations))
    for part in chunks(list(ids)):
        session.connection().execute(delete(INTERACTION).where(INTERACTION.c.post_id.in_(part)))
        session.connection().execute(delete(POST).where(POST.c.id.in_(part)))
    settled, _ = settle_posts(session, rules, added=[], changed=linked.answered, scores={})
    touched.update(settled)
    finish(session, rules, touched)


def _remove_rows(session: Session, target: Table, run_id: int) -> None:
    session.connection().execute(delete(target).where(target.c.run_id == run_id))


def _remove_unused(session: Session, target: Table, run_id: int) -> None:
    """Delete what only this run knew; what other facts refer to stays, and is nobody's to undo."""
    mine = list(session.scalars(select(target.c.id).where(target.c.run_id == run_id)))
    in_use: set[int] = set()
    for model, name in _USING[target.name]:
        column = table(model).c[name]
        for part in chunks(mine):
            in_use.update(session.scalars(select(column).where(column.in_(part)).distinct()))
    if target.name == BRAND.name:
        in_use |= keep_named_brands(session, mine)
        forget_brands(session, set(mine) - in_use)
    for part in chunks(sorted(set(mine) - in_use)):
        session.connection().execute(delete(target).where(target.c.id.in_(part)))
    session.connection().execute(update(target).where(target.c.run_id == run_id).values(run_id=None))


def _remove_identities(engine: Engine, run_id: int) -> bool:
    """Delete accounts that only this run knew. False when none is left to look at."""
    with writing(engine) as session:
        newest = select(IDENTITY.c.id).where(IDENTITY.c.run_id == run_id).order_by(IDENTITY.c.id.desc())
        ids = list(session.scalars(newest.limit(_AT_A_TIME)))
        if not ids:
            return False
        in_use = _list_in_use(session, ids)
        free = [i for i in ids if i not in in_use]
        remove_accounts(session, load_rules(session), free)
        session.connection().execute(update(IDENTITY).where(IDENTITY.c.id.in_(sorted(in_use))).values(run_id=None))
        return True


def remove_accounts(session: Session, rules: Rules, ids: Sequence[int]) -> None:
    """Delete accounts that no other fact refers to; who was one person with them is derived anew."""
    people = list_people_of(session, "identity", ids)
    others = sorted(list_reached(session, rules, ids))
    forget_pairs(session, ids)
    forget_words(session, ids)
    forget_keys(session, ids)
    connection = session.connection()
    connection.execute(delete(ACCOUNT_ROLE).where(ACCOUNT_ROLE.c.identity_id.in_(ids)))
    connection.execute(delete(PERSON_IDENTITY).where(PERSON_IDENTITY.c.identity_id.in_(ids)))
    connection.execute(delete(NAME).where(NAME.c.identity_id.in_(ids)))
    # the accounts go first: what somebody decided on them would lead the others back to them
    connection.execute(delete(IDENTITY).where(IDENTITY.c.id.in_(ids)))
    touched = derive_people(session, rules, others)
    keep_alerts(session, rules, [], people)
    connection.execute(delete(PERSON).where(PERSON.c.id.in_(ids)))
    touched.people |= people
    finish(session, rules, touched)


def _list_in_use(session: Session, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for model, name in _REFERRING:
        column = table(model).c[name]
        found.update(session.scalars(select(column).where(column.in_(ids)).distinct()))
    return found
