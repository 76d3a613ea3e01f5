"""Keys and ciphers for identity fields. One data key per person, wrapped by a key outside the database.

AES-256-GCM with the place of the value (table|column|row) as associated data, so that a value copied to
another row or column does not open. Blind indexes are HMAC-SHA256 with a key of their own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shanshi.kernel.errors import N_, DomainError

LOOK_SECONDS = 5
# How long after a change what was made by the old secret is still taken: longer than any code lives.
OVERLAP = timedelta(minutes=5)
_NONCE_BYTES = 12
_KEY_BYTES = 32
_LOG = logging.getLogger(__name__)


class KeysMissing(DomainError):
    """The keys outside the database are absent or broken; nothing can start without them."""

    code = "foundation.keys_missing"
    says = N_("SHANSHI_KEYS: the keys outside the database cannot be used: {what}.")
    way = N_("Let SHANSHI_KEYS name the key file, or hold its text; SECURITY.md says what stands in it.")


class KeysUnreadable(RuntimeError):
    """A value does not open: another key, another place, or altered. A defect or an attack."""


@dataclass(frozen=True)
class Before:
    """A secret that another has taken the place of.

    key    the old one
    until  real time at which the new one begins to be used; both are known before and after
    """

    key: bytes
    until: datetime


@dataclass(frozen=True)
class Keyring:
    """The secrets that live outside the database.

    wrapping  name of key -> 32 bytes; the one named `current` wraps new data keys
    index     32 bytes for blind indexes
    doors     32 bytes from which the codes of venues are made
    personal  Ed25519 seed (32 bytes) that signs personal codes
    django    the secret of sessions and forms
    before    "index", "doors", "personal" -> the secret in use before, while it is still good for something
    django_before  secrets with which forms and sessions that are under way still open, the newest first
    """

    current: str
    wrapping: dict[str, bytes]
    index: bytes
    doors: bytes
    personal: bytes
    django: str
    before: Mapping[str, Before] = field(default_factory=dict)
    django_before: tuple[str, ...] = ()

    def active(self, name: str) -> bytes:
        """Return the secret by which something is made now: the old one until the new one begins."""
        new: bytes = getattr(self, name)
        old = self.before.get(name)
        return old.key if old is not None and _now() < old.until else new

    def accepted(self, name: str) -> tuple[bytes, ...]:
        """Return the secrets by which something may have been made, the one in use first.

        The old secret of doors and of personal codes counts for some minutes after the new one began; that of
        the index until it is dropped.
        """
        new: bytes = getattr(self, name)
        old = self.before.get(name)
        if old is None:
            return (new,)
        now = _now()
        if now < old.until:
            return (old.key, new)
        return (new, old.key) if name == "index" or now < old.until + OVERLAP else (new,)

    @property
    def personal_key(self) -> Ed25519PrivateKey:
        """The key that signs personal codes now."""
        return Ed25519PrivateKey.from_private_bytes(self.active("personal"))

    @property
    def personal_keys(self) -> tuple[Ed25519PublicKey, ...]:
        """The keys by which a personal code may have been signed."""
        return tuple(
            Ed25519PrivateKey.from_private_bytes(seed).public_key() for seed in self.accepted("personal")
        )


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
            before={
                name: Before(base64.b64decode(one["key"]), datetime.fromisoformat(one["until"]))
                for name, one in raw.get("before", {}).items()
            },
            django_before=tuple(raw.get("django_before", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysMissing(what=f"not a key file ({type(error).__name__})") from None
    sizes = [*ring.wrapping.values(), ring.index, ring.doors, ring.personal]
    sizes += [one.key for one in ring.before.values()]
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
    """Return the keyring in use.

    Its file is looked at every few seconds, so that a rotation reaches every process without a restart; what
    does not parse is passed over, and the keyring of before goes on.
    """
    first: Keyring = settings.SHANSHI_KEYRING
    if time.monotonic() >= _looks.next_at:
        renew()
    return _looks.ring if _looks.ring is not None and _looks.first is first else first


def renew() -> None:
    """Look at the key file now, and take what stands in it."""
    file: Path | None = settings.SHANSHI_KEYS_FILE
    _looks.next_at = time.monotonic() + LOOK_SECONDS if file is not None else float("inf")
    if file is None:
        return
    try:
        about = file.stat()
        mark = (about.st_mtime_ns, about.st_ino)
        if mark != _looks.mark:
            _looks.ring, _looks.first = read_keys(file.read_text()), settings.SHANSHI_KEYRING
            _looks.mark = mark
    except (OSError, KeysMissing):
        _LOG.warning("the key file cannot be read again; the keys of before stay in use")


@dataclass
class _Looks:
    """What was found when the key file was looked at last."""

    next_at: float = 0.0
    mark: tuple[int, int] | None = None
    ring: Keyring | None = None
    first: Keyring | None = None


_looks = _Looks()


def new_data_key(owner: str) -> tuple[bytes, bytes]:
    """Return a new data key, plain and wrapped.

    owner  whose key it is, bound into the wrapping
    """
    plain = AESGCM.generate_key(256)
    return plain, wrap(plain, owner)


def wrap(plain: bytes, owner: str) -> bytes:
    """Return a data key wrapped by the current key outside the database.

    The key file is looked at each time: a key that was taken out of it must wrap nothing more.
    """
    renew()
    ring = keyring()
    return ring.current.encode() + b":" + _encrypt(ring.wrapping[ring.current], plain, owner)


def unwrap(wrapped: bytes, owner: str) -> bytes:
    """Return the plain data key.

    Raises KeysUnreadable: it was wrapped by a key that is not in the keyring, or for another owner.
    """
    name, _, sealed = bytes(wrapped).partition(b":")
    key = keyring().wrapping.get(name.decode(errors="replace"))
    if key is None:
        renew()  # perhaps it was added a moment ago
        key = keyring().wrapping.get(name.decode(errors="replace"))
    if key is None:
        raise KeysUnreadable(f"wrapping key {name[:20].decode(errors='replace')!r} is not in the keyring")
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


def wrapped_by(wrapped: bytes) -> str:
    """Return the name of the key that wrapped a data key."""
    return bytes(wrapped).partition(b":")[0].decode(errors="replace")


def blind_index(column: str, value: str) -> bytes:
    """Return 32 bytes by which a value can be found without being stored.

    column  which index, for example "id_number"; the same value has another index elsewhere
    """
    return hmac.digest(keyring().active("index"), f"{column}|{value}".encode(), hashlib.sha256)


def blind_indexes(column: str, value: str) -> tuple[bytes, ...]:
    """Return every index by which a value may have been written, the one of `blind_index` first.

    There are two while the key of indexes is changed, else one.
    """
    words = f"{column}|{value}".encode()
    return tuple(hmac.digest(key, words, hashlib.sha256) for key in keyring().accepted("index"))


def _now() -> datetime:
    return datetime.now(UTC)


def _encrypt(key: bytes, plain: bytes, where: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, where.encode())


def _decrypt(key: bytes, sealed: bytes, where: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], where.encode())
    except InvalidTag:
        raise KeysUnreadable(f"a value does not open at {where.rsplit('|', 1)[0]}") from None
