"""What people type about their own data, and guardians about a child."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.places.queries import DivisionFacts
from shanshi.registry import rules
from shanshi.registry.forms import RELATIONS, Cleaned
from shanshi.registry.operations import GuardianConsent, WardRegistration

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


def _districts(divisions: Iterable[DivisionFacts]) -> list[tuple[str, Any]]:
    return [("", _("Choose a district")), *((one.code, one.name) for one in divisions)]


class ConsentForm(forms.Form):
    """Which version of a text was on the page when somebody agreed."""

    version = forms.CharField(max_length=60, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """The code that was sent to one's own phone."""

    code = forms.CharField(label=_("Code"), max_length=12, widget=forms.TextInput(attrs=_CODE))


class ResidenceForm(forms.Form):
    """Where somebody lives."""

    residence_code = forms.ChoiceField(label=_("Where you live"), required=False)

    def __init__(self, *args: Any, districts: Iterable[DivisionFacts] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["residence_code"].choices = _districts(districts)  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """The name as it stands on the ID card now."""

    real_name = Cleaned(
        rules.checked_name,
        label=_("Real name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As on your ID card now. It is checked against your ID number."),
    )


class NewPhoneForm(forms.Form):
    """The phone that signs in from now on."""

    new_phone = Cleaned(
        rules.checked_phone,
        label=_("New mobile phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class MovePhoneForm(forms.Form):
    """The codes that were sent to both phones."""

    new_phone = Cleaned(rules.checked_phone, max_length=30, widget=forms.HiddenInput)
    new_code = forms.CharField(
        label=_("Code sent to the new phone"), max_length=12, widget=forms.TextInput(attrs=_CODE)
    )
    old_code = forms.CharField(
        label=_("Code sent to the present phone"), max_length=12, widget=forms.TextInput(attrs=_CODE)
    )

    def __init__(self, *args: Any, asks_old: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        if not asks_old:
            del self.fields["old_code"]


class WardConfirmForm(forms.Form):
    """What a guardian says of the child whose guardian's phone came to the account later."""

    said = forms.CharField(label=_("The child's real name or volunteer number"), max_length=200)
    birth_year = forms.IntegerField(label=_("The child's year of birth"), min_value=1900, max_value=2200)


class NextGuardianForm(forms.Form):
    """The next guardian of a child, and the code that went to that guardian's phone."""

    guardian_name = Cleaned(rules.checked_name, label=_("The next guardian's real name"), max_length=200)
    relation = forms.ChoiceField(label=_("The next guardian is the child's"), choices=RELATIONS)
    guardian_phone = Cleaned(
        rules.checked_phone,
        label=_("The next guardian's mobile phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    version = forms.CharField(max_length=60, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code that the next guardian received"),
        max_length=12,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("The next guardian reads the text above and tells you the code if they agree."),
    )

    def __init__(self, *args: Any, asks_code: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not asks_code:
            del self.fields["code"]

    def consent(self, asked_by: str) -> GuardianConsent:
        """Return what was typed.

        asked_by  who asked for the code
        """
        typed = self.cleaned_data
        return GuardianConsent(
            typed["guardian_name"], typed["guardian_phone"], typed["relation"], typed["code"], asked_by
        )


class WardFindForm(forms.Form):
    """What a guardian looks for, for a child."""

    q = forms.CharField(required=False, max_length=60)


class WardForm(forms.Form):
    """A child that a guardian registers."""

    real_name = Cleaned(
        rules.checked_name,
        label=_("The child's real name"),
        max_length=200,
        help_text=_("As on the ID card or in the household register."),
    )
    id_number = forms.CharField(
        label=_("The child's ID number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("18 characters. Kept encrypted with a key of the child's own."),
    )
    residence_code = forms.ChoiceField(label=_("Where the child lives"), required=False)
    relation = forms.ChoiceField(label=_("You are the child's"), choices=RELATIONS)
    guardian_name = Cleaned(rules.checked_name, label=_("Your own real name"), max_length=200)
    terms = forms.CharField(max_length=60, widget=forms.HiddenInput)
    minors = forms.CharField(max_length=60, widget=forms.HiddenInput)
    agree_terms = forms.BooleanField(label=_("I agree to the platform's terms for the child."))
    agree_minors = forms.BooleanField(
        label=_("As the guardian I agree that the child volunteers, and that its sensitive data are kept.")
    )

    def __init__(
        self, *args: Any, districts: Iterable[DivisionFacts] = (), asks_name: bool = True, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["residence_code"].choices = _districts(districts)  # type: ignore[attr-defined]
        if not asks_name:
            del self.fields["guardian_name"]

    def registration(self) -> WardRegistration:
        """Return what was typed."""
        typed = self.cleaned_data
        return WardRegistration(
            real_name=typed["real_name"],
            id_number=typed["id_number"],
            relation=typed["relation"],
            guardian_name=typed.get("guardian_name"),
            residence_code=typed["residence_code"] or None,
            consents=(typed["terms"], typed["minors"]),
        )
