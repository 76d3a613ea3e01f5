"""The table of lists that somebody sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shanshi.foundation.models import Table
from shanshi.imports.rules import ListKind, ListState
from shanshi.kernel.ids import new_id


class SentList(Table):
    """A list that somebody sent, what was found in it, and what was made of it. Deleted a day after.

    place      what it is about: "organization:<uuid>", "shift:<uuid>", "street:<uuid>"
    data_key   wrapped; what the file held and what was found lie sealed under it
    content    the rows as typed
    found      wrong cells and rows that are left out
    made       what was made of it, by opaque ids, so that it can be undone
    rows, done how many there are, and how many the work that is under way has been through
    beat_at    real time of the last sign of that work
    last_at    when it was sent, or taken: from then a day counts
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ListKind])
    place = models.TextField()
    state = models.TextField(choices=[(state.value, state.value) for state in ListState])
    data_key = models.BinaryField()
    content = models.BinaryField()
    found = models.BinaryField(null=True)
    made = models.JSONField(null=True)
    rows = models.IntegerField()
    new = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    tries = models.SmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    refused = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField()
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, made__isnull=True)
                | Q(taken_at__isnull=False, made__isnull=False),
                name="sent_list_taken_has_made_something",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["taken", "undoing", "undone"]) | Q(taken_at__isnull=False),
                name="sent_list_taken_says_when",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(taken_at__isnull=False),
                name="sent_list_undone_was_taken",
            ),
            models.CheckConstraint(condition=Q(rows__gte=1), name="sent_list_has_rows"),
        ]
        indexes = [
            models.Index(fields=["place", "kind", "-sent_at"], name="sent_list_by_place"),
            models.Index(fields=["last_at"], name="sent_list_by_age"),
        ]
