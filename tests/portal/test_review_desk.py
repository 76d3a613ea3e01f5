"""The reviewer's desk: what waits and since when, one answer or many, and who was faster."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shanshi.activities import models, operations
from shanshi.activities import queries as activities
from shanshi.activities.queries.reviewing import reviews_waiting
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry
from shanshi.portal.operations.reviewing import MOST_AT_ONCE
from shanshi.registry import operations as registry
from tests.cast import Person
from tests.portal.words import has_chinese, main_of

pytestmark = pytest.mark.django_db
SUN = Person("孙丽", "15400000011", "330102", date(1981, 4, 4))


@pytest.fixture
def submitted(world):
    """Plan and submit an activity, some days before the morning."""

    def make(title="图书馆文明引导", *, days_ago=0, **said):
        activity_id = world.draft(world.shift(days=2), title=title, **said)
        operations.submit(activity_id, by=world.cast.wu, at=world.at)
        if days_ago:
            models.Activity.objects.filter(id=activity_id).update(
                submitted_at=world.at - timedelta(days=days_ago)
            )
        return activity_id

    return make


def state(activity_id):
    return activities.activity(activity_id).state


def decide(client, step, ids, reason="", **more):
    sent = {"step": step, "activity": [str(one) for one in ids], "reason": reason}
    return client.post(reverse("portal:review-decide"), sent | more)


def test_the_queue_shows_the_longest_waiting_first_with_ages_and_what_waits_too_long(submitted, reader, cast):
    submitted("新交的", days_ago=1)
    submitted("早交的", days_ago=5)
    words = main_of(reader(cast.xu).get("/review"))
    assert words.index("早交的") < words.index("新交的")
    assert "5 days too long" in words
    assert "1 day" in words
    assert "To be answered within 3 days" in words
    assert "早交的" in main_of(reader(cast.xu).get("/review?late=1"))
    assert "新交的" not in main_of(reader(cast.xu).get("/review?late=1"))


def test_the_thing_opens_beside_the_queue_with_what_keeps_it_from_publication(submitted, reader, cast):
    activity_id = submitted("水上救生", risk_kinds=("water",))
    words = main_of(reader(cast.xu).get(f"/review/{activity_id}"))
    assert "It cannot be published yet" in words
    assert "the volunteers must be insured" in words
    assert "Submitted by 吴*" in words
    assert "吴建国" not in words


def test_publishing_one_leads_to_the_next_of_the_queue(submitted, reader, cast):
    first, second = submitted("第一", days_ago=2), submitted("第二", days_ago=1)
    page = reader(cast.xu).get(f"/review/{first}?late=").content.decode()
    assert f'name="next" value="activity-{second}"' in page
    answer = reader(cast.xu).post(
        reverse("portal:review-publish", args=[first]), {"next": f"activity-{second}"}
    )
    assert answer["Location"] == f"/review/{second}"
    odd = reader(cast.xu).post(reverse("portal:review-publish", args=[second]), {"next": "//evil.example"})
    assert odd["Location"] == "/review"
    assert (state(first), state(second)) == ("published", "published")


def test_several_are_published_each_judged_alone(submitted, reader, cast):
    good, bad = submitted("好的"), submitted("水上救生", risk_kinds=("water",))
    answer = decide(reader(cast.xu), "publish", [good, bad, uuid4()])
    words = main_of(answer)
    assert answer.status_code == 200
    assert "1 is done." in words
    assert "2 were refused and are unchanged." in words
    assert "the volunteers must be insured" in words
    assert (state(good), state(bad)) == ("published", "submitted")
    assert AuditEntry.objects.filter(verb="activities.publish").count() == 1


def test_sent_twice_it_is_done_once_and_said_so(submitted, reader, cast):
    one, two = submitted("一"), submitted("二")
    client = reader(cast.xu)
    decide(client, "publish", [one, two, one])
    again = main_of(decide(client, "publish", [one, two]))
    assert "2 stood so before." in again
    assert "Was published already" in again
    assert AuditEntry.objects.filter(verb="activities.publish").count() == 2


def test_what_a_colleague_published_is_not_sent_back(submitted, reader, cast):
    activity_id = submitted()
    operations.publish(activity_id, by=cast.xu, at=cast.at)
    answer = decide(reader(cast.xu), "return", [activity_id], "too late")
    assert answer.status_code == 409
    assert "Nothing of this activity waits for a review any more." in main_of(answer)
    assert state(activity_id) == "published"


def test_several_are_sent_back_with_one_reason_and_none_without(submitted, reader, cast):
    one, two = submitted("一"), submitted("二")
    client = reader(cast.xu)
    refused = decide(client, "return", [one, two])
    assert (refused.status_code, state(one)) == (409, "submitted")
    assert "A reason is needed." in main_of(refused)
    assert "2 are done." in main_of(decide(client, "return", [one, two], "请写明地点"))
    assert [activities.activity(key).returned_why for key in (one, two)] == ["请写明地点"] * 2
    assert "2 stood so before." in main_of(decide(client, "return", [one, two], "请写明地点"))


def test_nothing_chosen_and_too_many_change_nothing(submitted, reader, cast):
    activity_id = submitted()
    client = reader(cast.xu)
    assert "Nothing was chosen." in main_of(decide(client, "publish", []))
    many = [activity_id, *(uuid4() for _ in range(MOST_AT_ONCE))]
    assert "At most 50 can be decided at once." in main_of(decide(client, "publish", many))
    assert state(activity_id) == "submitted"


def test_whoever_had_a_hand_in_it_cannot_choose_it(submitted, reader, cast, world):
    activity_id = submitted()
    both = cast.with_role(cast.wu, Role.REVIEWER, f"organization:{cast.league}")
    page = reader(both).get(f"/review/{activity_id}")
    assert "You had a hand in it" in main_of(page)
    assert f'value="{activity_id}"' not in page.content.decode()
    refused = decide(reader(both), "publish", [activity_id])
    assert refused.status_code == 409
    assert "Nobody reviews what he planned" in main_of(refused)
    assert state(activity_id) == "submitted"


def test_added_shifts_wait_and_are_published_or_refused_alone(world, reader, cast, at):
    activity_id = world.library(world.shift(days=1))
    operations.add_shifts(activity_id, [world.shift(days=3)], by=cast.wu, at=at)
    client = reader(cast.xu)
    assert "1 shift added" in main_of(client.get("/review?kind=shifts"))
    client.post(reverse("portal:review-publish", args=[activity_id]), {})
    assert all(one.published_at for one in activities.activity(activity_id).shifts)

    operations.add_shifts(activity_id, [world.shift(days=4)], by=cast.wu, at=at)
    client.post(reverse("portal:review-return", args=[activity_id]), {"reason": "太晚"})
    found = activities.activity(activity_id)
    assert [bool(one.cancelled_at) for one in found.shifts] == [False, False, True]
    assert found.state == "published"
    entry = AuditEntry.objects.get(verb="activities.refuse_shifts")
    assert (entry.reason, entry.by) == ("太晚", cast.xu.known())
    assert reviews_waiting(None) == []


def test_a_moved_shift_waits_since_it_was_moved(world, cast, at):
    activity_id = world.library(world.shift(days=5))
    (shift_id,) = world.shifts(activity_id)
    later = at + timedelta(days=2)
    change = operations.ShiftChange(
        starts_at=world.time("14:00", days=5), ends_at=world.time("15:00", days=5)
    )
    operations.change_shift(shift_id, change, by=cast.wu, at=later)
    (line,) = reviews_waiting(None)
    assert (line.waits_since, line.is_added, line.shifts) == (later, True, 1)


def test_a_reviewer_sees_only_what_is_below_and_nothing_of_the_own_body(submitted, cast):
    activity_id = submitted()
    station, league = f"organization:{cast.station}", f"organization:{cast.league}"
    assert [one.activity_id for one in reviews_waiting((league,))] == [activity_id]
    assert reviews_waiting((station,)) == []
    assert reviews_waiting(("division:330106",)) == []
    assert [one.activity_id for one in reviews_waiting(("division:330102",))] == [activity_id]


def test_proposals_of_colleagues_wait_on_the_desk_of_the_city(reader, cast, at):
    from tests.house.test_trail import ZHOU

    zhou = cast.with_role(cast.volunteer(ZHOU), Role.CITY_STAFF, "city")
    sun = cast.with_role(cast.volunteer(SUN), Role.CITY_STAFF, "city")
    proposal = registry.propose_factor_reset(cast.lin.known(), by=zhou, at=at, reason="lost phone")
    client = reader(sun)
    assert "Reset of second factors" in main_of(client.get("/review"))
    assert "Reset of second factors" not in main_of(reader(zhou).get("/review"))
    assert "lost phone" in main_of(client.get(f"/review/proposals/{proposal}"))
    answer = client.post(
        reverse("portal:proposal-decide", args=[proposal]),
        {"verdict": "refused", "reason": "not sure", "back": "desk"},
    )
    assert answer["Location"] == "/review"
    assert reader(cast.xu).get(f"/review/proposals/{proposal}").status_code == 403


def test_the_queue_asks_the_same_questions_however_much_waits(submitted, reader, cast):
    client = reader(cast.xu)
    counts = []
    for number in range(2):
        for one in range(1 + 4 * number):
            submitted(f"第{number}{one}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/review").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_desk_speaks_the_readers_language(submitted, reader, cast, language):
    activity_id = submitted("Library", description="Guide", risks="none", place_text="Hall", fields=())
    words = main_of(reader(cast.xu, language).get(f"/review/{activity_id}"))
    assert ("审核" in words) == (language != "en")
    assert has_chinese(words)
