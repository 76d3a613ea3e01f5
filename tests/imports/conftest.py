"""Somebody with a workbook, at each place where lists are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from shanshi.foundation.actor import Actor, Role
from tests.cast import Cast, Person
from tests.imports.desk import Desk
from tests.portal.world import World, let_in

SUN = Person("孙理", "15400000031", "330102", date(1980, 1, 1))
ZHOU = Person("周市", "15400000032", "330102", date(1979, 1, 1))


@pytest.fixture(autouse=True)
def _fresh_figures() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(cast: Cast, at: datetime) -> World:
    """The library and the noodle house."""
    return World(cast, at)


@pytest.fixture
def manager(cast: Cast) -> Actor:
    """Runs the station's team."""
    return cast.with_role(cast.volunteer(SUN), Role.MANAGER, f"organization:{cast.station}")


@pytest.fixture
def office(cast: Cast) -> Actor:
    """Works for the city."""
    return cast.with_role(cast.volunteer(ZHOU), Role.CITY_STAFF, "city")


@pytest.fixture
def desk(at: datetime) -> Callable[..., Desk]:
    """Somebody at the lists of a place."""

    def of(who: Actor, address: str, language: str = "en", **more: Any) -> Desk:
        client = Client(**more)
        client.cookies["language"] = language
        return Desk(let_in(client, who, at), address)

    return of
