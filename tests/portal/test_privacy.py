"""The volunteer's privacy page: what is held, consents that stop at once, corrections, and the end."""

from __future__ import annotations

import pytest

from tests.portal.words import main_of

pytestmark = pytest.mark.django_db


def test_the_page_shows(world, reader):
    world.served(world.cast.lin)
    words = main_of(reader(world.cast.lin).get("/me/privacy"))
    assert "What you agreed to" in words
    words = main_of(reader(world.cast.lin).get("/me/privacy/data"))
    assert "林晓" in words
