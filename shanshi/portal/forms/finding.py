"""What somebody looks for, and from where."""

from __future__ import annotations

from django import forms

from shanshi.activities.queries import Near

KILOMETRES = (1, 3, 5, 10, 50)


class NearForm(forms.Form):
    """Where somebody is. It comes in the body of a request, and is in no address, no session and no log."""

    latitude = forms.FloatField(min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(min_value=-180, max_value=180, widget=forms.HiddenInput)
    within = forms.TypedChoiceField(
        coerce=int, required=False, empty_value=None, choices=[(one, one) for one in KILOMETRES]
    )

    def near(self) -> Near:
        """Return the clean values, to a hundred metres: nobody needs to know the house; of a valid form."""
        typed = self.cleaned_data
        within_m = (typed["within"] or KILOMETRES[-1]) * 1000
        return Near(round(typed["latitude"], 3), round(typed["longitude"], 3), within_m)
