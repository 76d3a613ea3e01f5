"""The city that the walk goes through: real things with their places, and somebody for every role everywhere.

A new door needs something here only if it has an argument or a body that no other door has:

    THINGS   an argument of an address: add it in `City.things` with its place in the tree
    BODIES   what an endpoint must be sent before it looks at who asks: add it in `City.body`
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from shanshi.activities import operations as plans
from shanshi.activities import operations as work
from shanshi.activities import queries as activities
from shanshi.foundation import clock, sessions
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who
from shanshi.imports import operations as lists
from shanshi.imports.rules import Line, ListKind
from shanshi.notices import queries as notices
from shanshi.places import queries as places
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry.rules import Purpose, roles_that_fit
from shanshi.registry.rules.notices import invited
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries as offers
from tests.cast import MRS_ZHAO, Cast, Person, id_number
from tests.portal.world import World, let_in
from tools.doors import Door

# How the names of those end whose place lies beside the place of the things.
BESIDE = ("sister team", "the sister", "other district")
_numbers = count(1)


@dataclass(frozen=True)
class Thing:
    """What an argument of a door stands for.

    value    as it stands in the address
    own      its own places: a role held there is "here" and not "above"
    above    the places above it
    owner    whose it is; None for what has no owner
    guardian who answers for its owner
    """

    value: str
    own: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    owner: UUID | None = None
    guardian: UUID | None = None


@dataclass(frozen=True)
class Walker:
    """Somebody who tries a door."""

    name: str
    actor: Actor
    headers: dict[str, str] = field(default_factory=dict)


def _split(lineage: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return lineage[:1], lineage[1:]


class City:
    """The cast at work, with a team, a sister of everything, and staff at every place."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.world = World(cast, cast.at)
        self.now = self.world.time("13:55", days=1)
        # One for all: a new client loads all middleware anew, which takes longer than most answers.
        self.client = Client(raise_request_exception=False)

    # Places

    @cached_property
    def team(self) -> UUID:
        """The station's first team."""
        return registry.create_team(self.cast.station, "文明一队", by=self.cast.loader, at=self.cast.at)

    @cached_property
    def elsewhere(self) -> dict[str, str]:
        """Other places of each sort: sisters, a child, another district, another shop, a bank."""
        cast, at = self.cast, self.cast.at
        sister_team = registry.create_team(cast.station, "文明二队", by=cast.loader, at=at)
        return {
            "sister team": f"team:{sister_team}",
            "child": f"organization:{self._body('清波社区服务队', '330102', parent=cast.station)}",
            "sister": f"organization:{self._body('湖滨街道志愿服务队', '330102', parent=cast.league)}",
            "other district's body": f"organization:{self._body('西湖志愿服务队', '330106')}",
            "other district": "division:330106",
            "bank": f"organization:{self._body('城西银行', '330106', kind='bank')}",
            "other shop": f"merchant:{self._shop('西湖茶馆')}",
        }

    def _body(self, name: str, division: str, *, parent: UUID | None = None, kind: str = "team") -> UUID:
        self.cast.divisions  # noqa: B018 - a body needs a division that is there
        row = registry.OrganizationRow(name=name, kind=kind, parent_id=parent, division_code=division)
        return registry.create_organization(row, by=self.cast.loader, at=self.cast.at)

    def _shop(self, name: str) -> UUID:
        row = rewards.MerchantRow(
            street_id=self.world.street, name=name, name_en=name, joined_on=date(2018, 11, 1)
        )
        return rewards.add_merchants([row], by=self.cast.loader, at=self.cast.at)[0]

    # Things

    @cached_property
    def things(self) -> dict[str, Thing]:
        """Every argument of every door, by its name."""
        cast, world = self.cast, self.world
        lin = cast.lin.volunteer()
        visit = world.served(cast.lin, team_id=self.team)
        served = activities.shift(_visit_shift(visit))
        activity_id = world.library(world.shift("14:00-16:00", days=1), title="图书馆下午", team_id=self.team)
        (shift_id,) = world.shifts(activity_id)
        world.sign_up(cast.lin, shift_id)
        lineage = activities.activity(activity_id).lineage
        own, above = lineage[:2], lineage[2:]
        shop = f"merchant:{world.noodle_house}"
        world.lesson  # noqa: B018 - the shop has a body from now on
        shop_tree = offers.merchant_tree(world.noodle_house, cast.at.date())
        redemption = rewards.reserve(
            world.noodles, holder_id=lin, by=cast.lin, at=self.now, real_at=clock.real_now()
        )
        till = offers.till_code(world.noodle_house, at=self.now, real_at=clock.real_now())
        return {
            "activity_id": Thing(str(activity_id), own, above),
            "shift_id": Thing(str(shift_id), (f"shift:{shift_id}", *own), above, owner=lin),
            "visit_id": Thing(str(visit), (f"shift:{served.id}", *own), above, owner=lin),
            "scan_id": Thing(str(_last_scan(visit)), (f"shift:{served.id}", *own), above),
            "template_id": Thing(str(self._template(activity_id)), *_split(lineage[1:])),
            "redemption_id": Thing(str(redemption.id), (shop,), owner=lin),
            "merchant_id": Thing(str(world.noodle_house), *_split(shop_tree)),
            "offer_id": Thing(str(world.noodles), *_split(shop_tree)),
            "appointment_id": Thing(str(world.appointment(cast.lin)), (shop,), owner=lin),
            "organization_id": Thing(str(cast.station), *_split(people.organization(cast.station).lineage)),
            "street_id": Thing(
                str(world.street),
                (f"street:{world.street}",),
                places.lineage_near(places.street(world.street).division_code, cast.at.date()),
            ),
            "program_id": Thing(str(world.program), *_split(people.organization(cast.station).lineage)),
            "project_id": Thing(str(world.project), *_split(people.organization(cast.station).lineage)),
            "station_id": Thing(str(world.bees)),
            "booth_id": Thing(str(world.booths(activity_id, "义诊台")[0]), own, above),
            "people": Thing("members"),
            "goods": Thing("merchants"),
            "list_id": Thing(str(self._list()), owner=self.sender.holder_id),
            "team_id": Thing(str(self.team), *_split(people.organization(cast.station).lineage)),
            "membership_id": Thing(
                str(self._membership()), *_split(people.organization(cast.station).lineage)
            ),
            "division_code": Thing("330102", ("division:330102",), ("division:330100",)),
            "code": Thing(till.code, (shop,)),
            "key": Thing(work.make_calendar_key(lin, at=self.now)),
            "name": Thing("hours"),
            "purpose": Thing("notices"),
            "holder_id": self.ward,
            "session_id": Thing(str(self._session()), owner=lin),
            "token_id": Thing(str(self._token()), owner=lin),
            "grant_id": Thing(str(self._grant()), *_split(people.organization(cast.station).lineage)),
            "proposal_id": Thing(str(self._proposal()), ("city",)),
            "notice_id": Thing(str(self._notice()), owner=lin),
            "invitation_id": Thing(str(self._invitation()), owner=lin),
            # Without a roster or a body that joins them, only the city's staff has to do with anybody.
            "number": Thing(people.volunteer(lin).number, ("city",)),
            "book_of": Thing(str(lin), ("city",)),
            # Who it is, is asked before whose passkey it is.
            "passkey_id": Thing("1"),
        }

    @cached_property
    def zhao(self) -> Actor:
        """Mrs Zhao, who has signed in and is no volunteer."""
        return Actor(registry.person_of_phone(MRS_ZHAO.phone, at=self.cast.at))

    @cached_property
    def ward(self) -> Thing:
        """Her younger child, who has no phone."""
        day = self.cast.at.date()
        agreed = (people.consent_text(purpose, day).version for purpose in (Purpose.TERMS, Purpose.MINORS))
        child = registry.register_ward(
            registry.WardRegistration(
                real_name="沈竹",
                id_number=id_number("330102", date(2007, 5, 5)),
                relation="mother",
                guardian_name=MRS_ZHAO.name,
                consents=tuple(agreed),
            ),
            by=self.zhao,
            at=self.cast.at,
        )
        return Thing(str(child.holder_id), owner=child.holder_id, guardian=self.zhao.person_id)

    def _template(self, activity_id: UUID) -> UUID:
        """The station's body keeps an activity as a template."""
        return plans.keep_template(activity_id, "走一走", by=self.cast.wu, at=self.cast.at)

    def _session(self) -> UUID:
        let_in(Client(), self.cast.lin, self.cast.at)
        return sessions.listed(self.cast.lin.known(), at=clock.real_now())[0].id

    def _grant(self) -> UUID:
        """Somebody leads the station's shifts, and nobody walks as this person."""
        who = self.cast.volunteer(_somebody())
        self.cast.with_role(who, Role.LEADER, f"organization:{self.cast.station}")
        return people.grants(None, on=self.cast.at.date(), person_id=who.known()).get().pk

    def _proposal(self) -> UUID:
        """The platform proposes an auditor."""
        wish = registry.RoleWish(
            self.cast.volunteer(_somebody()).known(),
            Role.AUDITOR,
            "city",
            self.cast.at.date(),
            None,
            "走一走",
        )
        made = registry.give_role(wish, lineage=("city",), by=self.cast.loader, at=self.cast.at).proposal_id
        assert made is not None
        return made

    def _notice(self) -> UUID:
        """Lin was told something."""
        lin = self.cast.lin.volunteer()
        registry.tell([lin], invited("清波街道志愿服务队"), key="walk", at=self.cast.at)
        return notices.listed(lin, language="en")[0][0].id

    def _invitation(self) -> UUID:
        """The station invites Lin to its team."""
        lin = self.cast.lin.volunteer()
        registry.join(lin, self.cast.station, team_id=self.team, by=self.cast.loader, at=self.cast.at)
        return people.invitations(lin)[0].id

    def _membership(self) -> UUID:
        """The stranger belongs to the station."""
        who = self.cast.stranger
        registry.join(who.volunteer(), self.cast.station, by=who, at=self.cast.at)
        return people.member_page(
            self.cast.station, cursor=None, limit=1, wanted=people.MemberFilter(holder_id=who.volunteer())
        )[0][0].id

    @cached_property
    def sender(self) -> Actor:
        """Somebody who keeps the station's members, and has sent a list of them."""
        who = self.cast.volunteer(_somebody())
        return self.cast.with_role(who, Role.MANAGER, f"organization:{self.cast.station}")

    def _list(self) -> UUID:
        number = people.volunteer(self.cast.lin.volunteer()).number
        lines = [Line(2, {"number": number}, {"number": "A"})]
        place = f"organization:{self.cast.station}"
        by, at = self.sender, self.cast.at
        sent = lists.send(ListKind.MEMBERS, place, lines, by=by, at=at, real_at=clock.real_now())
        return lists.look(sent.id, by=by, at=at).id

    def _token(self) -> UUID:
        registry.issue_token(self.cast.lin.known(), label="walk", at=clock.real_now())
        return people.tokens(self.cast.lin.known(), at=clock.real_now())[0].id

    @cached_property
    def draft(self) -> Thing:
        """An activity of the team that nobody has published."""
        draft = self.world.draft(title="草稿", team_id=self.team)
        lineage = activities.activity(draft).lineage
        return Thing(str(draft), lineage[:2], lineage[2:], owner=self.cast.wu.holder_id)

    def thing(self, door: Door) -> Thing | None:
        """What a door is about: the thing of its argument or of its body; None for lists and for oneself."""
        if door.label in self.about:
            return self.about[door.label]
        # Where an address has several arguments, the first is the whole that the others are part of.
        return self.things[door.arguments[0]] if door.arguments else None

    @cached_property
    def about(self) -> dict[str, Thing]:
        """What doors are about that is not the thing of their argument: what a body names, or the whole."""
        lineage = people.organization(self.cast.station).lineage
        shift, activity = self.things["shift_id"], self.things["activity_id"]
        # Who runs one shift alone does not plan the activity that it is part of.
        planned = replace(activity, value=shift.value)
        # And passes it on to nobody: the lead of a shift is given by whoever leads its team or above.
        lent = replace(shift, own=shift.own[:1], above=(*shift.own[1:], *shift.above))
        return {
            "POST /api/v1/activities": Thing("", lineage[:1], lineage[1:]),
            "POST /api/v1/roles": Thing("", lineage[:1], lineage[1:]),
            "POST /api/v1/organizations": Thing("", lineage[:1], lineage[1:]),
            "POST /api/v1/looks": replace(shift, owner=None),
            "PATCH /api/v1/shifts/{shift_id}": planned,
            "GET POST /lead/shifts/<uuid:shift_id>/change": planned,
            "POST /lead/shifts/<uuid:shift_id>/cancel": planned,
            "GET POST /lead/shifts/<uuid:shift_id>/substitute": lent,
            "POST /lead/shifts/<uuid:shift_id>/substitute/end": lent,
            "POST /api/v1/confirmations": replace(shift, owner=None),
            "POST /api/v1/shifts/{shift_id}/cancel": planned,
        }

    def body(self, door: Door) -> dict[str, Any]:
        """What is sent to an endpoint."""
        planned = {"title": "图书馆", "organizers": [str(self.cast.station)], "division_code": "330102"}
        bodies: dict[str, dict[str, Any]] = {
            "POST /api/v1/activities": planned,
            "PUT /api/v1/activities/{activity_id}": planned | {"team": str(self.team)},
            "POST /api/v1/activities/{activity_id}/shifts": {
                "starts_at": "2019-03-24T09:00:00+08:00",
                "ends_at": "2019-03-24T10:00:00+08:00",
                "capacity": 1,
            },
            "PATCH /api/v1/shifts/{shift_id}": {"capacity": 9},
            "POST /api/v1/confirmations": {"shifts": [self.things["shift_id"].value]},
            "POST /api/v1/appointments": {
                "offer": self.things["offer_id"].value,
                "shift": self.things["shift_id"].value,
            },
            "POST /api/v1/redemptions": {"offer": self.things["offer_id"].value},
            "POST /api/v1/redemptions/at-till": {
                "code": self.things["code"].value,
                "offer": self.things["offer_id"].value,
            },
            "POST /api/v1/scans": {"code": "SHANSHI-WALK", "device": "a phone", "nonce": "walk"},
            "POST /api/v1/volunteers": {
                "real_name": "钱二",
                "id_number": id_number("330108", date(1991, 3, 4)),
                "consents": [],
            },
            "POST /api/v1/me/visits/{visit_id}/evaluation": {"score": 5},
            "POST /api/v1/organizations": {
                "name": "清波社区队",
                "kind": "team",
                "parent_id": str(self.cast.station),
                "division_code": "330102",
            },
            "PUT /api/v1/organizations/{organization_id}": {"name": "清波志愿队", "kind": "team"},
            "POST /api/v1/organizations/{organization_id}/move": {
                "parent_id": str(self.cast.league),
                "reason": "走一走",
            },
            "POST /api/v1/organizations/{organization_id}/teams": {"name": "文明三队"},
            "PUT /api/v1/organizations/{organization_id}/teams/{team_id}": {"name": "文明三队"},
            "POST /api/v1/organizations/{organization_id}/members/{membership_id}/team": {"team_id": None},
            "POST /api/v1/reviews": {"step": "return", "activities": [self.things["activity_id"].value]},
            "POST /api/v1/roles": {
                "number": self.things["number"].value,
                "role": "leader",
                "place": f"organization:{self.cast.station}",
                "reason": "走一走",
            },
            "POST /api/v1/roles/{grant_id}/days": {"from_on": "2019-03-20", "reason": "走一走"},
            "POST /api/v1/proposals/{proposal_id}/decision": {"verdict": "refused", "reason": "走一走"},
            "POST /api/v1/looks": {
                "place": f"shift:{self.things['shift_id'].value}",
                "numbers": [self.things["number"].value],
                "fields_wanted": ["real_name"],
                "purpose": "roster",
            },
            "POST /api/v1/me/consents/{purpose}": {"version": "notices@2019-01-01"},
            "POST /api/v1/me/wards/{holder_id}/consents/{purpose}": {"version": "notices@2019-01-01"},
            "POST /api/v1/auth/codes": {"phone": "15400000099"},
            "POST /api/v1/auth/tokens": {"phone": "15400000099", "code": "123456"},
        }
        return bodies.get(door.label, {"reason": "走一走", "code": "12345678"})

    # People

    @cached_property
    def walkers(self) -> list[Walker]:
        """A visitor, people without a role, Lin whose things they are, every role at every place it fits."""
        cast = self.cast
        nobody = Actor(registry.person_of_phone("15400000199", at=cast.at))
        found = [
            Walker("a visitor", Actor()),
            self._walker("somebody who is not registered", nobody),
            self._walker("a stranger", cast.stranger),
            self._walker("Lin", cast.lin),
            self._walker("Mrs Zhao", self.zhao),
            self._walker("who sent the list", self.sender),
        ]
        for sort, place in self.places.items():
            kind = people.place(place, cast.at.date()).kind
            for role in roles_that_fit(place, kind=kind):
                who = cast.with_role(cast.volunteer(_somebody()), role, place)
                found.append(self._walker(f"{role.value} at the {sort}", who))
        return found

    @cached_property
    def places(self) -> dict[str, str]:
        """Every place at which somebody holds every role that fits there."""
        lineage = people.organization(self.cast.station).lineage
        shift = self.things["shift_id"].value
        return {
            "city": "city",
            "district": next(place for place in lineage if place.startswith("division:")),
            "league": lineage[1],
            "station": lineage[0],
            "team": f"team:{self.team}",
            "shift": f"shift:{shift}",
            "shop": f"merchant:{self.world.noodle_house}",
            **self.elsewhere,
        }

    def trying(self, thing: Thing | None, *, beside: bool = False) -> Iterator[Walker]:
        """Who tries a door: people without a role, each role near the thing, or else once.

        beside  also at the sisters of the places
        """
        sorts = {_sort(place) for place in (*thing.own, *thing.above)} if thing is not None else set()
        seen = set()
        for walker in self.walkers:
            if not walker.actor.grants:
                yield walker
                continue
            (grant,) = walker.actor.grants
            near = _sort(grant.place) in sorts or (beside and walker.name.endswith(BESIDE))
            if grant.role not in seen or near:
                seen.add(grant.role)
                yield walker

    def _walker(self, name: str, who: Actor) -> Walker:
        issued = registry.issue_token(who.known(), label=name, at=clock.real_now())
        return Walker(name, who, {"authorization": f"Bearer {issued.token}"})

    # Walking

    def answer(self, door: Door, method: str, walker: Walker, thing: Thing | None) -> int:
        """Knock at a door, undo what it did, and return the status; 401 where it leads to the sign-in."""
        client = self.client
        client.cookies.clear()
        with transaction.atomic():
            if door.is_page:
                answer = client.generic(method, self.address(door, thing), headers=walker.headers)
            else:
                sent = json.dumps(self.body(door)) if method != "GET" else ""
                address = self.address(door, thing)
                answer = client.generic(
                    method, address, sent, content_type="application/json", headers=walker.headers
                )
            transaction.set_rollback(True)
        at_sign_in = door.path.startswith("/sign-in")
        to_sign_in = answer.status_code == 302 and "/sign-in" in answer["Location"] and not at_sign_in
        return 401 if to_sign_in else answer.status_code

    def address(self, door: Door, thing: Thing | None) -> str:
        """The address of a door, with the ids of real things."""
        values = {name: self.things[name].value for name in door.arguments}
        if thing is not None and thing.value and values:
            values[door.arguments[0]] = thing.value
        return door.address(values)


def _visit_shift(visit_id: UUID) -> UUID:
    from shanshi.attendance import queries

    found = queries.visit(visit_id)
    assert found is not None
    return found.shift_id


def _last_scan(visit_id: UUID) -> UUID:
    from shanshi.attendance import queries

    found = queries.visit(visit_id)
    assert found is not None
    assert found.left_scan is not None
    return found.left_scan


def _sort(place: str) -> str:
    return place.partition(":")[0]


def _somebody() -> Person:
    number = next(_numbers)
    return Person("钱行", f"154001{number:05d}", "330108", date(1960, 1, 1) + timedelta(days=number))


def may(permission: Permission, actor: Actor, thing: Thing | None) -> bool:
    """What the table says: whether somebody may do something to a thing, read from the permission alone."""
    return any(_without_a_role(permission, actor, thing)) or any(
        _by_role(permission, role, place, thing) for role, place in _held(actor)
    )


def _held(actor: Actor) -> Iterator[tuple[Role, str]]:
    return ((grant.role, grant.place) for grant in actor.grants)


def _without_a_role(permission: Permission, actor: Actor, thing: Thing | None) -> Iterator[bool]:
    owner = thing.owner if thing is not None else None
    yield Who.EVERYBODY in permission.who
    yield Who.SIGNED_IN in permission.who and actor.is_known
    yield Who.VOLUNTEER in permission.who and actor.holder_id is not None
    yield Who.SELF in permission.who and actor.is_known and owner in {None, actor.holder_id}
    if thing is not None and thing.guardian is not None:
        yield Who.GUARDIAN in permission.who and actor.person_id == thing.guardian


def _by_role(permission: Permission, role: Role, place: str, thing: Thing | None) -> bool:
    reach = permission.roles.get(role)
    if reach is None:
        return False
    if thing is None or place == "city":
        return True  # a list shows what is at the places of one's roles
    return place in thing.above or (reach is Reach.HERE and place in thing.own)
