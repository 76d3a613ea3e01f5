"""The chain behind a figure: each link says what it is, and what it stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.attendance import queries as attendance
from shanshi.design.rules import coin_number
from shanshi.kernel.errors import N_, Missing
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.ledger import queries as ledger
from shanshi.ledger.rules import Kind, TransferMissing, Unit
from shanshi.registry import queries as registry
from shanshi.rewards import queries as rewards


class NothingToTrace(Missing):
    """No figure and no record has this name."""

    code = "cli.nothing_to_trace"
    says = N_("There is nothing with the name {name}.")
    way = N_("Give the id of a transfer, visit, redemption, sign-up, scan or shift, or a volunteer number.")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain.

    kind      figure, transfer, visit, scan, sign_up, shift, publication, redemption, offer or source
    says      in English, for a person
    stands_on  what it follows from
    """

    kind: str
    id: str
    says: str
    stands_on: tuple[Link, ...] = ()


def chain(name: str, *, limit: int) -> list[Link]:
    """Return the chains of a volunteer number (one for each figure) or of one record.

    limit  how many transfers of each figure to follow, the newest first

    Raises NothingToTrace.
    """
    try:
        key = UUID(name)
    except ValueError:
        holder_id = registry.by_number(name)
        if holder_id is None:
            raise NothingToTrace(name=name[:60]) from None
        return figures(name, holder_id, limit=limit)
    for find in (transfers_with, visit_with, redemption_with, sign_up_with, scan_with, shift_with):
        if links := find(key):
            return links
    raise NothingToTrace(name=name)


def figures(number: str, holder_id: UUID, *, limit: int) -> list[Link]:
    """Return each figure of a volunteer with the transfers that make it."""
    held = ledger.balances(holder_id)
    rows = [ledger.transfer_facts(row) for row in ledger.transfers(holder_id)]
    links = []
    for unit, kind, amount in (
        (Unit.VERIFIED_MINUTE, Kind.VOLUNTEER, held.verified_minutes),
        (Unit.HONORARY_MINUTE, Kind.VOLUNTEER, held.honorary_minutes),
        (Unit.COIN, Kind.VOLUNTEER, held.coin_units),
        (Unit.COIN, Kind.PENDING, held.pending_coin_units),
        (Unit.COIN, Kind.RESERVED, held.reserved_coin_units),
        (Unit.RED_POINT, Kind.VOLUNTEER, held.red_points),
    ):
        made_of = [row for row in rows if row.unit == unit and kind in (row.giver.kind, row.taker.kind)]
        if not made_of:
            continue
        summed = sum(row.amount if row.taker.kind == kind else -row.amount for row in made_of)
        if summed != amount:
            raise AssertionError(f"{number}: {kind} {unit} is {amount}, its transfers give {summed}")
        shown = f", the newest {limit} follow" if len(made_of) > limit else ""
        says = f"{number} holds {quantity(amount, unit)} ({kind}): the sum of {len(made_of)} transfers{shown}"
        links.append(Link("figure", f"{number}/{kind}/{unit}", says, tuple(map(transfer, made_of[:limit]))))
    return links or [Link("figure", number, f"{number} holds nothing: no transfer was ever posted")]


def transfers_with(key: UUID) -> list[Link]:
    """Return the transfers with an id; two holders may each have one."""
    rows = [ledger.transfers(holder).get(pk=key) for holder in ledger.holders_of(key)]
    return [transfer(ledger.transfer_facts(row)) for row in rows]


def transfer(facts: ledger.TransferFacts) -> Link:
    """Return a transfer, and its cause."""
    says = (
        f"{quantity(facts.amount, facts.unit)} from {facts.giver.kind} to {facts.taker.kind}: "
        f"{facts.reason}; rule {facts.policy}; "
        f"happened {local(facts.happened_at)}, posted {local(facts.posted_at)}"
    )
    return Link("transfer", str(facts.id), says, (*reversed_by(facts), *cause(facts.source)))


def reversed_by(facts: ledger.TransferFacts) -> tuple[Link, ...]:
    """Return the original that a reversal takes back, or nothing."""
    if facts.reverses is None:
        return ()
    try:
        original = ledger.transfer(facts.reverses)
    except TransferMissing:
        return (Link("transfer", str(facts.reverses), "is taken back, but is not in the books"),)
    return (Link("transfer", str(original.id), "is taken back by this one", cause(original.source)),)


def cause(source: str) -> tuple[Link, ...]:
    """Return what a source names; a source that names no record of the platform ends the chain."""
    sort, parts = ledger.cause(source)
    find: dict[str, Callable[[UUID], list[Link]]] = {"visit": visit_with, "redemption": redemption_with}
    if sort in find and len(parts) == 2:
        try:
            found = find[sort](UUID(parts[1]))
        except ValueError:
            found = []
        return tuple(found) or (Link(sort, parts[1], "is named as the cause, but is not there"),)
    return (Link("source", source, "is not a record of a person's doing on the platform"),)


def visit_with(key: UUID) -> list[Link]:
    """Return a visit, its scans, and its shift."""
    facts = attendance.visit(key)
    if facts is None:
        return []
    left = f"left {local(facts.left_at)}" if facts.left_at else "did not check out"
    worth = f"; {facts.minutes} minutes by {facts.policy}" if facts.minutes is not None else "; not confirmed"
    says = f"came {local(facts.came_at)}, {left}{worth}; {facts.state}, source {facts.source}"
    scans = tuple(scan(one) for one in attendance.scans(key, holder_id=facts.holder_id))
    return [Link("visit", str(key), says, (*scans, *shift_with(facts.shift_id)))]


def scan(facts: attendance.ScanFacts) -> Link:
    """Return a scan."""
    says = (
        f"{facts.direction} by {facts.code_kind} code at {local(facts.scanned_at)}, "
        f"{facts.band} of the place, received {local(facts.received_at)}, source {facts.source}"
    )
    return Link("scan", str(facts.id), says)


def scan_with(key: UUID) -> list[Link]:
    """Return a scan, and the visit that it belongs to."""
    facts = attendance.scan(key)
    if facts is None:
        return []
    link = scan(facts)
    return [Link(link.kind, link.id, link.says, tuple(visit_with(facts.visit_id)))]


def sign_up_with(key: UUID) -> list[Link]:
    """Return a sign-up, and its shift."""
    facts = activities.sign_up_of_id(key)
    if facts is None:
        return []
    says = f"{facts.state}, signed up {local(facts.signed_up_at)}"
    return [Link("sign_up", str(key), says, tuple(shift_with(facts.shift_id)))]


def shift_with(key: UUID) -> list[Link]:
    """Return a shift, and the publication that it stands on."""
    found = activities.shifts([key])
    if not found:
        return []
    (facts,) = found
    confirmed = f", confirmed {local(facts.confirmed_at)}" if facts.confirmed_at else ""
    says = f"{local(facts.starts_at)} to {local(facts.ends_at)}, {facts.capacity} places{confirmed}"
    return [Link("shift", str(key), says, (publication(facts),))]


def publication(facts: activities.ShiftFacts) -> Link:
    """Return when a shift's activity was published, and by whom it is given."""
    published = f"published {local(facts.published_at)}" if facts.published_at else "was never published"
    organization = registry.organization(facts.organization_id)
    return Link("publication", str(facts.activity_id), f"{facts.title} ({organization.name}), {published}")


def redemption_with(key: UUID) -> list[Link]:
    """Return a redemption, what it paid, and its offer."""
    try:
        facts = rewards.redemption(key)
    except Missing:
        return []
    says = (
        f"{facts.offer_title} at {facts.merchant_name} for {quantity(facts.price_coin_units, Unit.COIN)}, "
        f"{facts.state}, reserved {local(facts.reserved_at)}, source {facts.source}"
    )
    offer = Link("offer", str(facts.offer_id), f"{facts.offer_title} of {facts.merchant_name}")
    return [Link("redemption", str(key), says, (offer,))]


def quantity(amount: int, unit: Unit) -> str:
    """Return an amount with its unit."""
    if unit == Unit.COIN:
        return f"{coin_number(amount, 'en')} coins"
    return f"{amount} {unit.replace('_', ' ')}s"


def local(moment: datetime | None) -> str:
    """Return a moment in the city's time, to the minute."""
    return "never" if moment is None else f"{moment.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"
