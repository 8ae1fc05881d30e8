"""What follows from the text of each post by itself: read again for some posts, and compared with what is kept."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Row, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.upsert import Key, chunks
from jobs.derive.people import POST, POST_DAY
from jobs.derive.posts import BRAND_MENTION, POST_LINK, POST_SCORE, POST_TAG, POST_TOPIC
from jobs.derive.rules import Rules, load_rules
from jobs.derive.said import read_said
from jobs.doctor.findings import Again, Finding, or_fine, repairable
from jobs.doctor.sampling import Sample
from jobs.scoring import score_one
from jobs.text_rules import BRANDS, TOPICS, TextRules, are_rules_due
from metrics.sentiment import label_of

CHECK = "texts"
#: From this share of the posts that were looked at on, others will be wrong, too.
_MANY = 0.1
_READ = ("id", "network", "source", "native_id", "kind", "title", "text", "language")
_Pairs = set[tuple[int, object]]


class _Said(NamedTuple):
    """What is kept of posts, each with its post: hashtags, links, topics, brands, and what was made of the whole."""

    tags: _Pairs
    links: _Pairs
    topics: _Pairs
    brands: _Pairs
    scores: _Pairs


def check_texts(session: Session, sample: Sample) -> list[Finding]:
    """Scores, topics, brands, hashtags and links of some posts of each day of the sample, found again."""
    rules, ids = load_rules(session), _list_posts(session, sample)
    wanted, held = _Said(set(), set(), set(), set(), set()), _Said(set(), set(), set(), set(), set())
    for part in chunks(ids):
        for all_of, found in ((wanted, _read_again(session, rules, part)), (held, _read_held(session, part))):
            for kept, pairs in zip(all_of, found, strict=True):
                kept |= pairs
    said = f"The scores, topics, brands, hashtags and links of {len(ids):,} posts are what their texts say."
    return or_fine(CHECK, _check(session, wanted, held, len(ids)), said)


def _check(session: Session, wanted: _Said, held: _Said, looked_at: int) -> Iterator[Finding]:
    by_rules: tuple[tuple[TextRules, str, _Pairs], ...] = (
        (TOPICS, "have other topics than the rules give", wanted.topics ^ held.topics),
        (BRANDS, "name other brands than the rules find", wanted.brands ^ held.brands),
    )
    for kind, what, differing in by_rules:
        if differing and not are_rules_due(session, kind):
            again = Again()
            again.due[kind.due] = {0}
            yield _finding(differing, what, again)
    is_scored = {post_id for post_id, _ in held.scores}  # who has no score is told elsewhere
    scores = {pair for pair in wanted.scores ^ held.scores if pair[0] in is_scored}
    of_each = (
        ("have another score or language than their text gives", scores),
        ("have other hashtags or links than stand in them", (wanted.tags ^ held.tags) | (wanted.links ^ held.links)),
    )
    for what, differing in of_each:
        if differing:
            posts = {post_id for post_id, _ in differing}
            yield _finding(differing, what, Again(posts=posts, everything=len(posts) > max(_MANY * looked_at, 100)))


def _finding(differing: _Pairs, what: str, again: Again) -> Finding:
    return repairable(CHECK, f"{len({post_id for post_id, _ in differing}):,} posts {what}.", again)


def _list_posts(session: Session, sample: Sample) -> list[int]:
    """Some posts of each day of the sample, and those of the sample itself, but for posts that have no day."""
    ids: set[int] = set()
    for day in sample.days:
        of_day = select(POST_DAY.c.post_id).where(POST_DAY.c.day == day).order_by(POST_DAY.c.post_id.desc())
        ids.update(session.scalars(of_day.limit(sample.posts_a_day)))
    for part in chunks(sample.posts):
        ids.update(session.scalars(select(POST_DAY.c.post_id).where(among(POST_DAY.c.post_id, part))))
    return sorted(ids)


def _read_again(session: Session, rules: Rules, ids: Sequence[int]) -> _Said:
    moment = type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at")
    rows = session.execute(select(*(POST.c[name] for name in _READ), moment).where(among(POST.c.id, ids))).all()
    said = read_said(rules.sought, ((row.kind, row.title, row.text, row.occurred_at) for row in rows))
    return _Said(
        {(rows[place].id, tag) for place, tag in said.tags},
        {(rows[place].id, url) for place, url in said.links},
        {(rows[place].id, topic) for place, topic in said.topics},
        {(rows[place].id, brand) for place, brand in said.brands},
        {(row.id, _scored(rules, row, asks)) for row, asks in zip(rows, said.questions, strict=True)},
    )


def _scored(rules: Rules, row: Row[tuple[object, ...]], asks: bool) -> tuple[object, ...]:
    language, compound = score_one(row.title, row.text, row.language)
    label = None if compound is None else label_of(compound)
    key: Key = (row.network, row.source, row.native_id)
    return language, compound, rules.relabels.get(key) or label, asks


def _read_held(session: Session, ids: Sequence[int]) -> _Said:
    score = POST_SCORE.c
    columns = (score.post_id, score.language, score.compound, score.label, score.is_question)
    return _Said(
        _pairs(session, POST_TAG.c.post_id, POST_TAG.c.tag, ids),
        _pairs(session, POST_LINK.c.post_id, POST_LINK.c.url, ids),
        _pairs(session, POST_TOPIC.c.post_id, POST_TOPIC.c.topic, ids),
        _pairs(session, BRAND_MENTION.c.post_id, BRAND_MENTION.c.brand_id, ids),
        {
            (row.post_id, (row.language, row.compound, row.label, bool(row.is_question)))
            for row in session.execute(select(*columns).where(among(score.post_id, ids)))
        },
    )


def _pairs(session: Session, post: Column[int], what: Column[object], ids: Sequence[int]) -> _Pairs:
    return {(row[0], row[1]) for row in session.execute(select(post, what).where(among(post, ids)))}
