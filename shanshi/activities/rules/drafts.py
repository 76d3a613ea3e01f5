"""What an activity says of itself, and when it says enough. Plain Python: no tables, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shanshi.activities.rules.kinds import ActivityKind, RiskKind
from shanshi.activities.rules.texts import check_writable
from shanshi.kernel.errors import N_, DomainError, Invalid

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 10_000
MOST_WORDS: Final = 20
LONGEST_WORD: Final = 60
OLDEST_MIN_AGE: Final = 100
LARGEST_EVENT: Final = 10_000_000
RADIUS_M: Final = (10, 20_000)
DIVISION_DIGITS: Final = 6


class TitleInvalid(Invalid):
    """The activity has no title, or a very long one."""

    code = "activities.title_invalid"
    says = N_("An activity needs a title of 1 to 120 characters.")
    way = N_("Write a short title.")


class OrganizerUnknown(Invalid):
    """An organizer is no organization of the platform."""

    code = "activities.organizer_unknown"
    says = N_("One of the organizers is no organization on the platform.")
    way = N_("Choose the organizers from the list.")


class TeamUnknown(Invalid):
    """The team is none of the leading organizer's."""

    code = "activities.team_unknown"
    says = N_("The team does not belong to the organizer that leads.")
    way = N_("Choose one of its teams, or leave the team out.")


class ProgramUnknown(Invalid):
    """The program or project is none of the platform's."""

    code = "activities.program_unknown"
    says = N_("There is no such program or project.")
    way = N_("Choose it from the list, or leave it out.")


class TextTooLong(Invalid):
    """A text, or a list of words, is longer than anybody reads."""

    code = "activities.text_too_long"
    says = N_("A text of this activity is too long.")
    way = N_("Texts have up to 10,000 characters; lists up to 20 words of 60 characters.")


class OrganizersInvalid(Invalid):
    """No organizer was named, or one twice."""

    code = "activities.organizers_invalid"
    says = N_("An activity needs one or several organizers, each named once; the first leads.")
    way = N_("Name the organizers.")


class PositionInvalid(Invalid):
    """A position is not on earth, or its radius is senseless."""

    code = "activities.position_invalid"
    says = N_("A position needs a latitude, a longitude and a radius of 10 to 20,000 metres.")
    way = N_("Choose the place on the map.")


class NumberInvalid(Invalid):
    """An age or a number of people is out of range."""

    code = "activities.number_invalid"
    says = N_("The minimum age is 0 to 100; numbers of people are not negative.")
    way = N_("Correct the number.")


class DivisionInvalid(Invalid):
    """The division is no code."""

    code = "activities.division_invalid"
    says = N_("The division needs its code of at least six digits.")
    way = N_("Choose a district, for example 330102.")


class SubmissionIncomplete(DomainError):
    """The activity does not say enough to be reviewed. Its parts are the reasons, all of them."""

    code = "activities.submission_incomplete"
    says = N_("This activity cannot be submitted yet.")
    way = N_("Fill in what is missing, and submit again.")


class RisksMissing(DomainError):
    """The risks must be stated, even if there are none to speak of."""

    code = "activities.risks_missing"
    says = N_("The risks are not stated.")
    way = N_("State what may happen to the volunteers; write so if there is no special risk.")


class PersonInChargeMissing(DomainError):
    """Nobody is named as in charge."""

    code = "activities.person_in_charge_missing"
    says = N_("Nobody is named as the person in charge.")
    way = N_("Name the person in charge.")


class PlaceMissing(DomainError):
    """The activity does not say where it is."""

    code = "activities.place_missing"
    says = N_("The place is not stated.")
    way = N_("Say where it is, or choose a venue.")


class PositionMissing(DomainError):
    """Service needs a position, where volunteers check in."""

    code = "activities.position_missing"
    says = N_("Service needs a position where volunteers check in.")
    way = N_("Add a position with latitude, longitude and radius.")


class ShiftsMissing(DomainError):
    """The activity has no shift."""

    code = "activities.shifts_missing"
    says = N_("The activity has no shift.")
    way = N_("Add at least one shift.")


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """A place where volunteers check in: degrees north and east, and a radius in metres."""

    latitude: float
    longitude: float
    radius_m: int = 200
    name: str = ""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """What an activity says of itself.

    organizers         in the order in which they are named; the first leads
    team_id            the team of the leading organizer in whose name it is; None: in the organizer's own
    division_code      empty: that of the leading organizer
    min_age            full years, on the day of the shift
    attended_at_least  a count written with 余: a lower bound
    """

    title: str
    organizers: tuple[UUID, ...]
    division_code: str = ""
    kind: ActivityKind = ActivityKind.SERVICE
    description: str = ""
    fields: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    skills_required: bool = False
    min_age: int = 0
    risks: str = ""
    risk_kinds: tuple[RiskKind, ...] = ()
    person_in_charge: str = ""
    expected_people: int = 0
    attended_at_least: int | None = None
    is_foreign_related: bool = False
    is_outside_province: bool = False
    is_agreement_asked: bool = False
    agreement_ref: str = ""
    insurance_ref: str = ""
    venue_id: UUID | None = None
    place_text: str = ""
    positions: tuple[PositionDraft, ...] = ()
    program_id: UUID | None = None
    project_id: UUID | None = None
    team_id: UUID | None = None
    bring: str = ""


def check_draft(draft: ActivityDraft) -> None:
    """Return nothing: the draft is well formed, though it may still lack something.

    Raises TitleInvalid, TextUnwritable, TextTooLong, OrganizersInvalid, DivisionInvalid, NumberInvalid,
    PositionInvalid.
    """
    if not 1 <= len(draft.title.strip()) <= LONGEST_TITLE:
        raise TitleInvalid
    _check_texts(draft)
    if not draft.organizers or len(set(draft.organizers)) != len(draft.organizers):
        raise OrganizersInvalid
    code = draft.division_code
    if code and not (len(code) >= DIVISION_DIGITS and code.isascii() and code.isdecimal()):
        raise DivisionInvalid
    counts = (draft.expected_people, draft.attended_at_least or 0)
    if not 0 <= draft.min_age <= OLDEST_MIN_AGE or not all(0 <= count <= LARGEST_EVENT for count in counts):
        raise NumberInvalid
    for position in draft.positions:
        _check_position(position)


def _check_texts(draft: ActivityDraft) -> None:
    texts = (
        draft.title,
        draft.bring,
        draft.description,
        draft.risks,
        draft.person_in_charge,
        draft.agreement_ref,
        draft.insurance_ref,
        draft.place_text,
        draft.division_code,
        *(position.name for position in draft.positions),
    )
    lists: tuple[Sequence[str], ...] = (draft.fields, draft.skills)
    check_writable(*texts, *draft.fields, *draft.skills)
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise TextTooLong
    for some in (*lists, draft.risk_kinds, draft.positions, draft.organizers):
        if len(some) > MOST_WORDS:
            raise TextTooLong
    if any(len(word) > LONGEST_WORD for words in lists for word in words):
        raise TextTooLong


def _check_position(position: PositionDraft) -> None:
    smallest, largest = RADIUS_M
    if not (
        -90 <= position.latitude <= 90
        and -180 <= position.longitude <= 180
        and smallest <= position.radius_m <= largest
    ):
        raise PositionInvalid


def missing_for_submission(
    *, kind: ActivityKind, risks: str, person_in_charge: str, has_place: bool, positions: int, shifts: int
) -> tuple[DomainError, ...]:
    """Return what the activity must still say before it can be reviewed; empty if nothing.

    positions, shifts  how many it has

    Source: State Council Decree 685 art. 12 (content, risks); Order 67 art. 7 to 10 (person, place).
    """
    missing: list[DomainError] = []
    if not risks.strip():
        missing.append(RisksMissing())
    if not person_in_charge.strip():
        missing.append(PersonInChargeMissing())
    if not has_place:
        missing.append(PlaceMissing())
    if kind is ActivityKind.SERVICE and positions == 0:
        missing.append(PositionMissing())
    if shifts == 0:
        missing.append(ShiftsMissing())
    return tuple(missing)
