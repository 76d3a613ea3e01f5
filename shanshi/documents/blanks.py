"""Workbooks to be filled in: a table with its headings and one example row, and a sheet that explains it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from shanshi.documents.workbooks import Sheet, formats_of, name_of, write_sheet

_TEXT: Final = 49  # the number of the format Text in every Excel file
_WIDTH: Final = 18
_WIDEST: Final = 40


@dataclass(frozen=True, slots=True)
class BlankColumn:
    """A column to be filled in.

    example  what the example row holds
    choices  what the cell's list offers; empty for none
    several  whether other words than one of the list may stand there: the list then only proposes
    """

    heading: str
    example: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False


def blank(title: str, columns: Sequence[BlankColumn], *, rows: int, explained: Sheet, lists: str) -> bytes:
    """Return a workbook to be filled in.

    title      of its first sheet, which is the one that is read
    rows       for how many rows the cells offer their lists
    explained  the second sheet
    lists      the name of the sheet that holds the fixed values

    Every cell has the format Text, so that no program turns a long number into a quantity.
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
        text = book.add_format({"num_format": _TEXT, "valign": "top"})
        example = book.add_format({"num_format": _TEXT, "italic": True, "font_color": "#5B6776"})
        names: set[str] = set()
        page = book.add_worksheet(name_of(title, names))
        write_sheet(book.add_worksheet(name_of(explained.title, names)), explained, formats)
        offered = [column for column in columns if column.choices]
        kept = name_of(lists, names)
        if offered:
            write_sheet(book.add_worksheet(kept), _values(lists, offered), formats)
        for place, column in enumerate(columns):
            page.set_column(place, place, min(max(_WIDTH, 2 * len(column.heading)), _WIDEST), text)
            page.write_string(0, place, column.heading, formats["head"])
            page.write_string(1, place, column.example, example)
            if column.choices:
                _offer(page, place, column, rows=rows, kept=kept, at=offered.index(column))
        page.freeze_panes(1, 0)
    return file.getvalue()


def _values(title: str, columns: Sequence[BlankColumn]) -> Sheet:
    longest = max(len(column.choices) for column in columns)
    rows = tuple(
        tuple(column.choices[row] if row < len(column.choices) else "" for column in columns)
        for row in range(longest)
    )
    return Sheet(title, tuple(column.heading for column in columns), rows)


def _offer(page: Any, place: int, column: BlankColumn, *, rows: int, kept: str, at: int) -> None:
    letter = xlsxwriter.utility.xl_col_to_name(at)
    source = f"='{kept}'!${letter}$2:${letter}${len(column.choices) + 1}"
    said = {"validate": "list", "source": source, "show_error": not column.several}
    page.data_validation(1, place, rows, place, said)
