"""A case becomes a city through the operations of every room: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shanshi.activities import models as activities
from shanshi.activities.rules.kinds import ActivityState
from shanshi.attendance import models as attendance
from shanshi.cities import operations
from shanshi.cities.rules.problems import CaseInvalid
from shanshi.cities.rules.refusals import AlreadyLoaded, NotEmpty, NotInProduction
from shanshi.foundation import installation
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.ledger import queries as books
from shanshi.places import models as places
from shanshi.places import queries as place_queries
from shanshi.registry import models as registry
from shanshi.registry import queries as people
from shanshi.rewards import models as rewards
from tests.cities.conftest import SMALL, Files

ONE_MERCHANT = "老街豆腐坊,wine-lane,2019-01-01,tofu-service\n"
TWO_MERCHANTS = ONE_MERCHANT + "other-house,老街豆腐坊,wine-lane,2019-01-01,\n"
TWO_VENUES = "150\nold-bridge-2,八字桥,330602,330602001,八字桥直街,30.00320,120.58910,150\n"
EVERYTHING = (
    places.Division,
    places.Venue,
    registry.Person,
    registry.Organization,
    activities.Activity,
    activities.Shift,
    activities.SignUp,
    attendance.Visit,
    attendance.Scan,
    rewards.Merchant,
    rewards.Redemption,
)

pytestmark = pytest.mark.django_db


def holder(phone: str) -> Any:
    person_id = people.person_with_phone(phone)
    assert person_id is not None
    return people.holder_of(person_id)


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in EVERYTHING}  # type: ignore[attr-defined]


def nothing() -> dict[str, int]:
    return dict.fromkeys((model.__name__ for model in EVERYTHING), 0)


def test_the_small_case_is_loaded_whole() -> None:
    told: list[tuple[int, int]] = []

    loaded = operations.load_case(SMALL, progress=lambda done, total, what: told.append((done, total)))

    assert (loaded.people, loaded.shifts, loaded.sign_ups, loaded.visits) == (8, 7, 6, 3)
    assert told[0] == (0, told[-1][1])
    assert told[-1][0] == told[-1][1]
    assert sorted(told) == told
    assert operations.is_loaded()
    assert installation.is_demo()


def test_hours_and_coins_follow_from_the_visits() -> None:
    operations.load_case(SMALL)

    # Two hours on 27 April, ten minutes late on 11 May: 120 + 110 minutes; a bowl cost 1.5 coins.
    he = books.balances(holder("15400009001"))
    assert (he.verified_minutes, he.coin_units, he.pending_coin_units) == (230, 140, 0)
    # Ren forgot to check out, and forgotten visits earn nothing.
    ren = books.balances(holder("15400009002"))
    assert (ren.verified_minutes, ren.coin_units) == (0, 0)
    assert books.verify().is_right


def test_who_is_too_many_waits() -> None:
    operations.load_case(SMALL)

    saturday = activities.Shift.objects.get(starts_at=datetime(2019, 5, 25, 9, 0, tzinfo=CITY_ZONE))
    states = dict(activities.SignUp.objects.filter(shift_id=saturday.id).values_list("holder_id", "state"))
    assert states == {
        holder("15400009001"): "placed",
        holder("15400009002"): "placed",
        holder("15400009003"): "waiting",
    }
    assert (saturday.taken, saturday.waiting) == (2, 1)


def test_activities_carry_the_dates_and_people_of_the_case() -> None:
    operations.load_case(SMALL)

    care = activities.Activity.objects.get(title="八字桥清洁")
    assert care.state == ActivityState.PUBLISHED
    assert care.published_at == datetime(2019, 4, 2, 9, 0, tzinfo=CITY_ZONE)
    assert care.published_by == people.person_with_phone("15400009005")
    assert care.submitted_by == people.person_with_phone("15400009004")
    assert activities.Position.objects.filter(activity_id=care.id).count() == 2
    talk = activities.Activity.objects.get(title="茶话会")
    assert (talk.state, talk.kind, talk.published_at) == (ActivityState.SUBMITTED, "ceremony", None)
    past = activities.Shift.objects.get(starts_at=datetime(2019, 4, 27, 9, 0, tzinfo=CITY_ZONE))
    assert past.confirmed_at == datetime(2019, 4, 27, 12, 15, tzinfo=CITY_ZONE)


def test_figures_are_kept_as_they_were_published() -> None:
    operations.load_case(SMALL)

    program = activities.Program.objects.get(name="古桥守护")
    assert program.figures["bridges"] == {"value": 7}
    care = activities.Activity.objects.get(title="八字桥清洁")
    assert program.figures["came"] == {
        "at_least": 40, "unit": "persons", "source": "示例公报", "activity": str(care.id),
    }  # fmt: skip
    assert [pair.paired_with.name for pair in program.teams.all() if pair.paired_with] == ["塔山街道办事处"]
    assert list(program.divisions.values_list("division_code", flat=True)) == ["330602001"]
    assert list(program.partners.values_list("organization__name", flat=True)) == ["豆腐坊志愿服务站"]
    assert program.projects.get().key_of_year == 2019
    counts = place_queries.populations("330602")
    assert [(count.residents, count.is_estimate) for count in counts] == [(780000, True)]


def test_booths_stamp_those_who_came_and_left() -> None:
    operations.load_case(SMALL)

    care = activities.Activity.objects.get(title="八字桥清洁")
    assert (care.bring, care.team and care.team.name) == ("手套", "古桥守护队")
    railings, name = activities.Booth.objects.filter(activity_id=care.id).order_by("rank")
    assert railings.organization is not None
    assert (railings.organization.name, name.organization) == ("豆腐坊志愿服务站", None)
    # He came and left twice; Ren, who forgot to check out, has no stamp.
    stamped = attendance.Stamp.objects.filter(booth_id=railings.id).order_by("stamped_at")
    assert [stamp.holder_id for stamp in stamped] == [holder("15400009001")] * 2
    assert not attendance.Stamp.objects.filter(booth_id=name.id).exists()


def test_a_shop_s_lesson_is_given_by_its_activity() -> None:
    operations.load_case(SMALL)

    lesson = rewards.Offer.objects.get(title="学做豆腐")
    given = activities.Activity.objects.get(id=lesson.activity_id)
    assert given.lead_organization_id == lesson.merchant.organization_id
    assert (lesson.field, lesson.is_for_residents, lesson.seats) == ("文化服务", True, 3)


def test_roles_are_given_at_teams_and_divisions() -> None:
    operations.load_case(SMALL)

    team = registry.Team.objects.get(name="古桥守护队")
    grants = registry.RoleGrant.objects.filter(person_id=people.person_with_phone("15400009010"))
    assert set(grants.values_list("role", "place")) == {
        ("leader", f"team:{team.id}"), ("division_staff", "division:330602001"),
    }  # fmt: skip


def test_everything_is_marked_as_coming_from_a_case() -> None:
    operations.load_case(SMALL)

    for model in EVERYTHING:
        assert set(model.objects.values_list("source", flat=True)) == {"case"}, model  # type: ignore[attr-defined]


def test_a_case_is_loaded_once() -> None:
    operations.load_case(SMALL)
    before = rows()

    with pytest.raises(AlreadyLoaded):
        operations.load_case(SMALL)

    assert rows() == before


def test_a_database_in_use_takes_no_case(cast: Any) -> None:
    assert cast.lin.is_known
    before = rows()

    with pytest.raises(NotEmpty):
        operations.load_case(SMALL)

    assert rows() == before
    assert not installation.is_demo()


def test_a_database_marked_for_production_takes_no_case() -> None:
    installation.mark_as_production()

    with pytest.raises(installation.NotADemoDatabase):
        operations.load_case(SMALL)

    assert rows() == nothing()


def test_production_settings_refuse(settings: Any) -> None:
    settings.SHANSHI_FAKE_GATEWAYS = False

    with pytest.raises(NotInProduction):
        operations.load_case(SMALL)

    assert rows() == nothing()


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "reason"),
    [
        ("activities.yaml", "  agreement: 协议一号\n", "", 1, "[activities.agreement_for_length]"),
        ("organizations.yaml", '2", sub', '2", credit_code: "913301000000000000", sub', 2, "[registry."),
        (
            "merchants.csv",
            ONE_MERCHANT,
            TWO_MERCHANTS,
            3,
            "[rewards.already_there]",
        ),
        ("venues.csv", "150\n", TWO_VENUES, 3, "[places.already_there]"),
        ("offers.csv", "1.5,2,1", "3.9,2,1", 2, "costs 3.9 coins; the volunteer had 2 by then"),
        ("redemptions.csv", "2019-05-12", "2019-04-20", 2, "the volunteer had 0 by then"),
    ],
)
def test_what_the_platform_refuses_is_told_by_its_line_and_nothing_is_loaded_by_halves(
    changed: Callable[..., Files],
    folder: Callable[[Files], Path],
    file: str,
    old: str,
    new: str,
    line: int,
    reason: str,
) -> None:
    with pytest.raises(CaseInvalid) as told:
        operations.load_case(folder(changed(file, old, new)))

    found = told.value.problems[0]
    assert found.line == line
    assert reason in found.reason
    assert rows() == nothing()
    assert not installation.is_demo()


def test_a_wrong_line_reaches_no_table(
    changed: Callable[..., Files], folder: Callable[[Files], Path]
) -> None:
    with pytest.raises(CaseInvalid):
        operations.load_case(folder(changed("people.yaml", "demo: minor", "demo: nobody")))

    assert rows() == nothing()


def test_the_application_s_own_role_is_enough() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("shanshi_app",)

    operations.load_case(SMALL)
