"""What a volunteer's own pages show: where one is, what is ahead, what was done and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import MySignUp, ShiftFacts
from shanshi.attendance import queries as attendance
from shanshi.attendance.queries import VisitFacts
from shanshi.foundation import paging
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.ledger import queries as ledger
from shanshi.ledger.queries import Balances, TransferFacts
from shanshi.policies import queries as policies
from shanshi.portal.queries.standing import Standing, door_times, standing
from shanshi.registry import queries as registry
from shanshi.registry.queries import OrganizationFacts, OwnFacts, VolunteerFacts
from shanshi.registry.rules import ConsentText, PersonUnknown, Purpose, age_on, is_guardians_to_give
from shanshi.rewards import queries as rewards
from shanshi.rewards.queries import RedemptionFacts

VISITS_ON_FIRST_PAGE: Final = 5
REDEMPTIONS_ON_FIRST_PAGE: Final = 3
EVALUATIONS_ON_FIRST_PAGE: Final = 3
# How long before their last day coins are told about.
TOLD_BEFORE: Final = timedelta(days=30)
PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A sign-up with how its shift stands now."""

    mine: MySignUp
    standing: Standing


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a volunteer has before them.

    came_at  when the volunteer checked in where they are now
    on       the day of the city on which this is so
    """

    seats: tuple[SeatLine, ...] = ()
    came_at: datetime | None = None
    on: date | None = None

    @property
    def now(self) -> SeatLine | None:
        """The shift that asks for something at once: where the volunteer is, else whose door is open."""
        return self._first(Standing.INSIDE) or self._first(Standing.DOOR)

    @property
    def offered(self) -> SeatLine | None:
        """The place that waits for an answer, the next one if there are several."""
        return self._first(Standing.OFFERED)

    @property
    def today(self) -> SeatLine | None:
        """The next shift of today whose door is not open yet, unless another one asks for something now."""
        if self.now is not None:
            return None
        placed = (seat for seat in self.seats if seat.standing is Standing.PLACED)
        return next((seat for seat in placed if city_day(seat.mine.shift.starts_at) == self.on), None)

    def _first(self, wanted: Standing) -> SeatLine | None:
        return next((seat for seat in self.seats if seat.standing is wanted), None)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit with what it was for."""

    visit: VisitFacts
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """Coins that can be spent up to a day, this one included; 60 units make a coin.

    is_soon  whether it is time to say so: within so many days as the notice is given before
    """

    units: int
    last_on: date
    is_soon: bool


@dataclass(frozen=True, slots=True)
class MyPage:
    """Everything on a volunteer's own page.

    new_terms    the terms in force, if the volunteer agreed to older ones and may agree to these; else None
    expiring     what of the spendable coins goes when, the earliest first
    to_evaluate  confirmed visits of which the volunteer has said nothing yet, the latest first
    """

    own: OwnFacts
    balances: Balances
    ahead: Ahead
    visits: tuple[VisitLine, ...]
    redemptions: tuple[RedemptionFacts, ...]
    new_terms: ConsentText | None
    expiring: tuple[Expiring, ...] = ()
    to_evaluate: tuple[VisitLine, ...] = ()

    @property
    def has_withdrawn(self) -> bool:
        """Whether the volunteer agrees to no terms at the moment, so that nothing new can begin."""
        return self.own.volunteer is not None and self.own.volunteer.terms is None


@dataclass(frozen=True, slots=True)
class Chain:
    """What stands behind the number of one visit, from the books down to whoever published the shift.

    publisher, confirmer  masked names; empty for those who are no volunteers
    """

    visit: VisitFacts
    shift: ShiftFacts
    organizer: OrganizationFacts
    scans: tuple[attendance.ScanFacts, ...]
    transfers: tuple[TransferFacts, ...]
    publisher: str
    confirmer: str

    @property
    def policies(self) -> list[tuple[str, str]]:
        """The versions of policies that decided something here, each with its policy's name."""
        versions = [self.visit.policy, *(transfer.policy for transfer in self.transfers)]
        return [(version.partition("@")[0], version) for version in dict.fromkeys(versions) if version]


def ahead(holder_id: UUID, *, at: datetime) -> Ahead:
    """Return what a volunteer has before them, by start; six queries however much it is.

    at  with a time zone
    """
    times = door_times(at)
    mine = activities.sign_ups_of(holder_id, since=at - times.closes_after)
    visits = attendance.to_decide(holder_id, city_day(at))
    seats = [SeatLine(one, standing(one.shift, one.sign_up, visits, at=at, times=times)) for one in mine]
    came_at = next((visit.came_at for visit in visits if visit.state == "open"), None)
    gone = {Standing.OVER, Standing.CANCELLED}
    return Ahead(tuple(seat for seat in seats if seat.standing not in gone), came_at, city_day(at))


def my_page(person_id: UUID, holder_id: UUID, *, at: datetime) -> MyPage:
    """Return a volunteer's own page.

    at  with a time zone
    """
    rows = attendance.visits(holder_id).order_by("-came_at", "-id")[:VISITS_ON_FIRST_PAGE]
    own, balances = registry.own(person_id), ledger.balances(holder_id)
    latest = [attendance.visit_facts(row) for row in rows]
    unsaid = attendance.to_evaluate(holder_id, limit=EVALUATIONS_ON_FIRST_PAGE)
    lines = visit_lines([*latest, *unsaid])
    return MyPage(
        own=own,
        balances=balances,
        ahead=ahead(holder_id, at=at),
        visits=lines[: len(latest)],
        redemptions=tuple(rewards.redemptions(holder_id, limit=REDEMPTIONS_ON_FIRST_PAGE)),
        new_terms=_new_terms(own.volunteer, city_day(at)),
        expiring=expiring(balances, at=at),
        to_evaluate=lines[len(latest) :],
    )


def expiring(balances: Balances, *, at: datetime) -> tuple[Expiring, ...]:
    """Return until when spendable coins can be spent, by their year of earning, the earliest first.

    at  with a time zone

    Source: policy "coins", years_kept_after_earning; rules of the city, section 5 (told 30 days before).
    """
    today = city_day(at)
    kept = int(policies.in_force("coins", today).values["years_kept_after_earning"])
    ends = [(units, date(year + kept, 12, 31)) for year, units in balances.coin_units_by_year.items()]
    return tuple(
        Expiring(units, last_on, is_soon=last_on - today <= TOLD_BEFORE)
        for units, last_on in sorted(ends, key=lambda one: one[1])
        if last_on >= today
    )


def _new_terms(volunteer: VolunteerFacts | None, on: date) -> ConsentText | None:
    # Whoever withdrew is not asked here again; for a child the guardian is, on the guardian's pages.
    if volunteer is None or volunteer.terms is None:
        return None
    text = registry.consent_text(Purpose.TERMS, on)
    if volunteer.terms == text.version or is_guardians_to_give(
        text.asked_of, age=age_on(volunteer.birth_on, on)
    ):
        return None
    return text


def visit_page(holder_id: UUID, *, cursor: str | None) -> tuple[tuple[VisitLine, ...], str | None]:
    """Return a page of a volunteer's visits, the latest first, and the cursor of the next page or None.

    Raises CursorUnreadable.
    """
    rows, following = paging.page(
        attendance.visits(holder_id), order=("-came_at", "-id"), cursor=cursor, limit=PAGE
    )
    return visit_lines([attendance.visit_facts(row) for row in rows]), following


def visit_lines(visits: Sequence[VisitFacts]) -> tuple[VisitLine, ...]:
    """Return visits with what they were for, in three queries however many they are."""
    shifts = {shift.id: shift for shift in activities.shifts({visit.shift_id for visit in visits})}
    return tuple(
        VisitLine(visit, shifts[visit.shift_id].title, shifts[visit.shift_id].place_text) for visit in visits
    )


def transfer_page(holder_id: UUID, *, cursor: str | None) -> tuple[list[TransferFacts], str | None]:
    """Return a page of a volunteer's book, the latest cause first, and the cursor of the next page or None.

    Raises CursorUnreadable.
    """
    rows, following = paging.page(
        ledger.transfers(holder_id), order=("-happened_at", "-id"), cursor=cursor, limit=PAGE
    )
    return [ledger.transfer_facts(row) for row in rows], following


def chain(visit: VisitFacts) -> Chain:
    """Return what stands behind a visit's number."""
    shift = activities.shift(visit.shift_id)
    published_by = activities.activity(visit.activity_id).published_by
    return Chain(
        visit=visit,
        shift=shift,
        organizer=registry.organization(shift.organization_id),
        scans=tuple(attendance.scans(visit.id, holder_id=visit.holder_id)),
        transfers=tuple(ledger.by_source(f"visit:{visit.holder_id}:{visit.id}")),
        publisher=_name(published_by),
        confirmer=_name(visit.confirmed_by),
    )


def _name(person_id: UUID | None) -> str:
    if person_id is None:
        return ""
    try:
        return registry.volunteer(registry.holder_of(person_id)).masked_name
    except (PersonUnknown, Missing):
        return ""
