"""The pages of leaders, reviewers and cashiers."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from shanshi.activities import queries as activities
from shanshi.attendance import queries as attendance
from shanshi.foundation import clock
from shanshi.ledger import queries as books
from shanshi.places import operations as places
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries as offers
from tests.portal.words import has_chinese, main_of
from tests.portal.world import NEXT_DAY

pytestmark = pytest.mark.django_db

DRAFT = {
    "title": "江滩清扫",
    "kind": "service",
    "description": "清扫江滩。",
    "fields_of_service": "生态保护，社区服务",
    "min_age": "14",
    "risks": "地面湿滑。",
    "person_in_charge": "吴建国",
    "expected_people": "20",
    "division": "330102",
    "radius_m": "200",
}


@pytest.fixture
def venue(cast):
    cast.divisions  # noqa: B018 - a venue needs a district that is there
    row = places.VenueRow(
        name="清波街道党群服务中心",
        address="清波街1号",
        latitude=30.24,
        longitude=120.16,
        division_code="330102",
    )
    return places.add_venues([row], by=cast.loader, at=cast.at)[0]


def post(client, name, *args, **form):
    return client.post(reverse(f"portal:{name}", args=args), form, follow=True)


def get(client, name, *args):
    return client.get(reverse(f"portal:{name}", args=args))


def test_wu_plans_an_activity_and_xu_publishes_it(world, reader, cast, venue):
    wu, xu = reader(cast.wu), reader(cast.xu)
    made = post(wu, "lead-new", organizer=cast.station, venue=venue, **DRAFT)
    assert "江滩清扫" in main_of(made)
    activity_id = made.redirect_chain[-1][0].rsplit("/", 1)[-1]

    shift = {"day": "2019-03-24", "starts": "14:00", "ends": "16:00", "capacity": "10"}
    assert "The shift has been added." in main_of(post(wu, "lead-add-shift", activity_id, **shift))
    assert "Submitted" in main_of(post(wu, "lead-submit", activity_id))
    assert "江滩清扫" in main_of(get(xu, "queue"))
    assert "Published: 江滩清扫." in main_of(post(xu, "review-publish", activity_id))

    found = activities.activity(activity_id)
    assert (found.state, found.fields) == ("published", ("生态保护", "社区服务"))
    assert (found.positions[0].latitude, found.place_text) == (30.24, "清波街道党群服务中心 清波街1号")
    assert "Nothing waits for you" in main_of(get(xu, "queue"))


def test_a_form_that_fails_keeps_what_was_typed_and_says_what_is_wrong(world, reader, cast):
    answer = reader(cast.wu).post(
        reverse("portal:lead-new"), {**DRAFT, "organizer": cast.station, "title": ""}
    )
    words = main_of(answer)

    assert "What you typed is still here." in words
    assert "Choose a venue, or say where the door is." in words
    assert "地面湿滑。" in answer.content.decode()
    assert activities.activities_led([f"organization:{cast.station}"], at=cast.at) == []


def test_what_is_missing_is_said_all_at_once(world, reader, cast, venue):
    wu = reader(cast.wu)
    made = post(wu, "lead-new", organizer=cast.station, venue=venue, **DRAFT)
    activity_id = made.redirect_chain[-1][0].rsplit("/", 1)[-1]
    assert "The activity has no shift." in main_of(post(wu, "lead-submit", activity_id))
    late = {"day": "2019-03-19", "starts": "14:00", "ends": "16:00", "capacity": "10"}
    assert "added" not in main_of(post(wu, "lead-add-shift", activity_id, **late))
    backwards = {"day": "2019-03-24", "starts": "16:00", "ends": "14:00", "capacity": "10"}
    assert "The end must come after the start" in main_of(
        post(wu, "lead-add-shift", activity_id, **backwards)
    )
    assert activities.activity(activity_id).shifts == ()


def test_xu_sends_back_with_a_reason_that_wu_reads(world, reader, cast, venue):
    wu, xu = reader(cast.wu), reader(cast.xu)
    made = post(wu, "lead-new", organizer=cast.station, venue=venue, **DRAFT)
    activity_id = made.redirect_chain[-1][0].rsplit("/", 1)[-1]
    post(wu, "lead-add-shift", activity_id, day="2019-03-24", starts="14:00", ends="16:00", capacity="10")
    post(wu, "lead-submit", activity_id)

    post(xu, "review-return", activity_id, reason="请写明集合地点")
    assert "请写明集合地点" in main_of(get(wu, "lead-activity", activity_id))
    assert activities.activity(activity_id).state == "draft"

    page = main_of(get(wu, "lead-change", activity_id))
    assert "请写明集合地点" in page
    assert "Change the draft" in page
    before = activities.activity(activity_id)
    told = post(
        wu, "lead-change", activity_id, organizer=cast.station, venue=venue, **DRAFT | {"title": "江滩再清扫"}
    )
    assert "The draft has been changed." in main_of(told)
    after = activities.activity(activity_id)
    assert (after.title, after.positions) == ("江滩再清扫", before.positions)
    assert [one.id for one in after.shifts] == [one.id for one in before.shifts]


def test_what_was_submitted_is_not_changed_and_a_refused_publication_stays_on_its_page(
    world, reader, cast, venue
):
    wu, xu = reader(cast.wu), reader(cast.xu)
    dangerous = DRAFT | {"risk_kinds": "danger", "min_age": "18"}
    made = post(wu, "lead-new", organizer=cast.station, venue=venue, **dangerous)
    activity_id = made.redirect_chain[-1][0].rsplit("/", 1)[-1]
    post(wu, "lead-add-shift", activity_id, day="2019-03-24", starts="14:00", ends="16:00", capacity="10")
    post(wu, "lead-submit", activity_id)

    assert "changed" not in main_of(
        post(wu, "lead-change", activity_id, organizer=cast.station, venue=venue, **DRAFT | {"title": "x"})
    )
    refused = post(xu, "review-publish", activity_id)
    assert refused.redirect_chain[-1][0] == reverse("portal:review-activity", args=[activity_id])
    assert "Send back" in main_of(refused)
    found = activities.activity(activity_id)
    assert (found.title, found.state) == (DRAFT["title"], "submitted")


def test_the_door_shows_a_code_that_changes_and_counts_who_is_in(world, reader, cast):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(cast.lin, shift_id)
    wu = reader(cast.wu)
    page = get(wu, "door", shift_id)
    code = get(wu, "door-code", shift_id).json()

    assert "Scan here to check in or out" in main_of(page)
    assert (len(code["digits"]), 0 < code["seconds"] <= 15) == (6, True)
    world.scan(cast.lin, shift_id, "09:50")
    assert re.search(r"Inside 1 Left 0 Expected 1", " ".join(_words(get(wu, "door-counts", shift_id))))


def _words(answer):
    return re.sub(r"<[^>]+>", " ", answer.content.decode()).split()


def test_wus_camera_checks_lin_in_and_out_by_the_personal_code(world, reader, cast, the_clock):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(cast.lin, shift_id)
    wu = reader(cast.wu)
    url = reverse("portal:door-scan", args=[shift_id])

    def show(nonce):
        code = attendance.personal_code(cast.lin.volunteer(), "x", clock.real_now()).code
        return wu.post(url, {"code": code, "nonce": nonce}, headers={"HX-Request": "true"})

    the_clock(world.time("09:55"))
    assert "林* is checked in." in show("n1").content.decode()
    the_clock(world.time("12:05"))
    assert "林* is checked out." in show("n2").content.decode()
    refused = wu.post(url, {"code": "NONSENSE", "nonce": "n3"}, headers={"HX-Request": "true"})
    assert refused.status_code in {409, 422}
    assert 'data-code="attendance.' in refused.content.decode()


def test_the_roster_puts_exceptions_on_top_and_is_confirmed_once(world, reader, cast, the_clock):
    (shift_id,) = world.shifts(world.library())
    for who in (cast.lin, cast.stranger):
        world.sign_up(who, shift_id)
    world.scan(cast.lin, shift_id, "09:50")
    world.scan(cast.lin, shift_id, "12:05")
    wu = reader(cast.wu)
    assert "You confirm the shift here when it is over." in main_of(get(wu, "roster", shift_id))

    the_clock(world.time("12:30"))
    words = main_of(get(wu, "roster", shift_id))
    assert words.index("Did not come") < words.index("林*")
    assert "林晓" not in words
    assert "Confirmed: 1 visits, 2 h in the books." in main_of(post(wu, "roster-confirm", shift_id))
    post(wu, "roster-confirm", shift_id)
    assert books.balances(cast.lin.volunteer()).verified_minutes == 120


def test_fang_gives_what_lins_code_stands_for_and_takes_it_back(world, reader, cast, the_clock):
    world.served(cast.lin)
    lin, later = cast.lin.volunteer(), world.time("12:30") + NEXT_DAY
    the_clock(later)
    reserved = rewards.reserve(world.noodles, holder_id=lin, by=cast.lin, at=later, real_at=clock.real_now())
    fang = reader(world.fang)
    url = reverse("portal:till-take", args=[world.noodle_house])

    given = fang.post(url, {"code": offers.code_of(reserved)}, headers={"HX-Request": "true"})
    assert "till-given" in given.content.decode()
    assert "片儿川一碗" in given.content.decode()
    assert "片儿川一碗" in main_of(fang.get(reverse("portal:till-of", args=[world.noodle_house])))
    assert books.balances(lin).coin_units == 60

    assert "Taken back." in main_of(post(fang, "till-void", reserved.id))
    assert books.balances(lin).coin_units == 120
    assert len(get(fang, "till-code", world.noodle_house).json()["code"]) > 10


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_staff_pages_speak_the_readers_language(world, reader, cast, language, venue):
    world.library()
    pages = [(cast.wu, "shifts"), (cast.wu, "lead-new"), (cast.xu, "queue"), (world.fang, "till")]
    for who, name in pages:
        answer = reader(who, language).get(reverse(f"portal:{name}"), follow=True)
        assert answer.status_code == 200
        heading = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
        assert heading is not None
        assert has_chinese(heading.group(1)) == (language != "en") or name == "till"


@pytest.mark.parametrize("name", ["shifts", "lead-new", "queue", "till"])
def test_somebody_without_a_role_is_refused_and_a_visitor_signs_in(world, reader, cast, name):
    assert reader(cast.stranger).get(reverse(f"portal:{name}")).status_code == 403
    visitor = reader().get(reverse(f"portal:{name}"))
    assert (visitor.status_code, visitor["Location"].split("?")[0]) == (302, "/sign-in")


def test_a_shift_that_is_not_there_is_a_page_that_says_so(reader, cast):
    assert get(reader(cast.wu), "door", uuid4()).status_code == 404
