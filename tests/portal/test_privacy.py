"""A person's own data: everything held, consents that stop at once, corrections, and the end."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from shanshi.activities import operations as activities
from shanshi.activities import queries as shifts
from shanshi.activities.models import SignUp
from shanshi.attendance.models import Scan, ScanLocation
from shanshi.foundation import clock, outbox
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry, IdempotentRequest, OutboxMessage, Session
from shanshi.ledger import queries as ledger
from shanshi.portal import operations
from shanshi.portal.operations.erasure import FORGETTERS
from shanshi.portal.queries.held import HOLDERS
from shanshi.registry import models, queries, rules
from shanshi.registry import operations as registry
from shanshi.registry.rules import Purpose
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries as offers
from tests.cast import LIN, MEI, STRANGER, WU
from tests.portal.words import main_of
from tests.portal.world import let_in
from tests.registry.browsers import browser, sign_in

pytestmark = pytest.mark.django_db
OWN = [
    "/me/privacy",
    "/me/privacy/data",
    "/me/privacy/data.json",
    "/me/privacy/data.xlsx",
    "/me/privacy/looks",
    "/me/privacy/correct",
    "/me/privacy/phone",
    "/me/privacy/erase",
]


def code_to(phone: str) -> str:
    """The code in the latest message to a phone."""
    found = re.search(r"\d{6}", outbox.messages(phone=phone)[0].text)
    assert found is not None
    return found.group()


def by_code(reader, who, at):
    """Somebody who signed in with a code alone, without a second factor."""
    return let_in(reader(), who, at, second_factor=False)


def agree(who, purpose, at):
    version = queries.consent_text(purpose, at.date()).version
    operations.agree(who.volunteer(), purpose, text_version=version, by=who, at=at)


@pytest.mark.parametrize("path", OWN)
def test_a_visitor_signs_in_first(reader, path):
    page = reader().get(path)
    assert (page.status_code, page["Location"]) == (302, f"/sign-in?next={path.replace('/', '%2F')}")


def test_everybody_may_read_every_text(reader):
    words = main_of(reader().get("/privacy"))
    for purpose in Purpose:
        assert f"{purpose}@2015-01-01" in words
    assert "您同意什么" in main_of(reader(language="zh-hans").get("/privacy/minors"))
    assert reader().get("/privacy/everything").status_code == 404


def test_the_page_says_how_one_stands_to_each_purpose_with_one_button_each(world, reader):
    page = reader(world.cast.lin).get("/me/privacy")
    html = page.content.decode()
    for purpose in set(Purpose) - {Purpose.MINORS, Purpose.TERMS}:
        assert html.count(f'action="/me/privacy/consents/{purpose}/agree"') == 1
        assert f"/me/privacy/consents/{purpose}/withdraw" not in html
    assert html.count('action="/me/privacy/consents/terms/withdraw"') == 1
    assert "/me/privacy/consents/terms/agree" not in html
    assert "consents/minors" not in html


def test_agreeing_and_withdrawing_take_one_press_each(world, reader, at):
    lin = reader(world.cast.lin)
    done = lin.post("/me/privacy/consents/location/agree", {"version": "location@2015-01-01"}, follow=True)
    assert "You have agreed." in main_of(done)
    assert queries.consented([world.cast.lin.volunteer()], Purpose.LOCATION)
    done = lin.post("/me/privacy/consents/location/withdraw", follow=True)
    assert "It stopped at once" in main_of(done)
    assert not queries.consented([world.cast.lin.volunteer()], Purpose.LOCATION)
    assert "What was before" in main_of(done)


@pytest.mark.parametrize("sent", [{}, {"version": "location@1999-01-01"}, {"version": "x" * 100}])
def test_nobody_agrees_to_a_text_that_was_not_shown(world, reader, sent):
    done = reader(world.cast.lin).post("/me/privacy/consents/location/agree", sent, follow=True)
    assert "The text has changed" in main_of(done)
    assert not queries.consented([world.cast.lin.volunteer()], Purpose.LOCATION)


def test_an_unknown_purpose_is_refused(world, reader):
    for verb in ("agree", "withdraw"):
        done = reader(world.cast.lin).post(f"/me/privacy/consents/everything/{verb}", follow=True)
        assert "There is no such purpose" in main_of(done)


def test_a_minor_does_not_decide_what_the_guardian_decides(world, reader, at):
    mei = world.cast.mei
    page = reader(mei).get("/me/privacy")
    assert "Decided by your guardian." in main_of(page)
    with pytest.raises(rules.NotYoursToConsent):
        operations.withdraw(mei.volunteer(), Purpose.MINORS, by=mei, at=at)
    assert queries.volunteer(mei.volunteer()).has_guardian_consent


def test_without_the_terms_everything_ahead_stops_at_once(world, at):
    lin = world.cast.lin
    world.served(lin)
    rewards.reserve(world.noodles, holder_id=lin.volunteer(), by=lin, at=at + timedelta(days=2), real_at=at)
    first, second = world.shifts(world.library(world.shift(days=3), world.shift("14:00-16:00", days=3)))
    for shift_id in (first, second):
        world.sign_up(lin, shift_id)
    later = at + timedelta(days=2, hours=1)

    assert operations.withdraw(lin.volunteer(), Purpose.TERMS, by=lin, at=later) == 2

    assert shifts.sign_up(first, lin.volunteer()) is None
    assert [shift.taken for shift in shifts.shifts([first, second])] == [0, 0]
    held = ledger.balances(lin.volunteer())
    assert (held.coin_units, held.reserved_coin_units, held.verified_minutes) == (120, 0, 120)
    with pytest.raises(rules.TermsWithdrawn):
        activities.sign_up(first, holder_id=lin.volunteer(), by=lin, at=later)
    with pytest.raises(rules.TermsWithdrawn):
        rewards.reserve(world.noodles, holder_id=lin.volunteer(), by=lin, at=later, real_at=later)
    assert ledger.balances(lin.volunteer()) == held
    assert operations.withdraw(lin.volunteer(), Purpose.TERMS, by=lin, at=later) == 0
    assert ledger.verify().is_right

    agree(lin, Purpose.TERMS, later)
    activities.sign_up(first, holder_id=lin.volunteer(), by=lin, at=later)


def test_who_is_at_a_shift_when_withdrawing_leaves_it_by_its_door(world, at):
    lin = world.cast.lin
    (shift_id,) = world.shifts(world.library())
    world.sign_up(lin, shift_id)
    world.scan(lin, shift_id, "09:50")
    assert operations.withdraw(lin.volunteer(), Purpose.TERMS, by=lin, at=world.time("11:00")) == 0
    world.scan(lin, shift_id, "11:30")
    assert shifts.sign_up(shift_id, lin.volunteer()) is not None


def test_who_signed_up_and_did_not_come_loses_the_place_of_a_shift_that_has_begun(world, at):
    lin = world.cast.lin
    (shift_id,) = world.shifts(world.library())
    world.sign_up(lin, shift_id)
    assert operations.withdraw(lin.volunteer(), Purpose.TERMS, by=lin, at=world.time("10:30")) == 1
    assert not SignUp.objects.filter(holder_id=lin.volunteer(), state="placed").exists()


def test_without_consent_to_location_the_next_scan_keeps_no_place(world, reader, at, the_clock):
    lin = world.cast.lin
    (shift_id,) = world.shifts(world.library())
    world.sign_up(lin, shift_id)
    agree(lin, Purpose.LOCATION, at)
    place = {"latitude": "30.2489", "longitude": "120.1607", "accuracy_m": "9"}
    from shanshi.attendance import queries as codes

    for time, nonce in (("09:50", "one"), ("12:05", "two")):
        the_clock(world.time(time))
        code = codes.venue_code(shift_id, clock.real_now()).code
        reader(lin).post("/check-in", {"code": code, "nonce": nonce, **place})
        operations.withdraw(lin.volunteer(), Purpose.LOCATION, by=lin, at=world.time(time))
    assert ScanLocation.objects.count() == 1
    assert list(Scan.objects.order_by("scanned_at").values_list("band", flat=True)) == ["inside", "unknown"]


def test_the_check_in_page_offers_the_place_only_to_who_agreed(world, reader, at):
    lin = world.cast.lin
    page = reader(lin).get("/check-in")
    assert "latitude" not in page.content.decode()
    assert "Your place is not sent" in main_of(page)
    agree(lin, Purpose.LOCATION, at)
    assert 'name="latitude"' in reader(lin).get("/check-in").content.decode()


def test_a_till_sees_the_first_character_of_a_name_only_with_consent(world, reader, at, the_clock):
    lin, later = world.cast.lin, at + timedelta(days=2)
    world.served(lin)
    the_clock(later)
    answers = []
    for _ in range(2):
        redeemed = rewards.reserve(
            world.noodles, holder_id=lin.volunteer(), by=lin, at=later, real_at=clock.real_now()
        )
        code = offers.code_of(redeemed)
        till = reader(world.fang).post(f"/till/{world.noodle_house}/take", {"code": code}, follow=True)
        answers.append(main_of(till))
        agree(lin, Purpose.MERCHANT, later)
    assert "林" not in answers[0]
    assert "For 林*." in answers[1]


def test_without_consent_hours_bring_no_red_points(world, at):
    assert not queries.consented([world.cast.lin.volunteer()], Purpose.RED_POINTS)
    agree(world.cast.lin, Purpose.RED_POINTS, at)
    assert queries.consented([world.cast.lin.volunteer()], Purpose.RED_POINTS)
    operations.withdraw(world.cast.lin.volunteer(), Purpose.RED_POINTS, by=world.cast.lin, at=at)
    assert not queries.consented([world.cast.lin.volunteer()], Purpose.RED_POINTS)


def test_everything_held_stands_in_words_and_nothing_raw(world, reader, at):
    lin = world.cast.with_role(world.cast.lin, Role.LEADER, f"organization:{world.cast.station}")
    visit_id = world.served(world.cast.lin)
    world.cast.wu  # noqa: B018 - looks at Lin below
    page = reader(lin, "zh-hans").get("/me/privacy/data")
    words = main_of(page)
    for held in (
        LIN.name,
        LIN.phone,
        LIN.id_number,
        "1990年5月17日",
        "图书馆文明引导",
        "2小时",
        "清波街道志愿服务队",
    ):
        assert held in words
    for raw in (str(visit_id), str(lin.holder_id), str(lin.person_id), "verified_minute", "+08:00", "None"):
        assert raw not in words


def test_the_copy_as_json_has_every_room(world, reader):
    world.served(world.cast.lin)
    answer = reader(world.cast.lin).get("/me/privacy/data.json")
    assert answer["Content-Disposition"].startswith('attachment; filename="shanshi-data-')
    assert "no-store" in answer["Cache-Control"]
    held = json.loads(answer.content)
    assert set(held) == {*HOLDERS, "sensitive"}
    assert held["registry"]["volunteer"]["id_number"] == LIN.id_number
    assert held["attendance"]["visits"][0]["minutes"] == 120
    assert held["ledger"]["accounts"]["coin_units"] == 120
    assert "id_number" in held["sensitive"]


def test_the_copy_for_excel_has_the_same_sheets_and_dates_that_sort(world, reader, at):
    world.served(world.cast.lin)
    answer = reader(world.cast.lin).get("/me/privacy/data.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names[:3] == ["Who you are", "Consents", "Sign-ups"]
    facts = {row[0]: row[1] for row in book.get_sheet_by_name("Who you are").to_python()}
    assert facts["Real name"] == LIN.name
    assert facts["Verified hours"] == "2 h"
    came = book.get_sheet_by_name("Visits").to_python()[1][2]
    assert came.isoformat() == "2019-03-20T09:50:00"


def test_a_minors_copy_marks_what_is_sensitive(world, reader):
    words = main_of(reader(world.cast.mei).get("/me/privacy/data"))
    assert f"{MEI.id_number} sensitive" in words
    assert "Your guardian" in words


def test_the_pages_cost_the_same_however_much_is_held(world, reader, django_assert_max_num_queries):
    lin = reader(world.cast.lin)
    world.served(world.cast.lin)
    with django_assert_max_num_queries(30):
        lin.get("/me/privacy")
    with django_assert_max_num_queries(44):
        lin.get("/me/privacy/data")


def test_residence_and_name_are_corrected(world, reader):
    lin = world.cast.lin
    world.cast.divisions  # noqa: B018 - a residence needs a district that is there
    done = reader(lin).post(
        "/me/privacy/correct", {"which": "residence", "residence_code": "330106"}, follow=True
    )
    assert "Corrected." in main_of(done)
    assert queries.volunteer(lin.volunteer()).residence_code == "330106"
    reader(lin).post("/me/privacy/correct", {"which": "name", "real_name": "林小晓"})
    assert queries.held_about(lin.known())["volunteer"]["real_name"] == "林小晓"
    corrected = AuditEntry.objects.filter(verb="registry.correct").values_list("after", flat=True)
    assert sorted(one["field"] for one in corrected) == ["real_name", "residence_code"]


def test_the_buttons_of_corrections_send_no_more_than_the_form(world, reader):
    page = reader(world.cast.lin).get("/me/privacy/correct").content.decode()
    assert page.count('<button class="button button-main" type="submit">') == 1
    assert page.count('<button class="button" type="submit">') == 1


def test_a_name_that_the_register_outside_does_not_confirm_stays(world, monkeypatch, at):
    from shanshi.gateways import identity

    lin = world.cast.lin
    monkeypatch.setattr(identity.FakeIdentity, "check", lambda *_: identity.Verdict.NOT_THE_SAME)
    with pytest.raises(rules.NameNotConfirmed):
        registry.correct_name(lin.known(), "张三", by=lin, at=at)
    assert queries.held_about(lin.known())["volunteer"]["real_name"] == LIN.name


def test_a_phone_moves_with_a_code_to_each(world, reader):
    lin, new = world.cast.lin, "15400000077"
    client = reader(lin)
    client.post("/me/privacy/phone", {"new_phone": new, "step": "codes"})
    codes = {"new_code": code_to(new), "old_code": code_to(LIN.phone)}
    done = client.post("/me/privacy/phone", {"new_phone": new, **codes, "step": "move"}, follow=True)
    assert "From now on your new phone signs in." in main_of(done)
    assert queries.person_with_phone(new) == lin.person_id
    assert queries.person_with_phone(LIN.phone) is None
    assert queries.own(lin.known()).masked_phone == "154****0077"
    assert queries.held_about(lin.known())["phone"] == new


@pytest.mark.parametrize("wrong", ["new_code", "old_code"])
def test_a_phone_stays_when_one_code_is_wrong(world, reader, wrong):
    lin, new = world.cast.lin, "15400000077"
    client = reader(lin)
    client.post("/me/privacy/phone", {"new_phone": new, "step": "codes"})
    codes = {"new_code": code_to(new), "old_code": code_to(LIN.phone), wrong: "000000"}
    page = client.post("/me/privacy/phone", {"new_phone": new, **codes, "step": "move"})
    assert "The code is wrong" in main_of(page)
    assert queries.person_with_phone(LIN.phone) == lin.person_id
    assert queries.person_with_phone(new) is None


def test_a_phone_that_signs_in_to_another_account_is_not_taken(world, reader):
    lin, _stranger = world.cast.lin, world.cast.stranger
    client = reader(lin)
    client.post("/me/privacy/phone", {"new_phone": STRANGER.phone, "step": "codes"})
    codes = {"new_code": code_to(STRANGER.phone), "old_code": code_to(LIN.phone)}
    page = client.post("/me/privacy/phone", {"new_phone": STRANGER.phone, **codes, "step": "move"})
    assert "This phone signs in to another account." in main_of(page)
    assert queries.person_with_phone(LIN.phone) == lin.person_id


@pytest.mark.parametrize("tail", ["data.json", "data.xlsx"])
def test_without_a_fresh_proof_a_copy_is_masked_and_cannot_be_taken_away(world, reader, at, tail):
    lin = world.cast.lin
    client = by_code(reader, lin, at)
    page = client.get("/me/privacy/data")
    words = main_of(page)
    for hidden in (LIN.name, LIN.phone, LIN.id_number, LIN.birth_on.isoformat()):
        assert hidden not in page.content.decode()
    assert "154****0001" in words
    assert "Prove it, and see everything" in words
    assert "Download" not in words
    asked = client.get(f"/me/privacy/{tail}")
    assert asked["Location"] == "/account/confirm?next=%2Fme%2Fprivacy%2Fdata"

    client.post(asked["Location"], {"step": "send", "next": "/me/privacy/data"})
    shown = client.post(
        asked["Location"], {"code": code_to(LIN.phone), "next": "/me/privacy/data"}, follow=True
    )
    assert LIN.name in main_of(shown)
    assert client.get(f"/me/privacy/{tail}").status_code == 200


def test_who_has_just_signed_in_sees_it_at_once(world):
    _ = world.cast.lin
    client = browser()
    sign_in(client, LIN)
    assert LIN.id_number in client.get("/me/privacy/data").content.decode()


def test_in_a_session_the_api_gives_a_copy_only_after_a_fresh_proof(world, reader, at):
    lin = world.cast.lin
    token = {"HTTP_X_CSRFTOKEN": "t" * 32}
    for client, status in ((by_code(reader, lin, at), 403), (reader(lin), 200)):
        client.cookies["csrftoken"] = "t" * 32
        answer = client.get("/api/v1/me/data", **token)
        assert answer.status_code == status
        assert (LIN.name in str(answer.json())) is (status == 200)


def test_who_looked_stands_on_the_page(world, reader, at):
    lin, wu = world.cast.lin, world.cast.wu
    models.IdentityLook.objects.create(
        holder_id=lin.volunteer(),
        field="real_name",
        purpose="roster",
        note="",
        capacity=f"leader organization:{world.cast.station}",
        looked_at=at,
        looked_by=wu.known(),
    )
    words = main_of(reader(lin).get("/me/privacy/looks"))
    for said in ("Real name", "吴*", "Leader, 清波街道志愿服务队", "For the roster of a shift"):
        assert said in words
    assert WU.name not in words


def test_a_fresh_second_factor_stands_in_for_the_code(world, reader):
    lin = world.cast.lin
    done = reader(lin).post("/me/privacy/erase", {"step": "erase"}, follow=True)
    assert "Your account is erased." in done.content.decode()
    assert queries.person_with_phone(LIN.phone) is None


def test_erasing_asks_a_code_says_what_stays_and_signs_out(world, reader, at):
    lin = world.cast.lin
    world.served(lin)
    client = by_code(reader, lin, at)
    words = main_of(client.get("/me/privacy/erase"))
    assert "What goes, for ever" in words
    assert "What stays, and belongs to nobody" in words
    page = client.post("/me/privacy/erase", {"step": "erase", "code": "000000"})
    assert "The code is wrong" in main_of(page)
    assert queries.own(lin.known()).volunteer is not None

    client.post("/me/privacy/erase", {"step": "code"})
    done = client.post("/me/privacy/erase", {"step": "erase", "code": code_to(LIN.phone)}, follow=True)

    assert "Your account is erased." in done.content.decode()
    assert client.get("/me").status_code == 302
    with pytest.raises(rules.PersonUnknown):
        queries.own(lin.known())
    assert ledger.balances(lin.volunteer()).verified_minutes == 120
    assert ledger.verify().is_right


def test_erasing_settles_what_is_open_and_leaves_the_books_right(world, at):
    lin = world.cast.with_role(world.cast.lin, Role.LEADER, f"organization:{world.cast.station}")
    world.served(world.cast.lin)
    later = at + timedelta(days=2)
    rewards.reserve(world.noodles, holder_id=lin.volunteer(), by=lin, at=later, real_at=at)
    (shift_id,) = world.shifts(world.library(world.shift(days=3)))
    world.sign_up(lin, shift_id)
    registry.send_code(LIN.phone, at=at)
    registry.issue_token(lin.known(), label="x", at=at)
    before = ledger.balances(lin.volunteer()).coin_units

    assert operations.erase(lin.known(), by=lin, at=later) is True
    assert operations.erase(lin.known(), by=lin, at=later) is False

    held = ledger.balances(lin.volunteer())
    assert (held.coin_units, held.reserved_coin_units) == (before + 60, 0)
    assert shifts.shifts([shift_id])[0].taken == 0
    assert ledger.verify().is_right
    assert not OutboxMessage.objects.filter(phone=LIN.phone).exists()
    assert not models.BearerToken.objects.filter(person_id=lin.person_id).exists()
    assert not models.RoleGrant.objects.filter(person_id=lin.person_id, ended_at=None).exists()
    assert not Session.objects.filter(person_id=lin.person_id).exists()
    assert not IdempotentRequest.objects.filter(holder_id=lin.person_id).exists()
    assert queries.volunteers([lin.volunteer()]) == {}


def test_one_room_that_fails_leaves_everything_as_it_was(world, at, monkeypatch):
    lin = world.cast.lin
    (shift_id,) = world.shifts(world.library(world.shift(days=3)))
    world.sign_up(lin, shift_id)

    def broken(_one):
        raise RuntimeError

    monkeypatch.setattr("shanshi.portal.operations.erasure.FORGETTERS", {**FORGETTERS, "registry": broken})
    with pytest.raises(RuntimeError):
        operations.erase(lin.known(), by=lin, at=at)
    assert shifts.sign_up(shift_id, lin.volunteer()) is not None
    assert queries.own(lin.known()).volunteer is not None


def test_somebody_without_a_number_has_a_privacy_page_too(world, reader, at):
    person_id = registry.person_of_phone("15400000007", at=at)
    somebody = by_code(reader, queries.actor_of(person_id, at), at)
    words = main_of(somebody.get("/me/privacy"))
    assert "154****0007" in words
    assert "What you agreed to" not in words
    assert "154****0007" in main_of(somebody.get("/me/privacy/data"))
    somebody.post("/me/privacy/erase", {"step": "code"})
    somebody.post("/me/privacy/erase", {"step": "erase", "code": code_to("15400000007")})
    assert queries.person_with_phone("15400000007") is None
