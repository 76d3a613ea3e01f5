"""Tables of the rewards: merchants, what they offer, and coins given for it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shanshi.foundation.models import Table
from shanshi.kernel.ids import new_id
from shanshi.rewards.rules import AppointmentState, OfferKind, State, Way

LIVE = [State.RESERVED.value, State.FULFILLED.value]
WEEK = [1, 2, 3, 4, 5, 6, 7]


class Merchant(Table):
    """A shop on a partner street."""

    id = models.UUIDField(primary_key=True, default=new_id)
    street = models.ForeignKey("places.PartnerStreet", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    trade = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    # The body in whose name the merchant gives volunteer service, reviewed like any other's.
    organization = models.ForeignKey(
        "registry.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["street", "name"], name="merchant_once_on_a_street"),
            models.CheckConstraint(condition=~Q(name=""), name="merchant_has_a_name"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="merchant_leaves_after_joining",
            ),
        ]


class Offer(Table):
    """What a merchant gives for coins: at a price, on certain days, while stock lasts."""

    id = models.UUIDField(primary_key=True, default=new_id)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="offers")
    title = models.TextField()
    title_en = models.TextField(blank=True, default="")
    says = models.TextField(blank=True, default="")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in OfferKind])
    price_coin_units = models.IntegerField()
    stock = models.IntegerField()
    left_in_stock = models.IntegerField()
    per_person = models.IntegerField()
    from_on = models.DateField()
    to_on = models.DateField()
    weekdays = ArrayField(models.SmallIntegerField())
    field = models.TextField(blank=True, default="", db_default="")
    # A volunteer service of the merchant's is an activity like any other; its giver earns hours by a
    # witnessed visit, and then the merchant is not paid for it.
    activity_id = models.UUIDField(null=True)
    is_for_residents = models.BooleanField(default=False, db_default=False)
    # Appointments that one shift of the activity has room for; none can be made where it is 0.
    seats = models.IntegerField(default=0, db_default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        indexes = [models.Index(fields=["merchant", "to_on"], name="offer_by_merchant")]
        constraints = [
            models.CheckConstraint(condition=Q(price_coin_units__gte=1), name="offer_costs_something"),
            models.CheckConstraint(
                condition=Q(left_in_stock__gte=0) & Q(left_in_stock__lte=F("stock")),
                name="offer_stays_within_its_stock",
            ),
            models.CheckConstraint(condition=Q(per_person__gte=1), name="offer_allows_everybody_one"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="offer_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(weekdays__len__gte=1) & Q(weekdays__contained_by=WEEK),
                name="offer_has_days_of_the_week",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in OfferKind]), name="offer_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(activity_id__isnull=True)
                | Q(kind__in=[OfferKind.SERVICE.value, OfferKind.LESSON.value]),
                name="offer_of_an_activity_is_a_service",
            ),
            models.CheckConstraint(
                condition=Q(seats=0) | Q(seats__gt=0, activity_id__isnull=False),
                name="offer_has_seats_at_an_activity",
            ),
            models.CheckConstraint(
                condition=Q(is_for_residents=False) | Q(seats__gt=0), name="offer_for_residents_has_seats"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="offer_is_ended_by_somebody",
            ),
        ]


class Redemption(Table):
    """Coins given for an offer: set aside for a minute, then given to the merchant or given back.

    code_expires_at     real time; all other times are those of the domain
    slot                which of the person's places under the offer's limit this one takes, from 1
    is_settled          whether the merchant is paid for it; not when it is a volunteer service of theirs
    coin_units_by_year  what each year's coins pay of the price: {"2018": 45, "2019": 15}
    """

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.TextField(choices=[(way.value, way.value) for way in Way])
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    slot = models.IntegerField()
    price_coin_units = models.IntegerField()
    coin_units_by_year = models.JSONField()
    is_settled = models.BooleanField(default=True, db_default=True)
    digits_index = models.BinaryField(null=True)
    reserved_at = models.DateTimeField()
    code_expires_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    fulfilled_by = models.UUIDField(null=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.UUIDField(null=True)
    expired_at = models.DateTimeField(null=True)
    policy = models.TextField()
    source = models.TextField(default="platform")

    class Meta:
        indexes = [
            models.Index(fields=["holder_id", "-reserved_at", "-id"], name="redemption_by_holder"),
            models.Index(fields=["merchant", "-fulfilled_at"], name="redemption_by_merchant"),
            models.Index(
                fields=["code_expires_at"], condition=Q(state="reserved"), name="redemption_waiting_to_expire"
            ),
            models.Index(
                fields=["merchant", "digits_index"],
                condition=Q(digits_index__isnull=False),
                name="redemption_by_digits",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id", "offer", "slot"],
                condition=Q(state__in=LIVE),
                name="redemption_within_the_limit_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(way="record") | ~Q(source="platform"), name="redemption_records_are_of_a_case"
            ),
            models.CheckConstraint(condition=Q(slot__gte=1), name="redemption_slots_count_from_one"),
            models.CheckConstraint(condition=Q(price_coin_units__gte=1), name="redemption_costs_something"),
            models.CheckConstraint(
                condition=Q(fulfilled_at__isnull=True, fulfilled_by__isnull=True)
                | Q(fulfilled_at__isnull=False, fulfilled_by__isnull=False),
                name="redemption_is_fulfilled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="redemption_is_voided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="reserved",
                    code_expires_at__isnull=False,
                    fulfilled_at__isnull=True,
                    voided_at__isnull=True,
                    expired_at__isnull=True,
                )
                | Q(
                    state="fulfilled",
                    fulfilled_at__isnull=False,
                    voided_at__isnull=True,
                    expired_at__isnull=True,
                )
                | Q(
                    state="voided",
                    fulfilled_at__isnull=False,
                    voided_at__isnull=False,
                    expired_at__isnull=True,
                )
                | Q(
                    state="expired",
                    fulfilled_at__isnull=True,
                    voided_at__isnull=True,
                    expired_at__isnull=False,
                ),
                name="redemption_times_fit_its_state",
            ),
        ]


class Seats(Table):
    """How many may come to one shift of a merchant's volunteer service, and how many have an appointment.

    Made with the first appointment; the count decides who gets the last seat.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", db_index=False)
    shift_id = models.UUIDField()
    seats = models.IntegerField()
    taken = models.IntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "seats"
        constraints = [
            models.UniqueConstraint(fields=["offer", "shift_id"], name="seats_are_counted_once"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("seats")), name="seats_are_taken_within_their_number"
            ),
        ]


class Appointment(Table):
    """Somebody's place at a merchant's volunteer service, a resident's or a volunteer's."""

    distributed_by = "holder_id"

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    shift_id = models.UUIDField()
    state = models.TextField(choices=[(state.value, state.value) for state in AppointmentState])
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    source = models.TextField(default="platform")

    class Meta:
        indexes = [
            models.Index(fields=["shift_id", "offer"], name="appointment_by_shift"),
            models.Index(fields=["holder_id", "-made_at"], name="appointment_by_holder"),
            models.Index(fields=["merchant", "shift_id"], name="appointment_by_merchant"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["holder_id", "offer", "shift_id"],
                condition=Q(state="made"),
                name="appointment_is_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="made", ended_at__isnull=True, ended_by__isnull=True)
                | (~Q(state="made") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="appointment_ended_exactly_when_not_made",
            ),
        ]
