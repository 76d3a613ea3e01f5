"""A small identity service: discovery, authorize, token, keys, userinfo; misbehaves when told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.gateways.outside import Outside, outside, says

CLIENT_ID, CLIENT_SECRET = "shanshi", "a-secret-of-the-client"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A key of the service, or of somebody else; made once for all tests."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Service:
    """The service while it runs.

    claims    what it says about the person, besides the usual; None leaves a claim out
    userinfo  what it says where it is asked for particulars
    faults    in which way it misbehaves
    """

    server: Outside = field(default_factory=lambda: Outside(0))
    subject: str = "city-0001"
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        """Its name."""
        return self.server.url

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        page = parts.path.strip("/").replace(".well-known/", "").replace("-", "_")
        getattr(self, f"_{page}", self._nothing)(handler, asked)

    def _nothing(self, handler: BaseHTTPRequestHandler, _: dict[str, str]) -> None:
        says("no such page", status=404)(handler)

    def _openid_configuration(self, handler: BaseHTTPRequestHandler, _: dict[str, str]) -> None:
        away = "http://169.254.169.254" if "keys_inside" in self.faults else self.issuer
        self._json(
            handler,
            {
                "issuer": "https://else.test" if "other_discovery" in self.faults else self.issuer,
                "authorization_endpoint": "javascript:alert(1)"
                if "script" in self.faults
                else f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{away}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        )

    def _authorize(self, handler: BaseHTTPRequestHandler, asked: dict[str, str]) -> None:
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        state = "of-somebody-else" if "state" in self.faults else asked["state"]
        back = {"code": code, "state": state}
        if "declined" in self.faults:
            back = {"error": "access_denied", "state": state}
        if "other_answers" in self.faults:
            back["iss"] = "https://else.test"
        handler.send_response(302)
        handler.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        handler.end_headers()

    def _token(self, handler: BaseHTTPRequestHandler, _: dict[str, str]) -> None:
        given = {name: values[0] for name, values in parse_qs(self.server.asked[-1][3].decode()).items()}
        asked = self.codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = (
            asked is not None
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == given["redirect_uri"]
            and (given["client_id"], given["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        )
        if not right or asked is None or "token_down" in self.faults:
            status = 503 if "token_down" in self.faults else 400
            return says('{"error": "invalid_grant"}', status=status, Content_Type="application/json")(handler)
        if "no_json" in self.faults:
            return says("<html>", Content_Type="text/html")(handler)
        token = secrets.token_urlsafe(16)
        self.tokens.append(token)
        answer = {"access_token": token, "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}
        return self._json(handler, {k: v for k, v in answer.items() if k not in self.faults})

    def id_token(self, nonce: str) -> str:
        """Return what proves the person, or something that proves nothing."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if "alg_none" in self.faults:
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})
        if "alg_hmac" in self.faults:
            return jwt.encode(claims, CLIENT_SECRET * 2, algorithm="HS256", headers={"kid": "k1"})
        signs = key("somebody else" if "other_key" in self.faults else "service")
        kid = "k2" if "unknown_key" in self.faults else "k1"
        return jwt.encode(claims, signs, algorithm="RS256", headers={"kid": kid})

    def _keys(self, handler: BaseHTTPRequestHandler, _: dict[str, str]) -> None:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key("service").public_key(), as_dict=True)
        self._json(handler, {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]})

    def _userinfo(self, handler: BaseHTTPRequestHandler, _: dict[str, str]) -> None:
        if handler.headers["Authorization"] != f"Bearer {self.tokens[-1]}":
            return says("", status=401)(handler)
        return self._json(handler, {"sub": self.subject, **self.userinfo})

    def _json(self, handler: BaseHTTPRequestHandler, body: object) -> None:
        says(json.dumps(body), Content_Type="application/json")(handler)


@contextmanager
def identity_service() -> Iterator[Service]:
    """Run the service until the block ends."""
    service = Service()
    with outside(service.answer) as server:
        service.server = server
        yield service
