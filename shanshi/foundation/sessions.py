"""Sessions of browsers, kept so that a stolen table opens nothing.

The key in the cookie is not in the table: only its SHA-256, in two halves that say where the row lies.
What a session holds is sealed by a key made from the keyring. Whose it is and from which sort of device
stands beside it in the clear, so that its owner can see the list and end one.

Django's engine (SESSION_ENGINE): one question to load, none before something is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import connection

from shanshi.foundation import clock, crypto, models, statements
from shanshi.kernel.quantities import city_day

DEVICE = "device"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One sign-in of a person, as its owner sees it.

    id       names it in the list; it opens nothing
    device   coarsely: "Chrome, Android"
    seen_on  the last day in the city on which it was used
    """

    id: UUID
    device: str
    made_at: datetime
    seen_on: date
    expires_at: datetime


def listed(person_id: UUID, *, at: datetime) -> list[SessionFacts]:
    """Return the sessions of a person that hold, the newest first.

    at  real time, with a zone
    """
    rows = models.Session.objects.filter(person_id=person_id, expires_at__gt=at).order_by("-made_at", "pk")
    return [SessionFacts(row.pk, row.device, row.made_at, row.seen_on, row.expires_at) for row in rows]


def id_of(session_key: str | None) -> UUID | None:
    """Return the name in the list of the session with this key; None without a key."""
    return _halves(session_key)[1] if session_key else None


def end(person_id: UUID, session_id: UUID) -> bool:
    """End one session of a person, at once; return whether there was such a session."""
    gone, _ = models.Session.objects.filter(person_id=person_id, pk=session_id).delete()
    return gone > 0


def end_all(person_id: UUID, *, but: str | None = None) -> int:
    """End the sessions of a person, at once; return how many.

    but  the key of the one session that stays
    """
    rows = models.Session.objects.filter(person_id=person_id)
    if but:
        rows = rows.exclude(pk=_halves(but)[1])
    gone, _ = rows.delete()
    return gone


def forget_old(*, at: datetime) -> int:
    """Delete sessions that have expired; return how many.

    at  real time, with a zone
    """
    gone, _ = models.Session.objects.filter(expires_at__lte=at).delete()
    return gone


class SessionStore(SessionBase):
    """The engine that Django's middleware asks."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and a new key later, if it has ended."""
        if not self.session_key:
            return self._nothing()
        holder_id, row_id = _halves(self.session_key)
        found = statements.rows(
            "SELECT data, seen_on FROM foundation_session"
            " WHERE holder_id = %s AND id = %s AND expires_at > %s",
            [holder_id, row_id, clock.real_now()],
        )
        if not found:
            return self._nothing()
        data, seen_on = found[0]
        opened = _opened(bytes(data), row_id)
        if opened is None:
            return self._nothing()
        today = city_day(clock.real_now())
        if seen_on < today:
            models.Session.objects.filter(holder_id=holder_id, pk=row_id).update(seen_on=today)
        return opened

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        holder_id, row_id = _halves(session_key)
        return models.Session.objects.filter(holder_id=holder_id, pk=row_id).exists()

    def create(self) -> None:
        """Begin a session under a new key, never one that a browser brought."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Keep what the session holds.

        Raises CreateError: the key is somebody's; UpdateError: the session was ended meanwhile.
        """
        if self.session_key is None:
            self.create()
            return
        held: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        holder_id, row_id = _halves(self.session_key)
        now = clock.real_now()
        values = [
            crypto.seal(_key(), json.dumps(held, separators=(",", ":")), _where(row_id)),
            _person_of(held),
            str(held.get(DEVICE, ""))[:80],
            now + timedelta(seconds=self.get_expiry_age()),
        ]
        with connection.cursor() as cursor:
            if must_create:
                cursor.execute(
                    "INSERT INTO foundation_session"
                    " (data, person_id, device, expires_at, made_at, seen_on, holder_id, id)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    [*values, now, city_day(now), holder_id, row_id],
                )
            else:
                cursor.execute(
                    "UPDATE foundation_session SET data = %s, person_id = %s, device = %s, expires_at = %s"
                    " WHERE holder_id = %s AND id = %s",
                    [*values, holder_id, row_id],
                )
            if cursor.rowcount != 1:
                raise CreateError if must_create else UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End the session with this key, or this one."""
        key = session_key or self.session_key
        if key:
            holder_id, row_id = _halves(key)
            models.Session.objects.filter(holder_id=holder_id, pk=row_id).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what has expired."""
        forget_old(at=clock.real_now())

    def _nothing(self) -> dict[str, Any]:
        self._session_key = None
        return {}


def device_of(user_agent: str) -> str:
    """Return how somebody recognizes a device of theirs, no finer than that: "Chrome, Android"."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


# The first sign that fits decides: most browsers also say that they are Chrome and Safari.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("DingTalk", "DingTalk"),
    ("HuaweiBrowser", "Huawei"),
    ("MQQBrowser", "QQ"),
    ("UCBrowser", "UC"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def _halves(session_key: str) -> tuple[UUID, UUID]:
    digest = hashlib.sha256(session_key.encode()).digest()
    return UUID(bytes=digest[:16]), UUID(bytes=digest[16:])


def _key() -> bytes:
    return _derived(str(settings.SECRET_KEY))


@lru_cache(maxsize=4)
def _derived(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"shanshi.foundation.session", hashlib.sha256)


def _where(row_id: UUID) -> str:
    return f"session|data|{row_id}"


def _opened(sealed: bytes, row_id: UUID) -> dict[str, Any] | None:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            held: dict[str, Any] = json.loads(crypto.unseal(_derived(str(secret)), sealed, _where(row_id)))
        except crypto.KeysUnreadable:
            continue
        return held
    # The secret is gone, or somebody altered the table: whoever it was signs in again.
    _LOG.warning("a session does not open")
    return None


def _person_of(held: Mapping[str, Any]) -> UUID | None:
    person = held.get(SESSION_KEY)
    return UUID(person) if person else None
