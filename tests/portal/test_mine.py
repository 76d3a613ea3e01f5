"""My page, the personal code, checking in, and the chain behind a number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from shanshi.attendance import queries as attendance
from shanshi.foundation import clock
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db


def test_my_page_shows_hours_coins_and_the_cause_of_each(world, reader):
    visit_id = world.served(world.cast.lin)
    page = reader(world.cast.lin).get("/me")
    words = main_of(page)
    assert "Verified hours 2 h" in words
    assert "Coins to spend 2" in words
    assert f'href="/me/visits/{visit_id}"' in page.content.decode()
    assert "林晓" not in words
    assert "154****0001" in words


def test_coins_are_on_their_way_until_the_delay_is_over(world, reader):
    world.served(world.cast.lin, settled=False)
    words = main_of(reader(world.cast.lin).get("/me"))
    assert "Coins to spend 0" in words
    assert "Coins on their way 2" in words


def test_somebody_who_is_no_volunteer_is_led_to_registration(world, reader, at):
    registry.send_code("15400000007", at=at)
    person_id = registry.person_of_phone("15400000007", at=at)
    words = main_of(reader(people.actor_of(person_id, at)).get("/me"))
    assert "Become a volunteer" in words
    assert "A guardian agrees" in words


@pytest.mark.parametrize(
    "path",
    [
        "/me",
        "/me/code",
        "/me/code.json",
        "/me/visits",
        "/me/transfers",
        "/me/redemptions",
        "/check-in",
        "/pay",
    ],
)
def test_a_visitor_is_asked_to_sign_in(db, reader, path):
    page = reader().get(path)
    assert (page.status_code, page["Location"]) == (302, f"/sign-in?next={path.replace('/', '%2F')}")


def test_the_personal_code_is_fresh_and_the_name_is_masked(world, reader):
    lin = reader(world.cast.lin)
    number = people.volunteer(world.cast.lin.volunteer()).number
    words = main_of(lin.get("/me/code"))
    assert number in words
    assert "林晓" not in words
    fresh = lin.get("/me/code.json").json()
    assert fresh["code"].startswith("P1")
    assert 0 < fresh["seconds"] <= 60


def test_checking_in_and_out_by_the_camera_tells_what_happens_next(world, reader, the_clock):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(world.cast.lin, shift_id)
    lin = reader(world.cast.lin)
    the_clock(world.time("09:50"))
    page = lin.post("/check-in", _sent(shift_id, "one"), headers={"HX-Request": "true"})
    assert "Checked in at 9:50" in page.content.decode()
    assert "<main" not in page.content.decode()
    assert "Check out" in main_of(lin.get("/me"))
    the_clock(world.time("12:05"))
    page = lin.post("/check-in", _sent(shift_id, "two"), follow=True)
    assert "Checked out at 12:05: 2 h so far" in main_of(page)
    assert "Waits for the leader" in main_of(lin.get("/me"))


def test_the_same_sending_is_one_scan(world, reader, the_clock):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(world.cast.lin, shift_id)
    lin = reader(world.cast.lin)
    the_clock(world.time("09:50"))
    lin.get("/check-in")
    for _ in range(2):
        lin.post("/check-in", _sent(shift_id, "one"))
        the_clock(world.time("10:30"))
    (visit,) = attendance.visits(world.cast.lin.volunteer())
    assert visit.state == "open"


@pytest.mark.parametrize(
    ("language", "title", "label"),
    [("en", "There are new terms", "Read and agree"), ("zh-hans", "服务条款已更新", "阅读并同意")],
)
def test_new_terms_are_told_on_my_page_until_they_are_agreed_to(
    world, reader, tmp_path, settings, language, title, label
):
    lin = reader(world.cast.lin, language)
    assert title not in main_of(lin.get("/me"))
    for path in Path(settings.CONSENT_FILES).iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    terms = yaml.safe_load((tmp_path / "terms.yaml").read_text())
    terms["versions"].append({**terms["versions"][0], "valid_from": world.at.date()})
    (tmp_path / "terms.yaml").write_text(yaml.safe_dump(terms, allow_unicode=True))
    settings.CONSENT_FILES = tmp_path

    page = lin.get("/me")
    assert title in main_of(page)
    assert re.findall(r'<a class="button" href="([^"]+)">' + label, page.content.decode()) == [
        "/me/privacy#terms"
    ]
    assert 'id="terms"' in lin.get("/me/privacy").content.decode()
    version = f"terms@{world.at.date()}"
    lin.post("/me/privacy/consents/terms/agree", {"version": version})
    assert title not in main_of(lin.get("/me"))


def test_six_digits_check_in_without_a_camera(world, reader, the_clock):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(world.cast.lin, shift_id)
    the_clock(world.time("09:50"))
    digits = attendance.venue_code(shift_id, clock.real_now()).digits
    page = reader(world.cast.lin).post("/check-in", {"code": digits, "nonce": "n"}, follow=True)
    assert "Checked in at 9:50" in main_of(page)


def test_a_refused_scan_says_why_and_the_way_and_changes_nothing(world, reader):
    (shift_id,) = world.shifts(world.library())
    page = reader(world.cast.lin).post("/check-in", _sent(shift_id, "one"), headers={"HX-Request": "true"})
    assert page.status_code == 409
    assert "There is no place on this shift in your name." in page.content.decode()
    assert not attendance.visits(world.cast.lin.volunteer()).exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"code": ""},
        {"code": "x" * 999},
        {"code": "V1\x00", "latitude": "north"},
        {"code": "V1ÄÖ", "nonce": "\x00"},
    ],
)
def test_nonsense_at_the_door_is_refused_politely(world, reader, sent):
    page = reader(world.cast.lin).post("/check-in", sent, headers={"HX-Request": "true"})
    assert page.status_code in {409, 422}
    assert "answer-refused" in page.content.decode()


def _sent(shift_id, nonce):
    return {"code": attendance.venue_code(shift_id, clock.real_now()).code, "nonce": nonce}


def test_the_chain_behind_a_number_goes_from_the_books_to_the_publisher(world, reader):
    visit_id = world.served(world.cast.lin)
    page = reader(world.cast.lin).get(f"/me/visits/{visit_id}")
    words = main_of(page)
    for said in (
        "Verified 2 h",
        "The platform → You",
        "by 吴**, who led the shift",
        "Checked in · 9:50",
        "Checked out · 12:05",
        "The door's code, read by the volunteer's camera",
        "清波街道志愿服务队",
        "by 徐* of a body above the organizer",
    ):
        assert said in words
    assert 'href="/policies/hours/try"' in page.content.decode()


def test_a_chain_is_closed_to_others_and_open_to_the_auditor(world, reader):
    visit_id = world.served(world.cast.lin)
    assert reader(world.cast.stranger).get(f"/me/visits/{visit_id}").status_code == 404
    assert reader(world.cast.chen).get(f"/me/visits/{visit_id}").status_code == 200
    assert reader(world.cast.wu).get(f"/me/visits/{visit_id}").status_code == 200


def test_the_book_lists_every_transfer(world, reader):
    visit_id = world.served(world.cast.lin)
    page = reader(world.cast.lin).get("/me/transfers")
    words = main_of(page)
    assert page.content.decode().count(f'href="/me/visits/{visit_id}"') == 3
    assert "Confirmed service" in words
    assert "Coins released" in words
    assert "On its way → You" in words
