"""Who may see what of somebody's identity, for which purpose. Plain Python: no tables, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from shanshi.kernel.errors import N_, Forbidden, Invalid, Kind, TooMany
from shanshi.registry.rules.minors import CHILD_BELOW


class IdentityField(StrEnum):
    """What can be unmasked."""

    REAL_NAME = "real_name"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    BIRTH_ON = "birth_on"


class LookPurpose(StrEnum):
    """Why somebody looks at an identity; no other purpose counts."""

    ROSTER = "roster"
    EMERGENCY = "emergency"
    INSURANCE = "insurance"
    COMPLAINT = "complaint"
    CORRECTION = "correction"


F = IdentityField
# What a purpose needs, and nothing beyond it.
FIELDS: Final[Mapping[LookPurpose, frozenset[IdentityField]]] = {
    LookPurpose.ROSTER: frozenset({F.REAL_NAME, F.PHONE}),
    LookPurpose.EMERGENCY: frozenset({F.REAL_NAME, F.PHONE, F.BIRTH_ON}),
    LookPurpose.INSURANCE: frozenset({F.REAL_NAME, F.PHONE, F.ID_NUMBER, F.BIRTH_ON}),
    LookPurpose.COMPLAINT: frozenset({F.REAL_NAME, F.PHONE}),
    LookPurpose.CORRECTION: frozenset({F.REAL_NAME, F.PHONE, F.ID_NUMBER, F.BIRTH_ON}),
}
FOR_CHILDREN: Final = frozenset({LookPurpose.ROSTER, LookPurpose.EMERGENCY})
LONGEST_NOTE: Final = 300
MOST_AT_ONCE: Final = 50


class LookInvalid(Invalid):
    """A look without a purpose, without a field, or at too many people at once."""

    code = "registry.look_invalid"
    says = N_("An identity is shown only for a stated purpose.")
    way = N_("Choose the purpose and what you need to see, for at most {most} people at once.")


class LookNoteMissing(Invalid):
    """Outside of the roster, the purpose alone says too little."""

    code = "registry.look_note_missing"
    says = N_("For this purpose a note is needed, of at most {most} characters.")
    way = N_("Say what happened, without names; the person whom you look at reads it.")


class FieldNotForPurpose(Forbidden):
    """The purpose does not need this field."""

    code = "registry.field_not_for_purpose"
    says = N_("This purpose does not need everything that you asked for.")
    way = N_("Leave out what is not needed, or state the purpose that needs it.")


class ChildHidden(Forbidden):
    """Somebody below 14 is among them: every datum is sensitive, and the guardian's consent decides."""

    code = "registry.child_hidden"
    says = N_(
        "A child below {age} is shown only for the roster or in an emergency, and with a guardian's consent."
    )
    way = N_("Speak to the guardian; ask the city's staff for the way to reach one.")


class NamesScopeMissing(Forbidden):
    """The token was not made for unmasking."""

    code = "registry.names_scope_missing"
    says = N_("This token does not show identities.")
    way = N_("Make a token with the scope names.")


class LooksSpent(TooMany):
    """The looks of this person for today are spent."""

    code = "registry.looks_spent"
    says = N_("You have looked at identities {most} times today; that is the limit.")
    way = N_("Go on tomorrow. If today cannot wait, ask a colleague with the same role.")
    kind = Kind.TOO_MANY


def check_unmasks(unmasks: bool) -> None:
    """Return nothing: the session or the token shows identities.

    unmasks  as the actor says; a session does

    Raises NamesScopeMissing.
    """
    if not unmasks:
        raise NamesScopeMissing


def check_look(fields: Collection[str], purpose: str, note: str, *, people: int, unmasks: bool) -> None:
    """Return nothing: these fields may be shown for this purpose.

    fields   of IdentityField; purpose: of LookPurpose
    note     why, in the looker's own words; may be empty for the roster alone
    people   how many are looked at, 1 to 50
    unmasks  whether the session or token may unmask at all

    Raises NamesScopeMissing; LookInvalid; LookNoteMissing; FieldNotForPurpose.
    Source: PIPL art. 6 (no more than the purpose needs); rules of the city, section 3.
    """
    check_unmasks(unmasks)
    known = {*fields} <= {*IdentityField} and purpose in {*LookPurpose}
    if not known or not fields or not 1 <= people <= MOST_AT_ONCE or "\x00" in note:
        raise LookInvalid(most=MOST_AT_ONCE)
    if len(note) > LONGEST_NOTE or (purpose != LookPurpose.ROSTER and not note.strip()):
        raise LookNoteMissing(most=LONGEST_NOTE)
    if not {IdentityField(field) for field in fields} <= FIELDS[LookPurpose(purpose)]:
        raise FieldNotForPurpose


def check_child(purpose: LookPurpose, *, age: int, guardian_agrees: bool) -> None:
    """Return nothing: this person may be shown, who may be a child.

    age  full years on the day of the look

    Raises ChildHidden: below 14, for a purpose beyond the roster and emergencies, or without the consent of
    the guardian.
    Source: PIPL art. 31.
    """
    if age < CHILD_BELOW and not (guardian_agrees and purpose in FOR_CHILDREN):
        raise ChildHidden(age=CHILD_BELOW)


def check_looks_left(taken: int, wanted: int, *, most: int) -> None:
    """Return nothing: so many more looks are left today.

    taken, wanted  looks at one field of one person; most: of a day

    Raises LooksSpent.
    """
    if taken + wanted > most:
        raise LooksSpent(most=most)
