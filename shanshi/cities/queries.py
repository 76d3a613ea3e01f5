"""Whether there is a city in the database yet."""

from __future__ import annotations

from shanshi.places.models import Division
from shanshi.registry.models import Person


def has_people() -> bool:
    """Whether anybody is in the database."""
    return Person.objects.exists()


def has_places() -> bool:
    """Whether any division is in the database: every case begins with them."""
    return Division.objects.exists()
