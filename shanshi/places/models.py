"""Tables of places. All of them are small and the same everywhere: reference tables."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id
from shanshi.places.rules import DivisionKind

KINDS = [(kind.value, kind.value) for kind in DivisionKind]


class DateRange(Func):
    """The days from the first to the last, both inside; open where there is none."""

    function = "daterange"
    output_field = DateRangeField()


class Division(Table):
    """Administrative area with a GB/T 2260 code and dates of validity."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.TextField()
    name = models.TextField()
    name_key = models.TextField()
    kind = models.TextField(choices=KINDS)
    parent_code = models.TextField(null=True)  # noqa: DJ001 - the city has none
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="division_code_is_one_area_on_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (DateRange(F("valid_from"), F("valid_to"), Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="division_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["parent_code", "name_key"], name="division_by_parent")]


class DivisionPopulation(Table):
    """How many people lived in a division on a day, by which source; estimates say so."""

    id = models.UUIDField(primary_key=True, default=new_id)
    division_code = models.TextField()
    counted_on = models.DateField()
    residents = models.IntegerField()
    is_estimate = models.BooleanField()
    counted_by = models.TextField()
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division_code", "counted_on"], name="population_counted_once"),
            models.CheckConstraint(condition=Q(residents__gte=0), name="population_is_not_negative"),
        ]


class Venue(Table):
    """A place where activities happen. Degrees in WGS 84; the radius is where a scan counts as there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    name_key = models.TextField()
    address = models.TextField(blank=True, default="")
    latitude = models.FloatField()
    longitude = models.FloatField()
    radius_m = models.IntegerField(default=150)
    division_code = models.TextField()
    subdistrict_code = models.TextField(null=True)  # noqa: DJ001 - not every venue knows it
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="venue_is_on_earth"
            ),
            models.CheckConstraint(condition=Q(radius_m__range=(1, 10_000)), name="venue_radius_is_sensible"),
            models.UniqueConstraint(
                fields=["name", "division_code", "address"], name="venue_named_once_at_an_address"
            ),
        ]
        indexes = [models.Index(fields=["division_code", "name_key"], name="venue_by_division")]


class Station(Table):
    """A fixed place that volunteers serve from (Party-mass centre, practice centre, kiosk)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    nickname = models.TextField(blank=True, default="")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="stations")
    organization_id = models.UUIDField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "venue"], name="station_once_at_a_venue")]


class PartnerStreet(Table):
    """A street whose merchants redeem coins."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    name_key = models.TextField()
    division_code = models.TextField()
    subdistrict_code = models.TextField(null=True)  # noqa: DJ001 - a street may run through several
    opened_on = models.DateField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "division_code"], name="street_once_in_a_division")
        ]
