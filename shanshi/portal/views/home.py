"""The first page: what can I do now, near me, today?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shanshi.activities import queries as activities
from shanshi.activities.queries import Finding
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.foundation.headers import GEOLOCATION, using
from shanshi.portal.queries.city import city_figures, first_street
from shanshi.portal.queries.mine import Ahead, ahead
from shanshi.portal.views.cards import cards
from shanshi.portal.views.finding import day_chips, district_chips

CARDS = 6


@public
@using(GEOLOCATION)
@require_GET
def home(request: Request) -> HttpResponse:
    """Three figures of the city, what is near and soon, and the partner street."""
    now, holder_id = clock.now(), request.actor.holder_id
    found, _ = activities.activities_open(Finding(free=True), at=now, limit=CARDS)
    return render(
        request,
        "portal/home.html",
        {
            "figures": city_figures(now),
            "ahead": ahead(holder_id, at=now) if holder_id else Ahead(),
            "cards": cards(found),
            "days": day_chips(now),
            "districts": district_chips(now),
            "street": first_street(now),
        },
    )
