"""Excel workbooks that came from outside, read as rows of values with the addresses of their cells.

Nothing in the file is believed before it was counted. The archive is unpacked once to see how large it really
is, and the sheet is walked through to see how far its cells really reach: a cell at the far corner of an
empty sheet would otherwise make a table of seventeen billion places. Only then are values read, by a reader
that knows no formulas, no links and no macros.
"""

from __future__ import annotations

import io
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from xml.parsers import expat

import python_calamine

from shanshi.kernel.errors import N_, Invalid

Value = str | int | float | bool | date | datetime | time | timedelta

_PART: Final = 64 * 1024
_MOST_PARTS: Final = 200
_MACROS: Final = re.compile(r"(?i)vbaProject|\.bin$|macrosheets/")
_LINKS: Final = re.compile(r"(?i)xl/externalLinks/|xl/connections\.xml|xl/embeddings/|xl/activeX/")
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a workbook is read.

    unpacked_bytes  all parts together; times how much larger than the file they may be
    """

    rows: int = 2000
    columns: int = 30
    letters: int = 500
    unpacked_bytes: int = 20 * 1024 * 1024
    times: int = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `address` as Excel shows it, for example "B7"; an empty cell has the value ""."""

    address: str
    value: Value

    @property
    def text(self) -> str:
        """The value as somebody would have typed it, without spaces around it: 12.0 is "12"."""
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return unicodedata.normalize("NFKC", str(self.value)).strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty, with a cell for each wanted column, in the order asked for."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column to find by its heading; any of the names, whatever their case."""

    names: tuple[str, ...]
    needed: bool = True


class NotAWorkbook(Invalid):
    """The file cannot be read as an Excel workbook."""

    code = "documents.not_a_workbook"
    says = N_("This file cannot be read as an Excel workbook.")
    way = N_("Open it in Excel, save it anew as .xlsx without a password, and send that.")


class WorkbookTooLarge(Invalid):
    """The workbook holds more than is read at once."""

    code = "documents.workbook_too_large"
    says = N_("Unpacked, the workbook is larger than {most_mb} MB.")
    way = N_("Copy the table alone into an empty workbook and send that.")


class TableTooLarge(Invalid):
    """The table reaches further than is read at once."""

    code = "documents.table_too_large"
    says = N_("The table reaches beyond {rows} rows or {columns} columns.")
    way = N_("Divide it into several, and delete formats and notes beside the table.")


class WorkbookHasMacros(Invalid):
    """The workbook carries programs."""

    code = "documents.workbook_has_macros"
    says = N_("The workbook carries macros.")
    way = N_("Save it as a plain .xlsx and send that.")


class WorkbookHasLinks(Invalid):
    """The workbook carries links to other files, or other files themselves."""

    code = "documents.workbook_has_links"
    says = N_("The workbook is linked to other files, or carries some.")
    way = N_("Copy the table's values into an empty workbook and send that.")


class ColumnMissing(Invalid):
    """A heading is not in the first row."""

    code = "documents.column_missing"
    says = N_('The first row has no column "{name}".')
    way = N_("Use the template, and leave its first row as it is.")


class CellTooLong(Invalid):
    """One cell holds more than any of ours."""

    code = "documents.cell_too_long"
    says = N_("Cell {address} holds more than {most} letters.")
    way = N_("Shorten it.")


def table(content: bytes, columns: Sequence[Column], *, limits: Limits | None = None) -> list[Row]:
    """Return the rows of the first sheet below its first row, without the empty ones.

    columns  found by their headings in the first row, in any order; others are not read

    Raises NotAWorkbook, WorkbookHasMacros, WorkbookHasLinks, WorkbookTooLarge, TableTooLarge,
    ColumnMissing, CellTooLong.
    """
    limits = limits or Limits()
    _count(content, limits)
    lines = _lines(content)
    if not lines:
        raise ColumnMissing(name=" / ".join(columns[0].names[:2]))
    places = [_place(lines[0], column) for column in columns]
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = tuple(
            Cell(address(number, place), line[place])
            if place is not None and place < len(line)
            else Cell("", "")
            for place in places
        )
        for cell in cells:
            if len(cell.text) > limits.letters:
                raise CellTooLong(address=cell.address, most=limits.letters)
        if any(cell.text for cell in cells):
            rows.append(Row(number, cells))
    return rows


def _lines(content: bytes) -> list[list[Value]]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, ValueError, OSError) as error:
        raise NotAWorkbook from error
    except BaseException as error:
        # What the reader, which is written in Rust, did not foresee comes as a panic, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise NotAWorkbook from error
        raise


def address(row: int, column: int) -> str:
    """Return a cell's address.

    row     from 1
    column  from 0
    """
    letters, left = "", column + 1
    while left:
        left, place = divmod(left - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row}"


def _place(heads: Sequence[object], column: Column) -> int | None:
    wanted = {name.casefold() for name in column.names}
    for place, head in enumerate(heads):
        if unicodedata.normalize("NFKC", str(head)).strip().casefold() in wanted:
            return place
    if column.needed:
        raise ColumnMissing(name=" / ".join(column.names[:2]))
    return None


def _count(content: bytes, limits: Limits) -> None:
    """Return nothing: the archive is as small as it says, and its cells reach no further than allowed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive, len(content), limits)
            left = limits.unpacked_bytes
            for part in archive.infolist():
                extent = _Extent(limits) if _SHEET.fullmatch(part.filename) else None
                for piece in _pieces(archive, part):
                    left -= len(piece)
                    if left < 0:
                        raise WorkbookTooLarge(most_mb=limits.unpacked_bytes // 1024**2)
                    if extent is not None:
                        extent.feed(piece)
                if extent is not None:
                    extent.end()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, expat.ExpatError, NotImplementedError) as error:
        raise NotAWorkbook from error
    except (OSError, EOFError, RuntimeError, ValueError, zlib.error, lzma.LZMAError) as error:
        # spoiled parts; a password
        raise NotAWorkbook from error


def _check_parts(archive: zipfile.ZipFile, length: int, limits: Limits) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > _MOST_PARTS or len(set(names)) != len(names) or "xl/workbook.xml" not in names:
        raise NotAWorkbook
    if any(_MACROS.search(name) for name in names if "printerSettings" not in name):
        raise WorkbookHasMacros
    if any(_LINKS.search(name) for name in names):
        raise WorkbookHasLinks
    said = sum(part.file_size for part in parts)
    if said > limits.unpacked_bytes:
        raise WorkbookTooLarge(most_mb=limits.unpacked_bytes // 1024**2)
    if said > max(limits.times * length, 1024**2):
        raise NotAWorkbook


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as unpacked:
        while piece := unpacked.read(_PART):
            yield piece


class _Extent:
    """Walks through a sheet and sees how far its cells reach. No document type, no entities, UTF-8 alone."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = self.column = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._refused
        self.parser.EntityDeclHandler = self._refused

    def feed(self, piece: bytes) -> None:
        """Take a piece."""
        self.parser.Parse(piece, False)

    def end(self) -> None:
        """Take the end."""
        self.parser.Parse(b"", True)

    def _refused(self, *_: object) -> None:
        raise NotAWorkbook

    def _element(self, name: str, about: dict[str, str]) -> None:
        kind = name.rsplit(":", 1)[-1]
        if kind == "row":
            self.row, self.column = self._whole(about.get("r"), self.row + 1), 0
        elif kind == "c":
            self._cell(about.get("r"))
        else:
            return
        if self.row > self.limits.rows + 1 or self.column > self.limits.columns:
            raise TableTooLarge(rows=self.limits.rows, columns=self.limits.columns)

    def _cell(self, said: str | None) -> None:
        if said is None:
            self.column += 1
            return
        found = _ADDRESS.fullmatch(said)
        if found is None:
            raise NotAWorkbook
        self.column = 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1
        self.row = max(self.row, int(found[2]))

    def _whole(self, said: str | None, otherwise: int) -> int:
        if said is None:
            return otherwise
        if not (said.isascii() and said.isdigit() and len(said) <= 7):
            raise NotAWorkbook
        return int(said)
