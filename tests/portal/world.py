"""A library that needs guides, and a noodle house that thanks them, made by the product's own operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from shanshi.activities import operations as activities
from shanshi.activities import queries as found
from shanshi.activities.rules import ActivityDraft, PositionDraft, ShiftDraft
from shanshi.attendance import operations as attendance
from shanshi.attendance import queries as codes
from shanshi.attendance.operations import ScanSent
from shanshi.foundation import clock
from shanshi.foundation.actor import Actor, Role
from shanshi.places import operations as places
from shanshi.registry import queries as registry
from shanshi.registry.rules import PROOFS, PROVED, SECOND_FACTOR
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries as offers
from shanshi.rewards.models import Merchant
from shanshi.rewards.rules import OfferKind
from tests.cast import CASHIER, Cast

COIN = 60
NEXT_DAY = timedelta(hours=25)
_numbers = count(1)


@dataclass
class World:
    """The cast at work. `at` is the morning on which everything begins."""

    cast: Cast
    at: datetime

    def time(self, text: str, *, days: int = 0) -> datetime:
        """The moment of the day written "09:30"."""
        hour, minute = (int(part) for part in text.split(":"))
        return self.at.replace(hour=hour, minute=minute) + timedelta(days=days)

    def shift(self, hours: str = "10:00-12:00", *, capacity: int = 4, days: int = 0) -> ShiftDraft:
        """A shift of today, or of a later day."""
        starts, ends = (self.time(part, days=days) for part in hours.split("-"))
        return ShiftDraft(starts, ends, capacity)

    def said(self, **other: Any) -> ActivityDraft:
        """What guiding at the library says of itself."""
        said: dict[str, Any] = {
            "title": "图书馆文明引导",
            "organizers": (self.cast.station,),
            "division_code": "330102",
            "description": "为读者指路，整理书架。",
            "fields": ("文明引导",),
            "risks": "楼梯湿滑，请小心。",
            "person_in_charge": "吴建国",
            "place_text": "文澜阁图书馆",
            "positions": (PositionDraft(30.2489, 120.1607, 200),),
        }
        return ActivityDraft(**{**said, **other})

    def draft(self, *shifts: ShiftDraft, **other: Any) -> UUID:
        """Plan guiding at the library, and submit nothing yet."""
        activity_id = activities.create(self.said(**other), by=self.cast.wu, at=self.at)
        activities.add_shifts(activity_id, shifts or [self.shift()], by=self.cast.wu, at=self.at)
        return activity_id

    def library(self, *shifts: ShiftDraft, **other: Any) -> UUID:
        """Publish guiding at the library; without shifts, this morning from 10:00 to 12:00."""
        activity_id = self.draft(*shifts, **other)
        activities.submit(activity_id, by=self.cast.wu, at=self.at)
        activities.publish(activity_id, by=self.cast.xu, at=self.at)
        return activity_id

    def shifts(self, activity_id: UUID) -> list[UUID]:
        """The shifts of an activity, by start."""
        return [shift.id for shift in found.activity(activity_id).shifts]

    def sign_up(self, who: Actor, shift_id: UUID) -> None:
        """Sign somebody up."""
        activities.sign_up(shift_id, holder_id=who.volunteer(), by=who, at=self.at)

    def scan(self, who: Actor, shift_id: UUID, time: str) -> UUID:
        """Let somebody read the door's code at a time of today; returns the visit."""
        now = clock.real_now()
        sent = ScanSent(codes.venue_code(shift_id, now).code, "a phone", f"n{next(_numbers)}")
        return attendance.scan(sent, by=who, at=self.time(time), real_at=now).visit_id

    def served(self, who: Actor, *, settled: bool = True, **other: Any) -> UUID:
        """Let somebody serve this morning from 10:00 to 12:00, confirmed; returns the visit."""
        (shift_id,) = self.shifts(self.library(**other))
        self.sign_up(who, shift_id)
        visit_id = self.scan(who, shift_id, "09:50")
        self.scan(who, shift_id, "12:05")
        attendance.confirm(shift_id, by=self.cast.wu, at=self.time("12:30"))
        if settled:
            attendance.settle(at=self.time("12:30") + NEXT_DAY)
        return visit_id

    @cached_property
    def program(self) -> UUID:
        """Red Hour, given by the station: more than 150 came to its launch."""
        draft = activities.ProgramDraft(
            name="红色志愿一小时",
            division_code="330102",
            organizers=(self.cast.station,),
            launched_on=date(2019, 3, 5),
            earns_red_points=True,
            figures={"launch_attended": activities.Figure(Decimal(150), True, "persons", source="公报")},
        )
        return activities.create_program(draft, by=self.cast.loader, at=self.at)

    @cached_property
    def project(self) -> UUID:
        """What Red Hour does at the stations; a key project of 2019."""
        draft = activities.ProjectDraft("志愿者之家服务", self.cast.station, self.program, key_of_year=2019)
        return activities.create_project(draft, by=self.cast.loader, at=self.at)

    @cached_property
    def house(self) -> UUID:
        """The venue of the bee station."""
        self.cast.divisions  # noqa: B018 - a venue needs a district that is there
        row = places.VenueRow("清波街道党群服务中心", "河坊街15号", 30.2391, 120.1584, "330102")
        return places.add_venues([row], by=self.cast.loader, at=self.at)[0]

    @cached_property
    def bees(self) -> UUID:
        """The bee station, a volunteers' home."""
        row = places.StationRow("清波街道党群服务中心", self.house, self.cast.station, "小蜜蜂志愿者之家")
        return places.add_stations([row], by=self.cast.loader, at=self.at)[0]

    def booths(self, activity_id: UUID, *names: str, keeper: UUID | None = None) -> list[UUID]:
        """Give an event booths."""
        drafts = [activities.BoothDraft(name, organization_id=keeper) for name in names]
        return activities.add_booths(activity_id, drafts, by=self.cast.wu, at=self.at)

    @cached_property
    def street(self) -> UUID:
        """Xinhua Road."""
        self.cast.divisions  # noqa: B018 - a street needs a district that is there
        row = places.StreetRow(name="新华路智慧伙伴街", division_code="330103", opened_on=date(2018, 11, 1))
        return places.add_streets([row], by=self.cast.loader, at=self.at)[0]

    @cached_property
    def noodle_house(self) -> UUID:
        """A merchant on it."""
        row = rewards.MerchantRow(
            street_id=self.street, name="老长庆面馆", name_en="Noodle House", joined_on=date(2018, 11, 1)
        )
        return rewards.add_merchants([row], by=self.cast.loader, at=self.at)[0]

    @cached_property
    def noodles(self) -> UUID:
        """A bowl of noodles for one coin; two left."""
        return self.offer()

    def offer(self, title: str = "片儿川一碗", **terms: Any) -> UUID:
        """Add an offer of the noodle house."""
        usual: dict[str, Any] = {
            "kind": OfferKind.GOODS,
            "price_coin_units": COIN,
            "stock": 2,
            "per_person": 2,
            "from_on": date(2019, 1, 1),
            "to_on": date(2019, 12, 31),
        }
        row = rewards.OfferRow(merchant_id=self.noodle_house, title=title, **(usual | terms))
        return rewards.add_offers([row], by=self.cast.loader, at=self.at)[0]

    @cached_property
    def lesson(self) -> UUID:
        """A lesson that the noodle house gives as volunteer service of the station's; two seats."""
        Merchant.objects.filter(pk=self.noodle_house).update(organization=self.cast.station)
        activity = self.library(self.shift("14:00-16:00", days=2), title="面点课")
        return self.offer(
            "面点课", kind=OfferKind.LESSON, activity_id=activity, seats=2, is_for_residents=True
        )

    def appointment(self, who: Actor) -> UUID:
        """A seat of somebody's at that lesson."""
        (time,) = offers.sessions([offers.offer(self.lesson)], at=self.at)[self.lesson]
        made = rewards.appoint(
            self.lesson,
            time.shift_id,
            holder_id=who.volunteer(),
            is_volunteer=True,
            by=who,
            at=self.at,
        )
        return made.id

    @cached_property
    def fang(self) -> Actor:
        """The cashier of the noodle house."""
        return self.cast.with_role(
            self.cast.volunteer(CASHIER), Role.CASHIER, f"merchant:{self.noodle_house}"
        )


def let_in(client: Client, who: Actor, at: datetime, *, second_factor: bool = True) -> Client:
    """Sign somebody in, with the second factor shown, so that roles hold."""
    known = registry.session_of(str(who.known()), at=at)
    assert known is not None
    session = client.session
    session[SESSION_KEY] = str(who.known())
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = known.session_hash
    if second_factor:
        session[PROVED] = str(who.known())
        session[PROOFS] = [{"method": SECOND_FACTOR, "type": "totp", "at": clock.real_now().timestamp()}]
    session.save()
    return client
