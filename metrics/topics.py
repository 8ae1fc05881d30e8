"""Which topics a text is about, by lists of words that anybody can write.

A pattern is words and phrases with commas or new lines between them; a text that holds any of them is about the topic:

- ``refund``: the whole word, in capitals or not, also as the hashtag ``#refund``; ``#refund``: only the hashtag;
- ``refund*``: every word that begins so; ``late deliver*``: these words in a row, the last only begun;
- ``"no, thanks"``: a phrase as it stands, with its comma; punctuation between words never matters;
- ``-free refund``: a text that holds it is not about the topic, whatever else it holds;
- ``@acme``: the account of that name, whole (not ``@acmehelp``), whatever server or domain is written behind it.

There are no other signs: what is typed never becomes a regular expression, so no pattern can be slow. Links and e-mail
addresses are not read; the name of an account (``@refunds``) is no word, but may stand in a pattern. In writing without
spaces between words only what stands between two signs is a word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

LEAST_PREFIX = 2
MOST_TERMS = 500
_LEAST_LOOSENED = 4
_MOST_REMEMBERED = 200_000

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
# what an @ stands before is the server of an account (@acme@social.example), not the name in an address
_ADDRESS = re.compile(r"(?<![@\w.+-])[\w.+-]++(?<=\w)@\w[\w-]*+(?:\.\w[\w-]*+)+")
_WORD = re.compile(r"[#@]?\w+")
_ENTRY = re.compile(r'\s*(-?)\s*(?:"([^"\n]*)"|([^,\n"]+))')
_LETTER = re.compile("(?s:.)[\u0300-\u036f]*")
_QUOTES = str.maketrans("“”„«»", '"""""')


class BadPattern(ValueError):
    """A pattern that nothing can match, or that says what no pattern can."""


@dataclass(frozen=True)
class Term:
    """Words in a row, folded; with ``is_prefix`` the last is only a beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class Pattern:
    """A text is about it that holds any of ``terms`` and none of ``exclusions``."""

    terms: tuple[Term, ...]
    exclusions: tuple[Term, ...] = ()


@dataclass(frozen=True)
class _Use:
    """A term as one of a topic's."""

    topic: str
    term: Term
    is_exclusion: bool


def parse_pattern(text: str) -> Pattern:
    """What a pattern says. Raises ``BadPattern``, which names the part that cannot be.

    >>> parse_pattern("Refund*, -#ad").terms
    (Term(words=('refund',), is_prefix=True),)
    """
    found: dict[bool, dict[Term, None]] = {False: {}, True: {}}
    for is_exclusion, entry, is_quoted in _entries(text):
        if entry or is_exclusion:
            found[is_exclusion][_parse_term(entry, is_quoted=is_quoted)] = None
    if not found[False]:
        raise BadPattern("Write at least one word to look for.")
    if len(found[False]) + len(found[True]) > MOST_TERMS:
        raise BadPattern(f"A rule can have {MOST_TERMS} words and phrases at most.")
    return Pattern(tuple(found[False]), tuple(found[True]))


def parse_rule(words: str, exclusions: str = "") -> Pattern:
    """What a pattern says whose exclusions stand apart, with or without their minus. Raises ``BadPattern``.

    >>> parse_rule("acme, @acme", "acme road") == parse_pattern("acme, @acme, -acme road")
    True
    """
    pattern = parse_pattern(words)
    apart = dict.fromkeys(
        _parse_term(entry, is_quoted=is_quoted) for _, entry, is_quoted in _entries(exclusions) if entry
    )
    if len(pattern.terms) + len(pattern.exclusions) + len(apart) > MOST_TERMS:
        raise BadPattern(f"A rule can have {MOST_TERMS} words and phrases at most.")
    return Pattern(pattern.terms, tuple(dict.fromkeys([*pattern.exclusions, *apart])))


def read_rule(words: str, exclusions: str = "") -> Pattern:
    """What stands of a rule that was accepted before, or was made of a name: what nothing can match is passed over.

    >>> read_rule("https://acme.example, acme, -!!!") == parse_pattern("acme")
    True
    """
    found: dict[bool, dict[Term, None]] = {False: {}, True: {}}
    for text, is_apart in ((words, False), (exclusions, True)):
        for is_exclusion, entry, is_quoted in _entries(text):
            with suppress(BadPattern):
                found[is_exclusion or is_apart][_parse_term(entry, is_quoted=is_quoted)] = None
    return Pattern(tuple(found[False]), tuple(found[True]))


def _entries(text: str) -> Iterator[tuple[bool, str, bool]]:
    """The entries of a pattern: whether it is an exclusion, what it says, whether in quotes."""
    for minus, quoted, plain in _ENTRY.findall(text.translate(_QUOTES)):
        yield bool(minus), (quoted or plain).strip(), bool(quoted)


def _parse_term(entry: str, *, is_quoted: bool) -> Term:
    is_prefix = entry.endswith("*") and not is_quoted
    words = tuple(words_of(entry))
    if not words:
        raise BadPattern(f"“{entry}” has no word to look for: signs, links and e-mail addresses are not read.")
    if "*" in entry.rstrip("*") and not is_quoted:
        raise BadPattern(f"“{entry}”: a star can only stand at the end of a word.")
    if is_prefix and len(words[-1]) < LEAST_PREFIX:
        raise BadPattern(f"“{entry}” would match nearly everything: write {LEAST_PREFIX} letters before the star.")
    return Term(words, is_prefix)


def words_of(text: str) -> list[str]:
    """The words, #tags and @names of a text, folded to one case, without links and e-mail addresses.

    >>> words_of("Why, THREE weeks! https://x.example/refund #Refund, asks ann@shop.example")
    ['why', 'three', 'weeks', '#refund', 'asks']
    """
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()
    return _WORD.findall(_visible(folded))


def _visible(folded: str) -> str:
    """A text with spaces, as many, instead of each link and address."""
    shown = _LINK.sub(_blank, folded) if "://" in folded else folded
    return _ADDRESS.sub(_blank, shown) if "@" in shown else shown


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


class TopicMatcher:
    """Finds all topics of a text in one pass over its words, however many rules there are.

    >>> matcher = TopicMatcher({"Refunds": "refund*, money back, -taxes", "Delivery": "parcel, courier"})
    >>> matcher.topics("The courier says I get my money back"), matcher.topics("A refund of taxes")
    (('Delivery', 'Refunds'), ())
    """

    def __init__(self, patterns: Mapping[str, str | Pattern]) -> None:
        self._words: dict[str, list[_Use]] = {}
        self._prefixes: dict[str, list[_Use]] = {}
        self._known: dict[str, tuple[_Use, ...]] = {}
        self._idle: set[str] = set()
        for topic, pattern in patterns.items():
            self._add(topic, read_rule(pattern) if isinstance(pattern, str) else pattern)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def _add(self, topic: str, pattern: Pattern) -> None:
        for terms, is_exclusion in ((pattern.terms, False), (pattern.exclusions, True)):
            for term in terms:
                begins_open = term.is_prefix and len(term.words) == 1
                index = self._prefixes if begins_open else self._words
                index.setdefault(term.words[0], []).append(_Use(topic, term, is_exclusion))

    def topics(self, text: str) -> tuple[str, ...]:
        """The topics of a text, sorted."""
        return self.topics_among(words_of(text))

    def topics_among(self, words: list[str]) -> tuple[str, ...]:
        """The topics of a text of these words (``words_of``), sorted."""
        # Most words of most texts belong to no rule and were seen before: one subtraction of sets passes them over.
        busy = set(words) - self._idle
        if not busy:
            return ()
        found: set[str] = set()
        excluded: set[str] = set()
        for word in busy:
            for use in self._uses(word):
                if len(use.term.words) == 1 or _holds(words, word, use.term):
                    (excluded if use.is_exclusion else found).add(use.topic)
        return tuple(sorted(found - excluded)) if found else ()

    def _uses(self, word: str) -> tuple[_Use, ...]:
        """Where a word begins a term. Kept, since few words make most of all texts."""
        uses = self._known.get(word)
        if uses is None:
            uses = tuple(self._look_up(word))
            if len(self._idle) + len(self._known) >= _MOST_REMEMBERED:
                self._known, self._idle = {}, set()
            if uses:
                self._known[word] = uses
            else:
                self._idle.add(word)
        return uses

    def _look_up(self, word: str) -> Iterator[_Use]:
        for form in _forms(word):
            yield from self._words.get(form, ())
            for length in self._lengths:
                if length > len(form):
                    break
                yield from self._prefixes.get(form[:length], ())


@lru_cache(maxsize=8)
def matcher_of(patterns: tuple[tuple[str, str | Pattern], ...]) -> TopicMatcher:
    """The matcher of these (topic, pattern) pairs: asked again, the same, with all the words that it has seen."""
    return TopicMatcher(dict(patterns))


def _forms(word: str) -> tuple[str, ...]:
    """What a word of a text can be called in a pattern: a hashtag also by its word."""
    return (word, word[1:]) if word.startswith("#") else (word,)


def _is(word: str, wanted: str, *, is_prefix: bool) -> bool:
    return any(form.startswith(wanted) if is_prefix else form == wanted for form in _forms(word))


def _starts(words: list[str], term: Term) -> Iterator[int]:
    """Where in ``words`` the term begins."""
    last = len(term.words) - 1
    for start in range(len(words) - last):
        if _is_at(words, start, term, 0):
            yield start


def _is_at(words: list[str], start: int, term: Term, place: int) -> bool:
    """Whether the term stands at ``start``, from its word number ``place`` on."""
    last = len(term.words) - 1
    return all(
        _is(words[start + place], term.words[place], is_prefix=term.is_prefix and place == last)
        for place in range(place, last + 1)
    )


def _holds(words: list[str], first: str, term: Term) -> bool:
    """Whether the term stands anywhere that the word ``first``, which begins it, does."""
    start, end = -1, len(words) - len(term.words) + 1
    while first in words[start + 1 : end]:
        start = words.index(first, start + 1)
        if _is_at(words, start, term, 1):
            return True
    return False


def find_spans(terms: Iterable[Term], text: str) -> list[tuple[int, int]]:
    """Where in a text the terms stand: (start, end), in order, those that touch or overlap together.

    >>> find_spans(parse_pattern("refund*, money back").terms, "Refunds? My money, back!")
    [(0, 7), (12, 23)]
    """
    places = _places(text)
    words = [word for word, _, _ in places]
    spans = sorted(
        (places[start][1], places[start + len(term.words) - 1][2]) for term in terms for start in _starts(words, term)
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _places(text: str) -> list[tuple[str, int, int]]:
    """The words of a text with where each stands in it. Folding may change how long a letter is, so a letter (with the
    accents written after it) at a time."""
    letters = [
        (unicodedata.normalize("NFC", found.group()).casefold(), found.start()) for found in _LETTER.finditer(text)
    ]
    folded = "".join(letter for letter, _ in letters)
    origin = [start for letter, start in letters for _ in letter] + [len(text)]
    return [
        (word.group(), origin[word.start()], max(origin[word.end()], origin[word.end() - 1] + 1))
        for word in _WORD.finditer(_visible(folded))
    ]


def loosened(pattern: Pattern) -> Pattern:
    """A pattern that matches more: every word only begun, the end of long ones cut, nothing excluded. What it finds
    beyond ``pattern`` shows what ``pattern`` may have missed.

    >>> [term.words for term in loosened(parse_pattern("delivery, late parcel")).terms]
    [('delive',), ('late',), ('parc',)]
    """
    words = dict.fromkeys(word for term in pattern.terms for word in term.words if len(word) >= _LEAST_LOOSENED)
    cut = dict.fromkeys(Term((word[: max(_LEAST_LOOSENED, len(word) - 2)],), is_prefix=True) for word in words)
    return Pattern(tuple(cut) or pattern.terms)
