"""How an activity looks among others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanshi.activities.queries import ActivityCard
from shanshi.activities.rules import ActivityKind
from shanshi.kernel.errors import N_

# A word of a field and the icon that stands for it; the first that fits counts.
_ICONS = (
    ("文明", "traffic-lights"),
    ("平安", "shield-check"),
    ("社区", "building-community"),
    ("生态", "leaf"),
    ("扶贫", "gift"),
    ("老", "old"),
    ("医", "building-hospital"),
    ("血", "droplet"),
    ("教", "school"),
)
KINDS = {
    ActivityKind.CEREMONY: N_("Ceremony"),
    ActivityKind.TRAINING: N_("Training"),
    ActivityKind.DRIVE: N_("Drive"),
}


def cards(found: Iterable[ActivityCard]) -> list[dict[str, Any]]:
    """Return activities as the component `_card` wants them."""
    return [_card(one) for one in found]


def icon_of(fields: Iterable[str]) -> str:
    """Return the icon of the first field."""
    field = next(iter(fields), "")
    return next((icon for word, icon in _ICONS if word in field), "heart-handshake")


def _card(one: ActivityCard) -> dict[str, Any]:
    return {
        "url": reverse("portal:activity", args=[one.id]),
        "title": one.title,
        "icon": icon_of(one.fields),
        "field": one.fields[0] if one.fields else _("Service"),
        "when": one if one.starts_at is not None else None,
        "where": one.place_text,
        "distance": one.distance_m,
        "organizer": one.organization_name,
        "taken": one.taken,
        "capacity": one.capacity,
        "badge": _badge(one),
    }


def _badge(one: ActivityCard) -> str:
    if one.kind in KINDS:
        return _(KINDS[one.kind])
    if one.shifts > 1:
        return ngettext("{shifts} shift", "{shifts} shifts", one.shifts).format(shifts=one.shifts)
    return ""
