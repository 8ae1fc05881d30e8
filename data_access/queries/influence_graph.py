"""What influence is computed from, in whole numbers, for a store of millions of posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import Session, col

from data_access.brands import list_brands, list_own_brands
from data_access.models.derived import (
    AccountRole,
    BrandMention,
    Person,
    PersonDay,
    PersonIdentity,
    PersonValue,
    PostDay,
    PostScore,
    PostTopic,
    Role,
    Side,
)
from data_access.models.facts import Channel, Identity, Interaction, InteractionKind, Post
from data_access.queries.frames import Rows, read_frame, read_given_parts, read_integer_parts, read_integers
from data_access.upsert import chunks

#: The role, in a graph, of who speaks for a competitor: drawn and marked as the team is, and not scored.
RIVAL = "rival"
#: What makes a tie, in the order of their codes in ``Acts``.
TIE_KINDS = (InteractionKind.REPLY, InteractionKind.MENTION, InteractionKind.SHARE)
Integers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
Ids: TypeAlias = np.ndarray[Any, np.dtype[np.int32] | np.dtype[np.int64]]
_MICROS = BigInteger()


@dataclass(frozen=True)
class Acts:
    """Every reply, mention and share between two persons, a place in each array: who (``source``), towards whom
    (``target``), ``kind`` (its place in ``TIE_KINDS``), ``network`` (its place in ``networks``), ``micros`` (since
    1970, UTC). What somebody does towards themselves is left out. Ids are 32 bits wide where all of them fit."""

    source: Ids
    target: Ids
    kind: np.ndarray[Any, np.dtype[np.int8]]
    network: np.ndarray[Any, np.dtype[np.int16]]
    micros: Integers
    networks: tuple[str, ...]


def read_acts(session: Session) -> Acts:
    """Who answered, mentioned or shared whom, of all time."""
    names = tuple(sorted(session.scalars(select(col(Identity.network)).distinct()))) or ("",)
    kinds = case({str(kind): number for number, kind in enumerate(TIE_KINDS)}, value=col(Interaction.kind))
    networks = case({name: number for number, name in enumerate(names)}, value=col(Interaction.network), else_=0)
    statement: Rows = select(
        col(Interaction.actor_id),
        col(Interaction.target_id),
        kinds,
        networks,
        type_coerce(col(Interaction.occurred_at), _MICROS),
    ).where(
        col(Interaction.kind).in_([str(kind) for kind in TIE_KINDS]),
        col(Interaction.target_id).is_not(None),
        col(Interaction.occurred_at).is_not(None),
    )
    holder = _holders(session)
    dtypes = (holder.dtype, holder.dtype, np.dtype("int8"), np.dtype("int16"), np.dtype("int64"))
    parts: list[tuple[Any, ...]] = [tuple(np.zeros(0, dtype=dtype) for dtype in dtypes)]
    for rows in read_integer_parts(session, statement):
        source, target = _held(holder, rows[:, 0]), _held(holder, rows[:, 1])
        is_between = (source > 0) & (target > 0) & (source != target)
        columns = (source, target, *rows[:, 2:].T)
        parts.append(tuple(each[is_between].astype(kind) for each, kind in zip(columns, dtypes, strict=True)))
    who, whom, kind, network, micros = map(np.concatenate, zip(*parts, strict=True))
    return Acts(who, whom, kind, network, micros, names)


def _holders(session: Session) -> Ids:
    """The person who holds each account, by the account's id; 0 where nobody does, or it is muted, and at the end."""
    held: Rows = select(col(PersonIdentity.identity_id), col(PersonIdentity.person_id)).where(~_is_muted())
    newest = session.execute(select(func.max(Identity.id))).scalar() or 0
    # a person has the id of one of their accounts
    holder = np.zeros(newest + 2, dtype=np.int32 if newest < 2**31 else np.int64)
    for rows in read_integer_parts(session, held):
        holder[rows[:, 0]] = rows[:, 1]
    return holder


def _held(holder: Ids, accounts: Integers) -> Ids:
    """The persons of these accounts; 0 for one that a damaged store names and does not have."""
    return holder.take(accounts, mode="clip")


def _is_muted() -> ColumnElement[bool]:
    """Whether the account of ``PersonIdentity`` is muted: its person may have others that are not."""
    is_its = col(AccountRole.identity_id) == col(PersonIdentity.identity_id)
    return exists().where(is_its, col(AccountRole.role) == Role.MUTED).correlate(PersonIdentity)


def list_roles(session: Session) -> dict[int, str]:
    """The persons who are not of the public: team, bot or muted; ``RIVAL`` for whoever speaks for a competitor:
    holds the account that a competitor's channel belongs to."""
    rivals = [brand.brand_id for brand in list_brands(session) if brand.is_competitor]
    speaking = (
        select(col(PersonIdentity.person_id))
        .join(Channel, col(Channel.owner_id) == col(PersonIdentity.identity_id))
        .where(col(Channel.brand_id).in_(rivals))
    )
    roles = dict.fromkeys(session.scalars(speaking), RIVAL)
    rows = session.execute(select(col(Person.id), col(Person.role)).where(col(Person.role).is_not(None)))
    return roles | {person: str(role) for person, role in rows}


def count_posts(session: Session, *, since: date, until: date) -> pd.DataFrame:
    """Inbound posts by person in [since, until): ``person_id`` (the index), ``posts``, ``positive``, ``negative``,
    ``scored``."""
    return _counted(session, since, until, None)


def _counted(session: Session, since: date, until: date, channels: Collection[int] | None) -> pd.DataFrame:
    names = ("posts", "positive", "negative", "scored")
    sums = [func.sum(getattr(PersonDay, name)).label(name) for name in names]
    statement: Rows = select(col(PersonDay.person_id), *sums).where(
        col(PersonDay.day) >= since, col(PersonDay.day) < until
    )
    if channels is not None:
        statement = statement.where(col(PersonDay.channel_id).in_(sorted(channels)))
    return _by_person(session, statement.group_by(col(PersonDay.person_id)), names)


def _by_person(session: Session, statement: Rows, names: Sequence[str], dtype: str = "int32") -> pd.DataFrame:
    """The rows of a statement that has one for each person, whose id comes first: by that, in its order."""
    dtypes = ("int64", *(dtype for _ in names))
    parts: list[tuple[Any, ...]] = [tuple(np.zeros(0, dtype=kind) for kind in dtypes)]
    parts += (
        tuple(rows[:, place].astype(kind) for place, kind in enumerate(dtypes))
        for rows in read_integer_parts(session, statement)
    )
    people, *columns = map(np.concatenate, zip(*parts, strict=True))
    del parts
    order = np.argsort(people, kind="stable")
    index = pd.Index(people[order], name="person_id")
    return pd.DataFrame(
        {name: column[order] for name, column in zip(names, columns, strict=True)}, index=index, copy=False
    )


def count_about_us(session: Session, *, since: date, until: date) -> pd.DataFrame:
    """Positive and negative inbound posts about us by person: ``person_id`` (the index), ``positive``, ``negative``.
    A post is about us in a channel of one of our brands, or where it names one."""
    brands = list_own_brands(session)
    ours = select(col(Channel.id)).where(col(Channel.brand_id).in_(brands))
    channels = [channel for channel in session.scalars(ours) if channel is not None]
    places = _counted(session, since, until, channels)[["positive", "negative"]]
    # the label that counts stands with the post; one that names two of our brands is one post
    named = (
        select(col(BrandMention.post_id))
        .join(PostDay, col(PostDay.post_id) == col(BrandMention.post_id))
        .where(col(BrandMention.brand_id).in_(brands), col(PostDay.side) == Side.INBOUND)
        .where(col(PostDay.day) >= since, col(PostDay.day) < until, col(PostDay.channel_id).not_in(channels))
        .distinct()
        .subquery()
    )
    labels = [func.sum(case((col(PostScore.label) == label, 1), else_=0)) for label in ("positive", "negative")]
    statement: Rows = (
        select(col(PersonIdentity.person_id), *labels)
        .join_from(named, Post, col(Post.id) == named.c.post_id)
        .join(PostScore, col(PostScore.post_id) == col(Post.id))
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Post.author_id))
        .group_by(col(PersonIdentity.person_id))
    )
    elsewhere = _by_person(session, statement, ("positive", "negative"))
    return places.add(elsewhere, fill_value=0).astype("int64")


def is_about_us(session: Session, post_id: int) -> bool:
    """Whether a post is about us, as ``count_about_us`` has it."""
    brands = list_own_brands(session)
    is_its = col(Post.id) == post_id
    there = select(col(Post.id)).join(Channel, col(Channel.id) == col(Post.channel_id)).where(is_its)
    named = select(col(BrandMention.post_id)).where(col(BrandMention.post_id) == post_id)
    either: CompoundSelect[Any] = union_all(
        there.where(col(Channel.brand_id).in_(brands)), named.where(col(BrandMention.brand_id).in_(brands))
    )
    return session.execute(either).first() is not None


def list_first_days(session: Session) -> pd.Series:
    """The local day of each person's first inbound post, by ``person_id``: ``datetime64[s]``."""
    statement: Rows = select(col(PersonDay.person_id), func.min(PersonDay.day)).group_by(col(PersonDay.person_id))
    people, days = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype="datetime64[s]")]
    for rows in read_given_parts(session, statement):
        ids, firsts = zip(*rows, strict=True)
        people.append(np.array(ids, dtype=np.int64))
        days.append(np.array(firsts, dtype="datetime64[D]").astype("datetime64[s]"))
    return pd.Series(np.concatenate(days), index=np.concatenate(people))


def sum_followers(session: Session) -> pd.Series:
    """Followers of all accounts of a person that report them and are not muted, by ``person_id``."""
    statement: Rows = (
        select(col(PersonIdentity.person_id), func.sum(Identity.followers))
        .join(Identity, col(Identity.id) == col(PersonIdentity.identity_id))
        .where(col(Identity.followers).is_not(None), ~_is_muted())
        .group_by(col(PersonIdentity.person_id))
    )
    return _by_person(session, statement, ("followers",), "int64")["followers"]


def read_shares(session: Session) -> Integers:
    """Posts of which the network reports how often they were shared, 0 as well, a row each: person (0: nobody who
    counts), micros since 1970 (UTC), shares."""
    moment = type_coerce(col(Post.occurred_at), _MICROS)
    statement: Rows = select(col(Post.author_id), moment, col(Post.shares)).where(
        col(Post.shares).is_not(None), col(Post.author_id).is_not(None)
    )
    rows = read_integers(session, statement)
    rows[:, 0] = _held(_holders(session), rows[:, 0])
    return rows


def list_customers(session: Session) -> Integers:
    """Who ordered something or won a deal with us: person ids."""
    statement: Rows = (
        select(col(PersonValue.person_id))
        .where(or_(col(PersonValue.orders) > 0, col(PersonValue.deals_won) > 0))
        .distinct()
    )
    return read_integers(session, statement)[:, 0]


def read_newest_texts(
    session: Session, people: Sequence[int], *, since: datetime, until: datetime, limit: int
) -> pd.DataFrame:
    """The newest posts of each of these people in [since, until) that are inbound and not deleted, ``limit`` each at
    most: ``person_id``, ``post_id``, ``title``, ``text``. A look-up a person through an index."""
    frames = []
    columns: tuple[Any, ...] = (col(Post.id).label("post_id"), col(Post.title), col(Post.text))
    for person in people:
        accounts = select(col(PersonIdentity.identity_id)).where(col(PersonIdentity.person_id) == person)
        statement: Rows = (
            select(literal(person).label("person_id"), *columns)
            .join(PostDay, col(PostDay.post_id) == col(Post.id))
            .where(col(Post.author_id).in_(accounts))
            .where(col(Post.deleted_at).is_(None), col(PostDay.side) == Side.INBOUND)
            .where(col(Post.occurred_at) >= since, col(Post.occurred_at) < until)
            .order_by(col(Post.occurred_at).desc(), col(Post.id).desc())
            .limit(limit)
        )
        frames += [tuple(row) for row in session.execute(statement)]
    return pd.DataFrame(frames, columns=["person_id", "post_id", "title", "text"])


def read_topics_of(session: Session, posts: Sequence[int]) -> pd.DataFrame:
    """What these posts are about: ``post_id``, ``topic``."""
    frames = [
        read_frame(
            session, select(col(PostTopic.post_id), col(PostTopic.topic)).where(col(PostTopic.post_id).in_(part))
        )
        for part in chunks(list(posts))
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["post_id", "topic"])
