"""Pages of people: signing in and out, registering, and how one's account is secured."""

from shanshi.registry.views.registering import register, terms
from shanshi.registry.views.signing import (
    begin,
    enter,
    passkey,
    password,
    prove,
    second_factor,
    sign_in,
    sign_out,
)

__all__ = [
    "begin",
    "enter",
    "passkey",
    "password",
    "prove",
    "register",
    "second_factor",
    "sign_in",
    "sign_out",
    "terms",
]
