"""What leaders type: several shifts at once, a series, templates, a message, a substitute, names on paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.activities.operations import RestChange, ShiftChange
from shanshi.activities.queries import ActivityFacts, ShiftFacts, TemplateFacts
from shanshi.activities.rules import ShiftDraft
from shanshi.activities.rules.drafts import ActivityDraft
from shanshi.activities.rules.messages import LONGEST as LONGEST_MESSAGE
from shanshi.activities.rules.recurrence import LONGEST_INTERVAL, MOST_AT_ONCE, Every, Recurrence
from shanshi.activities.rules.templates import LONGEST_NAME, shapes
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import CITY_ZONE, city_day
from shanshi.portal.forms.staff import PURPOSES
from shanshi.portal.queries.choices import Giver
from shanshi.registry.rules import LookPurpose

MOST_ROWS = 60
WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]
EVERY = [
    ("week", _("Every week")),
    ("2week", _("Every two weeks")),
    ("month_date", _("Every month, on the same date")),
    ("month_weekday", _("Every month, on the same weekday (such as the second Saturday)")),
    ("day", _("Every day")),
]
_LATE = _("The end must come after the start, on the same day.")


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def _time(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more
    )


def _places(**more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=_("Places"), min_value=1, max_value=100_000, **more)


class ShiftRow(forms.Form):
    """One of several shifts; empty times and places are those of the row above."""

    day = _day(_("Day"), required=False)
    starts = _time(_("From"), required=False)
    ends = _time(_("To"), required=False)
    capacity = _places(required=False)
    name = forms.CharField(label=_("Name of the shift"), required=False, max_length=60)


class BaseShiftRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Several shifts, row by row; rows without a day are left out."""

    drafts: list[ShiftDraft]

    def clean(self) -> None:
        """Fill what a row leaves empty from the row above, and refuse what still is not whole."""
        self.drafts = []
        above: dict[str, Any] = {}
        for row in self.forms:
            typed = getattr(row, "cleaned_data", {})
            if not typed.get("day"):
                continue
            above = {
                name: typed.get(name) or above.get(name) for name in ("starts", "ends", "capacity", "name")
            }
            self._take(row, typed["day"], above)
        if self.forms and not self.drafts and not any(row.errors for row in self.forms):
            self.forms[0].add_error("day", _("Write at least one day."))

    def _take(self, row: forms.Form, day: date, said: dict[str, Any]) -> None:
        missing = [name for name in ("starts", "ends", "capacity") if not said[name]]
        for name in missing:
            row.add_error(name, _("The first row says it for those below."))
        if missing:
            return
        if said["ends"] <= said["starts"]:
            row.add_error("ends", _LATE)
            return
        self.drafts.append(
            ShiftDraft(
                datetime.combine(day, said["starts"], CITY_ZONE),
                datetime.combine(day, said["ends"], CITY_ZONE),
                said["capacity"],
                said["name"] or "",
            )
        )

    def is_whole(self) -> bool:
        """Whether every row is valid, also after what they have to do with each other was looked at."""
        return self.is_valid() and bool(self.drafts) and not any(row.errors for row in self.forms)


ShiftRows = forms.formset_factory(ShiftRow, formset=BaseShiftRows, extra=0, max_num=MOST_ROWS)


def rows_of(shapes: Collection[ShiftDraft], *, rows: int = 6) -> list[dict[str, Any]]:
    """Return what the rows show at first: shifts that a template or a copy proposes, then empty ones."""
    proposed = [
        {
            "day": city_day(one.starts_at),
            "starts": one.starts_at.astimezone(CITY_ZONE).time(),
            "ends": one.ends_at.astimezone(CITY_ZONE).time(),
            "capacity": one.capacity,
            "name": one.name,
        }
        for one in shapes
    ]
    return [*proposed, *({} for _ in range(max(1, rows - len(proposed))))]


class SeriesForm(forms.Form):
    """A shift that comes again: its times, how often, until when."""

    day = _day(_("First day"))
    starts = _time(_("From"))
    ends = _time(_("To"))
    capacity = _places()
    name = forms.CharField(label=_("Name of the shift"), required=False, max_length=60)
    every = forms.ChoiceField(label=_("How often"), choices=EVERY)
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For weeks; without any it is the weekday of the first day."),
    )
    until = _day(_("Last day"), required=False)
    times = forms.IntegerField(
        label=_("Or how many times"),
        required=False,
        min_value=1,
        max_value=MOST_AT_ONCE,
    )
    leave_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False, initial=True)

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields in groups that read well."""
        return [
            (_("The shift"), [self[name] for name in ("day", "starts", "ends", "capacity", "name")]),
            (
                _("How it comes again"),
                [self[name] for name in ("every", "weekdays", "until", "times", "leave_holidays")],
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start, and a series with no end or two."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("starts") and typed.get("ends") and typed["ends"] <= typed["starts"]:
            self.add_error("ends", _LATE)
        if "until" not in self.errors and "times" not in self.errors:
            if bool(typed.get("until")) == bool(typed.get("times")):
                self.add_error("until", _("Say either the last day or how many times."))
            elif typed.get("until") and typed.get("day") and typed["until"] < typed["day"]:
                self.add_error("until", _("The last day must not come before the first."))
        return typed

    def first(self) -> ShiftDraft:
        """Return the first shift; only of a valid form."""
        typed = self.cleaned_data
        return ShiftDraft(
            datetime.combine(typed["day"], typed["starts"], CITY_ZONE),
            datetime.combine(typed["day"], typed["ends"], CITY_ZONE),
            typed["capacity"],
            typed["name"],
        )

    def rule(self) -> str:
        """Return the rule as RFC 5545 writes it; only of a valid form.

        Raises RecurrenceInvalid, SeriesTooLong.
        """
        typed = self.cleaned_data
        every = "week" if typed["every"] == "2week" else typed["every"]
        said = Recurrence(
            Every(every),
            weekdays=tuple(int(day) for day in typed["weekdays"]),
            interval=min(2 if typed["every"] == "2week" else 1, LONGEST_INTERVAL),
            times=typed["times"],
            until=typed["until"],
        )
        return said.check().rule(typed["day"])


class ShiftChangeForm(forms.Form):
    """What of a shift becomes different, and whether for the rest of its series too."""

    day = _day(_("Day"))
    starts = _time(_("From"))
    ends = _time(_("To"))
    capacity = _places()
    rest = forms.ChoiceField(
        label=_("For which shifts"),
        choices=[("", _("This one alone")), ("rest", _("This one and all later ones of the series"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("The later ones keep their days; times and places change."),
    )

    def __init__(self, *args: Any, shift: ShiftFacts, **more: Any) -> None:
        shown = {
            "day": city_day(shift.starts_at),
            "starts": shift.starts_at.astimezone(CITY_ZONE).time(),
            "ends": shift.ends_at.astimezone(CITY_ZONE).time(),
            "capacity": shift.capacity,
            "rest": "",
        }
        super().__init__(*args, **{**more, "initial": shown})
        self.shift = shift
        if shift.series_id is None:
            del self.fields["rest"]

    def clean(self) -> dict[str, Any]:
        """Refuse an end that does not come after the start."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("starts") and typed.get("ends") and typed["ends"] <= typed["starts"]:
            self.add_error("ends", _LATE)
        return typed

    @property
    def is_for_rest(self) -> bool:
        """Whether the later ones of the series change too."""
        return bool(self.cleaned_data.get("rest"))

    def change(self) -> ShiftChange:
        """Return what becomes different of this one; only of a valid form."""
        typed = self.cleaned_data
        starts_at = datetime.combine(typed["day"], typed["starts"], CITY_ZONE)
        ends_at = datetime.combine(typed["day"], typed["ends"], CITY_ZONE)
        return ShiftChange(starts_at, ends_at, typed["capacity"])

    def rest_change(self) -> RestChange:
        """Return what becomes different of this one and the later ones; only of a valid form."""
        typed = self.cleaned_data
        begins: time = typed["starts"]
        return RestChange(begins, typed["ends"], typed["capacity"])


class TemplateForm(forms.Form):
    """Under which name an activity is kept as a template."""

    name = forms.CharField(label=_("Name of the template"), max_length=LONGEST_NAME)


class MessageForm(forms.Form):
    """What a roster is told, and the id that the preview made, so that pressing twice is pressing once."""

    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Up to 200 characters. No names, no phone numbers: it goes out by text message too."),
    )
    message = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def made_id(self) -> UUID:
        """Return the id of the message; only of a valid form."""
        return self.cleaned_data.get("message") or new_id()


class SubstituteForm(forms.Form):
    """Who leads a shift for this once, and why."""

    number = forms.CharField(
        label=_("Volunteer number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The person tells it to you; it stands on their own page. Nobody is found by phone."),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("In a sentence; it stays on the trail.")
    )


class NamesForm(forms.Form):
    """What real names on paper are for."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=[(one, PURPOSES[one]) for one in (LookPurpose.ROSTER, LookPurpose.EMERGENCY)],
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("What happened, without names. Needed for everything but the roster."),
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """What a new activity begins from: a template, or an earlier activity."""

    draft: ActivityDraft
    shifts: tuple[ShiftDraft, ...]
    title: str
    kept: str


def from_template(found: TemplateFacts, after: date) -> Origin:
    """Return a template as the beginning of an activity, its shifts on the next days after a day."""
    shifts = sorted((shape.next_after(after) for shape in found.shifts), key=lambda one: one.starts_at)
    return Origin(found.draft, tuple(shifts), found.name, f"template={found.id}")


def merged(origin: ActivityDraft, typed: ActivityDraft) -> ActivityDraft:
    """Return what was typed, with what the form does not ask as it was at the beginning."""
    others = tuple(body for body in origin.organizers[1:] if body not in typed.organizers)
    return replace(
        typed,
        organizers=typed.organizers + others,
        positions=typed.positions + origin.positions[1:],
        program_id=origin.program_id,
        project_id=origin.project_id,
        skills_required=origin.skills_required,
        is_foreign_related=origin.is_foreign_related,
        is_agreement_asked=origin.is_agreement_asked,
    )


def typed_of(draft: ActivityDraft) -> dict[str, Any]:
    """Return what the form of a new activity shows of a draft that it begins from."""
    door = draft.positions[0] if draft.positions else None
    return {
        "title": draft.title,
        "kind": draft.kind,
        "organizer": Giver(draft.organizers[0], draft.team_id),
        "description": draft.description,
        "fields_of_service": "，".join(draft.fields),
        "skills": "，".join(draft.skills),
        "bring": draft.bring,
        "min_age": draft.min_age,
        "risks": draft.risks,
        "risk_kinds": list(draft.risk_kinds),
        "person_in_charge": draft.person_in_charge,
        "expected_people": draft.expected_people,
        "division": draft.division_code,
        "venue": draft.venue_id or "",
        "place": draft.place_text,
        "latitude": door.latitude if door else None,
        "longitude": door.longitude if door else None,
        "radius_m": door.radius_m if door else 200,
    }


def shapes_of(found: ActivityFacts, after: date) -> tuple[ShiftDraft, ...]:
    """Return the shifts of an activity as they would come the next time after a day: each shape once."""
    standing = [
        ShiftDraft(one.starts_at, one.ends_at, one.capacity, one.name)
        for one in found.shifts
        if one.cancelled_at is None
    ]
    again = (shape.next_after(after) for shape in shapes(standing))
    return tuple(sorted(again, key=lambda one: one.starts_at))
