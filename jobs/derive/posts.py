"""What follows from one post by itself: language, sentiment, local day, hashtags, links, topics, brands named."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Table, delete, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_tuples
from data_access.models import derived
from data_access.models.derived import Role
from data_access.staging import Score
from data_access.upsert import Row, chunks, table
from jobs.derive.alerts import ALERT, derive_alerts
from jobs.derive.people import ACCOUNT_ROLE, POST, POST_DAY, side_of
from jobs.derive.rules import Rules
from jobs.derive.said import read_said
from jobs.derive.touched import Touched
from jobs.scoring import score_one
from metrics.sentiment import label_of

POST_SCORE = table(derived.PostScore)
POST_TAG = table(derived.PostTag)
POST_LINK = table(derived.PostLink)
POST_TOPIC = table(derived.PostTopic)
BRAND_MENTION = table(derived.BrandMention)
_OF_ONE = (POST_SCORE, POST_DAY, POST_TAG, POST_LINK, POST_TOPIC, BRAND_MENTION)
#: What is written of each, in this order.
COLUMNS: dict[Table, tuple[str, ...]] = {
    POST_SCORE: (
        *("post_id", "model_id", "language", "compound", "model_label", "label", "is_relabelled", "is_question"),
    ),
    POST_DAY: ("post_id", "channel_id", "day", "hour", "side"),
    POST_TAG: ("post_id", "tag"),
    POST_LINK: ("post_id", "url"),
    POST_TOPIC: ("post_id", "topic", "occurred_at"),
    BRAND_MENTION: ("post_id", "brand_id", "occurred_at"),
}
#: The side of an account by its role, as it is kept.
SIDES = {role: str(side_of(role)) for role in (None, *map(str, Role))}
RELABEL_KEY = ("network", "source", "native_id")


class ReadPost(NamedTuple):
    """What of a post the rest follows from. ``occurred_at``: microseconds since 1970 UTC; ``role``: its author's."""

    id: int
    network: str
    source: str
    native_id: str
    channel_id: int
    kind: str
    text: str
    title: str | None
    language: str | None
    occurred_at: int
    role: str | None


#: All of it but the role.
_said = itemgetter(*ReadPost._fields[:-1])


def derive_posts(
    session: Session,
    rules: Rules,
    post_ids: Sequence[int],
    scores: Mapping[int, Score],
    *,
    is_new: bool,
    written: Mapping[int, Row] | None = None,
) -> Touched:
    """Derive score, day, tags, links, topics and brands of these posts anew. ``scores`` spares scoring the known,
    ``written`` (all of them, as they were just written) reading them again."""
    touched = Touched()
    for part in chunks(post_ids):
        if not is_new:
            touched.update(forget_posts(session, part))
        posts = _read_posts(session, part) if written is None else _written_posts(session, [written[i] for i in part])
        touched.update(_derive_chunk(session, rules, list(posts), scores))
        derive_alerts(session, rules, part)
    return touched


def _read_posts(session: Session, ids: Sequence[int]) -> Iterator[ReadPost]:
    names = ("id", "network", "source", "native_id", "channel_id", "kind", "text", "title", "language")
    statement = (
        select(
            *(POST.c[name] for name in names),
            type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at"),
            ACCOUNT_ROLE.c.role,
        )
        .join_from(POST, ACCOUNT_ROLE, ACCOUNT_ROLE.c.identity_id == POST.c.author_id, isouter=True)
        .where(among(POST.c.id, ids))
        .order_by(POST.c.id)
    )
    return map(ReadPost._make, session.execute(statement))


def _written_posts(session: Session, rows: Sequence[Row]) -> Iterator[ReadPost]:
    authors = {row["author_id"] for row in rows} - {None}
    stated = select(ACCOUNT_ROLE.c.identity_id, ACCOUNT_ROLE.c.role).where(among(ACCOUNT_ROLE.c.identity_id, authors))
    roles: dict[int | None, str] = dict(iter(session.execute(stated)))
    for row in rows:
        yield ReadPost._make((*_said(row), roles.get(row["author_id"])))


def forget_posts(session: Session, ids: Sequence[int]) -> Touched:
    """Drop what follows from these posts by themselves; say which slices that touches."""
    touched = Touched()
    slices = select(POST_DAY.c.day, POST_DAY.c.channel_id).where(among(POST_DAY.c.post_id, ids)).distinct()
    touched.add_slices((day, channel) for day, channel in session.execute(slices))
    for target in (*_OF_ONE, ALERT):
        session.connection().execute(delete(target).where(among(target.c.post_id, ids)))
    return touched


def _derive_chunk(session: Session, rules: Rules, posts: Sequence[ReadPost], scores: Mapping[int, Score]) -> Touched:
    said = read_said(rules.sought, ((post.kind, post.title, post.text, post.occurred_at) for post in posts))
    touched = Touched()
    day_of = {number: date.fromordinal(number) for number in set(said.days)}
    days = [day_of[number] for number in said.days]
    touched.add_slices({(day, post.channel_id) for day, post in zip(days, posts, strict=True)})
    rows: dict[Table, list[tuple[Any, ...]]] = {
        POST_SCORE: [
            _score_row(rules, post, scores.get(post.id), asks) for post, asks in zip(posts, said.questions, strict=True)
        ],
        POST_DAY: [
            (post.id, post.channel_id, day, hour, SIDES[post.role])
            for post, day, hour in zip(posts, days, said.hours, strict=True)
        ],
        POST_TAG: [(posts[place].id, tag) for place, tag in said.tags],
        POST_LINK: [(posts[place].id, url) for place, url in said.links],
        POST_TOPIC: [(posts[place].id, topic, posts[place].occurred_at) for place, topic in said.topics],
        BRAND_MENTION: [(posts[place].id, brand, posts[place].occurred_at) for place, brand in said.brands],
    }
    for target, found in rows.items():
        insert_tuples(session, target, COLUMNS[target], found)
    return touched


def topic_rows(rules: Rules, post_id: int, words: list[str], occurred_at: datetime | int) -> list[tuple[Any, ...]]:
    """The rows of ``PostTopic`` for a post of these words: post, topic, time."""
    return [(post_id, topic, occurred_at) for topic in rules.topics.topics_among(words)]


def brand_rows(rules: Rules, post_id: int, words: list[str], occurred_at: datetime | int) -> list[tuple[Any, ...]]:
    """The rows of ``BrandMention`` for a post of these words: post, brand, time."""
    return [(post_id, int(brand), occurred_at) for brand in rules.brands.topics_among(words)]


def _score_row(rules: Rules, post: ReadPost, score: Score | None, asks: bool) -> tuple[Any, ...]:
    if score is None:
        score = score_one(post.title, post.text, post.language)
    language, compound = score
    model_label = None if compound is None else label_of(compound)
    relabel = rules.relabels.get((post.network, post.source, post.native_id)) if rules.relabels else None
    return (
        post.id,
        None if compound is None else rules.sentiment_model_id,
        language,
        compound,
        model_label,
        relabel or model_label,
        relabel is not None,
        asks,
    )
