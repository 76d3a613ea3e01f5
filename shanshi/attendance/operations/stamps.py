"""A booth of an event stamps the visit that is open. A stamp earns nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from shanshi.activities import queries as activities
from shanshi.attendance import models, queries, rules
from shanshi.attendance.queries.stamps import booth_keys, booth_of_digits
from shanshi.attendance.rules import VisitState, codes, stamps
from shanshi.foundation import crypto, installation
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class StampAnswer:
    """What a stamp did.

    is_again  this booth had stamped this visit before, and nothing changed
    """

    booth_id: UUID
    activity_id: UUID
    visit_id: UUID
    holder_id: UUID
    stamped_at: datetime
    is_again: bool


@dataclass(frozen=True, slots=True)
class StampRow:
    """A stamp of a case, with a time zone."""

    holder_id: UUID
    booth_id: UUID
    stamped_at: datetime


def stamp(code: str, *, by: Actor, at: datetime, real_at: datetime) -> StampAnswer:
    """Stamp one's own open visit by the code of a booth, and return which; twice is once.

    code     as scanned at the booth, or its six digits
    by       a volunteer who is checked in at the booth's event
    at       the domain's time, with a zone
    real_at  real time, by which codes live; with a zone

    Raises codes.CodeUnreadable; SignInNeeded, Forbidden: no volunteer; codes.CodeForged, CodeExpired,
    DigitsWrong; BoothMissing; stamps.NotCheckedIn, VisitOpenElsewhere. Then nothing has changed but the log
    of refused scans. Locks the open visit.
    """
    token = None if codes.is_digits(code) else stamps.read_booth(code)
    holder_id = by.volunteer()

    def read() -> StampAnswer:
        booth_id = _shown(code, holder_id, real_at) if token is None else _believed(token, real_at)
        return _stamped(booth_id, holder_id, by=by, at=at)

    return _logged(read, holder_id, by=by, at=at)


def stamp_person(booth_id: UUID, code: str, *, by: Actor, at: datetime, real_at: datetime) -> StampAnswer:
    """Stamp the open visit of a volunteer whose personal code the booth's keeper has read; twice is once.

    booth_id  a booth whose door `by` runs
    code      a personal code; it is not spent, so the next booth can read it while it lives
    at, real_at  as for `stamp`

    Raises codes.CodeUnreadable: it is no personal code; CodeForged; rules.ScannedBySelf; codes.CodeExpired;
    rules.CodeAlreadyUsed: it has opened a door already; as `stamp`. Locks the open visit.
    """
    token = codes.read(code)
    if not isinstance(token, codes.PersonalToken):
        raise codes.CodeUnreadable

    def read() -> StampAnswer:
        _with_any(crypto.keyring().personal_keys, lambda key: codes.check_signature(token, key))
        if token.holder_id == by.holder_id:
            raise rules.ScannedBySelf
        codes.check_lives(token, real_at=real_at)
        if queries.is_spent(token.holder_id, token.nonce):
            raise rules.CodeAlreadyUsed
        return _stamped(booth_id, token.holder_id, by=by, at=at)

    return _logged(read, by.holder_id or by.known(), by=by, at=at)


@transaction.atomic
def record_stamps(rows: Sequence[StampRow], *, source: str, by: Actor, at: datetime) -> int:
    """Write the stamps of a case, and return how many. Each lies inside a visit of its person to the event.

    source  "case"
    at      when it is written, with a time zone

    Raises SignInNeeded. rules.NotACase: another source, or this is no demo database. rules.VisitImpossible.
    """
    by.known()
    if source != "case" or not installation.is_demo():
        raise rules.NotACase
    events = {
        booth_id: activities.booth(booth_id).booth.activity_id for booth_id in {r.booth_id for r in rows}
    }
    people = {row.holder_id for row in rows}
    visits: dict[tuple[UUID, UUID], list[models.Visit]] = {}
    for visit in models.Visit.objects.filter(holder_id__in=people, activity_id__in=set(events.values())):
        visits.setdefault((visit.holder_id, visit.activity_id), []).append(visit)
    made = []
    for number, row in enumerate(rows, start=1):
        activity_id = events[row.booth_id]
        inside = [
            visit
            for visit in visits.get((row.holder_id, activity_id), ())
            if visit.came_at <= row.stamped_at < visit.during.upper
        ]
        if not inside or row.stamped_at > at:
            raise rules.VisitImpossible(number=number, why=stamps.NotCheckedIn.code)
        made.append(_row(inside[0], row.booth_id, by=row.holder_id, at=row.stamped_at, source=source))
    models.Stamp.objects.bulk_create(made)
    return len(made)


def _shown(digits: str, holder_id: UUID, real_at: datetime) -> UUID:
    found = booth_of_digits(holder_id, codes.Digits("".join(digits.split())), real_at)
    if found is None:
        raise codes.DigitsWrong
    return found


def _believed(token: stamps.BoothToken, real_at: datetime) -> UUID:
    values = policies.in_force("check_in", city_day(real_at)).values
    step = codes.step_at(real_at, seconds=values["step_seconds"])
    accepted = values["steps_accepted"]
    _with_any(
        booth_keys(token.booth_id),
        lambda key: stamps.check_booth(token, key, step=step, accepted=accepted),
    )
    return token.booth_id


@transaction.atomic
def _stamped(booth_id: UUID, holder_id: UUID, *, by: Actor, at: datetime) -> StampAnswer:
    event_id = activities.booth(booth_id).booth.activity_id
    # A check-out at the same moment waits, or has come first and closed the visit.
    row = models.Visit.objects.select_for_update().filter(holder_id=holder_id, state=VisitState.OPEN).first()
    inside = None if row is None else stamps.OpenVisit(row.id, row.activity_id, row.came_at, row.during.upper)
    stamps.check_stamp(inside, event_id, at=at)
    assert row is not None
    before = models.Stamp.objects.filter(holder_id=holder_id, visit_id=row.id, booth_id=booth_id).first()
    made = before or _row(row, booth_id, by=by.known(), at=at, source="platform")
    if before is None:
        # Two at once have waited for each other at the visit, so there is one.
        made.save(force_insert=True)
    return StampAnswer(booth_id, event_id, row.id, holder_id, made.stamped_at, is_again=before is not None)


def _row(visit: models.Visit, booth_id: UUID, *, by: UUID, at: datetime, source: str) -> models.Stamp:
    return models.Stamp(
        holder_id=visit.holder_id,
        visit_id=visit.id,
        activity_id=visit.activity_id,
        booth_id=booth_id,
        stamped_at=at,
        stamped_by=by,
        source=source,
    )


def _logged(read: Callable[[], StampAnswer], holder_id: UUID, *, by: Actor, at: datetime) -> StampAnswer:
    try:
        return read()
    except DomainError as refusal:
        models.FailedScan.objects.create(
            holder_id=holder_id,
            code_kind=stamps.CODE_KIND,
            reason=refusal.code,
            scanned_by=by.known(),
            scanned_at=at,
        )
        raise


def _with_any(keys: Sequence[Key], check: Callable[[Key], Any]) -> None:
    # While a secret is changed, what the one before it made is still good for some minutes.
    *others, last = keys
    for key in others:
        try:
            check(key)
        except codes.CodeForged:
            continue
        return
    check(last)
