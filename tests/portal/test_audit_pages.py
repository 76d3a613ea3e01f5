"""The auditor's pages: trails, looks and books without an identity; and the page that unmasks."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from shanshi.activities.models import Shift
from shanshi.activities.rules import ActivityKind, ActivityState, RiskKind
from shanshi.foundation import audit
from shanshi.foundation.actor import Role
from shanshi.foundation.proposals import Verdict
from shanshi.portal.templatetags.staff_words import fact
from shanshi.registry import models, queries
from shanshi.registry.rules import OrganizationKind
from tests.cast import LIN
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db


def number(who):
    return queries.volunteer(who.volunteer()).number


@pytest.fixture
def shift_id(world, cast):
    (found,) = world.shifts(world.library())
    world.sign_up(cast.lin, found)
    return found


def look(client, who, place, **form):
    url = reverse("portal:look", args=[number(who)])
    said = {"place": place, "purpose": "roster", "fields_wanted": ["real_name", "phone"], **form}
    return client.post(url, said)


def test_wu_sees_a_name_on_the_roster_for_one_answer_and_chen_sees_that_he_looked(reader, cast, shift_id):
    wu, place = reader(cast.wu), f"shift:{shift_id}"
    roster = wu.get(reverse("portal:roster", args=[shift_id]))
    url = f"{reverse('portal:look', args=[number(cast.lin)])}?place={place}"
    assert url in roster.content.decode()
    assert LIN.name not in roster.content.decode()
    assert LIN.name not in wu.get(url).content.decode()

    shown = look(wu, cast.lin, place)
    assert (LIN.name in main_of(shown), LIN.phone in main_of(shown)) == (True, True)
    assert shown["Cache-Control"] == "no-store"
    assert LIN.name not in wu.get(url).content.decode()

    seen = models.IdentityLook.objects.filter(holder_id=cast.lin.volunteer())
    assert {(one.capacity, one.looked_by) for one in seen} == {
        (f"leader organization:{cast.station}", cast.wu.known())
    }
    log = reader(cast.chen).get(reverse("portal:audit-looks"))
    words = main_of(log)
    assert number(cast.lin) in words
    assert number(cast.wu) in words
    assert "Leader, 清波街道志愿服务队" in words
    for secret in (LIN.name, LIN.phone, LIN.id_number):
        assert secret not in log.content.decode()


def test_wu_looks_only_at_people_of_his_shift_and_chen_at_nobody(reader, cast, shift_id, world):
    place = f"shift:{shift_id}"
    for who, whom, where in (
        (cast.wu, cast.stranger, place),
        (cast.wu, cast.lin, "city"),
        (cast.wu, cast.lin, f"organization:{cast.league}"),
        (cast.wu, cast.lin, f"organization:{cast.station}"),
        (cast.chen, cast.lin, place),
        (cast.chen, cast.lin, "city"),
        (cast.xu, cast.lin, place),
        (cast.stranger, cast.lin, place),
    ):
        assert look(reader(who), whom, where).status_code == 403, (who, where)
    assert look(reader(cast.wu), cast.lin, f"shift:{uuid4()}").status_code == 404
    assert not models.IdentityLook.objects.exists()


def test_a_roster_shows_names_to_its_leader_for_thirty_days_and_later_to_the_office_for_a_reason(
    reader, cast, shift_id, world, the_clock
):
    place, ends_at = f"shift:{shift_id}", world.time("12:00")
    he = cast.with_role(cast.stranger, Role.MANAGER, f"organization:{cast.station}")
    the_clock(ends_at + timedelta(days=30) - timedelta(seconds=1))
    assert look(reader(cast.wu), cast.lin, place).status_code == 200

    the_clock(ends_at + timedelta(days=30))
    page = f"{reverse('portal:look', args=[number(cast.lin)])}?place={place}"
    for refused in (
        look(reader(cast.wu), cast.lin, place),
        look(reader(cast.wu), cast.lin, place, purpose="complaint", note="a lost bag"),
        look(reader(he), cast.lin, place),
        reader(cast.wu).get(page),
    ):
        assert refused.status_code == 403
        assert "ended more than 30 days ago" in main_of(refused)
    assert "已结束超过30天" in main_of(look(reader(cast.wu, "zh-hans"), cast.lin, place))
    assert models.IdentityLook.objects.count() == 2

    assert reader(he).get(page).status_code == 200
    assert LIN.phone in main_of(look(reader(he), cast.lin, place, purpose="complaint", note="a lost bag"))
    assert {one.capacity for one in models.IdentityLook.objects.filter(purpose="complaint")} == {
        f"manager organization:{cast.station}"
    }


def test_a_shift_that_waits_for_its_review_shows_no_names(reader, cast, shift_id):
    Shift.objects.filter(pk=shift_id).update(published_at=None, published_by=None)
    refused = look(reader(cast.wu), cast.lin, f"shift:{shift_id}")
    assert (refused.status_code, "not published" in main_of(refused)) == (403, True)
    assert not models.IdentityLook.objects.exists()


def test_a_look_that_asks_too_much_is_refused_on_the_page(reader, cast, shift_id):
    wu, place = reader(cast.wu), f"shift:{shift_id}"
    assert look(wu, cast.lin, place, fields_wanted=["id_number"]).status_code == 403
    assert "a note is needed" in main_of(look(wu, cast.lin, place, purpose="complaint"))
    assert look(wu, cast.lin, place, fields_wanted=[]).status_code == 422
    assert not models.IdentityLook.objects.exists()


def test_chen_reads_who_did_what_and_why_and_narrows_it_down(reader, world, cast, shift_id):
    chen = reader(cast.chen)
    url = reverse("portal:audit")
    words = main_of(chen.get(url))
    assert "Activity published" in words
    assert f"徐* {number(cast.xu)}" in words
    assert "submitted → published" in words
    by_xu = main_of(chen.get(url, {"number": number(cast.xu), "verb": "activities"}))
    assert "Activity published" in by_xu
    assert "Activity submitted" not in by_xu
    assert "Nothing of this kind was changed" in main_of(chen.get(url, {"until_on": "2018-12-31"}))
    assert "Nobody has this volunteer number" in main_of(chen.get(url, {"number": "HZ0000000000"}))
    assert "Role given" in main_of(chen.get(url, {"verb": "registry.grant_role", "from_on": "2019-03-20"}))
    assert chen.get(url, {"after": "nonsense"}).status_code == 422


@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        (
            "en",
            ("State submitted → published", "Role Reviewer", "Kind League body", "Foreign-related no"),
            "Cashier",
        ),
        ("zh-hans", ("状态 已提交 → 已发布", "角色 审核人", "类型 共青团组织", "涉外 否"), "收银员"),
    ],
)
def test_the_trail_says_codes_in_words(reader, world, cast, shift_id, at, language, words, told):
    audit.record("activities.publish_many", "load:case", by=cast.xu, at=at, after={"source": "case"})
    said = main_of(reader(cast.chen, language).get(reverse("portal:audit")))
    for one in words:
        assert one in said
    for code in ("load:case", "reviewer", "is_foreign_related", "source case"):
        assert code not in said
    assert {fact(role.value, "role") for role in Role} & {role.value for role in Role} == set()
    with translation.override(language):
        assert fact("cashier", "role") == told


def test_every_code_of_the_trail_has_a_word_in_both_languages():
    codes = {
        "state": ActivityState, "kind": [*ActivityKind, *OrganizationKind], "risk_kinds": RiskKind,
        "verdict": Verdict, "role": Role,
    }  # fmt: skip
    with translation.override("zh-hans"):
        for name, values in codes.items():
            for value in values:
                assert fact(value.value, name) != value.value, (name, value)


def test_the_trail_is_paged_and_costs_the_same_however_long_it_is(reader, cast, at, world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    chen, url = reader(cast.chen), reverse("portal:audit")
    cast.wu  # noqa: B018 - made when first named
    with CaptureQueriesContext(connection) as few:
        chen.get(url)
    for count in range(60):
        audit.record("activities.change", f"activity:{uuid4()}", by=cast.xu, at=at, reason=f"change {count}")
    with CaptureQueriesContext(connection) as many:
        first = chen.get(url)
    assert len(many) == len(few)
    assert main_of(first).count("Activity changed") == 50
    following = first.context["following"]
    second = chen.get(url, {"after": following})
    assert main_of(second).count("Activity changed") == 10


def test_the_trail_as_a_workbook_reads_like_the_page(reader, cast, shift_id):
    answer = reader(cast.chen).get(reverse("portal:audit-file"), {"verb": "activities.publish"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["When", "Who", "What was done", "Step"]
    assert (rows[1][3], rows[1][5]) == ("activities.publish", "State: submitted")
    assert rows[1][6].startswith("State: published; Shifts: ")
    assert len(rows) == 2


def test_chen_reads_books_without_names_and_verifies_them(reader, world, cast):
    world.served(cast.lin)
    chen, url = reader(cast.chen), reverse("portal:audit-books")
    page = main_of(chen.get(url))
    assert "Verified minutes" in page
    assert "The books are right" not in page
    assert "The books are right" in main_of(chen.get(url, {"verify": "1"}))
    book = chen.get(url, {"holder": number(cast.lin)})
    assert str(cast.lin.holder_id) in main_of(book)
    assert "120" in main_of(book)
    assert LIN.name not in book.content.decode()
    assert "林*" not in main_of(book)
    assert "There is nothing here." in main_of(chen.get(url, {"holder": "HZ0"}))
    assert "This book is empty." in main_of(chen.get(url, {"holder": str(uuid4())}))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_staff_of_the_city_read_the_trail_and_the_books_but_not_the_looks(reader, cast, language):
    zhou = reader(cast.with_role(cast.lin, Role.CITY_STAFF, "city"), language)
    assert zhou.get(reverse("portal:audit")).status_code == 200
    assert zhou.get(reverse("portal:audit-books")).status_code == 200
    assert zhou.get(reverse("portal:audit-looks")).status_code == 403
