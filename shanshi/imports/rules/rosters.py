"""Lists of the people of one shift."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shanshi.activities.rules import reasons_against
from shanshi.imports.rules.cells import LeftOut, Reader, example_in
from shanshi.imports.rules.columns import Line
from shanshi.imports.rules.found import Found
from shanshi.imports.rules.members import NAME, NUMBER
from shanshi.imports.rules.refusals import (
    BusyThen,
    CellEmpty,
    NoPlaceLeft,
    NotAMember,
    SameInRow,
    TermsNotAgreed,
    ThereAlready,
)
from shanshi.registry.rules import NumberInvalid, checked_number

COLUMNS: Final = (NUMBER, NAME)


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """What is there already.

    holders  who has which number, as numbers are stored
    members  who is a member of the body that gives the shift
    agreed   who has agreed to the terms that are in force
    placed   who has a live sign-up for the shift
    busy     who has another one at the time
    free     places that are left
    about    what policy "sign_up" asks of each person
    values   of that policy
    """

    holders: Mapping[str, UUID]
    members: Collection[UUID]
    agreed: Collection[UUID]
    placed: Collection[UUID]
    busy: Collection[UUID]
    free: int
    about: Mapping[UUID, Mapping[str, Any]]
    values: Mapping[str, Any]


def read_roster(lines: Sequence[Line], facts: RosterFacts) -> Found[UUID]:
    """Return who would get a place, in the order of the rows.

    Only members who have accepted: a roster opens names to its leaders, so nobody is put on one unasked.
    """
    found = Found[UUID]()
    rows: dict[UUID, int] = {}
    for line in lines:
        if example := example_in(line, "number"):
            found.wrong.append(example)
            continue
        reader = Reader(line, found.wrong)
        holder_id = _holder(reader, facts)
        if holder_id is None:
            continue
        if (earlier := rows.setdefault(holder_id, line.number)) != line.number:
            found.left_out.append(LeftOut(line.number, SameInRow(row=earlier)))
        elif holder_id in facts.placed:
            found.left_out.append(LeftOut(line.number, ThereAlready()))
        elif _may(reader, holder_id, facts):
            if len(found.new) >= facts.free:
                reader.blame("number", NoPlaceLeft(free=facts.free))
            found.take(line.number, holder_id)
    return found


def _holder(reader: Reader, facts: RosterFacts) -> UUID | None:
    said = reader.line.text("number")
    number = checked_number(said)
    holder_id = facts.holders.get(number) if number else None
    if holder_id is not None and (holder_id in facts.members or holder_id in facts.placed):
        return holder_id
    # In the same words, whether the number is nobody's or that of somebody elsewhere.
    reader.blame("number", NotAMember() if number else NumberInvalid() if said else CellEmpty())
    return None


def _may(reader: Reader, holder_id: UUID, facts: RosterFacts) -> bool:
    if holder_id not in facts.agreed:
        reader.blame("number", TermsNotAgreed())
        return False
    for reason in reasons_against(facts.about[holder_id], facts.values):
        reader.blame("number", reason)
        return False
    if holder_id in facts.busy:
        reader.blame("number", BusyThen())
        return False
    return True
