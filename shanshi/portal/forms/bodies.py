"""What is typed about organizations, teams and their members, as clean values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.registry.queries import MemberFilter, OrganizationFacts, by_number
from shanshi.registry.queries.bodies import BodyFilter
from shanshi.registry.rules import OrganizationKind
from shanshi.registry.rules.bodies import LONGEST_NAME, LONGEST_REASON

KINDS = {
    OrganizationKind.LEAGUE: _("League body"),
    OrganizationKind.PARTY: _("Party body"),
    OrganizationKind.GOVERNMENT: _("Government office"),
    OrganizationKind.SUBDISTRICT: _("Subdistrict"),
    OrganizationKind.COMMUNITY: _("Community"),
    OrganizationKind.UNIVERSITY: _("University"),
    OrganizationKind.SCHOOL: _("School"),
    OrganizationKind.HOSPITAL: _("Hospital"),
    OrganizationKind.ENTERPRISE: _("Enterprise"),
    OrganizationKind.CHARITY: _("Charity"),
    OrganizationKind.MEDIA: _("Media"),
    OrganizationKind.BANK: _("Bank"),
    OrganizationKind.TEAM: _("Volunteer team"),
    OrganizationKind.OTHER: _("Other"),
}


class BodyFindForm(forms.Form):
    """Which organizations are looked for; everything may be left open."""

    q = forms.CharField(
        label=_("Name, or its sounds"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *KINDS.items()])
    division = forms.ChoiceField(label=_("District"), required=False)

    def __init__(self, *args: Any, districts: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All districts")), *districts]

    def wanted(self) -> BodyFilter:
        """Return what is looked for; what was not understood is left open."""
        self.full_clean()
        typed = getattr(self, "cleaned_data", {})
        kind = typed.get("kind") or ""
        return BodyFilter(
            text=str(typed.get("q") or ""),
            kind=OrganizationKind(kind) if kind else None,
            division_code=typed.get("division") or "",
        )


class BodyForm(forms.Form):
    """What an organization says of itself."""

    name = forms.CharField(label=_("Full name"), max_length=LONGEST_NAME)
    name_en = forms.CharField(label=_("English name"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        required=False,
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("18 characters, as on the registration certificate; teams have none."),
    )

    def __init__(self, *args: Any, kinds: Iterable[OrganizationKind], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, KINDS[kind]) for kind in kinds]


class NewBodyForm(BodyForm):
    """A new organization, and where it works."""

    division = forms.ChoiceField(label=_("District"))

    def __init__(self, *args: Any, districts: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(districts)


class MoveForm(forms.Form):
    """Under which parent an organization shall stand, and why."""

    parent = forms.ChoiceField(label=_("New parent"))
    reason = forms.CharField(label=_("Why"), max_length=LONGEST_REASON)

    def __init__(self, *args: Any, parents: Sequence[tuple[UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(key), name) for key, name in parents]


class TeamForm(forms.Form):
    """What a team is called."""

    name = forms.CharField(label=_("Name of the team"), max_length=LONGEST_NAME)


class MemberFindForm(forms.Form):
    """Which members are looked for; everything may be left open."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Everybody")), ("member", _("Members")), ("invited", _("Invited"))],
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    number = forms.CharField(
        label=_("Volunteer number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, teams: Iterable[tuple[UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        named = [(str(key), name) for key, name in teams]
        field.choices = [("", _("All teams")), ("none", _("Without a team")), *named]

    def wanted(self, nobody: UUID) -> MemberFilter:
        """Return whom is looked for; what was not understood is left open.

        nobody  stands for a number that nobody has
        """
        self.full_clean()
        typed = getattr(self, "cleaned_data", {})
        state, team, number = typed.get("state"), typed.get("team"), str(typed.get("number") or "").strip()
        return MemberFilter(
            is_member={"member": True, "invited": False}.get(state or ""),
            team_id=UUID(team) if team and team != "none" else None,
            no_team=team == "none",
            holder_id=(by_number(number) or nobody) if number else None,
        )


def body_said(organization: OrganizationFacts) -> dict[str, str]:
    """Return what an organization says now, to begin a form with."""
    return {
        "name": organization.name,
        "name_en": organization.name_en,
        "kind": organization.kind,
        "credit_code": organization.credit_code,
    }
