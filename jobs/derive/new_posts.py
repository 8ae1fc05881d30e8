"""What follows from posts of which none was in the store before: what ``settle_posts`` and ``finish`` derive, column by
column, and without reading again what was just written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_columns, insert_tuples, read_stored
from data_access.models.facts import ChannelKind
from data_access.new_posts import NewPosts
from jobs.derive.alerts import derive_alerts
from jobs.derive.people import ACCOUNT_ROLE, PERSON_IDENTITY, POST_DAY
from jobs.derive.posts import BRAND_MENTION, COLUMNS, POST_LINK, POST_SCORE, POST_TAG, POST_TOPIC, SIDES
from jobs.derive.rules import Rules
from jobs.derive.said import Said
from jobs.derive.threads import NewThreads
from jobs.derive.touched import Touched
from jobs.derive.turns import CHANNEL, derive_new_conversations
from metrics.sentiment import label_of


@dataclass(frozen=True)
class NewlyDerived:
    """What conversations need to know of new posts, in their order."""

    days: Sequence[date]
    sides: Sequence[str]
    labels: Sequence[str | None]
    questions: Sequence[bool]


def derive_new_posts(
    session: Session, rules: Rules, posts: NewPosts, languages: Sequence[Any], compounds: Sequence[Any], said: Said
) -> NewlyDerived:
    """Derive score, day, tags, links, topics and brands of these posts. ``said``: what is found in their texts;
    ``languages`` and ``compounds``: their scores."""
    ids, at, channels = posts.ids, posts.facts["occurred_at"], posts.facts["channel_id"]
    day_of = {number: date.fromordinal(number) for number in set(said.days)}
    found = NewlyDerived(
        list(map(day_of.__getitem__, said.days)),
        _list_sides(session, posts.facts["author_id"]),
        _write_scores(session, rules, posts, languages, compounds, said.questions),
        said.questions,
    )
    days = (ids, channels, found.days, said.hours, found.sides)
    insert_columns(session, POST_DAY, dict(zip(COLUMNS[POST_DAY], days, strict=True)))
    for target, pairs in ((POST_TAG, said.tags), (POST_LINK, said.links)):
        insert_tuples(session, target, COLUMNS[target], [(ids[place], word) for place, word in pairs])
    topics = [(ids[place], topic, at[place]) for place, topic in said.topics]
    insert_tuples(session, POST_TOPIC, COLUMNS[POST_TOPIC], topics)
    brands = [(ids[place], brand, at[place]) for place, brand in said.brands]
    insert_tuples(session, BRAND_MENTION, COLUMNS[BRAND_MENTION], brands)
    derive_alerts(session, rules, ids)
    return found


def _list_sides(session: Session, authors: Sequence[int | None]) -> list[str]:
    stated = select(ACCOUNT_ROLE.c.identity_id, ACCOUNT_ROLE.c.role)
    marked = read_stored(
        session, stated.where(among(ACCOUNT_ROLE.c.identity_id, {i for i in authors if i is not None}))
    )
    side_of: dict[int | None, str] = {account: SIDES[role] for account, role in marked}
    return list(map(side_of.get, authors, repeat(SIDES[None])))


def _write_scores(
    session: Session,
    rules: Rules,
    posts: NewPosts,
    languages: Sequence[str | None],
    compounds: Sequence[float | None],
    asks: Sequence[bool],
) -> Sequence[str | None]:
    """Keep the scores of these posts. Returns the labels that count."""
    model = rules.sentiment_model_id
    models = [None if compound is None else model for compound in compounds]
    by_model = [None if compound is None else label_of(compound) for compound in compounds]
    given = list(map(rules.relabels.get, posts.keys)) if rules.relabels else [None] * len(posts.ids)
    labels = [one or other for one, other in zip(given, by_model, strict=True)] if rules.relabels else by_model
    is_given = [one is not None for one in given]
    scores = (posts.ids, models, languages, compounds, by_model, labels, is_given, asks)
    insert_columns(session, POST_SCORE, dict(zip(COLUMNS[POST_SCORE], scores, strict=True)))
    return labels


def settle_new_conversations(
    session: Session, rules: Rules, posts: NewPosts, threads: NewThreads, found: NewlyDerived, touched: Touched
) -> None:
    """Derive the conversations that began with these posts, and note what else they touch: those that went on, their
    days. All that is known of people must be settled before."""
    first = posts.ids[0]
    touched.add_slices(set(zip(found.days, posts.facts["channel_id"], strict=True)))
    touched.conversations.update(threads.conversations)
    touched.conversations = {each for each in touched.conversations if each < first}
    rows = [row for row in _thread_rows(session, posts, threads, found) if row[0] >= first]
    rows.sort(key=itemgetter(0, 1, 2))
    private = [row[2] for row in rows if row[8] == ChannelKind.PRIVATE]
    touched.add_turn_slices(derive_new_conversations(session, rules, rows, private, touched.people))


def _thread_rows(session: Session, posts: NewPosts, threads: NewThreads, found: NewlyDerived) -> list[tuple[Any, ...]]:
    """The posts as ``jobs.derive.turns`` reads them."""
    facts = posts.facts
    authors, channels = facts["author_id"], facts["channel_id"]
    held = select(PERSON_IDENTITY.c.identity_id, PERSON_IDENTITY.c.person_id)
    known = read_stored(
        session, held.where(among(PERSON_IDENTITY.c.identity_id, {i for i in authors if i is not None}))
    )
    people: dict[int | None, int] = dict(known)
    kinds = dict(read_stored(session, select(CHANNEL.c.id, CHANNEL.c.kind).where(among(CHANNEL.c.id, {*channels}))))
    is_deleted = [moment is not None for moment in facts["deleted_at"]]
    return list(
        zip(
            *(threads.conversations, facts["occurred_at"], posts.ids, threads.parents, map(people.get, authors)),
            *(authors, found.sides, facts["kind"], map(kinds.__getitem__, channels), found.questions, found.labels),
            *(is_deleted, channels, found.days),
            strict=True,
        )
    )
