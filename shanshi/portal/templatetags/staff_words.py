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
    "activities.add_series": N_("Series of shifts added"),
    "activities.change_shift": N_("Shift changed"),
    "activities.cancel_shift": N_("Shift cancelled"),
    "activities.keep_template": N_("Template kept"),
    "activities.remove_template": N_("Template removed"),
    "activities.draft_many": N_("Activities drafted from a list"),
    "activities.undraft_many": N_("List of activities undone"),
    "activities.place_many": N_("Roster filled from a list"),
    "activities.displace_many": N_("Roster from a list undone"),
    "activities.tell_roster": N_("Roster told"),
    "activities.refuse_shifts": N_("Added shifts refused"),
    "activities.create_program": N_("Program made"),
    "activities.create_project": N_("Project made"),
    "activities.change_program": N_("Program changed"),
    "activities.change_project": N_("Project changed"),
    "activities.add_booth": N_("Booth added"),
    "activities.change_booth": N_("Booth changed"),
    "activities.remove_booth": N_("Booth taken away"),
    "activities.publish_many": N_("Activities of a case loaded"),
    "attendance.confirm": N_("Shift confirmed"),
    "attendance.undo": N_("Scan taken back"),
    "places.add_divisions": N_("Divisions added"),
    "places.add_venues": N_("Venues added"),
    "places.add_stations": N_("Stations added"),
    "places.add_streets": N_("Partner streets added"),
    "places.add_populations": N_("Populations added"),
    "registry.add_members": N_("Members invited"),
    "registry.enroll_many": N_("People registered from a list"),
    "registry.unenroll_many": N_("List of people undone"),
    "registry.uninvite_many": N_("Invitations of a list taken back"),
    "registry.correct": N_("Record of a person corrected"),
    "registry.create_organization": N_("Organization made"),
    "registry.create_team": N_("Team made"),
    "registry.change_organization": N_("Organization changed"),
    "registry.move_organization": N_("Organization put under another parent"),
    "registry.rename_team": N_("Team renamed"),
    "registry.put_in_team": N_("Member put into a team"),
    "registry.end_membership": N_("Membership ended"),
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
    "rewards.remove_merchants": N_("Merchants of a list taken back"),
    "rewards.remove_offers": N_("Offers of a list taken back"),
    "rewards.change_merchant": N_("Merchant changed"),
    "rewards.add_offer": N_("Offer added"),
    "rewards.change_offer": N_("Offer changed"),
    "rewards.end_offer": N_("Offer ended"),
    "rewards.serve_appointment": N_("Appointment served"),
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
    "credit_code": N_("Credit code"),
    "name_en": N_("English name"),
    "organizations": N_("Organizations"),
    "roles": N_("Roles"),
    "team": N_("Team"),
    "accepted": N_("Had accepted"),
    "skills": N_("Skills"),
    "skills_required": N_("Skills are required"),
    "risk_kinds": N_("Kinds of risk"),
    "program_id": N_("Program"),
    "project_id": N_("Project"),
    "person_in_charge": N_("Person in charge"),
    "is_foreign_related": N_("Foreign-related"),
    "is_outside_province": N_("Outside the province"),
    "is_agreement_asked": N_("A side asks for an agreement"),
    "agreement_ref": N_("Agreement"),
    "insurance_ref": N_("Insurance"),
    "venue_id": N_("Venue"),
    "published": N_("Published"),
    "taken": N_("Places taken"),
    "waiting": N_("People waiting"),
    "activities": N_("Activities"),
    "added": N_("Added"),
    "in_the_list": N_("In the list"),
    "field": N_("What was corrected"),
    "source": N_("Came from"),
    "stock": N_("Stock"),
    "price_coin_units": N_("Price in coin units"),
    "fulfilled_at": N_("Handed over"),
    "confirmed_at": N_("Confirmed"),
    "minutes_over_limit": N_("Minutes over the limit"),
    "coin_units": N_("Coin units"),
    "forgotten": N_("Never checked out"),
    "own_left_out": N_("Own visits left out"),
}
# The codes of the books, in words; which fact they belong to says which word is meant.
_STATES: Final = {
    "draft": N_("draft"),
    "submitted": N_("submitted"),
    "published": N_("published"),
    "planned": N_("planned"),
    "cancelled": N_("cancelled"),
    "closed": N_("closed"),
    "fulfilled": N_("handed over"),
    "voided": N_("taken back"),
}
_SORTS: Final = {
    "service": N_("Service"),
    "ceremony": N_("Ceremony"),
    "training": N_("Training"),
    "drive": N_("Drive"),
    "league": N_("League body"),
    "party": N_("Party body"),
    "government": N_("Government office"),
    "subdistrict": N_("Subdistrict"),
    "community": N_("Community"),
    "university": N_("University"),
    "school": N_("School"),
    "hospital": N_("Hospital"),
    "enterprise": N_("Enterprise"),
    "charity": N_("Charity"),
    "media": N_("Media"),
    "bank": N_("Bank"),
    "team": N_("Volunteer team"),
    "other": N_("Other"),
}
_RISKS: Final = {
    "danger": N_("Danger to persons"),
    "rescue": N_("Rescue"),
    "traffic": N_("Traffic"),
    "water": N_("Water"),
    "height": N_("Height"),
    "crowd": N_("Crowd"),
    "weather": N_("Weather"),
    "infection": N_("Infection"),
}
_VERDICTS: Final = {
    "approved": N_("approved"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
    "expired": N_("lapsed"),
}
_SOURCES: Final = {"case": N_("the case that was loaded"), "platform": N_("this platform")}
_CHANGED_FIELDS: Final = {
    "residence_code": N_("Residence"), "real_name": N_("Real name"), "phone": N_("Mobile phone"),
}  # fmt: skip
_THINGS: Final = {"load:case": N_("The case that was loaded"), "places": N_("Places of the city")}
_STEPS: Final = {"give": N_("give"), "change": N_("change the days"), "end": N_("end")}
_WORDS: Final = {
    "state": _STATES,
    "kind": _SORTS,
    "risk_kinds": _RISKS,
    "verdict": _VERDICTS,
    "source": _SOURCES,
    "field": _CHANGED_FIELDS,
    "step": _STEPS,
    "person_in_charge": {"another person": N_("another person")},
}


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
def thing_word(thing: str) -> str:
    """What something was done to; a thing of its own is called by its address, by which it is found."""
    return gettext(_THINGS[thing]) if thing in _THINGS else thing


@register.filter
def fact(value: Any, name: str = "") -> str:
    """A fact of the trail as a person reads it; a dash where there is none.

    name  what the fact is called in the books, for the words of its codes
    """
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(fact(one, name) for one in value) or "—"
    if isinstance(value, dict):
        return " ".join(fact(one, key) for key, one in value.items())
    if name == "role":
        return role_word(str(value))
    words = _WORDS.get(name, {})
    return gettext(words[value]) if value in words else str(value)
