"""What django-allauth asks of this house: who has a phone, where somebody goes, how secrets are kept.

Allauth holds passwords, passkeys, one-time codes and the steps of signing in; phones, codes sent to them and
everything about persons stay here. Named in the settings, never imported.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any, ClassVar

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shanshi.foundation import clock, crypto, sessions
from shanshi.foundation.doors import address_of
from shanshi.registry import queries, rules


def _counts() -> timedelta:
    return timedelta(hours=settings.SHANSHI_SECOND_FACTOR_HOURS)


class Backend(AuthenticationBackend):
    """Finds the person of a session and checks passwords; an erased person is nobody."""

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """Return the person of a session."""
        return queries.account_of(user_id)


class AccountAdapter(DefaultAccountAdapter):
    """Signing in: by a phone and a password; without e-mail; into a session that knows its device."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many tries. Wait a little."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts begin with a proved phone, never with a form of allauth's."""
        return False

    def get_user_by_phone(self, phone: str) -> AbstractBaseUser | None:
        """Return who has the phone, found by its blind index."""
        return queries.account_with_phone(phone)

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        """Return the person's phone; it was proved when the person was made."""
        phone = queries.phone_of(user.pk)
        return (phone, True) if phone else None

    def get_login_stages(self) -> list[str]:
        """After the first proof comes the second factor, where one is set up; nothing else."""
        return ["shanshi.registry.adapters.SecondFactorStage"]

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin the session under a new key, and note the sort of device."""
        super().login(request, user)
        request.session[sessions.DEVICE] = sessions.device_of(request.headers.get("User-Agent", ""))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        """Lead on: to registering, to the second factor that a role needs, or to the page that was wanted."""
        actor = queries.actor_of(user.pk, clock.now())
        wanted = rules.after_signing_in(
            actor, request.session, more.get("redirect_url"), at=clock.real_now(), within=_counts()
        )
        return HttpResponseRedirect(wanted)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whether the last proof of who asks is too old for a change of how one signs in."""
        session, person = self.request.session, self.request.user.pk
        return not rules.is_fresh(session, person, at=clock.real_now())

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a page is one of ours."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that our own proxies saw."""
        return address_of(request)

    def add_message(self, *told: Any, **more: Any) -> None:
        """Say nothing: the pages say it in the house's words."""

    def send_notification_mail(self, *told: Any, **more: Any) -> None:
        """Send nothing: there is no e-mail in this house."""

    def send_mail(self, *told: Any, **more: Any) -> None:
        """Never asked: there is no e-mail in this house."""
        raise NotImplementedError


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor that is set up, unless the city's own service has just asked for one."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Return the page that asks, if one must."""
        person_id = self.login.user.pk if self.login.user else None
        if rules.second_factor_shown(self.request.session, person_id, at=clock.real_now(), within=_counts()):
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets sealed by the keys outside the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the right code. Each code works once."),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret sealed for its owner by the current wrapping key, whose name stands before it."""
        return base64.b64encode(crypto.wrap(text.encode(), queries.factor_owner())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that was moved here from another person does not open."""
        return crypto.unwrap(base64.b64decode(encrypted_text), queries.factor_owner()).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - allauth's word
        """Return the name of a passkey to which its owner gives none."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Anybody may; who has a role is asked to set up another before the role holds again."""
        return True

    def build_totp_svg(self, url: str) -> str:
        """Return the code as one path, so that no style is needed."""
        drawn = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_M)
        drawn.add_data(url)
        rows = drawn.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"'
            f' shape-rendering="crispEdges"><path d="{path}"/></svg>'
        )

    def _get_site_name(self) -> str:
        return "善时 Shanshi"

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        # What the person's own device shows beside the code or the passkey: masked, as everywhere.
        return queries.own(user.pk).masked_phone or "Shanshi"

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """Return how a passkey names its owner."""
        name = self._get_user_identifier(user)
        return {"id": user.pk.hex.encode(), "display_name": name, "name": name}
