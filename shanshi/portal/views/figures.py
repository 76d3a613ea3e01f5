"""How a program's figures look: the number with its unit, 余 where it is a lower bound, and its cause."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanshi.activities.rules.programs import FIGURES, Figure
from shanshi.design.rules import at_least_text, number_text
from shanshi.kernel.errors import N_
from shanshi.portal.queries.programs import FigureLine, ProgramPage

UNITS: Final = {
    "persons": N_("people"),
    "ml": N_("ml"),
    "yuan": N_("yuan"),
    "years": N_("years"),
    "hours": N_("hours"),
    "activities": N_("activities"),
    "person-times": N_("person-times"),
    "per mille": N_("‰ a month"),
}


def shown(page: ProgramPage) -> list[dict[str, Any]]:
    """Return the figures as the component `_figure` wants them."""
    return [_shown(line, page) for line in page.figures]


def name_of(line: FigureLine) -> str:
    """Return what a figure counts, in the reader's language; a name of one's own stands as it is."""
    return _(FIGURES[line.name]) if line.name in FIGURES else line.name


def number_of(amount: Decimal) -> str:
    """Return a number as people write it: 72,840, or 4.35."""
    whole = amount.to_integral_value()
    if amount == whole:
        return number_text(int(whole))
    return f"{number_text(int(amount))}{str(amount.normalize() % 1)[1:]}"


def value_of(figure: Figure) -> tuple[str, str]:
    """Return the number and its unit; a lower bound holds both in one, 150余人."""
    unit = _(UNITS[figure.unit]) if figure.unit in UNITS else figure.unit
    if figure.is_at_least and figure.amount == figure.amount.to_integral_value():
        return at_least_text(int(figure.amount), unit, get_language() or "zh-hans"), ""
    return number_of(figure.amount), unit


def _shown(line: FigureLine, page: ProgramPage) -> dict[str, Any]:
    value, unit = value_of(line.figure)
    cause = line.figure.source or line.activity or _("As the organizers say")
    return {"label": name_of(line), "value": value, "unit": unit, "cause": cause, "url": _behind(line, page)}


def _behind(line: FigureLine, page: ProgramPage) -> str:
    if line.activity and line.figure.activity_id:
        return reverse("portal:activity", args=[line.figure.activity_id])
    if line.section == "streets":
        return reverse("portal:street", args=[page.streets[0].id])
    return f"#{line.section}" if line.section else ""
