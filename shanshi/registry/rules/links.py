"""An identity that the city's own service has proved, on its way to an account."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shanshi.kernel.errors import N_, DomainError, Invalid

WAITING_MINUTES: Final = 20
_WAITING: Final = "identity_waiting"
_TICKET: Final = "identity_ticket"


class IdentityTaken(DomainError):
    """The identity belongs to another account already."""

    code = "registry.identity_taken"
    says = N_("This identity is linked to another account.")
    way = N_("Sign in with it, or unlink it there first.")


class IdentityLinked(DomainError):
    """The account has another identity already."""

    code = "registry.identity_linked"
    says = N_("Your account is linked to an identity already.")
    way = N_("Unlink that one first.")


class IdentityNotWaiting(Invalid):
    """Nothing waits to be linked in this browser, or it has waited too long."""

    code = "registry.identity_not_waiting"
    says = N_("There is no proved identity to link, or it was proved too long ago.")
    way = N_("Start again: prove your identity, then link it within twenty minutes.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proved identity that is linked to nobody yet.

    index  under which it will be found; the service's own name for the person is not kept
    page   where its owner wanted to go
    """

    index: str
    page: str


def keep_waiting(session: MutableMapping[str, Any], waiting: Waiting, *, at: datetime) -> None:
    """Let a proved identity wait in a session until its owner has signed in.

    at  real time, with a zone
    """
    session[_WAITING] = [waiting.index, waiting.page, at.timestamp()]


def waiting_in(session: Mapping[str, Any], *, at: datetime) -> Waiting:
    """Return the identity that waits in a session.

    at  real time, with a zone

    Raises IdentityNotWaiting: none, or for more than twenty minutes.
    """
    found = session.get(_WAITING)
    if not isinstance(found, list) or at.timestamp() - found[2] > WAITING_MINUTES * 60:
        raise IdentityNotWaiting
    return Waiting(found[0], found[1])


def stop_waiting(session: MutableMapping[str, Any]) -> None:
    """Forget the identity that waits in a session."""
    session.pop(_WAITING, None)


def give_ticket(session: MutableMapping[str, Any], ticket: str, *, at: datetime) -> None:
    """Note that the owner of a session has asked, by a form of ours, to link an identity.

    ticket  a secret that only the page with the way to the service carries; at: real time, with a zone
    """
    session[_TICKET] = [ticket, at.timestamp()]


def take_ticket(session: MutableMapping[str, Any], ticket: str, *, at: datetime) -> bool:
    """Return whether this ticket was given in this session in the last twenty minutes; it holds once.

    at  real time, with a zone
    """
    given = session.pop(_TICKET, None)
    return (
        isinstance(given, list)
        and bool(ticket)
        and given[0] == ticket
        and at.timestamp() - given[1] <= WAITING_MINUTES * 60
    )
