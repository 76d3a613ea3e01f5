"""An event with booths: its leaders keep them, each has a door, and visitors see their stamps."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanshi.activities import models, queries
from shanshi.activities import operations as activities
from shanshi.activities.operations import BoothDraft
from shanshi.activities.rules.booths import BoothInvalid, BoothNameTaken, EventBegun, EventOver
from shanshi.attendance import queries as codes
from shanshi.attendance.models import Stamp
from shanshi.attendance.queries.stamps import booth_code, stamps_of
from shanshi.foundation import clock
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry
from shanshi.registry import operations as registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(world, cast):
    """This morning at the library, from 10 to 12; Lin has a place."""
    activity_id = world.library()
    world.sign_up(cast.lin, world.shifts(activity_id)[0])
    return activity_id


@pytest.fixture
def inside(world, cast, event, the_clock):
    """Lin is checked in, and it is half past ten."""
    visit = world.scan(cast.lin, world.shifts(event)[0], "09:50")
    the_clock(world.time("10:30"))
    return visit


def page(client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_the_leader_adds_changes_and_takes_away_booths(reader, world, cast, event):
    wu, path = reader(cast.wu), f"/lead/activities/{event}/booths"
    assert "No booth yet" in page(wu, path)
    wu.post(path, {"name": "义诊台", "says": "量血压"})
    (booth,) = queries.booths(event)
    assert (booth.name, booth.says) == ("义诊台", "量血压")

    page(wu, f"/lead/booths/{booth.id}/change")
    wu.post(f"/lead/booths/{booth.id}/change", {"name": "义诊", "says": ""})
    assert [one.name for one in queries.booths(event)] == ["义诊"]

    wu.post(f"/lead/booths/{booth.id}/remove")
    assert queries.booths(event) == []
    told = AuditEntry.objects.filter(thing=f"activity:{event}").values_list("verb", flat=True)
    assert {"activities.add_booth", "activities.change_booth", "activities.remove_booth"} <= set(told)


def test_a_booth_of_a_name_that_is_taken_is_refused(world, cast, event):
    world.booths(event, "义诊台")
    for said, refusal in ((BoothDraft("义诊台"), BoothNameTaken), (BoothDraft(" "), BoothInvalid)):
        with pytest.raises(refusal):
            activities.add_booths(event, [said], by=cast.wu, at=cast.at)
    assert len(queries.booths(event)) == 1


def test_a_booth_stays_once_the_event_has_begun_or_is_over(world, cast, event):
    (booth,) = world.booths(event, "义诊台")
    with pytest.raises(EventBegun):
        activities.remove_booth(booth, by=cast.wu, at=world.time("10:01"))
    activities.cancel(event, reason="雨", by=cast.wu, at=cast.at)
    with pytest.raises(EventOver):
        activities.change_booth(booth, BoothDraft("别的"), by=cast.wu, at=cast.at)
    assert [one.name for one in queries.booths(event)] == ["义诊台"]


def test_visitors_see_the_booths_and_their_stamps(reader, world, cast, event, inside):
    clinic, paper = world.booths(event, "义诊台", "剪纸台")
    assert "This event has no booths" not in page(reader(), f"/activities/{event}/booths")
    lin = reader(cast.lin)
    assert "Scan a booth" in page(lin, f"/activities/{event}/booths")

    answer = lin.post(
        "/check-in", {"code": booth_code(clinic, clock.real_now()).code, "nonce": "n1"}, follow=True
    )

    assert "Stamped: 义诊台" in answer.content.decode()
    text = page(lin, f"/activities/{event}/booths")
    assert "Stamped 10:30" in text
    assert "1 stamp of 2" in text
    assert [one.booth_id for one in stamps_of(cast.lin.holder_id)] == [clinic]
    # The six digits of the other booth do the same, and twice is once.
    digits = booth_code(paper, clock.real_now()).digits
    for _ in range(2):
        lin.post("/check-in", {"code": digits, "nonce": "n2"})
    assert Stamp.objects.count() == 2


def test_the_six_digits_of_the_door_still_check_out(reader, world, cast, event, inside, the_clock):
    world.booths(event, "义诊台")
    the_clock(world.time("12:01"))
    code = codes.venue_code(world.shifts(event)[0], clock.real_now())

    answer = reader(cast.lin).post("/check-in", {"code": code.digits, "nonce": "n3"}, follow=True)

    assert "Checked out" in answer.content.decode()
    assert Stamp.objects.count() == 0


def test_who_is_not_checked_in_is_told_the_way(reader, world, cast, event):
    (booth,) = world.booths(event, "义诊台")
    answer = reader(cast.lin).post(
        "/check-in", {"code": booth_code(booth, clock.real_now()).code, "nonce": "n"}, HTTP_HX_REQUEST="true"
    )
    assert answer.status_code == 409
    assert "not checked in" in answer.content.decode()


def test_the_booth_s_own_organization_runs_its_door_and_nobody_beside(reader, world, cast, event, inside):
    clinic = registry.create_organization(
        registry.OrganizationRow(
            name="义诊队", kind="hospital", parent_id=cast.league, division_code="330102"
        ),
        by=cast.loader,
        at=cast.at,
    )
    keeper = cast.with_role(cast.stranger, Role.LEADER, f"organization:{clinic}")
    (mine,) = world.booths(event, "义诊台", keeper=clinic)
    (other,) = world.booths(event, "剪纸台")
    client = reader(keeper)
    assert "义诊台" in page(client, "/lead/booths")
    assert "剪纸台" not in page(client, "/lead/booths")
    text = page(client, f"/lead/booths/{mine}/door")
    assert "Scan here for the stamp" in text

    code = codes.personal_code(cast.lin.holder_id, "HZ1", clock.real_now()).code
    answer = client.post(
        f"/lead/booths/{mine}/door/scan", {"code": code, "nonce": "n"}, HTTP_HX_REQUEST="true"
    )
    assert "is stamped" in answer.content.decode()
    assert "林" in page(client, f"/lead/booths/{mine}/door/stamps")
    assert "林晓" not in page(client, f"/lead/booths/{mine}/door/stamps")
    assert set(client.get(f"/lead/booths/{mine}/door/code").json()) == {"code", "digits", "seconds"}

    page(client, f"/lead/booths/{other}/door", status=403)
    page(client, f"/lead/booths/{mine}/change", status=403)
    for who in (cast.lin, cast.chen):
        page(reader(who), f"/lead/booths/{mine}/door", status=403)
    assert Stamp.objects.count() == 1


def test_the_leader_of_the_event_runs_every_door(reader, world, cast, event):
    for booth in world.booths(event, "义诊台", "剪纸台"):
        assert "Scan here for the stamp" in page(reader(cast.wu), f"/lead/booths/{booth}/door")
    assert "剪纸台" in page(reader(cast.wu), "/lead/booths")


def test_an_event_without_booths_teaches(reader, event):
    assert "This event has no booths" in page(reader(), f"/activities/{event}/booths")


def test_the_queries_of_the_booths_do_not_grow(reader, world, cast, event):
    client = reader(cast.lin)
    counts = []
    for number in range(3):
        world.booths(event, *(f"展位{number}-{one}" for one in range(1 + 5 * number)))
        with CaptureQueriesContext(connection) as seen:
            page(client, f"/activities/{event}/booths")
        counts.append(len(seen))
    assert counts[1] == counts[2]


def test_the_api_stamps_and_lists(world, cast, event, inside, the_clock):
    (booth,) = world.booths(event, "义诊台")
    client = Client()
    assert client.get(f"/api/v1/activities/{event}/booths").json()["items"][0]["stamped"] == 0
    token = registry.issue_token(cast.lin.known(), label="t", at=clock.real_now())
    headers = {"Authorization": f"Bearer {token.token}"}
    sent = json.dumps({"code": booth_code(booth, clock.real_now()).code})
    answers = [
        client.post("/api/v1/stamps", sent, content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["repeated"] for answer in answers] == [False, True]
    assert len(client.get("/api/v1/me/stamps", headers=headers).json()["items"]) == 1
    assert client.get(f"/api/v1/booths/{booth}/code", headers=headers).status_code == 403
    assert client.get(f"/api/v1/activities/{event}/booths").json()["items"][0]["stamped"] == 1
    assert models.Booth.objects.count() == 1
