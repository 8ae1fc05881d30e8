"""Files that lie side by side without a folder of their own: which of them are one export of several files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data_access.importers.reading.content import Content, content_of_file
from data_access.importers.reading.inputs import FORMATS, recognise
from data_access.importers.reading.options import Format, ImportOptions, UnknownFormat
from data_access.importers.reading.sample import take_sample
from data_access.importers.reading.several_tables import header_of
from data_access.importers.reading.tree import is_archive_quietly


@dataclass(frozen=True)
class TogetherFiles:
    """Files that are one export: the ``format``'s name, and where they are."""

    format: str
    paths: tuple[Path, ...]


def find_together(paths: Sequence[Path]) -> list[TogetherFiles]:
    """The exports of several files among these, each of two files at least. A file belongs to one of them at most, and
    to none that another format recognises by itself. Of files of one name nobody can tell which belongs to what: they
    stay alone, and so do zips."""
    names = Counter(path.name for path in paths)
    alone = {path.name: path for path in paths if names[path.name] == 1 and not is_archive_quietly(path)}
    contents = {name: content_of_file(path, name) for name, path in alone.items()}
    found = []
    for known in FORMATS:
        if known.find_bundles is None or len(contents) < 2 or "" not in known.find_bundles(contents):
            continue
        members = [name for name, content in contents.items() if _belongs(known, name, content)]
        if len(members) > 1:
            found.append(TogetherFiles(known.name, tuple(alone[name] for name in members)))
            contents = {name: content for name, content in contents.items() if name not in members}
    return found


def _belongs(known: Format, name: str, content: Content) -> bool:
    """Whether a file beside an export of this format is of it. What takes any table that a connector copied does not
    take those that another format knows."""
    if known.takes is not None and not known.takes(name, content):
        return False
    if known.takes is not None and not header_of(content):
        return True
    try:
        by_itself = recognise(take_sample(content), ImportOptions())
    except UnknownFormat:
        return known.takes is not None or name.endswith(".json")
    return by_itself.name == known.name or (by_itself.is_fallback and known.takes is not None)
