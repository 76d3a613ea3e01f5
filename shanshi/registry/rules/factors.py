"""How somebody has proved who they are in a session: by what, and how long ago.

Allauth keeps a list of proofs in the session; these functions read it. Times in it are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from shanshi.foundation.actor import Actor

# What allauth calls its list in the session, and whose it is.
PROOFS: Final = "account_authentication_methods"
PROVED: Final = "account_authentication_methods_user"
WANTED: Final = "wanted_before_registering"
AFTER_FACTOR: Final = "wanted_after_second_factor"

FRESH_MINUTES: Final = 10
SECOND_FACTOR: Final = "mfa"
DEMO: Final = "demo"


def proofs(session: Mapping[str, Any], person_id: UUID | str | None) -> list[Mapping[str, Any]]:
    """Return the proofs in a session, the earliest first; none if they are another person's."""
    if person_id is None or session.get(PROVED) != str(person_id):
        return []
    found = session.get(PROOFS)
    return found if isinstance(found, list) else []


def second_factor_shown(
    session: Mapping[str, Any],
    person_id: UUID | str | None,
    *,
    at: datetime,
    within: timedelta,
    demo: bool = False,
) -> bool:
    """Whether a second factor was shown in a session lately: a one-time or recovery code, or a passkey.

    at      real time, with a zone
    within  for how long one counts after it was shown
    demo    whether the one click of a demo counts as one, and for ever
    """
    found, since = proofs(session, person_id), (at - within).timestamp()
    if demo and any(one.get("method") == DEMO for one in found):
        return True
    return any(one.get("method") == SECOND_FACTOR and float(one.get("at", 0)) > since for one in found)


def is_fresh(session: Mapping[str, Any], person_id: UUID | str | None, *, at: datetime) -> bool:
    """Whether the last proof in a session is recent enough for a change of how one signs in.

    at  real time, with a zone
    """
    found = proofs(session, person_id)
    return bool(found) and at.timestamp() - float(found[-1].get("at", 0)) < FRESH_MINUTES * 60


def after_signing_in(
    actor: Actor, session: MutableMapping[str, Any], wanted: str | None, *, at: datetime, within: timedelta
) -> str:
    """Return the page that follows signing in.

    wanted      a page of ours, or nothing; whoever must register first is brought there afterwards
    at, within  as in `second_factor_shown`
    """
    if actor.holder_id is None and not actor.grants:
        session[WANTED] = wanted or ""
        return "/register"
    if actor.grants and not second_factor_shown(session, actor.person_id, at=at, within=within, demo=True):
        return second_factor_page(wanted or "/me")
    return wanted or "/me"


def second_factor_page(wanted: str) -> str:
    """Return the address where a second factor is shown or set up, and from where it goes on.

    wanted  a page of ours
    """
    return f"/account/second-factor?{urlencode({'next': wanted})}"
