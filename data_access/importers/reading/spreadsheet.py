"""Tables in XLSX workbooks, row by row: the first sheet that holds a table."""

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from data_access.importers.reading.content import SUSPECT_BYTES, Content, refuse_bomb
from data_access.importers.reading.table_rows import BLANK_ROW, Row, name_columns
from data_access.records import Refusal

#: What a workbook holds beside its sheets is kept in memory: it is suspected of being a bomb sooner.
_KEPT_SUSPECT_BYTES = 1 << 26


@dataclass(frozen=True)
class Spreadsheet:
    """A sheet of a workbook whose first row that holds anything is the header."""

    columns: tuple[str, ...]
    sheet: str

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The rows by header; empty ones are skipped."""
        with content.open_seekable() as stream:
            header_is_due = True
            for number, cells in enumerate(_cells(stream, self.sheet), start=1):
                if all(cell is None or cell == "" for cell in cells):
                    content.progress.skipped[BLANK_ROW] += 1
                elif header_is_due:
                    header_is_due = False
                else:
                    content.progress.rows += 1
                    yield number, dict(zip(self.columns, cells, strict=False))


def _cells(stream: IO[bytes], sheet: str) -> Iterator[tuple[Any, ...]]:
    import openpyxl  # takes a while to load, and few files are workbooks

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl tells of styles and extensions that it leaves out
        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    try:
        worksheet = workbook[sheet]
        worksheet.reset_dimensions()  # a wrong size in the file would cut rows off
        yield from worksheet.iter_rows(values_only=True)
    finally:
        workbook.close()


def is_workbook(names: list[str]) -> bool:
    """Whether a zip's members are those of an XLSX file."""
    return "xl/workbook.xml" in names


def recognise_spreadsheet(content: Content) -> Spreadsheet | None:
    """The first sheet that holds two columns and a row below its header; None where there is none.

    Raises ``TooLarge`` for a workbook that grows beyond all reason.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with content.aside().open_seekable() as stream:
            with zipfile.ZipFile(stream) as archive:
                for member in archive.infolist():
                    is_streamed = member.filename.startswith("xl/worksheets/")
                    limit = SUSPECT_BYTES if is_streamed else _KEPT_SUSPECT_BYTES
                    refuse_bomb(member.file_size, member.compress_size, limit)
            workbook = openpyxl.load_workbook(stream, read_only=True)
            sheets = [sheet.title for sheet in workbook.worksheets]
            for sheet in sheets:
                header = next((row for row in _cells(stream, sheet) if any(cell is not None for cell in row)), ())
                while header and header[-1] is None:
                    header = header[:-1]
                if len(header) > 1:
                    return Spreadsheet(name_columns(header), sheet)
    except (InvalidFileException, zipfile.BadZipFile, KeyError):
        return None
    return None
