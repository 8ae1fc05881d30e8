"""What the rows of a table are and which column holds which field: guessed, overridden by people."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_access.importers.reading.guessing import Columns, FieldGuess, guess_all, guess_fields, normal_name
from data_access.importers.reading.kinds import UNTOLD, guess_kind, kind_named
from data_access.importers.reading.options import Damaged, ImportOptions
from data_access.importers.reading.patterns import PATTERN
from data_access.importers.reading.places import PLACES
from data_access.importers.reading.questions import AmbiguousDates, Cell, say_which, tell_date_order, tell_decimals
from data_access.importers.reading.synonyms import DEALS, KINDS, POSTS

#: What a mapping may say beside columns: what the rows are, which of 04/03 is the day, what stands before decimals.
KIND, DATE_ORDER, DECIMALS = "kind", "date_order", "decimals"
#: The field that says what ids belong to.
SOURCE_FIELD = "source"
SAYS = {DATE_ORDER: ("day", "month"), DECIMALS: ("comma", "point")}
_POST_TYPE = "post_type"
#: Why rows are what they are, where somebody said so of such a header, as a sentence's end.
_SAVED = "that is saved for tables with this header"

EveryRow = Callable[[], Iterable[Mapping[str, Any]]]


@dataclass
class MappingGuess:
    """``kind``: what the rows are, ``kind_reason``: why, as a sentence's end. ``fields``: field -> column(s);
    ``reasons``: field -> why. ``problem``: what keeps it from being used, in a sentence; ``advice``: what to do about
    it on the command line; ``asks``: the question of ``SAYS`` that is open, with ``ambiguous_dates`` where it is the
    order of day and month. ``left_out``: column -> why it is not read though it is called like a field."""

    kind: str = POSTS
    kind_reason: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    advice: str = ""
    asks: str | None = None
    ambiguous_dates: AmbiguousDates | None = None
    is_saved: bool = False
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str | None:
        """The one source of all ids, where the mapping names one; "" where a column holds it; None where nothing says
        what they belong to."""
        spec = self.fields.get(SOURCE_FIELD)
        return spec and (spec[1:] if spec.startswith("=") else "")

    def set_source(self, name: str, reason: str) -> None:
        """Say what all ids belong to."""
        self.fields[SOURCE_FIELD] = f"={name}"
        self.reasons[SOURCE_FIELD] = reason

    @property
    def choices(self) -> dict[str, str]:
        """Everything that makes a difference to what is read. A table of posts needs no kind."""
        return self.fields if self.kind == POSTS else {KIND: self.kind, **self.fields}


def header_shape(columns: Iterable[str]) -> str:
    """A key for tables that have the same columns, whatever their order and spelling."""
    return hashlib.sha256("\x1f".join(sorted(normal_name(column) for column in columns)).encode()).hexdigest()[:16]


def named_columns(spec: str, columns: Sequence[str]) -> list[str]:
    """The columns that a mapping names: one, or several joined by +; a place of the file counts as one (``places``).
    Raises ``Damaged`` for one that does not exist."""
    if spec in columns:
        return [spec]
    by_normal = {normal_name(column): column for column in reversed(columns)}
    found = []
    for part in (part.strip() for part in spec.split("+")):
        column = part if part in columns or part in PLACES else by_normal.get(normal_name(part))
        if column is None:
            places = f" The file itself gives {', '.join(PLACES)}." if part.startswith("@") else ""
            raise Damaged(f"There is no column {part!r}. The columns are: {', '.join(columns)}.{places}")
        found.append(column)
    return found


def resolve_mapping(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    options: ImportOptions,
    every_row: EveryRow | None = None,
) -> MappingGuess:
    """The mapping to use: what people saved for such a header, else what names and values suggest; ``options.mapping``
    goes before both. ``every_row`` gives all rows of the file, for what the first ``rows`` leave open."""
    kind, chosen = _split(options.mapping or {})
    stated = (options.mapping or {}).get(KIND, "")
    if stated and kind is None and not stated.startswith("=") and not _is_column(stated, columns):
        return _no_such_kind(stated)
    saved = options.saved_mappings.get(header_shape(columns))
    saved_kind, saved_fields = (None, {}) if saved is None else _split(saved)
    if saved is not None and kind in (None, saved_kind or POSTS):
        guess = MappingGuess(saved_kind or POSTS, _SAVED, dict(saved_fields), is_saved=True)
        guess.reasons = dict.fromkeys(saved_fields, "saved for this header")
    else:
        guess = guess_mapping(columns, rows, kind=kind, chosen=chosen)
    for name, spec in chosen.items():
        guess.fields[name] = spec
        guess.reasons[name] = "chosen" if spec else ""
    if options.source and not guess.fields.get(SOURCE_FIELD):
        guess.set_source(options.source, "chosen")
    guess.fields = {name: spec for name, spec in guess.fields.items() if spec}
    read = {column for spec in guess.fields.values() for column in (spec, *map(str.strip, spec.split("+")))}
    guess.left_out = {column: why for column, why in guess.left_out.items() if column not in read}
    _check(guess, columns, rows, every_row or (lambda: ()))
    return guess


def _is_column(spec: str, columns: Sequence[str]) -> bool:
    return normal_name(spec) in map(normal_name, columns)


def _no_such_kind(word: str) -> MappingGuess:
    problem = f"There is no kind of rows {word!r}, and no column of that name."
    return MappingGuess(problem=problem, advice=f"Rows are one of: {', '.join(KINDS)}.")


def _split(mapping: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    """The kind of table that a mapping names, if any, and the rest. ``kind`` may be what kind of post a column says."""
    fields = {name: spec for name, spec in mapping.items() if name not in (KIND, PATTERN)}
    spec = mapping.get(KIND)
    if not spec:
        return None, fields
    kind = kind_named(spec)
    return (None, {_POST_TYPE: spec, **fields}) if kind is None else (kind, fields)


def guess_mapping(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    kind: str | None = None,
    chosen: Mapping[str, str] | None = None,
) -> MappingGuess:
    """What the rows are, unless ``kind`` says it, and field -> column by what the columns are called and hold.
    ``chosen`` fields make it a kind that has them."""
    known = Columns(columns, rows)
    if kind is not None:
        fields = guess_fields(KINDS[kind], known)
        return MappingGuess(kind, "chosen", fields.fields, fields.reasons, left_out=fields.left_out)
    guesses = guess_all(known)
    named = {name for name in chosen or {} if name not in SAYS}
    allowed = {name: guesses[name] for name, known_kind in KINDS.items() if named <= known_kind.fields.keys()}
    _apply(allowed.values(), chosen or {})
    kind, reason = guess_kind(guesses, known, allowed or {POSTS: guesses[POSTS]})
    guess = guesses[kind]
    return MappingGuess(kind, reason, guess.fields, guess.reasons, left_out=guess.left_out)


def _apply(guesses: Iterable[FieldGuess], chosen: Mapping[str, str]) -> None:
    for guess in guesses:
        for name, spec in chosen.items():
            guess.set(name, spec, "chosen")


def _check(guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], every_row: EveryRow) -> None:
    """Find what keeps a mapping from being used, in words that say what to do."""
    kind = KINDS[guess.kind]
    unknown = [name for name in guess.fields if name not in kind.fields and name not in SAYS]
    if unknown:
        names = ", ".join([*kind.fields, *SAYS])
        guess.problem = f"There is no field {unknown[0]!r} for {kind.name}."
        guess.advice = f"The fields are: {names}. For other rows name their kind: --map kind={'|'.join(KINDS)}."
        return
    try:
        for name, spec in guess.fields.items():
            if name in SAYS and spec not in SAYS[name]:
                raise Damaged(f"{name} is {' or '.join(map(repr, SAYS[name]))}, not {spec!r}.")
            if name not in SAYS and not spec.startswith("="):
                named_columns(spec, columns)
    except Damaged as damaged:
        guess.problem = str(damaged)
        return
    _check_needs(guess, columns)
    if guess.problem is None:
        _check_dates(guess, columns, rows, every_row)
    if guess.problem is None:
        _check_decimals(guess, columns, rows)


def _check_needs(guess: MappingGuess, columns: Sequence[str]) -> None:
    kind = KINDS[guess.kind]
    missing = [group for group in kind.needs if not any(name in guess.fields for name in group)]
    if not missing:
        return
    labels = [" or ".join(kind.fields[name].label for name in group) for group in missing]
    start = "Choose what these rows are; for" if guess.kind_reason == UNTOLD else "For"
    guess.problem = f"{start} {kind.name}, choose which column holds: {'; '.join(labels)}."
    example = " ".join(f"--map {group[0]}=COLUMN" for group in missing)
    others = ", ".join(name for name in KINDS if name != kind.name)
    guess.advice = "".join(f"{why}. " for why in guess.left_out.values()) + (
        f"The columns are: {', '.join(columns)}. Name them, as in: {example}. "
        f"If the rows are something else ({others}), say so, as in: --map kind={DEALS}."
    )


def _columns_of(guess: MappingGuess, holds: str, columns: Sequence[str]) -> list[str]:
    """The columns of the fields that hold such things."""
    fields = KINDS[guess.kind].fields
    specs = [
        spec
        for name, spec in guess.fields.items()
        if name not in SAYS and fields[name].holds == holds and not spec.startswith("=")
    ]
    return [column for spec in specs for column in named_columns(spec, columns)]


def _cells(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[Cell]:
    return ((column, row.get(column)) for row in rows for column in columns)


def _check_dates(
    guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], every_row: EveryRow
) -> None:
    """Settle whether 04/03/2017 is in March or in April from all values; a question where they leave it open."""
    if DATE_ORDER in guess.fields:
        return
    times = _columns_of(guess, "time", columns)
    told = tell_date_order(_cells(times, rows), lambda: _cells(times, every_row()))
    if isinstance(told, str):
        guess.fields[DATE_ORDER] = told
        guess.reasons[DATE_ORDER] = "by the times"
    elif told is not None:
        guess.problem = told.problem
        guess.advice = say_which(DATE_ORDER, *SAYS[DATE_ORDER])
        guess.asks = DATE_ORDER
        guess.ambiguous_dates = told if isinstance(told, AmbiguousDates) else None


def _check_decimals(guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Settle whether 1.234 is over a thousand or over one from all amounts seen; a question where they do not tell."""
    if DECIMALS in guess.fields:
        return
    told = tell_decimals(_cells(_columns_of(guess, "money", columns), rows))
    if isinstance(told, str):
        guess.fields[DECIMALS] = told
        guess.reasons[DECIMALS] = "by the amounts"
    elif told is not None:
        guess.problem = f"Amounts in {told[0]!r} such as {told[1]!r} can have their decimals behind a comma or a point."
        guess.advice = say_which(DECIMALS, *SAYS[DECIMALS])
        guess.asks = DECIMALS
