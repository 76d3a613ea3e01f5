"""What a young age changes: who decides, who sees, and what is sensitive."""

from __future__ import annotations

from datetime import date
from typing import Final

from shanshi.registry.rules.ages import age_on

# PIPL art. 31, and the age of majority of the Civil Code art. 17: fixed by law, not by a policy of the city.
CHILD_BELOW: Final = 14
ADULT_FROM: Final = 18

# Sensitive whatever the age (PIPL art. 28): identity documents, political membership, where somebody was.
_SENSITIVE: Final = frozenset(
    {"id_number", "birth_on", "party_member", "locations", "location", "red_points"}
)


def is_child(birth_on: date, on: date) -> bool:
    """Return whether somebody is below 14 on a day, so that the guardian alone decides.

    on  in the city, not before the birth

    Source: PIPL art. 31.
    """
    return age_on(birth_on, on) < CHILD_BELOW


def is_sensitive(field: str, age: int) -> bool:
    """Return whether a datum is sensitive: below 14 every one, later those that the law names.

    field  as held_about names it, for example "id_number"
    age    full years

    Source: PIPL art. 28.
    """
    return age < CHILD_BELOW or field in _SENSITIVE


def guardian_sees(birth_on: date, on: date) -> bool:
    """Return whether a guardian may still see the account: until the eighteenth birthday, not on it.

    on  in the city, not before the birth
    """
    return age_on(birth_on, on) < ADULT_FROM


def masked_child_name(name: str) -> str:
    """Return a child's name of which only the initial of the family name shows, and not how long it is."""
    return name[:1] + "*"
