"""The key file: adding secrets to it and taking them out, so that a live system never misses one.

The file is replaced as a whole: written beside, mode 600, then renamed. A secret is never printed, never an
argument, and never leaves the file. Every process looks at the file each few seconds (`crypto.keyring`); a
new secret of doors and personal codes begins a minute later, when all of them know it.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings

from shanshi.foundation import crypto
from shanshi.foundation.postgres.ground import locked
from shanshi.kernel.errors import N_, DomainError

BEGINS_AFTER = timedelta(minutes=1)
# A request that began with the old file has ended by then.
DROP_AFTER = crypto.OVERLAP


class Secret(StrEnum):
    """The secrets that can be changed.

    WRAPPING  wraps the data keys of people and the secrets of second factors
    DOORS     codes of venues, tills and redemptions
    PERSONAL  signs personal codes
    DJANGO    forms and sessions
    """

    WRAPPING = "wrapping"
    DOORS = "doors"
    PERSONAL = "personal"
    DJANGO = "django"


class KeysAreText(DomainError):
    """SHANSHI_KEYS holds the keys themselves; there is no file to change."""

    code = "foundation.keys_are_text"
    says = N_("SHANSHI_KEYS holds the keys as text, so there is no file to change.")
    way = N_(
        "Write the text to a file of mode 600, let SHANSHI_KEYS name it, run this again, and put the new text"
        " where the old one came from; start every process anew."
    )


class KeyFileBusy(DomainError):
    """Another command changes the key file."""

    code = "foundation.key_file_busy"
    says = N_("Another command is changing the key file.")
    way = N_("Try again in a moment.")


class KeyUnknown(DomainError):
    """There is no such key to drop."""

    code = "foundation.key_unknown"
    says = N_("There is no key named {name} to drop.")
    way = N_("shanshi keys status lists them.")


class KeyIsCurrent(DomainError):
    """The key wraps everything new."""

    code = "foundation.key_is_current"
    says = N_("The key {name} is in use for everything new.")
    way = N_("Add another first: shanshi keys rotate; then shanshi keys rewrap.")


class KeyStillWraps(DomainError):
    """Something opens only with the key."""

    code = "foundation.key_still_wraps"
    says = N_("{count} data keys open only with the key {name}; without it nobody could ever read them.")
    way = N_("Run shanshi keys rewrap, then try again.")


class KeyChangedJustNow(DomainError):
    """A change of this secret is still under way."""

    code = "foundation.key_changed_just_now"
    says = N_("This secret was changed {minutes} minutes ago; what was begun with the old one may still run.")
    way = N_("Wait until {least} minutes have passed.")


def rotate(what: Secret, *, at: datetime) -> str:
    """Put a new secret into the key file; return the name of the new wrapping key, or what was changed.

    at  real time, with a zone

    Raises KeysAreText, KeyFileBusy, crypto.KeysMissing; KeyChangedJustNow: the last change is under way.
    """

    def changed(raw: dict[str, Any]) -> str:
        if what == Secret.WRAPPING:
            name = _next_name(raw["wrapping"])
            raw["wrapping"][name] = _fresh()
            raw["current"], raw["current_since"] = name, at.isoformat()
            return name
        if what == Secret.DJANGO:
            raw["django_before"] = [raw["django"], *raw.get("django_before", [])]
            raw["django"] = secrets.token_urlsafe(50)
            return what.value
        before = raw.setdefault("before", {}).get(what.value)
        if before is not None:
            _check_age(datetime.fromisoformat(before["until"]), at=at)
        raw["before"][what.value] = {"key": raw[what.value], "until": (at + BEGINS_AFTER).isoformat()}
        raw[what.value] = _fresh()
        return what.value

    return _change(changed)


def drop(name: str, *, wraps: Callable[[str], int], at: datetime) -> None:
    """Take a secret that is no longer needed out of the key file, for ever.

    name   of a wrapping key; or "doors", "personal", "django" for the one in use before the present
    wraps  how many things a wrapping key still wraps; asked while nobody else can change the file
    at     real time, with a zone

    Raises KeysAreText, KeyFileBusy, crypto.KeysMissing, KeyUnknown; for a wrapping key KeyIsCurrent,
    KeyChangedJustNow, KeyStillWraps.
    """

    def changed(raw: dict[str, Any]) -> str:
        if name == Secret.DJANGO and raw.get("django_before"):
            raw["django_before"] = []
        elif name in raw.get("before", {}):
            del raw["before"][name]
        elif name not in raw["wrapping"]:
            raise KeyUnknown(name=name[:40])
        elif name == raw["current"]:
            raise KeyIsCurrent(name=name)
        else:
            if since := raw.get("current_since"):
                _check_age(datetime.fromisoformat(since), at=at)
            if count := wraps(name):
                raise KeyStillWraps(name=name, count=count)
            del raw["wrapping"][name]
        return name

    _change(changed)


def _check_age(since: datetime, *, at: datetime) -> None:
    if at < since + DROP_AFTER:
        minutes = max(0, (at - since) // timedelta(minutes=1))
        raise KeyChangedJustNow(minutes=minutes, least=DROP_AFTER // timedelta(minutes=1))


def _change(change: Callable[[dict[str, Any]], str]) -> str:
    file: Path | None = settings.SHANSHI_KEYS_FILE
    if file is None:
        raise KeysAreText
    path = file.resolve()
    with _alone(path):
        try:
            text = path.read_text()
        except OSError as error:
            raise crypto.KeysMissing(what=f"{path}: {error.strerror}") from None
        crypto.read_keys(text)
        raw = json.loads(text)
        said = change(raw)
        fresh = json.dumps(raw, indent=1)
        crypto.read_keys(fresh)
        _replace(path, fresh)
    crypto.renew()
    return said


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with locked(path.with_name(f".{path.name}.lock"), within_s=10) as got:
        if not got:
            raise KeyFileBusy
        yield


def _replace(path: Path, text: str) -> None:
    about = path.stat()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            if os.geteuid() == 0:
                os.fchown(file.fileno(), about.st_uid, about.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _next_name(names: dict[str, str]) -> str:
    numbers = [int(name[1:]) for name in names if name[:1] == "k" and name[1:].isdigit()]
    return f"k{max(numbers, default=0) + 1}"


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
