"""Workbooks from outside: what is read, and what is refused before it can do harm."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from shanshi.documents import reading
from shanshi.documents.reading import Cell, Column, Limits, table
from shanshi.documents.workbooks import Sheet, workbook
from shanshi.kernel.errors import DomainError

NUMBER, TEAM = Column(("Volunteer number", "志愿者号")), Column(("Team", "小队"), needed=False)
SMALL = workbook(
    [Sheet("1", ("小队", "志愿者号", "x"), (("一队", "HZ123", 1), ("", None, 2), (None, 45.0, 3)))]
)


def altered(content: bytes, **parts: str | bytes | None) -> bytes:
    """The same workbook with parts of it changed, added, or (None) left out; "__" is "/" in their names."""
    changes = {name.replace("__", "/"): body for name, body in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in changes:
                new.writestr(part, old.read(part))
        for name, body in changes.items():
            if body is not None:
                new.writestr(name, body)
    return made.getvalue()


def sheet(cells: str) -> bytes:
    """A workbook whose only sheet has these cells."""
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
        f'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    )
    return altered(SMALL, **{"xl/worksheets/sheet1.xml": xml})


def test_rows_come_with_the_addresses_of_their_cells() -> None:
    rows = table(SMALL, [NUMBER, TEAM])
    assert [(row.number, *row.cells) for row in rows] == [
        (2, Cell("B2", "HZ123"), Cell("A2", "一队")),
        (4, Cell("B4", 45.0), Cell("A4", "")),
    ]
    assert rows[1].cells[0].text == "45"


def test_a_column_may_be_left_out_if_it_is_not_needed() -> None:
    content = workbook([Sheet("1", ("VOLUNTEER NUMBER",), (("HZ1",), (date(2019, 3, 20),)))])
    assert [[cell.text for cell in row.cells] for row in table(content, [NUMBER, TEAM])] == [
        ["HZ1", ""],
        ["2019-03-20", ""],
    ]
    with pytest.raises(reading.ColumnMissing) as caught:
        table(workbook([Sheet("1", ("x",), ())]), [NUMBER])
    assert caught.value.facts == {"name": "Volunteer number / 志愿者号"}


def bomb() -> bytes:
    return altered(SMALL, **{"xl/media/a.xml": b"0" * 15 * 1024**2})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", reading.NotAWorkbook),
        (b"PK\x03\x04 nothing", reading.NotAWorkbook),
        (SMALL[: len(SMALL) // 2], reading.NotAWorkbook),
        (altered(SMALL, **{"xl/workbook.xml": None}), reading.NotAWorkbook),
        (altered(SMALL, **{"xl/workbook.xml": "<no"}), reading.NotAWorkbook),
        (bomb(), reading.NotAWorkbook),
        (altered(SMALL, **{"xl/vbaProject.bin": b"x"}), reading.WorkbookHasMacros),
        (altered(SMALL, **{"xl/externalLinks/externalLink1.xml": "<x/>"}), reading.WorkbookHasLinks),
        (altered(SMALL, **{"xl/embeddings/a.docx": b"x"}), reading.WorkbookHasLinks),
        (
            sheet('<row r="1"><c r="A1"/></row><row><c r="XFD1048576"><v>1</v></c></row>'),
            reading.TableTooLarge,
        ),
        (sheet('<row r="9999999"><c><v>1</v></c></row>'), reading.TableTooLarge),
        (sheet("<row/>" * 3000), reading.TableTooLarge),
        (sheet("<row>" + "<c/>" * 31 + "</row>"), reading.TableTooLarge),
        (sheet('<row r="1"><c r="A0"/></row>'), reading.NotAWorkbook),
        (sheet('<row r="&#x661;"><c/></row>'), reading.NotAWorkbook),
        (sheet("</sheetData>"), reading.NotAWorkbook),
        (
            altered(
                SMALL,
                **{"xl/worksheets/sheet1.xml": '<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'},
            ),
            reading.NotAWorkbook,
        ),
        (workbook([Sheet("1", ("志愿者号",), (("x" * 501,),))]), reading.CellTooLong),
    ],
    # By number: the bytes hold the hour at which they were made, and differ from process to process.
    ids=[f"harm {n}" for n in range(1, 19)],
)
def test_what_could_do_harm_is_refused_at_once(content: bytes, error: type[DomainError]) -> None:
    began = time.process_time()
    with pytest.raises(error):
        table(content, [NUMBER])
    assert time.process_time() - began < 2


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    # The list of parts says that the part is small; what is unpacked says otherwise.
    content = bytearray(bomb())
    size = (15 * 1024**2).to_bytes(4, "little")
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = (100).to_bytes(4, "little")
    with pytest.raises(reading.NotAWorkbook):
        table(bytes(content), [NUMBER])


def test_a_formula_is_worth_what_it_said_last() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["志愿者号"])
        page.write_formula(1, 0, '=WEBSERVICE("x")', None, "HZ7")
    assert [row.cells[0].text for row in table(made.getvalue(), [NUMBER])] == ["HZ7"]


@pytest.mark.parametrize(("place", "name"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")])
def test_cells_have_the_addresses_that_excel_shows(place: int, name: str) -> None:
    assert reading.address(1, place) == name


def test_limits_are_of_the_table_that_is_wanted() -> None:
    content = workbook([Sheet("1", ("志愿者号",), tuple((str(n),) for n in range(20)))])
    assert len(table(content, [NUMBER], limits=Limits(rows=20))) == 20
    with pytest.raises(reading.TableTooLarge):
        table(content, [NUMBER], limits=Limits(rows=19))
