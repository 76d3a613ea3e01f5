"""What a person typed in the frame of a page."""

from __future__ import annotations

from django import forms

from shanshi.design.context import THEMES


class Appearance(forms.Form):
    """What a person chose; an empty theme follows the device."""

    theme = forms.ChoiceField(choices=[("", ""), *((theme, theme) for theme in THEMES)], required=False)
    elder = forms.ChoiceField(choices=[("0", "0"), ("1", "1")], required=False)
    next = forms.CharField(required=False)
