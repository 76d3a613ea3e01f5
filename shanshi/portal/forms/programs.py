"""What staff type about programs, projects, figures and booths, as clean values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from shanshi.activities.operations import BoothDraft, Figure, PairedTeam, ProgramDraft, ProjectDraft
from shanshi.activities.queries import ProgramFacts, ProjectFacts
from shanshi.activities.rules.programs import FIGURES
from shanshi.places import queries as places
from shanshi.portal.forms.work import words
from shanshi.registry import queries as registry

_LINES = forms.Textarea(attrs={"rows": 4})
UNITS = (
    ("", _("Nothing, just a number")),
    ("persons", _("People")),
    ("ml", _("Millilitres")),
    ("yuan", _("Yuan")),
    ("years", _("Years")),
    ("hours", _("Hours")),
    ("activities", _("Activities")),
    ("person-times", _("Person-times")),
    ("per mille", _("Per mille")),
)


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ProgramForm(forms.Form):
    """What a program says of itself. Bodies are written one a line, in the order in which they are named."""

    name = forms.CharField(label=_("Name of the program"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    description = forms.CharField(
        label=_("What it is"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    division = forms.ChoiceField(label=_("City or district"))
    launched_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=_date(),
    )
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=_date())
    fields_of_service = forms.CharField(
        label=_("Fields"),
        required=False,
        max_length=400,
        help_text=_("With commas, for example 社区服务, 文明引导."),
    )
    earns_red_points = forms.BooleanField(
        label=_("Verified hours of Party-member volunteers earn red points, too"), required=False
    )
    organizers = forms.CharField(
        label=_("Organizers"),
        widget=_LINES,
        help_text=_("One organization a line, in the order in which they are named."),
    )
    partners = forms.CharField(
        label=_("Partners"), widget=_LINES, required=False, help_text=_("One organization a line.")
    )
    pilots = forms.CharField(
        label=_("Pilot subdistricts"),
        widget=_LINES,
        required=False,
        help_text=_("One code or name a line, for example 330102003."),
    )
    teams = forms.CharField(
        label=_("Teams built for it"),
        widget=_LINES,
        required=False,
        help_text=_("One team a line; after a comma, the organization that it is paired with."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        divisions: list[tuple[str, str]],
        found: ProgramFacts | None,
        on: date,
    ) -> None:
        """Make the form.

        divisions  codes and names to choose from
        found      the program to change; None for a new one
        on         the day whose subdistricts are meant
        """
        super().__init__(data, initial=_said(found) if found is not None else None)
        self.found, self.on = found, on
        division = self.fields["division"]
        assert isinstance(division, forms.ChoiceField)
        division.choices = divisions
        if found is not None:
            del self.fields["division"]

    def clean_organizers(self) -> tuple[UUID, ...]:
        """Return the organizers in order."""
        return self._bodies("organizers")

    def clean_partners(self) -> tuple[UUID, ...]:
        """Return the partners in order."""
        return self._bodies("partners")

    def clean_pilots(self) -> tuple[str, ...]:
        """Return the codes of the pilot subdistricts in order."""
        found = []
        for line in _lines(self.cleaned_data["pilots"]):
            some = (
                [line]
                if line.isdecimal() and places.divisions([line], self.on)
                else [
                    one.code for one in places.divisions_called(line, self.on, limit=20) if one.name == line
                ]
            )
            if len(some) != 1:
                raise forms.ValidationError(
                    say("“{line}” is no subdistrict, or one of several; write its code.").format(line=line)
                )
            found += some
        return tuple(found)

    def clean_teams(self) -> tuple[PairedTeam, ...]:
        """Return the teams with those they are paired with, in order."""
        before = {team.team_id: team for team in self.found.teams} if self.found else {}
        pairs = [line.replace("，", ",").partition(",") for line in _lines(self.cleaned_data["teams"])]
        teams = registry.teams_called(name.strip() for name, _comma, _other in pairs)
        bodies = registry.organizations_called(other.strip() for _name, _comma, other in pairs)
        made = []
        for name, _comma, other in pairs:
            team = self._only(name.strip(), teams.get(name.strip(), []))
            paired = self._only(other.strip(), bodies.get(other.strip(), [])).id if other.strip() else None
            formed_on = before[team.id].formed_on if team.id in before else None
            made.append(PairedTeam(team.id, paired, formed_on))
        return tuple(made)

    def _bodies(self, name: str) -> tuple[UUID, ...]:
        lines = _lines(self.cleaned_data[name])
        found = registry.organizations_called(lines)
        return tuple(self._only(line, found.get(line, [])).id for line in lines)

    def _only(self, line: str, some: list[Any]) -> Any:
        if len(some) != 1:
            raise forms.ValidationError(
                say("“{line}” is not on the platform, or there are several of this name.").format(line=line)
            )
        return some[0]

    def draft(self) -> ProgramDraft:
        """Return what was typed; figures stay as they are."""
        said = self.cleaned_data
        draft = ProgramDraft(
            name=said["name"],
            division_code=self.found.division_code if self.found else said["division"],
            organizers=said["organizers"],
            name_en=said["name_en"],
            description=said["description"],
            launched_on=said["launched_on"],
            ends_on=said["ends_on"],
            earns_red_points=said["earns_red_points"],
            fields=words(said["fields_of_service"]),
            partners=said["partners"],
            divisions=said["pilots"],
            teams=said["teams"],
        )
        return replace(draft, figures=self.found.figures) if self.found else draft


def _said(found: ProgramFacts) -> dict[str, Any]:
    teams = registry.teams_of_ids({team.team_id for team in found.teams})
    paired = {team.paired_with for team in found.teams if team.paired_with is not None}
    bodies = registry.organizations({*found.organizers, *found.partners, *paired})
    return {
        "name": found.name,
        "name_en": found.name_en,
        "description": found.description,
        "launched_on": found.launched_on,
        "ends_on": found.ends_on,
        "fields_of_service": "，".join(found.fields),
        "earns_red_points": found.earns_red_points,
        "organizers": "\n".join(bodies[body].name for body in found.organizers),
        "partners": "\n".join(bodies[body].name for body in found.partners),
        "pilots": "\n".join(found.divisions),
        "teams": "\n".join(
            "，".join(
                [teams[team.team_id].name, *([bodies[team.paired_with].name] if team.paired_with else [])]
            )
            for team in found.teams
        ),
    }


class FigureForm(forms.Form):
    """One published figure."""

    known = forms.ChoiceField(label=_("What it counts"), required=False)
    other = forms.CharField(
        label=_("Something else"),
        max_length=60,
        required=False,
        help_text=_("Only if it is not in the list."),
    )
    amount = forms.DecimalField(label=_("Number"), min_value=0, max_digits=19, decimal_places=6)
    is_at_least = forms.BooleanField(label=_("It is a lower bound: 余, more than"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, required=False)
    counted_on = forms.DateField(
        label=_("Counted on"),
        required=False,
        widget=_date(),
    )
    source = forms.CharField(label=_("Who says so"), max_length=200)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Make the form with the names of figures in the reader's language."""
        super().__init__(data)
        known = self.fields["known"]
        assert isinstance(known, forms.ChoiceField)
        known.choices = [("", "—"), *((name, say(says)) for name, says in FIGURES.items())]

    def clean(self) -> dict[str, Any]:
        """Return the values; one name is needed."""
        said = super().clean() or self.cleaned_data
        if not (said.get("known") or (said.get("other") or "").strip()):
            self.add_error("known", say("Say what it counts."))
        return said

    def figure(self) -> tuple[str, Figure]:
        """Return the figure under its name."""
        said = self.cleaned_data
        return said["known"] or said["other"].strip(), Figure(
            said["amount"],
            said["is_at_least"],
            unit=said["unit"],
            counted_on=said["counted_on"],
            source=said["source"],
        )


class ProjectForm(forms.Form):
    """A lasting piece of work."""

    name = forms.CharField(label=_("Name of the project"), max_length=200)
    organization = forms.CharField(label=_("Whose it is"), help_text=_("The organization's whole name."))
    description = forms.CharField(
        label=_("What it is"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    fields_of_service = forms.CharField(
        label=_("Fields"),
        required=False,
        max_length=400,
        help_text=_("With commas, for example 社区服务, 文明引导."),
    )
    key_of_year = forms.IntegerField(
        label=_("Key project of the year"), required=False, min_value=1990, max_value=2100
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, found: ProjectFacts | None = None) -> None:
        """Make the form; whose project it is does not change any more.

        found  the project to change; None for a new one
        """
        initial: dict[str, Any] = {}
        if found is not None:
            initial = {
                "name": found.name,
                "description": found.description,
                "fields_of_service": "，".join(found.fields),
                "key_of_year": found.key_of_year,
            }
        super().__init__(data, initial=initial)
        self.found = found
        if found is not None:
            del self.fields["organization"]

    def clean_organization(self) -> UUID:
        """Return the organization."""
        name = self.cleaned_data["organization"].strip()
        some = registry.organizations_called([name]).get(name, [])
        if len(some) != 1:
            raise forms.ValidationError(
                say("“{line}” is not on the platform, or there are several of this name.").format(line=name)
            )
        return some[0].id

    def draft(self, program_id: UUID | None) -> ProjectDraft:
        """Return what was typed, as a project of a program."""
        said = self.cleaned_data
        return ProjectDraft(
            name=said["name"],
            organization_id=self.found.organization_id if self.found else said["organization"],
            program_id=program_id,
            description=said["description"],
            fields=words(said["fields_of_service"]),
            key_of_year=said["key_of_year"],
        )


class BoothForm(forms.Form):
    """One stand of an event."""

    name = forms.CharField(label=_("Name of the booth"), max_length=60)
    says = forms.CharField(
        label=_("What is done there"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    organization = forms.CharField(
        label=_("Who keeps it"),
        required=False,
        help_text=_("The organization's whole name; its leaders then run the booth's door. Empty: you do."),
    )

    def clean_organization(self) -> UUID | None:
        """Return the organization that keeps it, or None."""
        name = self.cleaned_data["organization"].strip()
        if not name:
            return None
        some = registry.organizations_called([name]).get(name, [])
        if len(some) != 1:
            raise forms.ValidationError(
                say("“{line}” is not on the platform, or there are several of this name.").format(line=name)
            )
        return some[0].id

    def draft(self) -> BoothDraft:
        """Return what was typed."""
        said = self.cleaned_data
        return BoothDraft(said["name"], said["says"], said["organization"])
