"""Between the web server and Django: a request is whole before anybody works on it.

The server gives a request to a thread as soon as its head has come, and the thread then waits for the body.
With as few threads as work best, four clients that send no body would keep everybody waiting. So there are
many threads that may wait, and few that may work: first the body is read, then a place is taken.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

from shanshi.foundation import sizes

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_PART = 64 * 1024
_DRAINED = 16 * 1024 * 1024  # read and thrown away, so that a client that sends too much can read the answer


class WholeRequests:
    """A WSGI application that reads bodies outside the few places at which requests are worked on."""

    def __init__(self, application: Application, *, at_once: int) -> None:
        self.application = application
        self.places = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH")
        if (length and length != "0") or "HTTP_TRANSFER_ENCODING" in environ:
            _read_whole(environ)
        with self.places:
            return self.application(environ, start_response)


def _read_whole(environ: Environ) -> None:
    """Put the body in memory; one that is too large is thrown away, and the environment says so."""
    most = sizes.most_bytes(environ.get("CONTENT_TYPE", "").lower())
    length = environ.get("CONTENT_LENGTH", "")
    said = int(length) if length.isdecimal() else None
    body = b""
    if said is None or said <= most:
        # Without a length the body comes in chunks, and its end is known when it is there.
        body = environ["wsgi.input"].read(most + 1 if said is None else said)
    if len(body) > most or (said is not None and said > most):
        left = _DRAINED
        while left > 0 and (part := environ["wsgi.input"].read(min(_PART, left))):
            left -= len(part)
        body = b""
        environ[sizes.UNREAD] = "1"
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
