"""Calendar files and private feeds, read back by the library's own parser."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from icalendar import Calendar

from shanshi.activities import models, operations
from shanshi.foundation.logs import masked
from shanshi.portal.operations import erase
from shanshi.registry import operations as people
from shanshi.registry import queries as registry
from shanshi.registry.rules import PersonUnknown
from tests.cast import MRS_ZHAO
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db


def events(page):
    assert page.status_code == 200
    assert page["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(page.content).walk("VEVENT")


def address_of(client):
    page = client.post("/me/calendar/make")
    assert page["Cache-Control"] == "no-store"
    return page.context["address"].removeprefix("http://testserver")


def test_a_shift_as_a_file_says_when_and_where_in_the_citys_time(world, reader):
    activity_id = world.library(bring="水杯")
    (shift_id,) = world.shifts(activity_id)
    page = reader().get(f"/shifts/{shift_id}/calendar.ics")
    (event,) = events(page)
    assert str(event["uid"]) == f"{shift_id}@shanshi"
    assert str(event["summary"]) == "图书馆文明引导"
    assert event.decoded("dtstart") == world.time("10:00")
    assert event.decoded("dtend") == world.time("12:00")
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert str(event["location"]) == "文澜阁图书馆"
    assert "水杯" in str(event["description"])
    assert event["url"] == f"http://testserver/activities/{activity_id}"
    assert str(event["status"]) == "CONFIRMED"
    (zone,) = Calendar.from_ical(page.content).walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Asia/Shanghai"


def test_a_file_of_an_activity_has_its_public_shifts_and_the_cancelled_ones_as_such(world, reader):
    activity_id = world.library(world.shift(), world.shift(days=1))
    first, second = world.shifts(activity_id)
    operations.add_shifts(activity_id, [world.shift(days=2)], by=world.cast.wu, at=world.at)
    operations.cancel_shift(second, reason="雨", by=world.cast.wu, at=world.at)
    found = events(reader().get(f"/activities/{activity_id}/calendar.ics"))
    assert {str(one["uid"]): str(one["status"]) for one in found} == {
        f"{first}@shanshi": "CONFIRMED",
        f"{second}@shanshi": "CANCELLED",
    }


def test_a_draft_has_no_file_for_strangers(world, reader):
    draft = world.draft()
    (shift_id,) = world.shifts(draft)
    assert reader().get(f"/activities/{draft}/calendar.ics").status_code == 404
    assert reader().get(f"/shifts/{shift_id}/calendar.ics").status_code == 404


def test_the_feed_has_ones_own_shifts_as_they_stand(world, reader):
    cast = world.cast
    taken = world.library(title="有位")
    full = world.library(world.shift("14:00-15:00", capacity=1), title="候补")
    off = world.library(world.shift("16:00-17:00"), title="取消")
    left = world.library(world.shift("18:00-19:00"), title="退出")
    world.sign_up(cast.stranger, world.shifts(full)[0])
    for activity_id in (taken, full, off, left):
        world.sign_up(cast.lin, world.shifts(activity_id)[0])
    operations.withdraw(world.shifts(left)[0], holder_id=cast.lin.volunteer(), by=cast.lin, at=world.at)
    later = world.at + timedelta(minutes=1)
    operations.cancel_shift(world.shifts(off)[0], reason="雨", by=cast.wu, at=later)
    operations.cancel_shift(
        world.shifts(left)[0], reason="雨", by=cast.wu, at=world.at + timedelta(minutes=1)
    )
    address = address_of(reader(cast.lin))
    page = reader().get(address)
    assert {str(one["summary"]): str(one["status"]) for one in events(page)} == {
        "有位": "CONFIRMED",
        "候补": "TENTATIVE",
        "取消": "CANCELLED",
    }
    assert "林" not in page.content.decode()


def test_a_guardian_sees_the_minors_shifts_by_a_masked_name(world, reader):
    cast = world.cast
    (shift_id,) = world.shifts(world.library())
    world.sign_up(cast.mei, shift_id)
    guardian = registry.actor_of(people.person_of_phone(MRS_ZHAO.phone, at=world.at), world.at)
    (event,) = events(reader().get(address_of(reader(guardian))))
    assert str(event["summary"]) == "沈* · 图书馆文明引导"
    assert str(event["uid"]) != f"{shift_id}@shanshi"


def test_an_unchanged_feed_is_not_sent_again(world, reader):
    address = address_of(reader(world.cast.lin))
    first = reader().get(address)
    again = reader().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    world.sign_up(world.cast.lin, world.shifts(world.library())[0])
    assert reader().get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_only_the_hash_of_an_address_is_kept_and_a_new_one_ends_the_old(world, reader):
    lin = reader(world.cast.lin)
    old = address_of(lin)
    key = old.removeprefix("/calendar/").removesuffix(".ics")
    row = models.CalendarKey.objects.get(holder_id=world.cast.lin.holder_id)
    assert key.encode() not in bytes(row.key_hash)
    new = address_of(lin)
    assert reader().get(old).status_code == 404
    assert reader().get(new).status_code == 200
    assert "An address stands since" in main_of(lin.get("/me/calendar"))
    assert new not in lin.get("/me/calendar").content.decode()
    lin.post("/me/calendar/end")
    assert reader().get(new).status_code == 404
    assert "Make my address" in main_of(lin.get("/me/calendar"))


@pytest.mark.parametrize(
    "key", ["x", "a" * 54, "A" * 500, "%00", "é", base64.urlsafe_b64encode(bytes(40)).decode()]
)
def test_an_address_that_is_none_opens_nothing(reader, key):
    assert reader().get(f"/calendar/{key}.ics").status_code == 404


def test_a_key_of_somebody_else_opens_nothing(world, reader):
    key = operations.make_calendar_key(world.cast.lin.volunteer(), at=world.at)
    raw = base64.urlsafe_b64decode(key + "==")
    forged = base64.urlsafe_b64encode(world.cast.stranger.volunteer().bytes + raw[16:]).decode().rstrip("=")
    assert reader().get(f"/calendar/{forged}.ics").status_code == 404


def test_erasing_ends_the_address(world, reader):
    lin = world.cast.lin
    address = address_of(reader(lin))
    erase(lin.known(), by=lin, at=world.at)
    assert models.CalendarKey.objects.count() == 0
    assert reader().get(address).status_code == 404


def test_no_log_shows_a_key(world, reader, caplog):
    address = address_of(reader(world.cast.lin))
    line = masked(f"Not Found: {address}")
    assert line == "Not Found: /calendar/***.ics"


def test_a_feed_costs_as_many_queries_whatever_its_length(world, reader, django_assert_max_num_queries):
    address = address_of(reader(world.cast.lin))
    for hour in range(10, 20):
        (shift_id,) = world.shifts(world.library(world.shift(f"{hour}:00-{hour}:30")))
        world.sign_up(world.cast.lin, shift_id)
    with django_assert_max_num_queries(14):
        assert len(events(reader().get(address))) == 10


def test_a_visitor_has_no_calendar(reader):
    assert reader().get("/me/calendar").status_code == 302
    assert reader().post("/me/calendar/make").status_code in {302, 401, 403}


def test_the_person_behind_a_holder(world):
    lin = world.cast.lin
    assert registry.person_of(lin.volunteer()) == lin.known()
    with pytest.raises(PersonUnknown):
        registry.person_of(uuid4())
