"""Excel workbooks of plain tables."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from shanshi.kernel.quantities import CITY_ZONE

Cell = str | int | float | date | datetime | None

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_NAME: Final = 31
_LONGEST_TEXT: Final = 32_767
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_WIDEST: Final = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """A plain table: what a page shows and what a file holds.

    columns  what stands above each column, in the reader's language
    rows     each as long as the columns; moments carry a zone
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return one Excel file with a sheet for each table, in the order given.

    sheets  at least one

    A text that looks like a formula, a link or a number stays a text. Moments are written in the city's time.
    """
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        formats = formats_of(book)
        names: set[str] = set()
        for sheet in sheets:
            write_sheet(book.add_worksheet(name_of(sheet.title, names)), sheet, formats)
    return file.getvalue()


def formats_of(book: Any) -> dict[str, Any]:
    """Return how heads, texts, days and moments look in a workbook that is being written."""
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"}),
    }


def write_sheet(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    """Write a table on an empty page of a workbook.

    formats  of `formats_of`
    """
    for column, label in enumerate(sheet.columns):
        page.write_string(0, column, label, formats["head"])
        page.set_column(column, column, _width(sheet, column))
    page.freeze_panes(1, 0)
    for place, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(page, place, column, cell, formats)


def _write_cell(page: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None | "":
            pass
        case datetime():
            local = cell.astimezone(CITY_ZONE).replace(tzinfo=None)
            page.write_datetime(row, column, local, formats["moment"])
        case date():
            page.write_datetime(row, column, cell, formats["day"])
        case int() | float():
            page.write_number(row, column, cell, formats["text"])
        case _:
            page.write_string(row, column, cell[:_LONGEST_TEXT], formats["text"])


def _width(sheet: Sheet, column: int) -> float:
    # Chinese characters are twice as wide as Latin ones.
    texts = [sheet.columns[column], *(str(row[column] or "") for row in sheet.rows[:200])]
    widest = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)
    return min(max(widest, 8), _WIDEST) + 2


def name_of(title: str, taken: set[str]) -> str:
    """Return a sheet's name as Excel allows it: short, without its own signs, once in a file.

    taken  the names so far, in small letters; the new one is added
    """
    base = _NOT_IN_NAMES.sub(" ", title).strip().strip("'")[:_LONGEST_NAME] or "1"
    name, number = base, 2
    while name.lower() in taken:
        tail = f" {number}"
        name, number = base[: _LONGEST_NAME - len(tail)] + tail, number + 1
    taken.add(name.lower())
    return name
