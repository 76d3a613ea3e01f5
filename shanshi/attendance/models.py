"""Tables: scans as they came, the visits they opened and closed, and the scans that were refused."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from shanshi.attendance.rules import Band, CodeKind, Direction, Giver, VisitState
from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id


class Scan(Table):
    """One reading of a code at a door, as evidence. Written once, never changed.

    `device` is a keyed hash of what the device calls itself; with `nonce` it names the request, so that a
    repeated request finds its first answer. `code_nonce` is the personal code that was spent.
    """

    distributed_by = "holder_id"
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    visit_id = models.UUIDField()
    activity_id = models.UUIDField()
    shift_id = models.UUIDField()
    direction = models.TextField(choices=[(d.value, d.value) for d in Direction])
    code_kind = models.TextField(choices=[(k.value, k.value) for k in CodeKind])
    code_nonce = models.TextField(null=True)  # noqa: DJ001 - null takes no part in the unique key
    code_step = models.BigIntegerField(null=True)
    device = models.UUIDField()
    nonce = models.TextField()
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()
    scanned_by = models.UUIDField()
    band = models.TextField(choices=[(b.value, b.value) for b in Band])
    accuracy_m = models.IntegerField(null=True)
    minutes = models.IntegerField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id", "device", "nonce"], name="scan_answered_once"),
            models.UniqueConstraint(
                fields=["holder_id", "code_nonce"],
                condition=Q(code_nonce__isnull=False),
                name="scan_spends_a_code_once",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[d.value for d in Direction]), name="scan_goes_in_or_out"
            ),
            models.CheckConstraint(
                condition=Q(accuracy_m__isnull=True) | Q(accuracy_m__gte=0), name="scan_accuracy_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["holder_id", "visit_id"], name="scan_by_visit")]


class ScanLocation(Table):
    """Where a device said it was, exactly. Apart from the scan, so that it can be dropped."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="scan_location_is_on_earth",
            ),
        ]
        indexes = [models.Index(fields=["recorded_at"], name="scan_location_by_age")]


class Visit(Table):
    """A check-in and the check-out that closed it.

    `during` is bounded from the start, by the shift's end and the time allowed after it, shortened at
    check-out, and empty when the check-in was taken back; two visits of one person never overlap. `stayed` is
    what counted of it, `minutes` what it earned, `minutes_over_limit` what waits for a review; all three are
    known at confirmation.
    """

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    activity_id = models.UUIDField()
    shift_id = models.UUIDField()
    served_on = models.DateField()
    state = models.TextField(choices=[(s.value, s.value) for s in VisitState], default=VisitState.OPEN.value)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    during = DateTimeRangeField(default_bounds="[)")
    came_scan = models.UUIDField()
    left_scan = models.UUIDField(null=True)
    doubts = ArrayField(models.TextField(), default=list)
    stayed = models.DurationField(null=True)
    minutes = models.IntegerField(null=True)
    minutes_over_limit = models.IntegerField(null=True)
    coin_units = models.IntegerField(null=True)
    reason = models.TextField(default="")
    policy = models.TextField(default="")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            # The order of the next two matters: the unique key is asked first, so that two scans at once wait
            # for each other there; two waiting at the exclusion alone would end in a deadlock.
            models.UniqueConstraint(
                fields=["holder_id"], condition=Q(state="open"), name="visit_open_once_per_person"
            ),
            ExclusionConstraint(
                name="visit_of_one_person_never_overlaps",
                expressions=[("holder_id", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in VisitState]), name="visit_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["open", "forgotten", "undone"], left_at__isnull=True, left_scan__isnull=True
                )
                | Q(state__in=["left", "confirmed"], left_at__isnull=False, left_scan__isnull=False),
                name="visit_left_by_a_scan",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gt=F("came_at")),
                name="visit_left_after_it_came",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="confirmed",
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    stayed__gte=timedelta(),
                    minutes__gte=0,
                    minutes_over_limit__gte=0,
                    coin_units__gte=0,
                )
                | Q(
                    state__in=["open", "left", "forgotten", "undone"],
                    confirmed_at__isnull=True,
                    confirmed_by__isnull=True,
                    minutes__isnull=True,
                    coin_units__isnull=True,
                ),
                name="visit_earns_when_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | Q(during__isempty=True), name="visit_undone_took_no_time"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(state="confirmed", coin_units__gt=0),
                name="visit_settles_coins_it_earned",
            ),
        ]
        indexes = [
            models.Index(fields=["holder_id", "served_on"], name="visit_by_day"),
            models.Index(fields=["shift_id"], name="visit_by_shift"),
            models.Index(
                fields=["confirmed_at"],
                condition=Q(settled_at__isnull=True, coin_units__gt=0),
                name="visit_waiting_to_settle",
            ),
        ]


class FailedScan(Table):
    """A scan that was refused, with its reason. `holder_id`: whom the code told of, else who scanned."""

    distributed_by = "holder_id"
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    shift_id = models.UUIDField(null=True)
    code_kind = models.TextField(default="")
    reason = models.TextField()
    scanned_at = models.DateTimeField()
    scanned_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["shift_id", "scanned_at"], name="failed_scan_by_shift")]


class ScanUndone(Table):
    """A leader took a scan back at the door, at once and with a reason; the scan itself stays."""

    distributed_by = "holder_id"
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    scan_id = models.UUIDField()
    visit_id = models.UUIDField()
    shift_id = models.UUIDField()
    undone_at = models.DateTimeField()
    undone_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_id", "scan_id"], name="scan_is_undone_once"),
        ]
        indexes = [models.Index(fields=["shift_id", "undone_at"], name="scan_undone_by_shift")]


class Stamp(Table):
    """A booth of an activity saw a volunteer whose visit was open. Earns nothing by itself."""

    distributed_by = "holder_id"
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    visit_id = models.UUIDField()
    activity_id = models.UUIDField()
    booth_id = models.UUIDField()
    stamped_at = models.DateTimeField()
    stamped_by = models.UUIDField()
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id", "visit_id", "booth_id"], name="stamp_is_one_a_booth"
            ),
        ]
        indexes = [models.Index(fields=["activity_id", "booth_id"], name="stamp_by_booth")]


class Evaluation(Table):
    """What somebody says of a visit, 1 to 5: the volunteer of the activity. Given once."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    visit_id = models.UUIDField()
    activity_id = models.UUIDField()
    giver = models.TextField(choices=[(g.value, g.value) for g in Giver])
    score = models.SmallIntegerField()
    words = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    given_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id", "visit_id", "giver"], name="evaluation_is_given_once"
            ),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="evaluation_is_1_to_5"),
            models.CheckConstraint(
                condition=Q(giver__in=[g.value for g in Giver]), name="evaluation_giver_is_known"
            ),
        ]
        indexes = [models.Index(fields=["activity_id", "giver"], name="evaluation_by_activity")]
