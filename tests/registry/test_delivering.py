"""What leaves the platform: to whom, by which way, when, in which language, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanshi.foundation import outbox
from shanshi.foundation.actor import Actor
from shanshi.gateways import mail, sms
from shanshi.gateways.refusals import GatewayUnreachable, OutcomeUnknown
from shanshi.notices import models, queries
from shanshi.notices import operations as notices
from shanshi.notices.operations import UNANSWERED
from shanshi.notices.rules import ALL_CHANNELS, IN_APP_ONLY, Channel, Message
from shanshi.portal.operations import erase
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry.operations import delivering
from shanshi.registry.rules import Purpose
from tests.cast import LIN, MEI, MRS_ZHAO, Cast
from tests.registry.mailbox import MAILBOX, give_address

NEWS = Message(
    template="tests.news",
    title="News of your volunteering",
    text="{activity}",
    facts={"activity": "清洁西湖"},
    url="/me",
)


def agree(who: Actor, at: datetime) -> Actor:
    version = people.consent_text(Purpose.NOTICES, at.date()).version
    registry.give_consent(who.volunteer(), "notices", text_version=version, by=who, at=at)
    return who


def texts(address: str) -> list[str]:
    return [one.text for one in outbox.messages(phone=address) if "清洁" in one.text]


def tell(*who: Actor, at: datetime, key: str = "k", **changes: Any) -> None:
    said = {**{name: getattr(NEWS, name) for name in Message.__slots__}, **changes}
    registry.tell([one.holder_id for one in who if one.holder_id], Message(**said), key=key, at=at)


def states() -> list[tuple[str, str, str]]:
    rows = models.Delivery.objects.order_by("made_at", "channel")
    return [(row.channel, row.state, row.failure) for row in rows]


@pytest.fixture
def lin(cast: Cast, at: datetime) -> Actor:
    return agree(cast.lin, at)


@pytest.mark.django_db
def test_a_message_goes_out_once_however_often_the_job_runs(lin: Actor, at: datetime) -> None:
    tell(lin, at=at)
    for minute in range(4):
        registry.deliver(at=at + timedelta(minutes=minute))
    assert texts(LIN.phone) == ["【善时】清洁西湖"]
    assert states() == [("sms", "sent", "")]


@pytest.mark.django_db
def test_without_consent_there_is_only_the_list(cast: Cast, at: datetime) -> None:
    tell(cast.lin, at=at)
    registry.deliver(at=at)
    assert states() == []
    assert queries.unread(cast.lin.volunteer()) == 1


@pytest.mark.django_db
def test_what_is_about_safety_needs_no_consent_and_no_morning(cast: Cast, at: datetime) -> None:
    night = at.replace(hour=23)
    tell(cast.lin, at=night, is_urgent=True)
    registry.deliver(at=night)
    assert texts(LIN.phone) == ["【善时】清洁西湖"]


@pytest.mark.django_db
def test_what_belongs_on_the_list_alone_stays_there(lin: Actor, at: datetime) -> None:
    tell(lin, at=at, channels=IN_APP_ONLY)
    registry.deliver(at=at)
    assert states() == []


@pytest.mark.django_db
def test_both_ways_in_the_readers_language(lin: Actor, at: datetime) -> None:
    give_address(lin, at)
    registry.remember(language="en", by=lin, at=at)
    tell(lin, at=at)
    registry.deliver(at=at)
    assert texts(LIN.phone) == ["[Shanshi] 清洁西湖"]
    (letter,) = texts(MAILBOX)
    assert letter.startswith("News of your volunteering\n\n清洁西湖\n\nMore of it: open Shanshi yourself")
    assert states() == [("email", "sent", ""), ("sms", "sent", "")]


@pytest.mark.django_db
def test_news_of_the_evening_waits_for_the_morning(lin: Actor, at: datetime) -> None:
    tell(lin, at=at.replace(hour=21))
    for hour in (21, 23):
        registry.deliver(at=at.replace(hour=hour))
    tomorrow = at + timedelta(days=1)
    registry.deliver(at=tomorrow.replace(hour=7, minute=59))
    assert texts(LIN.phone) == []
    registry.deliver(at=tomorrow.replace(hour=8))
    assert len(texts(LIN.phone)) == 1


@pytest.mark.django_db
def test_what_the_day_did_not_manage_waits_for_the_morning_too(lin: Actor, at: datetime) -> None:
    tell(lin, at=at)
    registry.deliver(at=at, most=0)
    registry.deliver(at=at.replace(hour=22))
    assert texts(LIN.phone) == []
    registry.deliver(at=at.replace(hour=8) + timedelta(days=1))
    assert len(texts(LIN.phone)) == 1


@pytest.mark.django_db
def test_what_comes_too_late_is_not_sent(lin: Actor, at: datetime) -> None:
    night = at.replace(hour=22)
    tell(lin, at=night, until=night.replace(hour=7) + timedelta(days=1))
    registry.deliver(at=night)
    registry.deliver(at=night.replace(hour=8) + timedelta(days=1))
    assert texts(LIN.phone) == []
    assert states() == [("sms", "dropped", "notices.late")]


@pytest.mark.django_db
def test_what_nobody_needs_holds_up_nothing_that_is_needed(lin: Actor, at: datetime) -> None:
    for number in range(3):
        tell(lin, at=at, key=f"late{number}", until=at + timedelta(minutes=1))
    tell(lin, at=at, key="news")
    registry.deliver(at=at, most=0)
    registry.deliver(at=at + timedelta(minutes=2))
    assert sorted(state for _, state, _ in states()) == ["dropped", "dropped", "dropped", "sent"]


@pytest.mark.django_db
def test_who_has_read_it_is_not_woken_for_it(lin: Actor, at: datetime) -> None:
    tell(lin, at=at.replace(hour=22))
    registry.deliver(at=at.replace(hour=22))
    notices.read_all(lin.volunteer(), at=at.replace(hour=23))
    registry.deliver(at=at.replace(hour=9) + timedelta(days=1))
    assert states() == [("sms", "dropped", "notices.read")]


@pytest.mark.django_db
def test_a_consent_withdrawn_in_the_night_counts_in_the_morning(lin: Actor, at: datetime) -> None:
    tell(lin, at=at.replace(hour=22))
    registry.deliver(at=at.replace(hour=22))
    registry.withdraw_consent(lin.volunteer(), "notices", by=lin, at=at.replace(hour=23))
    registry.deliver(at=at.replace(hour=9) + timedelta(days=1))
    assert texts(LIN.phone) == []
    assert states() == [("sms", "dropped", "notices.not_wanted")]


class Broken:
    """A gateway that fails so often, in one of two ways."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times, self.asked = error, times, 0

    def send(self, *_: str) -> None:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error


@pytest.mark.django_db
def test_a_gateway_that_is_away_is_asked_again_ever_later_and_in_the_end_no_more(
    lin: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(GatewayUnreachable(gateway="SMS"), 99)
    monkeypatch.setattr(sms, "gateway", lambda: broken)
    tell(lin, at=at)
    asked = []
    for minute in range(120):
        registry.deliver(at=at + timedelta(minutes=minute))
        asked.append(broken.asked)
    assert [asked.index(count) for count in range(1, 6)] == [0, 2, 6, 14, 30]
    assert broken.asked == 5
    assert states() == [("sms", "failed", "gateways.unreachable")]


@pytest.mark.django_db
def test_a_gateway_that_comes_back_gets_it_once(
    lin: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(GatewayUnreachable(gateway="SMS"), 1)
    monkeypatch.setattr(sms, "gateway", lambda: broken)
    tell(lin, at=at)
    for minute in range(30):
        registry.deliver(at=at + timedelta(minutes=minute))
    assert broken.asked == 2
    assert states() == [("sms", "sent", "")]


@pytest.mark.django_db
@pytest.mark.parametrize("channel", sorted(ALL_CHANNELS))
def test_what_was_perhaps_sent_is_never_sent_again(
    lin: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch, channel: Channel
) -> None:
    give_address(lin, at)
    silent = Broken(OutcomeUnknown(gateway="x"), 99)
    monkeypatch.setattr(sms if channel == Channel.SMS else mail, "gateway", lambda: silent)
    tell(lin, at=at, channels=frozenset({channel}))
    for minute in range(30):
        registry.deliver(at=at + timedelta(minutes=minute))
    assert silent.asked == 1
    assert states() == [(channel.value, "unknown", "gateways.outcome_unknown")]


@pytest.mark.django_db
def test_a_worker_that_dies_with_a_message_in_its_hand_leaves_it_as_perhaps_sent(
    lin: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = Broken(KeyboardInterrupt(), 1)
    monkeypatch.setattr(sms, "gateway", lambda: dying)
    tell(lin, at=at)
    with pytest.raises(KeyboardInterrupt):
        registry.deliver(at=at)
    registry.deliver(at=at + UNANSWERED)
    assert states() == [("sms", "sending", "")]
    registry.deliver(at=at + UNANSWERED + timedelta(seconds=1))
    assert dying.asked == 1
    assert states() == [("sms", "unknown", "notices.unanswered")]


@pytest.mark.django_db
def test_an_address_that_the_gateway_does_not_serve_is_not_tried_again(
    lin: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "FAKE_PREFIX", "155")
    tell(lin, at=at)
    registry.deliver(at=at)
    registry.deliver(at=at + timedelta(hours=1))
    assert states() == [("sms", "refused", "gateways.phone_not_served")]


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_each_message_once(
    cast: Cast, at: datetime, together: Callable[..., list[Any]]
) -> None:
    lin = agree(cast.lin, at)
    for number in range(30):
        tell(lin, at=at, key=f"k{number}")
    done = together(*[lambda: registry.deliver(at=at)] * 4)
    assert [one for one in done if isinstance(one, Exception)] == []
    registry.deliver(at=at)
    assert len(texts(LIN.phone)) == 30
    assert {row.state for row in models.Delivery.objects.all()} == {"sent"}
    assert models.Delivery.objects.count() == 30


@pytest.mark.django_db
def test_spreading_hundreds_takes_as_many_questions_as_one(
    cast: Cast, at: datetime, django_assert_num_queries: Any
) -> None:
    lin, mei = agree(cast.lin, at), agree(cast.mei, at)
    tell(lin, mei, at=at, key="first")
    registry.deliver(at=at, most=0)
    tell(lin, mei, at=at, key="a")
    with CaptureQueriesContext(connection) as few:
        delivering.spread_new(at=at)
    for number in range(200):
        tell(lin, at=at, key=f"b{number}")
    tell(mei, at=at, key="c")
    with django_assert_num_queries(len(few)):
        assert delivering.spread_new(at=at) == 201


# Guardians of minors.


@pytest.mark.django_db
def test_a_minors_notice_goes_to_the_guardians_phone_too(cast: Cast, at: datetime) -> None:
    mei = agree(cast.mei, at)
    tell(mei, at=at)
    registry.deliver(at=at)
    assert texts(MEI.phone) == ["【善时】清洁西湖"]
    assert texts(MRS_ZHAO.phone) == ["【善时】关于您监护的孩子：清洁西湖"]
    assert "沈" not in "".join(texts(MRS_ZHAO.phone))


@pytest.mark.django_db
def test_a_guardian_with_an_account_has_it_on_the_own_list(cast: Cast, at: datetime) -> None:
    mei = agree(cast.mei, at)
    zhao = registry.person_of_phone(MRS_ZHAO.phone, at=at - timedelta(days=1))
    holder = people.holder_of(zhao)
    tell(mei, at=at)
    for minute in range(3):
        registry.deliver(at=at + timedelta(minutes=minute))
    (copy,) = queries.listed(holder, language="en")[0]
    assert (copy.text, copy.about_holder_id, copy.url) == ("清洁西湖", mei.holder_id, "/me/wards")
    assert texts(MRS_ZHAO.phone) == ["【善时】关于您监护的孩子：清洁西湖"]
    assert models.Notice.objects.count() == 2


@pytest.mark.django_db
def test_who_got_the_guardians_number_later_is_told_nothing_of_the_child(cast: Cast, at: datetime) -> None:
    mei = agree(cast.mei, at)
    later = registry.person_of_phone(MRS_ZHAO.phone, at=at + timedelta(days=1))
    tell(mei, at=at + timedelta(days=2))
    registry.deliver(at=at + timedelta(days=2))
    assert queries.unread(people.holder_of(later)) == 0


@pytest.mark.django_db
def test_from_the_eighteenth_birthday_on_nobody_else_is_told(cast: Cast, at: datetime) -> None:
    mei = agree(cast.mei, at)
    birthday = at.replace(year=MEI.birth_on.year + 18, month=MEI.birth_on.month, day=MEI.birth_on.day)
    tell(mei, at=birthday)
    registry.deliver(at=birthday)
    assert len(texts(MEI.phone)) == 1
    assert texts(MRS_ZHAO.phone) == []


@pytest.mark.django_db
def test_erasure_takes_lists_copies_and_what_waits(cast: Cast, at: datetime) -> None:
    mei, night = agree(cast.mei, at), at.replace(hour=22)
    registry.person_of_phone(MRS_ZHAO.phone, at=at - timedelta(days=1))
    tell(mei, at=night)
    registry.deliver(at=night)
    assert models.Notice.objects.count() == 2
    erase(mei.known(), by=mei, at=night)
    assert not models.Notice.objects.exists()
    assert not models.Delivery.objects.exists()
    registry.deliver(at=night + timedelta(hours=12))
    assert texts(MEI.phone) == texts(MRS_ZHAO.phone) == []


@pytest.mark.django_db
def test_the_log_holds_no_address(lin: Actor, at: datetime) -> None:
    give_address(lin, at)
    tell(lin, at=at)
    registry.deliver(at=at)
    kept = str([list(model.objects.values()) for model in (models.Notice, models.Delivery)])
    assert LIN.phone not in kept
    assert MAILBOX not in kept
