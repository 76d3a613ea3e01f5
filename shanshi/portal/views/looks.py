"""Looking at an identity: the purpose first, then what it needs, for this one answer only."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from shanshi.foundation import clock
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.portal import access
from shanshi.portal.forms.staff import LookForm
from shanshi.portal.queries.roles import place_names
from shanshi.registry import operations, queries


@asks(access.LOOK_AT_NAMES)
@require_http_methods(["GET", "POST"])
@sensitive_variables("shown", "found", "context")
def look(request: Request, number: str) -> HttpResponse:
    """Ask what for; then show it, once. The person sees who looked, when and why."""
    place = request.POST.get("place") or request.GET.get("place", "city")
    now = clock.now()
    (holder_id,), capacity = access.people_to_look_at(
        request.actor, place, [number], purpose=request.POST.get("purpose"), at=now
    )
    person = queries.volunteer(holder_id)
    form = LookForm(request.POST or None)
    context = {
        "person": person,
        "form": form,
        "place": place,
        "place_name": place_names([place]).get(place, ""),
        "shift_id": place.removeprefix("shift:") if place.startswith("shift:") else "",
    }
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/look.html", context, status=422 if form.errors else 200)
    typed = form.cleaned_data
    try:
        found = operations.look(
            [holder_id],
            typed["fields_wanted"],
            purpose=typed["purpose"],
            note=typed["note"],
            by=request.actor,
            capacity=capacity,
            at=now,
        )
    except DomainError as error:
        said = refusal(error)
        return render(request, "portal/look.html", {**context, "refused": said}, status=said.status)
    shown = [(field.value, text) for field, text in found.get(holder_id, {}).items()]
    answer = render(request, "portal/look.html", {**context, "shown": shown, "purpose": typed["purpose"]})
    answer["Cache-Control"] = "no-store"
    return answer
