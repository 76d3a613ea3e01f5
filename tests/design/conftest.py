"""The design room alone: no database, no other room's middleware."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

NEEDS_OTHERS = ("shanshi.registry", "shanshi.foundation.idempotency", "django.contrib.auth", "whitenoise")


@pytest.fixture(autouse=True)
def the_room_alone(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.design.urls"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith(NEEDS_OTHERS)]


@pytest.fixture
def page(client: Client) -> Client:
    """A reader of English; the site itself begins in Chinese."""
    client.cookies["language"] = "en"
    return client
