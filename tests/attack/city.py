"""A city to attack: everybody of every role, the same role elsewhere, and Lin's own things with their ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from shanshi.activities import operations as activities
from shanshi.activities.rules import ActivityDraft, PositionDraft, ShiftDraft
from shanshi.attendance import queries as visits_of
from shanshi.foundation import clock, sessions
from shanshi.foundation.actor import Actor, Role
from shanshi.imports import operations as lists
from shanshi.imports.rules import Line, ListKind
from shanshi.notices import queries as notices
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry.models import BearerToken, RoleGrant
from shanshi.registry.rules.notices import invited
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries as codes
from shanshi.rewards.rules import OfferKind
from tests.attack.keys import with_recovery_codes
from tests.cast import Cast, Person
from tests.conftest import MORNING
from tests.portal.world import World, let_in

# Invented like the cast: order number 000, phones that begin with 154.
MORE = {
    "manager": Person("孙理", "15400000011", "330102", date(1980, 1, 1)),
    "division_staff": Person("李区", "15400000012", "330102", date(1980, 1, 2)),
    "city_staff": Person("周市", "15400000013", "330102", date(1980, 1, 3)),
    "bank_clerk": Person("郑银", "15400000014", "330102", date(1980, 1, 4)),
    "other_leader": Person("王队", "15400000015", "330106", date(1980, 1, 5)),
    "other_cashier": Person("冯店", "15400000016", "330106", date(1980, 1, 6)),
    "other_manager": Person("褚理", "15400000017", "330106", date(1980, 1, 7)),
    "other_reviewer": Person("卫审", "15400000018", "330106", date(1980, 1, 8)),
    "other_division_staff": Person("蒋区", "15400000019", "330106", date(1980, 1, 9)),
    "other_bank_clerk": Person("沈银", "15400000020", "330106", date(1980, 2, 1)),
}
NOON = MORNING.replace(hour=13, minute=55) + timedelta(days=1)
ROLES = (
    "visitor", "volunteer", "minor", "leader", "reviewer", "manager", "cashier", "division_staff",
    "city_staff", "auditor", "bank_clerk",
)  # fmt: skip


@dataclass
class City:
    """Everybody and everything that the attacks know by name.

    things  the name of a parameter to the id of a real thing of that kind, all of them Lin's or about Lin
    """

    cast: Cast
    at: datetime
    people: dict[str, Actor] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    # What a test has found out, for the next one.
    forms: list[Any] = field(default_factory=list)
    closed: dict[tuple[str, str], bool] = field(default_factory=dict)

    @classmethod
    def built(cls, at: datetime) -> City:
        """Return the city as it stands on the day after Lin's service, with her redemption open."""
        city = cls(Cast(at), at)
        city._bodies()
        city._people()
        for name, who in city.people.items():
            issued = registry.issue_token(who.known(), label=name, at=clock.real_now())
            city.tokens[name] = issued.token
            city.sessions[name] = let_in(Client(), who, NOON).cookies[settings.SESSION_COOKIE_NAME].value
        city._work()
        return city

    @cached_property
    def world(self) -> World:
        """The library and the noodle house."""
        return World(self.cast, self.at)

    def _body(self, name: str, division: str, kind: str = "team") -> UUID:
        row = registry.OrganizationRow(name=name, kind=kind, parent_id=None, division_code=division)
        return registry.create_organization(row, by=self.cast.loader, at=self.at)

    def _bodies(self) -> None:
        self.cast.divisions  # noqa: B018 - bodies need a division that is there
        self.other_station = self._body("西湖志愿服务队", "330106")
        self.bank = self._body("城西银行", "330102", "bank")
        self.other_bank = self._body("城北银行", "330106", "bank")
        row = rewards.MerchantRow(
            street_id=self.world.street, name="西湖茶馆", name_en="Tea House", joined_on=date(2018, 11, 1)
        )
        self.other_merchant = rewards.add_merchants([row], by=self.cast.loader, at=self.at)[0]

    def _people(self) -> None:
        cast, station = self.cast, f"organization:{self.cast.station}"
        elsewhere = f"organization:{self.other_station}"
        self.people = {
            "volunteer": cast.lin,
            "stranger": cast.stranger,
            "minor": cast.mei,
            "leader": cast.wu,
            "reviewer": cast.xu,
            "auditor": cast.chen,
            "cashier": self.world.fang,
        }
        roles = {
            "manager": (Role.MANAGER, station),
            "division_staff": (Role.DIVISION_STAFF, "division:330102"),
            "city_staff": (Role.CITY_STAFF, "city"),
            "bank_clerk": (Role.BANK_CLERK, f"organization:{self.bank}"),
            "other_leader": (Role.LEADER, elsewhere),
            "other_manager": (Role.MANAGER, elsewhere),
            "other_reviewer": (Role.REVIEWER, elsewhere),
            "other_cashier": (Role.CASHIER, f"merchant:{self.other_merchant}"),
            "other_division_staff": (Role.DIVISION_STAFF, "division:330106"),
            "other_bank_clerk": (Role.BANK_CLERK, f"organization:{self.other_bank}"),
        }
        for name, (role, place) in roles.items():
            self.people[name] = cast.with_role(cast.volunteer(MORE[name]), role, place)

    def _work(self) -> None:
        world, lin = self.world, self.cast.lin
        visit = world.served(lin)
        activity = world.library(world.shift("14:00-16:00", days=1), title="图书馆下午")
        (shift,) = world.shifts(activity)
        world.sign_up(lin, shift)
        redemption = rewards.reserve(
            world.noodles, holder_id=lin.volunteer(), by=lin, at=NOON, real_at=clock.real_now()
        )
        self.code = codes.code_of(redemption)
        self.digits = codes.digits_of(redemption)
        self.things = {
            "activity_id": str(activity),
            "shift_id": str(shift),
            "visit_id": str(visit),
            "scan_id": str(visits_of.visit(visit).left_scan),
            "template_id": str(activities.keep_template(activity, "引导", by=self.cast.wu, at=self.at)),
            "redemption_id": str(redemption.id),
            "offer_id": str(world.noodles),
            "merchant_id": str(world.noodle_house),
            "appointment_id": str(world.appointment(lin)),
            "street_id": str(world.street),
            "people": "members",
            "goods": "offers",
            "program_id": str(world.program),
            "project_id": str(world.project),
            "station_id": str(world.bees),
            "booth_id": str(world.booths(activity, "义诊台")[0]),
            "list_id": str(self._list()),
            "organization_id": str(self.cast.station),
            "person_id": str(lin.known()),
            "holder_id": str(lin.volunteer()),
            "number": people.volunteer(lin.volunteer()).number,
            "token_id": str(BearerToken.objects.get(person_id=lin.known()).pk),
            "session_id": str(sessions.id_of(self.sessions["volunteer"])),
            "passkey_id": str(self._passkey(lin)),
            "name": "check_in",
            "purpose": "bank",
            "grant_id": str(RoleGrant.objects.get(person_id=self.cast.wu.known()).pk),
            "proposal_id": str(self._proposal()),
            "notice_id": str(self._notice()),
            "invitation_id": str(self._invitation()),
            "team_id": str(registry.create_team(self.cast.station, "文明一队", by=self.cast.loader, at=NOON)),
            "membership_id": str(self._membership()),
            "division_code": "330102",
            "book_of": str(lin.volunteer()),
            "key": activities.make_calendar_key(lin.volunteer(), at=NOON),
            "code": codes.till_code(world.noodle_house, at=NOON, real_at=clock.real_now()).code,
        }

    def _notice(self) -> UUID:
        lin = self.cast.lin.volunteer()
        registry.tell([lin], invited("清波街道志愿服务队"), key="attack", at=NOON)
        return notices.listed(lin, language="en")[0][0].id

    def _invitation(self) -> UUID:
        # The station puts Lin on its list; only she may answer.
        lin = self.cast.lin.volunteer()
        registry.join(lin, self.cast.station, by=self.people["manager"], at=NOON)
        return people.invitations(lin)[0].id

    def _membership(self) -> UUID:
        # The stranger belongs to the station.
        who = self.people["stranger"]
        registry.join(who.volunteer(), self.cast.station, by=who, at=NOON)
        wanted = people.MemberFilter(holder_id=who.volunteer())
        return people.member_page(self.cast.station, cursor=None, limit=1, wanted=wanted)[0][0].id

    def _list(self) -> UUID:
        # The station's manager is about to invite Mei.
        number = people.volunteer(self.cast.mei.volunteer()).number
        lines = [Line(2, {"number": number}, {"number": "A"})]
        place, by = f"organization:{self.cast.station}", self.people["manager"]
        sent = lists.send(ListKind.MEMBERS, place, lines, by=by, at=NOON, real_at=clock.real_now())
        return lists.look(sent.id, by=by, at=NOON).id

    def _proposal(self) -> UUID:
        # That Lin may set up new factors: one of the staff proposes it, another one would have to agree.
        return registry.propose_factor_reset(
            self.people["volunteer"].known(), by=self.people["city_staff"], at=NOON, reason="lost"
        )

    def _passkey(self, who: Actor) -> int:
        # Any factor will do: what counts is that the row is hers.
        with_recovery_codes(who.known())
        return int(Authenticator.objects.get(user_id=who.known()).pk)


SCRIPT = "<script>alert('POISON{{7*7}}')</script>"


def poisoned(city: City) -> None:
    """Let every text that staff may write hold a script and a template: activities, bodies, shops, venues."""
    cast, world, at = city.cast, city.world, city.at
    body = registry.OrganizationRow(
        name="毒" + SCRIPT, name_en=SCRIPT, kind="team", parent_id=cast.league, division_code="330102"
    )
    team = registry.create_organization(body, by=cast.loader, at=at)
    wu = cast.with_role(cast.wu, Role.LEADER, f"organization:{team}")
    row = rewards.MerchantRow(
        street_id=world.street, name="店" + SCRIPT, name_en=SCRIPT, joined_on=date(2018, 11, 1)
    )
    merchant = rewards.add_merchants([row], by=cast.loader, at=at)[0]
    offer = rewards.OfferRow(
        merchant_id=merchant,
        title="礼" + SCRIPT,
        title_en=SCRIPT,
        says=SCRIPT,
        kind=OfferKind.GOODS,
        price_coin_units=60,
        stock=2,
        per_person=2,
        from_on=date(2019, 1, 1),
        to_on=date(2019, 12, 31),
    )
    offers = rewards.add_offers([offer], by=cast.loader, at=at)
    texts = dict.fromkeys(
        ("title", "description", "risks", "person_in_charge", "place_text", "agreement_ref", "insurance_ref"),
        SCRIPT,
    )
    draft = ActivityDraft(
        organizers=(team,), division_code="330102", fields=("<b>毒</b>",), skills=("<i>毒</i>",),
        positions=(PositionDraft(30.2489, 120.1607, 200, SCRIPT),), **texts,
    )  # fmt: skip
    activity = activities.create(draft, by=wu, at=at)
    shift = ShiftDraft(world.time("17:00", days=1), world.time("18:00", days=1), 4, SCRIPT)
    activities.add_shifts(activity, [shift], by=wu, at=at)
    activities.submit(activity, by=wu, at=at)
    activities.return_to_draft(activity, reason=SCRIPT, by=cast.xu, at=at)
    activities.submit(activity, by=wu, at=at)
    activities.publish(activity, by=cast.xu, at=at)
    (shift_id,) = world.shifts(activity)
    world.sign_up(cast.lin, shift_id)
    city.things |= {
        "activity_id": str(activity),
        "shift_id": str(shift_id),
        "offer_id": str(offers[0]),
        "merchant_id": str(merchant),
    }
    city.people["cashier"] = cast.with_role(world.fang, Role.CASHIER, f"merchant:{merchant}")
    city.people["leader"] = cast.wu
