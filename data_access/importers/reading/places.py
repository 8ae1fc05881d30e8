"""Where a file lies, as fields: a mapping may name ``@file``, ``@folder`` and ``@path`` as if they were columns."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from data_access.importers.reading.content import Content
from data_access.importers.reading.table_rows import Row
from data_access.records import Refusal

#: The file's name without its ending, its folder's name, and its path below what is imported, without its ending.
FILE, FOLDER, PATH = "@file", "@folder", "@path"
PLACES = {
    FILE: "the file's name without its ending",
    FOLDER: "the name of its folder",
    PATH: "its path, without its ending",
}
#: Endings that say how a file is written; what else follows a point belongs to its name.
_ENDINGS = frozenset(
    [
        *("csv", "tsv", "tab", "txt", "text", "log", "dat", "json", "jsonl", "ndjson", "xlsx", "parquet", "pq"),
        *("zip", "gz", "xml", "html", "md", "eml", "mbox"),
    ]
)


def name_without_endings(name: str) -> str:
    """A file's name without the endings that say how it is written.

    >>> [name_without_endings(name) for name in ("answers.csv.gz", "comp.lang.c", ".general.tsv")]
    ['answers', 'comp.lang.c', '.general']
    """
    while True:
        stem, point, ending = name.rpartition(".")
        if not stem or not point or ending.lower() not in _ENDINGS:
            return name
        name = stem


def places_of(content: Content) -> dict[str, str]:
    """What the places of a file are.

    >>> places_of(Content("export.zip/general/2024.csv", 0, open))
    {'@file': '2024', '@folder': 'general', '@path': 'general/2024'}
    """
    path = PurePosixPath(content.name)
    file = name_without_endings(path.name)
    folder = path.parent.name or content.folder
    below = PurePosixPath(*path.parts[1:-1], file)
    return {FILE: file, FOLDER: name_without_endings(folder), PATH: str(below)}


def places_named(fields: Mapping[str, str]) -> list[str]:
    """The places that a mapping names.

    >>> places_named({"channel": "@folder", "id": "@file + no", "brand": "=@file"})
    ['@file', '@folder']
    """
    parts = {part.strip() for spec in fields.values() if not spec.startswith("=") for part in spec.split("+")}
    return [place for place in PLACES if place in parts]


def with_places(rows: Iterable[Row | Refusal], content: Content, named: Iterable[str]) -> Iterator[Row | Refusal]:
    """The rows with the places that a mapping names, unless they hold a column of that name."""
    every = places_of(content)
    places = {place: every[place] for place in named}
    for item in rows:
        yield item if isinstance(item, Refusal) else (item[0], {**places, **item[1]})
