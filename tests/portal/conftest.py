"""Readers of pages: a visitor, or somebody of the cast, in English unless a test asks otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from shanshi.foundation.actor import Actor
from tests.cast import Cast
from tests.portal.world import World, let_in

Reader = Callable[..., Client]


@pytest.fixture
def world(cast: Cast, at: datetime) -> World:
    """The library and the noodle house."""
    return World(cast, at)


@pytest.fixture(autouse=True)
def _fresh_figures() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def reader(db: None, at: datetime) -> Reader:
    """A client of somebody, or of a visitor."""

    def of(who: Actor | None = None, language: str = "en") -> Client:
        client = Client()
        client.cookies["language"] = language
        return client if who is None else let_in(client, who, at)

    return of
