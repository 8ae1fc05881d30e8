"""What is found in the texts of posts: hashtags, links, topics, brands, whether they ask; and their local time.

It hangs on nothing in the store but the rules: an import has it found ahead, by a second process (``jobs.ahead``).
"""

import re
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from data_access.models.facts import PostKind
from jobs.derive.local_time import local_hour
from metrics.topics import Pattern, Term, TopicMatcher, matcher_of, words_of

_LINK = re.compile(r"https?://[^\s<>\"'\])}]+")
_TAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")
_TRAILING = ".,;:!?…"
#: What is read of a post, in the order in which it is given.
READ_OF_POSTS = ("kind", "title", "text", "occurred_at")
Patterns = tuple[tuple[str, str | Pattern], ...]


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
    if kind == PostKind.QUESTION:
        return True
    return "?" in text and "?" in (_LINK.sub(" ", text) if "://" in text else text)


def body_of(title: str | None, text: str) -> str:
    """What somebody wrote, title and text."""
    return f"{title} {text}" if title else text


def _plain(patterns: Patterns) -> tuple[Any, ...]:
    return tuple((name, pattern if isinstance(pattern, str) else astuple(pattern)) for name, pattern in patterns)


def _of_plain(patterns: tuple[Any, ...]) -> Patterns:
    return tuple((name, pattern if isinstance(pattern, str) else _pattern(*pattern)) for name, pattern in patterns)


def _pattern(terms: tuple[Any, ...], exclusions: tuple[Any, ...]) -> Pattern:
    return Pattern(tuple(Term(*term) for term in terms), tuple(Term(*term) for term in exclusions))


class Sought(NamedTuple):
    """What is looked for: the topics, and the brands by their ids as text. ``zone``: the name of the time zone."""

    zone: str
    topics: Patterns
    brands: Patterns

    @property
    def plain(self) -> tuple[Any, ...]:
        """The same in plain values, to be told to another process."""
        return self.zone, _plain(self.topics), _plain(self.brands)

    @classmethod
    def of_plain(cls, plain: tuple[Any, ...]) -> "Sought":
        """What another process was told.

        >>> acme = Pattern((Term(("acme",)),), (Term(("acme", "inc")),))
        >>> sought = Sought("UTC", (("Refunds", "refund*"),), (("7", acme),))
        >>> Sought.of_plain(sought.plain) == sought
        True
        """
        zone, topics, brands = plain
        return cls(zone, _of_plain(topics), _of_plain(brands))

    @property
    def topic_matcher(self) -> TopicMatcher:
        """Finds the topics."""
        return matcher_of(self.topics)

    @property
    def brand_matcher(self) -> TopicMatcher:
        """Finds the brands."""
        return matcher_of(self.brands)


class Said(NamedTuple):
    """What was found in posts in a row. Of each: its local day (its ordinal) and hour, and whether it asks. Of those
    that have any: the place in the row and the tag, link, topic or brand."""

    days: list[int]
    hours: list[int]
    questions: list[bool]
    tags: list[tuple[int, str]]
    links: list[tuple[int, str]]
    topics: list[tuple[int, str]]
    brands: list[tuple[int, int]]


def read_said(sought: Sought, posts: Iterable[tuple[str, str | None, str, int]]) -> Said:
    """Read posts: kind, title, text, and time in microseconds since 1970 UTC.

    >>> read_said(Sought("UTC", (("Refunds", "refund*"),), ()), [("post", None, "A #refund?", 0)])
    ... # doctest: +NORMALIZE_WHITESPACE
    Said(days=[719163], hours=[0], questions=[True], tags=[(0, 'refund')], links=[], topics=[(0, 'Refunds')],
         brands=[])
    """
    said = Said([], [], [], [], [], [], [])
    zone = ZoneInfo(sought.zone)
    topics, brands = sought.topic_matcher, sought.brand_matcher
    for place, (kind, title, text, occurred_at) in enumerate(posts):
        day, hour = local_hour(zone, occurred_at)
        said.days.append(day.toordinal())
        said.hours.append(hour)
        said.questions.append(is_question(kind, text))
        body = body_of(title, text)
        if "#" in body:
            said.tags.extend((place, tag) for tag in find_tags(body))
        if "://" in body:
            said.links.extend((place, url) for url in find_links(body))
        words = words_of(body)
        said.topics.extend((place, topic) for topic in topics.topics_among(words))
        said.brands.extend((place, int(brand)) for brand in brands.topics_among(words))
    return said
