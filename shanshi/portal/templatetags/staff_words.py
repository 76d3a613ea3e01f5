"""Words for roles, places, purposes and steps: `{% load staff_words %}`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django import template
from django.utils.translation import gettext, pgettext

from shanshi.foundation import clock
from shanshi.kernel.errors import N_
from shanshi.kernel.quantities import city_day
from shanshi.portal.forms.staff import FIELDS, PURPOSES, ROLES
from shanshi.registry.queries import PersonLine
from shanshi.registry.rules import IdentityField, LookPurpose

register = template.Library()

_PLACES: Final = {
    "city": N_("The city"),
    "division": N_("A district"),
    "organization": N_("An organization"),
    "team": N_("A team"),
    "merchant": N_("A merchant"),
    "shift": N_("A shift"),
}
VERBS: Final = {
    "activities.create": N_("Activity written"),
    "activities.change": N_("Activity changed"),
    "activities.submit": N_("Activity submitted"),
    "activities.return": N_("Activity sent back"),
    "activities.publish": N_("Activity published"),
    "activities.cancel": N_("Activity cancelled"),
    "activities.close": N_("Activity closed"),
    "activities.add_shifts": N_("Shifts added"),
    "activities.change_shift": N_("Shift changed"),
    "activities.cancel_shift": N_("Shift cancelled"),
    "activities.create_program": N_("Program made"),
    "activities.create_project": N_("Project made"),
    "activities.publish_many": N_("Activities of a case loaded"),
    "attendance.confirm": N_("Shift confirmed"),
    "places.add_divisions": N_("Divisions added"),
    "places.add_venues": N_("Venues added"),
    "places.add_stations": N_("Stations added"),
    "places.add_streets": N_("Partner streets added"),
    "places.add_populations": N_("Populations added"),
    "registry.add_members": N_("Members invited"),
    "registry.correct": N_("Record of a person corrected"),
    "registry.create_organization": N_("Organization made"),
    "registry.create_team": N_("Team made"),
    "registry.grant_role": N_("Role given"),
    "registry.change_role": N_("Days of a role changed"),
    "registry.end_role": N_("Role ended"),
    "registry.forget": N_("Person erased"),
    "registry.reset_second_factor": N_("Second factors reset"),
    "registry.city_role.propose": N_("Role over the city proposed"),
    "registry.city_role.approved": N_("Role over the city approved"),
    "registry.city_role.refused": N_("Role over the city refused"),
    "registry.city_role.withdrawn": N_("Proposal of a role withdrawn"),
    "registry.city_role.expired": N_("Proposal of a role lapsed"),
    "registry.second_factor.propose": N_("Reset of second factors proposed"),
    "registry.second_factor.approved": N_("Reset of second factors approved"),
    "registry.second_factor.refused": N_("Reset of second factors refused"),
    "registry.second_factor.withdrawn": N_("Proposal of a reset withdrawn"),
    "registry.second_factor.expired": N_("Proposal of a reset lapsed"),
    "rewards.add_merchant": N_("Merchant added"),
    "rewards.add_offer": N_("Offer added"),
    "rewards.void": N_("Redemption taken back"),
}
_KINDS: Final = {
    "registry.city_role": N_("Role over the whole city"),
    "registry.second_factor": N_("Reset of second factors"),
}
_FACTS: Final = {
    "name": N_("Name"),
    "title": N_("Title"),
    "kind": N_("Kind"),
    "description": N_("What volunteers do"),
    "fields": N_("Fields"),
    "risks": N_("Risks"),
    "place_text": N_("Place"),
    "division_code": N_("District"),
    "organizers": N_("Organizer"),
    "expected_people": N_("People expected"),
    "min_age": N_("Minimum age"),
    "state": N_("State"),
    "shifts": N_("Shifts"),
    "starts_at": N_("Starts"),
    "ends_at": N_("Ends"),
    "capacity": N_("Capacity"),
    "role": N_("Role"),
    "place": N_("Where"),
    "from_on": N_("From"),
    "to_on": N_("Until"),
    "ended_at": N_("Ended"),
    "step": N_("Step"),
    "verdict": N_("Decision"),
    "proposed_by": N_("Proposed by"),
    "visits": N_("Visits"),
    "minutes": N_("Verified minutes"),
    "rows": N_("Rows"),
    "parent": N_("Organization above"),
}
_STEPS: Final = {"give": N_("give"), "change": N_("change the days"), "end": N_("end")}


@register.filter
def role_word(role: str) -> str:
    """A role in a word: Leader, 带队人."""
    return str(ROLES.get(role, role))


@register.filter
def place_word(place: str, name: str = "") -> str:
    """A place by its own name, or else by what sort of place it is."""
    return name or gettext(_PLACES.get(place.partition(":")[0], place))


@register.filter
def in_language(reason: str) -> str:
    """A reason in the reader's language if the platform gave it; what somebody wrote stays as it is."""
    return gettext(reason) if reason else ""


@register.filter
def field_word(field: str) -> str:
    """What of an identity was shown."""
    return str(FIELDS[IdentityField(field)]) if field in {*IdentityField} else field


@register.filter
def purpose_word(purpose: str) -> str:
    """Why it was shown; older looks say it in words of their own."""
    return str(PURPOSES[LookPurpose(purpose)]) if purpose in {*LookPurpose} else purpose


@register.filter
def verb_word(verb: str) -> str:
    """What was done; a step that has no word of its own stands as it is."""
    return gettext(VERBS[verb]) if verb in VERBS else verb


@register.filter
def kind_word(kind: str) -> str:
    """What a proposal is about."""
    return gettext(_KINDS.get(kind, kind))


@register.filter
def step_word(step: str) -> str:
    """What is proposed about a role: give, change the days, end."""
    return gettext(_STEPS[step]) if step in _STEPS else step


@register.filter
def person_word(person: PersonLine) -> str:
    """Who of staff: masked name and number; the platform itself where there is none."""
    if not person.number:
        return pgettext("who did it", "The platform")
    return f"{person.masked_name} {person.number}"


@register.filter
def days_since(day: date) -> int:
    """How many days of the city a thing waits already."""
    since = city_day(day) if isinstance(day, datetime) else day
    return (city_day(clock.now()) - since).days


@register.filter
def fact_word(name: str) -> str:
    """What a fact of the trail is called; one without a word stands as it is."""
    return gettext(_FACTS[name]) if name in _FACTS else name


@register.filter
def fact(value: Any) -> str:
    """A fact of the trail as a person reads it; a dash where there is none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, list):
        return ", ".join(fact(one) for one in value) or "—"
    if isinstance(value, dict):
        return " ".join(fact(one) for one in value.values())
    return str(value)
