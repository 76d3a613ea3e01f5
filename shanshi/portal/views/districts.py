"""Districts and subdistricts: the list, and a page of public figures that is the desk of its staff too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shanshi.activities.access import REVIEW_ACTIVITY, SEE_DESK
from shanshi.activities.queries.reviewing import reviews_waiting
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.kernel.quantities import city_day
from shanshi.places.queries import lineage_near
from shanshi.portal.access import SEE_ROLES
from shanshi.portal.queries.districts import district_lines, district_page, outline
from shanshi.portal.views.cards import cards
from shanshi.registry.access import MANAGE_ORGANIZATIONS


@public
@require_GET
def listed(request: Request) -> HttpResponse:
    """The districts of the city, with what is going on in each."""
    return render(request, "portal/districts.html", {"lines": district_lines(clock.now())})


@public
@require_GET
def district(request: Request, division_code: str) -> HttpResponse:
    """One district or subdistrict: its figures, activities, bodies, stations, streets, programs and parts."""
    now = clock.now()
    page = district_page(division_code, now)
    context: dict[str, object] = {
        "page": page,
        "division": page.division,
        "cards": cards(page.now),
        "desk": None,
    }
    context["outline"] = outline(page.division.code, city_day(now))
    if request.actor.grants:
        context["desk"] = _desk(request, page.division.code)
    return render(request, "portal/district.html", context)


def _desk(request: Request, code: str) -> dict[str, object] | None:
    """What somebody of the office finds here beside the figures; nothing for everybody else."""
    actor = request.actor
    lineage = lineage_near(code, city_day(clock.now()))
    reviews = REVIEW_ACTIVITY.by_role(actor, ("", *lineage))
    if not (reviews or SEE_DESK.by_role(actor, lineage)):
        return None
    waiting = reviews_waiting((f"division:{code}",), person_id=actor.known()) if reviews else []
    return {
        "waiting": len(waiting),
        "oldest": waiting[0] if waiting else None,
        "reviews": reviews,
        "makes": MANAGE_ORGANIZATIONS.by_role(actor, lineage),
        "sees_roles": SEE_ROLES.by_role(actor, lineage),
    }
