"""The lines of a text file, decoded in blocks, so that one bad byte costs one line and memory stays flat."""

import codecs
import io
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain

from data_access.importers.reading.content import BROKEN
from data_access.importers.reading.encodings import UTF8_MARK, detect_encoding

#: A vertical tab, which nobody writes, stands for a return within a row until the row is read.
RETURN_MARK = "\x0b"
_BLOCK_BYTES = 1 << 18
LONGEST_LINE = 1 << 23
_CLIPPED = f"is longer than {LONGEST_LINE >> 20} MB: no newline ends it"


class TextLines:
    """The lines of a stream, each with its ending.

    ``damaged``: number of a line -> what is wrong with it, for the lines at hand. ``need_care``: some are damaged, hold
    marks, or end without a newline. ``first`` is the number of the line that the caller is at: those from there on can
    be read again. Blocks of nothing but ``blanks`` between two rows are passed over at once: ``passed`` counts their
    lines.
    """

    def __init__(self, stream: io.BufferedReader, encoding: str, blanks: str = "") -> None:
        self.first = 1
        self.passed = 0
        self._blanks = blanks
        self.damaged: dict[int, str] = {}
        self.need_care = False
        self._open_end = 0
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._is_ascii_so_far = True
        self._held: deque[tuple[int, list[str]]] = deque()
        self._next_number = 1
        self._blocks = self._hold(self._texts(stream))

    def from_line(self, number: int) -> Iterator[str]:
        """The lines from this one on, again where they were read."""
        self.first = number
        held = [lines[max(0, number - first) :] for first, lines in self._held]
        return chain(chain.from_iterable(held), chain.from_iterable(self._blocks))

    def between(self, start: int, end: int) -> list[str]:
        """The lines from ``start`` up to, but without, ``end``."""
        return [line for first, lines in self._held for line in lines[max(0, start - first) : max(0, end - first)]]

    def _is_passed_over(self, text: str) -> bool:
        is_between_rows = self.first == self._next_number
        if not self._blanks or not is_between_rows or text[-1:] != "\n" or text.strip(self._blanks):
            return False
        count = text.count("\n")
        self.passed += count
        self.first += count
        self._next_number += count
        return True

    def is_open(self, number: int) -> bool:
        """Whether this is the last line of the file, and no newline ends it."""
        return number == self._open_end

    def _hold(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The lines of each block. Blocks that lie before the row at hand are let go."""
        for text in texts:
            if self._is_passed_over(text):
                continue
            lines = list(io.StringIO(text, newline="\n"))
            while self._held and self._held[0][0] + len(self._held[0][1]) <= self.first:
                self._held.popleft()
            self.damaged = {number: why for number, why in self.damaged.items() if number >= self.first}
            if lines and not lines[-1].endswith("\n"):
                self._open_end = self._next_number + len(lines) - 1
            self.need_care = self.need_care or bool(self._open_end or self.damaged)
            self._held.append((self._next_number, lines))
            self._next_number += len(lines)
            yield lines

    def _texts(self, stream: io.BufferedReader) -> Iterator[str]:
        is_wide = self._encoding.startswith(("utf-16", "utf-32"))
        if is_wide or _ends_rows_with_returns(stream):
            yield from self._cut(stream, "\n" if is_wide else "\r")
            return
        if stream.peek(3)[:3] == UTF8_MARK:
            stream.read(3)
        while block := stream.read1(_BLOCK_BYTES):
            if not block.endswith(b"\n"):
                try:
                    block += stream.readline(LONGEST_LINE)
                except BROKEN:
                    if whole := block[: block.rfind(b"\n") + 1]:
                        yield self._without_returns(self._decode(whole))
                    raise
                if len(block) >= LONGEST_LINE and not block.endswith(b"\n"):
                    _pass_over_line(stream)
                    yield from self._clipped(block)
                    continue
            yield self._without_returns(self._decode(block))

    def _clipped(self, block: bytes) -> Iterator[str]:
        """A block whose last line is too long to be kept."""
        body, _newline, start = block.rpartition(b"\n")
        if body:
            yield self._without_returns(self._decode(body + b"\n"))
        self.damaged[self._next_number] = _CLIPPED
        yield start[:_BLOCK_BYTES].decode(self._encoding, errors="replace").replace('"', "'") + "\n"

    def _decode(self, block: bytes) -> str:
        try:
            text = block.decode(self._encoding)
        except UnicodeDecodeError:
            if self._is_ascii_so_far and self._encoding == "utf-8":  # the first letters beyond ASCII tell
                self._encoding = detect_encoding(block)
            text = self._decode_by_line(block)
        self._is_ascii_so_far = self._is_ascii_so_far and text.isascii()
        return text.replace("\x00", "") if "\x00" in text else text

    def _decode_by_line(self, block: bytes) -> str:
        lines = []
        for number, line in enumerate(io.BytesIO(block), start=self._next_number):
            try:
                lines.append(line.decode(self._encoding))
            except UnicodeDecodeError:
                self.damaged[number] = f"holds bytes that are not {self._encoding}"
                lines.append(line.decode(self._encoding, errors="replace"))
        return "".join(lines)

    def _without_returns(self, text: str) -> str:
        """A return alone within a line is part of what somebody wrote, and is marked, because a reader of CSV would end
        the row there."""
        if "\r" not in text or text.count("\r") == text.count("\r\n"):
            return text
        self.need_care = True
        lines = io.StringIO(text, newline="\n")
        bodies = ((line.rstrip("\r\n"), line) for line in lines)
        return "".join(body.replace("\r", RETURN_MARK) + line[len(body) :] for body, line in bodies)

    def _cut(self, stream: io.BufferedReader, ending: str) -> Iterator[str]:
        """Blocks of whole lines where a newline is more than a byte, or a return."""
        decoder = codecs.getincrementaldecoder(self._encoding)(errors="replace")
        rest = ""
        while block := stream.read1(_BLOCK_BYTES):
            text = rest + decoder.decode(block)
            cut = text.rfind(ending) + 1
            rest = text[cut:]
            if len(rest) > LONGEST_LINE:
                self.damaged[self._next_number + text.count(ending, 0, cut)] = _CLIPPED
                text, cut, rest = f"{text[:cut]}{rest[:_BLOCK_BYTES]}{ending}", len(text) + 1, ""
            if cut:
                yield self._with_newlines(text[:cut], ending)
        yield self._with_newlines(rest + decoder.decode(b"", final=True), ending)

    def _with_newlines(self, text: str, ending: str) -> str:
        text = text.removeprefix("\ufeff").replace("\x00", "")
        if ending == "\n":
            return self._without_returns(text)
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _pass_over_line(stream: io.BufferedReader) -> None:
    while (part := stream.readline(_BLOCK_BYTES)) and not part.endswith(b"\n"):
        pass


def _ends_rows_with_returns(stream: io.BufferedReader) -> bool:
    """Whether the file is of the kind that ends its rows with a return alone: most of its line ends are."""
    start = stream.peek(1 << 16)
    return start.count(b"\r") - start.count(b"\r\n") > start.count(b"\n")
