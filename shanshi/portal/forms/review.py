"""What a reviewer types at the desk, as clean values."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shanshi.portal.operations.reviewing import Judgement
from shanshi.portal.queries.desk import KINDS, Asked


class QueueForm(forms.Form):
    """Which part of the queue is wanted; everything may be left open."""

    q = forms.CharField(
        label=_("Part of a title or an organizer"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(required=False, choices=[("", ""), *((kind, kind) for kind in KINDS)])
    late = forms.BooleanField(required=False)

    def asked(self) -> Asked:
        """Return what is wanted; what was not understood is left open."""
        self.full_clean()
        typed = getattr(self, "cleaned_data", {})
        text = str(typed.get("q") or "").replace("\x00", "")
        return Asked(kind=typed.get("kind") or "", text=text, late=bool(typed.get("late")))


class JudgeForm(forms.Form):
    """What shall be done to the chosen ones; a reason is looked at where it is needed."""

    step = forms.ChoiceField(choices=[(one.value, one.value) for one in Judgement])
    reason = forms.CharField(required=False, max_length=200)


def chosen(typed: QueryDict) -> list[UUID]:
    """Return the activities that were chosen, in their order; what is no id is left out."""
    found = []
    for text in typed.getlist("activity"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
