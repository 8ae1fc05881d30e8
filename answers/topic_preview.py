"""What a topic rule would find among the newest posts, before anybody decides it."""

from dataclasses import dataclass

from sqlmodel import Session

from data_access.queries.topics import list_newest_texts
from data_access.topics import list_topic_rules
from metrics.ratios import ratio
from metrics.topics import Pattern, TopicMatcher, find_spans, loosened, matcher_of, parse_pattern

NEWEST = 5_000
EXAMPLES = 20
#: What is shown of a long post: so much before the first marked word, and so much altogether.
_BEFORE, _LONGEST = 80, 280

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Example:
    """What a post says, cut where it is long, and where the words stand in it."""

    text: str
    spans: Spans


@dataclass(frozen=True)
class TopicPreview:
    """What a pattern finds among the newest inbound posts: ``posts`` were read, ``hits`` hold its words.

    ``examples``: the newest hits, with the words that make them one. ``near``: the newest posts that hold the beginning
    of one of its words, or that a word with a minus rules out, and so are no hits. ``without``: the newest posts that
    are about no topic at all, neither this nor another. At most 20 each.
    """

    posts: int
    hits: int
    near_misses: int
    examples: tuple[Example, ...]
    near: tuple[Example, ...]
    without: tuple[Example, ...]

    @property
    def share(self) -> float:
        """Hits of the posts read, 0 to 1; NaN where there is no post."""
        return ratio(self.hits, self.posts)


def preview_topic(session: Session, pattern: str, *, newest: int = NEWEST) -> TopicPreview:
    """What a pattern would find. Raises ``metrics.topics.BadPattern``."""
    parsed = parse_pattern(pattern)
    loose = loosened(parsed)
    every = matcher_of(tuple(list_topic_rules(session).items()))
    exact, near = TopicMatcher({"": parsed}), TopicMatcher({"": loose})
    rows = list_newest_texts(session, limit=newest)
    bodies = [f"{title}: {text}" if title else text for title, text in zip(rows["title"], rows["text"], strict=True)]
    hits = [body for body in bodies if exact.topics(body)]
    misses = [body for body in bodies if not exact.topics(body)]
    nearly = [body for body in misses if near.topics(body)]
    without = (body for body in misses if body.strip() and not every.topics(body))
    return TopicPreview(
        posts=len(bodies),
        hits=len(hits),
        near_misses=len(nearly),
        examples=tuple(_example(parsed, body) for body in hits[:EXAMPLES]),
        near=tuple(_example(loose, body) for body in nearly[:EXAMPLES]),
        without=tuple(_example(parsed, body) for _, body in zip(range(EXAMPLES), without, strict=False)),
    )


def _example(pattern: Pattern, body: str) -> Example:
    spans = find_spans(pattern.terms, body)
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    end = start + _LONGEST
    shown = tuple((first - start, last - start) for first, last in spans if last <= end)
    return Example(body[start:end], shown)
