"""What the caller asks of an import, what an importer is, and what is said of a file that none of them knows."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data_access.records import Note, Record, Refusal

if TYPE_CHECKING:
    from data_access.importers.reading.bundle import Bundle
    from data_access.importers.reading.content import Content
    from data_access.importers.reading.sample import Sample


@dataclass(frozen=True)
class ImportOptions:
    """What overrides the file. ``mapping`` names a column for a field (see ``mapping.FIELDS``): ``"column"``,
    ``"column + column"`` to join several, ``"=value"`` for a value that holds for all rows, ``""`` for none;
    ``"@file"``, ``"@folder"`` and ``"@path"`` say where the file lies (``places``), alone or joined with columns.
    ``mapping["pattern"]`` is a regular expression that reads lines of text into its named groups (``patterns``).
    ``time_zone`` is for times that name none, ``currency`` (an ISO code) for amounts that name none.
    ``saved_mappings``: header shape -> mapping. ``source``: what a table's ids belong to, where neither a column nor a
    mapping says it. ``sources``, ``currencies``, ``mappings``: the same for one of the paths that are imported, which
    goes before. ``mended``: import (the last word of
    ``table_rows.FROM``) -> how it was read (``Input.how_read``), for refused rows that come back mended."""

    format: str | None = None
    brand: str | None = None
    channel: str | None = None
    team: tuple[str, ...] = ()
    mapping: Mapping[str, str] | None = None
    time_zone: str | None = None
    currency: str | None = None
    saved_mappings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    currencies: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mended: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"There is no time zone {self.time_zone!r}. Use a name such as Europe/Berlin.") from error
        if not re.fullmatch("[A-Z]{3}", self.currency_code):
            raise ValueError(f"There is no currency {self.currency!r}. Use its ISO code, such as EUR.")

    def of_path(self, path: str) -> "ImportOptions":
        """The options as they hold for one of the paths that are imported."""
        return replace(
            self,
            source=self.sources.get(path, self.source),
            currency=self.currencies.get(path, self.currency),
            mapping=self.mappings.get(path, self.mapping),
        )

    @property
    def zone(self) -> str:
        """The zone of times that name none: UTC where nobody said which."""
        return self.time_zone or "UTC"

    @property
    def currency_code(self) -> str:
        """The currency of amounts that name none: the euro where nobody said which."""
        return self.currency or "EUR"


@dataclass(frozen=True)
class Part:
    """A file of an export of several files of which nothing comes by itself: what it ``holds`` ("its people"), and
    whether that is read where it lies beside the others (``is_read``)."""

    holds: str
    is_read: bool = True


@dataclass(frozen=True)
class Format:
    """An importer. ``matches`` looks at a file's beginning, ``read`` yields its records. ``read_blocks`` yields the
    same in blocks, in less time; None for a file that must be read record by record. All its posts can be kept as they
    are.

    A format that spans several files (``find_bundles``, ``read_bundle``) finds the folders that are one export, and
    reads each as a whole. ``takes`` tells which files below such a folder belong to it, by path and content; None: all.
    ``tell_part`` tells what a file by itself, that ``matches`` does not know, is of such an export; None: nothing.
    ``settle`` tells what the reading depends on beside the file (``{"date_order": "day"}``), from the file or from what
    people said; it raises ``questions.OpenQuestion`` where neither tells.
    """

    name: str
    label: str
    description: str
    matches: Callable[["Sample"], bool]
    read: Callable[["Sample", ImportOptions], Iterator[Record | Refusal | Note]]
    is_fallback: bool = False
    find_bundles: Callable[[Mapping[str, "Content"]], list[str]] | None = None
    read_bundle: Callable[["Bundle", ImportOptions], Iterator[Record | Refusal | Note]] | None = None
    takes: Callable[[str, "Content"], bool] | None = None
    tell_part: Callable[["Sample"], Part | None] | None = None
    settle: Callable[["Sample", ImportOptions], Mapping[str, str]] | None = None
    read_blocks: Callable[["Sample", ImportOptions], Iterator[list[Record | Refusal | Note]] | None] | None = None


#: What is said of a file that is whole, and empty.
NOTHING_TO_IMPORT = "There is nothing to import."


class UnknownFormat(ValueError):
    """A file that no importer knows: ``file``, what was ``seen`` in it, and what to do (``advice``). ``asks``: the open
    question that keeps it from being read, of ``mapping.SAYS``. ``is_general``: the
    advice is that of any file. ``is_no_table``: no mapping of columns makes it one. ``is_part``: it is a part of an
    export of several files, unless somebody says what its columns are."""

    asks: str | None = None
    is_part = False
    is_no_table = False

    def __init__(self, file: str, seen: str, advice: str = "") -> None:
        self.file = file
        self.seen = seen
        self.is_general = not advice
        self.advice = advice or "Name its format with --format, or say which columns hold what with --map."
        super().__init__(f"{file}: {seen} {self.advice}")


#: Endings of files, and names of texts, that people read and that hold no rows.
_FOR_PEOPLE = (
    *(".md", ".rst", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".html", ".htm", ".css", ".js"),
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".heic", ".bmp", ".ico", ".tif", ".tiff"),
    *(".mp3", ".mp4", ".mov", ".m4a", ".ogg", ".opus", ".wav", ".webm", ".avi"),
)
_READ_ME = frozenset(["README", "LICENSE", "LICENCE", "CHANGELOG", "NOTICE"])


@dataclass(frozen=True)
class UnrecognisedInput:
    """A file of a folder or zip that no importer knows, and why; the others go on. ``asks``: see ``UnknownFormat``.
    ``problem``: what a file given by itself would have raised."""

    name: str
    reason: str
    asks: str | None = None
    problem: UnknownFormat | None = None

    @property
    def is_document(self) -> bool:
        """Whether it is a text or picture for people that lies beside data: nobody meant it to be imported.

        >>> [UnrecognisedInput(name, "").is_document for name in ("in/README.md", "in/posts.csv", "notes.md")]
        [True, False, False]
        """
        folder, _slash, name = self.name.rpartition("/")
        return bool(folder) and (name.lower().endswith(_FOR_PEOPLE) or name.split(".")[0].upper() in _READ_ME)

    @property
    def is_empty(self) -> bool:
        """Whether it is a file without rows, such as the last of the pages of an API: no loss where others have some.

        >>> empty = UnknownFormat("page 3.json", "is an empty list.", NOTHING_TO_IMPORT)
        >>> UnrecognisedInput("page 3.json", str(empty), problem=empty).is_empty
        True
        """
        return self.problem is not None and self.problem.advice == NOTHING_TO_IMPORT

    @property
    def is_beside_data(self) -> bool:
        """Whether it is nothing wrong beside data: a text for people, or an empty file."""
        return self.is_document or self.is_empty


class Damaged(ValueError):
    """A value that cannot be taken for what it should be; the message is the reason to refuse its row."""
