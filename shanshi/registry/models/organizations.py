"""Tables of organizations, teams, who belongs to them, and roles."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from shanshi.foundation.actor import Role
from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id
from shanshi.registry import rules
from shanshi.registry.models.columns import choices


class Organization(Table):
    """A body that recruits and records volunteers; may have a parent.

    lineage  itself, its parents and its divisions as places, the lowest first: access asks for it at every
             step, so it is written once, when the body is made
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    name_key = models.TextField()
    kind = models.TextField(choices=choices(rules.OrganizationKind))
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    division_code = models.TextField()
    lineage = ArrayField(models.TextField())
    credit_code = models.TextField(null=True, unique=True)  # noqa: DJ001 - many have none
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "division_code"], name="organization_name_once_in_division"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organization_is_not_its_own_parent"),
        ]
        indexes = [models.Index(fields=["division_code", "name_key"], name="organization_by_division")]


class Team(Table):
    """A standing group inside an organization."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="teams")
    name = models.TextField()
    name_key = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="team_name_once_in_organization")
        ]


class Membership(Table):
    """A volunteer belongs to a body or to one of its teams; is invited until `accepted_at`, or declined."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id", "organization", "team"],
                condition=Q(left_at__isnull=True),
                nulls_distinct=False,
                name="membership_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="membership_ends_after_it_began",
            ),
        ]


class RoleGrant(Table):
    """A role that a person holds at a place from a day to a day, given by somebody, for a reason.

    lineage  the place and all places above it when the role was given: the list of roles asks for it
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    role = models.TextField(choices=choices(Role))
    place = models.TextField()
    lineage = ArrayField(models.TextField(), default=list, db_default=[])
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    reason = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.TextField(blank=True, default="")
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "role", "place"],
                condition=Q(ended_at__isnull=True),
                name="role_is_held_once_at_a_place",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="role_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="role_ended_at_and_by",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "role"], name="role_by_place"),
            models.Index(fields=["-given_at", "-id"], name="role_by_giving"),
            GinIndex(fields=["lineage"], name="role_by_lineage"),
        ]
