"""Organisations of the CRM: who is of them, what these people did, deals and orders."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import and_, case, func, or_, select, union
from sqlmodel import Session, col

from data_access.among import among
from data_access.models.derived import (
    AccountWord,
    Label,
    Person,
    PersonDay,
    PersonIdentity,
    PostDay,
    PostScore,
    PostTopic,
    Role,
    Side,
    Turn,
)
from data_access.models.facts import Deal, DealContact, Feedback, Identity, Order, Organization, Post, Visit
from data_access.queries.frames import Rows, read_frame
from data_access.search_words import domain_word, organization_word
from data_access.upsert import chunks

_NOT_PEOPLE = (Role.TEAM, Role.BOT)
_COUNTS = ("posts", "positive", "negative", "scored")
#: With more people than this it is quicker to read everybody's days than to look each of them up.
FEW_PEOPLE = 20_000


def read_organization(session: Session, organization_id: int) -> Organization | None:
    """An organisation; None where there is none of that id."""
    return session.get(Organization, organization_id)


def list_organizations(session: Session, organizations: Collection[int] | None = None) -> pd.DataFrame:
    """These organisations, or all, by name: ``organization_id``, ``name``, ``domain``, ``sector``, ``country``."""
    columns = (col(Organization.name), col(Organization.domain), col(Organization.sector), col(Organization.country))
    statement: Rows = select(col(Organization.id).label("organization_id"), *columns)
    if organizations is not None:
        statement = statement.where(among(col(Organization.id), organizations))
    return read_frame(session, statement.order_by(func.lower(Organization.name), col(Organization.id)))


def list_leading(session: Session, *, currency: str, limit: int) -> list[int]:
    """Organisations among which are the ``limit`` that have won most, of those alike the ones with the most open deals,
    then the ones first known. All whose deals were won in another currency are among them: what these come to hangs on
    the rate of their day."""
    organization, is_won = col(Deal.organization_id), col(Deal.is_won)
    is_ours = col(Deal.currency) == currency
    sums = (
        select(
            organization.label("number"),
            func.sum(case((and_(is_won.is_(True), is_ours), col(Deal.amount_minor)), else_=0)).label("won"),
            func.sum(case((is_won.is_(None), 1), else_=0)).label("open"),
            func.max(case((and_(is_won.is_(True), ~is_ours), 1), else_=0)).label("foreign_won"),
        )
        .where(organization.is_not(None))
        .group_by(organization)
        .cte("sums")
    )
    most = select(sums.c.number).order_by(func.coalesce(sums.c.won, 0).desc(), sums.c.open.desc(), sums.c.number)
    foreign = select(sums.c.number).where(sums.c.foreign_won == 1)
    deals = union(select(most.limit(limit).subquery().c.number), foreign)
    first = select(col(Organization.id)).order_by(col(Organization.id)).limit(limit)
    found = {number for part in (deals, first) for number in session.scalars(part)}
    return sorted(int(number) for number in found if number is not None)


def list_members(session: Session, organizations: pd.DataFrame) -> pd.DataFrame:
    """The accounts of these organisations (``organization_id``, ``name``, ``domain``): that the CRM places there, that
    name it as theirs, or whose verified e-mail is of its domain (not of a public mail host). ``organization_id``,
    ``identity_id``, ``person_id``, ``name`` (of the person); without the team and bots."""
    placed = _read_members(session, [int(number) for number in organizations["organization_id"]])
    by_word = _by_word(organizations)
    named: set[tuple[int, int]] = set()
    for part in chunks(sorted(by_word)):
        statement = select(col(AccountWord.word), col(AccountWord.identity_id)).where(col(AccountWord.word).in_(part))
        found = session.execute(statement)
        named.update((organization, int(account)) for word, account in found for organization in by_word[word])
    named -= {(organization, account) for organization, account, _, _ in placed}
    holders = _read_holders(session, sorted({account for _, account in named}))
    rows = [*placed, *((organization, a, *holders[a]) for organization, a in sorted(named) if a in holders)]
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 4
    types = {"organization_id": "int64", "identity_id": "int64", "person_id": "int64", "name": "object"}
    named_values = zip(types.items(), values, strict=True)
    return pd.DataFrame({name: pd.Series(list(held), dtype=dtype) for (name, dtype), held in named_values})


def _by_word(organizations: pd.DataFrame) -> dict[str, list[int]]:
    """Which organisations a word of an account means."""
    found: dict[str, list[int]] = {}
    for row in organizations.itertuples(index=False):
        domain = domain_word(row.domain) if isinstance(row.domain, str) else None
        for word in (organization_word(str(row.name)), domain):
            if word:
                found.setdefault(word, []).append(int(row.organization_id))
    return found


def _people() -> Rows:
    name = func.coalesce(Person.name, Identity.display_name, Identity.handle, Identity.native_id)
    return (
        select(col(Identity.organization_id), col(Identity.id), col(PersonIdentity.person_id), name.label("name"))
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Identity.id))
        .join(Person, col(Person.id) == col(PersonIdentity.person_id))
        .where(or_(col(Person.role).is_(None), col(Person.role).not_in(_NOT_PEOPLE)))
    )


def _read_members(session: Session, organizations: Sequence[int]) -> list[tuple[int, int, int, str]]:
    statements = [_people().where(col(Identity.organization_id).in_(part)) for part in chunks(organizations)]
    return [(int(a), int(b), int(c), d) for statement in statements for a, b, c, d in session.execute(statement)]


def _read_holders(session: Session, accounts: Sequence[int]) -> dict[int, tuple[int, str]]:
    statements = [_people().where(col(Identity.id).in_(part)) for part in chunks(accounts)]
    return {int(b): (int(c), d) for statement in statements for _, b, c, d in session.execute(statement)}


def read_people_days(
    session: Session, people: Collection[int], *, start: date, end: date, channels: Collection[int]
) -> pd.DataFrame:
    """What each of these people wrote in [start, end): ``person_id``, ``posts``, ``positive``, ``negative``,
    ``scored``, ``last_day``; those who wrote nothing are missing."""
    sums = [func.sum(getattr(PersonDay, name)).label(name) for name in _COUNTS]
    statement: Rows = (
        select(col(PersonDay.person_id), *sums, func.max(PersonDay.day).label("last_day"))
        .where(col(PersonDay.day) >= start, col(PersonDay.day) < end, col(PersonDay.channel_id).in_(channels))
        .group_by(col(PersonDay.person_id))
    )
    if len(people) > FEW_PEOPLE:
        everyone = read_frame(session, statement)
        return everyone[everyone["person_id"].isin(list(people))].reset_index(drop=True)
    parts = list(chunks(sorted(people))) or [[]]
    frames = [read_frame(session, statement.where(col(PersonDay.person_id).in_(part))) for part in parts]
    return pd.concat(frames, ignore_index=True)


def read_posts_by_day(
    session: Session, people: Collection[int], *, start: date, end: date, channels: Collection[int]
) -> pd.DataFrame:
    """What these people wrote together on each day of [start, end): ``day``, ``posts``; days without are missing."""
    counts: dict[Any, int] = {}
    for part in chunks(sorted(people)):
        statement = (
            select(col(PersonDay.day), func.sum(PersonDay.posts))
            .where(col(PersonDay.person_id).in_(part), col(PersonDay.day) >= start, col(PersonDay.day) < end)
            .where(col(PersonDay.channel_id).in_(channels))
            .group_by(col(PersonDay.day))
        )
        for day, posts in session.execute(statement):
            counts[day] = counts.get(day, 0) + int(posts)
    days = pd.Series(pd.to_datetime(sorted(counts)), dtype="datetime64[us]")
    return pd.DataFrame({"day": days, "posts": pd.Series([counts[day] for day in sorted(counts)], dtype="int64")})


def read_last_days(session: Session, people: Collection[int]) -> dict[int, date]:
    """The last day on which each of these people wrote; who never did is missing."""
    found: dict[int, date] = {}
    for part in chunks(sorted(people)):
        statement = select(col(PersonDay.person_id), func.max(PersonDay.day)).where(col(PersonDay.person_id).in_(part))
        found |= {int(person): day for person, day in session.execute(statement.group_by(col(PersonDay.person_id)))}
    return found


def list_people_waiting(session: Session, people: Collection[int]) -> list[int]:
    """Those of these people with an open turn, the newest first."""
    found: dict[int, datetime] = {}
    for part in chunks(sorted(people)):
        statement = select(col(Turn.person_id), func.max(Turn.opened_at)).where(
            col(Turn.person_id).in_(part), col(Turn.closed_at).is_(None)
        )
        found |= {int(person): moment for person, moment in session.execute(statement.group_by(col(Turn.person_id)))}
    return sorted(found, key=lambda person: (found[person], person), reverse=True)


def list_negative_posts(
    session: Session, accounts: Collection[int], *, start: date, end: date, limit: int
) -> list[int]:
    """The newest negative inbound posts of these accounts in [start, end), newest first."""
    statement = (
        select(col(Post.id))
        .join(PostScore, col(PostScore.post_id) == col(Post.id))
        .join(PostDay, col(PostDay.post_id) == col(Post.id))
        .where(col(Post.author_id).in_(accounts), col(Post.deleted_at).is_(None))
        .where(col(PostDay.day) >= start, col(PostDay.day) < end)
        .where(col(PostDay.side) == Side.INBOUND, col(PostScore.label) == Label.NEGATIVE)
        .order_by(col(Post.occurred_at).desc(), col(Post.id).desc())
        .limit(limit)
    )
    return [int(post) for post in session.scalars(statement) if post is not None]


def list_first_visits(session: Session, accounts: Collection[int], *, start: datetime) -> pd.DataFrame:
    """Of these accounts, those whose first visit to the website was at ``start`` or later: ``identity_id``,
    ``first_at`` (UTC), ``visits``."""
    first_at = func.min(Visit.occurred_at).label("first_at")
    statement: Rows = (
        select(col(Visit.identity_id), first_at, func.count().label("visits"))
        .where(col(Visit.identity_id).in_(accounts))
        .group_by(col(Visit.identity_id))
        .having(func.min(Visit.occurred_at) >= start)
        .order_by(first_at.desc())
    )
    return read_frame(session, statement)


def list_topics_of(session: Session, accounts: Collection[int], *, start: date, end: date) -> pd.DataFrame:
    """What these accounts' inbound posts in [start, end) are about, most first: ``topic``, ``posts``, ``positive``,
    ``neutral``, ``negative`` (int64)."""
    posts = func.count().label("posts")
    labels = [func.count().filter(col(PostScore.label) == name).label(str(name)) for name in Label]
    statement: Rows = (
        select(col(PostTopic.topic), posts, *labels)
        .join_from(Post, PostTopic, col(PostTopic.post_id) == col(Post.id))
        .join(PostDay, col(PostDay.post_id) == col(Post.id))
        .join(PostScore, col(PostScore.post_id) == col(Post.id), isouter=True)
        .where(col(Post.author_id).in_(accounts), col(PostDay.side) == Side.INBOUND)
        .where(col(PostDay.day) >= start, col(PostDay.day) < end)
        .group_by(col(PostTopic.topic))
        .order_by(posts.desc(), col(PostTopic.topic))
    )
    return read_frame(session, statement)


_DEAL = ("native_id", "name", "product", "owner", "stage", "stages", "is_won", "amount_minor", "currency")


def list_deals(session: Session, organization_id: int, accounts: Collection[int]) -> pd.DataFrame:
    """An organisation's deals, and those of no organisation in which its people take part: ``deal_id``, ``native_id``,
    ``name``, ``product``, ``owner``, ``stage``, ``stages`` ([{stage, entered_at}]), ``is_won`` (boolean, NA while
    open), ``amount_minor`` (Int64), ``currency``, ``created_at``, ``closed_at`` (UTC or NaT)."""
    theirs = select(col(DealContact.deal_id)).where(col(DealContact.identity_id).in_(accounts))
    of_nobody = and_(col(Deal.organization_id).is_(None), col(Deal.id).in_(theirs))
    columns = (col(getattr(Deal, name)) for name in (*_DEAL, "created_at", "closed_at"))
    statement: Rows = select(col(Deal.id).label("deal_id"), *columns).where(
        or_(col(Deal.organization_id) == organization_id, of_nobody)
    )
    return read_frame(session, statement, optional=("is_won", "amount_minor"))


def list_deal_contacts(session: Session, deals: Collection[int]) -> pd.DataFrame:
    """Who takes part in these deals: ``deal_id``, ``person_id``, ``name``."""
    name = func.coalesce(Person.name, Identity.display_name, Identity.handle, Identity.native_id).label("name")
    statement: Rows = (
        select(col(DealContact.deal_id), col(PersonIdentity.person_id), name)
        .join(Identity, col(Identity.id) == col(DealContact.identity_id))
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Identity.id))
        .join(Person, col(Person.id) == col(PersonIdentity.person_id))
    )
    parts = list(chunks(sorted(deals))) or [[]]
    frames = [read_frame(session, statement.where(col(DealContact.deal_id).in_(part))) for part in parts]
    return pd.concat(frames, ignore_index=True).drop_duplicates(["deal_id", "person_id"], ignore_index=True)


def list_orders(session: Session, organization_id: int, accounts: Collection[int]) -> pd.DataFrame:
    """An organisation's orders and refunds, and those of its people that name no other, newest first: ``order_id``,
    ``identity_id`` (Int64), ``product``, ``amount_minor``, ``currency``, ``is_refund``, ``occurred_at`` (UTC)."""
    named = (col(Order.product), col(Order.amount_minor), col(Order.currency), col(Order.occurred_at))
    is_refund = col(Order.refund_of_native_id).is_not(None).label("is_refund")
    # the sum keeps SQLite from walking all that name no organisation
    theirs = and_((col(Order.organization_id) + 0).is_(None), col(Order.identity_id).in_(accounts))
    statement: Rows = (
        select(col(Order.id).label("order_id"), col(Order.identity_id), *named, is_refund)
        .where(or_(col(Order.organization_id) == organization_id, theirs))
        .order_by(col(Order.occurred_at).desc(), col(Order.id).desc())
    )
    return read_frame(session, statement, optional=("identity_id",))


_ACTS: Mapping[str, tuple[Any, Any]] = {
    "post": (Post, Post.author_id),
    "visit": (Visit, Visit.identity_id),
    "feedback": (Feedback, Feedback.identity_id),
}
_TITLES: Mapping[str, Any] = {"post": Post.title, "visit": Visit.url, "feedback": Feedback.kind}


def list_acts(session: Session, accounts: Collection[int], *, sorts: Iterable[str], limit: int) -> pd.DataFrame:
    """What these accounts did last, newest first: ``sort`` (post, visit or feedback), ``entry_id``, ``identity_id``,
    ``occurred_at`` (UTC), ``title`` (of a visit the address, of feedback its kind)."""
    frames = []
    for sort in (name for name in _ACTS if name in set(sorts)):
        model, owner = _ACTS[sort]
        statement: Rows = (
            select(
                col(model.id).label("entry_id"),
                col(owner).label("identity_id"),
                col(model.occurred_at),
                col(_TITLES[sort]).label("title"),
            )
            .where(col(owner).in_(accounts))
            .order_by(col(model.occurred_at).desc(), col(model.id).desc())
            .limit(limit)
        )
        if sort == "post":
            statement = statement.where(col(Post.deleted_at).is_(None))
        frames.append(read_frame(session, statement).assign(sort=sort))
    if not frames:
        return pd.DataFrame(columns=["entry_id", "identity_id", "occurred_at", "title", "sort"])
    acts = pd.concat(frames, ignore_index=True)
    return acts.sort_values(["occurred_at", "entry_id"], ascending=False, ignore_index=True).head(limit)


def read_deal_sums(session: Session, organizations: Collection[int]) -> pd.DataFrame:
    """Deals of these organisations: ``organization_id``, ``is_won`` (boolean, NA while open), ``currency``,
    ``amount_minor`` (Int64), ``closed_at`` (UTC, NaT; the newest), ``deals``. Deals of one organisation, outcome and
    currency that closed within a day or so stand together, so that each can be converted by its own day's rate."""
    window = col(Deal.closed_at)
    statement: Rows = (
        select(
            col(Deal.organization_id),
            col(Deal.is_won),
            col(Deal.currency),
            func.sum(Deal.amount_minor).label("amount_minor"),
            window,
            func.count().label("deals"),
        )
        .where(among(col(Deal.organization_id), organizations))
        .where(or_(col(Deal.is_won).is_(None), col(Deal.is_won).is_(True)))
        .group_by(col(Deal.organization_id), col(Deal.is_won), col(Deal.currency), window)
    )
    return read_frame(session, statement, optional=("is_won", "amount_minor"))
