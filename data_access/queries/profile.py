"""To find a person, and what is known of one beside their timeline: turns, channels, conversations, circle."""

import sys
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from data_access.models.derived import AccountWord, Person, PersonDay, PersonIdentity, PostThread, Turn
from data_access.models.facts import Channel, Identity, Interaction, InteractionKind, Organization, Post
from data_access.queries.frames import Rows, read_frame
from data_access.search_words import list_typed_words

TALK = (InteractionKind.REPLY, InteractionKind.MENTION, InteractionKind.SHARE, InteractionKind.LIKE)
#: Of those whom a search could mean, so many are looked at closer.
CANDIDATES = 100
#: With fewer letters a search finds no organisation: nearly every one contains two letters.
LEAST_LETTERS = 3
#: Of the accounts with the rarest of several words, so many are looked at for the other words.
MOST_LOOKED_AT = 10_000
#: Nothing that begins with some letters stands after those and this one.
LAST_LETTER = chr(sys.maxunicode)
#: More digits than any id has.
MOST_DIGITS = 18
#: Of an account's interactions the newest so many make the circle, in each direction.
NEWEST_TALK = 5_000
#: Of so many posts of a person their conversations are counted.
MOST_POSTS = 20_000
_WILD = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def find_accounts(session: Session, text: str, *, limit: int = CANDIDATES) -> list[int]:
    """Accounts whose id, handle or e-mail is ``text``; then those with words, in handle, e-mail, name or organisation,
    that begin with the words of ``text``, all of them. Case, accents and a leading @ mean nothing.

    Reads only a bounded part of indexes, however many accounts there are: of the rarest word's accounts the first
    ``MOST_LOOKED_AT`` are looked at for the others.
    """
    typed = text.strip().lstrip("@").strip()
    if not typed:
        return []
    found: dict[int, None] = dict.fromkeys([*_with_id(session, typed), *_exactly(session, typed, limit)])
    ways = (_with_words(session, words, limit) for words in list_typed_words(text))
    found |= dict.fromkeys(next((accounts for accounts in ways if accounts), []))
    return list(found)[:limit]


def _exactly(session: Session, typed: str, limit: int) -> list[int]:
    columns = ((col(Identity.handle_key), [typed.lower()]), (col(Identity.email), [typed.lower(), typed]))
    statements = [select(col(Identity.id)).where(column.in_(values)).limit(limit) for column, values in columns]
    return [int(found) for statement in statements for found in session.scalars(statement) if found is not None]


def _begins(word: Any, beginning: str) -> ColumnElement[bool]:
    """Words are compared by their bytes: those that begin with some letters stand together."""
    return and_(word >= beginning, word < beginning + LAST_LETTER)


def _with_words(session: Session, words: Sequence[str], limit: int) -> list[int]:
    """Accounts that have a word beginning with each of ``words``, in the order of the rarest one's words."""
    rarest, *others = sorted(words, key=lambda word: _count(session, word)) if len(words) > 1 else words
    first = (
        select(col(AccountWord.identity_id), col(AccountWord.word))
        .where(_begins(col(AccountWord.word), rarest))
        .order_by(col(AccountWord.word), col(AccountWord.identity_id))
        .limit(MOST_LOOKED_AT if others else 2 * limit)
        .subquery()
    )
    statement = select(first.c.identity_id).order_by(first.c.word, first.c.identity_id)
    for other in others:
        also = aliased(AccountWord)
        held = exists().where(col(also.identity_id) == first.c.identity_id, _begins(col(also.word), other))
        statement = statement.where(held)
    return list(dict.fromkeys(int(found) for found in session.scalars(statement.limit(2 * limit))))


def _count(session: Session, word: str) -> int:
    """How many words begin so, as far as it matters."""
    some = select(col(AccountWord.identity_id)).where(_begins(col(AccountWord.word), word)).limit(MOST_LOOKED_AT)
    return int(session.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def _with_id(session: Session, typed: str) -> list[int]:
    if not typed.isdecimal() or len(typed) > MOST_DIGITS:
        return []
    return [
        int(found) for found in session.scalars(select(col(Identity.id)).where(col(Identity.id) == int(typed))) if found
    ]


def find_organizations(session: Session, text: str, *, limit: int = CANDIDATES) -> pd.DataFrame:
    """Organisations whose name or domain contains ``text``, those that begin with it first: ``organization_id``,
    ``name``, ``domain``, ``accounts`` (of theirs)."""
    typed = text.strip()
    patterns = dict.fromkeys(f"%{word.translate(_WILD)}%" for word in (typed.lower(), typed))
    columns = (func.lower(Organization.name), col(Organization.name), func.lower(Organization.domain))
    is_it = or_(*(column.like(pattern, escape="\\") for column in columns for pattern in patterns))
    begins = func.lower(Organization.name).like(f"{typed.lower().translate(_WILD)}%", escape="\\")
    accounts = select(func.count()).where(col(Identity.organization_id) == col(Organization.id)).scalar_subquery()
    statement: Rows = (
        select(
            col(Organization.id).label("organization_id"),
            col(Organization.name),
            col(Organization.domain),
            accounts.label("accounts"),
        )
        .where(is_it)
        .order_by(begins.desc(), col(Organization.name), col(Organization.id))
        .limit(limit if len(typed) >= LEAST_LETTERS else 0)
    )
    return read_frame(session, statement)


def list_accounts_of_organizations(
    session: Session, organizations: Collection[int], *, limit: int = CANDIDATES
) -> list[int]:
    """Accounts whose organisation is one of these."""
    statement = select(col(Identity.id)).where(col(Identity.organization_id).in_(organizations)).limit(limit)
    return [int(found) for found in session.scalars(statement) if found is not None]


def list_found_accounts(session: Session, accounts: Collection[int]) -> pd.DataFrame:
    """``identity_id``, ``person_id``, ``name``, ``handle``, ``email``, ``location``, ``network``, ``role``,
    ``followers`` (Int64), ``posts`` (that the account wrote)."""
    posts = select(func.count()).where(col(Post.author_id) == col(Identity.id)).scalar_subquery()
    statement: Rows = (
        select(
            col(Identity.id).label("identity_id"),
            col(PersonIdentity.person_id),
            func.coalesce(Identity.display_name, Person.name, Identity.handle).label("name"),
            col(Identity.handle),
            col(Identity.email),
            col(Identity.location),
            col(Identity.network),
            col(Person.role),
            col(Identity.followers),
            posts.label("posts"),
        )
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Identity.id))
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
        .where(col(Identity.id).in_(accounts))
        .order_by(col(Identity.id))
    )
    return read_frame(session, statement, optional=("followers",))


def list_networks(session: Session, people: Collection[int]) -> pd.DataFrame:
    """The accounts of several people: ``person_id``, ``network``, ``followers`` (Int64)."""
    statement: Rows = (
        select(col(PersonIdentity.person_id), col(Identity.network), col(Identity.followers))
        .join(Identity, col(Identity.id) == col(PersonIdentity.identity_id))
        .where(col(PersonIdentity.person_id).in_(people))
        .order_by(col(PersonIdentity.person_id), col(Identity.network))
    )
    return read_frame(session, statement, optional=("followers",))


def list_person_turns(session: Session, person_id: int) -> pd.DataFrame:
    """A person's turns, newest first: ``opened_post_id``, ``conversation_id``, ``opened_at``, ``closed_at`` (NaT while
    open), ``response_seconds`` (Int64)."""
    statement: Rows = (
        select(
            col(Turn.opened_post_id),
            col(Turn.conversation_id),
            col(Turn.opened_at),
            col(Turn.closed_at),
            col(Turn.response_seconds),
        )
        .where(col(Turn.person_id) == person_id)
        .order_by(col(Turn.opened_at).desc(), col(Turn.opened_post_id).desc())
    )
    return read_frame(session, statement, optional=("response_seconds",))


def list_person_channels(session: Session, person_id: int) -> pd.DataFrame:
    """Where a person writes, most first: ``channel_id``, ``channel``, ``network``, ``posts``, ``last_day``."""
    posts = func.sum(PersonDay.posts).label("posts")
    statement: Rows = (
        select(
            col(PersonDay.channel_id),
            col(Channel.name).label("channel"),
            col(Channel.network),
            posts,
            func.max(PersonDay.day).label("last_day"),
        )
        .join(Channel, col(Channel.id) == col(PersonDay.channel_id))
        .where(col(PersonDay.person_id) == person_id)
        .group_by(col(PersonDay.channel_id), col(Channel.name), col(Channel.network))
        .order_by(posts.desc(), col(PersonDay.channel_id))
    )
    return read_frame(session, statement)


def count_conversations(session: Session, accounts: Collection[int], *, most: int = MOST_POSTS) -> int:
    """In how many conversations these accounts wrote, over at most ``most`` of their posts."""
    theirs = select(col(Post.id)).where(col(Post.author_id).in_(accounts)).limit(most).subquery()
    statement = select(func.count(col(PostThread.conversation_id).distinct())).join(
        theirs, theirs.c.id == col(PostThread.post_id)
    )
    return int(session.execute(statement).scalar_one())


def list_talk(session: Session, accounts: Collection[int], *, is_sent: bool, newest: int = NEWEST_TALK) -> pd.DataFrame:
    """With whom these accounts talked: by them to others, or by others to them. ``identity_id`` (the other),
    ``kind``, ``times``, ``last_at`` (UTC, or NaT where no time is known), over the ``newest`` of each account."""
    mine: Any = col(Interaction.actor_id)
    theirs: Any = col(Interaction.target_id)
    if not is_sent:
        mine, theirs = theirs, mine
    frames = []
    for account in accounts:
        recent = (
            select(theirs.label("identity_id"), col(Interaction.kind), col(Interaction.occurred_at))
            .where(mine == account, theirs.is_not(None), theirs.not_in(accounts), col(Interaction.kind).in_(TALK))
            .order_by(col(Interaction.occurred_at).desc())
            .limit(newest)
            .subquery()
        )
        times, last_at = func.count().label("times"), func.max(recent.c.occurred_at).label("last_at")
        statement: Rows = select(recent.c.identity_id, recent.c.kind, times, last_at)
        frames.append(read_frame(session, statement.group_by(recent.c.identity_id, recent.c.kind)))
    if not frames:
        return pd.DataFrame({"identity_id": [], "kind": [], "times": [], "last_at": []}).astype(
            {"identity_id": "int64", "kind": "object", "times": "int64", "last_at": "datetime64[us, UTC]"}
        )
    return pd.concat(frames, ignore_index=True)


def list_holders(session: Session, accounts: Collection[int]) -> pd.DataFrame:
    """Who holds these accounts: ``identity_id``, ``person_id``, ``name``, ``role``, ``network``, ``handle``."""
    statement: Rows = (
        select(
            col(PersonIdentity.identity_id),
            col(PersonIdentity.person_id),
            func.coalesce(Person.name, Identity.display_name, Identity.handle, Identity.native_id).label("name"),
            col(Person.role),
            col(Identity.network),
            col(Identity.handle),
        )
        .join(Identity, col(Identity.id) == col(PersonIdentity.identity_id))
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
        .where(col(PersonIdentity.identity_id).in_(accounts))
        .order_by(col(PersonIdentity.identity_id))
    )
    return read_frame(session, statement)
