"""A passkey in software, as a phone keeps one: it makes and uses keys as WebAuthn says (level 2, ES256)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    """Bytes as WebAuthn writes them."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class SoftwareKey:
    """One device. `verifies` says whether it makes sure of its owner."""

    def __init__(self, origin: str = "http://localhost", *, verifies: bool = True) -> None:
        self.origin, self.verifies, self.uses = origin, verifies, 0
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.owner = ""

    def create(self, options: dict[str, Any]) -> str:
        """What the browser answers when a passkey is made."""
        key = options["publicKey"]
        self.owner = key["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(cose)
        data = self._data(key["rp"]["id"], ATTESTED) + attested
        client = self._client("webauthn.create", key["challenge"])
        sealed = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        answer = {
            "clientDataJSON": text(client),
            "attestationObject": text(sealed),
            "transports": ["internal"],
        }
        return self._credential(answer, {"credProps": {"rk": True}})

    def get(self, options: dict[str, Any]) -> str:
        """What the browser answers when a passkey is asked."""
        key = options["publicKey"]
        data = self._data(key["rpId"], 0)
        client = self._client("webauthn.get", key["challenge"])
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": text(client),
            "authenticatorData": text(data),
            "signature": text(signed),
            "userHandle": self.owner,
        }
        return self._credential(answer, {})

    def _data(self, site: str, flags: int) -> bytes:
        self.uses += 1
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        return json.dumps(
            {
                "id": text(self.id),
                "rawId": text(self.id),
                "type": "public-key",
                "clientExtensionResults": extensions,
                "response": response,
            }
        )
