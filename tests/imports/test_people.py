"""Lists of members and of volunteers: the whole story, wrong cells, duplicates, undo, round trip."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from shanshi.imports.models import SentList
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.models import Membership, Volunteer
from shanshi.registry.rules import Purpose
from tests.cast import LIN, Person, id_number
from tests.imports.desk import cells, left_out, staying, wrong_cells
from tests.portal.world import let_in
from tests.registry.browsers import sign_in

pytestmark = pytest.mark.django_db

MEMBERS = ("Volunteer number", "Team")
VOLUNTEERS = (
    "姓名", "身份证号", "手机号", "居住地区划代码", "服务队",
    "监护人姓名", "监护人手机号", "监护人关系", "监护人签字日期", "志愿者编号",
)  # fmt: skip
HE = Person("何一", "15400001001", "330102", date(1992, 2, 2))
LU = Person("陆二", "15400001002", "330102", date(2003, 5, 5))
NEW = (HE.name, HE.id_number, HE.phone, "330102", "", "", "", "", "", "")
MINOR = (LU.name, LU.id_number, LU.phone, "", "", "陆母", "15400001009", "母亲", "2019-03-01", "")


def number(actor) -> str:  # type: ignore[no-untyped-def]
    return queries.volunteer(actor.volunteer()).number


@pytest.fixture
def members(desk, manager, cast):  # type: ignore[no-untyped-def]
    return desk(manager, f"/organizations/{cast.station}/lists/people/members")


@pytest.fixture
def volunteers(desk, manager, cast):  # type: ignore[no-untyped-def]
    return desk(manager, f"/organizations/{cast.station}/lists/people/volunteers")


def test_members_are_looked_at_invited_and_taken_back(members, cast) -> None:  # type: ignore[no-untyped-def]
    page = members.send(MEMBERS, (number(cast.lin), ""), (number(cast.stranger).lower(), ""))
    assert "2 new, 0 left out." in page
    assert not Membership.objects.exists()

    assert "2 taken" in members.take()
    assert {row.holder_id for row in Membership.objects.all()} == {
        cast.lin.volunteer(),
        cast.stranger.volunteer(),
    }
    (invitation,) = queries.invitations(cast.lin.volunteer())
    operations.accept_invitation(invitation.id, holder_id=cast.lin.volunteer(), by=cast.lin, at=cast.at)

    page = members.undo()
    assert "1 taken back" in page
    assert staying(page) == {"2": "The person has answered the invitation."}
    assert [row.holder_id for row in Membership.objects.all()] == [cast.lin.volunteer()]


def test_every_wrong_cell_of_members_is_named_and_nothing_is_taken(members, cast) -> None:  # type: ignore[no-untyped-def]
    page = members.send(
        MEMBERS, (number(cast.lin), "没有的队"), ("HZ123", ""), ("", "x"), ("（示例）HZ00000000001", "")
    )
    assert wrong_cells(page) == {
        "B2": "There is no such team in this organization.",
        "A3": "This is no volunteer number: check its digits.",
        "A4": "This cell is empty.",
        "B4": "There is no such team in this organization.",
        "A5": "This is the template&#x27;s example row.",
    }
    assert "Take all" not in page
    members.take()
    assert not Membership.objects.exists()


def test_what_stands_twice_or_is_there_already_is_left_out(members, cast, at) -> None:  # type: ignore[no-untyped-def]
    operations.join(cast.stranger.volunteer(), cast.station, by=cast.wu, at=at)
    lin, stranger = number(cast.lin), number(cast.stranger)
    page = members.send(MEMBERS, (lin, ""), (lin, ""), (stranger, ""))
    assert "1 new, 2 left out." in page
    assert left_out(page) == {"3": "The same stands in row 2.", "4": "It is there already."}


def test_the_list_of_members_goes_out_masked_and_comes_in_without_a_change(members, cast) -> None:  # type: ignore[no-untyped-def]
    members.send(MEMBERS, (number(cast.lin), ""))
    members.take()
    content = members.export()
    assert cells(content) == [
        ["Volunteer number", "Team", "Name"],
        [number(cast.lin), "", rules.masked_name(LIN.name)],
    ]
    assert "Nothing in this list is new" in members.send_file(content)


def test_volunteers_begin_nothing_before_they_agree_themselves(volunteers, cast, at) -> None:  # type: ignore[no-untyped-def]
    page = volunteers.send(VOLUNTEERS, NEW, MINOR)
    assert "2 new, 0 left out." in page
    assert HE.name not in page
    assert HE.phone not in page
    before = Volunteer.objects.count()
    assert "2 taken" in volunteers.take()
    assert Volunteer.objects.count() == before + 2

    person_id = queries.person_with_phone(HE.phone)
    assert person_id is not None
    assert queries.actor_of(person_id, at).holder_id is None
    holder_id = queries.holder_of(person_id)
    facts = queries.volunteer(holder_id)
    assert (facts.terms, facts.masked_name, facts.birth_on) == (None, "何*", HE.birth_on)

    me = Client()
    sign_in(me, HE)
    answer = me.get("/me")
    assert answer.status_code in {302, 403} or "register" in answer.content.decode()
    terms = queries.consent_text(Purpose.TERMS, at.date()).version
    typed = {"real_name": HE.name, "id_number": HE.id_number, "terms": terms, "agree": "on"}
    other = typed | {"id_number": LU.id_number}
    assert "agree" in me.post("/register", other).content.decode()
    assert queries.actor_of(person_id, at).holder_id is None
    assert me.post("/register", typed).status_code == 302
    assert queries.actor_of(person_id, at).holder_id == holder_id


def test_a_minor_from_a_list_has_the_guardian_who_signed(volunteers, cast, at) -> None:  # type: ignore[no-untyped-def]
    volunteers.send(VOLUNTEERS, MINOR)
    volunteers.take()
    person_id = queries.person_with_phone(LU.phone)
    assert person_id is not None
    holder_id = queries.holder_of(person_id)
    assert queries.volunteer(holder_id).has_guardian_consent
    consent = models.Consent.objects.get(holder_id=holder_id)
    assert (consent.purpose, consent.given_at.date(), consent.given_by) == (
        "minors",
        date(2019, 2, 28),  # midnight of 1 March in Hangzhou, in UTC
        SentList.objects.get().sent_by,
    )
    me = Client()
    sign_in(me, LU)
    terms = queries.consent_text(Purpose.TERMS, at.date()).version
    typed = {"real_name": LU.name, "id_number": LU.id_number, "terms": terms, "agree": "on"}
    assert me.post("/register", typed).status_code == 302
    assert queries.actor_of(person_id, at).holder_id == holder_id


def test_every_wrong_cell_of_volunteers_is_named(volunteers) -> None:  # type: ignore[no-untyped-def]
    child = id_number("330102", date(2008, 1, 1))
    page = volunteers.send(
        VOLUNTEERS,
        ("何1", HE.id_number[:-1] + "?", "123", "33", "", "", "", "", "", ""),
        (*MINOR[:5], "?", MINOR[2], "姑妈", "2019-04-01", ""),
        ("小小", child, "15400001003", "", "", *MINOR[5:]),
        (*MINOR[:2], "15400001008", "", "", "", "", "", "", ""),
        ("贺三", float(HE.id_number[:17]), "15400001004", "", "", "", "", "", "", ""),
    )
    assert set(wrong_cells(page)) == {
        "A2",
        "B2",
        "C2",
        "D2",
        "F3",
        "G3",
        "H3",
        "I3",
        "B4",
        "F5",
        "G5",
        "H5",
        "I5",
        "B6",
    }
    assert wrong_cells(page)["B6"].startswith("Excel has turned this number into a quantity")
    assert wrong_cells(page)["I3"] == "This day has not come yet."
    assert wrong_cells(page)["F5"] == "This person is below 18, and the guardian&#x27;s part is empty."


def test_who_is_known_or_not_confirmed_is_left_out_in_the_same_words(volunteers, cast) -> None:  # type: ignore[no-untyped-def]
    cast.lin  # noqa: B018 - registered
    stranger = ("钱三", id_number("330102", date(1970, 7, 7)), LIN.phone, *NEW[3:])
    page = volunteers.send(
        VOLUNTEERS,
        (LIN.name, LIN.id_number, "15400001005", *NEW[3:]),
        stranger,
        NEW,
        ("何一", HE.id_number, "15400001006", *NEW[3:]),
    )
    said = left_out(page)
    assert said["2"] == said["3"]
    assert said["5"] == "The same stands in row 4."
    assert "1 new, 3 left out." in page


def test_volunteers_are_taken_back_unless_they_have_begun(volunteers, cast) -> None:  # type: ignore[no-untyped-def]
    before = {
        model: model._default_manager.count()
        for model in (models.Person, Volunteer, models.Claim, Membership, models.Guardian, models.Consent)
    }
    volunteers.send(VOLUNTEERS, NEW, MINOR)
    volunteers.take()
    sign_in(Client(), HE)
    page = volunteers.undo()
    assert staying(page) == {"2": "The volunteer has begun: agreed to the terms, signed in, or taken part."}
    assert queries.person_with_phone(LU.phone) is None
    assert Volunteer.objects.count() == before[Volunteer] + 1
    assert models.Guardian.objects.count() == before[models.Guardian]
    assert models.Consent.objects.count() == before[models.Consent]


def test_the_list_of_volunteers_goes_out_masked_and_comes_in_without_a_change(volunteers) -> None:  # type: ignore[no-untyped-def]
    volunteers.send(VOLUNTEERS, NEW, MINOR)
    volunteers.take()
    content = volunteers.export()
    heads, *rows = cells(content)
    assert heads[:3] == ["Name", "ID number", "Phone"]
    assert [row[:3] for row in rows] == [["何*", "***", "***"], ["陆*", "***", "***"]]
    assert HE.name not in str(rows)
    assert "Nothing in this list is new" in volunteers.send_file(content)


def test_what_the_file_said_lies_sealed(volunteers) -> None:  # type: ignore[no-untyped-def]
    volunteers.send(VOLUNTEERS, NEW)
    row = SentList.objects.get()
    for column in (row.content, row.found, row.data_key):
        assert HE.name.encode() not in bytes(column)
        assert HE.phone.encode() not in bytes(column)


def test_a_name_comes_out_only_by_a_look_that_the_person_sees(members, cast, at) -> None:  # type: ignore[no-untyped-def]
    members.send(MEMBERS, (number(cast.lin), ""), (number(cast.stranger), ""))
    members.take()
    (invitation,) = queries.invitations(cast.lin.volunteer())
    operations.accept_invitation(invitation.id, holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    asked = {"purpose": "roster", "fields_wanted": ["real_name"], "note": ""}
    answer = members.client.post(f"{members.address}/names", asked)
    rows = cells(answer.content)[1:]
    assert sorted(row[2] for row in rows) == sorted([LIN.name, "钱*"])
    assert [look.holder_id for look in models.IdentityLook.objects.all()] == [cast.lin.volunteer()]


def test_nobody_else_sees_takes_or_undoes_the_list(members, desk, cast, office) -> None:  # type: ignore[no-untyped-def]
    members.send(MEMBERS, (number(cast.lin), ""))
    for who in (cast.lin, cast.wu, office):
        other = desk(who, members.address)
        assert other.client.get(members.here).status_code == 404
        for step in ("take", "undo", "drop"):
            assert other.client.post(f"{members.here}/{step}").status_code == 404
    assert not Membership.objects.exists()
    assert let_in(Client(), cast.wu, cast.at).get(members.address).status_code == 403
    assert Client().get(members.here).status_code == 302


def test_who_never_agrees_is_forgotten_after_a_year(volunteers, at) -> None:  # type: ignore[no-untyped-def]
    from datetime import timedelta

    from shanshi.foundation import clock
    from shanshi.keeping import operations as keeping

    volunteers.send(VOLUNTEERS, NEW, MINOR)
    volunteers.take()
    keeping.expire(at=at + timedelta(days=364), real_at=clock.real_now())
    assert queries.person_with_phone(HE.phone) is not None
    keeping.expire(at=at + timedelta(days=366), real_at=clock.real_now())
    assert queries.person_with_phone(HE.phone) is None
    assert queries.person_with_phone(LU.phone) is None
    assert not models.Guardian.objects.exists()
