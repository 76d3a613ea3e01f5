"""Codes, tokens and sessions: what proves who somebody is, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.foundation import outbox
from shanshi.gateways.refusals import PhoneNotServed
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.operations.expiring import SWEEPS
from tests.cast import LIN, MRS_ZHAO

pytestmark = pytest.mark.django_db


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_first_proof_of_a_phone_makes_the_person_and_the_second_finds_them(prove):
    assert prove(LIN) == prove(LIN)
    assert models.Person.objects.count() == 1


def test_a_code_works_once(at, code_of):
    operations.send_code(LIN.phone, at=at)
    code = code_of(LIN.phone)
    operations.prove_phone(LIN.phone, f" {code[:3]} {code[3:]} ", at=at)
    with pytest.raises(rules.CodeWrong):
        operations.prove_phone(LIN.phone, code, at=at)


def test_a_new_code_ends_the_old_one(at, code_of):
    operations.send_code(LIN.phone, at=at)
    old = code_of(LIN.phone)
    operations.send_code(LIN.phone, at=at)
    new = code_of(LIN.phone)
    if old != new:
        with pytest.raises(rules.CodeWrong):
            operations.prove_phone(LIN.phone, old, at=at)
    operations.prove_phone(LIN.phone, new, at=at)


def test_a_code_lives_five_minutes(at, code_of):
    operations.send_code(LIN.phone, at=at)
    with pytest.raises(rules.CodeWrong):
        operations.prove_phone(LIN.phone, code_of(LIN.phone), at=at + timedelta(minutes=5))
    assert models.Person.objects.count() == 0
    operations.prove_phone(LIN.phone, code_of(LIN.phone), at=at + timedelta(minutes=5, seconds=-1))


def test_after_five_wrong_tries_even_the_right_code_is_refused(at, code_of):
    operations.send_code(LIN.phone, at=at)
    code = code_of(LIN.phone)
    for _ in range(5):
        with pytest.raises(rules.CodeWrong):
            operations.prove_phone(LIN.phone, other(code), at=at)
    with pytest.raises(rules.CodeWrong):
        operations.prove_phone(LIN.phone, code, at=at)
    assert models.Person.objects.count() == 0


@pytest.mark.parametrize(
    "code", ["", "12345", "abcdef", "１２３４５６", "\x00", "\ud800", "'; --", "0" * 500]
)
def test_a_code_that_is_none_is_wrong(at, code):
    operations.send_code(LIN.phone, at=at)
    with pytest.raises(rules.CodeWrong):
        operations.prove_phone(LIN.phone, code, at=at)


def test_a_phone_without_a_code_has_the_same_answer_as_a_wrong_code(at):
    with pytest.raises(rules.CodeWrong):
        operations.prove_phone(LIN.phone, "123456", at=at)


def test_a_guardians_code_signs_nobody_in(at, code_of):
    operations.send_guardian_code(MRS_ZHAO.phone, at=at)
    with pytest.raises(rules.CodeWrong):
        operations.prove_phone(MRS_ZHAO.phone, code_of(MRS_ZHAO.phone), at=at)


def test_the_message_says_what_the_code_is_for(at):
    operations.send_code(LIN.phone, at=at)
    operations.send_guardian_code(MRS_ZHAO.phone, at=at)
    assert "请勿告诉任何人" in outbox.messages(phone=LIN.phone)[0].text
    assert "监护人" in outbox.messages(phone=MRS_ZHAO.phone)[0].text


def test_a_phone_of_a_real_range_gets_no_code_from_the_fake(at):
    with pytest.raises(PhoneNotServed):
        operations.send_code("13800138000", at=at)


def test_a_token_gives_the_actor_in_one_query(cast, at, django_assert_num_queries):
    wu = cast.wu
    issued = operations.issue_token(wu.known(), label="phone", at=at)
    with django_assert_num_queries(1):
        found = queries.bearer_of(issued.token, real_at=at, at=at)
    assert found == queries.BearerFacts(wu, ("read", "write", "staff", "names"))


def test_a_token_lives_thirty_days(cast, at):
    issued = operations.issue_token(cast.lin.known(), label="", at=at)
    assert issued.expires_at == at + timedelta(days=30)
    last = issued.expires_at - timedelta(seconds=1)
    assert queries.bearer_of(issued.token, real_at=last, at=at) is not None
    assert queries.bearer_of(issued.token, real_at=issued.expires_at, at=at) is None


@pytest.mark.parametrize(
    "token", ["", "x", "shs_", "shs_AAAA", "ü", "shs_" + "A" * 64, "shs_" + "A" * 63 + "!"]
)
def test_a_token_that_is_none_is_nobodys(at, token):
    assert queries.bearer_of(token, real_at=at, at=at) is None


def test_a_token_of_one_person_does_not_open_another(cast, at):
    issued = operations.issue_token(cast.lin.known(), label="", at=at)
    forged = (
        "shs_"
        + operations.issue_token(cast.stranger.known(), label="", at=at).token[4:26]
        + issued.token[26:]
    )
    assert queries.bearer_of(forged, real_at=at, at=at) is None


def test_a_token_given_back_is_worthless(cast, at):
    issued = operations.issue_token(cast.lin.known(), label="", at=at)
    operations.revoke_token(issued.token)
    operations.revoke_token(issued.token)
    operations.revoke_token("nonsense")
    assert queries.bearer_of(issued.token, real_at=at, at=at) is None


def test_a_token_for_reading_says_so(cast, at):
    issued = operations.issue_token(cast.lin.known(), label="", at=at, scopes=["read", "everything"])
    found = queries.bearer_of(issued.token, real_at=at, at=at)
    assert found is not None
    assert found.scopes == ("read",)


def test_ending_all_sessions_ends_tokens_and_cookies(cast, at):
    lin = cast.lin
    issued = operations.issue_token(lin.known(), label="", at=at)
    before = queries.session_of(str(lin.person_id), at=at)
    operations.end_sessions(lin.known())
    after = queries.session_of(str(lin.person_id), at=at)
    assert before is not None
    assert after is not None
    assert before.session_hash != after.session_hash
    assert queries.bearer_of(issued.token, real_at=at, at=at) is None


def test_nobody_has_no_token_and_no_session(at):
    from uuid import uuid4

    with pytest.raises(rules.PersonUnknown):
        operations.issue_token(uuid4(), label="", at=at)
    assert queries.session_of(str(uuid4()), at=at) is None
    assert queries.session_of("not a uuid", at=at) is None


def test_what_has_expired_is_swept_away(cast, at):
    operations.send_code(LIN.phone, at=at)
    issued = operations.issue_token(cast.lin.known(), label="", at=at)
    codes, tokens = SWEEPS["phone_codes"], SWEEPS["tokens"]
    assert codes.take(at, at=at, most=9) + tokens.take(at, at=at, most=9) == 0
    later = issued.expires_at + timedelta(seconds=1)
    assert (codes.take(later, at=later, most=9), tokens.take(later, at=later, most=9)) == (1, 1)
