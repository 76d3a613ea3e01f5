"""What somebody does with lists in a browser: get the template, fill it in, send it, take it, undo it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client


def filled(heads: Sequence[str], *rows: Sequence[Any]) -> bytes:
    """Return a workbook with these headings and rows."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for place, row in enumerate((heads, *rows)):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    page.write_number(place, column, value)
                else:
                    page.write_string(place, column, str(value))
    return kept.getvalue()


def cells(content: bytes, sheet: int = 0) -> list[list[Any]]:
    """Return the cells of a workbook's sheet."""
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return book.get_sheet_by_index(sheet).to_python()


class Desk:
    """A client at the lists of one place. `here` is the page of the list sent last."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address, self.here = client, address, ""

    def send(self, heads: Sequence[str], *rows: Sequence[Any]) -> str:
        """Send a list and return what its page says."""
        return self.send_file(filled(heads, *rows))

    def send_file(self, content: bytes, name: str = "list.xlsx") -> str:
        """Send a file and return what the page after it says."""
        answer = self.client.post(f"{self.address}/send", {"list": SimpleUploadedFile(name, content)})
        if answer.status_code != 302:
            return answer.content.decode()
        self.here = answer["Location"]
        return self.page()

    def page(self) -> str:
        """What the page of the list says."""
        answer = self.client.get(self.here)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def take(self) -> str:
        """Take the list, and return what its page says then."""
        return self._do("take")

    def undo(self) -> str:
        """Undo the list, and return what its page says then."""
        return self._do("undo")

    def export(self) -> bytes:
        """The list on its way out."""
        answer = self.client.get(f"{self.address}/export")
        assert answer.status_code == 200, answer.status_code
        return answer.content

    def template(self) -> bytes:
        """The workbook to fill in."""
        answer = self.client.get(f"{self.address}/template")
        assert answer.status_code == 200, answer.status_code
        return answer.content

    def _do(self, step: str) -> str:
        answer: HttpResponse = self.client.post(f"{self.here}/{step}")
        assert answer.status_code == 302, answer.status_code
        return self.page()


def wrong_cells(page: str) -> dict[str, str]:
    """The cells that a page says are not right, with what is wrong."""
    part = page.partition("Cells that are not right")[2].partition("</table>")[0]
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td[^>]*>([^<]*)</td>', part))


def left_out(page: str) -> dict[str, str]:
    """The rows that a page says are left out, with the reason."""
    part = page.partition("Rows that are left out")[2].partition("</table>")[0]
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td[^>]*>([^<]*)</td>', part))


def staying(page: str) -> dict[str, str]:
    """The rows that a page says stay although the list was undone, with the reason."""
    part = page.partition("Rows that stay")[2].partition("</table>")[0]
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td[^>]*>([^<]*)</td>', part))
