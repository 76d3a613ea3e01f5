"""What people type about themselves, as clean values."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from cryptography.exceptions import UnsupportedAlgorithm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from shanshi.foundation.doors import refusal
from shanshi.kernel.errors import DomainError
from shanshi.places.queries import DivisionFacts
from shanshi.registry import rules
from shanshi.registry.operations import GuardianConsent, Registration

RELATIONS = [
    (rules.Relation.MOTHER, _("Mother")),
    (rules.Relation.FATHER, _("Father")),
    (rules.Relation.GRANDPARENT, _("Grandparent")),
    (rules.Relation.OTHER, _("Another guardian")),
]
SCOPES = [
    ("read", _("Read")),
    ("write", _("Change")),
    ("staff", _("Use my roles")),
    ("names", _("See my own data in the clear, and real names that my roles may see")),
]
_DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


class Cleaned(forms.CharField):
    """A text that a rule reads; what the rule refuses stands at the field, in the reader's language."""

    def __init__(self, read: Any, **more: Any) -> None:
        self.read = read
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        """Return what the rule makes of the text."""
        text = super().clean(value)
        if not text:
            return text
        try:
            return self.read(text)
        except DomainError as error:
            said = refusal(error)
            raise forms.ValidationError(f"{said.says} {said.way}".strip()) from error


class PhoneForm(forms.Form):
    """Which phone signs in."""

    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    phone = Cleaned(
        rules.checked_phone,
        label=_("Mobile phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("We send a code to it."),
    )


class CodeForm(forms.Form):
    """The code that was sent to the phone."""

    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    phone = Cleaned(rules.checked_phone, max_length=30, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code"), max_length=12, widget=forms.TextInput(attrs={**_DIGITS, "autofocus": True})
    )


class PasswordSignInForm(forms.Form):
    """A phone and its owner's password."""

    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    phone = Cleaned(
        rules.checked_phone,
        label=_("Mobile phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FactorForm(forms.Form):
    """A one-time code or a recovery code."""

    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("One-time code or recovery code"),
        max_length=32,
        widget=forms.TextInput(attrs={**_DIGITS, "maxlength": "32", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; not digits alone, and none of the well-known ones."),
    )
    repeated = forms.CharField(
        label=_("Once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Return both, if they are the same and strong enough."""
        typed = super().clean() or self.cleaned_data
        if typed.get("password") and typed.get("repeated"):
            if typed["password"] != typed["repeated"]:
                self.add_error("repeated", _("The two are not the same."))
            else:
                try:
                    validate_password(typed["password"])
                except forms.ValidationError as error:
                    self.add_error("password", error)
        return typed


class ConfirmPasswordForm(forms.Form):
    """One's own password, typed anew."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConfirmCodeForm(forms.Form):
    """The code that was sent to one's own phone."""

    code = forms.CharField(label=_("Code"), max_length=12, widget=forms.TextInput(attrs=_DIGITS))


class OneTimeCodeForm(ActivateTOTPForm):
    """The first code of an authenticator app, which proves that it holds the secret."""

    code = forms.CharField(
        label=_("Code shown by the app"), max_length=12, widget=forms.TextInput(attrs=_DIGITS)
    )


_UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    UnsupportedAlgorithm,
    struct.error,
)


@contextmanager
def _read_carefully() -> Iterator[None]:
    """Refuse what is no answer of a passkey; the library stumbles over some of it instead of refusing."""
    try:
        yield
    except _UNREADABLE as error:
        raise forms.ValidationError(_("This is no answer of a passkey.")) from error


class PasskeySignInForm(LoginWebAuthnForm):
    """The answer of a passkey that opens the account alone."""

    def clean_credential(self) -> Any:
        """Return which passkey it is."""
        with _read_carefully():
            return super().clean_credential()


class PasskeyFactorForm(AuthenticateWebAuthnForm):
    """The answer of a passkey as the second step."""

    def clean_credential(self) -> Any:
        """Return which passkey it is."""
        with _read_carefully():
            return super().clean_credential()


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, which can also be the only step of signing in: the device makes sure of its owner."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=40,
        required=False,
        help_text=_("So that you know it again, for example: my phone."),
    )
    passwordless = forms.BooleanField(initial=True, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Return the passkey, whose answer fits the task of this session."""
        with _read_carefully():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class TokenForm(forms.Form):
    """A new token for a program."""

    label = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=SCOPES, initial=["read"], widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("Days until it ends"),
        min_value=1,
        max_value=rules.TOKEN_MAX_DAYS,
        initial=rules.TOKEN_DAYS,
    )

    def __init__(self, *args: Any, has_roles: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not has_roles:
            self.fields["scopes"].choices = [one for one in SCOPES if one[0] != "staff"]  # type: ignore[attr-defined]


class RegistrationForm(forms.Form):
    """Who the volunteer is. The guardian's part shows once the age asks for it."""

    real_name = Cleaned(
        rules.checked_name,
        label=_("Real name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As on your ID card. Others see only the first character."),
    )
    id_number = forms.CharField(
        label=_("ID number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("18 characters. Kept encrypted; your volunteer number stands for it everywhere else."),
    )
    residence_code = forms.ChoiceField(label=_("Where you live"), required=False)
    party_member = forms.BooleanField(
        label=_("I am a Party member and want to take part as one. Only I and my branch see this."),
        required=False,
    )
    terms = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    agree = forms.BooleanField(label=_("I have read the terms and agree to them."))

    guardian_name = Cleaned(rules.checked_name, label=_("Guardian's real name"), max_length=200)
    guardian_relation = forms.ChoiceField(label=_("The guardian is your"), choices=RELATIONS)
    guardian_phone = Cleaned(
        rules.checked_phone,
        label=_("Guardian's mobile phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    guardian_code = forms.CharField(
        label=_("Code that the guardian received"),
        max_length=12,
        widget=forms.TextInput(attrs=_DIGITS),
        help_text=_("First send a code to the guardian, who tells you the code if they agree."),
    )

    def __init__(self, *args: Any, districts: Iterable[DivisionFacts] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", _("Choose a district")), *((one.code, one.name) for one in districts)]
        self.fields["residence_code"].choices = choices  # type: ignore[attr-defined]
        if not self.asks_guardian:
            for name in ("guardian_name", "guardian_relation", "guardian_phone", "guardian_code"):
                del self.fields[name]

    @property
    def asks_guardian(self) -> bool:
        """Whether the guardian's part shows."""
        return bool(self.data.get("asks_guardian"))

    def registration(self, person_id: Any) -> Registration:
        """Return what was typed, for the person who is signed in."""
        typed = self.cleaned_data
        guardian = None
        if self.asks_guardian:
            guardian = GuardianConsent(
                name=typed["guardian_name"],
                phone=typed["guardian_phone"],
                relation=typed["guardian_relation"],
                code=typed["guardian_code"],
                asked_by=str(person_id),
            )
        return Registration(
            person_id=person_id,
            phone=None,
            real_name=typed["real_name"],
            id_number=typed["id_number"],
            residence_code=typed["residence_code"] or None,
            guardian=guardian,
            party_member=typed["party_member"],
            consents=(typed["terms"],),
        )


class GuardianPhoneForm(forms.Form):
    """Only the guardian's phone, for sending the code."""

    guardian_phone = Cleaned(rules.checked_phone, max_length=30)
