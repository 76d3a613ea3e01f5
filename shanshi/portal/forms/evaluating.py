"""What a volunteer says of a visit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.attendance.rules.evaluating import MOST_WORDS


class EvaluationForm(forms.Form):
    """One to five stars, and words if one likes."""

    score = forms.TypedChoiceField(
        label=_("One to five stars"),
        coerce=int,
        choices=[(1, _("Bad")), (2, _("Poor")), (3, _("Fair")), (4, _("Good")), (5, _("Excellent"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("What went well, and what could be better. Leave out names, also your own."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MOST_WORDS,
        required=False,
    )
