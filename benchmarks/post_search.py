"""How long the newest fifty posts that say a word take: the commonest word, a rare one, both, one that nobody wrote."""

import re
from collections import Counter

from sqlalchemy import Engine, select
from sqlmodel import Session

from answers.post_search import find_posts
from benchmarks.measure import Row, seconds_of
from data_access.models.facts import Post
from data_access.queries.post_search import list_hits, parse_words
from data_access.queries.posts import PostConditions
from data_access.store import reading
from data_access.upsert import table

MILLISECONDS = 300
HITS = 50
#: Of so many posts, the first and the newest, the words are tried.
_LOOKED_AT, _TRIED, _NEWEST = 300, 60, 5_000


def measure_post_search(engine: Engine, label: str) -> list[Row]:
    """A row a kind of word: fewest milliseconds of three searches, as the page Search asks without a filter."""
    with reading(engine) as session:
        commonest, rarest = choose_words(session)
    asked = {
        f"the commonest word, {commonest!r}": commonest,
        f"a rare word, {rarest!r}": rarest,
        "both": f"{commonest} {rarest}",
        "a word that nobody wrote": "qqzzyyx",
    }
    return [_measure(engine, f"{HITS} newest posts with {kind} ({label})", words) for kind, words in asked.items()]


def _measure(engine: Engine, name: str, words: str) -> Row:
    with reading(engine) as session:
        found = find_posts(session, words, PostConditions(), limit=HITS).rows
        spent = 1_000 * seconds_of(lambda: find_posts(session, words, PostConditions(), limit=HITS), times=3)
    return Row(name, f"{spent:,.0f} ms, {len(found)} shown", f"under {MILLISECONDS} ms", spent < MILLISECONDS)


def choose_words(session: Session) -> tuple[str, str]:
    """The word that most of the newest posts have, and of the first posts' words the one that fewest posts have."""
    posts = table(Post)
    newest = session.scalars(select(posts.c.text).order_by(posts.c.occurred_at.desc()).limit(_NEWEST))
    commonest = Counter(word for text in newest for word in _words(text)).most_common(1)[0][0]
    first = session.scalars(select(posts.c.text).order_by(posts.c.id).limit(_LOOKED_AT))
    seen = Counter(word for text in first for word in _words(text))
    tried = sorted(seen, key=lambda word: (seen[word], word))[:_TRIED]
    return commonest, min(tried, key=lambda word: len(list_hits(session, parse_words(word), limit=_NEWEST)))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text.lower()))
