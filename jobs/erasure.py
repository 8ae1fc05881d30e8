"""Erase a person: what they wrote and who they are go; sums of money stay, as nobody's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Table, delete, or_, select, tuple_, update
from sqlmodel import Session

from data_access.erasure import remember_erasure
from data_access.models import decisions, facts
from data_access.records import handle_id
from data_access.store import writing
from data_access.upsert import Key, chunks, table
from jobs.derive import load_rules
from jobs.derive.due import PERSON as DUE_PERSON
from jobs.derive.due import mark_due, settle_some
from jobs.derive.people import IDENTITY, INTERACTION, PERSON_IDENTITY, POST
from jobs.undo import remove_accounts, remove_posts

_AT_A_TIME = 300
VISIT = table(facts.Visit)
ORDER = table(facts.Order)
FEEDBACK = table(facts.Feedback)
DEAL_CONTACT = table(facts.DealContact)
CHANNEL = table(facts.Channel)
MATCH = table(decisions.MatchDecision)
#: Decisions on a fact, which name it by its natural key.
_ON_FACTS = tuple(
    table(kind)
    for kind in (
        decisions.Relabel,
        decisions.CaseEvent,
        decisions.Mute,
        decisions.Expert,
        decisions.IdeaStatus,
    )
)


class NobodyToErase(LookupError):
    """There is no such person."""


def erase_person(engine: Engine, *, person_id: int, decided_by: str) -> None:
    """Erase a person with all their accounts, and remember by salted hashes that they are not to come in again.

    Gone: accounts, posts, visits, likes and other acts, decisions that name them. Kept as nobody's: orders, deals and
    scores of feedback, so that revenue stays what it was. What others wrote about them stays. In short transactions,
    the hashes first: killed, it is finished by erasing whoever is left. Raises ``NobodyToErase``.
    """
    accounts = _remember(engine, person_id, decided_by)
    while _erase_posts(engine, accounts):
        pass
    with writing(engine) as session:
        _overwrite_what_goes(session)
        _erase_acts(session, accounts)
        _erase_decisions(session, IDENTITY, accounts)
        people = select(PERSON_IDENTITY.c.person_id).where(PERSON_IDENTITY.c.identity_id.in_(accounts))
        mark_due(session, DUE_PERSON, session.scalars(people))
        remove_accounts(session, load_rules(session), accounts)
    while _settle(engine):
        pass


def _remember(engine: Engine, person_id: int, decided_by: str) -> list[int]:
    with writing(engine) as session:
        held = select(PERSON_IDENTITY.c.identity_id).where(PERSON_IDENTITY.c.person_id == person_id)
        rows = session.execute(select(IDENTITY).where(IDENTITY.c.id.in_(held)).order_by(IDENTITY.c.id)).all()
        if not rows:
            raise NobodyToErase(f"Nobody here has the id {person_id}: they may have been erased before.")
        keys: list[Key] = [(row.network, row.source, row.native_id) for row in rows]
        keys += [(row.network, row.source, handle_id(row.handle)) for row in rows if row.handle]
        # an address that several people share is nobody's alone
        addresses = [row.email for row in rows if row.email and row.email_verified]
        remember_erasure(session, keys, addresses, decided_by=decided_by)
        return [row.id for row in rows]


def _overwrite_what_goes(session: Session) -> None:
    """SQLite leaves deleted text in the file until the page is used again, unless it is told not to."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def _erase_posts(engine: Engine, accounts: Sequence[int]) -> bool:
    with writing(engine) as session:
        _overwrite_what_goes(session)
        theirs = select(POST.c.id).where(POST.c.author_id.in_(accounts)).order_by(POST.c.id).limit(_AT_A_TIME)
        ids = list(session.scalars(theirs))
        if ids:
            _erase_decisions(session, POST, ids)
            remove_posts(session, load_rules(session), ids)
        return bool(ids)


def _erase_acts(session: Session, accounts: Sequence[int]) -> None:
    connection = session.connection()
    for part in chunks(accounts):
        acts = or_(INTERACTION.c.actor_id.in_(part), INTERACTION.c.target_id.in_(part))
        connection.execute(delete(INTERACTION).where(acts))
        connection.execute(delete(VISIT).where(VISIT.c.identity_id.in_(part)))
        for sold, key in ((ORDER, ORDER.c.id), (DEAL_CONTACT, DEAL_CONTACT.c.deal_id)):
            kind = "order" if sold is ORDER else "deal"
            mark_due(session, kind, session.scalars(select(key).where(sold.c.identity_id.in_(part))))
        connection.execute(delete(DEAL_CONTACT).where(DEAL_CONTACT.c.identity_id.in_(part)))
        connection.execute(update(ORDER).where(ORDER.c.identity_id.in_(part)).values(identity_id=None))
        said: dict[str, Any] = {"identity_id": None, "comment": None}
        connection.execute(update(FEEDBACK).where(FEEDBACK.c.identity_id.in_(part)).values(**said))
        connection.execute(update(CHANNEL).where(CHANNEL.c.owner_id.in_(part)).values(owner_id=None))


def _erase_decisions(session: Session, target: Table, ids: Sequence[int]) -> None:
    """Drop what people here said of these facts: it names them."""
    connection = session.connection()
    for part in chunks(ids):
        columns = select(target.c.network, target.c.source, target.c.native_id).where(target.c.id.in_(part))
        keys = [tuple(row) for row in session.execute(columns)]
        for kind in _ON_FACTS:
            connection.execute(delete(kind).where(tuple_(kind.c.network, kind.c.source, kind.c.native_id).in_(keys)))
        for side in ("left", "right"):
            named = tuple_(*(MATCH.c[f"{side}_{name}"] for name in ("network", "source", "native_id")))
            connection.execute(delete(MATCH).where(named.in_(keys)))


def _settle(engine: Engine) -> int:
    with writing(engine) as session:
        return settle_some(session, load_rules(session))
