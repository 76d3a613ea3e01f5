"""What a person typed in the frame of a page."""

from __future__ import annotations

from django import forms
from django.conf import settings

from shanshi.design.context import THEMES


class Appearance(forms.Form):
    """What a person chose; an empty theme follows the device. What is not sent was not chosen."""

    theme = forms.ChoiceField(choices=[("", ""), *((theme, theme) for theme in THEMES)], required=False)
    elder = forms.ChoiceField(choices=[("0", "0"), ("1", "1")], required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    next = forms.CharField(required=False)

    def chosen(self) -> dict[str, str | None]:
        """Return what was chosen of theme, elder and language; None for what was not sent, or is unknown."""
        self.is_valid()
        right = self.cleaned_data
        return {
            name: right[name] if name in self.data and name in right else None
            for name in ("theme", "elder", "language")
        }

    def way_back(self) -> str:
        """Return where the person was, as sent; empty if nothing was."""
        self.is_valid()
        return str(self.cleaned_data.get("next", ""))
