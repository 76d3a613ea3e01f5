"""Tables of the ground: what this database is, the trail of staff, and requests that may come twice."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from shanshi.kernel.ids import new_id


class Table(models.Model):
    """What every table says of itself.

    distributed_by  the column by which a distributed PostgreSQL would spread the table, or None for a
                    small reference table that every machine has whole; big tables carry that column in
                    every primary, unique and exclusion key
    append_only     rows are written once; the application's role may neither update nor delete them
    """

    distributed_by: ClassVar[str | None] = None
    append_only: ClassVar[bool] = False

    class Meta:
        abstract = True


class TransactionId(models.BigIntegerField):  # type: ignore[type-arg]
    """The id of the database transaction that wrote a row (xid8): 64 bits, never reused.

    With it a sealer can read rows in an order in which none can appear behind it.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "xid8"

    def from_db_value(self, value: Any, *_: object) -> int:
        """Return the number; the driver gives its digits."""
        return int(value)


class CurrentTransaction(models.Func):
    """pg_current_xact_id()."""

    function = "pg_current_xact_id"
    output_field = TransactionId()


class Installation(Table):
    """One row: whether this is a demo, and where its clock stands."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    kind = models.TextField(choices=[("demo", "demo"), ("production", "production")])
    demo_shift = models.DurationField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(kind="production") | models.Q(demo_shift__isnull=False),
                name="installation_demo_has_a_clock",
            ),
        ]


class AuditEntry(Table):
    """One change by staff: who, what, before, after, why. Written once, never changed.

    xid  lets a sealer follow the trail without missing a late commit
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    happened_at = models.DateTimeField()
    by = models.UUIDField()
    verb = models.TextField()
    thing = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    xid = TransactionId(db_default=CurrentTransaction())

    class Meta:
        indexes = [
            models.Index(fields=["thing", "happened_at"], name="audit_by_thing"),
            models.Index(fields=["-happened_at", "-id"], name="audit_by_time"),
            models.Index(fields=["by", "-happened_at", "-id"], name="audit_by_person"),
            models.Index(fields=["verb", "-happened_at", "-id"], name="audit_by_verb"),
        ]


class IdempotentRequest(Table):
    """The answer once given to a request that carried an Idempotency-Key."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    key = models.TextField()
    request_hash = models.BinaryField()
    status = models.SmallIntegerField()
    content_type = models.TextField()
    body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id", "key"], name="idempotent_request_answered_once")
        ]


class Try(Table):
    """How often something was tried in one window of time, by somebody known only as a hash."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True)
    holder_id = models.UUIDField()
    taken = models.IntegerField()
    expires_at = models.DateTimeField(db_index=True)


class Session(Table):
    """One sign-in of one browser. The key in the cookie is not here: only its hash, in two halves.

    holder_id, id  the two halves of the hash: it says itself where the row lies
    data           sealed; nothing of it can be read without the keys outside the database
    device         how its owner recognizes it, coarsely: "Chrome, Android"
    """

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True)
    holder_id = models.UUIDField()
    person_id = models.UUIDField(null=True, db_index=True)
    data = models.BinaryField()
    device = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    seen_on = models.DateField()
    expires_at = models.DateTimeField(db_index=True)


class Proposal(Table):
    """Something that two people decide: one proposes, another approves or refuses.

    kind     what shall be done, for example "registry.city_role"
    subject  to what, for example "person:<uuid>"
    facts    what was proposed, without personal data
    verdict  empty while it waits
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.TextField()
    subject = models.TextField()
    facts = models.JSONField()
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by = models.UUIDField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    verdict = models.TextField(
        blank=True, default="", choices=[(v, v) for v in ("", "approved", "refused", "withdrawn", "expired")]
    )
    decision_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(decided_at=None), name="proposal_stands_once"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, decided_by=None, verdict="")
                | models.Q(decided_at__isnull=False, decided_by__isnull=False) & ~models.Q(verdict=""),
                name="proposal_decided_at_by_and_how",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(verdict="withdrawn")
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="proposal_needs_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["kind", "proposed_at"], name="proposal_by_kind")]


class RetentionRun(Table):
    """What one run of the retention job removed of one class of data. Written once."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    ran_at = models.DateTimeField()
    data_class = models.TextField()
    kept_days = models.IntegerField(null=True)
    removed = models.IntegerField()
    oldest_left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-ran_at", "data_class"], name="retention_run_by_time")]


class OutboxMessage(Table):
    """A text message that the fake gateway did not send; only the fake writes here, for invented phones."""

    id = models.UUIDField(primary_key=True, default=new_id)
    phone = models.TextField()
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="outbox_by_time")]
