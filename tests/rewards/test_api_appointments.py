"""Appointments through the API: a resident makes one, gives it up, and the merchant serves another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.foundation import clock
from shanshi.foundation.actor import Actor, Role
from shanshi.registry import operations as registry
from shanshi.rewards import models, queries
from tests.cast import CASHIER, MRS_ZHAO
from tests.rewards.test_api import ask
from tests.rewards.test_appointment_races import lesson

pytestmark = pytest.mark.django_db
__all__ = ["ask", "lesson"]


@pytest.fixture
def zhao(at):
    """Mrs Zhao has signed in and is no volunteer."""
    return Actor(registry.person_of_phone(MRS_ZHAO.phone, at=at))


def test_anybody_reads_a_merchant_and_the_times_of_a_service(ask, lesson):
    offer_id, shift_id = lesson
    shop = queries.offer(offer_id).merchant_id

    assert ask(None, "GET", f"merchants/{shop}")[1]["name"] == "花间集"
    status, found = ask(None, "GET", f"offers/{offer_id}")

    assert (status, found["offer"]["seats"]) == (200, 2)
    assert [(one["shift"], one["free"]) for one in found["times"]] == [(str(shift_id), 2)]


def test_a_resident_makes_one_and_gives_it_up(ask, lesson, zhao):
    offer_id, shift_id = lesson
    wish = {"offer": str(offer_id), "shift": str(shift_id)}
    assert ask(None, "POST", "appointments", wish)[0] == 401
    assert ask(zhao, "POST", "appointments", wish)[1]["code"] == "rewards.no_appointments"
    models.Offer.objects.update(is_for_residents=True)

    status, made = ask(zhao, "POST", "appointments", wish)

    assert (status, made["state"]) == (201, "made")
    assert [one["id"] for one in ask(zhao, "GET", "me/appointments")[1]["items"]] == [made["id"]]
    assert ask(zhao, "POST", "appointments", wish)[1]["code"] == "rewards.appointed_already"
    for _ in range(2):
        assert ask(zhao, "POST", f"appointments/{made['id']}/cancel")[1]["state"] == "cancelled"
    assert models.Seats.objects.get().taken == 0


def test_only_its_own_merchant_serves_it(ask, cast, lesson, monkeypatch, at):
    offer_id, shift_id = lesson
    made = ask(cast.lin, "POST", "appointments", {"offer": str(offer_id), "shift": str(shift_id)})[1]
    shop = queries.offer(offer_id).merchant_id
    fang = cast.with_role(cast.volunteer(CASHIER), Role.CASHIER, f"merchant:{shop}")
    address = f"appointments/{made['id']}/serve"

    assert ask(cast.stranger, "POST", address)[0] == 403
    assert ask(fang, "POST", address)[1]["code"] == "rewards.appointment_not_today"
    later = at + timedelta(days=1, hours=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    for _ in range(2):
        status, served = ask(fang, "POST", address)
        assert (status, served["state"]) == (200, "served")
