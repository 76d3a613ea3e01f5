"""Tables of programs, projects, activities, shifts and sign-ups.

Between two big tables the foreign key is the database's alone, made by the migration over both columns
(activity_id, id); Django's own would point at the id only.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from shanshi.activities.rules.kinds import LIVE, ActivityKind, ActivityState, SignUpState
from shanshi.activities.rules.shifts import LONGEST, SHORTEST
from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id


def in_pairs(step: str) -> models.CheckConstraint:
    """Return the constraint that a step has both its moment and its person, or neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{step}_at__isnull": True, f"{step}_by__isnull": True})
        | Q(**{f"{step}_at__isnull": False, f"{step}_by__isnull": False}),
        name=f"%(class)s_{step}_has_time_and_person",
    )


def in_state_only_after(state: str, step: str) -> models.CheckConstraint:
    """Return the constraint that a row in the state has the step on record."""
    return models.CheckConstraint(
        condition=~Q(state=state) | Q(**{f"{step}_at__isnull": False}), name=f"%(class)s_{state}_was_{step}"
    )


class Program(Table):
    """A named campaign (Red Hour, Volunteer 365) that gathers projects and has its own conditions."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    description = models.TextField(blank=True, default="")
    division_code = models.TextField()
    launched_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    earns_red_points = models.BooleanField(default=False)
    fields = ArrayField(models.TextField(), default=list)
    figures = models.JSONField(default=dict)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "name"], name="program_name_is_one_in_a_division"
            )
        ]


class ProgramOrganizer(Table):
    """One of the bodies that give a program, in the order in which they are named."""

    id = models.UUIDField(primary_key=True, default=new_id)
    program = models.ForeignKey(Program, models.CASCADE, related_name="organizers")
    organization = models.ForeignKey("registry.Organization", models.PROTECT, related_name="+")
    rank = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "organization"], name="program_organizer_is_named_once"
            ),
            models.UniqueConstraint(fields=["program", "rank"], name="program_organizer_rank_is_one"),
        ]


class Project(Table):
    """A lasting piece of work of one organization; activities belong to it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    description = models.TextField(blank=True, default="")
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="projects")
    organization = models.ForeignKey("registry.Organization", models.PROTECT, related_name="+")
    fields = ArrayField(models.TextField(), default=list)
    key_of_year = models.SmallIntegerField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="project_name_is_one_in_an_organization"
            )
        ]


class Activity(Table):
    """One published occasion with places, roles and shifts."""

    # Everything about an activity lives together: its own id is the column that spreads it.
    distributed_by = "id"

    id = models.UUIDField(primary_key=True, default=new_id)
    title = models.TextField()
    description = models.TextField(blank=True, default="")
    kind = models.TextField(choices=[(kind, kind) for kind in ActivityKind])
    state = models.TextField(choices=[(state, state) for state in ActivityState], default=ActivityState.DRAFT)
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    lead_organization = models.ForeignKey("registry.Organization", models.PROTECT, related_name="+")
    # In whose name, if a team of the leading organization gives it: its leaders plan it and run its shifts.
    team = models.ForeignKey("registry.Team", models.PROTECT, null=True, related_name="+")
    fields = ArrayField(models.TextField(), default=list)
    skills = ArrayField(models.TextField(), default=list)
    skills_required = models.BooleanField(default=False)
    min_age = models.SmallIntegerField(default=0)
    risks = models.TextField(blank=True, default="")
    risk_kinds = ArrayField(models.TextField(), default=list)
    person_in_charge = models.TextField(blank=True, default="")
    expected_people = models.IntegerField(default=0)
    attended_at_least = models.IntegerField(null=True)
    is_foreign_related = models.BooleanField(default=False)
    is_outside_province = models.BooleanField(default=False)
    is_agreement_asked = models.BooleanField(default=False)
    agreement_ref = models.TextField(blank=True, default="")
    insurance_ref = models.TextField(blank=True, default="")
    venue_id = models.UUIDField(null=True)
    place_text = models.TextField(blank=True, default="")
    division_code = models.TextField()

    # When it begins and ends follows from its shifts; kept here so that finding need not ask each shift.
    first_starts_at = models.DateTimeField(null=True)
    last_ends_at = models.DateTimeField(null=True)
    # Title, place and organizers, folded, and their grams: finding works for characters and letters alike.
    find_text = models.TextField(blank=True, default="")
    find_grams = ArrayField(models.TextField(), default=list)

    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.UUIDField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.UUIDField(null=True)
    returned_why = models.TextField(blank=True, default="")
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    publication_policy = models.TextField(blank=True, default="")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.UUIDField(null=True)
    cancelled_why = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            in_pairs("submitted"),
            in_pairs("returned"),
            in_pairs("published"),
            in_pairs("cancelled"),
            in_pairs("closed"),
            in_state_only_after("submitted", "submitted"),
            in_state_only_after("published", "published"),
            in_state_only_after("cancelled", "cancelled"),
            in_state_only_after("closed", "closed"),
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(risks=""), name="activity_published_states_its_risks"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(published_by=F("submitted_by")),
                name="activity_published_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_why=""), name="activity_cancelled_says_why"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(returned_why=""), name="activity_returned_says_why"
            ),
            models.CheckConstraint(condition=Q(min_age__range=(0, 100)), name="activity_min_age_is_an_age"),
            models.CheckConstraint(
                condition=Q(expected_people__gte=0), name="activity_expects_no_less_than_0"
            ),
            models.CheckConstraint(
                condition=Q(first_starts_at__isnull=True, last_ends_at__isnull=True)
                | Q(last_ends_at__gt=F("first_starts_at")),
                name="activity_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "last_ends_at"], name="activity_by_state_and_end"),
            models.Index(fields=["lead_organization", "state"], name="activity_by_lead"),
            models.Index(fields=["division_code", "state"], name="activity_by_division"),
            models.Index(fields=["program"], name="activity_by_program"),
            GinIndex(fields=["find_grams"], name="activity_by_grams"),
            GinIndex(fields=["fields"], name="activity_by_field"),
        ]


class Organizer(Table):
    """One of the bodies that give an activity; one of them leads."""

    distributed_by = "activity_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="organizers"
    )
    organization = models.ForeignKey("registry.Organization", models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)
    rank = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "organization"], name="organizer_is_named_once"),
            models.UniqueConstraint(
                fields=["activity"], condition=Q(is_lead=True), name="organizer_that_leads_is_one"
            ),
            models.UniqueConstraint(fields=["activity", "rank"], name="organizer_rank_is_one"),
        ]
        indexes = [models.Index(fields=["organization"], name="organizer_by_organization")]


class Position(Table):
    """A place where volunteers of an activity check in: a point and a radius."""

    distributed_by = "activity_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="positions"
    )
    name = models.TextField(blank=True, default="")
    latitude = models.DecimalField(max_digits=8, decimal_places=6)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    radius_m = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="position_is_on_earth",
            ),
            models.CheckConstraint(condition=Q(radius_m__range=(10, 20_000)), name="position_radius_is_sane"),
        ]
        indexes = [models.Index(fields=["activity"], name="position_by_activity")]


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
