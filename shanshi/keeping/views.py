"""The table of what is kept how long, for everybody; for the city also what the runs did."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.foundation.permissions import asks
from shanshi.keeping import access, queries
from shanshi.keeping.rules import class_of
from shanshi.kernel.quantities import city_day


@public
@asks(access.SEE_RUNS)
@require_GET
def retention(request: Request) -> HttpResponse:
    """Every class of data: from when, how long, what happens then, and why."""
    terms = queries.terms(city_day(clock.now()))
    context = {
        "expiring": [term for term in terms if term.days is not None],
        "kept": [term for term in terms if term.days is None],
        "sees_runs": access.sees_runs(request.actor),
    }
    if context["sees_runs"]:
        context["last"] = [(run, class_of(run.data_class)) for run in queries.last_runs()]
        context["runs"] = [(run, class_of(run.data_class)) for run in queries.runs()]
    return render(request, "keeping/retention.html", context)
