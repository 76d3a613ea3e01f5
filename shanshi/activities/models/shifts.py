"""Tables of shifts, of series of shifts, of sign-ups, and of what a roster was told."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shanshi.activities.models.activities import Activity
from shanshi.activities.models.constraints import in_pairs
from shanshi.activities.rules.kinds import LIVE, SignUpState
from shanshi.activities.rules.shifts import LONGEST, SHORTEST
from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id


class Series(Table):
    """Shifts that come again by a recurrence rule (RFC 5545), as it was when they were made.

    rule  for example "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=8", counted from the day on which the first shift starts
    """

    distributed_by = "activity_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="series"
    )
    rule = models.TextField()
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(rule=""), name="series_has_a_rule")]


class Shift(Table):
    """A period of an activity with a capacity, and the counts that decide who gets a place.

    taken     sign-ups placed or offered
    waiting   sign-ups waiting
    arrivals  sign-ups ever made; the number that orders them
    """

    distributed_by = "activity_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="shifts"
    )
    name = models.TextField(blank=True, default="")
    series_id = models.UUIDField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.IntegerField()
    taken = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    arrivals = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.UUIDField(null=True)
    cancelled_why = models.TextField(blank=True, default="")
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            in_pairs("published"),
            in_pairs("confirmed"),
            in_pairs("cancelled"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(confirmed_at__isnull=True),
                name="shift_cancelled_is_never_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | (Q(taken=0, waiting=0) & ~Q(cancelled_why="")),
                name="shift_cancelled_is_empty_and_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at") + SHORTEST)
                & Q(ends_at__lte=F("starts_at") + LONGEST),
                name="shift_lasts_15_minutes_to_24_hours",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(published_at__lte=F("starts_at")),
                name="shift_published_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("created_by")),
                name="shift_published_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(published_at__isnull=False),
                name="shift_confirmed_was_published",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="shift_has_a_place"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("capacity")), name="shift_taken_within_capacity"
            ),
            models.CheckConstraint(condition=Q(waiting__gte=0), name="shift_waiting_not_negative"),
            models.CheckConstraint(
                condition=Q(arrivals__gte=F("taken") + F("waiting")), name="shift_arrivals_cover_all"
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "starts_at"], name="shift_by_activity"),
            models.Index(fields=["starts_at"], name="shift_by_start"),
        ]


class SignUp(Table):
    """A volunteer's request for a place on a shift. The shift's times are copied, to see clashes at once."""

    distributed_by = "activity_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="sign_ups"
    )
    shift = models.ForeignKey(
        Shift, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="sign_ups"
    )
    holder_id = models.UUIDField()
    state = models.TextField(choices=[(state, state) for state in SignUpState])
    arrival = models.IntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    signed_up_at = models.DateTimeField()
    signed_up_by = models.UUIDField()
    offered_at = models.DateTimeField(null=True)
    offered_until = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    policy = models.TextField(blank=True, default="")
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "shift", "holder_id"],
                condition=Q(state__in=sorted(LIVE)),
                name="sign_up_is_one_per_person_and_shift",
            ),
            models.UniqueConstraint(fields=["activity", "shift", "arrival"], name="sign_up_arrival_is_one"),
            in_pairs("ended"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(LIVE), ended_at__isnull=True)
                | (~Q(state__in=sorted(LIVE)) & Q(ended_at__isnull=False)),
                name="sign_up_ended_exactly_when_not_live",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignUpState.OFFERED)
                | Q(offered_at__isnull=False, offered_until__isnull=False, offered_until__lte=F("starts_at")),
                name="sign_up_offer_has_a_deadline_before_the_shift",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="sign_up_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder_id", "ends_at"], condition=Q(state__in=sorted(LIVE)), name="sign_up_by_holder"
            ),
            models.Index(
                fields=["offered_until"], condition=Q(state=SignUpState.OFFERED), name="sign_up_by_deadline"
            ),
        ]


class RosterMessage(Table):
    """What a leader told everybody on a shift's roster; the notices themselves are the notices room's."""

    distributed_by = "activity_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    shift_id = models.UUIDField()
    text = models.TextField()
    people = models.IntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="roster_message_says_something")]
        indexes = [models.Index(fields=["activity", "shift_id", "-sent_at"], name="roster_message_by_shift")]


class CalendarKey(Table):
    """The secret in the address of a volunteer's own calendar feed, as its hash; a new one ends the old."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    key_hash = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder_id"], name="calendar_key_is_one_per_holder")]
