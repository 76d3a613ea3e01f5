"""What the gallery shows: invented values for every component and state."""

from __future__ import annotations

from calendar import Calendar
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext

from shanshi.kernel.errors import N_, DomainError, SignInNeeded
from shanshi.kernel.period import Period

MORNING = Period(datetime(2019, 3, 26, 1, 0, tzinfo=UTC), datetime(2019, 3, 26, 3, 30, tzinfo=UTC))

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


class SampleFull(DomainError):
    """The gallery's refusal: a shift without a place left."""

    code = "design.sample_full"
    says = N_("All {capacity} places of this shift are taken.")
    way = N_("Join the waiting list, or choose the shift on Thursday.")


class SampleForm(forms.Form):
    """One field of every sort."""

    name = forms.CharField(label=gettext_lazy("Your name"), help_text=gettext_lazy("As on your ID card."))
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    district = forms.ChoiceField(
        label=gettext_lazy("District"),
        choices=[("330102", "上城区"), ("330108", "滨江区"), ("330122", "桐庐县")],
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What you can do"),
        choices=[("sign", gettext_lazy("Sign language")), ("first", gettext_lazy("First aid"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("A few words"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agree = forms.BooleanField(label=gettext_lazy("I have read what is kept about me"))


class SampleRating(forms.Form):
    """Five stars to choose from, and a file to drop."""

    score = forms.ChoiceField(
        label=gettext_lazy("How was it?"),
        choices=[
            (1, gettext_lazy("Bad")),
            (2, gettext_lazy("Poor")),
            (3, gettext_lazy("Fair")),
            (4, gettext_lazy("Good")),
            (5, gettext_lazy("Excellent")),
        ],
        widget=forms.RadioSelect,
        initial=4,
    )
    file = forms.FileField(label=gettext_lazy("The filled-in workbook"))


def everything() -> dict[str, Any]:
    """Return the gallery's context."""
    wrong = SampleForm(
        {"name": "林小雨", "phone": "", "skills": ["sign"], "words": "周末有空"}, auto_id="wrong_%s"
    )
    return {
        "cards": cards(),
        "figures": figures(),
        "refused": SampleFull(capacity=12),
        "sign_in": SignInNeeded(),
        "form": SampleForm(),
        "wrong": wrong,
        "steps": steps(),
        "chips": chips(),
        "table": table(),
        "morning": MORNING,
        "choices": ["light", "dark"],
        "rating": SampleRating(auto_id="rating_%s"),
        "month": month(),
        "map": street_map(),
        "queue": queue(),
        "keys": [
            {"key": "j k", "does": gettext("up and down")},
            {"key": "p", "does": gettext("publish")},
            {"key": "r", "does": gettext("return")},
        ],
    }


def cards() -> list[dict[str, Any]]:
    """Return an open, a nearly full, a full and a joined activity."""
    field = {
        "civility": gettext("Civility guidance"),
        "old": gettext("Respect for the old"),
        "ecology": gettext("Ecology"),
        "community": gettext("Community service"),
    }
    base = {"url": "#card", "when": MORNING, "capacity": 12}
    return [
        base
        | {"title": "湖滨路口文明引导", "field": field["civility"], "icon": "traffic-lights", "taken": 3}
        | {"where": "湖滨街道 湖滨路口", "distance": 350, "organizer": "上城区青年志愿者协会"},
        base
        | {"title": "市一医院自助机帮办", "field": field["old"], "icon": "old", "taken": 11}
        | {"where": "浣纱路261号 门诊大厅", "distance": 1240, "organizer": "杭州市第一人民医院"},
        base
        | {"title": "新塘河清岸行动", "field": field["ecology"], "icon": "leaf", "taken": 12}
        | {"where": "采荷街道 新塘河驿站", "distance": 4800, "organizer": "化云惠老公益中心"},
        base
        | {"title": "长庆街道为老送餐", "field": field["community"], "icon": "home", "taken": 8}
        | {"where": "长庆街道 王马社区", "distance": 900, "organizer": "王马社区"}
        | {"badge": gettext("You are in"), "badge_kind": "hours", "badge_icon": "check"},
    ]


def figures() -> list[dict[str, Any]]:
    """Return one figure of each kind that is counted."""
    return [
        {"kind": "hours", "label": gettext("Verified hours"), "minutes": 210, "cause": "文澜图书馆"},
        {"kind": "honorary", "label": gettext("Honorary hours"), "minutes": 90, "cause": "2016 G20"},
        {"kind": "coins", "label": gettext("Coins to spend"), "units": 210, "cause": "新华路"},
        {"kind": "points", "label": gettext("Red points"), "count": 3, "cause": "红动志愿"},
    ]


def month() -> dict[str, Any]:
    """Return March 2019 with a few days on which something is open."""
    counts = {20: 3, 23: 12, 26: 5}
    weeks = [
        [
            {
                "number": day.day,
                "on": day,
                "url": f"#{day}" if counts.get(day.day) and day.month == 3 else "",
                "count": counts.get(day.day) if day.month == 3 else None,
                "words": gettext("shifts"),
                "today": day == date(2019, 3, 20),
                "current": day == date(2019, 3, 26),
                "other": day.month != 3,
            }
            for day in week
        ]
        for week in Calendar().monthdatescalendar(2019, 3)
    ]
    return {
        "title": gettext("March 2019"),
        "older_url": "#month",
        "newer_url": "#month",
        "weekdays": [gettext(name) for name in WEEKDAYS],
        "weeks": weeks,
    }


def street_map() -> dict[str, Any]:
    """Return a street with three shops on it."""
    return {
        "label": "新华路",
        "box": "0 0 600 220",
        "shapes": [
            {"d": "M20 20H290V90H20Z", "label": "长庆街道", "url": "#map", "text_x": 150, "text_y": 55},
            {"d": "M310 20H580V90H310Z", "label": "天水街道", "text_x": 450, "text_y": 55},
            {"d": "M20 150H580", "kind": "road", "label": "新华路"},
        ],
        "points": [
            {"x": 110, "y": 150, "number": 1, "label": "老长庆面馆", "url": "#map"},
            {"x": 300, "y": 150, "number": 2, "label": "花店", "url": "#map", "kind": "coins"},
            {"x": 480, "y": 150, "number": 3, "label": "眼镜店", "url": "#map", "current": True},
        ],
        "words": gettext("Drawn from the city's own list of places, without outside maps."),
    }


def queue() -> list[dict[str, Any]]:
    """Return three things that wait, the first for too long, the second open."""
    waits = gettext("Submitted")
    return [
        {"url": "#queue", "title": "湖滨路口文明引导", "words": "上城区青年志愿者协会", "value": "1"}
        | {"age": hours_ago(52), "late": True, "badge": waits, "badge_kind": "coins"},
        {"url": "#queue", "title": "新塘河清岸行动", "words": "化云惠老公益中心", "value": "2"}
        | {"age": hours_ago(5), "current": True},
        {
            "url": "#queue",
            "title": "长庆街道为老送餐",
            "words": "王马社区",
            "value": "3",
            "age": hours_ago(1),
        },
    ]


def hours_ago(hours: int) -> str:
    """Return an age in words."""
    return ngettext("{hours} hour", "{hours} hours", hours).format(hours=hours)


def steps() -> list[dict[str, str]]:
    """Return the way of an activity, standing at its second step."""
    return [
        {"label": gettext("Draft"), "state": "done"},
        {"label": gettext("Submitted"), "state": "now"},
        {"label": gettext("Published"), "state": "later"},
    ]


def chips() -> list[dict[str, Any]]:
    """Return chips of districts, the second one chosen."""
    return [
        {"label": gettext("Whole city"), "url": "#chips", "count": 214, "current": False},
        {"label": "上城区", "url": "#chips", "count": 38, "current": True},
        {"label": "下城区", "url": "#chips", "count": 26, "current": False},
        {"label": "滨江区", "url": "#chips", "count": 41, "current": False},
    ]


def table() -> dict[str, Any]:
    """Return a small statement."""
    return {
        "caption": gettext("March 2019"),
        "columns": [
            {"label": gettext("Service")},
            {"label": gettext("Day")},
            {"label": gettext("Verified"), "number": True},
            {"label": gettext("Coins"), "number": True},
        ],
        "rows": [
            ["文澜图书馆 读者引导", "3-05", "3:30", "3.5"],
            ["市一医院自助机帮办", "3-12", "2:00", "2"],
            ["湖滨路口文明引导", "3-19", "1:15", "1.25"],
        ],
        "foot": [gettext("Together"), "", "6:45", "6.75"],
    }
