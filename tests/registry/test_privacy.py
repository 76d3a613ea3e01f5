"""Without the keys the database says nothing about anybody; and who is forgotten is forgotten."""

from __future__ import annotations

import pytest
from django.db import connection

from shanshi.foundation import crypto
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.errors import Missing, SignInNeeded
from shanshi.registry import models, operations, queries, rules
from tests.cast import LIN, MEI, MRS_ZHAO, WU

pytestmark = pytest.mark.django_db

# The fake gateway's messages are invented people's by its own rule, and no real message is ever kept.
KEEPS_PHONES = {"foundation_outboxmessage"}


def everything_in_the_database() -> str:
    """Every text, JSON and byte column of every table, as one text; bytes as hexadecimal and as Latin-1."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN"
            " ('text', 'character varying', 'bytea', 'json', 'jsonb', 'ARRAY', 'USER-DEFINED')"
        )
        columns = cursor.fetchall()
        found = []
        for table, column, kind in columns:
            if table in KEEPS_PHONES:
                continue
            shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT {shown} FROM "{table}" WHERE "{column}" IS NOT NULL')
            found.extend(row[0] for row in cursor.fetchall())
    return "\n".join(found)


@pytest.fixture
def mei(cast):
    return cast.mei


def test_no_name_phone_or_id_number_lies_in_any_column(cast, mei, at, token_of, send, code_of):
    _ = cast.lin
    _ = cast.wu
    token = token_of(LIN)
    send("get", "me", token=token)
    send("post", "auth/codes", {"phone": WU.phone})
    proof = {"phone": WU.phone, "code": code_of(WU.phone)}
    wus = send("post", "auth/tokens", proof, HTTP_IDEMPOTENCY_KEY="k").json()["token"]
    operations.look(
        [cast.lin.volunteer()],
        ["real_name"],
        purpose="roster",
        by=cast.wu,
        capacity=f"leader organization:{cast.station}",
        at=at,
    )

    kept = everything_in_the_database()

    assert "清波街道志愿服务队" in kept  # it does look everywhere
    for person in (LIN, WU, MEI, MRS_ZHAO):
        for secret in (person.name, person.phone, person.id_number, person.birth_on.isoformat()):
            escaped = "".join(chr(byte) if byte < 128 else f"\\{byte:03o}" for byte in secret.encode())
            assert secret not in kept
            assert escaped not in kept
    assert token not in kept
    assert wus not in kept


def test_a_value_copied_to_another_person_does_not_open(cast):
    lin, wu = cast.lin, cast.wu
    stolen = models.Volunteer.objects.get(holder_id=lin.holder_id).real_name
    models.Volunteer.objects.filter(holder_id=wu.holder_id).update(real_name=stolen)
    with pytest.raises(crypto.KeysUnreadable):
        queries.volunteer(wu.volunteer())


def test_a_value_copied_to_another_column_does_not_open(cast):
    row = models.Volunteer.objects.get(holder_id=cast.lin.holder_id)
    models.Volunteer.objects.filter(holder_id=row.holder_id).update(real_name=row.id_number)
    with pytest.raises(crypto.KeysUnreadable):
        queries.volunteer(row.holder_id)


def test_a_person_gets_a_copy_of_everything(cast, mei):
    copy = queries.held_about(mei.known())
    assert copy["phone"] == MEI.phone
    assert copy["volunteer"]["id_number"] == MEI.id_number
    assert copy["volunteer"]["birth_on"] == MEI.birth_on.isoformat()
    assert copy["guardians"][0]["phone"] == MRS_ZHAO.phone
    assert {one["purpose"] for one in copy["consents"]} == {"terms", "minors"}
    assert set(copy) == {
        "person_id",
        "holder_id",
        "phone",
        "email",
        "preferences",
        "first_seen_at",
        "source",
        "signing_in",
        "guardian_of",
        "volunteer",
        "guardians",
        "consents",
        "memberships",
        "looks",
        "tokens",
        "roles",
    }


def test_who_is_forgotten_cannot_be_found_read_or_let_in_again(cast, at):
    lin = operations_of(cast, at)
    number = queries.volunteer(lin.volunteer()).number
    issued = operations.issue_token(lin.known(), label="", at=at)
    session = queries.session_of(str(lin.person_id), at=at)
    assert session is not None

    operations.forget(lin.known(), by=lin, at=at)

    assert queries.person_with_phone(LIN.phone) is None
    assert queries.by_number(number) is None
    assert queries.bearer_of(issued.token, real_at=at, at=at) is None
    assert queries.session_of(str(lin.person_id), at=at) is None
    assert queries.volunteers([lin.volunteer()]) == {}
    for question in (queries.held_about, queries.own, queries.holder_of):
        with pytest.raises(rules.PersonUnknown):
            question(lin.known())
    with pytest.raises(rules.PersonUnknown):
        queries.actor_of(lin.known(), at)
    with pytest.raises(Missing):
        queries.volunteer(lin.volunteer())


def test_what_stays_of_a_forgotten_person_is_an_opaque_number(cast, at):
    lin = operations_of(cast, at)
    operations.forget(lin.known(), by=lin, at=at)
    person = models.Person.objects.get(pk=lin.person_id)
    row = models.Volunteer.objects.get(holder_id=lin.holder_id)
    assert (person.data_key, person.phone, person.erased_at) == (None, None, at)
    assert {getattr(row, name) for name in ("number", "real_name", "id_number", "birth_on", "sex")} == {None}
    assert not models.Claim.objects.filter(owner_holder_id=lin.holder_id).exists()
    assert not models.RoleGrant.objects.filter(person_id=lin.person_id, ended_at=None).exists()
    assert AuditEntry.objects.get(verb="registry.forget").thing == f"person:{lin.person_id}"


def test_a_forgotten_minors_guardian_is_forgotten_too(cast, mei, at):
    operations.send_code(MEI.phone, at=at)
    operations.forget(mei.known(), by=mei, at=at)
    assert not models.Guardian.objects.exists()
    assert not models.PhoneCode.objects.exists()


def test_who_was_forgotten_may_come_again_as_somebody_new(cast, typed, at):
    lin = cast.lin
    operations.forget(lin.known(), by=lin, at=at)
    again = operations.register(typed(LIN), by=cast.loader, at=at)
    assert again.holder_id != lin.holder_id


def test_nobody_is_forgotten_twice_or_by_a_visitor(cast, at):
    from shanshi.foundation.actor import VISITOR

    lin = cast.lin
    with pytest.raises(SignInNeeded):
        operations.forget(lin.known(), by=VISITOR, at=at)
    assert queries.own(lin.known()).volunteer is not None
    operations.forget(lin.known(), by=lin, at=at)
    with pytest.raises(rules.PersonUnknown):
        operations.forget(lin.known(), by=lin, at=at)


def operations_of(cast, at):
    """Lin with a role, a membership and a code on the way: all that there is to forget."""
    lin = cast.with_role(cast.lin, Role.LEADER, f"organization:{cast.station}")
    operations.join(lin.volunteer(), cast.station, by=lin, at=at)
    operations.send_code(LIN.phone, at=at)
    return lin
