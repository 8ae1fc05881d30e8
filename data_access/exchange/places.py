"""Where an export stands: a folder, or a zip. Written under another name first, so that none is there that is half."""

import errno
import hashlib
import io
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import IO, Any

from data_access.exchange.manifest import MANIFEST, DamagedExport, Manifest, NotAnExport, is_manifest, parse_manifest

_COPY_BYTES = 1 << 20
_LARGEST_MANIFEST = 1 << 22
_PART = ".part"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
Open = Callable[[str], AbstractContextManager[IO[bytes]]]


class TargetExists(FileExistsError):
    """There is something at that path already. Nothing was written."""


class NoSpace(OSError):
    """The disk is full. What was written was removed again."""


class Counted(io.RawIOBase):
    """Passes on what is written, and knows how much it was and its hash."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._hash = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._target.write(content)
        self._hash.update(content)
        length = memoryview(content).nbytes
        self.size += length
        return length

    def tell(self) -> int:
        return self.size

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class NewPlace:
    """A place that is being written."""

    def __init__(self, create: Open) -> None:
        self._create = create

    @contextmanager
    def create(self, name: str) -> Iterator[Counted]:
        """A file in it, to write to. It knows its ``size`` and ``sha256``."""
        with self._create(name) as target:
            yield Counted(target)

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, last of all."""
        with self._create(MANIFEST) as target:
            target.write(manifest.to_json().encode())


class Place:
    """An export that is there, with its manifest."""

    def __init__(self, name: str, opened: Open) -> None:
        self.name = name
        self._open = opened
        with opened(MANIFEST) as source:
            self.manifest = parse_manifest(source.read(_LARGEST_MANIFEST))

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """One of its files, to read from any place in it. Raises ``DamagedExport`` where it is missing."""
        if PurePosixPath(name).name != name:
            raise DamagedExport(f"{name!r} is no name of a file of an export.")
        return self._open(name)


@contextmanager
def new_folder(path: Path) -> Iterator[NewPlace]:
    """Write an export into a folder that is not there yet, or empty. Raises ``TargetExists``, ``NoSpace``."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise TargetExists(f"{path} is there already and not empty. Nothing was written: choose another folder.")
    whole = path.absolute()
    is_there = whole.exists()  # somebody may stand in it, or it is a disk of its own: it stays the folder that it is
    part = _name_of_part(whole / whole.name if is_there else whole)
    part.mkdir(parents=True)
    with _removed_on_error(part, whole):
        yield NewPlace(lambda name: (part / name).open("xb"))
        if not is_there:
            part.replace(whole)
            return
        for file in sorted(part.iterdir(), key=lambda file: file.name == MANIFEST):
            file.rename(whole / file.name)
        part.rmdir()


def _name_of_part(whole: Path) -> Path:
    """What is written is called so until it is whole. Nobody else's file is."""
    return whole.with_name(f"{whole.name}.{token_hex(4)}{_PART}")


@contextmanager
def new_archive(path: Path) -> Iterator[NewPlace]:
    """Write an export into a zip that is not there yet. Raises ``TargetExists``, ``NoSpace``."""
    if path.exists():
        raise TargetExists(f"{path} is there already. Nothing was written: choose another name, or remove it first.")
    whole = path.absolute()
    whole.parent.mkdir(parents=True, exist_ok=True)
    part = _name_of_part(whole)
    part.touch(exist_ok=False)
    with _removed_on_error(part, whole):
        # the files are compressed themselves, and stored as they are they can be read from any place
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            yield NewPlace(lambda name: archive.open(name, "w", force_zip64=True))
        if path.exists():
            raise TargetExists(f"{path} has come to be meanwhile. Nothing was written over: choose another name.")
        part.replace(whole)


@contextmanager
def _removed_on_error(part: Path, whole: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise NoSpace(
                f"No space is left for {whole}. What was written of it is removed again: "
                "free some space, or write elsewhere."
            ) from error
        raise


def find_export(path: Path) -> bool:
    """Whether there is an export: a folder or a zip with a manifest of ours. A damaged one counts, too."""
    try:
        if path.is_dir():
            with (path / MANIFEST).open("rb") as source:
                return is_manifest(source.read(_LARGEST_MANIFEST))
        with zipfile.ZipFile(path) as archive, archive.open(_folder_of(archive) + MANIFEST) as source:
            return is_manifest(source.read(_LARGEST_MANIFEST))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False


@contextmanager
def open_export(path: Path) -> Iterator[Place]:
    """An export in a folder or a zip. Raises ``NotAnExport``, ``NewerExport``, ``DamagedExport``."""
    if not find_export(path):
        raise NotAnExport(f"{path} is no export of Rapport: there is no {MANIFEST} of one in it.")
    if path.is_dir():
        yield Place(path.name, lambda name: _opened(path / name, name))
        return
    with zipfile.ZipFile(path) as archive:
        folder = _folder_of(archive)
        yield Place(path.name, lambda name: _member(path, archive, folder, name))


def _opened(file: Path, name: str) -> IO[bytes]:
    try:
        return file.open("rb")
    except FileNotFoundError as error:
        raise DamagedExport(f"{name} is missing. Take another copy of the export.") from error


def _folder_of(archive: zipfile.ZipFile) -> str:
    """The folder in a zip that holds the manifest: none, or the one that was zipped."""
    names = [PurePosixPath(name) for name in archive.namelist()]
    found = min((len(name.parts), str(name.parent)) for name in names if name.name == MANIFEST)
    return "" if found[1] == "." else f"{found[1]}/"


@contextmanager
def _member(path: Path, archive: zipfile.ZipFile, folder: str, name: str) -> Iterator[IO[bytes]]:
    try:
        info = archive.getinfo(folder + name)
    except KeyError as error:
        raise DamagedExport(f"{name} is missing. Take another copy of the export.") from error
    if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
        with path.open("rb") as source:
            yield io.BufferedReader(_Stored(source, info), _COPY_BYTES)
        return
    with tempfile.TemporaryFile() as whole:  # somebody zipped it anew: it cannot be read from any place in it
        with archive.open(info) as source:
            shutil.copyfileobj(source, whole, _COPY_BYTES)
        whole.seek(0)
        yield whole


class _Stored(io.RawIOBase):
    """A member of a zip that is stored as it is, to read from any place in it: zipfile would read up to there."""

    def __init__(self, source: IO[bytes], info: zipfile.ZipInfo) -> None:
        source.seek(info.header_offset + 26)
        name_bytes, extra_bytes = struct.unpack("<HH", source.read(4))
        self._source, self._size = source, info.file_size
        self._start = info.header_offset + 30 + name_bytes + extra_bytes
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        self._source.seek(self._start + self._at)
        content = self._source.read(wanted)
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)
