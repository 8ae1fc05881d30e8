"""Lines of text read by a regular expression that somebody gave: its named groups are the columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from data_access.importers.reading.content import Content
from data_access.importers.reading.encodings import detect_encoding
from data_access.importers.reading.options import ImportOptions, UnknownFormat
from data_access.importers.reading.table_rows import BLANK_ROW, Row
from data_access.importers.reading.text_lines import RETURN_MARK, TextLines
from data_access.records import Refusal

#: What a mapping may say of files whose lines are no cells: how a line is read.
PATTERN = "pattern"
_ADVICE = r"A pattern names what it finds, as in: --map 'pattern=^(?P<time>\S+) <(?P<author>[^>]+)> (?P<text>.*)$'"
_OTHER_SPELLING = re.compile(r"\(\?<(?![=!])")


@dataclass(frozen=True)
class PatternLines:
    """A text whose lines are the rows."""

    columns: tuple[str, ...]
    encoding: str
    pattern: re.Pattern[str]

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The named groups of each line. Refused are lines that the pattern does not match."""
        progress, search = content.progress, self.pattern.search
        with content.open() as stream:
            lines = TextLines(stream, self.encoding)
            for number, line in enumerate(lines.from_line(1), start=1):
                lines.first = number
                text = line.rstrip("\r\n").replace(RETURN_MARK, "\n")
                if not text.strip():
                    progress.skipped[BLANK_ROW] += 1
                    continue
                progress.rows += 1
                match = search(text)
                if number in lines.damaged:
                    yield Refusal(number, lines.damaged[number], text)
                elif match is None:
                    yield Refusal(number, "does not match the pattern", text)
                else:
                    yield number, match.groupdict()


def pattern_of(options: ImportOptions) -> re.Pattern[str] | None:
    """The pattern that the caller gives for lines of text. Raises ``UnknownFormat`` for one that cannot be used."""
    written = (options.mapping or {}).get(PATTERN)
    if not written:
        return None
    try:
        pattern = re.compile(_OTHER_SPELLING.sub("(?P<", written))
    except re.error as error:
        raise UnknownFormat("--map pattern", f"the pattern cannot be read: {error}.", _ADVICE) from error
    if not pattern.groupindex:
        raise UnknownFormat("--map pattern", "the pattern has no named groups.", _ADVICE)
    return pattern


def recognise_lines(head: bytes, pattern: re.Pattern[str]) -> PatternLines | None:
    """The lines of a text, by its first bytes; None for what is no text."""
    encoding = detect_encoding(head)
    if not head.strip() or "\x00" in head.decode(encoding, errors="replace"):
        return None
    return PatternLines(tuple(pattern.groupindex), encoding, pattern)
