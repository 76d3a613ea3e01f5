"""What every answer says to the browser about itself."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse


class ContentSecurityMiddleware:
    """Sends the Content-Security-Policy of the settings with every answer, and lets nobody keep it.

    There are no nonces and no exceptions here, so the policy is written once at the start; the middleware of
    django-csp writes it anew for each answer, which cost a tenth of a scan.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault(HEADER, self.policy)
        # Answers hold names, tokens and codes. Files of the design are sent before this, and may be kept.
        is_api = request.path.startswith("/api/")
        response.setdefault("Cache-Control", "no-store" if is_api else "private, no-cache")
        return response
