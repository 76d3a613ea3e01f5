"""A city's own identity service, asked by OpenID Connect: who somebody is there, in that service's own words.

Allauth knows the steps (discovery, state, PKCE, code for token). What it leaves out is checked here: that
discovery is the issuer's own, that the answer belongs to the question (nonce), and that the token is signed
with a key of the issuer, for us, and now. No token is kept, and of all claims only those in `Proved`.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language

from shanshi.gateways import outgoing
from shanshi.gateways.refusals import (
    AddressForbidden,
    GatewayNotConfigured,
    GatewayUnreachable,
    IdentityDeclined,
    IdentityNotProved,
)

PROVIDER = "city"
# Only signatures that the service alone can make; never "none", never a secret that we share.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS = 60
# A visitor waits, and a thread of the server with them: discovery, token, keys and particulars together.
SPEAKING_SECONDS = 12.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proved:
    """What the service has proved about whoever came back.

    subject            the service's name for the person, with the issuer: nobody else has it anywhere
    phone              as the service writes it, if it says that it has verified it; otherwise None
    has_second_factor  whether it says that it asked for what the operator counts as a second factor
    kept               what was given to `begin`
    """

    subject: str
    phone: str | None
    has_second_factor: bool
    kept: Mapping[str, Any] = field(default_factory=dict)


def is_configured() -> bool:
    """Return whether this city has a service of its own."""
    return bool(settings.SHANSHI_OIDC["issuer"] and settings.SHANSHI_OIDC["client_id"])


def check() -> None:
    """Return nothing: there is a service.

    Raises GatewayNotConfigured.
    """
    if not is_configured():
        raise GatewayNotConfigured(gateway="identity service", setting="SHANSHI_OIDC_ISSUER")


def name() -> str:
    """Return what the service is called, in the reader's language; empty if there is none."""
    if not is_configured():
        return ""
    chinese = (get_language() or "").startswith("zh")
    return str(settings.SHANSHI_OIDC["name_zh" if chinese else "name"])


def begin(request: HttpRequest, *, back: str, kept: Mapping[str, Any]) -> HttpResponse:
    """Return the way to the service; what must be remembered until the answer stands in the session.

    back  the full address at which we expect the answer
    kept  comes back with the answer; it never leaves this house

    Raises GatewayNotConfigured; GatewayUnreachable, AddressForbidden; IdentityNotProved: what it says of
    itself is wrong.
    """
    nonce = secrets.token_urlsafe(24)
    provider = _provider(request, back)
    with _speaking():
        way: HttpResponse = provider.redirect(
            request, AuthProcess.LOGIN, data=dict(kept), nonce=nonce, auth_params={"nonce": nonce}
        )
        return way


def finish(request: HttpRequest, *, back: str) -> Proved:
    """Return what the service has proved; each answer holds once, for the browser that asked.

    back  as in `begin`

    Raises GatewayNotConfigured; IdentityDeclined: the person turned back there; IdentityNotProved: anything
    is not as it should be; GatewayUnreachable, AddressForbidden.
    """
    provider, given = _provider(request, back), request.GET
    state = statekit.unstash_state(request, provider_id=PROVIDER, state_id=given.get("state", ""))
    if state is None:
        raise _wrong("state")
    if given.get("iss", settings.SHANSHI_OIDC["issuer"]) != settings.SHANSHI_OIDC["issuer"]:
        raise _wrong("another issuer answered")
    if given.get("error") == "access_denied":
        raise IdentityDeclined(name=name())
    if "error" in given or not given.get("code"):
        raise _wrong("no code")
    client = provider.client
    with _speaking():
        asked = client.get_client(request, provider.app)
        tokens = client.get_access_token_data(
            request, provider.app, asked, pkce_code_verifier=state["pkce_code_verifier"]
        )
        claims = _checked(client, str(tokens.get("id_token") or ""), nonce=str(state["nonce"]))
        phone = _phone(client, claims, str(tokens["access_token"]))
    said = {*_texts([claims.get("acr")]), *_texts(claims.get("amr"))}
    return Proved(
        subject=f"{claims['iss']}|{claims['sub']}",
        phone=phone,
        has_second_factor=bool(said & settings.SHANSHI_OIDC["second_factor"]),
        kept=state.get("data") or {},
    )


class Adapter(DefaultSocialAccountAdapter):
    """What allauth asks of this house about services: one, from the settings; fetching by the one way out."""

    def get_requests_session(self) -> outgoing.Session:
        """Return a session that may leave the building."""
        return outgoing.session()

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the city's service; never what a table says."""
        return [_app()] if is_configured() else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts begin with a proved phone."""
        return False


class _Client(OpenIDConnectOAuth2Adapter):
    """Allauth's client, with our own address to come back to, and a look at what discovery says."""

    def __init__(self, request: HttpRequest, provider: _Provider) -> None:
        super().__init__(request, PROVIDER)
        self.provider = provider

    def get_provider(self) -> _Provider:
        return self.provider

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return self.provider.back

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            described = self.fetched(self.provider.server_url)
            if described.get("issuer") != settings.SHANSHI_OIDC["issuer"]:
                raise _wrong("discovery of another issuer")
            for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                outgoing.check_form(str(described.get(endpoint)))
            self._openid_config = described
        return self._openid_config

    def fetched(self, url: str, token: str = "") -> dict[str, Any]:
        """Return a JSON object of the service."""
        with outgoing.session() as ours:
            answer = ours.get(url, headers={"Authorization": f"Bearer {token}"} if token else {})
            if answer.status_code != HTTPStatus.OK:
                raise GatewayUnreachable(gateway=name())
            read = outgoing.read_json(answer)
        if not isinstance(read, dict):
            raise _wrong("no object")
        return read


class _Provider(OpenIDConnectProvider):
    def __init__(self, request: HttpRequest, back: str) -> None:
        super().__init__(request, app=_app())
        self.back = back
        self.client = _Client(request, self)

    def get_oauth2_adapter(self, request: HttpRequest) -> _Client:
        return self.client


def _provider(request: HttpRequest, back: str) -> _Provider:
    check()
    return _Provider(request, back)


def _app() -> SocialApp:
    ours = settings.SHANSHI_OIDC
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=PROVIDER,
        name=ours["name"],
        client_id=ours["client_id"],
        secret=ours["client_secret"],
        settings={
            "server_url": ours["issuer"].rstrip("/"),
            "oauth_pkce_enabled": True,
            "scope": ["openid", "phone"] if ours["trusts_phone"] else ["openid"],
        },
    )


def _checked(client: _Client, token: str, *, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token after every check of OpenID Connect Core 1.0, section 3.1.3.7."""
    ours = settings.SHANSHI_OIDC
    header = jwt.get_unverified_header(token)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise _wrong("algorithm")
    claims = jwt.decode(
        token,
        key=_key(client, header.get("kid"), algorithm),
        algorithms=[algorithm],
        audience=ours["client_id"],
        issuer=ours["issuer"],
        leeway=LEEWAY_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
    )
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else ours["client_id"]) != ours["client_id"]:
        raise _wrong("authorized party")
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise _wrong("nonce")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise _wrong("subject")
    return claims


def _key(client: _Client, kid: str | None, algorithm: str) -> jwt.PyJWK:
    listed = client.fetched(client.openid_config["jwks_uri"]).get("keys")
    fitting = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
        and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm
        and one.get("kty") in {"RSA", "EC", "OKP"}
        and kid in (None, one.get("kid"))
    ]
    if len(fitting) != 1:
        raise _wrong("key")
    return jwt.PyJWK(fitting[0], algorithm)


def _phone(client: _Client, claims: Mapping[str, Any], access_token: str) -> str | None:
    """Return the phone that the service vouches for; asked for only where the operator trusts it."""
    if not settings.SHANSHI_OIDC["trusts_phone"]:
        return None
    said = claims
    if "phone_number" not in claims and "userinfo_endpoint" in client.openid_config:
        said = client.fetched(str(client.profile_url), access_token)
        if said.get("sub") != claims["sub"]:
            raise _wrong("somebody else's particulars")
    number = said.get("phone_number")
    return number if said.get("phone_number_verified") is True and isinstance(number, str) else None


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


@contextmanager
def _speaking() -> Iterator[None]:
    """Turn every way in which the service can fail into a refusal; the log names the step and nobody."""
    try:
        with outgoing.within(SPEAKING_SECONDS):
            yield
    except AddressForbidden:
        raise
    except outgoing.FAILURES as error:
        _LOG.warning("identity service: %s", error.code)
        raise GatewayUnreachable(gateway=name()) from error
    except (OAuth2Error, jwt.PyJWTError) as error:
        # Their messages may hold what the service has sent.
        raise _wrong(type(error).__name__) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # The service's JSON is not of the agreed form; allauth reads it without looking.
        raise _wrong(type(error).__name__) from error


def _wrong(what: str) -> IdentityNotProved:
    _LOG.warning("identity service: %s", what)
    return IdentityNotProved(name=name())
