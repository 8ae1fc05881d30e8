"""Which posts say some words: the newest first, a part at a time.

What is typed is words that all have to be in the post, in its title or text: ``"in this order"`` within quotation
marks, ``-without`` this one, ``begin*`` for words that begin so. Case does not count, and on SQLite nor do accents.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from data_access.models.columns import from_micros, to_micros
from data_access.post_index import INDEX, PARTING, WORDS_IN_POSTGRES, read_key, row_key
from data_access.search_words import fold

#: Time and id of a post.
Place = tuple[datetime, int]
MOST_TERMS = 20
LONGEST_TYPED = 400
#: A search is given up after it: at ten million posts, for a rare phrase of common words, or what begins as many do.
MOST_SECONDS = 5.0
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>(?<=")\*)?')
_LETTERS = re.compile(r"[^\W_]+")
_PARTED = str.maketrans(PARTING, " " * len(PARTING))
_WEEK = 604_800_000_000
_MONTH = 4 * _WEEK
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
#: How many fours of weeks PostgreSQL looks through at once, after the first weeks: more and more.
_MONTHS_AT_ONCE = (1, 2, 4, 8, 13, 26, 52, 104, 208)


class SearchTooWide(RuntimeError):
    """So many posts have such words that finding those meant takes too long."""


@dataclass(frozen=True)
class Term:
    """A word, or several that stand side by side in this order; the last may only begin so."""

    words: str
    is_prefix: bool = False


@dataclass(frozen=True)
class SearchWords:
    """What to look for: posts with all of ``wanted`` and none of ``unwanted``."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)

    @property
    def may_be_slow(self) -> bool:
        """Whether the engine has to read the places of all words of a kind, or of words that stand apart as well."""
        return any(term.is_prefix or len(_LETTERS.findall(term.words)) > 1 for term in (*self.wanted, *self.unwanted))

    def means(self, word: str) -> bool:
        """Whether a word of a post is one of those that are wanted.

        >>> found = parse_words('"the lamp" bright*')
        >>> [word for word in ("The", "LAMP", "lamps", "brighter") if found.means(word)]
        ['The', 'LAMP', 'brighter']
        """
        folded = fold(word)
        for term in self.wanted:
            parts = _LETTERS.findall(fold(term.words))
            if folded in parts or (term.is_prefix and parts and folded.startswith(parts[-1])):
                return True
        return False


def parse_words(typed: str) -> SearchWords:
    """What somebody who typed this looks for. Nothing that can be typed is an error; what has no letter and no digit
    says nothing.

    >>> found = parse_words('lamp "not working" -refund bright*')
    >>> [term.words for term in found.wanted], [term.words for term in found.unwanted], found.wanted[2].is_prefix
    (['lamp', 'not working', 'bright'], ['refund'], True)
    >>> bool(parse_words("-refund")), bool(parse_words("?!"))
    (False, False)
    """
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    plain = typed[:LONGEST_TYPED].replace("\x00", " ").encode("utf-8", "replace").decode()
    plain = plain.translate(str.maketrans("“”„«»", '"""""'))
    for found in _TERM.finditer(plain):
        words = (found["phrase"] if found["phrase"] is not None else found["word"]).strip()
        is_prefix = found["star"] is not None or (found["word"] is not None and words.endswith("*"))
        words = words.rstrip("*").strip()
        if _LETTERS.search(words):
            (unwanted if found["minus"] else wanted)[Term(words, is_prefix)] = None
    return SearchWords(tuple(wanted)[:MOST_TERMS], tuple(unwanted)[:MOST_TERMS])


def list_hits(
    session: Session,
    words: SearchWords,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> list[Place]:
    """Time (to the second on SQLite) and id of the posts that say ``words``, newest first; of [since, until), and older
    than ``before``. Posts that were deleted on their network are among them. Raises ``SearchTooWide``: the session is
    then of no more use."""
    if not words:
        return []
    with _limited(session) if words.may_be_slow else nullcontext():
        return _list_in_engine(session, _Asked(words, since, until, before, limit))


@dataclass(frozen=True)
class _Asked:
    """What is looked for: posts of [since, until), older than ``before``, at most ``limit``."""

    words: SearchWords
    since: datetime | None
    until: datetime | None
    before: Place | None
    limit: int


@contextmanager
def _limited(session: Session) -> Iterator[None]:
    """Give up what takes longer than ``MOST_SECONDS``. Raises ``SearchTooWide``."""
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    is_sqlite = connection.dialect.name == "sqlite"
    timer = Timer(MOST_SECONDS, driver.interrupt if is_sqlite else driver.cancel_safe)
    timer.daemon = True
    timer.start()
    try:
        yield
    except OperationalError as error:
        if "interrupted" not in str(error) and "canceling statement" not in str(error):
            raise
        raise SearchTooWide(
            "Too many posts have such words to search them in seconds. Type more letters before a *, or leave the "
            "quotation marks out."
        ) from error
    finally:
        timer.cancel()
        timer.join()


def _list_in_engine(session: Session, asked: _Asked) -> list[Place]:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return _list_in_sqlite(session, asked) if is_sqlite else _list_in_postgres(session, asked)


def _list_in_sqlite(session: Session, asked: _Asked) -> list[Place]:
    lowest = row_key(to_micros(asked.since), 0) if asked.since else _LOWEST
    ends = [row_key(to_micros(asked.until), 0)] if asked.until else []
    ends += [row_key(to_micros(asked.before[0]), asked.before[1])] if asked.before else []
    statement = (
        f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
    )
    values = (_in_sqlite(asked.words), lowest, min(ends, default=_HIGHEST), asked.limit)
    keys = session.connection().exec_driver_sql(statement, values).scalars()
    return [(from_micros(micros), post_id) for micros, post_id in map(read_key, keys)]


def _in_sqlite(words: SearchWords) -> str:
    """As FTS5 reads it: each term a string in quotation marks, in which nothing has a meaning."""
    wanted = " AND ".join(map(_quoted, words.wanted))
    return " NOT ".join([f"({wanted})", *map(_quoted, words.unwanted)])


def _quoted(term: Term) -> str:
    words = term.words.replace('"', " ")
    return f'"{words}"' + ("*" if term.is_prefix else "")


def _list_in_postgres(session: Session, asked: _Asked) -> list[Place]:
    connection = session.connection()
    query = _in_postgres(asked.words)
    if not connection.execute(text("SELECT numnode(to_tsquery('simple', :query))"), {"query": query}).scalar_one():
        return []
    span = connection.execute(text("SELECT min(occurred_at), max(occurred_at) FROM post")).one()
    if span[0] is None:
        return []
    lowest = max(span[0], to_micros(asked.since) if asked.since else span[0])
    ends = [to_micros(asked.until)] if asked.until else []
    ends += [to_micros(asked.before[0]) + 1] if asked.before else []
    end = min([span[1] + 1, *ends])
    found: list[Place] = []
    # + 0: the order shall not tempt PostgreSQL to walk along the time, and read the words of each post anew
    statement = text(
        f"SELECT occurred_at, id FROM post WHERE {WORDS_IN_POSTGRES} @@ "
        "(to_tsquery('simple', :query) && to_tsquery('simple', :times)) "
        "AND occurred_at + 0 >= :lowest AND occurred_at + 0 < :end "
        "AND (occurred_at + 0 < :moment OR (occurred_at + 0 = :moment AND id < :last)) "
        "ORDER BY occurred_at + 0 DESC, id DESC LIMIT :many"
    )
    moment, last = (to_micros(asked.before[0]), asked.before[1]) if asked.before else (_HIGHEST, 0)
    for times, upper in _list_times(lowest, end):
        values = {"query": query, "times": times, "lowest": lowest, "end": upper, "moment": moment, "last": last}
        rows = connection.execute(statement, values | {"many": asked.limit - len(found)})
        found += [(from_micros(micros), post_id) for micros, post_id in rows]
        if len(found) >= asked.limit:
            break
    return found


def _list_times(lowest: int, end: int) -> Iterator[tuple[str, int]]:
    """The words of weeks, then of more and more fours of weeks, back from ``end`` until ``lowest``, as queries, and
    before which moment each is; at last, where it goes on for decades, of all the rest.

    >>> [times for times, _ in _list_times(40 * _WEEK, 42 * _WEEK)]
    ['rapportweek41', 'rapportweek40']
    >>> [times for times, _ in _list_times(30 * _WEEK, 46 * _WEEK)]
    ['rapportweek45', 'rapportweek44', 'rapportmonth10', 'rapportmonth9 | rapportmonth8', 'rapportmonth7']
    """
    week, first = (end - 1) // _WEEK, max(lowest, 0) // _WEEK
    while week >= first and week % 4 != 3:
        yield f"rapportweek{week}", end
        week -= 1
    month, last = week // 4, first // 4
    for many in _MONTHS_AT_ONCE:
        if month < last or week < first:
            return
        months = range(month, max(month - many, last - 1), -1)
        yield " | ".join(f"rapportmonth{number}" for number in months), end
        month -= many
    if month >= last:
        yield "", (month + 1) * _MONTH


def _in_postgres(words: SearchWords) -> str:
    """As ``to_tsquery`` reads it: each term a string in quotation marks, whose words stand side by side."""
    wanted = [_quoted_for_postgres(term) for term in words.wanted]
    return " & ".join([*wanted, *(f"!{_quoted_for_postgres(term)}" for term in words.unwanted)])


def _quoted_for_postgres(term: Term) -> str:
    words = term.words.translate(_PARTED).replace("\\", " ").replace("'", " ")
    return f"'{words}'" + (":*" if term.is_prefix else "")
