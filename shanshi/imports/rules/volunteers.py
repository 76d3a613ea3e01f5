"""Lists of volunteers whom an organization registers: they begin once they agree to the terms themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from shanshi.imports.rules.cells import LeftOut, Reader, example_in, folded
from shanshi.imports.rules.columns import Choice, Column, Line
from shanshi.imports.rules.found import Found
from shanshi.imports.rules.members import TEAM, team_of
from shanshi.imports.rules.refusals import DayIsAhead, GuardianMissing, NotFromAList, SameInRow, ThereAlready
from shanshi.kernel.errors import N_, DomainError
from shanshi.registry.rules import (
    GuardianIsSelf,
    IdFacts,
    NumberInvalid,
    Relation,
    age_on,
    check_age,
    checked_name,
    checked_number,
    checked_phone,
    checked_residence,
    id_facts,
)

RELATIONS: Final = (
    Choice(Relation.MOTHER.value, "mother", "母亲"),
    Choice(Relation.FATHER.value, "father", "父亲"),
    Choice(Relation.GRANDPARENT.value, "grandparent", "（外）祖父母"),
    Choice(Relation.OTHER.value, "other guardian", "其他监护人"),
)
_MINORS: Final = N_("Only for people below 18.")
COLUMNS: Final = (
    Column(
        "name", "Name", "姓名", N_("As on the identity card."), sample=("(example) 林晓", "（示例）林晓"),
        filled=True, secret=True,
    ),
    Column(
        "id_number", "ID number", "身份证号", N_("18 characters; the column has the format Text."),
        sample=("330103199005170009", "330103199005170009"), filled=True, secret=True,
    ),
    Column(
        "phone", "Phone", "手机号", N_("The person's own: with it they sign in and agree to the terms."),
        sample=("15400000000", "15400000000"), filled=True, secret=True,
    ),
    Column(
        "residence", "Residence code", "居住地区划代码", N_("Six digits of GB/T 2260; may stay empty."),
        sample=("330102", "330102"),
    ),
    TEAM,
    Column("guardian_name", "Guardian's name", "监护人姓名", _MINORS, secret=True),
    Column("guardian_phone", "Guardian's phone", "监护人手机号", _MINORS, secret=True),
    Column("guardian_relation", "Guardian is", "监护人关系", _MINORS, choices=RELATIONS),
    Column(
        "guardian_agreed_on", "Guardian signed on", "监护人签字日期",
        N_("Only for people below 18: the day on which the guardian signed the consent that you keep."),
    ),
    Column(
        "number", "Volunteer number", "志愿者编号",
        N_("Empty for new people; a row with a number has registered already and is left out."),
    ),
)  # fmt: skip


_GUARDIAN: Final = ("guardian_name", "guardian_phone", "guardian_relation", "guardian_agreed_on")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody to be registered by an organization, every part checked."""

    name: str
    facts: IdFacts
    phone: str
    residence: str | None
    team_id: UUID | None
    guardian: tuple[str, str, str] | None
    guardian_agreed_on: date | None


@dataclass(frozen=True, slots=True)
class VolunteerFacts:
    """What must be known to read a list.

    on           the day in the city
    values       of the policy "registration"
    teams        the organization's teams by name
    """

    on: date
    values: Mapping[str, Any]
    teams: Mapping[str, UUID]


def read_volunteers(lines: Sequence[Line], facts: VolunteerFacts) -> Found[Enrolled]:
    """Return who would be registered, as far as the list alone can tell; in the order of the rows.

    Source: registration policy (docs/policies/registration.yaml); below its own_consent_age a guardian
    registers the child, and no list does.
    """
    found = Found[Enrolled]()
    teams = {folded(name): team_id for name, team_id in facts.teams.items()}
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        if example := example_in(line, "name"):
            found.wrong.append(example)
            continue
        if said := line.text("number"):
            if checked_number(said) is None:
                Reader(line, found.wrong).blame("number", NumberInvalid())
            else:
                found.left_out.append(LeftOut(line.number, ThereAlready()))
            continue
        one = _enrolled(Reader(line, found.wrong), facts, teams)
        if one is None:
            continue
        keys = [("id", one.facts.number), ("phone", one.phone)]
        earlier = next((seen[key] for key in keys if key in seen), None)
        if earlier is not None:
            found.left_out.append(LeftOut(line.number, SameInRow(row=earlier)))
            continue
        seen.update(dict.fromkeys(keys, line.number))
        found.take(line.number, one)
    return found


def without(found: Found[Enrolled], rows: Collection[int]) -> Found[Enrolled]:
    """Return what is left without some rows, which are left out in the same words whatever the cause.

    rows  whose phone or ID number is known already, or whose identity is not confirmed
    """
    kept = Found[Enrolled](left_out=list(found.left_out), wrong=found.wrong)
    for row, one in zip(found.rows, found.new, strict=True):
        if row in rows:
            kept.left_out.append(LeftOut(row, NotFromAList()))
        else:
            kept.take(row, one)
    kept.left_out.sort(key=lambda one: one.row)
    return kept


def _enrolled(reader: Reader, facts: VolunteerFacts, teams: Mapping[str, UUID]) -> Enrolled | None:
    before = len(reader.wrong)
    name = reader.checked("name", checked_name)
    known = reader.checked("id_number", lambda said: id_facts(said, on=facts.on))
    phone = reader.checked("phone", checked_phone)
    residence = reader.checked("residence", checked_residence, needed=False)
    team_id = team_of(reader, teams)
    guardian, agreed_on = None, None
    if known is not None and age_on(known.birth_on, facts.on) < facts.values["adult_age"]:
        guardian, agreed_on = _guardian(reader, facts, phone)
        try:
            age = age_on(known.birth_on, facts.on)
            check_age(age, has_guardian=True, values=facts.values)
        except DomainError as error:
            reader.blame("id_number", error)
    if len(reader.wrong) > before or name is None or known is None or phone is None:
        return None
    return Enrolled(name, known, phone, residence, team_id, guardian, agreed_on)


def _guardian(
    reader: Reader, facts: VolunteerFacts, own_phone: str | None
) -> tuple[tuple[str, str, str] | None, date | None]:
    empty = [key for key in _GUARDIAN if not reader.line.text(key)]
    for key in empty:
        reader.blame(key, GuardianMissing(adult_age=facts.values["adult_age"]))
    if empty:
        return None, None
    name = reader.checked("guardian_name", checked_name)
    phone = reader.checked("guardian_phone", checked_phone)
    relation = reader.choice("guardian_relation", RELATIONS)
    agreed_on = reader.day("guardian_agreed_on")
    if phone is not None and phone == own_phone:
        reader.blame("guardian_phone", GuardianIsSelf())
    if agreed_on is not None and agreed_on > facts.on:
        reader.blame("guardian_agreed_on", DayIsAhead())
    if name is None or phone is None or relation is None:
        return None, None
    return (name, phone, relation), agreed_on
