"""The file itself: what is no list, the template, and what a spreadsheet must not do when it is opened."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shanshi.imports.models import SentList
from shanshi.imports.rules import COLUMNS, MOST_ROWS, ListKind
from shanshi.rewards.models import Merchant
from tests.imports.desk import cells, filled, wrong_cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(cast, world):  # type: ignore[no-untyped-def]
    """Where each kind of list is sent, and who may."""
    station, shift = (
        f"/organizations/{cast.station}/lists",
        world.shifts(world.library(world.shift(days=1)))[0],
    )
    return {
        ListKind.MEMBERS: f"{station}/people/members",
        ListKind.VOLUNTEERS: f"{station}/people/volunteers",
        ListKind.ACTIVITIES: f"{station}/activities",
        ListKind.ROSTER: f"/lead/shifts/{shift}/list",
        ListKind.MERCHANTS: f"/streets/{world.street}/lists/merchants",
        ListKind.OFFERS: f"/streets/{world.street}/lists/offers",
    }


@pytest.fixture
def at_lists(desk, address, manager, office):  # type: ignore[no-untyped-def]
    """A desk at the lists of a kind."""

    def of(kind: ListKind, language: str = "en"):  # type: ignore[no-untyped-def]
        who = office if kind in {ListKind.MERCHANTS, ListKind.OFFERS} else manager
        return desk(who, address[kind], language)

    return of


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", list(ListKind))
def test_the_template_is_read_and_its_example_is_refused(at_lists, kind: ListKind, language: str) -> None:  # type: ignore[no-untyped-def]
    one = at_lists(kind, language)
    content = one.template()
    heads = [column.heading(language) for column in COLUMNS[kind] if not column.told]
    assert cells(content)[0] == heads
    assert [row[0] for row in cells(content, 1)[1:]] == heads
    one.client.cookies["language"] = "en"
    page = one.send_file(content)
    assert wrong_cells(page) == {"A2": "This is the template&#x27;s example row."}


def test_a_template_offers_fixed_values_and_keeps_long_numbers_as_text(at_lists) -> None:  # type: ignore[no-untyped-def]
    content = at_lists(ListKind.VOLUNTEERS).template()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert f'sqref="H2:H{MOST_ROWS + 1}"' in sheet
    assert 'type="list"' in sheet
    assert 'numFmtId="49"' in styles  # text
    assert cells(content, 2)[1] == ["mother"]


@pytest.mark.parametrize(
    ("content", "name", "status", "says"),
    [
        (b"", "a.xlsx", 422, "No file was chosen"),
        (b"<html>", "a.xlsx", 415, "This file is none of: xlsx."),
        (b"PK\x03\x04" + b"0" * 4_200_000, "a.xlsx", 413, "The file is larger than 4096 KB."),
        (filled(["x"]), "a.xlsx", 422, "The first row has no column"),
        (filled(["志愿者号"]), "a.xlsx", 422, "The list has no rows below its headings."),
        (
            filled(["志愿者号"], *[[str(n)] for n in range(MOST_ROWS + 1)]),
            "a.xlsx",
            422,
            "reaches beyond 10000",
        ),
        (filled(["志愿者号"], ["HZ1"]), "a.csv", 415, "is named like another kind"),
    ],
    ids=["none", "another kind", "too large", "no column", "no rows", "too many rows", "another name"],
)
def test_a_file_that_is_no_list_is_said_to_be_none(
    at_lists,
    content: bytes,
    name: str,
    status: int,
    says: str,  # type: ignore[no-untyped-def]
) -> None:
    one = at_lists(ListKind.MEMBERS)
    answer = one.client.post(f"{one.address}/send", {"list": SimpleUploadedFile(name, content)})
    assert (answer.status_code, says in answer.content.decode()) == (status, True)
    assert not SentList.objects.exists()


def test_two_files_at_once_are_refused(at_lists) -> None:  # type: ignore[no-untyped-def]
    one = at_lists(ListKind.MEMBERS)
    files = {name: SimpleUploadedFile("a.xlsx", filled(["志愿者号"], ["x"])) for name in ("list", "more")}
    answer = one.client.post(f"{one.address}/send", files)
    assert (answer.status_code, "foundation.too_many_files" in answer.content.decode()) == (413, True)


def test_what_looks_like_a_formula_goes_out_as_a_text(at_lists) -> None:  # type: ignore[no-untyped-def]
    one = at_lists(ListKind.MERCHANTS)
    evil = '=HYPERLINK("http://x.example","y")'
    one.send(("商户名称", "加入日期", "地址"), (evil, "2019-03-20", "+cmd|' /C calc'!A0"))
    one.take()
    assert Merchant.objects.filter(name=evil).exists()
    content = one.export()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert evil in str(cells(content))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", list(ListKind))
def test_each_page_of_lists_opens_in_both_languages(at_lists, kind: ListKind, language: str) -> None:  # type: ignore[no-untyped-def]
    one = at_lists(kind, language)
    text = one.client.get(one.address).content.decode()
    assert f'action="{one.address}/send"' in text
    assert ("导入名单" in text) == (language == "zh-hans")
    assert len(text.encode()) < 300_000


def test_the_questions_of_a_page_do_not_grow_with_the_list(
    at_lists,  # type: ignore[no-untyped-def]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for many in (2, 80):
        one = at_lists(ListKind.MERCHANTS)
        rows = [(f"店{many}-{n}", "2019-03-20") for n in range(many)]
        one.send(("商户名称", "加入日期"), *rows)
        with CaptureQueriesContext(connection) as asked:
            one.page()
        counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            one.client.get(one.address)
        counts.append(len(asked))
    assert counts[:2] == counts[2:]
