"""What every answer says to the browser about itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., Any])

# What a page may use of the device only where its door says so.
CAMERA = "camera"
GEOLOCATION = "geolocation"
# What no page of ours uses, and so none may, whatever it was made to load.
_NEVER = (
    "accelerometer",
    "autoplay",
    "display-capture",
    "encrypted-media",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)


def using(*devices: str) -> Callable[[View], View]:
    """Say at a door what its page uses of the device: CAMERA, GEOLOCATION. Every other page may not."""

    def mark(view: View) -> View:
        view.uses = frozenset(devices)  # type: ignore[attr-defined]
        return view

    return mark


def permissions(uses: frozenset[str] = frozenset()) -> str:
    """Return the Permissions-Policy of a page that uses these devices."""
    asked = [f"{name}=(self)" if name in uses else f"{name}=()" for name in (CAMERA, GEOLOCATION)]
    return ", ".join([*asked, *(f"{name}=()" for name in _NEVER)])


class ContentSecurityMiddleware:
    """Sends the policies of the settings with every answer, files of the design included, and lets nobody
    keep what was for one person.

    There are no nonces and no exceptions here, so the policies are written once at the start; the middleware
    of django-csp writes its one anew for each answer, which cost a tenth of a scan.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()
        self.nothing = permissions()
        self.some: dict[frozenset[str], str] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault(HEADER, self.policy)
        headers["Permissions-Policy"] = self._permissions(request)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # What serves us, and in which version, helps nobody who means well.
        headers["Server"] = "Shanshi"
        # Answers hold names, tokens and codes. Files of the design have said before that they may be kept.
        is_api = request.path.startswith("/api/")
        headers.setdefault("Cache-Control", "no-store" if is_api else "private, no-cache")
        return response

    def process_view(self, request: HttpRequest, view: Any, *_: object) -> None:
        """Remember what the door that was found uses of the device."""
        uses = getattr(view, "uses", None)
        if uses:
            request.uses = uses  # type: ignore[attr-defined]

    def _permissions(self, request: HttpRequest) -> str:
        uses: frozenset[str] | None = getattr(request, "uses", None)
        if uses is None:
            return self.nothing
        return self.some.setdefault(uses, permissions(uses))
