"""Looking at somebody's identity: the one operation that unmasks, and it always leaves a trace."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from shanshi.foundation.actor import Actor
from shanshi.kernel.quantities import CITY_ZONE, city_day
from shanshi.registry import models, rules
from shanshi.registry.queries import identities, people
from shanshi.registry.rules import IdentityField, LookPurpose, Purpose


@transaction.atomic
def look(
    holder_ids: Collection[UUID],
    fields: Collection[str],
    *,
    purpose: str,
    note: str = "",
    by: Actor,
    capacity: str,
    at: datetime,
) -> Mapping[UUID, Mapping[IdentityField, str]]:
    """Return the fields of people in the clear, and write down who looked, at what, as what and why.

    Unknown and erased people are left out. Each field of each person is one look; a day in the city has so
    many for one looker (setting SHANSHI_LOOKS_PER_DAY).

    fields    of rules.IdentityField; purpose: of rules.LookPurpose
    note      why, in the looker's own words; the person reads it
    capacity  by which role at which place, "leader organization:<uuid>"; `access` decides that
    at        with a time zone

    Raises SignInNeeded; rules.NamesScopeMissing, LookInvalid, LookNoteMissing, FieldNotForPurpose;
    ChildHidden if any of them is such a child; LooksSpent. Then nothing was opened.
    Source: PIPL; reads of identity are logged and kept ten years (rules of the city, section 3).
    Locks the looker's looks of the day.
    """
    looker = by.known()
    wanted = set(holder_ids)
    rules.check_look(fields, purpose, note, people=len(wanted), unmasks=by.unmasks)
    asked, why = sorted({IdentityField(field) for field in fields}), LookPurpose(purpose)
    known = people.volunteers(wanted)
    agreed = people.consented(known, Purpose.MINORS)
    for one in known.values():
        rules.check_child(
            why,
            age=rules.age_on(one.birth_on, city_day(at)),
            guardian_agrees=one.has_guardian_consent and one.holder_id in agreed,
        )
    _check_left(looker, len(known) * len(asked), at=at)
    found = identities.identities(known, asked)
    models.IdentityLook.objects.bulk_create(
        models.IdentityLook(
            holder_id=holder_id,
            field=field.value,
            purpose=why.value,
            note=note.strip(),
            capacity=capacity,
            looked_at=at,
            looked_by=looker,
        )
        for holder_id in found
        for field in asked
    )
    return found


def _check_left(looker: UUID, wanted: int, *, at: datetime) -> None:
    # Two looks at once would both count the same rows; the second waits for the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"look|{looker}"])
    midnight = at.astimezone(CITY_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = models.IdentityLook.objects.filter(
        looked_by=looker, looked_at__gte=midnight, looked_at__lt=midnight + timedelta(days=1)
    ).count()
    rules.check_looks_left(taken, wanted, most=settings.SHANSHI_LOOKS_PER_DAY)
