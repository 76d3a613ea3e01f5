"""Tables of what people were told, and what became of each message that left the platform."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id
from shanshi.notices import rules


class Notice(Table):
    """One thing that one person was told; the same key never tells the same person twice.

    key              what it is about, made by the sending room: the same event has the same key
    text, title      the English sentences; the reader's language is found when they are shown
    facts            as rules.packed writes them; nothing about who a person is
    channels         by which ways it should also leave the platform
    about_holder_id  the minor whom a guardian's copy is about
    spread_at        when it was decided where it goes beside the list; None: not yet
    """

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    key = models.TextField()
    template = models.TextField()
    title = models.TextField(blank=True, default="")
    text = models.TextField()
    facts = models.JSONField(default=dict)
    url = models.TextField(blank=True, default="")
    channels = ArrayField(models.TextField(), default=list)
    is_urgent = models.BooleanField(default=False)
    until = models.DateTimeField(null=True)
    about_holder_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    spread_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id", "key"], name="notice_tells_once"),
            models.CheckConstraint(
                condition=Q(about_holder_id__isnull=True) | ~Q(about_holder_id=F("holder_id")),
                name="notice_about_another_is_a_copy",
            ),
        ]
        indexes = [
            models.Index(fields=["holder_id", "-made_at", "-id"], name="notice_by_holder"),
            models.Index(fields=["holder_id"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["made_at"], condition=Q(spread_at__isnull=True), name="notice_to_spread"),
            models.Index(fields=["made_at"], name="notice_by_age"),
            models.Index(
                fields=["about_holder_id"],
                condition=Q(about_holder_id__isnull=False),
                name="notice_copies",
            ),
        ]


class Delivery(Table):
    """One message on its way out of the platform, and what became of it. Its address is never written here.

    to_guardian  goes to the phone in the minor's own record: the guardian has no account
    due_at       not before; taken_at: when a worker took it up
    failure      the code of the last refusal
    """

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    notice_id = models.UUIDField()
    channel = models.TextField(choices=[(one.value, one.value) for one in rules.Channel])
    to_guardian = models.BooleanField(default=False)
    state = models.TextField(
        choices=[(one.value, one.value) for one in rules.State], default=rules.State.WAITING.value
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_urgent = models.BooleanField(default=False)
    tries = models.SmallIntegerField(default=0)
    failure = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id", "notice_id", "channel", "to_guardian"], name="delivery_is_made_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], ended_at__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(state__in=["waiting", "sending"]),
                name="delivery_ends_in_a_state",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["taken_at"], condition=Q(state="sending"), name="delivery_under_way"),
            models.Index(fields=["made_at"], name="delivery_by_age"),
        ]
