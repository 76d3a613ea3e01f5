"""What the room lets go when it has been kept long enough.

Two classes cannot be told by a column: a guardian is needed until the minor's eighteenth birthday, which is
sealed; and somebody who proved a phone and never registered is known by what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from shanshi.foundation import crypto
from shanshi.foundation import models as ground
from shanshi.foundation.actor import system
from shanshi.foundation.retention import Rows, Sweep
from shanshi.kernel.quantities import CITY_ZONE, city_day
from shanshi.notices import operations as notices
from shanshi.registry import models, rules
from shanshi.registry.operations.erasure import forget
from shanshi.registry.queries import people
from shanshi.registry.queries.lists import LISTED

_ADULT_YEARS = 18
_LOOKED_AT_ONCE = 1_000


class GrownUp:
    """Guardians of those who have come of age; the birthday is under the minor's own key."""

    def due(self, before: datetime) -> int:
        """How many guardians' minors came of age before a moment."""
        return sum(comes < before for _, comes in self._of_age())

    def oldest(self) -> datetime | None:
        """When the first of them came of age; None if all are minors still."""
        return min((comes for _, comes in self._of_age() if comes), default=None)

    def take(self, before: datetime, *, at: datetime, most: int) -> int:
        """Delete guardians whose minor came of age before a moment."""
        keys = []
        for key, comes in self._of_age():
            if comes < before:
                keys.append(key)
            if len(keys) == most:
                break
        gone, _ = models.Guardian.objects.filter(pk__in=keys).delete()
        return gone

    def _of_age(self) -> Iterator[tuple[UUID, datetime]]:
        """Each guardian with the moment from which the minor needs none."""
        last = None
        while True:
            rows = models.Guardian.objects.order_by("pk").values_list("pk", "holder_id")
            batch = list((rows.filter(pk__gt=last) if last else rows)[:_LOOKED_AT_ONCE])
            if not batch:
                return
            last = batch[-1][0]
            born = people.volunteers({holder_id for _, holder_id in batch})
            for key, holder_id in batch:
                if holder_id in born:
                    yield key, eighteenth(born[holder_id].birth_on)


def eighteenth(birth_on: date) -> datetime:
    """Return the first moment of the eighteenth birthday, in the city; 1 March for a leap day."""
    try:
        day = birth_on.replace(year=birth_on.year + _ADULT_YEARS)
    except ValueError:
        day = date(birth_on.year + _ADULT_YEARS, 3, 1)
    return datetime.combine(day, time(), tzinfo=CITY_ZONE)


class NeverRegistered:
    """People who proved a phone and then neither registered, nor were given a role, nor guard a minor.

    Whom an organization has put on a list, and who never agreed to the terms, has not registered either.
    """

    def due(self, before: datetime) -> int:
        """How many of them were first seen before a moment."""
        return sum(not self._guards(person) for person in self._waiting().filter(made_at__lt=before))

    def oldest(self) -> datetime | None:
        """When the first of them was first seen."""
        waiting = self._waiting().order_by("made_at").iterator(_LOOKED_AT_ONCE)
        return next((person.made_at for person in waiting if not self._guards(person)), None)

    def take(self, before: datetime, *, at: datetime, most: int) -> int:
        """Erase some of them, as if they had asked for it."""
        old = self._waiting().filter(made_at__lt=before).order_by("made_at").iterator(_LOOKED_AT_ONCE)
        gone = 0
        for person in old:
            if self._guards(person):
                continue
            try:
                forget(person.pk, by=system("keeping.expire"), at=at)
                notices.forget(person.holder_id)
            except rules.PersonUnknown:  # another run was faster
                continue
            gone += 1
            if gone == most:
                break
        return gone

    def _waiting(self) -> QuerySet[models.Person]:
        def none(rows: QuerySet[ground.Table]) -> Q:
            return Q(~Exists(rows))

        agreed = models.Consent.objects.filter(holder_id=OuterRef("holder_id"), purpose=rules.Purpose.TERMS)
        registered = models.Volunteer.objects.filter(
            ~Q(source__startswith=LISTED) | Exists(agreed), holder_id=OuterRef("holder_id")
        )
        return models.Person.objects.filter(
            none(registered),
            none(models.RoleGrant.objects.filter(person_id=OuterRef("pk"))),
            none(models.BearerToken.objects.filter(holder_id=OuterRef("holder_id"))),
            none(ground.Session.objects.filter(person_id=OuterRef("pk"))),
            erased_at=None,
        )

    def _guards(self, person: models.Person) -> bool:
        if person.data_key is None or person.phone is None:
            return False
        key = people.data_key_of(person.holder_id, person.data_key)
        phone = crypto.unseal(key, bytes(person.phone), people.where("person", "phone", person.holder_id))
        indexes = crypto.blind_indexes("guardian_phone", phone)
        return models.Guardian.objects.filter(phone_index__in=indexes).exists()


@dataclass(frozen=True)
class EndedRoles:
    """Grants that ended, by their own day or by somebody's hand."""

    def _ended(self, before: datetime) -> QuerySet[models.RoleGrant]:
        day = city_day(before)
        return models.RoleGrant.objects.filter(Q(ended_at__lt=before) | Q(ended_at=None, to_on__lt=day))

    def due(self, before: datetime) -> int:
        """How many ended before a moment."""
        return self._ended(before).count()

    def oldest(self) -> datetime | None:
        """When the first of those that somebody ended did so."""
        return Rows(models.RoleGrant, "ended_at").oldest()

    @transaction.atomic
    def take(self, before: datetime, *, at: datetime, most: int) -> int:
        """Delete some that ended before a moment."""
        keys = self._ended(before).select_for_update(skip_locked=True).values_list("pk", flat=True)[:most]
        gone, _ = models.RoleGrant.objects.filter(pk__in=list(keys)).delete()
        return gone


SWEEPS: Mapping[str, Sweep] = {
    "phone_codes": Rows(models.PhoneCode, "expires_at"),
    "tokens": Rows(models.BearerToken, "expires_at"),
    "withdrawn_consents": Rows(models.Consent, "withdrawn_at", which=Q(withdrawn_at__isnull=False)),
    "withdrawn_guardians": Rows(models.Guardian, "withdrawn_at", which=Q(withdrawn_at__isnull=False)),
    "guardians_of_adults": GrownUp(),
    "never_registered": NeverRegistered(),
    "ended_roles": EndedRoles(),
    "identity_looks": Rows(models.IdentityLook, "looked_at"),
}
