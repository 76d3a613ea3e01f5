"""Tags and filters of every page: `{% load shanshi %}`. The formats sit in design/rules.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shanshi.design import rules
from shanshi.foundation import clock, doors
from shanshi.foundation.doors import Refusal
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import CITY_ZONE

register = template.Library()

NOTICES = {
    "done": {"name": "done", "icon": "circle-check"},
    "mind": {"name": "mind", "icon": "alert-triangle"},
    "refused": {"name": "refused", "icon": "alert-triangle"},
    "plain": {"name": "", "icon": "info-circle"},
}
# Django's own names of message levels.
LEVELS = {"success": "done", "warning": "mind", "error": "refused", "info": "plain", "debug": "plain"}


class Span(Protocol):
    """Anything with two ends in time, such as kernel.period.Period."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime | None: ...


def _language() -> str:
    return get_language() or "zh-hans"


def _in_city(at: datetime) -> datetime:
    return at.astimezone(CITY_ZONE)


def _day(when: date) -> date:
    return _in_city(when).date() if isinstance(when, datetime) else when


@register.filter
def hours(minutes: int | None) -> str:
    """`210|hours`: 3 h 30 min, 3小时30分."""
    return "" if minutes is None else rules.hours_text(minutes, _language())


@register.filter
def coins(units: int | None) -> str:
    """`150|coins`: 2.5 coins, 2.5 益币."""
    return "" if units is None else rules.coins_text(units, _language())


@register.filter
def coin_number(units: int | None) -> str:
    """`150|coin_number`: 2.5, where the word stands elsewhere."""
    return "" if units is None else rules.coin_number(units, _language())


@register.filter
def number(count: int | None) -> str:
    """`9806000|number`: 9,806,000."""
    return "" if count is None else rules.number_text(count)


@register.filter
def day(when: date | None) -> str:
    """A date or moment as a day with its year: 5 March 2019, 2019年3月5日."""
    return "" if when is None else rules.day_text(_day(when), _language())


@register.filter
def version_day(version: str) -> str:
    """The first day of a text's or rule's version, as a day: `terms@2015-01-01` is of 1 January 2015."""
    try:
        return rules.day_text(date.fromisoformat(version.partition("@")[2]), _language())
    except ValueError:
        return version


@register.filter
def weekday(when: date | None) -> str:
    """A date or moment as its weekday: Tuesday, 星期二."""
    return "" if when is None else rules.weekday_text(_day(when), _language())


@register.filter
def time_of_day(at: datetime | None) -> str:
    """A moment as the city's clock shows it: 9:00."""
    return "" if at is None else rules.clock_text(_in_city(at))


@register.filter
def day_and_time(when: datetime | Span | str | None, ends_at: datetime | None = None) -> str:
    """A moment, a moment and its end, or a period; with its year only if that is not this year."""
    if when is None or isinstance(when, str):
        return when or ""
    if isinstance(when, datetime):
        starts_at = _in_city(when)
    else:
        starts_at, ends_at = _in_city(when.starts_at), when.ends_at
    return rules.day_and_time_text(
        starts_at,
        _in_city(ends_at) if ends_at else None,
        _language(),
        year=starts_at.year != _in_city(clock.now()).year,
    )


@register.filter
def period(span: Span | None) -> str:
    """A period with both its ends, as `day_and_time`."""
    return day_and_time(span)


@register.filter
def days(first: date | None, last: date | None = None) -> str:
    """`first|days:last`: 5–12 March 2019, both days included; without `last`: from 5 March 2019."""
    if first is None:
        return ""
    return rules.days_text(_day(first), None if last is None else _day(last), _language())


@register.filter
def masked(name: str | None) -> str:
    """A person's name as a stranger may read it: 林*."""
    return rules.masked_name(name or "")


@register.filter
def surname(name: str | None) -> str:
    """What a mask leaves of a name, without the star, for a screen reader."""
    return rules.masked_name(name or "").removesuffix("*")


@register.filter
def at_least(count: int | None, noun: str = "") -> str:
    """`150|at_least:"人"`: a count known as a lower bound, with its noun in the reader's language."""
    return "" if count is None else rules.at_least_text(count, noun, _language())


@register.filter
def ordinal(position: int | None) -> str:
    """A place in a queue: 3rd, 第3位."""
    return "" if position is None else rules.ordinal_text(position, _language())


@register.filter
def distance(distance_m: int | None) -> str:
    """Metres as a distance: 350 m, 1.2公里."""
    return "" if distance_m is None else rules.distance_text(distance_m, _language())


@register.filter
def yuan(amount_fen: int | None) -> str:
    """Fen as money: ¥12.50."""
    return "" if amount_fen is None else rules.yuan_text(amount_fen)


@register.filter
def share_of(done: int, whole: int) -> rules.Share:
    """How far `done` of `whole` has gone, within bounds, for a bar."""
    return rules.share(done, whole)


@register.filter
def minus(one: int, other: int) -> int:
    """The difference of two whole numbers."""
    return int(one) - int(other)


@register.filter
def reaches(score: float | str | None, step: int | str) -> bool:
    """Whether a score, rounded to the nearest whole star, fills this star: `4.6|reaches:5`."""
    return score not in (None, "") and round(float(score or 0)) >= int(step)


@register.filter
def at(items: Sequence[Any], place: int) -> Any:
    """The item at a place, from 0; an empty text beyond the end."""
    return items[place] if place < len(items) else ""


@register.filter
def said(error: DomainError | Refusal | None) -> Refusal | None:
    """A refusal in the reader's language, whether it was translated already or not."""
    return doors.refusal(error) if isinstance(error, DomainError) else error


@register.filter
def notice_look(kind: str | None) -> dict[str, str]:
    """The look of a notice by its kind or by Django's message level."""
    name = LEVELS.get(kind or "done", kind or "done")
    return NOTICES.get(name, NOTICES["plain"])


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether a field is one single box to tick, which stands before its label."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An outline icon of the sprite, always beside a word; `label` only where the word is not visible."""
    address = f"{static('design/vendor/icons/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', address
    )


@register.inclusion_tag("design/_refusal.html")
def refusal(error: DomainError | Refusal, way_url: str = "", way_label: str = "") -> dict[str, Any]:
    """What was refused, why, and the way that is open; `way_url` with `way_label` makes the way a button."""
    return {"refusal": error, "way_url": way_url, "way_label": way_label}
