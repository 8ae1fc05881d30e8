"""The manifest of an export: what its files are, how much is in them, and which Rapport wrote them."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

MANIFEST = "manifest.json"
#: What makes a manifest one of ours, whatever the file is called.
WHAT = "rapport store"
#: Counts up when the files are laid out otherwise; the tables themselves go by ``schema_revision``.
LAYOUT = 1


class NotAnExport(ValueError):
    """There is no export of Rapport there."""


class NewerExport(ValueError):
    """A newer Rapport wrote it."""


class DamagedExport(ValueError):
    """Its files are not as they were written."""


@dataclass(frozen=True)
class TableFile:
    """A table's file. ``content``: fact | decision | model | derived; ``columns``: their types by name."""

    name: str
    content: str
    file: str
    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """What an export holds. ``engine`` is where it comes from, and says nothing of where it may go."""

    schema_revision: str
    rapport_version: str
    engine: str
    written_at: datetime
    file_format: str
    tables: tuple[TableFile, ...]

    @cached_property
    def has_derived(self) -> bool:
        """Whether derived rows are in it: a backup has them, so that restoring it rebuilds nothing."""
        return any(table.content == "derived" for table in self.tables)

    @property
    def bytes(self) -> int:
        """Of all its files."""
        return sum(table.bytes for table in self.tables)

    @property
    def rows(self) -> int:
        """In all its files."""
        return sum(table.rows for table in self.tables)

    @property
    def key(self) -> int:
        """A number that tells exports apart, of 60 bits."""
        return int(hashlib.sha256(self.to_json().encode()).hexdigest()[:15], 16)

    def find(self, name: str) -> TableFile | None:
        """The file of a table."""
        return next((table for table in self.tables if table.name == name), None)

    def to_json(self) -> str:
        """The manifest as its file has it."""
        values = asdict(self) | {"written_at": self.written_at.isoformat()}
        return json.dumps({"what": WHAT, "layout": LAYOUT} | values, indent=1) + "\n"


def own_version() -> str:
    """The version of this Rapport."""
    try:
        return version("rapport")
    except PackageNotFoundError:
        return "unknown"


def is_manifest(content: bytes) -> bool:
    """Whether a file says of itself that it is a manifest of ours."""
    return _read(content) is not None


def parse_manifest(content: bytes) -> Manifest:
    """A manifest's content. Raises ``NotAnExport``, ``NewerExport``, ``DamagedExport``."""
    values = _read(content)
    if values is None:
        raise NotAnExport(f"There is a {MANIFEST}, but Rapport did not write it.")
    if values.pop("layout", None) != LAYOUT:
        raise NewerExport("A newer Rapport wrote this export: update Rapport, then import it.")
    try:
        tables = tuple(TableFile(**table) for table in values.pop("tables"))
        written_at = datetime.fromisoformat(values.pop("written_at"))
        return Manifest(**values, written_at=written_at, tables=tables)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedExport(f"{MANIFEST} is not as Rapport wrote it ({error}). Take another copy.") from error


def _read(content: bytes) -> dict[str, Any] | None:
    try:
        values = json.loads(content)
    except ValueError:
        return None
    if not isinstance(values, dict) or values.pop("what", None) != WHAT:
        return None
    return values
