"""How large a request may be, and what is answered to one that is larger.

A request is refused as early as it can be: its address and its length are looked at before anything of it
is read, and what is read is counted on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse

from shanshi.foundation import problems, uploads
from shanshi.kernel.errors import N_, DomainError, Invalid, Kind

MOST_ADDRESS = 4096  # characters of path and query; the longest of ours has about 700
UNREAD = "shanshi.unread"  # in the environment of a request: the server has thrown its body away
_MULTIPART_FRAME = 64 * 1024  # what fields and boundaries may add to a file


class BodyTooLarge(Invalid):
    """More was sent than any door takes."""

    code = "foundation.body_too_large"
    says = N_("This is more than may be sent at once.")
    way = N_("Send at most {most_kb} KB and {most_fields} fields, in several parts if need be.")
    kind = Kind.TOO_LARGE


class AddressTooLong(Invalid):
    """The path and its query are longer than any of ours."""

    code = "foundation.address_too_long"
    says = N_("This address is too long.")
    way = N_("Shorten what stands after the question mark, for example the text you look for.")


class SizeMiddleware:
    """Refuses a request that is too large before it is read, and files at doors that take none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        if len(meta.get("QUERY_STRING", "")) + len(request.path_info) > MOST_ADDRESS:
            return problems.refuse(request, AddressTooLong(), status=414)
        length = meta.get("CONTENT_LENGTH")
        if (length and length != "0" and _is_over(request, length)) or UNREAD in meta:
            return problems.refuse(request, too_large())
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: object) -> HttpResponse | None:
        """Let files in at a door that takes some; everywhere else the first one ends the reading."""
        if request.content_type != "multipart/form-data":
            return None
        taken: uploads.Taken | None = getattr(view, "takes_files", None)
        if taken is None and int(request.META.get("CONTENT_LENGTH") or 0) > _most_without_files():
            return problems.refuse(request, too_large())
        request.upload_handlers = [uploads.Handler(request, taken)]
        return None


def too_large() -> BodyTooLarge:
    """Return the refusal of a body that is too large."""
    return BodyTooLarge(
        most_kb=_most_without_files() // 1024, most_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    )


def most_bytes(content_type: str) -> int:
    """Return how many bytes a body of this type may have at any door."""
    if content_type.startswith("multipart/form-data"):
        return uploads.MOST_BYTES + _MULTIPART_FRAME
    return _most_without_files()


def _most_without_files() -> int:
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    return most


def _is_over(request: HttpRequest, length: str) -> bool:
    try:
        return int(length) > most_bytes(request.META.get("CONTENT_TYPE", "").lower())
    except ValueError:
        return False


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for a request that the frame could not read, with what is wrong with it (handler400)."""
    if isinstance(exception, uploads.FileRefused):
        return problems.refuse(request, exception.refusal)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return problems.refuse(request, too_large())
    error: DomainError = problems.BadRequest() if request.path.startswith("/api/") else PageUnreadable()
    return problems.refuse(request, error, status=400)


class PageUnreadable(Invalid):
    """A browser sent what no page of ours sends."""

    code = "foundation.page_unreadable"
    says = N_("What your browser sent could not be read. Nothing was changed.")
    way = N_("Go back, load the page again, and send it once more.")
