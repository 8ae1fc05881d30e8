"""The words by which an account is found, and those that somebody types to find it. A search is for what begins so."""

import re
import unicodedata

LONGEST_WORD = 40
MOST_WORDS = 20
_PARTS = re.compile(r"[^\W_]+")
_HUMPS = re.compile(r"(?<=[^\W\dA-Z_])(?=[A-Z])")


def fold(text: str) -> str:
    """A text without case, accents and other ways to write the same letter.

    >>> fold("ZOË Müller"), fold("STRASSE") == fold("Straße")
    ('zoe muller', True)
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def list_account_words(
    handle: str | None, display_name: str | None, email: str | None, organization: str | None
) -> list[str]:
    """The words of an account, each once: its handle and its e-mail whole and in parts, the words of its name and its
    organisation. At most ``MOST_WORDS``, each cut to ``LONGEST_WORD`` letters.

    >>> list_account_words("Anna_B", "Anna Berg", "Anna.Berg@x.example", None)
    ['anna_b', 'anna', 'anna.berg@x.example', 'berg']
    >>> list_account_words("RealZoe", None, None, "Kilbride & Sons")
    ['realzoe', 'real', 'zoe', 'kilbride', 'sons']
    """
    words: dict[str, None] = {}
    if handle:
        words[fold(handle)] = None
        words |= _long_parts(_HUMPS.sub(" ", handle))
    if email:
        words[fold(email.strip())] = None
        words |= _long_parts(email.partition("@")[0])
    for name in (display_name, organization):
        if name:
            words |= dict.fromkeys(_PARTS.findall(fold(name)))
    cut = dict.fromkeys(word[:LONGEST_WORD] for word in words if "\x00" not in word)
    return list(cut)[:MOST_WORDS]


def _long_parts(text: str) -> dict[str, None]:
    """A letter of a handle alone is no word that anybody types."""
    return dict.fromkeys(word for word in _PARTS.findall(fold(text)) if len(word) > 1)


def list_typed_words(text: str) -> list[list[str]]:
    """What to look for, in each of the ways in which ``text`` may be meant, the closest first: as typed (a handle or an
    e-mail has marks in it), and its words alone. All the words of a way must be found.

    >>> list_typed_words("@Anna_B"), list_typed_words("Zoë  Müller"), list_typed_words("@")
    ([['anna_b'], ['anna', 'b']], [['zoe', 'muller']], [])
    """
    folded = fold(text.replace("\x00", " "))
    typed = [word[:LONGEST_WORD] for word in (part.lstrip("@") for part in folded.split()) if word]
    words = [word[:LONGEST_WORD] for word in _PARTS.findall(folded)]
    ways = [list(dict.fromkeys(way)) for way in (typed, words) if way]
    return ways[:1] if len(ways) == 2 and ways[0] == ways[1] else ways
