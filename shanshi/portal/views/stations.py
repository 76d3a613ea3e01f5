"""Stations: fixed places that volunteers serve from, with their standing shifts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.places import queries as places
from shanshi.portal.queries.programs import station_lines, station_page


@public
@require_GET
def listed(request: Request) -> HttpResponse:
    """All stations by district, each with its next shift."""
    found = places.stations()
    names = places.division_names({one.venue.division_code for one in found})
    wanted = request.GET.get("district", "")
    chips = [
        {"label": _("All districts"), "url": "?", "current": wanted not in names, "count": len(found)},
        *(
            {
                "label": name,
                "url": f"?district={code}",
                "current": wanted == code,
                "count": sum(1 for one in found if one.venue.division_code == code),
            }
            for code, name in sorted(names.items())
        ),
    ]
    if wanted in names:
        found = [one for one in found if one.venue.division_code == wanted]
    lines = station_lines(found, at=clock.now())
    districts = [
        (name, [line for line in lines if line.station.venue.division_code == code])
        for code, name in sorted(names.items())
        if wanted in {code, ""} or wanted not in names
    ]
    context = {"lines": lines, "chips": chips, "districts": districts}
    return render(request, "portal/stations.html", context)


@public
@require_GET
def station(request: Request, station_id: UUID) -> HttpResponse:
    """One station: where it is, who keeps it, when somebody is there, and the shifts that want people."""
    return render(request, "portal/station.html", {"page": station_page(station_id, at=clock.now())})
