"""Sentiment of English texts: VADER's compound score, the same in a fraction of the time. Each word is looked up once
for all texts, and its rules look around only where a word that they know stands.

Source: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text" (2014).
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    N_SCALAR,
    NEGATE,
    SentimentIntensityAnalyzer,
    normalize,
)

SCORED_LANGUAGES = frozenset({"en"})
#: VADER replaces each emoji by its description, of several words. Nobody's opinion hangs on the hundred-and-first.
MAX_EMOJI = 100
#: As long as the longest posts that people write (Reddit takes no longer ones). What its rules cost grows faster than a
#: text behind that, and a pasted log would cost a while.
MAX_CHARACTERS = 40_000

_NEGATING = frozenset(NEGATE)
#: One word of each phrase that changes a score: where none is near, no phrase is.
_OF_PHRASE = frozenset(("shit", "bomb", "ass", "bus", "yeah", "kiss", "die", "beating", "enough", "kind", "sort"))
#: Words without a score of their own that its rules ask for.
_ASKED_FOR = frozenset(("so", "this", "never", "without", "least", "but"))
#: What capitals add to a word, and what a negation makes of it.
_CAPITALS, _NEGATED = float(C_INCR), float(N_SCALAR)
#: How many words lie between a word and the last one before it that is looked at.
_LAST = 2
#: A second and a third word before count less.
_DAMPED = (1.0, 0.95, 0.9)
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Word:
    """What VADER knows of a word as it is written. ``valence``: its own, None where it has none; ``boost``: what it
    adds to the next one's; ``is_scored``: whether it counts by itself."""

    lower: str
    valence: float | None
    boost: float
    is_scored: bool
    is_upper: bool
    is_negating: bool
    is_of_phrase: bool


def lower_of(token: str) -> str:
    """A token as VADER looks it up: without punctuation around it, unless it may be an emoticon."""
    stripped = token.strip(string.punctuation)
    return (token if len(stripped) <= 2 else stripped).lower()


class _Words(dict[str, Word | None]):
    """The words by how they are written; None for those that change no score. Keeps so many, so that memory is flat."""

    def __init__(self, lexicon: dict[str, float]) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, token: str) -> Word | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[token] = word = self._read(token)
        return word

    def _read(self, token: str) -> Word | None:
        lower = lower_of(token)
        valence, boost = self._lexicon.get(lower), BOOSTER_DICT.get(lower)
        is_negating, is_of_phrase = lower in _NEGATING or "n't" in lower, lower in _OF_PHRASE
        if valence is None and boost is None and not is_negating and not is_of_phrase and lower not in _ASKED_FOR:
            return None
        is_scored = valence is not None and boost is None
        return Word(lower, valence, boost or 0.0, is_scored, token.isupper(), is_negating, is_of_phrase)


class Analyser(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """VADER with the same scores in less time."""

    def __init__(self) -> None:
        super().__init__()
        self.emoji_characters = frozenset(key for key in self.emojis if len(key) == 1)
        self._words = _Words(self.lexicon)

    def compound(self, text: str, words: Sequence[str] | None = None) -> float:
        """The compound score of ``text``, -1 to 1, rounded to four digits as VADER's own. ``words``: those of the text,
        where they are at hand."""
        described = text if text.isascii() else self._describe_emoji(text)
        total = float(sum(self._scores(words if words is not None and described is text else described.split())))
        if total > 0:
            total += self._punctuation_emphasis(described)
        elif total < 0:
            total -= self._punctuation_emphasis(described)
        return round(float(normalize(total)), 4)

    def _describe_emoji(self, text: str) -> str:
        """The text with each emoji as its description, and a blank before it: more blanks make no other words."""
        for emoji in self.emoji_characters.intersection(text):
            text = text.replace(emoji, f" {self.emojis[emoji]}")
        return text

    def _scores(self, tokens: Sequence[str]) -> list[float]:
        """What the words of the lexicon count, in their order."""
        words = list(map(self._words.__getitem__, tokens))
        places: list[int] = []
        scores: list[float] = []
        but_at = None
        for place, word in enumerate(words):
            if word is None:
                continue
            if word.valence is not None and word.is_scored:
                if word.lower != "kind" or "of" not in map(lower_of, tokens[place + 1 : place + 2]):
                    places.append(place)
                    scores.append(_score(word, word.valence, tokens, words, place))
            elif but_at is None and word.lower == "but":
                but_at = place
        if but_at is not None:
            _weigh_around(but_at, places, scores)
        return scores


def _score(word: Word, own: float, tokens: Sequence[str], words: list[Word | None], place: int) -> float:
    """What a word of the lexicon, ``own`` its valence there, counts where it stands."""
    before = words[place - 1 : place - 4 : -1] if place > _LAST + 1 else words[:place][::-1]
    has_before = any(before)
    valence = _with_no(word, own, before, tokens, words, place) if has_before or word.lower == "no" else own
    if word.is_upper and not _are_all_upper(tokens):
        valence += _CAPITALS if valence > 0 else -_CAPITALS
    if not has_before:
        return _with_phrases(valence, tokens, words, place) if place > _LAST else valence
    for distance, near in enumerate(before):
        if near is not None and near.valence is not None:
            continue
        if near is not None:
            if near.boost:
                valence += _boost(near, valence, tokens) * _DAMPED[distance]
            valence = _behind(valence, near, before, distance)
        if distance == _LAST:
            if near is None and _is_stressing(before[0]):
                valence *= 1.25
            valence = _with_phrases(valence, tokens, words, place)
    return _least(valence, before[0], tokens, place)


def _with_no(
    word: Word, own: float, before: list[Word | None], tokens: Sequence[str], words: list[Word | None], place: int
) -> float:
    """The valence of a word with a "no" before it, or of a "no" before another word of the lexicon."""
    for distance, near in enumerate(before):
        is_no = near is not None and near.lower == "no"
        if is_no and (distance < _LAST or lower_of(tokens[place - 1]) in ("or", "nor")):
            return own * _NEGATED
    if word.lower != "no":
        return own
    after = words[place + 1] if place + 1 < len(words) else None
    return own if after is None or after.valence is None else 0.0


def _are_all_upper(tokens: Sequence[str]) -> bool:
    return all(map(str.isupper, tokens))


def _boost(near: Word, valence: float, tokens: Sequence[str]) -> float:
    """What a word before adds to a valence."""
    boost = -near.boost if valence < 0 else near.boost
    if near.is_upper and not _are_all_upper(tokens):
        boost += _CAPITALS if valence > 0 else -_CAPITALS
    return boost


def _is_stressing(word: Word | None) -> bool:
    return word is not None and word.lower in ("so", "this")


def _behind(valence: float, near: Word, before: list[Word | None], distance: int) -> float:
    """The valence behind a word, with so many words (``before``, the nearest first) between it and the scored one."""
    is_never = near.lower == "never" and distance > 0 and _is_stressing(before[distance - 1])
    if is_never or (distance == _LAST and _is_stressing(before[0])):
        return valence * 1.25
    if not near.is_negating:
        return valence
    if near.lower == "without" and any(word is not None and word.lower == "doubt" for word in before[:distance]):
        return valence
    return valence * _NEGATED


def _with_phrases(valence: float, tokens: Sequence[str], words: list[Word | None], place: int) -> float:
    """The valence by the phrases that the word is of, or that stand before it."""
    if not any(word is not None and word.is_of_phrase for word in words[place - 3 : place + 3]):
        return valence
    window = [lower_of(token) for token in tokens[place - 3 : place + 3]]
    return float(SentimentIntensityAnalyzer._special_idioms_check(valence, window, 3))


def _least(valence: float, first: Word | None, tokens: Sequence[str], place: int) -> float:
    """The valence behind "least", but for "at least" and "very least"."""
    if first is None or first.lower != "least":
        return valence
    is_turned = place == 1 or lower_of(tokens[place - 2]) not in ("at", "very")
    return valence * _NEGATED if is_turned else valence


def _weigh_around(but_at: int, places: list[int], scores: list[float]) -> None:
    """Halve what stands before "but" and add half to what stands behind it. As in VADER it is the first of equal scores
    that is weighed, for each of them."""
    for score in scores:
        first = scores.index(score)
        if places[first] != but_at:
            scores[first] = score * (0.5 if places[first] < but_at else 1.5)


@cache
def analyser() -> Analyser:
    """The one analyser of this process."""
    return Analyser()


def capped(text: str) -> str:
    """What of ``text`` is scored: its first 40,000 characters, and of its emoji the first 100.

    >>> len(capped("x" * 50_000))
    40000
    """
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
    if text.isascii() or len(text) <= MAX_EMOJI:
        return text
    emoji = analyser().emoji_characters
    if emoji.isdisjoint(text):
        return text
    left = MAX_EMOJI
    kept = []
    for character in text:
        if character in emoji:
            left -= 1
            if left < 0:
                continue
        kept.append(character)
    return "".join(kept)


def score_text(text: str, words: Sequence[str] | None = None) -> float:
    """VADER's compound score of an English text: -1 (very negative) to 1 (very positive). ``words``: those of the text,
    where they are at hand.

    Only ask for texts in ``SCORED_LANGUAGES``: in others it finds no words and would say "neutral".

    >>> score_text("VADER is smart, handsome, and funny.")
    0.8316
    """
    part = capped(text)
    return analyser().compound(part, words if part is text else None)
