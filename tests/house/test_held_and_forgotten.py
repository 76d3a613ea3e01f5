"""Nothing about a person is kept that the person's copy does not show, or that erasing forgets to think of.

Each table says below what happens to it. A new table or column about people fails here until somebody has
said where a person sees it, and what becomes of it when the person is erased.
"""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, models

from shanshi.foundation.actor import Role
from shanshi.portal.operations import FORGETTERS, erase
from shanshi.portal.queries.held import HOLDERS
from shanshi.registry import operations as registry
from tests.cast import LIN, MEI

# What names a person in a table: the ids that the rooms know a person by, and a user of the libraries.
PERSONAL_KEYS = {"holder_id", "person_id", "owner_holder_id", "user_id", "person", "user"}
# Columns that hold, or lead to, who somebody is.
PERSONAL = re.compile(
    r"(^|_)(name|phone|mobile|email|address|birth|sex|id_number|latitude|longitude|uid|ip|password)($|_)"
)
# The books keep every row under the opaque holder: nothing goes, or they would not balance (decision 14).
KEEPS_BOOKS = {"ledger"}
# Tables of libraries: the registry tells and forgets them.
OF_LIBRARIES = {"mfa": "registry", "socialaccount": "registry", "account": None}

# Columns that look personal, and are no person's: bodies, places, goods, and machinery.
NOBODYS = {
    "activities.Activity.latitude",
    "activities.Activity.longitude",
    "activities.Booth.name",
    "activities.Position.latitude",
    "activities.Position.longitude",
    "activities.Position.name",
    "activities.Program.name",
    "activities.Program.name_en",
    "activities.Project.name",
    "activities.Shift.name",
    "activities.Template.name",
    "places.Division.name",
    "places.Division.name_key",
    "places.PartnerStreet.name",
    "places.PartnerStreet.name_key",
    "places.Station.name",
    "places.Venue.address",
    "places.Venue.latitude",
    "places.Venue.longitude",
    "places.Venue.name",
    "places.Venue.name_key",
    "registry.Organization.name",
    "registry.Organization.name_en",
    "registry.Organization.name_key",
    "registry.Team.name",
    "registry.Team.name_key",
    "rewards.Merchant.address",
    "rewards.Merchant.latitude",
    "rewards.Merchant.longitude",
    "rewards.Merchant.name",
    "rewards.Merchant.name_en",
    "rewards.Merchant.phone",
    "socialaccount.SocialApp.name",
}  # fmt: skip

# Columns of bytes, sealed or hashed, and what becomes of each.
BYTES = {
    "foundation.IdempotentRequest.request_hash": "deleted by foundation.held.forget, or after a day",
    "foundation.IdempotentRequest.body": "deleted by foundation.held.forget, or after a day",
    "foundation.Session.data": "deleted by foundation.held.forget",
    "activities.CalendarKey.key_hash": "hash of a secret address; the copy says since when; deleted",
    "registry.Person.data_key": "destroyed: with it everything sealed is gone",
    "registry.Person.phone": "shown in the copy; emptied",
    "registry.Person.email": "shown in the copy; emptied",
    "registry.Person.stamp": "random; replaced",
    "registry.Claim.index": "keyed hash; deleted",
    "registry.Volunteer.real_name": "shown in the copy; emptied",
    "registry.Volunteer.id_number": "shown in the copy; emptied",
    "registry.Volunteer.birth_on": "shown in the copy; emptied",
    "registry.Volunteer.sex": "shown in the copy; emptied",
    "registry.Volunteer.party_member": "shown in the copy; emptied",
    "registry.Guardian.name": "shown in the copy of minor and guardian; deleted with the minor",
    "registry.Guardian.phone": "shown in the copy of the minor; deleted with the minor",
    "registry.Guardian.phone_index": "keyed hash; deleted with the minor",
    "registry.PhoneCode.salt": "random; deleted, or after five minutes",
    "registry.PhoneCode.code_hash": "keyed hash; deleted, or after five minutes",
    "registry.BearerToken.token_hash": "hash; deleted",
    "imports.SentList.data_key": "of a list, wrapped; deleted with it a day after",
    "imports.SentList.content": "sealed; deleted a day after",
    "imports.SentList.found": "sealed; deleted a day after",
    "ledger.Transfer.request_hash": "hash of what was posted; stays with the books",
    "rewards.Redemption.digits_index": "keyed hash of a code that lived a minute",
}

# Columns that look personal and are somebody's: where a copy shows them.
SOMEBODYS = {
    "foundation.OutboxMessage.phone": "the fake gateway's; deleted by foundation.held.forget",
    "registry.Person.password": "a hash; the copy says that there is one; emptied",
    "attendance.ScanLocation.latitude": "shown in the copy; deleted",
    "attendance.ScanLocation.longitude": "shown in the copy; deleted",
    "socialaccount.SocialAccount.uid": "shown in the copy; deleted",
    "account.EmailConfirmation.email_address": "a foreign key; never written",
    "account.EmailAddress.email": "never written: nobody has an e-mail address here",
}
OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("shanshi.") or model._meta.app_label in OF_LIBRARIES
]


def columns() -> list[tuple[str, models.Field]]:
    """Every column of every table, with its name "room.Model.column"."""
    return [
        (f"{model._meta.app_label}.{model.__name__}.{field.name}", field)
        for model in OURS
        for field in model._meta.concrete_fields
    ]


def rooms_about_people() -> set[str]:
    """The rooms with a table that names a person."""
    found = set()
    for model in OURS:
        names = {field.name for field in model._meta.concrete_fields} | {
            field.attname for field in model._meta.concrete_fields
        }
        room = OF_LIBRARIES.get(model._meta.app_label, model._meta.app_label)
        if names & PERSONAL_KEYS and room is not None:
            found.add(room)
    return found


def test_every_room_that_knows_a_person_tells_the_person() -> None:
    assert set(HOLDERS) == rooms_about_people()


def test_every_room_that_knows_a_person_is_asked_to_forget() -> None:
    assert set(FORGETTERS) == rooms_about_people() - KEEPS_BOOKS


def test_each_room_has_both_by_the_same_names() -> None:
    for room in sorted(rooms_about_people()):
        if room == "foundation":
            held = import_module("shanshi.foundation.held")
            assert hasattr(held, "held_about")
            assert hasattr(held, "forget")
            continue
        assert hasattr(import_module(f"shanshi.{room}.queries"), "held_about"), room
        if room not in KEEPS_BOOKS:
            assert hasattr(import_module(f"shanshi.{room}.operations"), "forget"), room


def test_every_column_of_bytes_says_what_becomes_of_it() -> None:
    found = {name for name, field in columns() if isinstance(field, models.BinaryField)}
    assert found == set(BYTES), "say in BYTES where its person sees it, and what becomes of it at erasure"


def test_every_column_named_like_a_person_is_known() -> None:
    found = {name for name, field in columns() if PERSONAL.search(field.name)} - set(BYTES)
    unknown = found - NOBODYS - set(SOMEBODYS)
    assert unknown == set(), "somebody's? Say in SOMEBODYS where it is seen; else in NOBODYS"
    assert found >= NOBODYS
    assert set(SOMEBODYS) <= found


@pytest.mark.django_db
def test_the_database_has_no_table_about_people_that_is_no_model() -> None:
    known = {model._meta.db_table for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name IN ('holder_id', 'person_id', 'owner_holder_id', 'user_id')"
        )
        assert {row[0] for row in cursor.fetchall()} - known == set()


@pytest.mark.django_db
def test_after_erasure_no_row_names_the_person_but_those_that_stay_for_a_reason(cast, at) -> None:
    """The holder stays in what is written once; the person in the trail of staff and as an empty shell."""
    lin = cast.with_role(cast.lin, Role.LEADER, f"organization:{cast.station}")
    registry.join(lin.volunteer(), cast.station, by=lin, at=at)
    registry.issue_token(lin.known(), label="x", at=at)
    registry.send_code(LIN.phone, at=at)
    erase(lin.known(), by=lin, at=at)

    stays = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND udt_name = 'uuid' ORDER BY 1, 2"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}" IN (%s, %s) LIMIT 1',
                [lin.person_id, lin.holder_id],
            )
            if cursor.fetchone():
                stays.add(f"{table}.{column}")
    assert stays == {
        "foundation_auditentry.by",
        "registry_consent.holder_id",
        "registry_consent.withdrawn_by",
        "registry_membership.holder_id",
        "registry_person.holder_id",
        "registry_person.id",
        "registry_rolegrant.ended_by",
        "registry_rolegrant.person_id",
        "registry_volunteer.holder_id",
        "registry_volunteer.person_id",
    }


@pytest.mark.django_db
def test_a_minor_is_forgotten_with_the_guardian(cast, at) -> None:
    mei = cast.mei
    erase(mei.known(), by=mei, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_guardian")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM foundation_outboxmessage WHERE phone = %s", [MEI.phone])
        assert cursor.fetchone() == (0,)
