"""Checking in and out at a door: by the camera, or by its six digits."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shanshi.activities import queries as activities
from shanshi.attendance import operations
from shanshi.attendance.operations import ScanAnswer
from shanshi.attendance.operations.stamps import StampAnswer, stamp
from shanshi.attendance.queries.stamps import booth_of_digits
from shanshi.attendance.rules import Direction, codes
from shanshi.attendance.rules.stamps import is_booth_code
from shanshi.design.rules import clock_text, hours_text
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request
from shanshi.foundation.headers import CAMERA, GEOLOCATION, using
from shanshi.foundation.permissions import asks
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.portal import access
from shanshi.portal.forms import ScanForm
from shanshi.portal.queries.mine import Ahead, ahead
from shanshi.portal.views.answers import scanned
from shanshi.registry import queries as registry
from shanshi.registry.rules import Purpose

# Not "device": that is the signed name by which signing in counts tries.
SCANNER_COOKIE = "scanner"
SCANNER_KEPT = timedelta(days=730)


@asks(access.SCAN)
@using(CAMERA, GEOLOCATION)
@require_http_methods(["GET", "POST"])
def check_in(request: Request) -> HttpResponse:
    """The camera for the code at the door; the same page checks in and out."""
    access.scanner(request.actor)
    answer = _scan(request) if request.method == "POST" else _page(request)
    if SCANNER_COOKIE not in request.COOKIES:
        # The name of this phone: with the nonce, a scan that is sent twice is one scan.
        answer.set_cookie(
            SCANNER_COOKIE, str(new_id()), max_age=SCANNER_KEPT, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
    return answer


def _page(request: Request) -> HttpResponse:
    holder_id = request.actor.holder_id
    found = ahead(holder_id, at=clock.now()) if holder_id else Ahead()
    nonce = format_html('<input type="hidden" name="nonce" value="{}">', new_id())
    agrees = holder_id is not None and bool(registry.consented([holder_id], Purpose.LOCATION))
    return render(request, "portal/check_in.html", {"ahead": found, "nonce": nonce, "location": agrees})


def _scan(request: Request) -> HttpResponse:
    form = ScanForm(request.POST)
    form.full_clean()
    text = request.POST.get("code", "")
    if is_booth_code(text) or _shows_booth(request, text):
        return scanned(request, reverse("portal:check-in"), lambda: _stamped(request, text), _stamp_told)
    sent = form.sent(device=request.COOKIES.get(SCANNER_COOKIE) or f"once:{new_id()}")
    return scanned(request, reverse("portal:check-in"), lambda: _checked(request, sent), _told)


def _shows_booth(request: Request, text: str) -> bool:
    """Whether six digits are those of a booth of the event at which the reader is checked in."""
    if not codes.is_digits(text) or request.actor.holder_id is None:
        return False
    typed = codes.Digits("".join(text.split()))
    return booth_of_digits(request.actor.holder_id, typed, clock.real_now()) is not None


def _stamped(request: Request, text: str) -> StampAnswer:
    real_at = clock.real_now()
    with limits.failures("failed_scans", str(request.actor.known()), at=real_at):
        return stamp(text, by=request.actor, at=clock.now(), real_at=real_at)


def _stamp_told(answer: StampAnswer) -> tuple[str, str]:
    name = activities.booth(answer.booth_id).booth.name
    if answer.is_again:
        return _("You have the stamp of {booth} already.").format(booth=name), ""
    return _("Stamped: {booth}").format(booth=name), _(
        "Go on to the next booth, and check out when you leave."
    )


def _checked(request: Request, sent: operations.ScanSent) -> ScanAnswer:
    real_at = clock.real_now()
    if codes.is_digits(sent.code):
        # Six digits could be guessed by trying; the long code cannot.
        limits.spend("digits_per_person", str(request.actor.known()), at=real_at)
    with limits.failures("failed_scans", str(request.actor.known()), sent.device, at=real_at):
        return operations.scan(sent, by=request.actor, at=clock.now(), real_at=real_at)


def _told(answer: ScanAnswer) -> tuple[str, str]:
    time = clock_text(answer.happened_at.astimezone(CITY_ZONE))
    title = activities.shift(answer.shift_id).title
    if answer.direction is Direction.IN:
        return (
            _("Checked in at {time}").format(time=time),
            _("{title}. When you leave, scan the code at the door again.").format(title=title),
        )
    if answer.minutes is None:
        return _("Checked out at {time}").format(time=time), _("{title}. It earns no hours.").format(
            title=title
        )
    minutes = hours_text(answer.minutes, get_language() or "zh-hans")
    return (
        _("Checked out at {time}: {minutes} so far").format(time=time, minutes=minutes),
        _("{title}. The leader confirms the shift; a day later your coins can be spent.").format(title=title),
    )
