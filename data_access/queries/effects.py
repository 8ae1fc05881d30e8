"""What customers did and bought, moment by moment: for comparing those who did something with those who did not.

Times are whole microseconds since 1970 (UTC), so that a hundred thousand of them are read in a moment.
"""

from collections.abc import Collection
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, CompoundSelect, Select, Subquery, and_, case, func, or_, select, type_coerce, union
from sqlmodel import Session, col

from data_access.models.derived import Person, PersonIdentity, Turn
from data_access.models.facts import Identity, Interaction, InteractionKind, Order, Post
from data_access.queries.frames import Rows, read_frame
from data_access.queries.purchases import refunded_order

CRM = "crm"
#: Of more customers than this a part is looked at, the same one each time: enough to tell a tenth of an order.
MOST_CUSTOMERS = 10_000
# a prime spreads consecutive ids evenly over the buckets
_SPREAD, _BUCKETS = 7_919, 1_009


def _customers() -> CompoundSelect[Any]:
    contacts = (
        select(col(PersonIdentity.person_id))
        .join(Identity, col(Identity.id) == col(PersonIdentity.identity_id))
        .where(col(Identity.network) == CRM)
    )
    buyers = select(col(PersonIdentity.person_id)).join(
        Order, col(Order.identity_id) == col(PersonIdentity.identity_id)
    )
    return union(contacts, buyers)


def _people(statement: CompoundSelect[Any], buckets: int) -> Select[Any]:
    """Those of ``statement`` who are not of the team, bots or muted, in the first ``buckets``."""
    found = statement.subquery()
    return (
        select(found.c.person_id)
        .join(Person, col(Person.id) == found.c.person_id)
        .where(col(Person.role).is_(None), (found.c.person_id * _SPREAD) % _BUCKETS < buckets)
    )


def count_customers(session: Session) -> int:
    """People with a contact in the CRM or an order, without the team, bots and muted accounts."""
    return int(session.scalar(select(func.count()).select_from(_people(_customers(), _BUCKETS).subquery())) or 0)


def choose_buckets(customers: int, most: int = MOST_CUSTOMERS) -> int:
    """How many of the buckets of customers to look at, so that about ``most`` are.

    >>> choose_buckets(5_000), choose_buckets(20_000)
    (1009, 504)
    """
    return _BUCKETS if customers <= most else max(1, _BUCKETS * most // customers)


def _chosen(buckets: int) -> Subquery:
    return _people(_customers(), buckets).subquery()


def list_customers(session: Session, buckets: int) -> pd.DataFrame:
    """The customers looked at, by id: ``person_id``, ``is_organization`` (whether a contact of theirs buys for one)."""
    chosen = _chosen(buckets)
    buys_for_one = and_(col(Identity.network) == CRM, col(Identity.organization_id).is_not(None))
    statement: Rows = (
        select(chosen.c.person_id, func.max(case((buys_for_one, 1), else_=0)).label("is_organization"))
        .join(PersonIdentity, col(PersonIdentity.person_id) == chosen.c.person_id)
        .join(Identity, col(Identity.id) == col(PersonIdentity.identity_id))
        .group_by(chosen.c.person_id)
        .order_by(chosen.c.person_id)
    )
    return read_frame(session, statement).astype({"is_organization": "bool"})


def list_networks(session: Session, buckets: int) -> pd.DataFrame:
    """On which networks the customers have accounts: ``person_id``, ``network``; none of the CRM's."""
    chosen = _chosen(buckets)
    statement: Rows = (
        select(chosen.c.person_id, col(Identity.network))
        .join(PersonIdentity, col(PersonIdentity.person_id) == chosen.c.person_id)
        .join(Identity, col(Identity.id) == col(PersonIdentity.identity_id))
        .where(col(Identity.network) != CRM)
        .distinct()
        .order_by(chosen.c.person_id, col(Identity.network))
    )
    return read_frame(session, statement)


def list_orders(session: Session, buckets: int, *, until: int) -> pd.DataFrame:
    """The customers' orders and refunds before ``until``: ``person_id``, ``at``, ``amount_minor``, ``currency``,
    ``is_refund``. A refund is of the buyer of its order, as in ``data_access.queries.purchases.read_orders``."""
    chosen = _chosen(buckets)
    bought, is_of = refunded_order()
    buyer = case((bought.c.id.is_not(None), bought.c.identity_id), else_=col(Order.identity_id))
    statement: Rows = (
        select(
            chosen.c.person_id,
            type_coerce(Order.occurred_at, BigInteger).label("at"),
            col(Order.amount_minor),
            col(Order.currency),
            or_(col(Order.refund_of_native_id).is_not(None), col(Order.amount_minor) < 0).label("is_refund"),
        )
        .select_from(Order)
        .join(bought, is_of, isouter=True)
        .join(PersonIdentity, col(PersonIdentity.identity_id) == buyer)
        .join(chosen, chosen.c.person_id == col(PersonIdentity.person_id))
        .where(type_coerce(Order.occurred_at, BigInteger) < until)
        .order_by(chosen.c.person_id, col(Order.occurred_at), col(Order.id))
    )
    return read_frame(session, statement)


def list_posts_of(session: Session, buckets: int, channels: Collection[int], *, until: int) -> pd.DataFrame:
    """The customers' posts in ``channels`` before ``until``: ``person_id``, ``at``, ``kind``."""
    chosen = _chosen(buckets)
    statement: Rows = (
        select(chosen.c.person_id, type_coerce(Post.occurred_at, BigInteger).label("at"), col(Post.kind))
        .join(PersonIdentity, col(PersonIdentity.person_id) == chosen.c.person_id)
        .join(Post, col(Post.author_id) == col(PersonIdentity.identity_id))
        .where(col(Post.channel_id).in_(channels), type_coerce(Post.occurred_at, BigInteger) < until)
        .order_by(chosen.c.person_id, col(Post.occurred_at), col(Post.id))
    )
    return read_frame(session, statement)


def list_likes_of(session: Session, buckets: int, channels: Collection[int], *, until: int) -> pd.DataFrame:
    """The customers' likes of posts in ``channels`` before ``until``, where the network says when: ``person_id``,
    ``at``."""
    chosen = _chosen(buckets)
    statement: Rows = (
        select(chosen.c.person_id, type_coerce(Interaction.occurred_at, BigInteger).label("at"))
        .join(PersonIdentity, col(PersonIdentity.person_id) == chosen.c.person_id)
        .join(Interaction, col(Interaction.actor_id) == col(PersonIdentity.identity_id))
        .join(Post, col(Post.id) == col(Interaction.post_id))
        .where(
            col(Interaction.kind) == InteractionKind.LIKE,
            type_coerce(Interaction.occurred_at, BigInteger) < until,
            col(Post.channel_id).in_(channels),
        )
        .order_by(chosen.c.person_id, col(Interaction.occurred_at), col(Interaction.id))
    )
    return read_frame(session, statement)


def list_turns_of(session: Session, buckets: int, channels: Collection[int], *, until: int) -> pd.DataFrame:
    """When the customers asked something in ``channels`` before ``until``: ``person_id``, ``at``, ``is_answered``
    (before ``until`` too)."""
    chosen = _chosen(buckets)
    statement: Rows = (
        select(
            chosen.c.person_id,
            type_coerce(Turn.opened_at, BigInteger).label("at"),
            func.coalesce(type_coerce(Turn.closed_at, BigInteger) < until, False).label("is_answered"),
        )
        .join(Turn, col(Turn.person_id) == chosen.c.person_id)
        .where(col(Turn.channel_id).in_(channels), type_coerce(Turn.opened_at, BigInteger) < until)
        .order_by(chosen.c.person_id, col(Turn.opened_at), col(Turn.opened_post_id))
    )
    return read_frame(session, statement)


def list_names(session: Session, people: Collection[int]) -> pd.DataFrame:
    """Names of people by id: ``person_id``, ``name`` (or None)."""
    statement: Rows = select(col(Person.id).label("person_id"), col(Person.name)).where(col(Person.id).in_(people))
    return read_frame(session, statement)
