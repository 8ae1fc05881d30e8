"""What a rule on texts (a topic's words, a brand's) would find among the newest posts, before anybody decides it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from sqlmodel import Session

from data_access.brands import list_brand_rules
from data_access.queries.topics import list_newest_texts
from data_access.topics import list_topic_rules
from metrics.ratios import ratio
from metrics.topics import Pattern, TopicMatcher, find_spans, loosened, matcher_of, parse_rule, read_rule

NEWEST = 5_000
EXAMPLES = 20
#: What is shown of a long post: so much before the first marked word, and so much altogether.
_BEFORE, _LONGEST = 80, 280

TOPICS, BRANDS = "topics", "brands"
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Example:
    """What a post says, cut where it is long, and where the words stand in it."""

    text: str
    spans: Spans


@dataclass(frozen=True)
class RulePreview:
    """What a rule finds among the newest inbound posts: ``posts`` were read, ``hits`` hold its words.

    ``examples``: the newest hits, with the words that make them one. ``ruled_out``: how many hold its words and one
    that rules them out, and ``excluded`` the newest of them, with both. ``near_misses``: how many hold only the
    beginning of one of its words, and ``near`` the newest of them. ``without``: the newest posts that no rule of the
    kind finds, neither this nor another. At most 20 each.
    """

    posts: int
    hits: int
    ruled_out: int
    near_misses: int
    examples: tuple[Example, ...]
    excluded: tuple[Example, ...]
    near: tuple[Example, ...]
    without: tuple[Example, ...]

    @property
    def share(self) -> float:
        """Hits of the posts read, 0 to 1; NaN where there is no post."""
        return ratio(self.hits, self.posts)


def _every_topic(session: Session) -> TopicMatcher:
    return matcher_of(tuple(list_topic_rules(session).items()))


def _every_brand(session: Session) -> TopicMatcher:
    return matcher_of(tuple((str(key), read_rule(*words)) for key, words in list_brand_rules(session).items()))


_EVERY: dict[str, Callable[[Session], TopicMatcher]] = {TOPICS: _every_topic, BRANDS: _every_brand}


def preview_rule(
    session: Session, words: str, exclusions: str = "", *, kind: str = TOPICS, newest: int = NEWEST
) -> RulePreview:
    """What a rule of a kind (``topics`` or ``brands``) would find. Raises ``metrics.topics.BadPattern``."""
    rule = parse_rule(words, exclusions)
    bare, loose = Pattern(rule.terms), loosened(rule)
    holding, near, every = TopicMatcher({"": bare}), TopicMatcher({"": loose}), _EVERY[kind](session)
    exact = TopicMatcher({"": rule})
    rows = list_newest_texts(session, limit=newest)
    bodies = [f"{title}: {text}" if title else text for title, text in zip(rows["title"], rows["text"], strict=True)]
    held = [body for body in bodies if holding.topics(body)]
    hits = [body for body in held if exact.topics(body)]
    excluded = [body for body in held if not exact.topics(body)]
    misses = [body for body in bodies if not holding.topics(body)]
    nearly = [body for body in misses if near.topics(body)]
    without = (body for body in misses if body.strip() and not every.topics(body))
    return RulePreview(
        posts=len(bodies),
        hits=len(hits),
        ruled_out=len(excluded),
        near_misses=len(nearly),
        examples=tuple(_example(bare, body) for body in hits[:EXAMPLES]),
        excluded=tuple(_example(Pattern(rule.terms + rule.exclusions), body) for body in excluded[:EXAMPLES]),
        near=tuple(_example(loose, body) for body in nearly[:EXAMPLES]),
        without=tuple(_example(bare, body) for body in islice(without, EXAMPLES)),
    )


def _example(pattern: Pattern, body: str) -> Example:
    spans = find_spans(pattern.terms, body)
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    end = start + _LONGEST
    shown = tuple((first - start, last - start) for first, last in spans if last <= end)
    return Example(body[start:end], shown)
