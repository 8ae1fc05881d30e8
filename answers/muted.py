"""Words that somebody muted, found in texts as whole words."""

import re
from collections.abc import Callable

from sqlmodel import Session

from data_access.decisions import list_standing_mutes


def _nothing(text: str) -> bool:
    return False


def mutes_nothing(is_muted: Callable[[str], bool]) -> bool:
    """Whether what ``read_muted`` returned holds for no text, since no word is muted."""
    return is_muted is _nothing


def read_muted(session: Session) -> Callable[[str], bool]:
    """What says whether a text holds a muted word (or several in a row): as a whole word, in capitals or not."""
    words = sorted({mute.word for mute in list_standing_mutes(session) if mute.word})
    if not words:
        return _nothing
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in words) + r")(?!\w)", re.IGNORECASE)
    return lambda text: pattern.search(text) is not None
