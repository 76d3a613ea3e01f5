"""Tables of what proves a person for a while."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id


class PhoneCode(Table):
    """The code by which whoever asked for it may prove a phone now; a new one takes its place."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True)
    holder_id = models.UUIDField()
    salt = models.BinaryField()
    code_hash = models.BinaryField()
    tries_left = models.SmallIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tries_left__gte=0), name="phone_code_tries_end_at_nothing")
        ]


class BearerToken(Table):
    """A bearer token, kept as its hash. The token itself carries the holder id, so that one look finds it."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    person_id = models.UUIDField()
    token_hash = models.BinaryField()
    label = models.TextField(blank=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id", "token_hash"], name="token_belongs_to_one"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="token_expires_later"),
        ]
