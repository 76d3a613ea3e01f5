"""What staff type about roles, proposals, identities and the trail, as clean values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.foundation.actor import Role
from shanshi.portal.queries.trail import TrailFilter
from shanshi.registry.operations import RoleWish
from shanshi.registry.rules import IdentityField, LookPurpose

ROLES = {
    "city_staff": _("Staff of the city"),
    "division_staff": _("Staff of a district or subdistrict"),
    "reviewer": _("Reviewer"),
    "manager": _("Manager"),
    "leader": _("Leader"),
    "cashier": _("Cashier"),
    "bank_clerk": _("Clerk of a bank"),
    "auditor": _("Auditor"),
}
FIELDS = {
    IdentityField.REAL_NAME: _("Real name"),
    IdentityField.PHONE: _("Mobile phone"),
    IdentityField.ID_NUMBER: _("ID number"),
    IdentityField.BIRTH_ON: _("Date of birth"),
}
PURPOSES = {
    LookPurpose.ROSTER: _("Roster: who stands at the door"),
    LookPurpose.EMERGENCY: _("Emergency"),
    LookPurpose.INSURANCE: _("Insurance"),
    LookPurpose.COMPLAINT: _("Complaint"),
    LookPurpose.CORRECTION: _("Correction of a record"),
}


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class PlaceForm(forms.Form):
    """Where a role shall be given; a part of a name shortens the list."""

    find = forms.CharField(
        label=_("Part of the name"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class RoleForm(forms.Form):
    """Which role somebody shall have at a place, from when to when, and why."""

    number = forms.CharField(
        label=_("Volunteer number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The person tells it to you; it stands on their own page. Nobody is found by phone."),
    )
    role = forms.ChoiceField(label=_("Role"))
    from_on = _day(_("From"), required=True)
    to_on = _day(_("Until"), help_text=_("Included. Without it the role holds until somebody ends it."))
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("In a sentence; it stays on the trail.")
    )

    def __init__(self, *args: Any, roles: Collection[Role], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, ROLES[role.value]) for role in roles]

    def wish(self, person_id: UUID, place: str) -> RoleWish:
        """Return what was typed, for a person and a place; only of a valid form."""
        typed = self.cleaned_data
        return RoleWish(
            person_id=person_id,
            role=Role(typed["role"]),
            place=place,
            from_on=typed["from_on"],
            to_on=typed["to_on"],
            reason=typed["reason"],
        )


class DaysForm(forms.Form):
    """For which days a role shall be held instead, and why."""

    from_on = _day(_("From"), required=True)
    to_on = _day(_("Until"), help_text=_("Included. Without it the role holds until somebody ends it."))
    reason = forms.CharField(label=_("Why"), max_length=500)


class VerdictForm(forms.Form):
    """How a proposal is decided, and why."""

    verdict = forms.ChoiceField(choices=[(one, one) for one in ("approved", "refused", "withdrawn")])
    reason = forms.CharField(label=_("Why"), max_length=500)


class FactorResetForm(forms.Form):
    """Whose second factors shall be reset, and why."""

    number = forms.CharField(label=_("Volunteer number"), max_length=30)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("How you made sure that it is this person, for example by the ID card at the counter."),
    )


class LookForm(forms.Form):
    """What of an identity is needed, and for what."""

    purpose = forms.ChoiceField(label=_("What for"), choices=list(PURPOSES.items()))
    fields_wanted = forms.MultipleChoiceField(
        label=_("What you need to see"),
        choices=list(FIELDS.items()),
        initial=[IdentityField.REAL_NAME],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("What happened, without names. Needed for everything but the roster."),
    )


class TrailForm(forms.Form):
    """What of the trail is wanted; everything may be left open."""

    from_on = _day(_("From day"))
    until_on = _day(_("Until day"))
    verb = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=60,
        help_text=_("A room, such as registry, or a step, such as activities.publish."),
    )
    thing = forms.CharField(label=_("Thing"), required=False, max_length=100)
    number = forms.CharField(label=_("Volunteer number"), required=False, max_length=30)

    def wanted(self) -> TrailFilter:
        """Return what is wanted; what was not understood is left open."""
        self.full_clean()
        typed: dict[str, Any] = getattr(self, "cleaned_data", {})
        days: dict[str, date | None] = {name: typed.get(name) for name in ("from_on", "until_on")}
        words = {name: _plain(typed.get(name)) for name in ("verb", "thing", "purpose", "number")}
        return TrailFilter(**days, **words)  # type: ignore[arg-type]


class LooksForm(TrailForm):
    """What of the looks at identities is wanted; everything may be left open."""

    field_order = ("from_on", "until_on", "purpose", "number")
    verb = None  # type: ignore[assignment]
    thing = None  # type: ignore[assignment]
    purpose = forms.ChoiceField(
        label=_("What for"), required=False, choices=[("", _("Everything")), *PURPOSES.items()]
    )


class BooksForm(forms.Form):
    """Whose book is wanted, by volunteer number or by holder."""

    holder = forms.CharField(label=_("Volunteer number or holder"), required=False, max_length=40)


def _plain(text: object) -> str:
    return str(text or "").replace("\x00", "").strip()
