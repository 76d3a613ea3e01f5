"""Keys and ciphers for identity fields. One data key per person, wrapped by a key outside the database.

AES-256-GCM with the place of the value (table|column|row) as associated data, so that a value copied to
another row or column does not open. Blind indexes are HMAC-SHA256 with a key of their own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shanshi.kernel.errors import N_, DomainError

_NONCE_BYTES = 12
_KEY_BYTES = 32


class KeysMissing(DomainError):
    """The keys outside the database are absent or broken; nothing can start without them."""

    code = "foundation.keys_missing"
    says = N_("SHANSHI_KEYS: the keys outside the database cannot be used: {what}.")
    way = N_("Let SHANSHI_KEYS name the key file, or hold its text; SECURITY.md says what stands in it.")


class KeysUnreadable(RuntimeError):
    """A value does not open: another key, another place, or altered. A defect or an attack."""


@dataclass(frozen=True)
class Keyring:
    """The secrets that live outside the database.

    wrapping  name of key -> 32 bytes; the one named `current` wraps new data keys
    index     32 bytes for blind indexes; never rotated without rebuilding them
    doors     32 bytes from which the codes of venues are made
    personal  Ed25519 seed (32 bytes) that signs personal codes
    django    the secret of sessions and forms
    """

    current: str
    wrapping: dict[str, bytes]
    index: bytes
    doors: bytes
    personal: bytes
    django: str

    @property
    def personal_key(self) -> Ed25519PrivateKey:
        """The key that signs personal codes."""
        return Ed25519PrivateKey.from_private_bytes(self.personal)


def new_keys() -> dict[str, Any]:
    """Return fresh random secrets in the form of the key file."""

    def fresh() -> str:
        return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()

    return {
        "current": "k1",
        "wrapping": {"k1": fresh()},
        "index": fresh(),
        "doors": fresh(),
        "personal": fresh(),
        "django": secrets.token_urlsafe(50),
    }


def read_keys(text: str) -> Keyring:
    """Return the keyring written in JSON.

    Raises KeysMissing: it is not such a text; the message says what is missing, never a secret.
    """
    try:
        raw = json.loads(text)
        wrapping = {name: base64.b64decode(value) for name, value in raw["wrapping"].items()}
        ring = Keyring(
            current=raw["current"],
            wrapping=wrapping,
            index=base64.b64decode(raw["index"]),
            doors=base64.b64decode(raw["doors"]),
            personal=base64.b64decode(raw["personal"]),
            django=raw["django"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysMissing(what=f"not a key file ({type(error).__name__})") from None
    sizes = [*ring.wrapping.values(), ring.index, ring.doors, ring.personal]
    if ring.current not in ring.wrapping or any(len(key) != _KEY_BYTES for key in sizes):
        raise KeysMissing(what="a key is absent or not 32 bytes long")
    return ring


def find_keys(setting: str, *, default: Path, may_create: bool) -> Keyring:
    """Return the keyring from SHANSHI_KEYS (a path, or the JSON itself) or from the default file.

    default     where demo and tests keep theirs
    may_create  make the default file if there is none (mode 600)

    Raises KeysMissing.
    """
    if setting.lstrip().startswith("{"):
        return read_keys(setting)
    path = Path(setting) if setting else default
    if not setting and may_create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: the one that links its file first wins, and both read that one.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(new_keys(), file)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        return read_keys(path.read_text())
    except OSError as error:
        raise KeysMissing(what=f"{path}: {error.strerror}") from None


def keyring() -> Keyring:
    """Return the keyring in use."""
    ring: Keyring = settings.SHANSHI_KEYRING
    return ring


def new_data_key(owner: str) -> tuple[bytes, bytes]:
    """Return a new data key, plain and wrapped.

    owner  whose key it is, bound into the wrapping
    """
    plain = AESGCM.generate_key(256)
    return plain, wrap(plain, owner)


def wrap(plain: bytes, owner: str) -> bytes:
    """Return a data key wrapped by the current key outside the database."""
    ring = keyring()
    return ring.current.encode() + b":" + _encrypt(ring.wrapping[ring.current], plain, owner)


def unwrap(wrapped: bytes, owner: str) -> bytes:
    """Return the plain data key.

    Raises KeysUnreadable: it was wrapped by a key that is not in the keyring, or for another owner.
    """
    name, _, sealed = bytes(wrapped).partition(b":")
    key = keyring().wrapping.get(name.decode())
    if key is None:
        raise KeysUnreadable(f"wrapping key {name.decode()!r} is not in the keyring")
    return _decrypt(key, sealed, owner)


def seal(data_key: bytes, text: str, where: str) -> bytes:
    """Return the text encrypted for one place.

    where  "table|column|row"
    """
    return _encrypt(data_key, text.encode(), where)


def unseal(data_key: bytes, sealed: bytes, where: str) -> str:
    """Return the text that was sealed for this place.

    Raises KeysUnreadable: another key, another place, or altered.
    """
    return _decrypt(data_key, bytes(sealed), where).decode()


def blind_index(column: str, value: str) -> bytes:
    """Return 32 bytes by which a value can be found without being stored.

    column  which index, for example "id_number"; the same value has another index elsewhere
    """
    return hmac.digest(keyring().index, f"{column}|{value}".encode(), hashlib.sha256)


def _encrypt(key: bytes, plain: bytes, where: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, where.encode())


def _decrypt(key: bytes, sealed: bytes, where: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], where.encode())
    except InvalidTag:
        raise KeysUnreadable(f"a value does not open at {where.rsplit('|', 1)[0]}") from None
