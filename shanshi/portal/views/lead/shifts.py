"""Shifts of an activity: one, several at once, a series; changed or called off, alone or with the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shanshi.activities import access as activity_access
from shanshi.activities import operations
from shanshi.activities.queries import ActivityFacts
from shanshi.activities.rules.recurrence import days_of
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.holidays import is_public_holiday
from shanshi.portal.forms import ReasonForm, ShiftForm
from shanshi.portal.forms.lead import (
    MOST_ROWS,
    SeriesForm,
    ShiftChangeForm,
    ShiftRows,
    TemplateForm,
    rows_of,
)
from shanshi.portal.views.answers import changed
from shanshi.portal.views.lead.planning import origin_named

MORE_ROWS = 6


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def add_shift(request: Request, activity_id: UUID) -> HttpResponse:
    """Add a shift."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    form = ShiftForm(request.POST)
    if not form.is_valid():
        context = {"activity": found, "form": form, "template_form": TemplateForm()}
        return render(request, "portal/lead_activity.html", context, status=422)
    return changed(
        request,
        reverse("portal:lead-activity", args=[found.id]),
        lambda: operations.add_shifts(found.id, [form.draft()], by=request.actor, at=clock.now()),
        _("The shift has been added."),
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def several(request: Request, activity_id: UUID) -> HttpResponse:
    """Add several shifts at once, row by row; what a row leaves empty is as in the row above."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    if request.method == "GET":
        asked = request.GET
        origin = origin_named(request, template=asked.get("template", ""), copy=asked.get("copy", ""))
        shown = ShiftRows(initial=rows_of(origin.shifts if origin else ()))
        return _several(request, found, shown)
    if "more" in request.POST:
        return _several(request, found, _more(request))
    rows: Any = ShiftRows(request.POST)
    if not rows.is_whole():
        return _several(request, found, rows, status=422)
    try:
        operations.add_shifts(found.id, rows.drafts, by=request.actor, at=clock.now())
    except DomainError as error:
        said = refusal(error)
        return _several(request, found, rows, refused=said, status=said.status)
    messages.success(request, _added(len(rows.drafts)))
    return redirect("portal:lead-activity", found.id)


def _more(request: Request) -> Any:
    """The same rows with what was typed, and some more."""
    data = request.POST.copy()
    count = data.get("form-TOTAL_FORMS", "")
    data["form-TOTAL_FORMS"] = str(min(int(count) if count.isdecimal() else 0, MOST_ROWS) + MORE_ROWS)
    return ShiftRows(data)


def _several(
    request: Request, found: ActivityFacts, rows: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"activity": found, "rows": rows, **more}
    return render(request, "portal/lead_shifts.html", context, status=status)


def _added(count: int) -> str:
    says = ngettext("{count} shift has been added.", "{count} shifts have been added.", count)
    return says.format(count=count)


@asks(activity_access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def series(request: Request, activity_id: UUID) -> HttpResponse:
    """Add shifts by a rule: first the days that it gives, of which some can be left out; then the shifts."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    form = SeriesForm(request.POST or None)
    context: dict[str, Any] = {"activity": found, "form": form}
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/lead_series.html", context, status=422 if form.errors else 200)
    try:
        rule = form.rule()
        days = days_of(rule, form.cleaned_data["day"])
        if request.POST.get("shown") != _shown(rule, days):
            # The days come first; also anew, when the rule was changed after they were shown.
            offered = _offered(days, leave=form.cleaned_data["leave_holidays"])
            context |= {"days": offered, "shown": _shown(rule, days)}
            return render(request, "portal/lead_series.html", context)
        kept = set(request.POST.getlist("keep"))
        left_out = [day for day in days if day.isoformat() not in kept]
        context |= {"days": _offered(days, leave=False, kept=kept), "shown": _shown(rule, days)}
        made = operations.add_series(
            found.id, form.first(), rule, left_out=left_out, by=request.actor, at=clock.now()
        )
    except DomainError as error:
        said = refusal(error)
        return render(request, "portal/lead_series.html", {**context, "refused": said}, status=said.status)
    messages.success(request, _added(len(made.shift_ids)))
    return redirect("portal:lead-activity", found.id)


def _shown(rule: str, days: Sequence[date]) -> str:
    return f"{rule}|{days[0]}"


def _offered(
    days: Sequence[date], *, leave: bool, kept: Collection[str] | None = None
) -> list[dict[str, object]]:
    offered: list[dict[str, object]] = []
    for day in days:
        holiday = is_public_holiday(day)
        is_kept = day.isoformat() in kept if kept is not None else not (leave and holiday)
        offered.append({"day": day, "holiday": holiday, "is_kept": is_kept})
    return offered


@asks(activity_access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def change(request: Request, shift_id: UUID) -> HttpResponse:
    """Move a shift or change its places, alone or with the later ones of its series; or call it off."""
    shift = activity_access.shift_to_change(request.actor, shift_id)
    form = ShiftChangeForm(request.POST or None, shift=shift)
    if request.method == "GET" or not form.is_valid():
        context = {"shift": shift, "form": form}
        return render(request, "portal/lead_shift.html", context, status=422 if form.errors else 200)
    by, at = request.actor, clock.now()

    def step() -> object:
        if form.is_for_rest:
            return operations.change_rest(shift.id, form.rest_change(), by=by, at=at)
        return operations.change_shift(shift.id, form.change(), by=by, at=at)

    says = (
        _("Changed, with all later ones of the series.") if form.is_for_rest else _("The shift is changed.")
    )
    return _stepped(request, shift.id, shift.activity_id, step, says)


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def cancel(request: Request, shift_id: UUID) -> HttpResponse:
    """Call a shift off, alone or with the later ones of its series; everybody on it is released."""
    shift = activity_access.shift_to_change(request.actor, shift_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    by, at, is_rest = request.actor, clock.now(), request.POST.get("rest") == "rest"

    def step() -> object:
        if is_rest:
            return operations.cancel_rest(shift.id, reason=reason, by=by, at=at)
        return operations.cancel_shift(shift.id, reason=reason, by=by, at=at)

    says = (
        _("Cancelled, with all later ones of the series. Everybody who had signed up is released.")
        if is_rest
        else _("The shift is cancelled. Everybody who had signed up is released.")
    )
    return _stepped(request, shift.id, shift.activity_id, step, says)


def _stepped(
    request: Request, shift_id: UUID, activity_id: UUID, step: Callable[[], object], says: str
) -> HttpResponse:
    back = reverse("portal:lead-activity", args=[activity_id])
    return changed(request, back, step, says, again=reverse("portal:lead-shift", args=[shift_id]))
