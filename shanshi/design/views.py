"""The gallery of components, and the choice of appearance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from shanshi.design import samples
from shanshi.design.context import wear
from shanshi.design.forms import Appearance
from shanshi.foundation import clock
from shanshi.foundation.doors import public
from shanshi.foundation.headers import CAMERA, GEOLOCATION, using

CODE_SECONDS = 15
LONGEST_SAMPLE_CODE = 400


@public
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember theme, large text or language in a cookie, and go back to the page."""
    form = Appearance(request.POST)
    chosen, back = form.chosen(), form.way_back()
    # Without a slash it would be taken for the name of a page.
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    answer = redirect(back)
    wear(answer, theme=chosen["theme"], elder=chosen["elder"], language=chosen["language"])
    return answer


@public
@using(CAMERA, GEOLOCATION)
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with its states, in both themes."""
    return render(request, "design/gallery.html", samples.everything())


@public
@require_GET
def sample_code(request: HttpRequest) -> HttpResponse:
    """Answer as a door's code does, so that the gallery shows the ring and the renewal."""
    seconds = clock.real_now().timestamp()
    step = int(seconds // CODE_SECONDS)
    return JsonResponse(
        {
            "code": f"SHANSHI-GALLERY-{step}",
            "digits": f"{step % 1_000_000:06d}",
            "seconds": CODE_SECONDS - seconds % CODE_SECONDS,
        }
    )


@public
@require_POST
def sample_scan(request: HttpRequest) -> HttpResponse:
    """Say back what was read, or refuse it, as a till would."""
    code = request.POST.get("code", "")[:LONGEST_SAMPLE_CODE]
    if not code or "REFUSED" in code:
        return render(
            request, "design/_refusal.html", {"refusal": samples.SampleFull(capacity=12)}, status=409
        )
    return render(request, "design/_notice.html", {"title": gettext("This code was read"), "text": code})
