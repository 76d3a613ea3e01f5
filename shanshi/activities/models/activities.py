"""Tables of activities, of who gives them, and of where their volunteers check in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from shanshi.activities.models.constraints import in_pairs, in_state_only_after
from shanshi.activities.models.programs import Program, Project
from shanshi.activities.rules.kinds import ActivityKind, ActivityState
from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id


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
    bring = models.TextField(blank=True, default="", db_default="")
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

    # Where it is, in degrees of WGS 84: its first position, else its venue. Kept here so that finding by
    # distance and the map need not ask each of them.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    # When it begins and ends follows from its shifts; kept here so that finding need not ask each shift.
    first_starts_at = models.DateTimeField(null=True)
    last_ends_at = models.DateTimeField(null=True)
    # Title, place and organizers, folded; as sounds; and the grams of both: finding works for characters and
    # letters alike.
    find_text = models.TextField(blank=True, default="")
    find_sounds = models.TextField(blank=True, default="", db_default="")
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
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="activity_is_on_earth",
            ),
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
            models.Index(fields=["latitude", "longitude"], name="activity_by_position"),
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


class Booth(Table):
    """One of the stands of an activity; a scan there stamps the visit that is open."""

    distributed_by = "activity_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="booths"
    )
    name = models.TextField()
    says = models.TextField(blank=True, default="")
    organization = models.ForeignKey("registry.Organization", models.PROTECT, null=True, related_name="+")
    rank = models.SmallIntegerField()
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "name"], name="booth_name_is_one_in_an_activity"),
            models.UniqueConstraint(fields=["activity", "rank"], name="booth_rank_is_one"),
            models.CheckConstraint(condition=~Q(name=""), name="booth_has_a_name"),
        ]


class Template(Table):
    """An activity to begin from again: what it says and the shape of its shifts, kept by an organization.

    draft   what a draft says, by the names of its form's fields
    shifts  for each: weekday (1 to 7, or none), begins "09:00", minutes, capacity, name
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey("registry.Organization", models.PROTECT, related_name="+")
    name = models.TextField()
    draft = models.JSONField()
    shifts = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(removed_at__isnull=True),
                name="template_name_is_one_in_an_organization",
            ),
            in_pairs("removed"),
        ]
