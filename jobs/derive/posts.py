"""What follows from one post by itself: language, sentiment, local day, hashtags, links, topics, brands named."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, select
from sqlmodel import Session

from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.staging import Score
from data_access.upsert import chunks, table
from jobs.derive.alerts import ALERT, derive_alerts
from jobs.derive.people import ACCOUNT_ROLE, POST, POST_DAY, side_of
from jobs.derive.rules import Rules
from jobs.derive.touched import Touched
from jobs.scoring import score_one
from metrics.sentiment import label_of
from metrics.topics import words_of

POST_SCORE = table(derived.PostScore)
POST_TAG = table(derived.PostTag)
POST_LINK = table(derived.PostLink)
POST_TOPIC = table(derived.PostTopic)
BRAND_MENTION = table(derived.BrandMention)
_OF_ONE = (POST_SCORE, POST_DAY, POST_TAG, POST_LINK, POST_TOPIC, BRAND_MENTION)
RELABEL_KEY = ("network", "source", "native_id")

_LINK = re.compile(r"https?://[^\s<>\"'\])}]+")
_TAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")
_TRAILING = ".,;:!?…"


def find_tags(text: str) -> list[str]:
    """The hashtags of a text, lower case, without #, each once.

    >>> find_tags("Love it #Sunrise, #sunrise &#39; https://x.example/#part #2 #été")
    ['sunrise', 'été']
    """
    if "#" not in text:
        return []
    return list(dict.fromkeys(tag.lower() for tag in _TAG.findall(_LINK.sub(" ", text))))


def find_links(text: str) -> list[str]:
    """The web addresses in a text, each once.

    >>> find_links("See https://shop.example/a, (http://b.example/x)!")
    ['https://shop.example/a', 'http://b.example/x']
    """
    if "://" not in text:
        return []
    return list(dict.fromkeys(link.rstrip(_TRAILING) for link in _LINK.findall(text)))


def is_question(kind: str, text: str) -> bool:
    """Whether a post asks: its kind says so, or it has a question mark outside links.

    >>> is_question("post", "Why? https://x.example/?a=1"), is_question("post", "https://x.example/?a=1")
    (True, False)
    """
    if kind == facts.PostKind.QUESTION:
        return True
    return "?" in text and "?" in (_LINK.sub(" ", text) if "://" in text else text)


def derive_posts(
    session: Session, rules: Rules, post_ids: Sequence[int], scores: Mapping[int, Score], *, is_new: bool
) -> Touched:
    """Derive score, day, tags, links, topics and brands of these posts anew. ``scores`` spares scoring the known."""
    touched = Touched()
    for part in chunks(post_ids, 1_000):
        if not is_new:
            touched.update(forget_posts(session, part))
        touched.update(_derive_chunk(session, rules, part, scores))
        derive_alerts(session, rules, part)
    return touched


def forget_posts(session: Session, ids: Sequence[int]) -> Touched:
    """Drop what follows from these posts by themselves; say which slices that touches."""
    touched = Touched()
    slices = select(POST_DAY.c.day, POST_DAY.c.channel_id).where(POST_DAY.c.post_id.in_(ids)).distinct()
    touched.add_slices((day, channel) for day, channel in session.execute(slices))
    for target in (*_OF_ONE, ALERT):
        session.connection().execute(delete(target).where(target.c.post_id.in_(ids)))
    return touched


def _derive_chunk(session: Session, rules: Rules, ids: Sequence[int], scores: Mapping[int, Score]) -> Touched:
    columns = ("id", "network", "source", "native_id", "channel_id", "kind", "text", "title", "language", "occurred_at")
    statement = (
        select(*(POST.c[name] for name in columns), ACCOUNT_ROLE.c.role)
        .join_from(POST, ACCOUNT_ROLE, ACCOUNT_ROLE.c.identity_id == POST.c.author_id, isouter=True)
        .where(POST.c.id.in_(ids))
        .order_by(POST.c.id)
    )
    touched = Touched()
    rows: dict[Table, list[dict[str, Any]]] = {target: [] for target in _OF_ONE}
    for row in session.execute(statement):
        day_row = _day_row(rules, row)
        touched.add_slice(day_row["day"], row.channel_id)
        rows[POST_DAY].append(day_row)
        rows[POST_SCORE].append(_score_row(rules, row, scores.get(row.id)))
        body = body_of(row.title, row.text)
        rows[POST_TAG] += [{"post_id": row.id, "tag": tag} for tag in find_tags(body)]
        rows[POST_LINK] += [{"post_id": row.id, "url": url} for url in find_links(body)]
        words = words_of(body)
        rows[POST_TOPIC] += topic_rows(rules, row.id, words, row.occurred_at)
        rows[BRAND_MENTION] += brand_rows(rules, row.id, words, row.occurred_at)
    for target, found in rows.items():
        if found:
            insert_rows(session, target, found)
    return touched


def body_of(title: str | None, text: str) -> str:
    """What somebody wrote, title and text."""
    return f"{title} {text}" if title else text


def topic_rows(rules: Rules, post_id: int, words: list[str], occurred_at: datetime | int) -> list[dict[str, Any]]:
    """The rows of ``PostTopic`` for a post of these words."""
    found = rules.topics.topics_among(words)
    return [{"post_id": post_id, "topic": topic, "occurred_at": occurred_at} for topic in found]


def brand_rows(rules: Rules, post_id: int, words: list[str], occurred_at: datetime | int) -> list[dict[str, Any]]:
    """The rows of ``BrandMention`` for a post of these words."""
    found = rules.brands.topics_among(words)
    return [{"post_id": post_id, "brand_id": int(brand), "occurred_at": occurred_at} for brand in found]


def _day_row(rules: Rules, row: Row[Any]) -> dict[str, Any]:
    local: datetime = row.occurred_at.astimezone(rules.zone)
    return {
        "post_id": row.id,
        "channel_id": row.channel_id,
        "day": local.date(),
        "hour": local.hour,
        "side": str(side_of(row.role)),
    }


def _score_row(rules: Rules, row: Row[Any], score: Score | None) -> dict[str, Any]:
    if score is None:
        score = score_one(row.title, row.text, row.language)
    model_label = None if score.compound is None else label_of(score.compound)
    relabel = rules.relabels.get((row.network, row.source, row.native_id))
    return {
        "post_id": row.id,
        "model_id": None if score.compound is None else rules.sentiment_model_id,
        "language": score.language,
        "compound": score.compound,
        "model_label": model_label,
        "label": relabel or model_label,
        "is_relabelled": relabel is not None,
        "is_question": is_question(row.kind, row.text),
    }
