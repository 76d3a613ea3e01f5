"""A file with a list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    """The workbook that is sent; its bytes are looked at by the door."""

    list = forms.FileField(
        label=_("Excel workbook (.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )
