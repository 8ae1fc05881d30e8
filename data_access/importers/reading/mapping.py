"""Which column of a table holds which field of a post: guessed from names and values, overridden by people."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from data_access.importers.reading.options import Damaged, ImportOptions
from data_access.importers.reading.synonyms import ACCOUNT_PARTS, ACCOUNTS, NETWORKS, SYNONYMS, TOO_COMMON
from data_access.importers.reading.values import (
    TimeReader,
    date_orders,
    has_numeric_dates,
    is_nothing,
    read_count,
    read_flag,
    read_language,
)

FIELDS = tuple(SYNONYMS)
DATE_ORDER = "date_order"
REQUIRED = ("text", "time")

_COUNTS = ("likes", "shares", "replies", "views", "reach", "followers")
_FLAGS = ("inbound", "is_team")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_HANDLE = re.compile(r"@?[A-Za-z0-9_][A-Za-z0-9_.-]{0,40}")
_ID = re.compile(r"[\w:./#-]{1,200}")
_PICTURE = re.compile(r"image|avatar|picture|photo|icon|thumb|banner|profile|media|website|homepage")
_NUMBER = re.compile(r"-?\d+(?:\.0+)?")
ENOUGH = 0.5  # of the filled cells must look like what the column is called


@dataclass
class MappingGuess:
    """``fields``: field -> column(s); ``reasons``: field -> why; ``problem``: what keeps it from being used, if any."""

    fields: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    is_saved: bool = False


def normal_name(column: str) -> str:
    """A column's name in one spelling.

    >>> normal_name("Created At"), normal_name("createdAt"), normal_name("user.screen_name")
    ('created_at', 'created_at', 'user_screen_name')
    """
    return _NOT_WORD.sub("_", _CAMEL.sub("_", column.strip()).lower()).strip("_")


def header_shape(columns: Iterable[str]) -> str:
    """A key for tables that have the same columns, whatever their order and spelling."""
    return hashlib.sha256("\x1f".join(sorted(normal_name(column) for column in columns)).encode()).hexdigest()[:16]


def named_columns(spec: str, columns: Sequence[str]) -> list[str]:
    """The columns that a mapping names: one, or several joined by +. Raises ``Damaged`` for one that does not exist."""
    if spec in columns:
        return [spec]
    by_normal = {normal_name(column): column for column in reversed(columns)}
    found = []
    for part in (part.strip() for part in spec.split("+")):
        column = part if part in columns else by_normal.get(normal_name(part))
        if column is None:
            raise Damaged(f"There is no column {part!r}. The columns are: {', '.join(columns)}.")
        found.append(column)
    return found


def resolve_mapping(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], options: ImportOptions) -> MappingGuess:
    """The mapping to use: what people saved for such a header, else what names and values suggest; ``options.mapping``
    goes before both."""
    saved = options.saved_mappings.get(header_shape(columns))
    if saved is not None:
        guess = MappingGuess(dict(saved), dict.fromkeys(saved, "saved for this header"), is_saved=True)
    else:
        guess = guess_mapping(columns, rows)
    for name, spec in (options.mapping or {}).items():
        guess.fields[name] = spec
        guess.reasons[name] = "chosen"
    guess.fields = {name: spec for name, spec in guess.fields.items() if spec}
    guess.problem = _problem(guess, columns, rows)
    return guess


def guess_mapping(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> MappingGuess:
    """Field -> column by what the columns are called and what they hold; a column serves one field."""
    values = {column: [row[column] for row in rows if not is_nothing(row.get(column))] for column in columns}
    guess = MappingGuess()
    _guess_by_name(guess, values)
    free = [column for column in columns if column not in guess.fields.values() and values[column]]
    for name, choose in (("time", _choose_time), ("text", _choose_text), ("id", _choose_id), ("url", _choose_url)):
        if name not in guess.fields and (column := choose({key: values[key] for key in free}, len(rows))) is not None:
            guess.fields[name] = column
            guess.reasons[name] = "by its values"
            free.remove(column)
    _sort_out_author(guess, values)
    _guess_network(guess, values)
    return guess


def _guess_by_name(guess: MappingGuess, values: Mapping[str, list[Any]]) -> None:
    candidates = sorted(
        (rank, name, column)
        for name in FIELDS
        for column in values
        if (rank := _name_rank(name, column)) is not None and _fits(name, values[column])
    )
    taken: set[str] = set()
    for _rank, name, column in candidates:
        if name not in guess.fields and column not in taken:
            guess.fields[name] = column
            guess.reasons[name] = "by its name"
            taken.add(column)


def _name_rank(name: str, column: str) -> tuple[int, int] | None:
    """How surely a column's name says the field: the whole name before the last part of a path; None for not at all."""
    path, _dot, tail = column.rpartition(".")
    whole, last = normal_name(column), normal_name(tail)
    is_account = normal_name(path.rpartition(".")[2]) in ACCOUNTS
    if is_account and path.count(".") == 0:
        if name in ACCOUNT_PARTS and last in ACCOUNT_PARTS[name]:
            return 0, ACCOUNT_PARTS[name].index(last)
        return None
    for place, synonym in enumerate(SYNONYMS[name]):
        if whole == synonym or whole.replace("_", "") == synonym.replace("_", ""):
            return 0, place
    if path and path.count(".") < 2 and not is_account and last in SYNONYMS[name] and last not in TOO_COMMON:
        return 1 + path.count("."), SYNONYMS[name].index(last)
    return None


def _share(values: list[Any], test: Callable[[Any], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


def _reads(read: Callable[[Any], Any]) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        try:
            return read(value) is not None
        except Damaged:
            return False

    return test


def _fits(name: str, values: list[Any]) -> bool:
    """Whether a column's values can be the field's. An empty column can be any but a text or a time."""
    if not values:
        return name not in REQUIRED
    if name == "time":
        return _share(values, _looks_like_time) >= ENOUGH
    if name in _COUNTS:
        return _share(values, _reads(read_count)) >= ENOUGH
    if name in _FLAGS:
        return _share(values, _reads(read_flag)) >= ENOUGH
    if name == "language":
        return _share(values, _reads(read_language)) >= ENOUGH
    if name == "url":
        return _share(values, _looks_like_url) >= ENOUGH
    if name in ("id", "parent"):
        return _share(values, lambda value: _ID.fullmatch(str(value)) is not None) >= ENOUGH
    if name in ("channel", "brand", "network", "kind"):
        return _share(values, lambda value: len(str(value)) <= 80 and not _NUMBER.fullmatch(str(value))) >= ENOUGH
    if name == "text":
        return _share(values, lambda value: isinstance(value, str) and not _NUMBER.fullmatch(value)) >= ENOUGH
    return True


def _looks_like_time(value: Any) -> bool:
    reader = _DAY_FIRST if not _reads(_MONTH_FIRST.read)(value) else _MONTH_FIRST
    return _reads(reader.read)(value)


_DAY_FIRST, _MONTH_FIRST = TimeReader(date_order="day"), TimeReader(date_order="month")


def _looks_like_url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://", "/"))


def _choose_time(values: Mapping[str, list[Any]], rows: int) -> str | None:
    fit = [
        column for column, cells in values.items() if len(cells) >= rows / 2 and _share(cells, _looks_like_time) >= 0.9
    ]
    return fit[0] if fit else None


def _choose_text(values: Mapping[str, list[Any]], rows: int) -> str | None:
    """The wordiest column: five words a cell or more, mostly different."""
    words = {
        column: sum(str(cell).count(" ") + 1 for cell in cells) / len(cells)
        for column, cells in values.items()
        if len(cells) >= rows / 2 and len(set(map(str, cells))) > len(cells) / 2 and not _looks_like_time(cells[0])
    }
    wordiest = max(words, key=lambda column: words[column], default=None)
    return wordiest if wordiest is not None and words[wordiest] >= 5 else None


def _choose_id(values: Mapping[str, list[Any]], rows: int) -> str | None:
    """A column that is filled and different in every row, and named like an id."""
    for column, cells in values.items():
        is_unique = len(cells) == rows > 1 and len(set(map(str, cells))) == rows
        if is_unique and normal_name(column).endswith(("id", "key", "number")) and _fits("id", cells):
            return column
    return None


def _choose_url(values: Mapping[str, list[Any]], rows: int) -> str | None:
    """A column of addresses, mostly different, that are not of pictures and profiles."""
    for column, cells in values.items():
        is_varied = len(set(map(str, cells))) > rows / 2
        if is_varied and not _PICTURE.search(column.lower()) and _share(cells, _looks_like_url) >= 0.9:
            return column
    return None


def _sort_out_author(guess: MappingGuess, values: Mapping[str, list[Any]]) -> None:
    """A column called "author" or "user" may hold ids, handles or names: its values tell."""
    column = guess.fields.get("author")
    if column is None or normal_name(column).endswith("id"):
        return
    cells = values[column]
    if cells and _share(cells, lambda cell: _NUMBER.fullmatch(str(cell)) is not None) >= ENOUGH:
        return
    is_handle = _share(cells, lambda cell: _HANDLE.fullmatch(str(cell)) is not None) >= ENOUGH
    better = "author_handle" if is_handle else "author_name"
    if better not in guess.fields:
        guess.fields[better] = guess.fields.pop("author")
        guess.reasons[better] = guess.reasons.pop("author") + " and its values"


def _guess_network(guess: MappingGuess, values: Mapping[str, list[Any]]) -> None:
    """The network that all addresses of posts lead to, where it is a known one."""
    column = guess.fields.get("url")
    if "network" in guess.fields or column is None or "id" not in guess.fields:
        return
    hosts = {(urlsplit(str(cell)).hostname or "").removeprefix("www.").removeprefix("old.") for cell in values[column]}
    networks = {NETWORKS.get(host) for host in hosts}
    if len(networks) == 1 and (network := networks.pop()) is not None:
        guess.fields["network"] = f"={network}"
        guess.reasons["network"] = "by where the addresses lead"


def _problem(guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str | None:
    """What keeps a mapping from being used, in words that say what to do."""
    unknown = [name for name in guess.fields if name not in FIELDS and name != DATE_ORDER]
    if unknown:
        return f"There is no field {unknown[0]!r}. The fields are: {', '.join(FIELDS)}, {DATE_ORDER}."
    try:
        for name, spec in guess.fields.items():
            if name != DATE_ORDER and not spec.startswith("="):
                named_columns(spec, columns)
    except Damaged as damaged:
        return str(damaged)
    missing = [
        name for name in REQUIRED if name not in guess.fields and not (name == "text" and "title" in guess.fields)
    ]
    if missing:
        example = " ".join(f"--map {name}=COLUMN" for name in REQUIRED)
        return (
            f"No column for {' and '.join(missing)} can be told. The columns are: {', '.join(columns)}. "
            f"Name them, as in: {example}."
        )
    return _date_problem(guess, columns, rows)


def _date_problem(guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Settle whether 04/03/2017 is in March or in April from all values seen; a question where they leave it open."""
    spec = guess.fields["time"]
    if spec.startswith("="):
        return None
    if guess.fields.get(DATE_ORDER) not in (None, "day", "month"):
        return f"{DATE_ORDER} is 'day' or 'month', not {guess.fields[DATE_ORDER]!r}."
    column = named_columns(spec, columns)[0]
    values = [row.get(column) for row in rows]
    if DATE_ORDER in guess.fields or not has_numeric_dates(values):
        return None
    orders = date_orders(values)
    if len(orders) == 1:
        guess.fields[DATE_ORDER] = orders.pop()
        guess.reasons[DATE_ORDER] = f"by the values of {column}"
        return None
    example = next(value for value in values if has_numeric_dates([value]))
    return (
        f"Times in {column!r} such as {str(example)!r} can be read with the day or the month first. "
        f"Say which: --map {DATE_ORDER}=day or --map {DATE_ORDER}=month."
    )
