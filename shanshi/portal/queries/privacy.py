"""What the privacy page and a guardian's page show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shanshi.attendance import queries as attendance
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.ledger import queries as ledger
from shanshi.ledger.queries import Balances
from shanshi.portal.queries.mine import Ahead, VisitLine, ahead, visit_lines
from shanshi.registry import queries as registry
from shanshi.registry import rules
from shanshi.registry.queries import LookFacts, OwnFacts, Standing, WardFacts

_LOOKS_ON_PAGE = 5
_VISITS_ON_PAGE = 5


@dataclass(frozen=True, slots=True)
class LookLine:
    """One look at somebody's identity, with the masked name of who looked; empty for who is no volunteer."""

    look: LookFacts
    looker: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """How somebody stands to one purpose, and whether the reader may change that."""

    standing: Standing
    may_change: bool


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """Everything on a person's own privacy page, but for what is held in the rooms."""

    own: OwnFacts
    consents: tuple[ConsentLine, ...]
    looks: tuple[LookLine, ...]
    wards: tuple[WardFacts, ...]


@dataclass(frozen=True, slots=True)
class WardPage:
    """What a guardian sees of a minor's account."""

    ward: WardFacts
    balances: Balances
    ahead: Ahead
    visits: tuple[VisitLine, ...]
    consents: tuple[ConsentLine, ...]
    looks: tuple[LookLine, ...]


def privacy_page(person_id: UUID, *, at: datetime) -> PrivacyPage:
    """Return a person's own privacy page; a fixed number of questions.

    at  with a time zone
    """
    own = registry.own(person_id)
    volunteer = own.volunteer
    consents: tuple[ConsentLine, ...] = ()
    if volunteer is not None:
        consents = consent_lines(volunteer.holder_id, volunteer.birth_on, is_guardian=False, at=at)
    wards = tuple(registry.wards(person_id, at=at))
    return PrivacyPage(own, consents, look_lines(person_id, most=_LOOKS_ON_PAGE), wards)


def ward_page(ward: WardFacts, *, at: datetime) -> WardPage:
    """Return a guardian's page of a minor; without the guardian's consent only that and the way back.

    at  with a time zone
    """
    consents = consent_lines(ward.holder_id, ward.birth_on, is_guardian=True, at=at)
    if not ward.is_open:
        own = tuple(line for line in consents if line.standing.text.asked_of == rules.AskedOf.GUARDIAN)
        return WardPage(ward, Balances(), Ahead(), (), own, ())
    rows = attendance.visits(ward.holder_id).order_by("-came_at", "-id")[:_VISITS_ON_PAGE]
    return WardPage(
        ward=ward,
        balances=ledger.balances(ward.holder_id),
        ahead=ahead(ward.holder_id, at=at),
        visits=visit_lines([attendance.visit_facts(row) for row in rows]),
        consents=consents,
        looks=look_lines(ward.person_id, most=_LOOKS_ON_PAGE),
    )


def consent_lines(
    holder_id: UUID, birth_on: date, *, is_guardian: bool, at: datetime
) -> tuple[ConsentLine, ...]:
    """Return how a volunteer stands to every purpose that concerns them at their age.

    is_guardian  whether the guardian reads
    at           with a time zone
    """
    age = rules.age_on(birth_on, city_day(at))
    lines = []
    for purpose, standing in registry.standings(holder_id, at=at).items():
        if purpose == rules.Purpose.MINORS and age >= rules.ADULT_FROM:
            continue
        guardians = rules.is_guardians_to_give(standing.text.asked_of, age=age)
        lines.append(ConsentLine(standing, guardians == is_guardian))
    return tuple(lines)


def look_lines(person_id: UUID, *, most: int = 200) -> tuple[LookLine, ...]:
    """Return who looked at a person's identity, the latest first."""
    seen = registry.seen_by(person_id)[:most]
    names: dict[UUID, str] = {}
    for look in seen:
        if look.looked_by not in names:
            names[look.looked_by] = _name(look.looked_by)
    return tuple(LookLine(look, names[look.looked_by]) for look in seen)


def _name(person_id: UUID) -> str:
    try:
        return registry.volunteer(registry.holder_of(person_id)).masked_name
    except (rules.PersonUnknown, Missing):
        return ""
