"""Each door of staff that changes something, used by somebody who may, leaves an entry on the trail.

What the trail does not hold is evidence of its own, and says so in `OWN_EVIDENCE`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from shanshi.foundation import clock
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.models import AuditEntry
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries as offers
from tests.cast import Cast, Person
from tests.portal.world import NEXT_DAY, World, let_in
from tools.doors import Door, doors

pytestmark = pytest.mark.django_db
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
STAFF_DOORS = [
    door for door in doors() if door.methods & CHANGING and any(one.roles for one in door.asks)
]  # fmt: skip
OWN_EVIDENCE = {
    "portal:door-scan": "a scan is itself the evidence of who read which code when, written once",
    "portal:booth-scan": "a stamp is itself the evidence of which booth saw whom when, written once",
    "portal:roster-paper": "as portal:look",
    "portal:roster-badges": "as portal:look",
    "portal:look": "a look is written to its own log, which the person reads",
    "/api/v1/looks": "as portal:look",
    "portal:till-take": "the redemption keeps who fulfilled it and when; its transfers stand in the books",
    "/api/v1/merchants/{merchant_id}/redemptions/fulfill": "as portal:till-take",
    "/api/v1/redemptions/{redemption_id}/fulfill": "as portal:till-take",
    "portal:people-list-send": "shows what a file would do, and changes nothing",
    "portal:activity-list-send": "as portal:people-list-send",
    "portal:roster-list-send": "as portal:people-list-send",
    "portal:street-list-send": "as portal:people-list-send",
    "portal:people-list-names": "as portal:look",
}
ZHOU = Person("周涛", "15400000010", "330102", date(1979, 4, 4))
SUN = Person("孙丽", "15400000011", "330102", date(1981, 4, 4))
PROGRAM = {"name": "邻里日", "description": "每月一次"}
DRAFT = {
    "title": "江滩清扫",
    "kind": "service",
    "description": "清扫江滩。",
    "fields_of_service": "生态保护",
    "min_age": "14",
    "risks": "地面湿滑。",
    "person_in_charge": "吴建国",
    "expected_people": "20",
    "division": "330102",
    "place": "江滩",
    "latitude": "30.24",
    "longitude": "120.16",
    "radius_m": "200",
}
SENT = {"title": "江滩清扫", "division_code": "330102", "person_in_charge": "吴建国", "risks": "地面湿滑。"}


class Desk:
    """The cast at work, and the steps that somebody of staff takes."""

    def __init__(self, cast: Cast, at: datetime) -> None:
        self.cast, self.at, self.world = cast, at, World(cast, at)
        self.zhou = cast.with_role(cast.volunteer(ZHOU), Role.CITY_STAFF, "city")
        self.sun = cast.with_role(cast.volunteer(SUN), Role.CITY_STAFF, "city")
        self.place = f"organization:{cast.station}"

    def booth(self) -> UUID:
        """A booth of a draft."""
        return self.world.booths(self.draft(), "义诊台")[0]

    def name(self) -> str:
        """What the station's body is called."""
        return people.organization(self.cast.station).name

    def draft(self) -> UUID:
        from shanshi.activities import operations

        made = self.world.draft(title="草稿")
        operations.add_shifts(made, [self.world.shift(days=1)], by=self.cast.wu, at=self.at)
        return made

    def submitted(self) -> UUID:
        from shanshi.activities import operations

        made = self.draft()
        operations.submit(made, by=self.cast.wu, at=self.at)
        return made

    def published(self) -> UUID:
        return self.world.library(self.world.shift(days=1))

    def shift(self) -> UUID:
        return self.world.shifts(self.published())[0]

    def served_shift(self, the_clock: Callable[[datetime], None]) -> UUID:
        (shift_id,) = self.world.shifts(self.world.library())
        self.world.sign_up(self.cast.lin, shift_id)
        self.world.scan(self.cast.lin, shift_id, "09:50")
        self.world.scan(self.cast.lin, shift_id, "12:05")
        the_clock(self.world.time("12:30"))
        return shift_id

    def over(self, the_clock: Callable[[datetime], None]) -> UUID:
        made = self.world.library()
        the_clock(self.at + timedelta(days=1))
        return made

    def fulfilled(self, the_clock: Callable[[datetime], None]) -> UUID:
        self.world.served(self.cast.lin)
        later = self.world.time("12:30") + NEXT_DAY
        the_clock(later)
        found = rewards.reserve(
            self.world.noodles,
            holder_id=self.cast.lin.volunteer(),
            by=self.cast.lin,
            at=later,
            real_at=clock.real_now(),
        )
        rewards.fulfill(
            found.id, offers.code_of(found), by=self.world.fang, at=later, real_at=clock.real_now()
        )
        return found.id

    def expected(self, the_clock: Callable[[datetime], None]) -> UUID:
        made = self.world.appointment(self.cast.lin)
        the_clock(self.world.time("14:05", days=2))
        return made

    def body(self) -> UUID:
        return registry.create_organization(
            registry.OrganizationRow("湖滨队", "team", self.cast.league, "330102"),
            by=self.cast.loader,
            at=self.at,
        )

    def team(self) -> tuple[str, str]:
        made = registry.create_team(self.cast.station, "文明一队", by=self.cast.loader, at=self.at)
        return str(self.cast.station), str(made)

    def member(self) -> tuple[str, str]:
        who = self.cast.lin
        registry.join(who.volunteer(), self.cast.station, by=who, at=self.at)
        (row,) = people.member_page(self.cast.station, cursor=None, limit=1)[0]
        return str(self.cast.station), str(row.id)

    def template(self) -> UUID:
        from shanshi.activities import operations

        return operations.keep_template(self.draft(), "引导", by=self.cast.wu, at=self.at)

    def scanned(self, the_clock: Callable[[datetime], None]) -> tuple[str, dict[str, Any]]:
        from shanshi.attendance import queries

        (shift_id,) = self.world.shifts(self.world.library())
        self.world.sign_up(self.cast.lin, shift_id)
        visit = queries.visit(self.world.scan(self.cast.lin, shift_id, "09:50"))
        assert visit is not None
        the_clock(self.world.time("09:52"))
        return str(shift_id), {"scan": str(visit.came_scan)}

    def signed_up_shift(self) -> UUID:
        (shift_id,) = self.world.shifts(self.world.library())
        self.world.sign_up(self.cast.lin, shift_id)
        return shift_id

    def substituted(self) -> tuple[str, dict[str, Any]]:
        shift_id = self.shift()
        self.cast.with_role(self.cast.lin, Role.LEADER, f"shift:{shift_id}")
        grant = people.grants(None, on=self.at.date(), person_id=self.cast.lin.known()).get()
        return str(shift_id), {"grant": str(grant.pk), **WHY}

    def number(self, who: Actor) -> str:
        return people.volunteer(who.volunteer()).number

    def manager(self) -> Actor:
        return self.cast.with_role(self.cast.stranger, Role.MANAGER, self.place)

    def grant(self) -> UUID:
        self.cast.with_role(self.cast.lin, Role.LEADER, self.place)
        return people.grants(None, on=self.at.date(), person_id=self.cast.lin.known()).get().pk

    def proposal(self) -> UUID:
        wish = registry.RoleWish(self.cast.lin.known(), Role.AUDITOR, "city", self.at.date(), None, "letter")
        made = registry.give_role(wish, lineage=("city",), by=self.zhou, at=self.at).proposal_id
        assert made is not None
        return made

    def wish(self) -> dict[str, Any]:
        lin = self.number(self.cast.lin)
        days = {"from_on": "2019-03-20", "reason": "leads"}
        return {"number": lin, "role": "leader", "place": self.place, **days}


Step = Callable[[Desk, Any], tuple[Actor, str | tuple[str, ...], dict[str, Any]]]
DAYS = {"from_on": "2019-03-20", "to_on": "2019-03-21", "reason": "a day"}
WHY = {"reason": "why"}
BODY = {"name": "清波社区队", "kind": "team", "division": "330102", "credit_code": "", "name_en": ""}
SHIFT = {"starts_at": "2019-03-24T09:00:00+08:00", "ends_at": "2019-03-24T10:00:00+08:00", "capacity": 1}
OFFER = {
    "title": "面点课",
    "kind": "lesson",
    "coins": "2",
    "stock": "10",
    "per_person": "1",
    "from_on": "2019-03-01",
    "to_on": "2019-12-31",
    "weekdays": ["1"],
}
TYPED_SHIFT = {"day": "2019-03-24", "starts": "14:00", "ends": "16:00", "capacity": "10"}
# Who may, the id in the address, and what is sent.
STEPS: dict[str, Step] = {
    "portal:lead-new": lambda d, _: (d.cast.wu, "", DRAFT | {"organizer": str(d.cast.station)}),
    "portal:lead-change": lambda d, _: (
        d.cast.wu, str(d.draft()), DRAFT | {"organizer": str(d.cast.station)},
    ),
    "portal:lead-add-shift": lambda d, _: (d.cast.wu, str(d.draft()), TYPED_SHIFT),
    "portal:lead-submit": lambda d, _: (d.cast.wu, str(d.draft()), {}),
    "portal:lead-cancel": lambda d, _: (d.cast.wu, str(d.published()), WHY),
    "portal:lead-shifts": lambda d, _: (
        d.cast.wu,
        str(d.draft()),
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
        | {f"form-0-{name}": value for name, value in TYPED_SHIFT.items()},
    ),
    "portal:lead-series": lambda d, _: (
        d.cast.wu,
        str(d.draft()),
        TYPED_SHIFT
        | {
            "every": "week",
            "times": "1",
            "keep": "2019-03-24",
            "shown": "FREQ=WEEKLY;BYDAY=SU;COUNT=1|2019-03-24",
        },
    ),
    "portal:booths-keep": lambda d, _: (d.cast.wu, str(d.draft()), {"name": "义诊台"}),
    "portal:booth-change": lambda d, _: (d.cast.wu, str(d.booth()), {"name": "义诊"}),
    "portal:booth-remove": lambda d, _: (d.cast.wu, str(d.booth()), {}),
    "portal:program-new": lambda d, _: (d.zhou, "", PROGRAM | {"division": "330102", "organizers": d.name()}),
    "portal:program-change": lambda d, _: (
        d.zhou, str(d.world.program), PROGRAM | {"organizers": d.name()},
    ),
    "portal:program-figures": lambda d, _: (
        d.zhou, str(d.world.program), {"known": "years", "amount": "3", "source": "公报"},
    ),
    "portal:program-figure-away": lambda d, _: (
        d.zhou, str(d.world.program), {"figure": "launch_attended"},
    ),
    "portal:project-new": lambda d, _: (
        d.zhou, str(d.world.program), {"name": "楼道清理", "organization": d.name()},
    ),
    "portal:project-change": lambda d, _: (d.zhou, str(d.world.project), {"name": "楼道清理"}),
    "portal:lead-shift": lambda d, _: (d.cast.wu, str(d.shift()), TYPED_SHIFT),
    "portal:lead-shift-cancel": lambda d, _: (d.cast.wu, str(d.shift()), WHY),
    "portal:template-keep": lambda d, _: (d.cast.wu, str(d.draft()), {"name": "引导"}),
    "portal:template-remove": lambda d, _: (d.cast.wu, str(d.template()), {}),
    "portal:lead-confirm": lambda d, clock_at: (d.cast.wu, "", {"shift": str(d.served_shift(clock_at))}),
    "portal:door-undo": lambda d, clock_at: (d.cast.wu, *d.scanned(clock_at)),
    "portal:roster-message": lambda d, _: (
        d.cast.wu, str(d.signed_up_shift()), {"text": "请带雨衣", "sure": "1"},
    ),
    "portal:substitute": lambda d, _: (
        d.cast.wu, str(d.shift()), {"number": d.number(d.cast.lin), "sure": "1", **WHY},
    ),
    "portal:substitute-end": lambda d, _: (d.cast.wu, *d.substituted()),
    "POST /api/v1/confirmations": lambda d, clock_at: (
        d.cast.wu, "", {"shifts": [str(d.served_shift(clock_at))]},
    ),
    "POST /api/v1/scans/{scan_id}/undo": lambda d, clock_at: (
        d.cast.wu, d.scanned(clock_at)[1]["scan"], {},
    ),
    "portal:roster-confirm": lambda d, clock_at: (d.cast.wu, str(d.served_shift(clock_at)), {}),
    "portal:review-publish": lambda d, _: (d.cast.xu, str(d.submitted()), {}),
    "portal:review-decide": lambda d, _: (
        d.cast.xu, "", {"step": "return", "activity": [str(d.submitted())], **WHY},
    ),
    "POST /api/v1/reviews": lambda d, _: (
        d.cast.xu, "", {"step": "return", "activities": [str(d.submitted())], **WHY},
    ),
    "portal:organization-new": lambda d, _: (d.zhou, str(d.cast.station), BODY),
    "portal:district-organization-new": lambda d, _: (d.zhou, "330102", BODY),
    "portal:organization-change": lambda d, _: (d.zhou, str(d.cast.station), BODY),
    "portal:organization-move": lambda d, _: (
        d.zhou, str(d.body()), {"parent": str(d.cast.station), **WHY},
    ),
    "portal:shop-offer-new": lambda d, _: (d.zhou, str(d.world.noodle_house), OFFER),
    "portal:shop-offer-change": lambda d, _: (d.zhou, str(d.world.noodles), OFFER),
    "portal:shop-offer-end": lambda d, _: (d.zhou, str(d.world.noodles), WHY),
    "portal:shop-restock": lambda d, _: (d.zhou, str(d.world.noodles), {"stock": "9"}),
    "portal:shop-new": lambda d, _: (d.zhou, str(d.world.street), {"name": "雨前茶铺"}),
    "portal:shop-change": lambda d, _: (d.zhou, str(d.world.noodle_house), {"name": "雨前茶铺"}),
    "portal:shop-end": lambda d, _: (d.zhou, str(d.world.noodle_house), WHY),
    "portal:till-serve": lambda d, clock_at: (d.world.fang, str(d.expected(clock_at)), {}),
    "POST /api/v1/appointments/{appointment_id}/serve": lambda d, clock_at: (
        d.world.fang, str(d.expected(clock_at)), {},
    ),
    "portal:team-new": lambda d, _: (d.zhou, str(d.cast.station), {"name": "一队"}),
    "portal:team-rename": lambda d, _: (d.zhou, d.team(), {"name": "一队"}),
    "portal:member-team": lambda d, _: (d.zhou, d.member(), {"team": d.team()[1]}),
    "portal:member-end": lambda d, _: (d.zhou, d.member(), WHY),
    "POST /api/v1/organizations": lambda d, _: (
        d.zhou, "", {"name": "清波社区队", "kind": "team", "division_code": "330102"},
    ),
    "PUT /api/v1/organizations/{organization_id}": lambda d, _: (
        d.zhou, str(d.cast.station), {"name": "清波社区队", "kind": "team"},
    ),
    "POST /api/v1/organizations/{organization_id}/move": lambda d, _: (
        d.zhou, str(d.body()), {"parent_id": str(d.cast.station), **WHY},
    ),
    "POST /api/v1/organizations/{organization_id}/teams": lambda d, _: (
        d.zhou, str(d.cast.station), {"name": "一队"},
    ),
    "PUT /api/v1/organizations/{organization_id}/teams/{team_id}": lambda d, _: (
        d.zhou, d.team(), {"name": "一队"},
    ),
    "POST /api/v1/organizations/{organization_id}/members/{membership_id}/team": lambda d, _: (
        d.zhou, d.member(), {"team_id": d.team()[1]},
    ),
    "POST /api/v1/organizations/{organization_id}/members/{membership_id}/end": lambda d, _: (
        d.zhou, d.member(), WHY,
    ),
    "portal:review-return": lambda d, _: (d.cast.xu, str(d.submitted()), WHY),
    "portal:till-void": lambda d, clock_at: (d.world.fang, str(d.fulfilled(clock_at)), {}),
    "portal:role-give": lambda d, _: (d.zhou, "", d.wish() | {"sure": "1"}),
    "portal:role-change": lambda d, _: (d.zhou, str(d.grant()), DAYS),
    "portal:role-end": lambda d, _: (d.zhou, str(d.grant()), WHY),
    "portal:proposal-decide": lambda d, _: (d.sun, str(d.proposal()), {"verdict": "refused", **WHY}),
    "portal:factor-reset": lambda d, _: (d.zhou, "", {"number": d.number(d.cast.wu), **WHY}),
    "POST /api/v1/activities": lambda d, _: (d.cast.wu, "", SENT | {"organizers": [str(d.cast.station)]}),
    "PUT /api/v1/activities/{activity_id}": lambda d, _: (
        d.cast.wu, str(d.draft()), SENT | {"organizers": [str(d.cast.station)]},
    ),
    "POST /api/v1/activities/{activity_id}/cancel": lambda d, _: (d.cast.wu, str(d.published()), WHY),
    "POST /api/v1/activities/{activity_id}/close": lambda d, clock_at: (d.cast.wu, str(d.over(clock_at)), {}),
    "POST /api/v1/activities/{activity_id}/publish": lambda d, _: (d.cast.xu, str(d.submitted()), {}),
    "POST /api/v1/activities/{activity_id}/return": lambda d, _: (d.cast.xu, str(d.submitted()), WHY),
    "POST /api/v1/activities/{activity_id}/shifts": lambda d, _: (d.cast.wu, str(d.draft()), SHIFT),
    "POST /api/v1/activities/{activity_id}/submit": lambda d, _: (d.cast.wu, str(d.draft()), {}),
    "POST /api/v1/proposals/{proposal_id}/decision": lambda d, _: (
        d.sun, str(d.proposal()), {"verdict": "approved", **WHY},
    ),
    "POST /api/v1/redemptions/{redemption_id}/void": lambda d, clock_at: (
        d.world.fang, str(d.fulfilled(clock_at)), {},
    ),
    "POST /api/v1/roles": lambda d, _: (d.zhou, "", d.wish()),
    "POST /api/v1/roles/{grant_id}/days": lambda d, _: (d.zhou, str(d.grant()), DAYS),
    "POST /api/v1/roles/{grant_id}/end": lambda d, _: (d.zhou, str(d.grant()), WHY),
    "PATCH /api/v1/shifts/{shift_id}": lambda d, _: (d.cast.wu, str(d.shift()), {"capacity": 9}),
    "POST /api/v1/shifts/{shift_id}/cancel": lambda d, _: (d.cast.wu, str(d.shift()), WHY),
    "POST /api/v1/shifts/{shift_id}/confirm": lambda d, clock_at: (
        d.cast.wu, str(d.served_shift(clock_at)), {},
    ),
}  # fmt: skip


def key(door: Door) -> str:
    return door.name if door.is_page else door.label


def test_every_staff_door_that_changes_something_is_tried_or_says_what_evidence_it_leaves() -> None:
    untried = [key(door) for door in STAFF_DOORS if key(door) not in STEPS and door.name not in OWN_EVIDENCE]
    assert untried == [], "add a step to STEPS, or the evidence that it leaves to OWN_EVIDENCE"


@pytest.mark.parametrize("door", [door for door in STAFF_DOORS if key(door) in STEPS], ids=key)
def test_a_change_by_staff_leaves_who_what_and_why(cast: Cast, at, the_clock, door: Door) -> None:  # type: ignore[no-untyped-def]
    who, thing, sent = STEPS[key(door)](Desk(cast, at), the_clock)
    known = set(AuditEntry.objects.values_list("pk", flat=True))
    (method,) = door.methods & CHANGING
    # The id in the address; of doors with several, each of them.
    ids = (thing,) * len(door.arguments) if isinstance(thing, str) else thing
    address = door.address(dict(zip(door.arguments, ids, strict=True)))
    client = let_in(Client(), who, at)
    if door.is_page:
        status = client.post(address, sent).status_code
    else:
        token = registry.issue_token(who.known(), label="t", at=clock.real_now()).token
        status = (
            Client()
            .generic(
                method,
                address,
                json.dumps(sent),
                content_type="application/json",
                headers={"authorization": f"Bearer {token}"},
            )
            .status_code
        )

    new = AuditEntry.objects.exclude(pk__in=known)
    assert status in {200, 201, 204, 302}
    assert new.filter(by=who.known()).exists(), f"{status}: call foundation.audit.record in the operation"
    assert not new.filter(before=None, after=None).exists(), "say what it was, or what it is now"
    if sent.get("reason"):
        assert sent["reason"] in set(new.values_list("reason", flat=True))


def test_every_step_on_the_trail_has_a_word() -> None:
    import ast

    from shanshi.portal.templatetags.staff_words import VERBS
    from tests.house.code import HOUSE, files, tree

    verbs = set()
    for path in files("shanshi"):
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and getattr(node.func.value, "id", "") == "audit"
                and isinstance(node.args[0], ast.Constant)
            ):
                verbs.add((str(node.args[0].value), str(path.relative_to(HOUSE))))
    assert sorted(one for one in verbs if one[0] not in VERBS) == [], "add a word in staff_words.VERBS"
