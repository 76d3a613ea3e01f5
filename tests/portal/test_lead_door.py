"""The door and the roster: the last scans, exceptions first, paper, messages, substitute leaders."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shanshi.activities import models
from shanshi.activities import queries as shifts
from shanshi.attendance import queries as attendance
from shanshi.attendance.models import Scan, ScanUndone
from shanshi.foundation.actor import Role
from shanshi.registry import queries as people
from shanshi.registry.models import IdentityLook, RoleGrant
from tests.portal.test_lead import get, post
from tests.portal.words import has_chinese, main_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def wu(world, reader, cast):
    return reader(cast.wu)


@pytest.fixture
def shift(world, cast):
    """This morning at the library, 9:30 to 11:30, with places for Lin and for somebody nobody knows."""
    (made,) = world.shifts(world.library(world.shift("09:30-11:30")))
    for who in (cast.lin, cast.stranger):
        world.sign_up(who, made)
    return made


def number(who):
    return people.volunteer(who.volunteer()).number


def test_the_door_shows_who_came_and_takes_a_scan_back(shift, world, wu, cast, the_clock):
    world.scan(cast.lin, shift, "09:25")
    the_clock(world.time("09:27"))
    page = main_of(get(wu, "door", shift))
    assert ("Last scans" in page, "林*" in page, "Take back" in page) == (True, True, True)
    scan = Scan.objects.get()
    answer = wu.post(reverse("portal:door-undo", args=[shift]), {"scan": scan.pk}, headers=HTMX)

    words = main_of(answer) if "<main" in answer.content.decode() else answer.content.decode()
    assert (answer.status_code, "Taken back" in words) == (200, True)
    assert re.search(r"taken back 9:27", words)
    assert attendance.counts(shift).inside == 0
    assert (Scan.objects.count(), ScanUndone.objects.count()) == (1, 1)


def test_taking_back_works_without_scripts_and_says_why_it_does_not(shift, world, wu, cast, the_clock):
    world.scan(cast.lin, shift, "09:25")
    scan = Scan.objects.get().pk
    the_clock(world.time("09:36"))
    assert "Take back" not in main_of(get(wu, "door", shift))
    assert "can be taken back for 10 minutes" in main_of(post(wu, "door-undo", shift, scan=scan))
    assert "There is no such scan at this shift." in main_of(post(wu, "door-undo", shift, scan="nonsense"))
    refused = wu.post(reverse("portal:door-undo", args=[shift]), {"scan": scan}, headers=HTMX)
    assert (refused.status_code, "attendance.undo_too_late" in refused.content.decode()) == (409, True)
    assert attendance.counts(shift).inside == 1


def test_somebody_who_does_not_run_the_door_takes_nothing_back(shift, world, cast, reader, the_clock):
    world.scan(cast.lin, shift, "09:25")
    the_clock(world.time("09:27"))
    answer = reader(cast.lin).post(reverse("portal:door-undo", args=[shift]), {"scan": Scan.objects.get().pk})
    assert answer.status_code == 403
    assert ScanUndone.objects.count() == 0


def test_the_wall_shows_nobodys_name(shift, world, wu, cast):
    world.scan(cast.lin, shift, "09:25")
    page = get(wu, "door-wall", shift)
    assert ("Scan here" in main_of(page), "林" in main_of(page)) == (True, False)
    part = get(wu, "door-counts", shift, wall=1).content.decode()
    assert ("Expected" in part, "Last scans" in part) == (True, False)


def test_exceptions_come_first_with_their_reason(shift, world, wu, cast, the_clock):
    world.scan(cast.lin, shift, "09:30")
    world.scan(cast.lin, shift, "10:00")
    the_clock(world.time("11:40"))
    words = main_of(get(wu, "roster", shift))
    assert words.index("What stands out") < words.index("Did not come")
    assert "too short to count" in words
    assert "30 min to confirm" in words
    assert "As planned" not in words


def test_a_shift_with_only_a_forgotten_check_out_can_be_closed(shift, world, wu, cast, the_clock):
    world.scan(cast.lin, shift, "09:30")
    the_clock(world.time("12:31"))
    assert "Close the shift" in main_of(get(wu, "roster", shift))
    told = main_of(post(wu, "roster-confirm", shift))
    assert "Never checked out: 1; they earn nothing." in told
    assert shifts.shift(shift).confirmed_at is not None
    assert "Close the shift" not in main_of(get(wu, "roster", shift))


@pytest.mark.parametrize(
    "name", ["roster", "door", "door-counts", "roster-paper", "roster-badges", "roster-message"]
)
def test_a_page_asks_as_many_questions_however_long_the_roster_is(
    shift, world, wu, cast, the_clock, name, django_assert_max_num_queries
):

    the_clock(world.time("09:35"))
    world.scan(cast.lin, shift, "09:30")
    get(wu, name, shift)
    with CaptureQueriesContext(connection) as few:
        get(wu, name, shift)
    for who in (cast.chen, cast.xu):
        world.sign_up(who, shift)
        world.scan(who, shift, "09:32")
    with CaptureQueriesContext(connection) as many:
        get(wu, name, shift)
    assert len(many) == len(few)


@pytest.mark.parametrize("name", ["roster-paper", "roster-badges"])
def test_paper_has_real_names_only_after_a_look_that_is_written_down(shift, wu, cast, name):
    masked = get(wu, name, shift)
    assert ("林*" in main_of(masked), "林晓" in main_of(masked)) == (True, False)
    assert IdentityLook.objects.count() == 0
    named = wu.post(reverse(f"portal:{name}", args=[shift]), {"purpose": "roster"})
    assert ("林晓" in main_of(named), named["Cache-Control"]) == (True, "no-store")
    assert (
        sorted(IdentityLook.objects.values_list("purpose", "field", "looked_by"))
        == [("roster", "real_name", cast.wu.known())] * 2
    )
    refused = wu.post(reverse(f"portal:{name}", args=[shift]), {"purpose": "emergency"})
    assert (refused.status_code, "林晓" in main_of(refused)) == (422, False)


def test_badges_are_for_those_who_were_ticked(shift, wu, cast):
    page = get(wu, "roster-badges", shift, number=[number(cast.lin)])
    words = main_of(page)
    assert (number(cast.lin) in words, number(cast.stranger) in words) == (True, False)
    assert "图书馆文明引导" in words


def test_a_message_is_looked_at_first_and_sent_once(shift, wu, cast):
    preview = wu.post(reverse("portal:roster-message", args=[shift]), {"text": "请带雨衣"})
    assert ("To 2 people" in main_of(preview), models.RosterMessage.objects.count()) == (True, 0)
    message = re.findall(r'name="message" value="([^"]+)"', preview.content.decode())[0]
    for _ in range(2):
        told = post(wu, "roster-message", shift, text="请带雨衣", message=message, sure="1")
        assert "Sent to 2 people." in main_of(told)
    assert list(models.RosterMessage.objects.values_list("text", "people")) == [("请带雨衣", 2)]


def test_a_message_goes_to_those_who_were_ticked(shift, wu, cast):
    only = number(cast.lin)
    post(wu, "roster-message", shift, text="请带雨衣", message=uuid4(), sure="1", number=[only])
    assert list(models.RosterMessage.objects.values_list("people", flat=True)) == [1]


def test_a_substitute_leads_one_shift_until_it_is_over(shift, world, wu, cast, reader, the_clock):
    lin = number(cast.lin)
    sure = post(wu, "substitute", shift, number=lin, reason="吴建国生病")
    assert ("林*" in main_of(sure), RoleGrant.objects.filter(place=f"shift:{shift}").count()) == (True, 0)
    told = post(wu, "substitute", shift, number=lin, reason="吴建国生病", sure="1")
    assert "林* leads this shift too" in main_of(told)
    grant = RoleGrant.objects.get(place=f"shift:{shift}")
    assert (grant.role, grant.from_on, grant.to_on) == (Role.LEADER, cast.at.date(), cast.at.date())
    assert "图书馆文明引导" in main_of(get(reader(cast.lin), "shifts"))

    the_clock(world.time("09:00", days=1))
    assert get(reader(cast.lin), "door", shift).status_code == 403


def test_a_substitute_is_ended_with_a_reason(shift, wu, cast):
    post(wu, "substitute", shift, number=number(cast.lin), reason="生病", sure="1")
    grant = RoleGrant.objects.get(place=f"shift:{shift}")
    post(wu, "substitute-end", shift, grant=uuid4(), reason="好了")
    assert RoleGrant.objects.get(pk=grant.pk).ended_at is None
    assert "no longer leads this shift" in main_of(
        post(wu, "substitute-end", shift, grant=grant.pk, reason="好了")
    )
    assert RoleGrant.objects.get(pk=grant.pk).end_reason == "好了"


@pytest.mark.parametrize(
    ("typed", "says"), [("nonsense", "Nobody has this volunteer number."), (None, "own")]
)
def test_nobody_unknown_and_not_oneself_is_a_substitute(shift, wu, cast, typed, says):
    answer = wu.post(
        reverse("portal:substitute", args=[shift]),
        {"number": typed or number(cast.wu), "reason": "x", "sure": "1"},
    )
    assert (answer.status_code >= 400, says in main_of(answer)) == (True, True)
    assert not RoleGrant.objects.filter(place=f"shift:{shift}").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_of_a_shift_speak_the_readers_language(shift, reader, cast, language):
    client = reader(cast.wu, language)
    for name in ("door", "roster-message", "substitute", "lead-shift", "roster-badges"):
        answer = get(client, name, shift)
        heading = re.search(r"<h[12][^>]*>(.*?)</h[12]>", answer.content.decode().split("<main")[1])
        assert (answer.status_code, heading is not None) == (200, True)
        if name not in {"door"}:
            assert has_chinese(heading.group(1)) == (language != "en"), name
