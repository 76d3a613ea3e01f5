"""The whole Hangzhou case in a database: a minute's work, so a drill."""

from __future__ import annotations

from datetime import datetime

import pytest

from shanshi.activities.models import Activity, Shift, SignUp
from shanshi.cities import operations
from shanshi.foundation.actor import Role
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.ledger import queries as books
from shanshi.portal.rules import DEMO_ACCOUNTS
from shanshi.registry import queries as people
from tests.cities.conftest import HANGZHOU

CLOCK = datetime(2019, 3, 20, 9, 0, tzinfo=CITY_ZONE)


@pytest.mark.drill
@pytest.mark.django_db
def test_the_hangzhou_case_is_loaded_and_read_back() -> None:
    loaded = operations.load_case(HANGZHOU)

    assert (loaded.people, loaded.merchants) == (2060, 20)
    assert loaded.visits > 24_000
    assert books.verify().is_right
    leads = [people.person_with_phone(f"154000000{number}") for number in range(11, 22)]
    for person_id in leads:
        assert person_id is not None
        assert books.balances(people.holder_of(person_id)).verified_minutes >= 1500 * 60
    accounts = [people.person_with_phone(account.phone) for account in DEMO_ACCOUNTS]
    assert None not in accounts
    wu = people.actor_of(accounts[3], CLOCK)  # type: ignore[arg-type]
    assert [grant.role for grant in wu.grants] == [Role.LEADER]
    lin = books.balances(people.holder_of(accounts[0]))  # type: ignore[arg-type]
    assert lin.coin_units > 10 * 60
    assert lin.pending_coin_units > 0
    now = Shift.objects.filter(starts_at__lte=CLOCK, ends_at__gt=CLOCK, published_at__isnull=False)
    assert now.filter(activity__title="红色志愿一小时·湖滨站").exists()
    assert Activity.objects.filter(state="submitted").count() == 2
    assert SignUp.objects.filter(state="waiting").exists()
