"""What the rows of a table are and which column holds which field: guessed, overridden by people."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_access.importers.reading.guessing import Columns, FieldGuess, guess_all, guess_fields, normal_name
from data_access.importers.reading.kinds import UNTOLD, guess_kind, kind_named
from data_access.importers.reading.money import decimal_comma_of, minor_units
from data_access.importers.reading.options import Damaged, ImportOptions
from data_access.importers.reading.synonyms import DEALS, KINDS, POSTS
from data_access.importers.reading.values import date_orders, has_numeric_dates

#: What a mapping may say beside columns: what the rows are, which of 04/03 is the day, what stands before decimals.
KIND, DATE_ORDER, DECIMALS = "kind", "date_order", "decimals"
SAYS = {DATE_ORDER: ("day", "month"), DECIMALS: ("comma", "point")}
_POST_TYPE = "post_type"


@dataclass
class MappingGuess:
    """``kind``: what the rows are, ``kind_reason``: why, as a sentence's end. ``fields``: field -> column(s);
    ``reasons``: field -> why. ``problem``: what keeps it from being used, in a sentence; ``advice``: what to do about
    it on the command line; ``asks``: the question of ``SAYS`` that is open."""

    kind: str = POSTS
    kind_reason: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    advice: str = ""
    asks: str | None = None
    is_saved: bool = False

    @property
    def choices(self) -> dict[str, str]:
        """Everything that makes a difference to what is read. A table of posts needs no kind."""
        return self.fields if self.kind == POSTS else {KIND: self.kind, **self.fields}


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
    kind, chosen = _split(options.mapping or {})
    stated = (options.mapping or {}).get(KIND, "")
    if stated and kind is None and not stated.startswith("=") and not _is_column(stated, columns):
        return _no_such_kind(stated)
    saved = options.saved_mappings.get(header_shape(columns))
    saved_kind, saved_fields = (None, {}) if saved is None else _split(saved)
    if saved is not None and kind in (None, saved_kind or POSTS):
        guess = MappingGuess(saved_kind or POSTS, "saved for this header", dict(saved_fields), is_saved=True)
        guess.reasons = dict.fromkeys(saved_fields, "saved for this header")
    else:
        guess = guess_mapping(columns, rows, kind=kind, chosen=chosen)
    for name, spec in chosen.items():
        guess.fields[name] = spec
        guess.reasons[name] = "chosen"
    guess.fields = {name: spec for name, spec in guess.fields.items() if spec}
    _check(guess, columns, rows)
    return guess


def _is_column(spec: str, columns: Sequence[str]) -> bool:
    return normal_name(spec) in map(normal_name, columns)


def _no_such_kind(word: str) -> MappingGuess:
    problem = f"There is no kind of rows {word!r}, and no column of that name."
    return MappingGuess(problem=problem, advice=f"Rows are one of: {', '.join(KINDS)}.")


def _split(mapping: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    """The kind of table that a mapping names, if any, and the rest. ``kind`` may be what kind of post a column says."""
    fields = {name: spec for name, spec in mapping.items() if name != KIND}
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
        return MappingGuess(kind, "chosen", fields.fields, fields.reasons)
    guesses = guess_all(known)
    named = {name for name in chosen or {} if name not in SAYS}
    allowed = {name: guesses[name] for name, known_kind in KINDS.items() if named <= known_kind.fields.keys()}
    _apply(allowed.values(), chosen or {})
    kind, reason = guess_kind(guesses, known, allowed or {POSTS: guesses[POSTS]})
    return MappingGuess(kind, reason, guesses[kind].fields, guesses[kind].reasons)


def _apply(guesses: Iterable[FieldGuess], chosen: Mapping[str, str]) -> None:
    for guess in guesses:
        for name, spec in chosen.items():
            guess.set(name, spec, "chosen")


def _check(guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
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
        _check_dates(guess, columns, rows)
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
    guess.advice = (
        f"The columns are: {', '.join(columns)}. Name them, as in: {example}. "
        f"If the rows are something else ({others}), say so, as in: --map kind={DEALS}."
    )


def _cells(guess: MappingGuess, holds: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """(column, value) of the fields that hold such things."""
    fields = KINDS[guess.kind].fields
    for name, spec in guess.fields.items():
        if name in SAYS or fields[name].holds != holds or spec.startswith("="):
            continue
        for column in named_columns(spec, columns):
            yield from ((column, row.get(column)) for row in rows)


def _check_dates(guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Settle whether 04/03/2017 is in March or in April from all values seen; a question where they leave it open."""
    cells = [(column, value) for column, value in _cells(guess, "time", columns, rows) if has_numeric_dates([value])]
    if DATE_ORDER in guess.fields or not cells:
        return
    column, example = cells[0]
    orders = date_orders(value for _column, value in cells)
    if len(orders) == 1:
        guess.fields[DATE_ORDER] = orders.pop()
        guess.reasons[DATE_ORDER] = f"by the values of {column}"
        return
    guess.problem = f"Times in {column!r} such as {str(example)!r} can be read with the day or the month first."
    guess.advice = f"Say which: --map {DATE_ORDER}=day or --map {DATE_ORDER}=month."
    guess.asks = DATE_ORDER


def _check_decimals(guess: MappingGuess, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Settle whether 1.234 is over a thousand or over one from all amounts seen; a question where they do not tell."""
    cells = list(_cells(guess, "money", columns, rows))
    if DECIMALS in guess.fields or not cells:
        return
    comma = decimal_comma_of(value for _column, value in cells)
    if comma is not None:
        guess.fields[DECIMALS] = "comma" if comma else "point"
        guess.reasons[DECIMALS] = "by the amounts"
        return
    found = next(((column, value) for column, value in cells if _is_either(value)), None)
    if found is not None:
        guess.problem = (
            f"Amounts in {found[0]!r} such as {found[1]!r} can have their decimals behind a comma or a point."
        )
        guess.advice = f"Say which: --map {DECIMALS}=comma or --map {DECIMALS}=point."
        guess.asks = DECIMALS


def _is_either(value: Any) -> bool:
    """Whether an amount reads differently with a comma and with a point before its decimals, and does not say which."""
    if not isinstance(value, str):
        return False
    amount = "".join(letter for letter in value if letter.isdigit() or letter in ".,")
    try:
        minor_units(amount, "EUR")
    except Damaged:
        pass
    else:
        return False
    try:
        return minor_units(amount, "EUR", decimal_comma=True) != minor_units(amount, "EUR", decimal_comma=False)
    except Damaged:
        return False
