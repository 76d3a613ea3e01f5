"""Rate limits: how often somebody may try something. Settings, relaxed in tests, demo and bench.

Two kinds, for two dangers. *Limits* (SHANSHI_LIMITS) stop guessing and flooding of phones: they are counted
in the database, exactly, for all processes together. *Brakes* (SHANSHI_BRAKES) stop floods: every changing
request of every door is counted in the memory of its web process, which costs a microsecond and no query.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from shanshi.foundation import crypto, problems
from shanshi.foundation.actor import VISITOR, Actor
from shanshi.foundation.doors import address_of
from shanshi.kernel.errors import DomainError, Kind, TooMany
from shanshi.kernel.ids import id_of

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_MOST_REMEMBERED = 50_000  # people and addresses in one window of one process
View = TypeVar("View", bound=Callable[..., Any])


def spend(limit: str, who: str, *, at: datetime) -> None:
    """Count one try against a limit.

    limit  its name in SHANSHI_LIMITS, which gives (tries, seconds)
    who    whom it counts for; kept only under a keyed index. Of limits "..._per_address" an address, of which
           the network of one household counts
    at     real time, with a zone

    Raises TooMany: the tries of this window are spent; says how many seconds are left.
    """
    tries, seconds = settings.SHANSHI_LIMITS[limit]
    window = _window(seconds, at)
    # Without the key, whoever read the table would try all phones and all addresses within minutes.
    index = crypto.blind_index("tries", network_of(who) if limit.endswith("_per_address") else who).hex()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_try (id, holder_id, taken, expires_at) VALUES (%s, %s, 1, %s)"
            " ON CONFLICT (holder_id, id) DO UPDATE SET taken = foundation_try.taken + 1 RETURNING taken",
            [
                id_of(limit, index, window),
                id_of("tries", index),
                at + timedelta(seconds=seconds),
            ],
        )
        (taken,) = cursor.fetchone()
    if taken > tries:
        raise TooMany(wait_seconds=_left(seconds, at))


@contextmanager
def failures(limit: str, *whos: str, at: datetime) -> Iterator[None]:
    """Count what is refused inside against a limit; what goes well costs no query and is never counted.

    Who has spent the tries is refused before anything is looked at: by this process at once, by another one
    from its first refusal on, since what it knows stands in its memory.

    limit  its name in SHANSHI_LIMITS
    whos   a person, a device: each is counted
    at     real time, with a zone

    Raises TooMany: the tries of this window are spent.
    """
    _, seconds = settings.SHANSHI_LIMITS[limit]
    window = _window(seconds, at)
    if _spent:
        for who in whos:
            if _spent.get((limit, who)) == window:
                raise TooMany(wait_seconds=_left(seconds, at))
    try:
        yield
    except DomainError as refusal:
        if refusal.kind is Kind.TOO_MANY:
            raise
        for who in whos:
            try:
                spend(limit, who, at=at)
            except TooMany:
                if len(_spent) >= _MOST_REMEMBERED:
                    _spent.clear()
                _spent[limit, who] = window
                raise
        raise


_spent: dict[tuple[str, str], int] = {}


# From where windows are counted, in seconds since 1970; a test lets one begin with itself.
windows_from_s = 0


def _window(seconds: int, at: datetime) -> int:
    return (int(at.timestamp()) - windows_from_s) // seconds


def _left(seconds: int, at: datetime) -> int:
    return seconds - (int(at.timestamp()) - windows_from_s) % seconds


class Brake:
    """Counts tries in this process. Windows are fixed: at their end everything is forgotten."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, dict[str, int]]] = {}
        self._lock = threading.Lock()

    def spend(self, brake: str, who: str, *, now_s: float) -> None:
        """Count one try.

        brake  its name in SHANSHI_BRAKES, which gives (tries, seconds)
        now_s  seconds of a clock that never goes back

        Raises TooMany: says how many seconds are left.
        """
        tries, seconds = settings.SHANSHI_BRAKES[brake]
        window = int(now_s) // seconds
        with self._lock:
            at, counts = self._counts.get(brake, (-1, {}))
            if at != window or len(counts) >= _MOST_REMEMBERED:
                counts = {}
                self._counts[brake] = (window, counts)
            taken = counts[who] = counts.get(who, 0) + 1
        if taken > tries:
            raise TooMany(wait_seconds=seconds - int(now_s) % seconds)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()


brake = Brake()


def limited(name: str) -> Callable[[View], View]:
    """Say at a door that reads much that it has a brake of its own: `<name>_per_person`, `_per_address`.

    Doors that change something need no mark: each of them is counted.
    """

    def mark(view: View) -> View:
        view.limited = name  # type: ignore[attr-defined]
        return view

    return mark


class LimitMiddleware:
    """Counts every changing request, and the reading ones of marked doors: a person's own, whatever the
    address; a visitor's by the address. Stands before anything is written, and after it is known who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            return self.get_response(request)
        try:
            count(request, "writes")
        except TooMany as error:
            return problems.refuse(request, error)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: object) -> HttpResponse | None:
        """Count a request to a door with a brake of its own."""
        name = getattr(view, "limited", None)
        try:
            if name is not None:
                count(request, name)
        except TooMany as error:
            return problems.refuse(request, error)
        return None


def count(request: HttpRequest, name: str) -> None:
    """Count a request with the brake `<name>_per_person`, or for a visitor `<name>_per_address`.

    Raises TooMany.
    """
    actor: Actor = getattr(request, "actor", VISITOR)
    if actor.person_id is not None:
        brake.spend(f"{name}_per_person", str(actor.person_id), now_s=time.monotonic())
    else:
        brake.spend(f"{name}_per_address", network_of(address_of(request)), now_s=time.monotonic())


def network_of(address: str) -> str:
    """Return for whom an address stands: itself, or of IPv6 the network of one household (64 bits)."""
    if ":" not in address:
        return address
    try:
        # A server that listens for both kinds sees an IPv4 address inside one of IPv6.
        mapped = ipaddress.IPv6Address(address).ipv4_mapped
        return str(mapped or ipaddress.IPv6Network((address, 64), strict=False))
    except ValueError:
        return address
