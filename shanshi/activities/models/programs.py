"""Tables of programs and projects: small, and the same everywhere."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id


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


class ProgramPartner(Table):
    """A body that takes part in a program without giving it, in the order in which they are named."""

    id = models.UUIDField(primary_key=True, default=new_id)
    program = models.ForeignKey(Program, models.CASCADE, related_name="partners")
    organization = models.ForeignKey("registry.Organization", models.PROTECT, related_name="+")
    rank = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "organization"], name="program_partner_is_named_once"),
            models.UniqueConstraint(fields=["program", "rank"], name="program_partner_rank_is_one"),
        ]


class ProgramDivision(Table):
    """A division where a program is tried out first, for example a pilot subdistrict."""

    id = models.UUIDField(primary_key=True, default=new_id)
    program = models.ForeignKey(Program, models.CASCADE, related_name="divisions")
    division_code = models.TextField()
    rank = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "division_code"], name="program_division_is_named_once"
            ),
            models.UniqueConstraint(fields=["program", "rank"], name="program_division_rank_is_one"),
        ]


class ProgramTeam(Table):
    """A team built for a program, and the body (a subdistrict, a department) that it is paired with."""

    id = models.UUIDField(primary_key=True, default=new_id)
    program = models.ForeignKey(Program, models.CASCADE, related_name="teams")
    team = models.ForeignKey("registry.Team", models.PROTECT, related_name="+")
    paired_with = models.ForeignKey("registry.Organization", models.PROTECT, null=True, related_name="+")
    formed_on = models.DateField(null=True)
    rank = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "team"], name="program_team_is_named_once"),
            models.UniqueConstraint(fields=["program", "rank"], name="program_team_rank_is_one"),
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
