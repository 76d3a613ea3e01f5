"""A manager adds members from a workbook: a look first, then all or none, and twice is once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanshi.documents.workbooks import MEDIA_TYPE, Sheet, workbook
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.models import AuditEntry
from shanshi.registry import models, operations, queries
from tests.portal.world import let_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(cast) -> Actor:  # type: ignore[no-untyped-def]
    """Wu also manages the station."""
    return cast.with_role(cast.wu, Role.MANAGER, f"organization:{cast.station}")  # type: ignore[no-any-return]


@pytest.fixture
def desk(client: Client, cast, at, manager) -> Client:  # type: ignore[no-untyped-def]
    """The manager's browser, in English."""
    let_in(client, manager, at)
    client.cookies["language"] = "en"
    return client


def listed(*rows: tuple[Any, ...], heads: tuple[str, ...] = ("志愿者号", "小队")) -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.xlsx", workbook([Sheet("1", heads, rows)]), content_type=MEDIA_TYPE)


def number(actor: Actor) -> str:
    return queries.volunteer(actor.volunteer()).number


def page(cast, end: str = "") -> str:  # type: ignore[no-untyped-def]
    return f"/organizations/{cast.station}/members{end}"


def test_a_list_is_looked_at_and_then_added_once(desk: Client, cast, at) -> None:  # type: ignore[no-untyped-def]
    team = operations.create_team(cast.station, "文明一队", by=cast.loader, at=at)
    lin, mei = number(cast.lin), number(cast.mei)
    before = models.Membership.objects.count()

    looked = desk.post(page(cast, "/preview"), {"list": listed((lin.lower(), "文明一队"), (mei, ""))})
    text = looked.content.decode()
    assert (looked.status_code, "Invite 2 people" in text) == (200, True)
    assert "林晓" not in text
    assert models.Membership.objects.count() == before

    sent = {"member": [f"{lin}|文明一队", f"{mei}|"]}
    for says in ("2 people were invited.", "Nobody was invited"):
        answer = desk.post(page(cast, "/add"), sent, follow=True)
        assert says in answer.content.decode()
    assert models.Membership.objects.count() == before + 2
    assert queries.members(cast.station, team_id=team) == []
    assert [one.team for one in queries.invitations(cast.lin.volunteer())] == ["文明一队"]
    entries = AuditEntry.objects.filter(verb="registry.add_members")
    assert [entry.after for entry in entries] == [{"added": 2, "in_the_list": 2}]
    assert (
        "Member already"
        in desk.post(page(cast, "/preview"), {"list": listed((lin, "文明一队"))}).content.decode()
    )


def test_one_wrong_cell_and_nobody_is_added(desk: Client, cast) -> None:  # type: ignore[no-untyped-def]
    lin, before = number(cast.lin), models.Membership.objects.count()
    rows = [
        (lin, ""),
        (lin, ""),
        ("HZ123", ""),
        (None, "文明一队"),
        (number(cast.mei), "没有的队"),
        (None, None),
    ]
    looked = desk.post(page(cast, "/preview"), {"list": listed(*rows)})
    text = " ".join(looked.content.decode().split())
    assert looked.status_code == 422
    for address, says in [
        ("A3", "This person and team stand in row 2 already."),
        ("A4", "This is no volunteer number: check its digits."),
        ("A5", "A volunteer number is needed here."),
        ("B5", "There is no such team in this organization."),
        ("B6", "There is no such team in this organization."),
    ]:
        assert f'<th scope="row">{address}</th><td data-label="What is wrong">{says}</td>' in text
    assert "Invite " not in text.replace("Invite members", "").split("<main")[1].split("</main>")[0]

    answer = desk.post(page(cast, "/add"), {"member": [f"{lin}|", "HZ123|"]}, follow=True)
    assert "The list has changed" in answer.content.decode()
    assert models.Membership.objects.count() == before


@pytest.mark.parametrize(
    ("file", "status", "says"),
    [
        (None, 422, "No file was chosen"),
        (SimpleUploadedFile("a.xlsx", b"<html>"), 415, "This file is none of: xlsx."),
        (
            SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + b"0" * 600_000),
            413,
            "The file is larger than 512 KB.",
        ),
        (listed(heads=("x",)), 422, "The first row has no column"),
        (listed(), 422, "The list has no rows."),
    ],
    ids=["none", "another kind", "too large", "no column", "no rows"],
)
def test_a_file_that_is_no_list_is_said_to_be_none(desk: Client, cast, file, status: int, says: str) -> None:  # type: ignore[no-untyped-def]
    if file is not None:
        file.seek(0)
    answer = desk.post(page(cast, "/preview"), {"list": file} if file else {})
    assert (answer.status_code, says in answer.content.decode()) == (status, True)


def test_two_files_at_once_are_refused(desk: Client, cast) -> None:  # type: ignore[no-untyped-def]
    answer = desk.post(page(cast, "/preview"), {"list": listed(), "more": listed()})
    assert (answer.status_code, "foundation.too_many_files" in answer.content.decode()) == (413, True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_is_what_a_list_is_read_from(desk: Client, cast, language) -> None:  # type: ignore[no-untyped-def]
    template = desk.get(page(cast, "/template"), headers={"Accept-Language": language})
    assert template["Content-Type"] == MEDIA_TYPE
    answer = desk.post(page(cast, "/preview"), {"list": SimpleUploadedFile("members.xlsx", template.content)})
    assert "The list has no rows." in answer.content.decode()


def test_the_members_are_shown_masked(desk: Client, cast, at) -> None:  # type: ignore[no-untyped-def]
    operations.join(cast.lin.volunteer(), cast.station, by=cast.wu, at=at)
    text = desk.get(page(cast)).content.decode()
    assert number(cast.lin) in text
    assert queries.volunteer(cast.lin.volunteer()).masked_name in text
    assert "林晓" not in text
    assert "Has not answered yet" in text


def test_another_organization_is_none_of_the_managers_business(desk: Client, cast) -> None:  # type: ignore[no-untyped-def]
    before = models.Membership.objects.count()
    for end in ("", "/template"):
        assert desk.get(f"/organizations/{cast.league}/members{end}").status_code == 403
    sent = {"member": [f"{number(cast.lin)}|"]}
    assert desk.post(f"/organizations/{cast.league}/members/add", sent).status_code == 403
    assert models.Membership.objects.count() == before


def test_a_manager_finds_the_members_from_the_desk(desk: Client, cast) -> None:  # type: ignore[no-untyped-def]
    assert f'href="{page(cast)}"' in desk.get("/lead").content.decode()
