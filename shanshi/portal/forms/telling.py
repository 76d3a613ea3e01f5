"""What people type about how they want to be told."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.registry import rules
from shanshi.registry.forms import Cleaned


class EmailForm(forms.Form):
    """The address to which news goes."""

    address = Cleaned(
        rules.checked_email,
        label=_("E-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": "email"}),
        help_text=_("A code goes there, so that nobody else's mailbox gets your news."),
    )


class EmailCodeForm(forms.Form):
    """The code that was sent to the address."""

    address = Cleaned(rules.checked_email, max_length=254, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code in the e-mail"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}
        ),
    )
