"""What an activity leaves to the next one: a template's name, its draft, the shape of its shifts.

Plain Python: no tables, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Self
from uuid import UUID

from shanshi.activities.rules.drafts import ActivityDraft, PositionDraft
from shanshi.activities.rules.kinds import ActivityKind, RiskKind
from shanshi.activities.rules.shifts import ShiftDraft
from shanshi.activities.rules.texts import check_writable
from shanshi.kernel.errors import N_, DomainError, Invalid, Missing
from shanshi.kernel.quantities import CITY_ZONE, MINUTE

LONGEST_NAME: Final = 60
MOST_SHAPES: Final = 20
# What belongs to one occasion alone: who answers for it, its papers, how many came.
_OF_THE_OCCASION: Final = frozenset(
    {"person_in_charge", "insurance_ref", "agreement_ref", "attended_at_least"}
)
_WORDS: Final = frozenset({"fields", "skills"})


class TemplateMissing(Missing):
    """There is no such template, or it was removed."""

    code = "activities.template_missing"
    says = N_("There is no such template.")
    way = N_("Choose one of your organization's templates.")


class TemplateNameInvalid(Invalid):
    """A template has no name, or a very long one."""

    code = "activities.template_name_invalid"
    says = N_("A template needs a name of 1 to {most} characters.")
    way = N_("Write a short name by which your colleagues find it.")


class TemplateNameTaken(DomainError):
    """The organization has a template of this name."""

    code = "activities.template_name_taken"
    says = N_("Your organization has a template of this name.")
    way = N_("Choose another name, or remove the other template first.")


@dataclass(frozen=True, slots=True)
class ShiftShape:
    """A shift without its date: when in the week it begins, in the city, and how long it lasts.

    weekday  1 (Monday) to 7
    """

    weekday: int
    begins: time
    minutes: int
    capacity: int
    name: str = ""

    @classmethod
    def of(cls, shift: ShiftDraft) -> Self:
        """Return the shape of a shift, whose times carry a zone."""
        starts = shift.starts_at.astimezone(CITY_ZONE)
        minutes = (shift.ends_at - shift.starts_at) // MINUTE
        return cls(starts.isoweekday(), starts.time(), minutes, shift.capacity, shift.name)

    def plain(self) -> dict[str, object]:
        """Return it as JSON keeps it."""
        return {
            "weekday": self.weekday,
            "begins": f"{self.begins:%H:%M}",
            "minutes": self.minutes,
            "capacity": self.capacity,
            "name": self.name,
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """Return what `plain` made."""
        return cls(
            int(plain["weekday"]),
            time.fromisoformat(plain["begins"]),
            int(plain["minutes"]),
            int(plain["capacity"]),
            str(plain["name"]),
        )

    def next_after(self, day: date) -> ShiftDraft:
        """Return the shift on the first such weekday after a day of the city."""
        on = day + timedelta(days=(self.weekday - day.isoweekday() - 1) % 7 + 1)
        starts_at = datetime.combine(on, self.begins, CITY_ZONE)
        return ShiftDraft(starts_at, starts_at + self.minutes * MINUTE, self.capacity, self.name)


def checked_name(name: str) -> str:
    """Return the name of a template, without spaces around it.

    Raises TemplateNameInvalid, TextUnwritable.
    """
    clean = name.strip()
    if not 1 <= len(clean) <= LONGEST_NAME:
        raise TemplateNameInvalid(most=LONGEST_NAME)
    check_writable(clean)
    return clean


def shapes(shifts: Iterable[ShiftDraft]) -> tuple[ShiftShape, ...]:
    """Return the different shapes of shifts, by weekday and time, at most 20: a series is one of them."""
    found = {ShiftShape.of(shift) for shift in shifts}
    return tuple(sorted(found, key=lambda one: (one.weekday, one.begins, one.name, one.minutes)))[
        :MOST_SHAPES
    ]


def without_occasion(draft: ActivityDraft) -> ActivityDraft:
    """Return what of a draft holds for the next time too: no person, no paper, no count of people."""
    return replace(draft, person_in_charge="", insurance_ref="", agreement_ref="", attended_at_least=None)


def plain_draft(draft: ActivityDraft) -> dict[str, object]:
    """Return a draft as JSON keeps it, without what belongs to one occasion alone."""
    return {
        one.name: _plain(getattr(draft, one.name))
        for one in fields(draft)
        if one.name not in _OF_THE_OCCASION
    }


def read_draft(plain: Mapping[str, Any]) -> ActivityDraft:
    """Return what `plain_draft` made; what an older version did not write has its usual value."""
    known = {one.name for one in fields(ActivityDraft)} - _OF_THE_OCCASION
    said: dict[str, Any] = {name: value for name, value in plain.items() if name in known}
    said["organizers"] = tuple(UUID(body) for body in said["organizers"])
    said["kind"] = ActivityKind(said["kind"])
    said["risk_kinds"] = tuple(RiskKind(kind) for kind in said.get("risk_kinds", ()))
    said["positions"] = tuple(PositionDraft(**position) for position in said.get("positions", ()))
    for name in _WORDS:
        said[name] = tuple(said.get(name, ()))
    for name in ("venue_id", "program_id", "project_id", "team_id"):
        said[name] = UUID(said[name]) if said.get(name) else None
    return ActivityDraft(**said)


def _plain(value: object) -> object:
    if isinstance(value, PositionDraft):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, UUID) else value
