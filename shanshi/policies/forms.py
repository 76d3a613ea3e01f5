"""The facts of a decision, as somebody types them into a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shanshi.foundation.doors import refusal
from shanshi.kernel.errors import N_
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.policies import rules
from shanshi.policies.rules import Fact, FactInvalid, Policy

_MINUTE = "%Y-%m-%dT%H:%M:%S"
_YES_NO = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
# The units that policies use; each file names them in English.
UNITS = (
    N_("seconds"),
    N_("minutes"),
    N_("years"),
    N_("people"),
    N_("places"),
    N_("pieces"),
    N_("times"),
    N_("coin units"),
)
_HINTS = {
    "list": _("One in each line"),
    "periods": _("One in each line: 2019-03-20T09:00 2019-03-20T11:30"),
}


class TryForm(forms.Form):
    """One field for each declared fact, and the day whose version of the policy counts."""

    def __init__(self, policy: Policy, *, today: date, chinese: bool, data: Any = None) -> None:
        super().__init__(data, initial={"on": today})
        self.declared = policy.facts
        self.facts: dict[str, Any] = {}
        for fact in policy.facts:
            field = _field(fact, [(one, policy.word(one, chinese=chinese)) for one in fact.one_of])
            field.required = fact.required
            field.label = (fact.means_zh if chinese else fact.means).rstrip(".。")
            parts = (fact.name, gettext(fact.unit) if fact.unit else "", _range(fact))
            field.help_text = " · ".join(str(part) for part in parts if part)
            self.fields[fact.name] = field
        self.fields["on"] = forms.DateField(label=_("Decide by the version of this day"), widget=_day())

    def clean(self) -> dict[str, Any]:
        """Turn what was typed into facts, and let the policy's own rules judge them."""
        clean = super().clean() or {}
        if self.errors:
            return clean
        typed = {fact.name: _typed(fact, clean[fact.name]) for fact in self.declared}
        try:
            self.facts = rules.checked_facts(
                self.declared, {name: value for name, value in typed.items() if value is not None}
            )
        except FactInvalid as wrong:
            said = refusal(wrong)
            self.add_error(str(wrong.facts["fact"]), f"{said.says} {said.way}")
        return clean


def as_typed(declared: tuple[Fact, ...], facts: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Return facts, as a policy's example gives them, the way somebody would type them into the form."""
    known = {fact.name: fact for fact in declared}
    return {name: _shown(known[name], value) for name, value in facts.items()}


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def _field(fact: Fact, choices: list[tuple[str, str]]) -> forms.Field:
    if fact.one_of and fact.type == "list":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
    if fact.one_of:
        return forms.ChoiceField(choices=[("", "—"), *choices])
    if fact.type == "integer":
        return forms.IntegerField(min_value=fact.least, max_value=fact.most)
    if fact.type == "boolean":
        return forms.ChoiceField(choices=_YES_NO)
    if fact.type == "date":
        return forms.DateField(widget=_day())
    if fact.type == "datetime":
        widget = forms.DateTimeInput({"type": "datetime-local", "step": 1}, format=_MINUTE)
        return forms.DateTimeField(widget=widget)
    if fact.type in _HINTS:
        return forms.CharField(max_length=5_000, widget=forms.Textarea({"rows": 3}))
    return forms.CharField(max_length=rules.LONGEST_TEXT)


def _range(fact: Fact) -> Any:
    if fact.type in _HINTS and not fact.one_of:
        return _HINTS[fact.type]
    if fact.type == "integer":
        return gettext("{least} to {most}").format(least=fact.least, most=fact.most)
    return ""


def _typed(fact: Fact, value: Any) -> Any:
    """What the form's value means as a fact; None where nothing was typed."""
    if value in ("", None):
        return None
    if fact.type == "boolean":
        return value == "true"
    if isinstance(value, list):
        return value
    if fact.type in _HINTS:
        lines = [line.strip() for line in value.splitlines() if line.strip()]
        return lines if fact.type == "list" else [[_with_zone(end) for end in line.split()] for line in lines]
    return value


def _with_zone(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)).isoformat()


def _shown(fact: Fact, value: Any) -> str | list[str]:
    if fact.type == "list" and fact.one_of:
        return list(value)
    if isinstance(value, bool):
        return str(value).lower()
    if fact.type == "list":
        return "\n".join(value)
    if fact.type == "periods":
        return "\n".join(" ".join(_shown_moment(end) for end in period) for period in value)
    return _shown_moment(value) if fact.type == "datetime" else str(value)


def _shown_moment(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(CITY_ZONE).strftime(_MINUTE)
