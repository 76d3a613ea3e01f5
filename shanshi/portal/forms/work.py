"""What people type into the pages of the portal, as clean values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.activities.queries import ActivityFacts, Finding
from shanshi.activities.rules import ActivityDraft, ActivityKind, PositionDraft, RiskKind, ShiftDraft
from shanshi.attendance.operations import ScanSent
from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.places.queries import VenueFacts
from shanshi.portal.queries.choices import Giver

KINDS = [
    (ActivityKind.SERVICE, _("Service (earns hours)")),
    (ActivityKind.CEREMONY, _("Ceremony")),
    (ActivityKind.TRAINING, _("Training")),
    (ActivityKind.DRIVE, _("Drive")),
]
RISKS = [
    (RiskKind.DANGER, _("Danger to persons")),
    (RiskKind.RESCUE, _("Rescue")),
    (RiskKind.TRAFFIC, _("Traffic")),
    (RiskKind.WATER, _("Water")),
    (RiskKind.HEIGHT, _("Height")),
    (RiskKind.CROWD, _("Crowd")),
    (RiskKind.WEATHER, _("Weather")),
    (RiskKind.INFECTION, _("Infection")),
]


def words(text: str) -> tuple[str, ...]:
    """Return the words of a list typed with commas, Chinese or Latin, or with spaces between."""
    for mark in "，、,;；":
        text = text.replace(mark, " ")
    return tuple(dict.fromkeys(text.split()))


PARTS = [
    (_("What it is"), ("title", "kind", "organizer", "description", "fields_of_service", "skills", "bring")),
    (_("Where it is"), ("division", "venue", "place", "latitude", "longitude", "radius_m")),
    (_("Who takes part"), ("person_in_charge", "expected_people", "min_age")),
    (_("Risks and protection"), ("risks", "risk_kinds", "insurance_ref", "agreement_ref")),
]


class ActivityForm(forms.Form):
    """What an activity says of itself; choices of organizer and district come from the page."""

    title = forms.CharField(label=_("Title"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    organizer = forms.TypedChoiceField(label=_("Organizer"), coerce=Giver.of)
    description = forms.CharField(
        label=_("What volunteers do"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    fields_of_service = forms.CharField(
        label=_("Fields"),
        required=False,
        max_length=200,
        help_text=_("With commas, for example 社区服务, 文明引导."),
    )
    skills = forms.CharField(label=_("Skills"), required=False, max_length=200)
    bring = forms.CharField(
        label=_("What to bring"),
        required=False,
        max_length=500,
        help_text=_("For example water, a hat, shoes that hold. Volunteers read it before they come."),
    )
    min_age = forms.IntegerField(label=_("Minimum age"), min_value=0, max_value=100, initial=14)
    risks = forms.CharField(
        label=_("Risks"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("State what may happen to the volunteers; write so if there is no special risk."),
    )
    risk_kinds = forms.MultipleChoiceField(
        label=_("Kinds of risk"),
        choices=RISKS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Danger, rescue, water and height need an insurance and an agreement."),
    )
    person_in_charge = forms.CharField(label=_("Person in charge"), max_length=60)
    expected_people = forms.IntegerField(label=_("People expected"), min_value=0, initial=0)
    insurance_ref = forms.CharField(label=_("Number of the insurance"), required=False, max_length=100)
    agreement_ref = forms.CharField(label=_("Number of the agreement"), required=False, max_length=100)
    division = forms.ChoiceField(label=_("District"))
    venue = forms.ChoiceField(label=_("Venue"), required=False)
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=200,
        help_text=_("Only if it is none of the venues; then with the position of its door."),
    )
    latitude = forms.FloatField(
        label=_("Latitude of the door"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=_("Degrees, for example 30.2460."),
    )
    longitude = forms.FloatField(
        label=_("Longitude of the door"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=_("Degrees, for example 120.1690."),
    )
    radius_m = forms.IntegerField(
        label=_("Radius in metres"),
        min_value=10,
        max_value=20_000,
        initial=200,
        help_text=_("How far from the door the service goes on."),
    )

    def __init__(
        self,
        *args: Any,
        organizers: list[tuple[Giver, str]],
        divisions: list[tuple[str, str]],
        venues: Mapping[str, VenueFacts],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.venues = venues
        self._choose("organizer", [(str(key), name) for key, name in organizers])
        self._choose("division", divisions)
        listed = [(key, f"{one.name} · {one.address}") for key, one in venues.items()]
        self._choose("venue", [("", _("Another place")), *listed])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields in groups that read well."""
        return [(title, [self[name] for name in names]) for title, names in PARTS]

    def clean(self) -> dict[str, Any]:
        """Take place and position from the venue; without one they must be typed."""
        typed: dict[str, Any] = super().clean() or {}
        venue = self.venues.get(typed.get("venue") or "")
        if venue is not None:
            typed |= {"place": f"{venue.name} {venue.address}".strip()}
            typed |= {"latitude": venue.latitude, "longitude": venue.longitude}
            return typed
        elsewhere = ("place", "latitude", "longitude")
        if "venue" not in self.errors and all(typed.get(name) in {None, ""} for name in elsewhere):
            self.add_error("venue", _("Choose a venue, or say where the door is."))
            return typed
        for name in elsewhere:
            if typed.get(name) in {None, ""} and name not in self.errors:
                self.add_error(name, _("Choose a venue, or say where the door is."))
        return typed

    def draft(self) -> ActivityDraft:
        """Return the clean values as a draft; only of a valid form."""
        typed = self.cleaned_data
        return ActivityDraft(
            title=typed["title"].strip(),
            organizers=(typed["organizer"].organization_id,),
            team_id=typed["organizer"].team_id,
            division_code=typed["division"],
            kind=ActivityKind(typed["kind"]),
            description=typed["description"],
            fields=words(typed["fields_of_service"]),
            skills=words(typed["skills"]),
            bring=typed["bring"],
            min_age=typed["min_age"],
            risks=typed["risks"],
            risk_kinds=tuple(RiskKind(kind) for kind in typed["risk_kinds"]),
            person_in_charge=typed["person_in_charge"],
            expected_people=typed["expected_people"],
            insurance_ref=typed["insurance_ref"],
            agreement_ref=typed["agreement_ref"],
            place_text=typed["place"],
            venue_id=UUID(typed["venue"]) if typed["venue"] else None,
            positions=(PositionDraft(typed["latitude"], typed["longitude"], typed["radius_m"]),),
        )


def typed_before(found: ActivityFacts) -> dict[str, Any]:
    """Return what the form shows of an activity that is changed."""
    door = found.positions[0] if found.positions else None
    return {
        "title": found.title,
        "kind": found.kind,
        "organizer": Giver(found.organization_id, found.team_id),
        "description": found.description,
        "fields_of_service": "，".join(found.fields),
        "skills": "，".join(found.skills),
        "bring": found.bring,
        "min_age": found.min_age,
        "risks": found.risks,
        "risk_kinds": list(found.risk_kinds),
        "person_in_charge": found.person_in_charge,
        "expected_people": found.expected_people,
        "insurance_ref": found.insurance_ref,
        "agreement_ref": found.agreement_ref,
        "division": found.division_code,
        "venue": found.venue_id or "",
        "place": found.place_text,
        "latitude": door.latitude if door else None,
        "longitude": door.longitude if door else None,
        "radius_m": door.radius_m if door else 200,
    }


def changed_draft(found: ActivityFacts, draft: ActivityDraft) -> ActivityDraft:
    """Return a draft with what the form does not ask as it was, as its program and further organizers."""
    others = tuple(body.id for body in found.organizers[1:] if body.id not in draft.organizers)
    doors = tuple(PositionDraft(p.latitude, p.longitude, p.radius_m, p.name) for p in found.positions[1:])
    return replace(
        draft,
        organizers=draft.organizers + others,
        positions=draft.positions + doors,
        program_id=found.program_id,
        project_id=found.project_id,
        skills_required=found.skills_required,
        attended_at_least=found.attended_at_least,
        is_foreign_related=found.is_foreign_related,
        is_outside_province=found.is_outside_province,
        is_agreement_asked=found.is_agreement_asked,
    )


class ShiftForm(forms.Form):
    """One shift: a day, two times of that day in the city's zone, and how many are needed."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}))
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        """Refuse an end that does not come after the start."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("starts") and typed.get("ends") and typed["ends"] <= typed["starts"]:
            self.add_error("ends", _("The end must come after the start, on the same day."))
        return typed

    def draft(self) -> ShiftDraft:
        """Return the clean values as a draft; only of a valid form."""
        typed = self.cleaned_data
        return ShiftDraft(
            starts_at=datetime.combine(typed["day"], typed["starts"], CITY_ZONE),
            ends_at=datetime.combine(typed["day"], typed["ends"], CITY_ZONE),
            capacity=typed["capacity"],
        )


class ReasonForm(forms.Form):
    """Why something is returned or cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class FindForm(forms.Form):
    """What somebody looks for; everything may be left open."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Title, place or organizer")}),
    )
    district = forms.ChoiceField(label=_("District"), required=False)
    field = forms.ChoiceField(label=_("Field"), required=False)
    from_on = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until_on = forms.DateField(
        label=_("Until day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    free = forms.BooleanField(label=_("Only with free places"), required=False)

    def __init__(
        self, *args: Any, districts: list[tuple[str, str]], fields: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        district, field = self.fields["district"], self.fields["field"]
        assert isinstance(district, forms.ChoiceField)
        assert isinstance(field, forms.ChoiceField)
        district.choices = [("", _("The whole city")), *districts]
        field.choices = [("", _("All fields")), *((one, one) for one in fields)]

    def clean(self) -> dict[str, Any]:
        """Refuse a last day that comes before the first."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("from_on") and typed.get("until_on") and typed["until_on"] < typed["from_on"]:
            self.add_error("until_on", _("The last day must not come before the first."))
        return typed

    def finding(self) -> Finding:
        """Return the clean values as what the room of activities looks for; only of a valid form."""
        typed = self.cleaned_data
        return Finding(
            text=typed["q"],
            field=typed["field"],
            division_code=typed["district"],
            from_on=typed["from_on"],
            until_on=typed["until_on"],
            free=typed["free"],
        )


class ScanForm(forms.Form):
    """What the check-in page sends: a code, and the place if it was added. What is unreadable is left out."""

    code = forms.CharField(required=False, max_length=400)
    nonce = forms.CharField(required=False, max_length=64)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180)
    accuracy_m = forms.FloatField(required=False, min_value=0, max_value=100_000)

    def sent(self, *, device: str) -> ScanSent:
        """Return what was sent; a place only if it is whole.

        device  what the device calls itself
        """
        typed = self.cleaned_data
        place = [typed.get(name) for name in ("latitude", "longitude", "accuracy_m")]
        latitude, longitude, accuracy_m = place if None not in place[:2] else [None, None, None]
        return ScanSent(
            code=typed.get("code") or "",
            device=device[:64],
            nonce=typed.get("nonce") or str(new_id()),
            latitude=latitude,
            longitude=longitude,
            accuracy_m=accuracy_m,
        )


class RedeemForm(forms.Form):
    """Which offer is taken, and the id that the page made for it, so that pressing twice is pressing once."""

    offer = forms.UUIDField(required=False)
    redemption = forms.UUIDField(required=False)

    def made_id(self) -> UUID | None:
        """Return the id that the page made, if it came back whole."""
        self.full_clean()
        return self.cleaned_data.get("redemption")

    def offer_id(self) -> UUID:
        """Return the offer that is taken.

        Raises Missing: none was named.
        """
        self.full_clean()
        chosen: UUID | None = self.cleaned_data.get("offer")
        if chosen is None:
            raise Missing
        return chosen
