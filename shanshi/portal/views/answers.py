"""How pages answer to a change: by a message on the next page, or by a fragment for the camera."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from shanshi.foundation.doors import Request, refusal
from shanshi.kernel.errors import DomainError

Answer = TypeVar("Answer")


def changed(
    request: Request, back: str, change: Callable[[], object], says: str, *, again: str = ""
) -> HttpResponse:
    """Try a change, tell how it went on the page `back`, and go there.

    says   what has changed, in the reader's language
    again  where to go instead when it was refused
    """
    try:
        change()
    except DomainError as error:
        refused(request, error)
        return redirect(again or back)
    else:
        messages.success(request, says)
    return redirect(back)


def refused(request: Request, error: DomainError) -> None:
    """Put a refusal on the next page: what, each of its reasons, and the way that is open."""
    said = refusal(error)
    for one in (said, *said.parts):
        messages.error(request, f"{one.says} {one.way}".strip())


def scanned(
    request: Request, back: str, change: Callable[[], Answer], says: Callable[[Answer], tuple[str, str]]
) -> HttpResponse:
    """Answer to a code: a fragment where the camera asked, otherwise the page `back` with a message.

    says  makes title and text of the answer, in the reader's language
    """
    try:
        title, text = says(change())
    except DomainError as error:
        if request.htmx:
            said = refusal(error)
            return said.on(render(request, "design/_refusal.html", {"refusal": said}, status=said.status))
        refused(request, error)
        return redirect(back)
    if request.htmx:
        return render(request, "design/_notice.html", {"title": title, "text": text, "kind": "done"})
    messages.success(request, f"{title} {text}".strip())
    return redirect(back)
