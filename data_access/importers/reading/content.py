"""Bytes of one file, wherever they lie: on disk, inside a zip, gzipped. They are streamed, counted, and limited."""

import gzip
import hashlib
import io
import os
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, TypeVar

import pyarrow as pa

from data_access.importers.reading.json_text import json_decoder

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
#: What a compressed file may grow to. Real exports reach some hundredfold (rows of commas); a bomb is over both.
SUSPECT_BYTES = 1 << 30
SUSPECT_RATIO = 200
_COPY_BYTES = 1 << 20
_HEAD_BYTES = 1 << 14

#: What the libraries raise for a file that is broken as a whole.
BROKEN = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    pa.ArrowException,
    UnicodeError,
    SyntaxError,
    NotImplementedError,
    RecursionError,
)

#: What the refusal that ends a broken file says: part of it is in no list.
REST_NOT_READ = "The rest of the file was not read: export it again, or mend it there, and import it once more"
#: Said of a file that was to be read as a format of which it has nothing.
NOTHING_OF_FORMAT = "Nothing came in: leave --format away, so that the file is recognised, or name another"

T = TypeVar("T")


def until_broken(items: Iterable[T]) -> Iterator[T]:
    """The items as far as they can be read: to look into a file. Reading it for good says why it breaks off."""
    try:
        yield from items
    except BROKEN:
        return


def _chunks(stream: "io.BufferedReader[Any]", length: int) -> Iterator[bytes]:
    """The first ``length`` bytes, and a few more, each as soon as it can be read."""
    while length > 0 and (chunk := stream.read1(_HEAD_BYTES)):
        length -= len(chunk)
        yield chunk


class TooLarge(OSError):
    """A compressed file that grows beyond all reason."""


@dataclass
class Progress:
    """How far a reading is: rows (records of the file) read, and what was passed over and why."""

    rows: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class _Counting(io.RawIOBase):
    """Passes reads through and tells ``report`` where it stands."""

    def __init__(self, raw: IO[bytes] | gzip.GzipFile, report: Callable[[int], None]) -> None:
        self._raw = raw
        self._read: Callable[[int], bytes] = getattr(raw, "read1", raw.read)
        self._report = report

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._read(len(buffer))  # what can be read before a break is given out
        buffer[: len(chunk)] = chunk
        self._report(self._raw.tell())
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Unzipping(_Counting):
    """A gzip stream that stops when it grows beyond all reason."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__(gzip.GzipFile(fileobj=packed), lambda position: refuse_bomb(position, packed.tell()))
        self._packed = packed

    def close(self) -> None:
        super().close()
        self._packed.close()


class _InUtf8(io.RawIOBase):
    """A text in another encoding as UTF-8: JSON is read in no other."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._decoder = json_decoder(encoding)
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            block = self._stream.read(_COPY_BYTES >> 4)
            self._ready = self._decoder.decode(block, final=not block).encode("utf-8", "replace")
            if not block:
                break
        chunk, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def refuse_bomb(unpacked_bytes: int, packed_bytes: int, suspect_bytes: int | None = None) -> None:
    """Raise ``TooLarge`` where so little grows to so much that it can only be meant to do harm."""
    if unpacked_bytes > (suspect_bytes or SUSPECT_BYTES) and unpacked_bytes > SUSPECT_RATIO * max(packed_bytes, 1):
        raise TooLarge(
            f"{packed_bytes:,} packed bytes grow to {unpacked_bytes:,} or more, over {SUSPECT_RATIO} times as much: "
            "a zip bomb is not unpacked. Unpack it yourself if you trust it, and import the files."
        )


@dataclass
class Content:
    """One file's bytes.

    ``name`` tells its place, ``folder`` the name of the folder that holds it, where ``name`` does not; ``size_bytes``
    and ``bytes_read`` count the same bytes (those on disk where it is gzipped). ``encoding``: what it is in, where
    it is given out as UTF-8 instead. ``seen``: what was found out about it.
    """

    name: str
    size_bytes: int
    open_raw: Callable[[], IO[bytes]]
    bytes_read: int = 0
    progress: Progress = field(default_factory=Progress)
    folder: str = ""
    encoding: str | None = None
    seen: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def aside(self) -> "Content":
        """The same bytes, to look into without counting as progress."""
        return replace(self, bytes_read=0, progress=Progress())

    def open(self) -> "io.BufferedReader[Any]":
        """The bytes, unpacked if they are gzipped, from the start."""
        raw = self.open_raw()
        counted: io.BufferedReader[Any] = io.BufferedReader(_Counting(raw, self._set_position), 1 << 16)
        is_packed = counted.peek(2)[:2] == GZIP_MAGIC
        stream = io.BufferedReader(_Unzipping(counted), 1 << 16) if is_packed else counted
        return stream if self.encoding is None else io.BufferedReader(_InUtf8(stream, self.encoding), 1 << 16)

    def _set_position(self, position: int) -> None:
        self.bytes_read = min(position, self.size_bytes)

    def head(self, length: int) -> bytes:
        """The first ``length`` bytes at most, as far as they can be read."""
        with self.aside().open() as stream:
            return b"".join(until_broken(_chunks(stream, length)))[:length]

    def why_broken(self, length: int) -> str | None:
        """Why the first ``length`` bytes cannot be read; None where they can."""
        try:
            with self.aside().open() as stream:
                for _chunk in _chunks(stream, length):
                    pass
        except BROKEN as error:
            return str(error)
        return None

    @contextmanager
    def open_seekable(self) -> Iterator[IO[bytes]]:
        """The bytes as a stream that seeks well: formats such as XLSX and Parquet begin at their end."""
        with self.open() as stream:
            if isinstance(stream.raw, _Unzipping) or not self._is_plain_file(stream):
                with tempfile.TemporaryFile() as copy:
                    while chunk := stream.read(_COPY_BYTES):
                        copy.write(chunk)
                    copy.seek(0)
                    yield copy
            else:
                yield stream

    @staticmethod
    def _is_plain_file(stream: "io.BufferedReader[Any]") -> bool:
        raw = stream.raw
        return isinstance(raw, _Counting) and isinstance(raw._raw, io.BufferedReader)

    def fingerprint(self, options: str) -> str:
        """A hash of the bytes and of ``options``, the choices that change what is read from them."""
        digest = hashlib.blake2b(options.encode(), digest_size=20)
        with self.open_raw() as raw:
            for chunk in until_broken(iter(lambda: raw.read(_COPY_BYTES), b"")):
                digest.update(chunk)
        return digest.hexdigest()


def readable(name: str) -> str:
    """A file's name as text. One that is not UTF-8, as old zips unpack on Linux, is taken for one of Windows.

    >>> readable(os.fsdecode(b"R\\xfcckmeldungen.csv")), readable("Fähre.csv")
    ('Rückmeldungen.csv', 'Fähre.csv')
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("cp1252", "replace")
    return name


def content_of_file(path: Path, name: str) -> Content:
    """A file on disk."""
    name, folder = readable(name), readable(path.absolute().parent.name)
    return Content(name=name, size_bytes=path.stat().st_size, open_raw=lambda: path.open("rb"), folder=folder)


def content_of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Content:
    """A file inside a zip, which stays open as long as one of them is wanted. Raises ``TooLarge`` for a bomb,
    ``zipfile.BadZipFile`` for one that needs a password."""
    if member.flag_bits & 0x1:
        raise zipfile.BadZipFile("needs a password: unpack it yourself, and import the files.")
    refuse_bomb(member.file_size, member.compress_size)

    return Content(name=name, size_bytes=member.file_size, open_raw=lambda: archive.open(member))
