"""Workbooks: every cell is there, texts stay texts, moments are the city's, sheets have their own names."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

from python_calamine import CalamineWorkbook

from shanshi.documents.workbooks import Sheet, workbook


def opened(*sheets: Sheet) -> dict[str, list[list[Any]]]:
    """The sheets of a file by name, each as rows of cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(sheets)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_every_cell_is_there_in_order_and_of_its_kind():
    moment = datetime(2019, 3, 5, 1, 30, tzinfo=UTC)
    rows = (("林晓", 3, 2.5, None, date(2019, 3, 5), moment), ("", 0, 0, "", "", ""))
    (head, first, second) = opened(Sheet("事", tuple("abcdef"), rows))["事"]
    assert head == ["a", "b", "c", "d", "e", "f"]
    # Excel knows no zones: it is the city's time.
    assert first[:4] == ["林晓", 3, 2.5, ""]
    assert first[4].isoformat() == "2019-03-05"
    assert first[5].isoformat() == "2019-03-05T09:30:00"
    assert second[1:3] == [0, 0]


def test_what_looks_like_a_formula_a_link_or_a_number_stays_a_text():
    texts = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|'/C calc'!A0",
        "https://example.com",
        "0012",
        "internal:A1",
    ]
    sheet = Sheet("x", ("text",), tuple((text,) for text in texts))
    assert [row[0] for row in opened(sheet)["x"][1:]] == texts
    with zipfile.ZipFile(io.BytesIO(workbook([sheet]))) as file:
        page = file.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in file.namelist() if "rels/sheet" in name]
    assert "<f>" not in page
    assert "hyperlink" not in page
    assert page.count('t="s"') == len(texts) + 1


def test_sheets_have_names_that_excel_takes_and_none_twice():
    names = ["Visits", "visits", "a/b:c*[d]?", "长" * 40, "长" * 40, "''", ""]
    found = list(opened(*(Sheet(name, ("x",), ()) for name in names)))
    assert len({name.lower() for name in found}) == len(names)
    assert found[:3] == ["Visits", "visits 2", "a b c  d"]
    assert all(0 < len(name) <= 31 for name in found)


def test_a_text_longer_than_a_cell_is_cut_and_control_signs_do_no_harm():
    rows = opened(Sheet("x", ("text",), (("长" * 40_000,), ("a\x01b\nc",))))["x"]
    assert len(rows[1][0]) == 32_767
    assert rows[2][0].endswith("b\nc")
