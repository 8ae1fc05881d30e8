"""Whether the name of a deal's stage says that it was won or lost."""

import re

_WORDS = re.compile(r"[a-z]+")
_WON, _LOST = frozenset(("won", "win")), frozenset(("lost", "lose", "loss"))
#: What may stand beside the outcome without changing it.
_BESIDE = frozenset(("closed", "close", "deal", "is", "was", "the", "status", "stage", "outcome", "sale", "order"))


def outcome_named(name: str) -> bool | None:
    """True for won, False for lost, None where a name says neither.

    A word for the outcome must stand alone, behind "closed" or the like, or begin the name ("Won - renewal"): so that
    "Win-back campaign" and "Lost and found" are stages of open deals. "Not won" says neither: it may still be.

    >>> [outcome_named(name) for name in ("Closed Won", "closedlost", "Won (renewal)", "Not closed won", "Won't fix")]
    [True, False, True, None, None]
    """
    text = re.sub(r"closed(?=won|lost)", "closed ", name.casefold().replace("’", "'"))
    words = _WORDS.findall(re.sub(r"\w+'t\b", " can not be told ", text))
    found = [place for place, word in enumerate(words) if word in _WON | _LOST]
    if len(found) != 1:
        return None
    place = found[0]
    before = [word for word in words[:place] if word not in _BESIDE]
    after = [word for word in words[place + 1 :] if word not in _BESIDE]
    is_set_off = bool(re.search(rf"\b{words[place]}\s*(?:[(:,;/|]|\s-\s|–|—|$)", text))
    if before or (after and not is_set_off):
        return None
    return words[place] in _WON
