"""Who is who: a person for each account, and which accounts are the team's, a bot's or muted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, exists, select, update
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.models.derived import Role, Side
from data_access.queries.purchases import refunded_order
from data_access.queries.sales import DEALS
from data_access.upsert import chunks, table
from jobs.derive.alerts import keep_alerts
from jobs.derive.persons import derive_persons
from jobs.derive.rules import Rules
from jobs.derive.touched import Touched
from jobs.derive.words import NAMED, keep_words

IDENTITY = table(facts.Identity)
INTERACTION = table(facts.Interaction)
POST = table(facts.Post)
PERSON = table(derived.Person)
PERSON_IDENTITY = table(derived.PersonIdentity)
ACCOUNT_ROLE = table(derived.AccountRole)
POST_DAY = table(derived.PostDay)
POST_THREAD = table(derived.PostThread)

_SIDES = {Role.TEAM: Side.TEAM, Role.BOT: Side.EXCLUDED, Role.MUTED: Side.EXCLUDED}


VISIT = table(facts.Visit)
ORDER = table(facts.Order)
FEEDBACK = table(facts.Feedback)
DEAL_CONTACT = table(facts.DealContact)
SALE = table(derived.Sale)

_OWNERS = {
    "identity": (IDENTITY.c.id, IDENTITY.c.id),
    "visit": (VISIT.c.id, VISIT.c.identity_id),
    "order": (ORDER.c.id, ORDER.c.identity_id),
    "feedback": (FEEDBACK.c.id, FEEDBACK.c.identity_id),
    "deal": (DEAL_CONTACT.c.deal_id, DEAL_CONTACT.c.identity_id),
}

DEAL = table(facts.Deal)
#: What is sold, and when it names nobody, so that all of its organisation take part.
_SOLD_TO = {
    "order": (ORDER, ORDER.c.identity_id.is_(None)),
    "deal": (DEAL, ~exists().where(DEAL_CONTACT.c.deal_id == DEAL.c.id)),
}


def list_people_of(session: Session, kind: str, ids: Sequence[int]) -> set[int]:
    """Whose these accounts, visits, orders, feedback or deals are, or were; nobody's for other kinds of fact."""
    people: set[int] = set()
    for part in chunks(ids if kind in _OWNERS else []):
        fact, owner = _OWNERS[kind]
        statement = (
            select(PERSON_IDENTITY.c.person_id)
            .join_from(fact.table, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == owner)
            .where(fact.in_(part))
        )
        people.update(session.scalars(statement.distinct()))
        if kind in _SOLD_TO:
            people |= _list_taking_part(session, kind, part)
        if kind == "order":
            people |= _list_refunded(session, part)
    return people


def _list_refunded(session: Session, orders: Sequence[int]) -> set[int]:
    """Whose the orders are that these give back money of, and who is named on the refunds of these."""
    bought, is_of = refunded_order()
    holders = (
        select(PERSON_IDENTITY.c.person_id)
        .join_from(ORDER, bought, is_of)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == bought.c.identity_id)
        .where(among(ORDER.c.id, orders))
    )
    named = (
        select(PERSON_IDENTITY.c.person_id)
        .join_from(bought, ORDER, is_of)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == ORDER.c.identity_id)
        .where(among(bought.c.id, orders))
    )
    return {*session.scalars(holders), *session.scalars(named)}


def _list_taking_part(session: Session, kind: str, ids: Sequence[int]) -> set[int]:
    """Who takes part in these orders or deals as one of an organisation, where nobody is named; and who did before."""
    target, is_unnamed = _SOLD_TO[kind]
    members = (
        select(PERSON_IDENTITY.c.person_id)
        .join_from(target, IDENTITY, IDENTITY.c.organization_id == target.c.organization_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == IDENTITY.c.id)
        .where(among(target.c.id, ids), is_unnamed)
    )
    kinds = DEALS if kind == DEAL.name else (kind,)
    stood = select(SALE.c.person_id).where(
        SALE.c.sale_kind.in_(kinds), among(SALE.c.fact_id, ids), SALE.c.person_id > 0
    )
    return {*session.scalars(members.distinct()), *session.scalars(stood.distinct())}


def side_of(role: str | None) -> Side:
    """Whose posts an account of this role writes."""
    return Side.INBOUND if role is None else _SIDES[Role(role)]


def derive_people(session: Session, rules: Rules, identity_ids: Sequence[int]) -> Touched:
    """Derive roles and persons of these accounts anew, and what hangs on the posts of those whose role or person
    changes."""
    touched = Touched()
    for part in chunks(sorted(set(identity_ids))):
        touched.update(_derive_chunk(session, rules, part))
    return touched


def _derive_chunk(session: Session, rules: Rules, ids: Sequence[int]) -> Touched:
    columns = ("id", "network", "source", "native_id", "handle_key", "is_team", "is_bot", *NAMED)
    found = session.execute(select(*(IDENTITY.c[name] for name in columns)).where(among(IDENTITY.c.id, ids))).all()
    known = set(session.scalars(select(PERSON_IDENTITY.c.identity_id).where(among(PERSON_IDENTITY.c.identity_id, ids))))
    keep_words(session, found, known=known)
    changed = _keep_roles(session, rules, found)
    moved, people = derive_persons(session, rules, [row.id for row in found])
    touched = _move_posts(session, {i: role for i, role in changed.items() if i in known}, moved)
    touched.people |= people | list_people_of(session, "identity", sorted(changed))
    keep_alerts(session, rules, found, touched.people)
    return touched


def _keep_roles(session: Session, rules: Rules, found: Sequence[Row[Any]]) -> dict[int, str | None]:
    """Bring the roles of these accounts to what holds. Returns those that changed."""
    ids = [row.id for row in found]
    stated = select(ACCOUNT_ROLE).where(among(ACCOUNT_ROLE.c.identity_id, ids))
    before = {row.identity_id: (row.role, row.member) for row in session.execute(stated)}
    now = {row.id: _role_row(rules, row) for row in found}
    differing = {
        i for i, row in now.items() if before.get(i) != (None if row is None else (row["role"], row["member"]))
    }
    gone = [i for i in differing if i in before]
    if gone:
        session.connection().execute(delete(ACCOUNT_ROLE).where(among(ACCOUNT_ROLE.c.identity_id, gone)))
    marked = [row for i, row in now.items() if i in differing and row is not None]
    if marked:
        insert_rows(session, ACCOUNT_ROLE, marked)
    roles = {i: None if row is None else row["role"] for i, row in now.items()}
    return {i: role for i, role in roles.items() if (before[i][0] if i in before else None) != role}


def _role_row(rules: Rules, row: Row[Any]) -> dict[str, Any] | None:
    role = _role(rules, row)
    if role is None:
        return None
    member = rules.member((row.network, row.source, row.native_id), row.handle_key)
    return {"identity_id": row.id, "role": role, "member": member}


def _role(rules: Rules, row: Row[tuple[object, ...]]) -> str | None:
    return rules.role((row.network, row.source, row.native_id), row.handle_key, row.is_team, row.is_bot)


def _move_posts(session: Session, roles: dict[int, str | None], moved: set[int]) -> Touched:
    """What the posts of accounts touch whose role changed, or that are another person's now."""
    touched = Touched()
    for part in chunks(sorted(roles.keys() | moved)):
        theirs = select(POST.c.id).where(among(POST.c.author_id, part))
        slices = select(POST_DAY.c.day, POST_DAY.c.channel_id).where(POST_DAY.c.post_id.in_(theirs)).distinct()
        touched.add_slices((day, channel) for day, channel in session.execute(slices))
        naming = select(INTERACTION.c.post_id).where(among(INTERACTION.c.target_id, part))
        for posts in (theirs, naming):
            conversations = select(POST_THREAD.c.conversation_id).where(POST_THREAD.c.post_id.in_(posts)).distinct()
            touched.conversations.update(session.scalars(conversations))
    by_side: dict[str, list[int]] = {}
    for identity_id, role in sorted(roles.items()):
        by_side.setdefault(str(side_of(role)), []).append(identity_id)
    for side, accounts in by_side.items():
        for part in chunks(accounts):
            posts = select(POST.c.id).where(among(POST.c.author_id, part))
            session.connection().execute(update(POST_DAY).where(POST_DAY.c.post_id.in_(posts)).values(side=side))
    return touched
