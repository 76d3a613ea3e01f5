"""The merchant's page, its volunteer services, appointments, the till, and who keeps all that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shanshi.foundation import clock
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.models import AuditEntry
from shanshi.registry import operations as registry
from shanshi.rewards import models, operations, queries
from shanshi.rewards.rules import AppointmentState, OfferKind
from tests.cast import MRS_ZHAO, Person
from tests.portal.words import has_chinese, main_of

pytestmark = pytest.mark.django_db
OWNER = Person("面老板", "15400000031", "330103", date(1970, 1, 1))
OFFICE = Person("街干事", "15400000032", "330103", date(1980, 1, 1))
TYPED = {
    "title": "面点课",
    "kind": "lesson",
    "coins": "2",
    "stock": "10",
    "per_person": "1",
    "from_on": "2019-03-01",
    "to_on": "2019-12-31",
    "weekdays": ["1", "3", "5"],
}


@pytest.fixture
def lesson(world, cast, at):
    """Noodle House gives lessons as volunteer service of the station's, tomorrow."""
    models.Merchant.objects.filter(pk=world.noodle_house).update(organization=cast.station)
    activity = world.library(world.shift("14:00-16:00", days=1), title="面点课")
    return world.offer("面点课", kind=OfferKind.LESSON, activity_id=activity, seats=2, is_for_residents=True)


@pytest.fixture
def owner(world, cast):
    """Runs Noodle House."""
    return cast.with_role(cast.volunteer(OWNER), Role.MANAGER, f"merchant:{world.noodle_house}")


@pytest.fixture
def office(world, cast):
    """Works for the district of the street."""
    assert world.street
    return cast.with_role(cast.volunteer(OFFICE), Role.DIVISION_STAFF, "division:330103")


@pytest.fixture
def resident(at):
    """Mrs Zhao has signed in and is no volunteer."""
    return Actor(registry.person_of_phone(MRS_ZHAO.phone, at=at))


def shift_of(offer_id):
    found = queries.sessions([queries.offer(offer_id)], at=clock.now())
    return found[offer_id][0].shift_id


def test_a_merchant_shows_what_it_gives_and_the_hours_behind_it(world, reader, lesson):
    page = main_of(reader().get(f"/merchants/{world.noodle_house}"))
    for said in (
        "Noodle House",
        "Volunteer service of this shop",
        "面点课",
        "2 seats free",
        "0 min verified",
    ):
        assert said in page
    assert has_chinese(main_of(reader(language="zh-hans").get(f"/merchants/{world.noodle_house}")))


def test_a_resident_makes_an_appointment_and_cancels_it(world, reader, lesson, resident):
    client = reader(resident)
    assert "Make an appointment" in main_of(client.get(f"/offers/{lesson}"))
    page = client.post(f"/offers/{lesson}/appoint", {"shift": shift_of(lesson)}, follow=True)
    assert page.redirect_chain[-1][0] == "/me/appointments"
    row = models.Appointment.objects.get()
    assert f"Say at the counter {row.pk.hex[-6:].upper()}" in main_of(page)
    client.post(f"/me/appointments/{row.pk}/cancel")
    row.refresh_from_db()
    assert row.state == AppointmentState.CANCELLED
    assert "No appointment ahead" in main_of(client.get("/me/appointments"))
    again = client.post(f"/me/appointments/{row.pk}/cancel", follow=True)
    assert "cancelled" in main_of(again)


def test_an_appointment_is_nobody_elses(world, reader, cast, lesson, resident):
    reader(resident).post(f"/offers/{lesson}/appoint", {"shift": shift_of(lesson)})
    row = models.Appointment.objects.get()
    assert reader(cast.stranger).post(f"/me/appointments/{row.pk}/cancel").status_code == 404
    assert reader(cast.stranger).post(f"/till/appointments/{row.pk}/serve").status_code == 403
    row.refresh_from_db()
    assert row.state == AppointmentState.MADE


@pytest.mark.parametrize("typed", [{}, {"shift": "x"}, {"shift": "01a20b4a-9333-7eea-a84b-0b8f81cc3101"}])
def test_a_time_that_is_none_is_refused(world, reader, cast, lesson, typed):
    page = reader(cast.lin).post(f"/offers/{lesson}/appoint", typed, follow=True)
    assert "For this time no appointment can be made." in main_of(page)
    assert not models.Appointment.objects.exists()


def test_a_guardian_brings_a_child_that_has_no_phone(world, reader, cast, lesson, at):
    from tests.house.walk import City

    city = City(cast)
    child = city.ward
    client = reader(city.zhao)
    assert "沈*" in main_of(client.get(f"/offers/{lesson}"))
    typed = {"shift": shift_of(lesson), "child": child.value}
    page = client.post(f"/offers/{lesson}/appoint", typed, follow=True)
    assert "for 沈*" in main_of(page)
    assert str(models.Appointment.objects.get().holder_id) == child.value
    refused = reader(cast.stranger).post(f"/offers/{lesson}/appoint", typed, follow=True)
    assert "answer-refused" in refused.content.decode()
    assert models.Appointment.objects.count() == 1


def test_the_till_serves_who_comes_today(world, reader, cast, lesson, monkeypatch, at):
    reader(cast.lin).post(f"/offers/{lesson}/appoint", {"shift": shift_of(lesson)})
    row = models.Appointment.objects.get()
    fang = reader(world.fang)
    page = fang.post(f"/till/appointments/{row.pk}/serve", follow=True)
    assert "This appointment is for another day" in main_of(page)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=1, hours=5))
    assert row.pk.hex[-6:].upper() in main_of(fang.get(f"/till/{world.noodle_house}"))
    page = fang.post(f"/till/appointments/{row.pk}/serve", follow=True)
    assert "Was here" in main_of(page)
    assert AuditEntry.objects.filter(verb="rewards.serve_appointment").count() == 1


def test_a_good_code_is_answered_large_and_a_bad_one_with_the_reason(world, reader, cast, at):
    world.served(cast.lin)
    made = operations.reserve(
        world.noodles, holder_id=cast.lin.volunteer(), by=cast.lin, at=at, real_at=clock.real_now()
    )
    fang, code = reader(world.fang), queries.code_of(made)
    asks = {"headers": {"HX-Request": "true"}}
    given = fang.post(f"/till/{world.noodle_house}/take", {"code": code}, **asks)
    words = given.content.decode()
    assert given.status_code == 200
    assert "till-offer" in words
    assert "片儿川一碗" in words
    assert "1 coin" in words
    again = fang.post(f"/till/{world.noodle_house}/take", {"code": code}, **asks)
    assert again.status_code == 409
    assert "This code was used already" in again.content.decode()
    page = fang.post(f"/till/redemptions/{made.id}/void", {"reason": "给错了"}, follow=True)
    assert "Taken back" in main_of(page)
    assert AuditEntry.objects.get(verb="rewards.void").reason == "给错了"
    assert "This month" in main_of(fang.get(f"/till/{world.noodle_house}"))


def test_who_runs_it_makes_changes_and_ends_offers(world, reader, owner):
    client, shop = reader(owner), world.noodle_house
    page = client.post(f"/merchants/{shop}/offers/new", TYPED, follow=True)
    assert page.redirect_chain[-1][0] == f"/merchants/{shop}/offers"
    (offer,) = [one for one in queries.offers_of(shop) if one.title == "面点课"]
    assert (offer.price_coin_units, offer.weekdays, offer.activity_id) == (120, (1, 3, 5), None)
    changed = TYPED | {"title": "面点体验", "coins": "1.5", "stock": "4"}
    client.post(f"/offers/{offer.id}/change", changed)
    client.post(f"/offers/{offer.id}/stock", {"stock": "6"})
    found = queries.offer(offer.id)
    assert (found.title, found.price_coin_units, found.stock, found.left_in_stock) == ("面点体验", 90, 6, 6)
    client.post(f"/offers/{offer.id}/end", {"reason": "换季"})
    assert queries.offer(offer.id).ended_at is not None
    assert "Ended" in main_of(client.get(f"/merchants/{shop}/offers"))
    verbs = AuditEntry.objects.filter(thing=f"offer:{offer.id}").values_list("verb", flat=True)
    assert set(verbs) == {"rewards.add_offer", "rewards.change_offer", "rewards.end_offer"}


def test_an_offer_that_cannot_be_is_refused_and_what_was_typed_stays(world, reader, owner):
    wrong = TYPED | {"to_on": "2019-02-01"}
    page = reader(owner).post(f"/merchants/{world.noodle_house}/offers/new", wrong)
    assert page.status_code == 422
    assert 'value="面点课"' in page.content.decode()
    assert queries.offers_of(world.noodle_house) == []


def test_a_cashier_restocks_and_no_more(world, reader):
    client = reader(world.fang)
    client.post(f"/offers/{world.noodles}/stock", {"stock": "9"})
    assert queries.offer(world.noodles).stock == 9
    for path in (f"/offers/{world.noodles}/end", f"/merchants/{world.noodle_house}/end"):
        assert client.post(path).status_code == 403
    for path in (f"/offers/{world.noodles}/change", f"/merchants/{world.noodle_house}/offers/new"):
        assert client.get(path).status_code == 403
    assert queries.offer(world.noodles).ended_at is None


def test_the_office_adds_changes_and_ends_merchants(world, reader, office):
    client = reader(office)
    assert "Add a merchant" in main_of(client.get(f"/streets/{world.street}"))
    typed = {"name": "雨前茶铺", "trade": "茶叶", "latitude": "30.2", "longitude": "120.1"}
    client.post(f"/streets/{world.street}/merchants/new", typed)
    (made,) = queries.merchants_called("雨前茶铺", limit=2)
    client.post(f"/merchants/{made.id}/change", typed | {"name_en": "Spring Tea"})
    assert queries.merchant(made.id).name_en == "Spring Tea"
    again = client.post(f"/streets/{world.street}/merchants/new", typed)
    assert again.status_code == 409
    client.post(f"/merchants/{made.id}/end", {"reason": "歇业"})
    assert queries.merchant(made.id).left_on is not None


def test_the_map_numbers_what_the_list_numbers(world, reader, cast, at):
    rows = [
        operations.MerchantRow(
            street_id=world.street,
            name=f"第{number}家",
            joined_on=date(2018, 11, 1),
            latitude=30.26 + number / 10_000,
            longitude=120.17,
            address=f"新华路{number}号",
        )
        for number in range(5)
    ]
    operations.add_merchants(rows, by=cast.loader, at=at)
    page = reader().get(f"/streets/{world.street}").content.decode()
    assert page.count('class="street-shop') == 5
    # The map begins in the north.
    assert page.index("第4家") < page.index("第0家")
    for number in range(1, 6):
        assert f'href="#shop-{number}"' in page
        assert f'id="shop-{number}"' in page


def test_a_street_takes_as_many_questions_for_many_shops_as_for_few(
    world, reader, cast, at, django_assert_max_num_queries
):
    client = reader()
    assert world.noodles
    with django_assert_max_num_queries(22) as few:
        client.get(f"/streets/{world.street}?kind=goods")
    for number in range(20):
        row = operations.MerchantRow(
            street_id=world.street, name=f"第{number}家", joined_on=date(2018, 11, 1)
        )
        (shop,) = operations.add_merchants([row], by=cast.loader, at=at)
        offer = operations.OfferRow(
            merchant_id=shop,
            title="折扣",
            kind=OfferKind.GOODS,
            price_coin_units=60,
            stock=1,
            per_person=1,
            from_on=date(2019, 1, 1),
            to_on=date(2019, 12, 31),
        )
        operations.add_offers([offer], by=cast.loader, at=at)
    from django.core.cache import cache

    cache.clear()
    with django_assert_max_num_queries(len(few)):
        page = client.get(f"/streets/{world.street}?kind=goods")
    assert page.content.decode().count("street-badge") == 21


def test_offers_are_found_by_kind_field_price_and_for_residents(world, reader, lesson):
    models.Offer.objects.filter(pk=lesson).update(field="社区服务")
    assert world.noodles
    client, street = reader(), f"/streets/{world.street}"
    assert "面点课" in main_of(client.get(f"{street}?field=社区服务"))
    for asked in ("kind=goods", "field=", "coins=1"):
        assert "片儿川一碗" in main_of(client.get(f"{street}?{asked}"))
    for asked in ("kind=lesson", "residents=on", "field=社区服务"):
        assert "片儿川一碗" not in main_of(client.get(f"{street}?{asked}"))
    assert "Nothing fits today" in main_of(client.get(f"{street}?kind=discount"))
    assert client.get(f"{street}?kind=xx&coins=zz").status_code == 200
