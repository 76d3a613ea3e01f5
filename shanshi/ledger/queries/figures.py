"""What the books say of the whole city."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from shanshi.ledger import models
from shanshi.ledger.rules import Kind, Unit


def verified_minutes(since: datetime, until: datetime) -> int:
    """Return the verified minutes of all volunteers that were earned in a time, less what was taken back.

    since, until  with a time zone; the second is not included
    """
    rows = models.Transfer.objects.filter(
        unit=Unit.VERIFIED_MINUTE, happened_at__gte=since, happened_at__lt=until
    )
    given = rows.filter(taker_kind=Kind.VOLUNTEER).aggregate(sum=Sum("amount", default=0))
    taken = rows.filter(giver_kind=Kind.VOLUNTEER).aggregate(sum=Sum("amount", default=0))
    return int(given["sum"]) - int(taken["sum"])
