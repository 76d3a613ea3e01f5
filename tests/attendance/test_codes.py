"""Codes of doors and of volunteers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shanshi.attendance.rules import CodeKind, codes

DOORS = b"d" * 32
SHIFT = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")
LIN = UUID("01900000-0000-7000-8000-0000000000aa")
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def venue_code(step: int, shift_id: UUID = SHIFT) -> str:
    return codes.venue_code(codes.session_key(DOORS, shift_id), shift_id, step)


def check_venue(code: str, step: int) -> UUID:
    token = codes.read(code)
    assert isinstance(token, codes.VenueToken)
    codes.check_venue(token, codes.session_key(DOORS, token.shift_id), step=step, accepted=2)
    return token.shift_id


def personal_code(nonce: bytes = b"12345678") -> str:
    return codes.personal_code(KEY, LIN, real_at=NOW, seconds=60, nonce=nonce)


def check_personal(code: str, real_at: datetime = NOW) -> codes.PersonalToken:
    token = codes.read(code)
    assert isinstance(token, codes.PersonalToken)
    codes.check_signature(token, KEY.public_key())
    codes.check_lives(token, real_at=real_at)
    return token


def test_the_code_of_this_step_and_the_one_before_are_taken():
    assert check_venue(venue_code(1000), 1000) == SHIFT
    assert check_venue(venue_code(1000), 1001) == SHIFT


@pytest.mark.parametrize("step", [1002, 1003, 5000, 999])
def test_a_photo_of_an_old_code_and_a_code_of_later_are_not(step):
    with pytest.raises(codes.CodeExpired):
        check_venue(venue_code(1000), step)


def test_a_code_for_another_shift_cannot_be_made_from_one():
    token = codes.read(venue_code(1000))
    assert isinstance(token, codes.VenueToken)
    moved = codes.VenueToken(OTHER, token.step, token.mac)
    with pytest.raises(codes.CodeForged):
        codes.check_venue(moved, codes.session_key(DOORS, OTHER), step=1000, accepted=2)


def test_a_later_step_cannot_be_made_from_an_old_code():
    token = codes.read(venue_code(1000))
    assert isinstance(token, codes.VenueToken)
    renewed = codes.VenueToken(SHIFT, 1100, token.mac)
    with pytest.raises(codes.CodeForged):
        codes.check_venue(renewed, codes.session_key(DOORS, SHIFT), step=1100, accepted=2)


@given(st.integers(0, 153), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_personal_code_with_one_letter_altered_is_never_taken(place, letter):
    code = personal_code()
    altered = code[:place] + letter + code[place + 1 :]
    if altered == code:
        return
    with pytest.raises((codes.CodeForged, codes.CodeUnreadable, AssertionError)):
        check_personal(altered)


@given(st.integers(0, 49), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_venue_code_with_one_letter_altered_is_never_taken(place, letter):
    code = venue_code(1000)
    altered = code[:place] + letter + code[place + 1 :]
    if altered == code:
        return
    with pytest.raises((codes.CodeForged, codes.CodeUnreadable, AssertionError)):
        check_venue(altered, 1000)


def test_a_personal_code_tells_whose_it_is_and_is_told_apart_by_its_nonce():
    token = check_personal(personal_code())
    assert (token.holder_id, token.nonce) == (LIN, b"12345678".hex())


@pytest.mark.parametrize("seconds", [60, 61, 3600, -30])
def test_a_personal_code_lives_for_a_minute(seconds):
    check_personal(personal_code(), NOW + timedelta(seconds=59))
    with pytest.raises(codes.CodeExpired):
        check_personal(personal_code(), NOW + timedelta(seconds=seconds))


def test_a_code_signed_by_another_key_is_not_taken():
    stranger = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    forged = codes.personal_code(stranger, LIN, real_at=NOW, seconds=60, nonce=b"12345678")
    with pytest.raises(codes.CodeForged):
        check_personal(forged)


def test_codes_are_small_and_drawn_in_the_alphanumeric_mode():
    assert (len(venue_code(1000)), len(personal_code())) == (50, 154)
    assert set(venue_code(1000) + personal_code()) <= QR_ALPHANUMERIC


def test_blanks_and_lower_case_do_not_matter():
    assert check_venue(f" {venue_code(1000).lower()}\n", 1000) == SHIFT
    assert codes.read(" 123 456 ") == codes.Digits("123456")


@pytest.mark.parametrize(
    "text",
    ["", "12345", "1234567", "hello", "V1", "V1ABC", "P1" + "A" * 152 + "1", "X1" + "A" * 48, "１２３４５６"],
)
def test_anything_else_is_no_code(text):
    with pytest.raises(codes.CodeUnreadable):
        codes.read(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    try:
        token = codes.read(text)
    except codes.CodeUnreadable:
        return
    assert codes.kind(token) in CodeKind


def test_digits_belong_to_a_shift_for_this_minute_and_the_one_before():
    key, other = codes.session_key(DOORS, SHIFT), codes.session_key(DOORS, OTHER)
    typed = codes.Digits(codes.digits(key, 500))
    keys = [(OTHER, other), (SHIFT, key)]
    for step in (500, 501):
        assert codes.shift_of_digits(typed, keys, step=step, accepted=2) == SHIFT
    for step in (499, 502):
        with pytest.raises(codes.DigitsWrong):
            codes.shift_of_digits(typed, keys, step=step, accepted=2)


def test_digits_of_a_shift_without_a_place_are_wrong():
    typed = codes.Digits(codes.digits(codes.session_key(DOORS, SHIFT), 500))
    with pytest.raises(codes.DigitsWrong):
        codes.shift_of_digits(typed, [(OTHER, codes.session_key(DOORS, OTHER))], step=500, accepted=2)
