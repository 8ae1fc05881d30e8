"""The staging file: what an import has read and scored, before it is copied into the store in short transactions.

It is a small SQLite file of its own beside the store, so that reading a huge export locks nobody out, and a killed
import goes on from it. Once sealed, its rows have a fixed order: kinds in the order in which they need each other,
then by time, so that each copied slice touches few days. Posts of one id stand together, and are copied at once: what
comes of them does not hang on where a batch ends.
"""

import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import partial
from itertools import count, groupby, takewhile
from operator import attrgetter, itemgetter, methodcaller
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from data_access import records
from data_access.models.columns import to_micros
from data_access.records import PostRecord, Record, Refusal

#: Kinds of record in the order in which they are copied, each after what it refers to.
KINDS: dict[str, type] = {
    "brand": records.BrandRecord,
    "organization": records.OrganizationRecord,
    "identity": records.IdentityRecord,
    "channel": records.ChannelRecord,
    "post": records.PostRecord,
    "interaction": records.InteractionRecord,
    "visit": records.VisitRecord,
    "deal": records.DealRecord,
    "order": records.OrderRecord,
    "feedback": records.FeedbackRecord,
    "channel_day": records.ChannelDayRecord,
}
FIELDS: dict[str, tuple[str, ...]] = {kind: tuple(f.name for f in fields(cls)) for kind, cls in KINDS.items()}
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_KIND_OF = {cls: kind for kind, cls in KINDS.items()}
_NAMES = tuple(KINDS)
_PICK = {kind: attrgetter(*names) for kind, names in FIELDS.items()}
#: Where a kind's times stand among its fields.
_TIMES = {
    kind: tuple(index for index, each in enumerate(fields(cls)) if "datetime.datetime" in str(each.type))
    for kind, cls in KINDS.items()
}
#: Where whole numbers stand among a kind's fields.
_WHOLE = {
    kind: tuple(index for index, each in enumerate(fields(cls)) if str(each.type) in ("int", "int | None", str(int)))
    for kind, cls in KINDS.items()
}
#: No count or sum of cents is larger. The engines add up 64 bits: a few such rows still leave room for a sum.
_LARGEST = 10**16
_NUL = b"\\u0000"


_DUMP = partial(orjson.dumps, option=orjson.OPT_PASSTHROUGH_DATETIME)
_HAS_NUL = methodcaller("__contains__", _NUL)
_POST_RANK, _OCCURRED_AT = _RANK["post"], FIELDS["post"].index("occurred_at")
#: So many of a post's fields are its natural key.
_KEYS = 3
_Scored = tuple[str | None, float | None]
#: So many more rows than asked for come at once where they are of one id; in a file where all are, no more.
_MOST_OF_ONE_ID = 10_000
#: A row of the staging file: rank, moment, payload, language, sentiment.
_Packed = tuple[int, int | None, bytes, str | None, float | None]


#: Posts of one id stand together: a number that goes up at the first of them, the one behind which a repeated one is.
_REPEATED_POSTS = (
    "SELECT sum(r.position IS NULL) OVER (ORDER BY o.position), s.payload"
    " FROM (SELECT position FROM repeated UNION SELECT position - 1 FROM repeated) o"
    " JOIN ordered USING (position) JOIN staged s USING (seq) LEFT JOIN repeated r ON r.position = o.position"
    " WHERE :rank = s.rank ORDER BY o.position"
)
_KEYS_BEHIND = (
    "SELECT position, rank, json_extract(text, '$[0]'), json_extract(text, '$[1]'), json_extract(text, '$[2]')"
    " FROM (SELECT o.position, s.rank, CAST(s.payload AS TEXT) AS text FROM ordered o JOIN staged s USING (seq)"
    " WHERE o.position > ? ORDER BY o.position LIMIT ?)"
)
_ROWS_AT = (
    "SELECT s.payload FROM json_each(?) wanted JOIN ordered o ON o.position = wanted.value JOIN staged s USING (seq)"
)
_KEY = "json_extract(CAST(payload AS TEXT), '$[0]', '$[1]', '$[2]')"
_REPEATED = (
    "SELECT key, payload FROM (SELECT seq, payload, key, count(*) OVER (PARTITION BY key) AS rows"
    f" FROM (SELECT seq, payload, {_KEY} AS key FROM staged WHERE rank = :rank)) WHERE rows > 1 ORDER BY key, seq"
)


_AT = "json_extract(CAST(payload AS TEXT), '$[{}]')"
_SPAN_OF_DEALS = "SELECT min(at), max(at) FROM ({})".format(
    " UNION ALL ".join(
        f"SELECT {_AT.format(FIELDS['deal'].index(name))} AS at FROM staged WHERE rank = :rank"
        for name in ("created_at", "closed_at")
    )
)


class Unpackable(ValueError):
    """A record that no engine could keep as it stands."""


class Score(NamedTuple):
    """A text's language (ISO 639-1, None where it cannot be told) and compound sentiment (None where not scored)."""

    language: str | None
    compound: float | None


_NO_SCORE = Score(None, None)


class StagedRow(NamedTuple):
    """One record as it waits: ``values`` by field name, times in microseconds since 1970 UTC."""

    position: int
    kind: str
    values: dict[str, Any]
    score: Score


class Columns(NamedTuple):
    """Records of one kind as they wait, column by column: ``values`` in the order of ``FIELDS``."""

    kind: str
    positions: Sequence[int]
    values: Sequence[Sequence[Any]]
    languages: Sequence[str | None]
    compounds: Sequence[float | None]


def staging_directory() -> Path:
    """Where staging files stand: ``RAPPORT_STAGING_DIR``, else ``.rapport/staging`` in the working folder."""
    directory = Path(os.environ.get("RAPPORT_STAGING_DIR") or ".rapport/staging")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def uploads_directory() -> Path:
    """Where dropped files lie until they are imported: ``RAPPORT_UPLOAD_DIR``, else ``./.rapport/uploads``."""
    return Path(os.environ.get("RAPPORT_UPLOAD_DIR") or ".rapport/uploads").resolve()


def rank_of(kind: str) -> int:
    """Where a kind of record stands in the order of copying."""
    return _RANK[kind]


def storable(text: str) -> str:
    """A text without what no engine takes: NULs are left out, half a surrogate pair becomes "?".

    >>> storable("a\\x00b\\ud800")
    'ab?'
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, datetime):
        return to_micros(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _pack(kind: str, record: Record) -> bytes:
    """A record's values as a JSON list, in the order of ``FIELDS``. NULs, which no engine takes, are left out, and half
    a surrogate pair becomes "?": nearly no record has any, so they are looked for in what was packed. Raises
    ``Unpackable``."""
    values = list(_PICK[kind](record))
    for index in _WHOLE[kind]:
        value = values[index]
        if isinstance(value, (int, float)) and not -_LARGEST <= value <= _LARGEST:
            raise Unpackable(f"{FIELDS[kind][index]} is too large a number: {_shortened(value)}")
    for index in _TIMES[kind]:
        if values[index] is not None:
            values[index] = to_micros(values[index])
    try:
        payload = orjson.dumps(values, option=orjson.OPT_PASSTHROUGH_DATETIME, default=_plain)
    except TypeError:  # half a surrogate pair
        payload = _NUL
    if _NUL in payload:
        try:
            payload = orjson.dumps([_cleaned(value) for value in values])
        except (TypeError, RecursionError) as error:
            raise Unpackable(f"holds what cannot be kept: {error}") from error
    return payload


def _pack_into(packed: list[_Packed], refused: list[Refusal], record: Record, score: _Scored) -> None:
    kind = _KIND_OF[type(record)]
    try:
        packed.append((_RANK[kind], _moment(record), _pack(kind, record), *score))
    except Unpackable as error:
        refused.append(_refuse(record, error))


def _packed_posts(
    posts: Sequence[PostRecord], scores: Sequence[_Scored]
) -> tuple[list[_Packed], list[Refusal], list[int]]:
    """Posts as they are kept, and those that cannot be: all at once where nothing in them is odd. Of the kept also a
    number each, the same for posts of one id."""
    packed: list[_Packed] = []
    refused: list[Refusal] = []
    if not posts:
        return packed, refused, []
    try:
        columns = list(zip(*map(_PICK["post"], posts), strict=True))
        for place in _WHOLE["post"]:
            _check_whole(columns[place])
        for place in _TIMES["post"]:
            if any(columns[place]):
                columns[place] = tuple(None if moment is None else to_micros(moment) for moment in columns[place])
        payloads = list(map(_DUMP, zip(*columns, strict=True)))
        keys = list(map(hash, zip(*columns[:_KEYS], strict=True)))
    except (TypeError, ValueError):
        payloads = [_NUL]
    if any(map(_HAS_NUL, payloads)):
        for post, score in zip(posts, scores, strict=True):
            _pack_into(packed, refused, post, score)
        return packed, refused, [hash(tuple(map(str, orjson.loads(row[2])[:_KEYS]))) for row in packed]
    moments = columns[_OCCURRED_AT]
    packed = [
        (_POST_RANK, moment, payload, language, compound)
        for moment, payload, (language, compound) in zip(moments, payloads, scores, strict=True)
    ]
    return packed, refused, keys


def _check_whole(column: Sequence[Any]) -> None:
    """Raises ``ValueError`` where a column holds anything but whole numbers of a size that can be kept."""
    numbers = [number for number in column if number is not None]
    if numbers and (set(map(type, numbers)) != {int} or not -_LARGEST <= min(numbers) <= max(numbers) <= _LARGEST):
        raise ValueError


def _shortened(value: float) -> str:
    """A number in words: Python writes no whole number of thousands of digits."""
    return str(value) if abs(value) < 10**30 else "more than 30 digits"


def _refuse(record: Record, error: "Unpackable") -> Refusal:
    """The record as a row that cannot be taken in, told by its text or its id. Of which line it was is not known."""
    said = getattr(record, "text", None) or getattr(record, "native_id", None) or getattr(record, "name", None)
    return Refusal(None, str(error), None if said is None else _plain(str(said)))


def _cleaned(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return _plain(value)


def _moment(record: Record) -> int | None:
    moment = getattr(record, "occurred_at", None)
    return None if moment is None else to_micros(moment)


class Keys(NamedTuple):
    """The natural keys of records of one kind as they wait."""

    kind: str
    positions: Sequence[int]
    networks: Sequence[str]
    sources: Sequence[str]
    ids: Sequence[str]


class Staging:
    """One staging file. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA cache_size=-32768")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS staged (seq INTEGER PRIMARY KEY, rank INTEGER, moment INTEGER,"
            " payload BLOB, language TEXT, compound REAL)"
        )
        self._db.execute("CREATE TABLE IF NOT EXISTS refusal (line INTEGER, reason TEXT, raw TEXT)")
        self._db.execute("CREATE TABLE IF NOT EXISTS note (text TEXT PRIMARY KEY, rows INTEGER)")
        self._db.execute("CREATE TABLE IF NOT EXISTS repeated (position INTEGER PRIMARY KEY)")
        #: A number for each row, in their order: the same for posts of the same id.
        self._keys = array("q")
        sealed = "first INTEGER, last INTEGER, rows_read INTEGER, skipped TEXT"
        self._db.execute(f"CREATE TABLE IF NOT EXISTS sealed ({sealed})")

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; it stays."""
        self._db.close()

    def remove(self) -> None:
        """Close and delete the file."""
        self._db.close()
        self.path.unlink(missing_ok=True)

    def add(self, records: Sequence[Record], scores: Iterable[tuple[str | None, float | None]]) -> None:
        """Append records, and the language and sentiment of the posts among them. What no engine could keep is
        refused."""
        posts = [record for record in records if type(record) is PostRecord]
        packed, refused, keys = _packed_posts(posts, list(scores))
        self._keys.extend(keys)
        for record in records:
            if type(record) is not PostRecord:
                _pack_into(packed, refused, record, _NO_SCORE)
        self._keys.extend(range(len(self._keys), len(self._keys) + len(packed) - len(keys)))
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO staged (rank, moment, payload, language, compound) VALUES (?, ?, ?, ?, ?)", packed
        )
        self._db.execute("COMMIT")
        if refused:
            self.refuse(refused)

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Keep rows that cannot be taken in."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO refusal VALUES (?, ?, ?)", [(r.line, r.reason, r.raw) for r in refusals])
        self._db.execute("COMMIT")

    def note(self, counts: Mapping[str, int]) -> None:
        """Keep what was read as what, with how many rows it happened in."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO note VALUES (?, ?)", list(counts.items()))
        self._db.execute("COMMIT")

    def seal(self, rows_read: int, skipped: Mapping[str, int]) -> None:
        """Fix the order of copying, and keep how many rows were read and skipped. After this the file is complete."""
        self._db.execute("BEGIN")
        self._db.execute("CREATE TABLE ordered (position INTEGER PRIMARY KEY, seq INTEGER)")
        if repeated := self._list_repeated():
            self._order_together(repeated)
        else:
            self._db.execute("INSERT INTO ordered (seq) SELECT seq FROM staged ORDER BY rank, moment, seq")
        self._db.execute(
            "INSERT INTO sealed SELECT min(moment), max(moment), ?, ? FROM staged",
            (rows_read, orjson.dumps(dict(skipped)).decode()),
        )
        self._db.execute("COMMIT")

    def _list_repeated(self) -> list[tuple[int, int]]:
        """The rows that share an id with others: each row's number, and that of its id."""
        import numpy as np  # where it is needed: who only asks where staging files stand loads no arrays

        keys = np.frombuffer(self._keys, dtype="int64") if self._keys else np.array([], dtype="int64")
        ordered = np.sort(keys)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        places = np.flatnonzero(np.isin(keys, twice)) if len(twice) else np.array([], dtype="int64")
        return list(zip((places + 1).tolist(), keys[places].tolist(), strict=True))

    def _order_together(self, repeated: Sequence[tuple[int, int]]) -> None:
        """Fix the order where ids are repeated: posts of one id stand where the first of them does."""
        run = self._db.execute
        run("CREATE TEMP TABLE same (seq INTEGER PRIMARY KEY, key INTEGER)")
        self._db.executemany("INSERT INTO same VALUES (?, ?)", repeated)
        run(
            "CREATE TEMP TABLE first AS SELECT key, min(s.moment) AS moment, min(s.seq) AS seq"
            " FROM same JOIN staged s USING (seq) GROUP BY key"
        )
        run("CREATE UNIQUE INDEX temp.first_key ON first (key)")
        run(
            "INSERT INTO ordered (seq) SELECT s.seq FROM staged s"
            " LEFT JOIN same USING (seq) LEFT JOIN first USING (key)"
            " ORDER BY s.rank, coalesce(first.moment, s.moment), coalesce(first.seq, s.seq), s.moment, s.seq"
        )
        run(
            "INSERT INTO repeated SELECT o.position FROM ordered o JOIN same USING (seq)"
            " JOIN ordered p ON p.position = o.position - 1 JOIN same q ON q.seq = p.seq AND q.key = same.key"
        )
        run("DROP TABLE temp.first")
        run("DROP TABLE temp.same")

    @property
    def is_sealed(self) -> bool:
        """Whether everything was read."""
        return bool(self._db.execute("SELECT count(*) FROM sealed").fetchone()[0])

    @property
    def rows(self) -> int:
        """How many records wait."""
        return int(self._db.execute("SELECT count(*) FROM staged").fetchone()[0])

    def span(self) -> tuple[int | None, int | None]:
        """The earliest and latest time in it, microseconds since 1970 UTC; None where it has no times."""
        row = self._db.execute("SELECT first, last FROM sealed").fetchone()
        return (row[0], row[1]) if row else (None, None)

    def span_of_dates(self) -> tuple[int | None, int | None]:
        """``span``; of a file in which nothing has a time but deals, from the first day on which one was
        opened or closed to the last."""
        found = self.span()
        return self._db.execute(_SPAN_OF_DEALS, {"rank": _RANK["deal"]}).fetchone() if found == (None, None) else found

    def newest_until(self, micros: int) -> int | None:
        """The latest time in it that is not after ``micros``, microseconds since 1970 UTC; None where all are, or where
        it has no times."""
        last = self.span()[1]
        if last is None or last <= micros:
            return last
        row = self._db.execute("SELECT max(moment) FROM staged WHERE moment <= ?", (micros,)).fetchone()
        return None if row is None else row[0]

    def read_counts(self) -> tuple[int, dict[str, int], int]:
        """How many rows were read, were skipped by reason, and are refused."""
        rows_read, skipped = self._db.execute("SELECT rows_read, skipped FROM sealed").fetchone()
        refused = self._db.execute("SELECT count(*) FROM refusal").fetchone()[0]
        return int(rows_read), orjson.loads(skipped), int(refused)

    def notes(self) -> dict[str, int]:
        """What was read as what, with how many rows it happened in."""
        return dict(self._db.execute("SELECT text, rows FROM note ORDER BY rowid").fetchall())

    def refusals(self) -> Iterator[Refusal]:
        """What was refused, in the order of the file."""
        for line, reason, raw in self._db.execute("SELECT line, reason, raw FROM refusal ORDER BY rowid"):
            yield Refusal(line, reason, raw)

    def batch(self, after: int, size: int) -> list[StagedRow]:
        """The next rows of one kind behind position ``after``: at most ``size``, and those of the last one's id."""
        return staged_rows(self.columns(after, size))

    def columns(self, after: int, size: int) -> Columns:
        """The rows of ``batch`` column by column, which another process can send."""
        found = self._db.execute(
            "SELECT o.position, s.rank, s.payload, s.language, s.compound FROM ordered o JOIN staged s ON s.seq = o.seq"
            " WHERE o.position > ? ORDER BY o.position LIMIT ?",
            (after, size + self._count_of_one_id(after + size)),
        ).fetchall()
        rank = found[0][1] if found else 0
        rows = found if found and found[-1][1] == rank else [row for row in found if row[1] == rank]
        if not rows:
            return Columns("", [], [], [], [])
        positions, _, payloads, languages, compounds = zip(*rows, strict=True)
        return Columns(
            _NAMES[rank], positions, list(zip(*map(orjson.loads, payloads), strict=True)), languages, compounds
        )

    def keys(self, after: int, size: int) -> Keys:
        """The natural keys of the next rows of one kind behind position ``after``, in a fifth of the time that the rows
        take."""
        found = self._db.execute(_KEYS_BEHIND, (after, size)).fetchall()
        rank = found[0][1] if found else 0
        rows = [row for row in found if row[1] == rank]
        positions, _ranks, networks, sources, ids = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        return Keys(_NAMES[rank], positions, networks, sources, ids)

    def rows_at(self, kind: str, positions: Sequence[int]) -> list[dict[str, Any]]:
        """The rows of one kind at these positions."""
        names = FIELDS[kind]
        found = self._db.execute(_ROWS_AT, (orjson.dumps(positions).decode(),))
        return [dict(zip(names, orjson.loads(row[0]), strict=True)) for row in found]

    def repeats(self, kind: str) -> Iterator[list[dict[str, Any]]]:
        """The rows of a kind whose id others have, too: a list an id, in the order of copying or of the file."""
        names = FIELDS[kind]
        found = self._db.execute(_REPEATED_POSTS if kind == "post" else _REPEATED, {"rank": _RANK[kind]})
        for _key, rows in groupby(found, itemgetter(0)):
            yield [dict(zip(names, orjson.loads(row[1]), strict=True)) for row in rows]

    def _count_of_one_id(self, position: int) -> int:
        """How many rows behind this one are of the same id."""
        until = position + _MOST_OF_ONE_ID
        found = self._db.execute(
            "SELECT position FROM repeated WHERE position > ? AND position <= ? ORDER BY position", (position, until)
        )
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1][0], zip(count(position + 1), found)))


def staged_rows(columns: Columns) -> list[StagedRow]:
    """Rows as ``Staging.columns`` gives them."""
    names = FIELDS.get(columns.kind, ())
    scores = zip(columns.languages, columns.compounds, strict=True)
    return [
        StagedRow(position, columns.kind, dict(zip(names, values, strict=True)), Score._make(score))
        for position, values, score in zip(columns.positions, zip(*columns.values, strict=True), scores, strict=True)
    ]
