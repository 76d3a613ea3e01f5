"""Words of the pages of programs."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import gettext

from shanshi.kernel.errors import N_

register = template.Library()

_BODIES: Final = {
    "league": N_("Youth League"),
    "party": N_("Party bodies"),
    "government": N_("Departments"),
    "subdistrict": N_("Subdistricts"),
    "community": N_("Communities"),
    "university": N_("Universities"),
    "school": N_("Schools"),
    "hospital": N_("Hospitals and blood centres"),
    "enterprise": N_("Enterprises"),
    "charity": N_("Charities"),
    "media": N_("Media"),
    "bank": N_("Banks"),
    "team": N_("Volunteer teams"),
    "other": N_("Others"),
}
_WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


@register.filter
def bodies_word(kind: str) -> str:
    """Several bodies of one kind: Enterprises, 企业."""
    return gettext(_BODIES.get(kind, kind))


@register.filter
def weekday_word(weekday: int) -> str:
    """A day of the week by its number, 1 is Monday."""
    return gettext(_WEEKDAYS[weekday - 1])
