"""The books themselves: transfers, written once, and the balances of accounts that must not go below zero."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shanshi.foundation.models import CurrentTransaction, Table, TransactionId
from shanshi.kernel.ids import new_id
from shanshi.ledger import rules

# Plain words, not enums: migrations keep what was true when they were written.
GUARDED = sorted(kind.value for kind in rules.GUARDED)
KINDS = [kind.value for kind in rules.Kind]
MERCHANT = rules.Kind.MERCHANT.value
COIN = rules.Unit.COIN.value
OTHER_UNITS = [unit.value for unit in rules.Unit if unit != rules.Unit.COIN]


def _own_account(side: str) -> Q:
    return ~Q(**{f"{side}_kind__in": GUARDED}) | Q(**{f"{side}_id": F("holder_id")})


class Transfer(Table):
    """An amount that left one account and reached another. Written once, never changed.

    `xid` lets a sealer read transfers in an order in which none can appear behind it.
    """

    distributed_by = "holder_id"
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id)
    holder_id = models.UUIDField()
    giver_kind = models.TextField()
    giver_id = models.UUIDField()
    taker_kind = models.TextField()
    taker_id = models.UUIDField()
    unit = models.TextField()
    year = models.SmallIntegerField()
    amount = models.BigIntegerField()
    source = models.TextField()
    reason = models.TextField()
    policy = models.TextField()
    happened_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    reverses = models.UUIDField(null=True)
    request_hash = models.BinaryField()
    xid = TransactionId(db_default=CurrentTransaction())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=rules.LARGEST_AMOUNT), name="transfer_moves_something"
            ),
            models.CheckConstraint(
                condition=~Q(giver_kind=F("taker_kind"), giver_id=F("taker_id")),
                name="transfer_joins_two_accounts",
            ),
            models.CheckConstraint(
                condition=Q(giver_kind__in=KINDS, taker_kind__in=KINDS),
                name="transfer_kinds_are_known",
            ),
            models.CheckConstraint(
                condition=Q(unit__in=OTHER_UNITS, year=0) | Q(unit=COIN, year__gte=rules.FIRST_YEAR),
                name="transfer_of_coins_has_a_year",
            ),
            models.CheckConstraint(
                condition=_own_account("giver") & _own_account("taker"),
                name="transfer_stays_with_its_holder",
            ),
            models.UniqueConstraint(
                fields=["holder_id", "reverses"],
                condition=Q(reverses__isnull=False),
                name="transfer_is_reversed_once",
            ),
        ]
        indexes = [
            # What a merchant is owed: the sum of an open account, from the index alone.
            models.Index(
                fields=["taker_id", "unit", "year"],
                include=["amount"],
                condition=Q(taker_kind=MERCHANT),
                name="transfer_to_merchant",
            ),
            models.Index(
                fields=["giver_id", "unit", "year"],
                include=["amount"],
                condition=Q(giver_kind=MERCHANT),
                name="transfer_from_merchant",
            ),
        ]


class Balance(Table):
    """What a guarded account holds; moved only by the statement that writes its transfers.

    opened_with  what its first posting moved
    transfers    how many transfers touched it; `verify` counts them again
    """

    distributed_by = "holder_id"

    pk = models.CompositePrimaryKey("holder_id", "kind", "unit", "year")
    holder_id = models.UUIDField()
    kind = models.TextField()
    unit = models.TextField()
    year = models.SmallIntegerField()
    amount = models.BigIntegerField()
    opened_with = models.BigIntegerField()
    transfers = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="balance_never_below_zero"),
            models.CheckConstraint(condition=Q(kind__in=GUARDED), name="balance_is_of_a_guarded_account"),
        ]
