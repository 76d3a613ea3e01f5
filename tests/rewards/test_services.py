"""Merchants give volunteer service of their own: it is reviewed, witnessed, and nobody's claim."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shanshi.foundation import clock
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import SignInNeeded
from shanshi.ledger import queries as books
from shanshi.ledger.rules import Account, Kind, Unit
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.rewards import access, models, operations, queries, rules
from shanshi.rewards.rules import AppointmentState, OfferKind
from tests.cast import MRS_ZHAO
from tests.portal.world import World

pytestmark = pytest.mark.django_db
COIN = 60


@pytest.fixture
def world(cast, at):
    return World(cast, at)


@pytest.fixture
def lessons(world, cast, at):
    """The flower room gives lessons as volunteer service of the station, tomorrow and the day after."""
    merchant = operations.MerchantRow(
        street_id=world.street, name="花间集", joined_on=date(2018, 11, 1), organization_id=cast.station
    )
    (shop,) = operations.add_merchants([merchant], by=cast.loader, at=at)
    activity = world.library(
        world.shift("14:00-16:00", days=1), world.shift("14:00-16:00", days=2), title="花艺课"
    )
    row = operations.OfferRow(
        merchant_id=shop,
        title="花艺培训体验课",
        kind=OfferKind.LESSON,
        price_coin_units=COIN,
        stock=9,
        per_person=2,
        from_on=date(2019, 1, 1),
        to_on=date(2019, 12, 31),
        activity_id=activity,
        is_for_residents=True,
        seats=2,
    )
    (offer,) = operations.add_offers([row], by=cast.loader, at=at)
    return Lessons(shop, offer, activity, *world.shifts(activity))


class Lessons:
    def __init__(self, shop, offer, activity, first, second):
        self.shop, self.offer, self.activity, self.first, self.second = shop, offer, activity, first, second

    def seats(self, shift):
        row = models.Seats.objects.filter(offer_id=self.offer, shift_id=shift).first()
        return (row.taken, row.seats) if row else None


def appoint(lessons, who, shift, at):
    comer = access.comer(who, at=at)
    return operations.appoint(
        lessons.offer, shift, holder_id=comer.holder_id, is_volunteer=comer.is_volunteer, by=who, at=at
    )


@pytest.fixture
def resident(at) -> Actor:
    """Mrs Zhao has signed in and is no volunteer."""
    return Actor(registry.person_of_phone(MRS_ZHAO.phone, at=at))


def test_coins_for_volunteer_service_go_home_and_are_no_claim(world, cast, lessons, at):
    world.served(cast.lin)
    holder = cast.lin.volunteer()
    made = operations.reserve(lessons.offer, holder_id=holder, by=cast.lin, at=at, real_at=clock.real_now())
    shown = queries.code_of(made)
    given = operations.fulfill(made.id, shown, by=world.fang, at=at, real_at=clock.real_now())
    assert given.is_settled is False
    assert queries.in_the_books(lessons.shop) == 0
    assert queries.came_home(lessons.shop) == COIN
    assert queries.totals(lessons.shop, at.date()).coin_units_home == COIN
    month = queries.month_totals(lessons.shop, at.date())
    assert (month.fulfilled, month.coin_units, month.settled_coin_units) == (1, COIN, 0)
    operations.void(made.id, by=world.fang, at=at, reason="客人改期")
    assert queries.came_home(lessons.shop) == 0
    assert books.balances(holder).coin_units == 2 * COIN


def test_the_books_agree_with_what_was_given_whoever_gave_it(world, cast, lessons, at):
    world.served(cast.lin)
    holder = cast.lin.volunteer()
    for offer in (lessons.offer, world.noodles):
        made = operations.reserve(offer, holder_id=holder, by=cast.lin, at=at, real_at=clock.real_now())
        operations.fulfill(made.id, queries.code_of(made), by=world.fang, at=at, real_at=clock.real_now())
    given = models.Redemption.objects.filter(state="fulfilled")
    for row in given:
        kind = Kind.MERCHANT if row.offer.activity_id is None else Kind.CITY
        assert row.is_settled is (row.offer.activity_id is None)
        held = books.open_balance(Account(kind, row.merchant_id, Unit.COIN))
        assert held == row.price_coin_units
    circle = queries.street(world.street, at.date())
    assert (circle.coin_units_taken, circle.coin_units_home, circle.volunteers) == (120, 60, 1)


def test_what_no_reviewer_published_is_not_given(world, cast, lessons, at):
    world.served(cast.lin)
    draft = world.draft(title="未发布的课")
    models.Offer.objects.filter(pk=lessons.offer).update(activity_id=draft)
    with pytest.raises(rules.ServiceNotPublished):
        operations.reserve(
            lessons.offer, holder_id=cast.lin.volunteer(), by=cast.lin, at=at, real_at=clock.real_now()
        )
    with pytest.raises(rules.ServiceNotPublished):
        appoint(lessons, cast.lin, lessons.first, at)
    assert books.balances(cast.lin.volunteer()).coin_units == 2 * COIN
    assert not models.Appointment.objects.exists()


def test_the_giver_earns_by_a_witnessed_visit_and_the_street_tells_so(world, cast, lessons, at):
    before = queries.went_round(world.street)
    assert before.given_back.minutes == 0
    row = models.Offer.objects.get(pk=lessons.offer)
    visit = world.served(cast.lin, title="花艺课上午")
    from shanshi.attendance import queries as attendance

    found = attendance.visit(visit)
    assert found is not None
    row.activity_id = found.activity_id
    row.save(update_fields=["activity_id"])
    after = queries.went_round(world.street)
    assert (after.given_back.minutes, after.given_back.people) == (120, 1)
    assert after.services[0].given.minutes == 120
    assert after.services[0].merchant_name == "花间集"


def test_only_services_of_the_own_body_stand_behind_an_offer(world, cast, lessons, at):
    terms = {
        "merchant_id": world.noodle_house,
        "title": "面点课",
        "price_coin_units": COIN,
        "stock": 1,
        "per_person": 1,
        "from_on": date(2019, 1, 1),
        "to_on": date(2019, 12, 31),
    }
    row = operations.OfferRow(kind=OfferKind.LESSON, activity_id=lessons.activity, seats=1, **terms)
    with pytest.raises(rules.ServiceOfOthers):
        operations.add_offers([row], by=cast.loader, at=at)
    for wrong in (
        {"kind": OfferKind.GOODS, "activity_id": lessons.activity},
        {"kind": OfferKind.LESSON, "seats": 1},
        {"kind": OfferKind.LESSON, "is_for_residents": True},
        {"kind": OfferKind.LESSON, "activity_id": lessons.activity, "seats": -1},
    ):
        with pytest.raises(rules.OfferInvalid):
            operations.add_offers([operations.OfferRow(**terms, **wrong)], by=cast.loader, at=at)
    assert models.Offer.objects.count() == 1


def test_a_resident_comes_by_appointment_without_a_coin(lessons, resident, at):
    made = appoint(lessons, resident, lessons.first, at)
    assert (made.state, made.starts_at) == (AppointmentState.MADE, at.replace(hour=14) + timedelta(days=1))
    assert len(made.number) == 6
    assert lessons.seats(lessons.first) == (1, 2)
    assert people.held_about(resident.known())["phone"]
    held = queries.held_about(made.holder_id)["appointments"]
    assert [one["offer"] for one in held] == ["花艺培训体验课"]


def test_where_residents_are_not_asked_they_are_refused(lessons, resident, cast, at):
    models.Offer.objects.update(is_for_residents=False)
    with pytest.raises(rules.NoAppointments):
        appoint(lessons, resident, lessons.first, at)
    with pytest.raises(SignInNeeded):
        access.comer(Actor(), at=at)
    assert appoint(lessons, cast.stranger, lessons.first, at).state is AppointmentState.MADE


def test_the_last_seat_is_one_persons(lessons, resident, cast, at):
    appoint(lessons, resident, lessons.first, at)
    appoint(lessons, cast.stranger, lessons.first, at)
    with pytest.raises(rules.SeatsTaken):
        appoint(lessons, cast.lin, lessons.first, at)
    assert lessons.seats(lessons.first) == (2, 2)
    assert models.Appointment.objects.count() == 2


def test_who_gives_the_service_does_not_take_it(world, lessons, cast, at):
    world.sign_up(cast.lin, lessons.first)
    with pytest.raises(rules.GivesItThemself):
        appoint(lessons, cast.lin, lessons.first, at)


def test_one_time_once_and_so_many_of_an_offer(lessons, cast, at):
    appoint(lessons, cast.lin, lessons.first, at)
    with pytest.raises(rules.AppointedAlready):
        appoint(lessons, cast.lin, lessons.first, at)
    models.Offer.objects.update(per_person=1)
    with pytest.raises(rules.LimitReached):
        appoint(lessons, cast.lin, lessons.second, at)
    assert models.Appointment.objects.count() == 1


@pytest.mark.parametrize("hours", [29, 24 * 40])
def test_what_has_begun_is_no_time_to_come(lessons, cast, at, hours):
    with pytest.raises(rules.NoSuchSession):
        appoint(lessons, cast.lin, lessons.first, at + timedelta(hours=hours))


def test_a_shift_of_another_activity_is_no_time_to_come(world, lessons, cast, at):
    (other,) = world.shifts(world.library(world.shift("18:00-19:00", days=1), title="别的"))
    with pytest.raises(rules.NoSuchSession):
        appoint(lessons, cast.lin, other, at)


def test_given_up_the_seat_comes_back_and_twice_is_once(lessons, cast, at):
    made = appoint(lessons, cast.lin, lessons.first, at)
    for _ in range(2):
        ended = operations.cancel_appointment(made.id, holder_id=made.holder_id, by=cast.lin, at=at)
        assert ended.state is AppointmentState.CANCELLED
        assert lessons.seats(lessons.first) == (0, 2)
    assert appoint(lessons, cast.lin, lessons.first, at).state is AppointmentState.MADE


def test_once_it_has_begun_it_is_not_given_up(lessons, cast, at):
    made = appoint(lessons, cast.lin, lessons.first, at)
    late = at.replace(hour=14) + timedelta(days=1)
    with pytest.raises(rules.AppointmentOver):
        operations.cancel_appointment(made.id, holder_id=made.holder_id, by=cast.lin, at=late)
    assert lessons.seats(lessons.first) == (1, 2)


def test_the_merchant_serves_it_on_its_day(world, lessons, cast, at):
    made = appoint(lessons, cast.lin, lessons.first, at)
    with pytest.raises(rules.AppointmentNotToday):
        operations.serve_appointment(made.id, by=world.fang, at=at)
    day = at.replace(hour=14) + timedelta(days=1)
    assert [one.id for one in queries.appointments_on(lessons.shop, day.date())] == [made.id]
    for _ in range(2):
        served = operations.serve_appointment(made.id, by=world.fang, at=day)
        assert served.state is AppointmentState.SERVED
    with pytest.raises(rules.AppointmentOver):
        operations.cancel_appointment(made.id, holder_id=made.holder_id, by=cast.lin, at=at)
    assert queries.street(world.street, day.date()).appointments_kept == 1


def test_who_leaves_gives_the_seat_back(lessons, cast, at):
    made = appoint(lessons, cast.lin, lessons.first, at)
    assert operations.forget(made.holder_id, by=cast.lin, at=at) == 1
    assert lessons.seats(lessons.first) == (0, 2)


def test_times_are_asked_in_a_fixed_number_of_questions(
    world, lessons, cast, at, django_assert_max_num_queries
):
    appoint(lessons, cast.lin, lessons.first, at)
    offers = queries.offers_of(lessons.shop)
    with django_assert_max_num_queries(6):
        found = queries.sessions(offers, at=at)
    assert [(one.free, one.seats) for one in found[lessons.offer]] == [(1, 2), (2, 2)]
    with django_assert_max_num_queries(5):
        assert len(queries.appointments_waiting([cast.lin.volunteer()], at=at)) == 1


def test_fewer_seats_never_take_one_away(lessons, cast, at):
    appoint(lessons, cast.lin, lessons.first, at)
    appoint(lessons, cast.stranger, lessons.first, at)
    operations.change_offer(lessons.offer, _change(seats=1), by=cast.loader, at=at)
    assert lessons.seats(lessons.first) == (2, 2)


def _change(**other):
    said = {
        "title": "花艺课",
        "title_en": "",
        "says": "",
        "field": "",
        "price_coin_units": COIN,
        "stock": 9,
        "per_person": 2,
        "from_on": date(2019, 1, 1),
        "to_on": date(2019, 12, 31),
        "weekdays": (1, 2, 3, 4, 5, 6, 7),
    }
    return operations.OfferChange(**(said | other))


def test_an_offer_changes_and_ends(lessons, cast, at):
    appoint(lessons, cast.lin, lessons.first, at)
    operations.change_offer(lessons.offer, _change(price_coin_units=90, stock=5), by=cast.loader, at=at)
    found = queries.offer(lessons.offer)
    assert (found.title, found.price_coin_units, found.stock, found.left_in_stock) == ("花艺课", 90, 5, 5)
    for _ in range(2):
        operations.end_offer(lessons.offer, by=cast.loader, at=at)
    with pytest.raises(rules.OfferOver):
        operations.restock(lessons.offer, 10, by=cast.loader, at=at)
    with pytest.raises(rules.OfferNotToday):
        appoint(lessons, cast.stranger, lessons.first, at)
    assert queries.offer_list(queries.OfferFilter(day=at.date(), merchant_id=lessons.shop)) == []


def test_a_stock_is_never_less_than_what_was_given(world, cast, at):
    world.served(cast.lin)
    operations.reserve(
        world.noodles, holder_id=cast.lin.volunteer(), by=cast.lin, at=at, real_at=clock.real_now()
    )
    with pytest.raises(rules.StockBelowGiven):
        operations.restock(world.noodles, 0, by=cast.loader, at=at)
    operations.restock(world.noodles, 7, by=cast.loader, at=at)
    assert (queries.offer(world.noodles).stock, queries.offer(world.noodles).left_in_stock) == (7, 6)


def test_a_merchant_changes_and_leaves(world, cast, at):
    change = operations.MerchantChange("老面馆", "Old Noodles", "餐饮", "1号", "", 30.1, 120.1, None)
    operations.change_merchant(world.noodle_house, change, by=cast.loader, at=at)
    assert queries.merchant(world.noodle_house).name_en == "Old Noodles"
    with pytest.raises(rules.LeavesBeforeJoining):
        operations.end_merchant(world.noodle_house, date(2018, 1, 1), by=cast.loader, at=at)
    operations.end_merchant(world.noodle_house, at.date(), by=cast.loader, at=at)
    assert queries.merchants_of(world.street, at.date() + timedelta(days=1)) == []


def test_a_name_on_the_street_is_one(world, lessons, cast, at):
    assert world.noodle_house
    change = operations.MerchantChange("花间集", "", "", "", "", None, None, None)
    with pytest.raises(rules.AlreadyThere):
        operations.change_merchant(world.noodle_house, change, by=cast.loader, at=at)
    assert queries.merchant(world.noodle_house).name == "老长庆面馆"
