"""Tables of people: who they are, who guards them, what they agreed to and want."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id
from shanshi.registry import rules
from shanshi.registry.models.columns import choices


class Person(Table, AbstractBaseUser):
    """Somebody who can sign in: a volunteer, a member of staff, a merchant's cashier.

    data_key  wrapped; None once the person is erased, and then nothing of theirs can be read again
    password  hashed; empty or unusable for those who sign in by phone code alone
    stamp     changes whenever all sessions of the person must end
    """

    distributed_by = "holder_id"
    USERNAME_FIELD: ClassVar[str] = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    last_login = None

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField(default=new_id)
    data_key = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    email = models.BinaryField(null=True)
    password = models.TextField(blank=True, default="", db_default="")
    stamp = models.BinaryField()
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    source = models.TextField(default="platform")

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id"], name="person_is_one_holder"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, data_key__isnull=False)
                | Q(erased_at__isnull=False, data_key__isnull=True, phone__isnull=True, email__isnull=True),
                name="person_erased_has_no_key",
            ),
        ]

    def get_session_auth_hash(self) -> str:
        """Return what a session must hold to be this person's."""
        return session_hash(bytes(self.stamp))

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return what a session may hold that began with an earlier secret of Django's."""
        yield from session_hashes(bytes(self.stamp))[1:]


def session_hash(stamp: bytes) -> str:
    """Return what a session must hold, for a person's stamp."""
    return session_hashes(stamp)[0]


def session_hashes(stamp: bytes) -> list[str]:
    """Return what a session may hold, for a person's stamp: by the secret of now, then by those before it."""
    return [
        salted_hmac("shanshi.registry.session", stamp.hex(), secret=secret, algorithm="sha256").hexdigest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


class Claim(Table):
    """A value that one person alone may have: holder_id comes from its index, owner_holder_id says whose."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    kind = models.TextField(choices=choices(rules.ClaimKind))
    index = models.BinaryField()
    person_id = models.UUIDField()
    owner_holder_id = models.UUIDField(db_index=True)
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id", "kind", "index"], name="claim_has_one_owner"),
        ]


class Volunteer(Table):
    """A registered person who gives service. The sealed columns open only with the person's data key."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    person_id = models.UUIDField()
    number = models.TextField(null=True)  # noqa: DJ001 - none once erased
    real_name = models.BinaryField(null=True)
    id_number = models.BinaryField(null=True)
    birth_on = models.BinaryField(null=True)
    sex = models.BinaryField(null=True)
    party_member = models.BinaryField(null=True)
    residence_code = models.TextField(null=True)  # noqa: DJ001 - unknown is not empty
    registered_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id"], name="volunteer_registers_once"),
            models.CheckConstraint(
                condition=Q(
                    erased_at__isnull=True,
                    number__isnull=False,
                    real_name__isnull=False,
                    id_number__isnull=False,
                    birth_on__isnull=False,
                    sex__isnull=False,
                    party_member__isnull=False,
                )
                | Q(
                    erased_at__isnull=False,
                    number__isnull=True,
                    real_name__isnull=True,
                    id_number__isnull=True,
                    birth_on__isnull=True,
                    sex__isnull=True,
                    party_member__isnull=True,
                    residence_code__isnull=True,
                ),
                name="volunteer_is_whole_or_erased",
            ),
        ]
        indexes = [models.Index(fields=["registered_at"], name="volunteer_by_registration")]


class Guardian(Table):
    """The adult who agreed that a minor volunteers; sealed under the minor's data key.

    phone_index  blind index of the phone, by which a guardian who has signed in finds the minors
    known_as     the person who has shown to know the minor: the number may have changed hands since
    """

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    name = models.BinaryField()
    phone = models.BinaryField()
    phone_index = models.BinaryField(null=True, db_index=True)
    known_as = models.UUIDField(null=True)
    relation = models.TextField(choices=choices(rules.Relation))
    consented_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id"], condition=Q(withdrawn_at__isnull=True), name="guardian_is_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("consented_at")),
                name="guardian_withdraws_after_consent",
            ),
        ]


class Consent(Table):
    """A volunteer's permission for one purpose, with the version of the text agreed to."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    purpose = models.TextField()
    text_version = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]


class IdentityLook(Table):
    """Somebody looked at somebody's identity: who, when, which field, why. Written once, kept ten years.

    purpose   one of rules.LookPurpose; note: why, in the looker's own words
    capacity  as what the looker looked: the role and its place, "leader organization:<uuid>"
    """

    distributed_by = "holder_id"
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    field = models.TextField()
    purpose = models.TextField()
    note = models.TextField(blank=True, default="", db_default="")
    capacity = models.TextField(blank=True, default="", db_default="")
    looked_at = models.DateTimeField()
    looked_by = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["holder_id", "looked_at"], name="identity_look_by_holder"),
            models.Index(fields=["looked_by", "-looked_at", "-id"], name="identity_look_by_looker"),
            models.Index(fields=["-looked_at", "-id"], name="identity_look_by_time"),
        ]


class Preference(Table):
    """How a person wants the pages and the messages: remembered wherever they sign in.

    theme     "light", "dark", or empty to follow the device
    language  a code of settings.LANGUAGES; empty: the language of the browser
    """

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    theme = models.TextField(blank=True, default="")
    is_elder = models.BooleanField(default=False)
    language = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id"], name="preference_is_one_per_person"),
            models.CheckConstraint(
                condition=Q(theme__in=["", "light", "dark"]), name="preference_theme_is_known"
            ),
        ]
