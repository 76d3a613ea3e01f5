"""Whatever is typed, scanned or sent is read, or refused in the room's own words; nothing else happens."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shanshi.attendance.rules import codes
from shanshi.cities.rules.checks import checked
from shanshi.cities.rules.folder import files_of
from shanshi.cities.rules.problems import CaseInvalid
from shanshi.foundation import paging
from shanshi.kernel.errors import DomainError
from shanshi.policies import queries as policies
from shanshi.policies.rules import FileInvalid
from shanshi.registry import rules as people
from shanshi.registry.queries.actors import holder_of_token
from shanshi.rewards.rules import codes as redeeming
from tests.attack.size import tries
from tests.attack.words import ANY_TEXT, NASTY
from tests.cities.conftest import SMALL

SHIFT, HOLDER = UUID("018f0000-0000-7000-8000-000000000001"), UUID("018f0000-0000-7000-8000-000000000002")
KEY, STEP = bytes(range(32)), 103_000_000
SIGNER = Ed25519PrivateKey.from_private_bytes(KEY)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
VENUE = codes.venue_code(KEY, SHIFT, STEP)
PERSONAL = codes.personal_code(SIGNER, HOLDER, real_at=NOW, seconds=60, nonce=b"12345678")
REDEMPTION = redeeming.redemption_code(KEY, HOLDER, SHIFT)
DIGITS = redeeming.redemption_digits(KEY, HOLDER, SHIFT)
TILL = redeeming.merchant_code(KEY, SHIFT, STEP)

TYPED = ANY_TEXT | st.sampled_from(NASTY)
CASE = files_of(SMALL)
BOOKS = sorted(Path("docs/policies").glob("*.yaml"))
SIGNS = st.sampled_from(
    [*"0123456789-:,\"'[]{}#&*!|>%@?<=~ \n\t\r\0￥一", "null", "9" * 30, "2019-02-30",
     "!!python/name:os.system ", "&a ", "*a", "<<: ", "- - - - ", "\ud800", "﻿", "\u2028", ".inf", ".nan",
     "0x", "1e999", "=cmd|'/C calc'!A0"]
)  # fmt: skip


@st.composite
def altered(draw: st.DrawFn, code: str) -> str:
    """A code with a few of its letters changed, left out, doubled or swapped, and not the same by chance."""
    text = code
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text) - 1))
        put = draw(
            st.sampled_from([*"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=-_ ", "", "é", "\ud800", "\0", "１"])
        )
        text = text[:place] + put + text[place + draw(st.integers(0, 2)) :]
    plain = "".join(text.split()).replace("-", "").upper()
    return text if plain != code else text + "A"


@st.composite
def spoiled(draw: st.DrawFn, text: str) -> bytes:
    """A text with a few places overwritten, as bytes that may be no text at all."""
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 20))
        text = text[:start] + draw(SIGNS) + text[start + length :]
    return text.encode(errors="surrogatepass") + draw(st.sampled_from([b"", b"", b"\xff", b"\xc3("]))


def taken(read: Callable[[], Any]) -> Any:
    """Return what was read; None if it was refused in the room's own words."""
    with contextlib.suppress(DomainError):
        return read()
    return None


def scan(code: str) -> Any:
    token = codes.read(code)
    if isinstance(token, codes.VenueToken):
        codes.check_venue(token, codes.session_key(KEY, token.shift_id), step=STEP, accepted=3)
    elif isinstance(token, codes.PersonalToken):
        codes.check_signature(token, SIGNER.public_key())
        codes.check_lives(token, real_at=NOW)
    return token


def scan_with_key(code: str) -> Any:
    token = codes.read(code)
    assert isinstance(token, codes.VenueToken | codes.PersonalToken | codes.Digits)
    if isinstance(token, codes.VenueToken):
        codes.check_venue(token, KEY, step=STEP, accepted=3)
        return token
    return None if isinstance(token, codes.Digits) else scan(code)


def test_the_unaltered_codes_are_taken() -> None:
    assert scan_with_key(VENUE) is not None
    assert scan_with_key(PERSONAL) is not None
    assert redeeming.proves(KEY, REDEMPTION, HOLDER, SHIFT)
    assert redeeming.proves(KEY, DIGITS, HOLDER, SHIFT)
    assert redeeming.check_merchant_code(KEY, TILL, STEP) == SHIFT


@tries(120)
@given(code=TYPED)
def test_any_text_at_the_door_is_a_code_or_refused(code: str) -> None:
    taken(lambda: scan(code))


@tries(80)
@given(code=altered(VENUE) | altered(PERSONAL))
def test_an_altered_code_is_never_taken_at_the_door(code: str) -> None:
    assert taken(lambda: scan_with_key(code)) is None


@tries(80)
@given(raw=st.binary(min_size=30, max_size=30), more=st.binary(min_size=65, max_size=65))
def test_made_up_bytes_in_the_form_of_a_code_are_never_taken(raw: bytes, more: bytes) -> None:
    for prefix, body in (("V1", raw), ("P1", raw + more)):
        code = prefix + base64.b32encode(body).decode().rstrip("=")
        assert taken(lambda text=code: scan_with_key(text)) is None


@tries(80)
@given(code=TYPED | altered(REDEMPTION) | altered(DIGITS) | altered(TILL))
def test_no_text_but_the_code_proves_a_redemption(code: str) -> None:
    assert not redeeming.proves(KEY, code, HOLDER, SHIFT)
    taken(lambda: redeeming.read_redemption_code(code))
    taken(lambda: redeeming.merchant_of_code(code))
    assert taken(lambda: redeeming.check_merchant_code(KEY, code, STEP)) is None


READERS: tuple[Callable[[str], Any], ...] = (
    people.checked_phone,
    people.checked_name,
    people.checked_credit_code,
    people.checked_number,
    people.checked_residence,
    people.check_place_name,
    lambda text: people.id_facts(text, on=date(2026, 1, 1)),
    holder_of_token,
    redeeming.clean_code,
)


@tries(120)
@given(
    text=TYPED
    | st.from_regex(r"\+?[0-9０-９ -]{8,20}", fullmatch=True)
    | st.from_regex(r"[1-9][0-9]{16}[0-9Xx]", fullmatch=True)
    | st.from_regex(r"[0-9A-HJ-NPQRTUWXY]{18}", fullmatch=True)
    | st.from_regex(r"(HZ|hz)[0-9]{11}", fullmatch=True)
)
def test_any_text_about_a_person_is_read_or_refused(text: str) -> None:
    for read in READERS:
        taken(lambda read=read: read(text))


@tries(80)
@given(name=st.text(st.characters(), max_size=60))
def test_a_name_that_is_taken_holds_nothing_but_letters_and_the_signs_of_names(name: str) -> None:
    clean = taken(lambda: people.checked_name(name))
    assert clean is None or not set(clean) & set('<>&"{}%;=\\/`\0\n\r\t@+\u202e\u200b')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TYPED
    | st.fixed_dictionaries({"t": TYPED | st.datetimes().map(str)})
    | st.fixed_dictionaries({"u": TYPED | st.uuids().map(str)}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def as_cursor(value: Any) -> str:
    """Return a value in the form of a cursor."""
    import json

    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


CURSORS = TYPED | JSON.map(as_cursor) | st.lists(JSON, min_size=1, max_size=3).map(as_cursor)


@tries(120)
@given(cursor=CURSORS, length=st.integers(1, 3))
def test_any_cursor_is_read_or_refused(cursor: str, length: int) -> None:
    taken(lambda: paging._decode(cursor, length))


@tries(40)
@given(data=st.data())
def test_a_spoiled_file_of_a_case_is_right_or_told_as_wrong(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(CASE)))
    with contextlib.suppress(CaseInvalid):
        checked({**CASE, name: data.draw(spoiled(CASE[name].decode()))})


@pytest.mark.parametrize(
    "text",
    [
        *("&a [*a, *a]", "a: &a [*a]", "[" * 5000, "{a: " * 3000, "? " * 4000, "- " * 4000),
        *("!!python/object/apply:os.system [id]", "&a [1]\n" + "- *a\n" * 1000, "a: !!binary ////"),
        *("a: !!set {b}", "\0", "--- a\n--- b\n", "%TAG ! tag:x,2000:\n", "a: 2019-02-30", "a: 1:99:99"),
        *("a: 0b2", "a: 9" + "9" * 5000, "<<: [a]", "<<: {a: 1}", "a: .inf", "'\\x80'"),
    ],
)
def test_a_bomb_in_a_file_is_told_as_wrong(text: str, tmp_path: Path) -> None:
    with pytest.raises(CaseInvalid):
        checked({**CASE, "people.yaml": text.encode()})
    book = tmp_path / "book.yaml"
    book.write_text(text, encoding="utf-8")
    with pytest.raises(FileInvalid):
        policies.read(book)


@tries(60)
@given(data=st.data())
def test_a_spoiled_rulebook_is_right_or_told_as_wrong(data: st.DataObject, tmp_path_factory: Any) -> None:
    book = data.draw(st.sampled_from(BOOKS))
    file = tmp_path_factory.getbasetemp() / f"spoiled-{book.name}"
    file.write_bytes(data.draw(spoiled(book.read_text(encoding="utf-8"))))
    with contextlib.suppress(FileInvalid):
        policies.read(file)
