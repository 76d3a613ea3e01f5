"""Excel files from outside: read, or refused in the room's own words; those that we make hold texts alone."""

from __future__ import annotations

import contextlib
import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from shanshi.documents import workbooks
from shanshi.documents.reading import Column, NotAWorkbook, Row, table
from shanshi.kernel.errors import DomainError
from tests.attack.size import tries
from tests.attack.words import NASTY

COLUMNS = [Column(("name", "姓名")), Column(("phone",)), Column(("hours",), needed=False)]


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """Return a workbook with a heading and some rows."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((("name", "phone", "hours"), *rows)):
            for column, value in enumerate(row):
                sheet.write(place, column, value)
    return kept.getvalue()


GOOD = workbook(("林晓", "15400000001", 2.5), ("=1+1", 15400000002, ""), ("", "", ""))
PARTS = sorted(zipfile.ZipFile(io.BytesIO(GOOD)).namelist())


def repacked(name: str, content: bytes | None, **more: bytes) -> bytes:
    """Return the good workbook with one part changed or left out, and others added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
            elif content is not None:
                new.writestr(part, content)
        for part, text in more.items():
            new.writestr(part.replace("__", "/"), text)
    return kept.getvalue()


def rows_of(content: bytes) -> list[Row]:
    """Return what is read; nothing if it is refused in the room's own words."""
    with contextlib.suppress(DomainError):
        return table(content, COLUMNS)
    return []


def test_the_good_workbook_is_read_and_its_formula_is_not_computed() -> None:
    rows = rows_of(GOOD)
    assert rows[0].cells[0].text == "林晓"
    assert rows[0].cells[1].text == "15400000001"
    assert all(cell.text != "2" for row in rows for cell in row.cells)


@tries(150)
@given(data=st.data())
def test_a_spoiled_workbook_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    rows_of(bytes(content[:cut]))


@tries(150)
@given(data=st.data())
def test_a_workbook_with_a_spoiled_part_is_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(PARTS))
    text = zipfile.ZipFile(io.BytesIO(GOOD)).read(name).decode()
    for _ in range(data.draw(st.integers(1, 4))):
        start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 15))
        put = data.draw(st.sampled_from([*'"<>&\0', "A1", "ZZZ9999999", "9" * 30, "-1", "<c r='B2'/>", ""]))
        text = text[:start] + put + text[start + length :]
    rows_of(repacked(name, text.encode()))


@tries(60)
@given(content=st.binary(max_size=400))
def test_any_bytes_are_no_workbook(content: bytes) -> None:
    with pytest.raises(NotAWorkbook):
        table(content, COLUMNS)


BOMB = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %s "%s">' % (name.encode(), b"&%s;" % before.encode() * 10)
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "content",
    [
        repacked(
            SHEET, BOMB + b"]><worksheet><sheetData><row><c><v>&i;</v></c></row></sheetData></worksheet>"
        ),
        repacked(SHEET, b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>'),
        repacked("", None, **{"xl__big.xml": b"0" * 50_000_000}),
        repacked(SHEET, b"<worksheet>" + b"<a>" * 200_000 + b"</worksheet>"),
        repacked("", None, **{"..__..__etc__cron.d__x": b"x", "xl__vbaProject.bin": b"x"}),
    ],
    ids=["entities", "outside entity", "unpacked", "deep", "macros"],
)
def test_a_bomb_of_a_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(DomainError):
        table(content, COLUMNS)


def test_what_we_write_into_a_workbook_is_a_text_even_if_it_looks_like_a_formula() -> None:
    rows = tuple((nasty,) for nasty in NASTY if "\ud800" not in nasty)
    sheet = workbooks.Sheet(title="所有", columns=("a",), rows=rows)
    content = workbooks.workbook([sheet])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            text = book.read(name)
            assert b"<f>" not in text
            assert b"<hyperlink" not in text
            assert b"\0" not in text
