"""Every file of a folder or zip, without what systems leave there."""

import struct
import zipfile
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, count
from pathlib import Path, PurePosixPath

from data_access.importers.reading.content import (
    BROKEN,
    SUSPECT_BYTES,
    ZIP_MAGIC,
    Content,
    content_of_file,
    content_of_member,
    readable,
    refuse_bomb,
)
from data_access.importers.reading.options import UnknownFormat, UnrecognisedInput
from data_access.importers.reading.spreadsheet import is_workbook

Found = tuple[str, Content | UnrecognisedInput]

#: What systems and programs put beside people's files. Anything else whose name begins with a dot is read.
_OF_SYSTEMS = frozenset(
    [
        *(".DS_Store", "__MACOSX", ".AppleDouble", ".AppleDB", ".Spotlight-V100", ".Trashes", ".fseventsd"),
        *(".TemporaryItems", ".localized", "Thumbs.db", "desktop.ini", ".directory"),
        *(".git", ".gitignore", ".gitattributes", ".gitkeep", ".svn", ".hg", ".venv", ".idea", ".vscode"),
    ]
)
_OF_SYSTEMS_START = ("._", ".~", "~$", ".Trash-", ".nfs")
_OF_SYSTEMS_END = (".swp", ".part", ".crdownload", ".tmp")
#: How much of a zip its list of files may be: some 300,000 files.
_LONGEST_LIST_BYTES = 1 << 25
_LIST_END, _LONG_LIST_END = b"PK\x05\x06", b"PK\x06\x06"
_LARGE = "Unpack it yourself if you trust it, and import the folder."


def is_of_system(parts: Sequence[str]) -> bool:
    """Whether a path is none of people's files: what systems hide, locks, and what is still being written.

    >>> is_of_system(["in", ".DS_Store"]), is_of_system([".general.csv"]), is_of_system(["~$plan.xlsx"])
    (True, False, True)
    """
    return any(
        part in _OF_SYSTEMS
        or part.startswith(_OF_SYSTEMS_START)
        or (part.startswith(".") and part.endswith(_OF_SYSTEMS_END))
        for part in parts
    )


def is_hidden(below: str) -> bool:
    """Whether the name of a file or of a folder around it begins with a dot."""
    return any(part.startswith(".") for part in below.split("/"))


def is_archive(path: Path) -> bool:
    """Whether a file is a zip of files. Raises ``UnknownFormat`` for one that is damaged or lists too many."""
    with path.open("rb") as stream:
        if stream.read(len(ZIP_MAGIC)) != ZIP_MAGIC:
            return False
    _refuse_long_list(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return not is_workbook(archive.namelist())
    except zipfile.BadZipFile as error:
        raise UnknownFormat(
            path.name, f"is a damaged zip or workbook: {error}.", "Download or pack it again."
        ) from error


def is_archive_quietly(path: Path) -> bool:
    """Whether a file is a zip of files that can be opened."""
    try:
        return is_archive(path)
    except UnknownFormat:
        return False


def _refuse_long_list(path: Path) -> None:
    """Raise ``UnknownFormat`` for a zip whose list of files would not fit into memory."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - (1 << 16) - 128))
        tail = stream.read()
    end, long_end = tail.rfind(_LIST_END), tail.rfind(_LONG_LIST_END)
    list_bytes = struct.unpack_from("<I", tail, end + 12)[0] if 0 <= end <= len(tail) - 16 else 0
    if 0 <= long_end <= len(tail) - 48:
        list_bytes = struct.unpack_from("<Q", tail, long_end + 40)[0]
    if list_bytes > _LONGEST_LIST_BYTES:
        raise UnknownFormat(path.name, "is a zip of more files than are read from one.", _LARGE)


def walk(path: Path) -> Iterator[Found]:
    """Every file of a folder or zip by its path below it, sorted. Raises ``TooLarge`` for a zip bomb."""
    if not path.is_dir():
        yield from _walk_archive(path, readable(path.name))
        return
    for file in sorted(inner for inner in path.rglob("*") if inner.is_file()):
        below = file.relative_to(path)
        if not is_of_system(below.parts):
            yield below.as_posix(), content_of_file(file, f"{path.name}/{below.as_posix()}")


def _walk_archive(path: Path, name: str) -> Iterator[Found]:
    archive = zipfile.ZipFile(path)  # the files read from it: it is closed with the last of them
    members = sorted(archive.infolist(), key=lambda member: member.filename)
    total_bytes = 0
    taken: set[str] = set()
    for member in members:
        below = _inner_path(member.filename)
        if member.is_dir() or not below or is_of_system(below.split("/")):
            continue
        below = _path_of_its_own(below, taken)
        taken.add(below)
        full_name = f"{name}/{below}"
        try:
            content = content_of_member(archive, member, full_name)
            total_bytes += member.file_size
            refuse_bomb(total_bytes, path.stat().st_size)  # files may lie over each other
            if content.head(4) == ZIP_MAGIC and not _is_workbook_inside(content):
                yield below, UnrecognisedInput(full_name, "is a zip inside a zip: unpack the outer one first.")
            else:
                yield below, content
        except BROKEN as error:
            yield below, UnrecognisedInput(full_name, f"cannot be unpacked: {error}")


def _inner_path(filename: str) -> str:
    """A member's path without what would lead out of the zip.

    >>> _inner_path("../../etc/a.csv"), _inner_path("/in/./a.csv"), _inner_path("in\\\\a.csv")
    ('etc/a.csv', 'in/a.csv', 'in/a.csv')
    """
    return "/".join(part for part in filename.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _path_of_its_own(below: str, taken: Collection[str]) -> str:
    """A path that no other member has: two of one name are two files.

    >>> _path_of_its_own("in/a.csv", {"in/a.csv"})
    'in/a (2).csv'
    """
    path = PurePosixPath(below)
    numbered = (path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix() for number in count(2))
    return next(name for name in chain([below], numbered) if name not in taken)


def _is_workbook_inside(content: Content) -> bool:
    if content.size_bytes > SUSPECT_BYTES:
        return False
    with content.aside().open_seekable() as stream, zipfile.ZipFile(stream) as inner:
        return is_workbook(inner.namelist())
