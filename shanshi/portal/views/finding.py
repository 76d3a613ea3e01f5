"""Finding something to do: as a list, on a map, in a calendar, or near where one is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.activities import queries
from shanshi.activities.queries import Finding
from shanshi.design.rules import WEEKDAYS_EN, WEEKDAYS_ZH, is_chinese, month_text
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.foundation.headers import GEOLOCATION, using
from shanshi.foundation.limits import limited
from shanshi.kernel.errors import N_
from shanshi.kernel.quantities import city_day
from shanshi.portal.forms import FindForm
from shanshi.portal.forms.finding import KILOMETRES, NearForm
from shanshi.portal.queries import districts_to_choose, maps, months
from shanshi.portal.views.cards import cards

PAGE = 12
# Ways to look at what is found, and what each is called; the first is usual.
LOOKS: Final = {"list": N_("List"), "map": N_("Map"), "month": N_("Month"), "week": N_("Week")}
_ASKED: Final = ("q", "district", "field", "from_on", "until_on", "free")
_DAYS: Final = ("from_on", "until_on")


@public
@limited("searches")
@using(GEOLOCATION)
@require_GET
def find(request: Request) -> HttpResponse:
    """What one can sign up for, by text, district, field, days and free places."""
    now = clock.now()
    form, finding = _asked(request, now)
    look = request.GET.get("as", "list")
    look = look if look in LOOKS else "list"
    draw = {"list": _as_list, "map": _as_map, "month": _as_month, "week": _as_week}[look]
    context = _frame(request, form, now, look)
    return render(request, "portal/find.html", {**context, **draw(request, finding, now)})


@public
@limited("searches")
@using(GEOLOCATION)
@require_POST
def find_near(request: Request) -> HttpResponse:
    """The same, the nearest first. Where somebody is comes in the body and goes nowhere else."""
    now = clock.now()
    form, finding = _asked(request, now)
    where = NearForm(request.POST)
    context = _frame(request, form, now, "list")
    if not where.is_valid():
        return render(
            request, "portal/find.html", {**context, **_as_list(request, finding, now), "lost": True}
        )
    near, cursor = where.near(), request.POST.get("after")
    found, following = queries.activities_near(finding, near, at=now, cursor=cursor, limit=PAGE)
    distances = [(km, _("Within {km} km").format(km=km)) for km in KILOMETRES]
    return render(
        request,
        "portal/find.html",
        {
            **context,
            "cards": cards(found),
            "near": near,
            "within_km": near.within_m // 1000,
            "distances": distances,
            "following": following,
            "is_first": not cursor,
        },
    )


def _asked(request: Request, now: datetime) -> tuple[FindForm, Finding]:
    # Of a search from where one is, the words come with the place, in the body.
    typed = request.POST if request.method == "POST" else request.GET
    form = FindForm(typed, districts=districts_to_choose(now), fields=queries.fields_in_use())
    return form, (form.finding() if form.is_valid() else Finding())


def _kept(request: Request) -> dict[str, str]:
    typed = request.POST if request.method == "POST" else request.GET
    return {name: str(typed[name]) for name in _ASKED if typed.get(name)}


def _frame(request: Request, form: FindForm, now: datetime, look: str) -> dict[str, Any]:
    kept = _kept(request)
    asked = {name: value for name, value in kept.items() if name not in _DAYS}
    return {
        "form": form,
        "look": look,
        "looks": [
            # A calendar has its own days.
            {
                "label": _(word),
                "url": _url(kept if name in {"list", "map"} else asked, name),
                "current": name == look,
            }
            for name, word in LOOKS.items()
        ],
        "days": day_chips(now, kept | ({"as": look} if look == "map" else {}))
        if look in {"list", "map"}
        else [],
        "kept": kept,
        "narrowed": bool(kept),
        # A district that the map shows is said there.
        "more": bool(kept.keys() - {"q"} - ({"district"} if look == "map" else set())),
    }


def _url(kept: dict[str, str], look: str = "list", **more: str) -> str:
    query = urlencode({**kept, **({"as": look} if look != "list" else {}), **more})
    return f"{reverse('portal:find')}?{query}" if query else reverse("portal:find")


def _as_list(request: Request, finding: Finding, now: datetime) -> dict[str, Any]:
    cursor, kept = request.GET.get("after"), _kept(request)
    found, following = queries.activities_open(finding, at=now, cursor=cursor, limit=PAGE)
    return {
        "cards": cards(found),
        "first_url": _url(kept) if cursor else "",
        "next_url": _url(kept, after=following) if following else "",
    }


def _as_map(request: Request, finding: Finding, now: datetime) -> dict[str, Any]:
    kept = _kept(request)
    rest = {name: value for name, value in kept.items() if name != "district"}
    drawn = maps.city_map(finding, at=now, link=lambda code: _url({**rest, "district": code}, "map"))
    sheets = [_sheet(one, drawn, number) for number, one in enumerate(drawn.sheets)]
    return {
        "map": drawn,
        "sheets": sheets,
        "city_url": _url(rest, "map"),
        "list_url": _url(kept),
        "in_districts": [
            {"label": one.name, "url": _url({**rest, "district": one.code}, "map"), "count": one.count}
            for one in drawn.districts
        ],
    }


def _sheet(sheet: dict[str, Any], drawn: maps.CityMap, number: int) -> dict[str, Any]:
    """The component's map, in words of the reader's language."""
    label = (
        drawn.current.name if drawn.current else (_("Districts in the middle") if number else _("The city"))
    )
    shapes = [{**shape, "label": shape["district"].name} for shape in sheet["shapes"]]
    points = []
    for point in sheet["points"]:
        if "spot" in point:
            spot = point["spot"]
            words = f"{spot.number}. {spot.dots[0].place_text}: {_count(len(spot.dots))}"
            points.append({**point, "label": words, "url": f"#spot-{spot.number}"})
        else:
            # The district's own shape is the link; a second one to the same place helps nobody.
            points.append({**point, "label": f"{point['district'].name}: {_count(point['number'])}"})
    return {**sheet, "label": label, "shapes": shapes, "points": points}


def _count(count: int) -> str:
    return ngettext("{count} activity", "{count} activities", count).format(count=count)


def _as_month(request: Request, finding: Finding, now: datetime) -> dict[str, Any]:
    kept, language = _asked_without_days(request), get_language() or "zh-hans"
    on = months.day_near(request.GET.get("on", ""), now)
    grid = months.month(finding, on, at=now)
    day = replace(finding, from_on=on, until_on=on)
    found, following = queries.activities_open(day, at=now, limit=PAGE)
    weeks = [
        [
            {
                "number": one.on.day,
                "on": one.on,
                "url": _url(kept, "month", on=one.on.isoformat()) + "#day",
                "count": one.found.count or None,
                "words": ngettext("shift", "shifts", one.found.count),
                "today": one.is_today,
                "current": one.on == on,
                "other": one.is_outside,
            }
            for one in line
        ]
        for line in grid.weeks
    ]
    return {
        "month": {
            "title": month_text(on, language),
            "older_url": _url(kept, "month", on=grid.before.isoformat()),
            "newer_url": _url(kept, "month", on=grid.after.isoformat()),
            "weekdays": [_short(step, language) for step in range(7)],
            "weeks": weeks,
        },
        "on": on,
        "cards": cards(found),
        "next_url": _url({**kept, "from_on": on.isoformat(), "until_on": on.isoformat()}, after=following)
        if following
        else "",
    }


def _as_week(request: Request, finding: Finding, now: datetime) -> dict[str, Any]:
    kept = _asked_without_days(request)
    grid = months.week(finding, months.day_near(request.GET.get("on", ""), now), at=now)
    return {
        "week": grid,
        "week_days": [
            (day, _url({**kept, "from_on": day.on.isoformat(), "until_on": day.on.isoformat()}))
            for day in grid.days
        ],
        "older_url": _url(kept, "week", on=grid.before.isoformat()),
        "newer_url": _url(kept, "week", on=grid.after.isoformat()),
    }


def _asked_without_days(request: Request) -> dict[str, str]:
    return {name: value for name, value in _kept(request).items() if name not in _DAYS}


def _short(step: int, language: str) -> str:
    return WEEKDAYS_ZH[step][-1] if is_chinese(language) else WEEKDAYS_EN[step][:3]


def day_chips(at: datetime, kept: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return links to what is on today, tomorrow, at the weekend and within a week.

    kept  what else was looked for
    """
    today = city_day(at)
    saturday = today + timedelta(days=max(5 - today.weekday(), 0))
    sunday = today + timedelta(days=6 - today.weekday())
    spans: list[tuple[str, date, date]] = [
        (_("Today"), today, today),
        (_("Tomorrow"), today + timedelta(days=1), today + timedelta(days=1)),
        (_("This weekend"), max(saturday, today), sunday),
        (_("Within a week"), today, today + timedelta(days=7)),
    ]
    kept = kept or {}
    chips = []
    for label, first, last in spans:
        days = {"from_on": first.isoformat(), "until_on": last.isoformat()}
        current = all(kept.get(name) == value for name, value in days.items())
        rest = {name: value for name, value in kept.items() if name not in days}
        query = urlencode(rest if current else {**rest, **days})
        chips.append({"label": label, "url": f"{reverse('portal:find')}?{query}", "current": current})
    return chips


def district_chips(at: datetime) -> list[dict[str, Any]]:
    """Return links to what is on in each district."""
    return [
        {"label": name, "url": f"{reverse('portal:find')}?{urlencode({'district': code})}"}
        for code, name in districts_to_choose(at)
    ]
