"""Which column holds which field: by what the columns are called and by what their cells hold."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from data_access.importers.reading.money import DECIMALS, currency_of, minor_units
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.other_languages import in_english
from data_access.importers.reading.synonyms import (
    ACCOUNT_PARTS,
    ACCOUNTS,
    DEALS,
    KINDS,
    NETWORKS,
    ORDERS,
    POSTS,
    TOO_COMMON,
    TableKind,
)
from data_access.importers.reading.values import (
    TimeReader,
    is_nothing,
    read_count,
    read_email,
    read_flag,
    read_language,
    zone_named,
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_HANDLE = re.compile(r"@?[A-Za-z0-9_][A-Za-z0-9_.-]{0,40}")
_ID = re.compile(r"[\w:./#@+-]{1,200}")
_PICTURE = re.compile(r"image|avatar|picture|photo|icon|thumb|banner|profile|media|website|homepage")
_SCORE = re.compile(r"(\d+(?:\.\d+)?)(?:\D|$)")
_NUMERAL = re.compile(r"\d+(?:\.\d*)?")
_NUMBER = re.compile(r"-?\d+(?:\.0+)?")
#: Columns that say when a deal came to a stage: "Date entered Demo", "became a customer", "proposal_entered_at".
_STAGE = re.compile(
    r"(?:date_|time_|first_)*(?:entered|became|reached|moved_to)_(?:(?:the|a|an|stage)_)*(?P<after>.+?)(?:_(?:at|on|date))?"
    r"|(?P<before>.+?)_(?:entered|reached)(?:_(?:at|on|date))?"
)
#: Questions of surveys, which forms write as the name of a column.
_QUESTIONS = (
    (re.compile("(?:on_a_scale_.*)?how_likely_.*recommend"), "likelihood_to_recommend"),
    (re.compile("(?:on_a_scale_.*)?how_satisfied_"), "satisfaction"),
)
#: Columns that a connector adds.
_COPIED_AT = re.compile(r"(?:fivetran|airbyte|sdc|dlt)_\w+")
#: What most cells of a column are where they are not what the column is called.
_NOT_SUCH = {
    "count": "no whole numbers",
    "time": "no times",
    "money": "no amounts",
    "flag": "neither yes nor no",
    "email": "no e-mail addresses",
    "language": "no codes of languages",
    "url": "no addresses that begin with http",
    "id": "no ids",
}
#: Fields of who bought: not where the addresses stand by which they are known.
_CUSTOMERS = ("customer", "customer_name")
ENOUGH = 0.5  # of the filled cells must look like what the column is called
BY_NAME, BY_VALUES = "by its name", "by its values"


@dataclass
class FieldGuess:
    """``fields``: field -> column(s); ``reasons``: field -> why. ``left_out``: column -> why it is not read, in a
    sentence, though it is called like a field."""

    fields: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def set(self, name: str, spec: str, reason: str) -> None:
        """Say which column holds a field, and why."""
        self.fields[name] = spec
        self.reasons[name] = reason


def normal_name(column: str) -> str:
    """A column's name in one spelling.

    >>> normal_name("Created At"), normal_name("createdAt"), normal_name("user.screen_name")
    ('created_at', 'created_at', 'user_screen_name')
    """
    return _NOT_WORD.sub("_", _CAMEL.sub("_", column.strip()).lower()).strip("_")


def called(column: str) -> str:
    """A column's name in one spelling, in English where it is called so in another language; of a question of a survey
    what it asks for.

    >>> called("Created At"), called("Kundennummer"), called("How likely are you to recommend us to a friend?")
    ('created_at', 'customer_id', 'likelihood_to_recommend')
    """
    name = in_english(column) or normal_name(column)
    return next((asked for question, asked in _QUESTIONS if question.match(name)), name)


def stage_name(column: str) -> str | None:
    """The stage whose date a column holds, as the column writes it; None for other columns.

    >>> stage_name("Date entered Demo booked"), stage_name("proposal_entered_at"), stage_name("Created")
    ('Demo booked', 'proposal', None)
    """
    match = _STAGE.fullmatch(normal_name(column))
    if match is None:
        return None
    words = (match["after"] or match["before"]).split("_")
    if words in (["date"], ["time"], ["stage"]):
        return None
    written = re.search("[^0-9A-Za-z]*".join(map(re.escape, words)), column, re.IGNORECASE)
    return (written[0] if written else " ".join(words)).replace("_", " ").strip()


class Columns:
    """The columns of a table with their filled cells; each is tested once for each thing that it could hold."""

    def __init__(self, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        self.names = names
        self.rows = len(rows)
        self.values = {name: [row[name] for row in rows if not is_nothing(row.get(name))] for name in names}
        self._shares: dict[tuple[str, str], float] = {}

    def share(self, column: str, holds: str) -> float:
        """Which part of a column's filled cells can be such a thing; 0 for an empty column, and for times at which a
        connector copied the rows, which say nothing of them."""
        if holds == "time" and _COPIED_AT.fullmatch(normal_name(column)):
            return 0.0
        key = (column, holds)
        if key not in self._shares:
            cells = self.values[column]
            self._shares[key] = sum(map(_TESTS[holds], cells)) / len(cells) if cells else 0.0
        return self._shares[key]

    def fits(self, column: str, holds: str, *, is_needed: bool) -> bool:
        """Whether a column can be a field. An empty column can be any but one that is needed."""
        if holds in ("any", ""):
            return bool(self.values[column]) or not is_needed
        return self.share(column, holds) >= ENOUGH if self.values[column] else not is_needed

    def is_varied(self, column: str) -> bool:
        """Whether its cells are mostly different."""
        cells = self.values[column]
        return len(set(map(str, cells))) > len(cells) / 2

    def is_unique(self, specs: Sequence[str]) -> bool:
        """Whether no two rows say the same in these columns."""
        cells = [self.values[spec] for spec in specs]
        return (
            all(len(column) == self.rows for column in cells)
            and len(set(zip(*([str(cell) for cell in column] for column in cells), strict=True))) == self.rows
        )


def _reads(read: Callable[[Any], Any]) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        try:
            return read(value) is not None
        except (Damaged, ValueError):
            return False

    return test


_DAY_FIRST, _MONTH_FIRST = TimeReader(date_order="day"), TimeReader(date_order="month")
_reads_month_first, _reads_day_first = _reads(_MONTH_FIRST.read), _reads(_DAY_FIRST.read)


def _is_time(value: Any) -> bool:
    if _reads_month_first(value) or _reads_day_first(value):
        return True
    zone = zone_named(value) if isinstance(value, str) else None  # its rows are refused with what to do about it
    return zone is not None and _is_time(value.rpartition(zone)[0].rstrip(" ("))


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://", "/"))


def _is_money(value: Any) -> bool:
    if isinstance(value, bool) or (isinstance(value, str) and not re.search(r"\d", value)):
        return False
    currency = currency_of(value if isinstance(value, str) else None) or "EUR"
    for comma in (False, True):
        try:
            minor_units(value, currency, decimal_comma=comma)
        except Damaged:
            continue
        return True
    return False


def _is_within(low: int, high: int) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        number = _SCORE.match(str(value))
        return number is not None and low <= float(number[1]) <= high

    return test


def _is_outcome(value: Any) -> bool:
    return _reads(read_flag)(value) or re.search(r"won|lost|open|win|lose", str(value), re.IGNORECASE) is not None


_TESTS: dict[str, Callable[[Any], bool]] = {
    "time": _is_time,
    "count": _reads(read_count),
    "flag": _reads(read_flag),
    "language": _reads(read_language),
    "url": _is_url,
    "id": lambda value: _ID.fullmatch(str(value)) is not None,
    "words": lambda value: len(str(value)) <= 80 and not _NUMBER.fullmatch(str(value)),
    "text": lambda value: isinstance(value, str) and not _NUMBER.fullmatch(value),
    "email": _reads(read_email),
    "money": _is_money,
    "currency": lambda value: str(value).strip().upper() in DECIMALS or currency_of(str(value)) is not None,
    "csat": _is_within(1, 5),
    "nps": _is_within(0, 10),
    "outcome": _is_outcome,
    "handle": lambda value: _HANDLE.fullmatch(str(value)) is not None,
    "small": lambda value: len(str(value).partition(".")[0]) < 9 and _NUMERAL.fullmatch(str(value)) is not None,
    "number": lambda value: _NUMBER.fullmatch(str(value)) is not None,
}


def guess_fields(kind: TableKind, columns: Columns) -> FieldGuess:
    """Field -> column for a table of a kind; a column serves one field."""
    guess = FieldGuess()
    _guess_by_name(guess, kind, columns)
    if "time" in kind.needed or kind.name == POSTS:
        _guess_by_values(guess, "time", _choose_time, columns)
    if kind.name == POSTS:
        for name, choose in (("text", _choose_text), ("id", _choose_id), ("url", _choose_url)):
            _guess_by_values(guess, name, choose, columns)
        _sort_out_author(guess, columns)
        _guess_network(guess, columns)
    if "email" in kind.fields and "email" not in guess.fields:
        _guess_by_values(guess, "email", _choose_email, columns)
    if kind.name == DEALS:
        _guess_stages(guess, columns)
    if kind.name == ORDERS:
        _tell_lines_apart(guess, columns)
    guess.left_out = _left_out(guess, kind, columns)
    return guess


def _left_out(guess: FieldGuess, kind: TableKind, columns: Columns) -> dict[str, str]:
    """The columns that are called like a field which no column has, and hold something else."""
    free = [name for name in columns.names if name not in guess.fields.values() and columns.values[name]]
    called = {
        column: known.holds
        for name, known in kind.fields.items()
        if name not in guess.fields and known.holds in _NOT_SUCH
        for column in free
        if (rank := _name_rank(kind, name, column)) is not None and rank[0] == 0
    }
    return {column: _why_left_out(column, columns.values[column], holds) for column, holds in called.items()}


def _why_left_out(column: str, cells: Sequence[Any], holds: str) -> str:
    cell = next((cell for cell in cells if not _TESTS[holds](cell)), cells[0])
    return f"The column {column!r} is left out: most of its cells, such as {str(cell)[:40]!r}, are {_NOT_SUCH[holds]}"


def _guess_by_name(guess: FieldGuess, kind: TableKind, columns: Columns) -> None:
    order = list(kind.fields)
    candidates = sorted(
        (rank, order.index(name), name, column)
        for name, known in kind.fields.items()
        for column in columns.names
        if (rank := _name_rank(kind, name, column)) is not None
        and not (name in _CUSTOMERS and columns.share(column, "email") >= ENOUGH)
        and columns.fits(column, known.holds, is_needed=name in kind.needed)
    )
    taken: set[str] = set()
    for _rank, _order, name, column in candidates:
        if name not in guess.fields and column not in taken:
            guess.set(name, column, BY_NAME)
            taken.add(column)


def _name_rank(kind: TableKind, name: str, column: str) -> tuple[int, int] | None:
    """How surely a column's name says the field: the whole name before the last part of a path; None for not at all."""
    names = kind.fields[name].names
    path, _dot, tail = column.rpartition(".")
    whole, last = called(column), called(tail)
    is_account = kind.name == POSTS and normal_name(path.rpartition(".")[2]) in ACCOUNTS
    if is_account and path.count(".") == 0:
        if name in ACCOUNT_PARTS and last in ACCOUNT_PARTS[name]:
            return 0, ACCOUNT_PARTS[name].index(last)
        return None
    for place, synonym in enumerate(names):
        if whole == synonym or whole.replace("_", "") == synonym.replace("_", ""):
            return 0, place
    if path and path.count(".") < 2 and not is_account and last in names and last not in TOO_COMMON:
        return 1 + path.count("."), names.index(last)
    return None


def _guess_by_values(
    guess: FieldGuess, name: str, choose: Callable[[Columns, Iterable[str]], str | None], columns: Columns
) -> None:
    if name in guess.fields:
        return
    free = [column for column in columns.names if column not in guess.fields.values() and columns.values[column]]
    if (column := choose(columns, free)) is not None:
        guess.set(name, column, BY_VALUES)


def _choose_time(columns: Columns, free: Iterable[str]) -> str | None:
    for column in free:
        is_filled = len(columns.values[column]) >= columns.rows / 2
        is_other = stage_name(column) is not None or normal_name(column).endswith("id")  # ids can pass for seconds
        is_other = is_other or columns.share(column, "small") >= ENOUGH  # and counts for a spreadsheet's days
        if is_filled and not is_other and columns.share(column, "time") >= 0.9:
            return column
    return None


def _choose_text(columns: Columns, free: Iterable[str]) -> str | None:
    """The wordiest column: five words a cell or more, mostly different."""
    words = {}
    for column in free:
        cells = columns.values[column]
        if len(cells) >= columns.rows / 2 and columns.is_varied(column) and not _is_time(cells[0]):
            words[column] = sum(str(cell).count(" ") + 1 for cell in cells) / len(cells)
    wordiest = max(words, key=lambda column: words[column], default=None)
    return wordiest if wordiest is not None and words[wordiest] >= 5 else None


def _choose_id(columns: Columns, free: Iterable[str]) -> str | None:
    """A column that is filled and different in every row, and named like an id."""
    for column in free:
        is_named = normal_name(column).endswith(("id", "key", "number"))
        if columns.rows > 1 and is_named and columns.is_unique([column]) and columns.share(column, "id") >= ENOUGH:
            return column
    return None


def _choose_url(columns: Columns, free: Iterable[str]) -> str | None:
    """A column of addresses, mostly different, that are not of pictures and profiles."""
    for column in free:
        is_varied = len(set(map(str, columns.values[column]))) > columns.rows / 2
        if is_varied and not _PICTURE.search(column.lower()) and columns.share(column, "url") >= 0.9:
            return column
    return None


def _choose_email(columns: Columns, free: Iterable[str]) -> str | None:
    return next((column for column in free if columns.share(column, "email") >= 0.9), None)


def _sort_out_author(guess: FieldGuess, columns: Columns) -> None:
    """A column called "author" or "user" may hold ids, handles or names: its values tell."""
    column = guess.fields.get("author")
    if column is None or normal_name(column).endswith("id") or columns.share(column, "number") >= ENOUGH:
        return
    better = "author_handle" if columns.share(column, "handle") >= ENOUGH else "author_name"
    if better not in guess.fields:
        guess.set(better, guess.fields.pop("author"), guess.reasons.pop("author") + " and its values")


def _guess_network(guess: FieldGuess, columns: Columns) -> None:
    """The network that all addresses of posts lead to, where it is a known one."""
    column = guess.fields.get("url")
    if "network" in guess.fields or column is None or "id" not in guess.fields:
        return
    links = map(str, columns.values[column])
    hosts = {(urlsplit(link).hostname or "").removeprefix("www.").removeprefix("old.") for link in links}
    networks = {NETWORKS.get(host) for host in hosts}
    if len(networks) == 1 and (network := networks.pop()) is not None:
        guess.set("network", f"={network}", "by where the addresses lead")


def _guess_stages(guess: FieldGuess, columns: Columns) -> None:
    """The columns that say when a deal came to a stage."""
    found = [
        column
        for column in columns.names
        if stage_name(column) is not None
        and column not in guess.fields.values()
        and "+" not in column
        and (not columns.values[column] or columns.share(column, "time") >= ENOUGH)
    ]
    if any(columns.values[column] for column in found):
        guess.set("stages", " + ".join(found), BY_NAME)


def _tell_lines_apart(guess: FieldGuess, columns: Columns) -> None:
    """Where several rows have one order number, and each another product, each is a line of the order."""
    order, product = guess.fields.get("id"), guess.fields.get("product")
    if order is None or product is None or columns.rows < 2 or "+" in order + product:
        return
    cells = columns.values[order]
    if len(set(map(str, cells))) < len(cells) and columns.is_unique([order, product]):
        guess.set("id", f"{order} + {product}", "each row is a line of an order")


def guess_all(columns: Columns) -> dict[str, FieldGuess]:
    """The guess for each kind of table that there is."""
    return {name: guess_fields(kind, columns) for name, kind in KINDS.items()}
