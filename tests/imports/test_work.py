"""Lists of activities and of rosters, of merchants and of offers: each by its whole story."""

from __future__ import annotations

from uuid import UUID

import pytest

from shanshi.activities import operations as activities
from shanshi.activities.models import Activity, Shift, SignUp
from shanshi.foundation.actor import Role
from shanshi.places.models import PartnerStreet
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.rewards.models import Merchant, Offer
from tests.imports.desk import cells, left_out, staying, wrong_cells

pytestmark = pytest.mark.django_db

ACTIVITIES = ("Activity", "Risks", "Person in charge", "Place", "Latitude", "Longitude", "Day of the shift",
              "Starts", "Ends", "Places")  # fmt: skip
GUIDE = ("图书馆引导", "楼梯湿滑。", "吴建国", "文澜阁", "30.2489", "120.1607")
MERCHANTS = ("商户名称", "行业", "纬度", "经度", "加入日期", "退出日期")
OFFERS = ("商户名称", "权益名称", "类别", "益币价格", "库存", "开始日期", "结束日期", "每周哪几天")


def number(actor) -> str:  # type: ignore[no-untyped-def]
    return people.volunteer(actor.volunteer()).number


@pytest.fixture
def plans(desk, cast):  # type: ignore[no-untyped-def]
    return desk(cast.wu, f"/organizations/{cast.station}/lists/activities")


@pytest.fixture
def shift(world) -> UUID:  # type: ignore[no-untyped-def]
    return world.shifts(world.library(world.shift(days=1, capacity=3)))[0]


@pytest.fixture
def roster(desk, cast, shift):  # type: ignore[no-untyped-def]
    return desk(cast.wu, f"/lead/shifts/{shift}/list")


def joins(cast, *actors) -> None:  # type: ignore[no-untyped-def]
    for who in actors:
        registry.join(who.volunteer(), cast.station, by=who, at=cast.at)


@pytest.fixture
def shops(desk, office, world):  # type: ignore[no-untyped-def]
    return desk(office, f"/streets/{world.street}/lists/merchants")


@pytest.fixture
def offers(desk, office, world):  # type: ignore[no-untyped-def]
    assert world.noodle_house
    return desk(office, f"/streets/{world.street}/lists/offers")


def test_activities_become_drafts_with_their_shifts_and_are_taken_back(plans, cast) -> None:  # type: ignore[no-untyped-def]
    page = plans.send(
        ACTIVITIES,
        (*GUIDE, "2019-03-24", "09:00", "11:30", "10"),
        ("图书馆引导", "", "", "", "", "", "2019/3/25", "9:00", "11:30", "8"),
        ("夜巡", "夜间。", "吴建国", "江边", "", "", "2019-03-24", "22:00", "1:00", "4"),
    )
    assert "2 new, 0 left out." in page
    assert not Activity.objects.exists()
    assert "2 taken" in plans.take()
    guide, night = Activity.objects.order_by("created_at", "id")
    assert (guide.title, guide.state, guide.risks) == ("图书馆引导", "draft", "楼梯湿滑。")
    assert [one.capacity for one in guide.shifts.order_by("starts_at")] == [10, 8]
    assert (night.last_ends_at - night.first_starts_at).total_seconds() == 3 * 3600
    activities.submit(guide.id, by=cast.wu, at=cast.at)
    page = plans.undo()
    assert staying(page) == {"2": "Somebody has changed, submitted or published the activity since."}
    assert [one.title for one in Activity.objects.all()] == ["图书馆引导"]
    assert Shift.objects.count() == 2


def test_every_wrong_cell_of_activities_is_named(plans) -> None:  # type: ignore[no-untyped-def]
    page = plans.send(
        ACTIVITIES,
        (*GUIDE, "2019-03-10", "09:00", "11:30", "10"),
        (*GUIDE[:1], "other risks", *GUIDE[2:], "24.3.", "25:00", "11:30", "many"),
        ("短", "", "", "", "91", "", "2019-03-24", "09:00", "09:05", ""),
    )
    assert set(wrong_cells(page)) == {"G2", "B3", "G3", "H3", "J3", "E4", "J4"}
    assert not Activity.objects.exists()


def test_activities_go_out_and_come_in_without_a_change(plans, desk, manager, cast) -> None:  # type: ignore[no-untyped-def]
    plans.send(ACTIVITIES, (*GUIDE, "2019-03-24", "09:00", "11:30", "10"))
    plans.take()
    content = plans.export()
    assert "Nothing in this list is new" in plans.send_file(content)
    # Somewhere else the same file makes the same activity.
    league = cast.with_role(manager, Role.MANAGER, f"organization:{cast.league}")
    other = desk(league, f"/organizations/{cast.league}/lists/activities")
    other.send_file(content)
    other.take()
    assert cells(other.export()) == cells(content)


def test_a_roster_is_filled_with_members_alone_and_emptied_again(roster, cast, shift) -> None:  # type: ignore[no-untyped-def]
    joins(cast, cast.lin, cast.mei)
    page = roster.send(("Volunteer number",), (number(cast.lin),), (number(cast.stranger),))
    assert wrong_cells(page) == {"A3": "Nobody with this number is a member of the organizer."}
    page = roster.send(("Volunteer number",), (number(cast.lin),), (number(cast.mei),), (number(cast.lin),))
    assert "2 new, 1 left out." in page
    assert "2 taken" in roster.take()
    assert Shift.objects.get(id=shift).taken == 2
    assert len(cells(roster.export())) == 3
    activities.withdraw(shift, holder_id=cast.mei.volunteer(), by=cast.mei, at=cast.at)
    page = roster.undo()
    assert staying(page) == {"3": "The shift has begun, was cancelled, or the person has withdrawn."}
    assert Shift.objects.get(id=shift).taken == 0
    assert set(SignUp.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_roster_takes_no_more_than_there_are_places(roster, cast, world, shift) -> None:  # type: ignore[no-untyped-def]
    joins(cast, cast.lin, cast.mei, cast.stranger, cast.chen)
    rows = [(number(one),) for one in (cast.lin, cast.mei, cast.stranger, cast.chen)]
    page = roster.send(("Volunteer number",), *rows)
    assert wrong_cells(page) == {"A5": "The shift has 3 free places; this row is beyond them."}
    page = roster.send(("Volunteer number",), *rows[:3])
    world.sign_up(cast.chen, shift)
    page = roster.take()
    assert "Something has changed since you looked at the list; nothing was taken." in page
    assert wrong_cells(page) == {"A4": "The shift has 2 free places; this row is beyond them."}
    assert Shift.objects.get(id=shift).taken == 1


def test_merchants_are_added_and_taken_back_unless_they_are_in_use(shops, offers) -> None:  # type: ignore[no-untyped-def]
    page = shops.send(
        MERCHANTS,
        ("花店", "花艺", "30.25", "120.16", "2019-03-20", ""),
        ("眼镜店", "眼镜", "", "", "2019-03-20", ""),
        ("老长庆面馆", "餐饮", "", "", "2018-11-01", ""),
    )
    assert "2 new, 1 left out." in page
    assert left_out(page) == {"4": "It is there already."}
    assert "2 taken" in shops.take()
    offers.send(OFFERS, ("花店", "插花课", "课程", "2又20/60", "10", "2019-03-20", "2019-04-20", "1-5"))
    assert "1 taken" in offers.take()
    flower = Offer.objects.get(title="插花课")
    assert (flower.price_coin_units, flower.weekdays, flower.kind) == (140, [1, 2, 3, 4, 5], "lesson")

    page = shops.undo()
    assert staying(page) == {"2": "It is in use by now: offers, roles or redemptions depend on it."}
    assert set(Merchant.objects.values_list("name", flat=True)) == {"老长庆面馆", "花店"}
    assert "Everything is as it was before." in offers.undo()
    assert not Offer.objects.filter(title="插花课").exists()


def test_every_wrong_cell_of_merchants_and_offers_is_named(shops, offers) -> None:  # type: ignore[no-untyped-def]
    page = shops.send(
        MERCHANTS, ("", "", "", "", "2019-03-20", ""), ("花店", "", "30.2", "", "20 March", "2018-01-01")
    )
    assert set(wrong_cells(page)) == {"A2", "D3", "E3"}
    page = offers.send(OFFERS, ("无此店", "", "gift", "0.001", "-1", "2019-05-01", "2019-04-01", "8"))
    assert set(wrong_cells(page)) == {"A2", "B2", "C2", "D2", "E2", "G2", "H2"}
    assert wrong_cells(page)["C2"] == "It is none of: discount 折扣, goods 实物, service 服务, lesson 课程."


def test_residents_need_an_activity_that_no_list_names(offers) -> None:  # type: ignore[no-untyped-def]
    columns = (*OFFERS, "面向居民")
    page = offers.send(
        columns, ("老长庆面馆", "面点课", "课程", "1", "10", "2019-03-20", "2019-04-20", "", "是")
    )
    assert wrong_cells(page)["I2"].startswith("Residents come by appointment")
    assert not Offer.objects.exists()


def test_streets_go_out_and_come_in_without_a_change(shops, offers, desk, office, world) -> None:  # type: ignore[no-untyped-def]
    offers.send(OFFERS, ("老长庆面馆", "面一碗券", "实物", "1", "10", "2019-03-20", "2019-04-20", ""))
    offers.take()
    for one in (shops, offers):
        assert "Nothing in this list is new" in one.send_file(one.export())
    first = PartnerStreet.objects.get(pk=world.street)
    other = PartnerStreet.objects.create(
        name="武林路", name_key="wulinlu", division_code=first.division_code, opened_on=first.opened_on
    )
    for sort, one in (("merchants", shops), ("offers", offers)):
        there = desk(office, f"/streets/{other.pk}/lists/{sort}")
        there.send_file(one.export())
        there.take()
        assert cells(there.export()) == cells(one.export())


def test_streets_are_the_offices_alone(desk, cast, world) -> None:  # type: ignore[no-untyped-def]
    west = cast.with_role(cast.lin, Role.DIVISION_STAFF, "division:330106")
    for who in (cast.wu, west, cast.stranger):
        one = desk(who, f"/streets/{world.street}/lists/merchants")
        assert one.client.get(one.address).status_code == 403
        assert one.client.post(f"{one.address}/send").status_code == 403
        assert one.client.get(f"{one.address}/export").status_code == 403
