"""Pages of people: signing in and out, registering, and how one's account is secured."""

from shanshi.registry.views.account import (
    end_other_sessions,
    end_session,
    end_token,
    new_password,
    security,
    session_list,
    token_list,
)
from shanshi.registry.views.confirming import confirm, second_step
from shanshi.registry.views.factors import (
    end_one_time_codes,
    end_passkey,
    one_time_codes,
    passkey_list,
    recovery_codes,
    rename_passkey,
)
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
    "confirm",
    "end_one_time_codes",
    "end_other_sessions",
    "end_passkey",
    "end_session",
    "end_token",
    "enter",
    "new_password",
    "one_time_codes",
    "passkey",
    "passkey_list",
    "password",
    "prove",
    "recovery_codes",
    "register",
    "rename_passkey",
    "second_factor",
    "second_step",
    "security",
    "session_list",
    "sign_in",
    "sign_out",
    "terms",
    "token_list",
]
