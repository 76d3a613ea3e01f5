"""Words that several pages of the portal need for roles, places and consents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from shanshi.foundation import clock
from shanshi.kernel.errors import N_, DomainError
from shanshi.kernel.quantities import city_day
from shanshi.portal.queries.privacy import ConsentLine, LookLine
from shanshi.registry import queries as registry
from shanshi.registry.queries import Standing, tree
from shanshi.registry.rules import Purpose
from shanshi.registry.views.texts import TextWords, text_words

_ROLES: Final = {
    "city_staff": N_("Staff of the city"),
    "division_staff": N_("Staff of a district or subdistrict"),
    "reviewer": N_("Reviewer"),
    "manager": N_("Manager"),
    "leader": N_("Leader"),
    "cashier": N_("Cashier"),
    "bank_clerk": N_("Clerk of a bank"),
    "auditor": N_("Auditor"),
}
_PLACES: Final = {
    "city": N_("The city"),
    "division": N_("A district"),
    "organization": N_("An organization"),
    "team": N_("A team"),
    "merchant": N_("A merchant"),
    "shift": N_("A shift"),
}
_FIELDS: Final = {
    "real_name": N_("Real name"),
    "id_number": N_("ID number"),
    "phone": N_("Phone"),
    "birth_on": N_("Date of birth"),
}
_PURPOSES: Final = {
    "roster": N_("For the roster of a shift"),
    "emergency": N_("In an emergency"),
    "insurance": N_("For an insurance"),
    "complaint": N_("To answer a complaint"),
    "correction": N_("To correct a datum"),
}


def consent_title(purpose: str) -> str:
    """Return what a purpose is called, in the reader's language."""
    if purpose not in set(Purpose):
        return purpose
    return text_words(registry.consent_text(Purpose(purpose), city_day(clock.now()))).title


def role_word(role: str) -> str:
    """Return what a role is called, in the reader's language."""
    return gettext(_ROLES.get(role, role))


def place_words(place: str) -> str:
    """Return what a place of the tree is called: its own name, or the sort of place it is."""
    try:
        name = tree.place(place, city_day(clock.now())).name
    except DomainError:
        name = ""
    return name or gettext(_PLACES.get(place.partition(":")[0], place))


def look_purpose(purpose: str) -> str:
    """Return why somebody looked, in the reader's language; older looks have a reason in free words."""
    return gettext(_PURPOSES.get(purpose, purpose)) if purpose else ""


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """How somebody stands to one purpose, in the reader's language."""

    text: TextWords
    standing: Standing
    may_change: bool


@dataclass(frozen=True, slots=True)
class LookWords:
    """One look at somebody's identity, in the reader's language."""

    looked_at: datetime
    what: str
    why: str
    note: str
    as_what: str
    looker: str


def consent_words(line: ConsentLine) -> ConsentWords:
    """Return one consent in the reader's language."""
    return ConsentWords(text_words(line.standing.text), line.standing, line.may_change)


def look_words(line: LookLine) -> LookWords:
    """Return one look in the reader's language."""
    look = line.look
    role, _space, place = look.capacity.partition(" ")
    as_what = ", ".join(part for part in (role_word(role), place_words(place) if place else "") if part)
    return LookWords(
        looked_at=look.looked_at,
        what=gettext(_FIELDS.get(look.field, look.field)),
        why=look_purpose(look.purpose),
        note=look.note,
        as_what=as_what,
        looker=line.looker,
    )
