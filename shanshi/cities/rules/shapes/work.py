"""Who gives service and what there is to do: organizations, programs, projects, activities and shifts."""

# ruff: noqa: RUF009 - each default is made by a function of fields.py, which makes a dataclass field

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from shanshi.activities.rules.kinds import ActivityKind, RiskKind
from shanshi.cities.rules.fields import (
    WEEKDAYS,
    Ref,
    Row,
    clock_time,
    day,
    moment,
    named,
    one_of,
    records,
    ref,
    refs,
    slug,
    some_of,
    span,
    text,
    texts,
    whole,
)
from shanshi.cities.rules.shapes.ground import FigureRow
from shanshi.registry.rules import OrganizationKind


class WrittenState(StrEnum):
    """How far an activity of the case has come when the demo's clock starts."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRow(Row):
    """`organizations.yaml`: bodies that recruit and record volunteers; parents before children."""

    id: str = slug("short name, one in this file")
    name: str = text("name")
    name_en: str = text("name in English", required=False)
    kind: str = one_of("what sort of body it is", OrganizationKind)
    parent: Ref | None = ref(
        "who reviews its activities; must stand before it", "organization", required=False
    )
    division: Ref = ref("code of the city or district it is of", "division")
    subdistrict: Ref | None = ref("code of the subdistrict, for its office", "subdistrict", required=False)
    credit_code: str = text(
        "unified social credit code (GB 32100)", most=18, pattern="[0-9A-Z]{18}", required=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow(Row):
    """`teams.yaml`: standing groups inside organizations."""

    id: str = slug("short name, one in this file")
    name: str = text("name")
    organization: Ref = ref("whose team it is", "organization")
    paired_with: Ref | None = ref(
        "the subdistrict or department it is paired with", "organization", required=False
    )
    program: Ref | None = ref("the program that it was founded in", "program", required=False)
    formed_on: date = day("first day")
    leader: Ref | None = ref("who leads it: a volunteer", "person", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRow(Row):
    """`programs.yaml`: named campaigns with their organizers and figures."""

    id: str = slug("short name, one in this file")
    name: str = text("name, one in its division")
    name_en: str = text("name in English", required=False)
    also_written: tuple[str, ...] = texts("other names in use")
    says: str = text("what it is", most=2_000, required=False)
    division: Ref = ref("code of the city or district", "division")
    subdistrict: Ref | None = ref("code of the subdistrict", "subdistrict", required=False)
    venue: Ref | None = ref("where it is, if at one place", "venue", required=False)
    organizers: tuple[Ref, ...] = refs(
        "who gives it, in the order in which they are named", "organization", required=True, least=1
    )
    partners: tuple[Ref, ...] = refs("who takes part", "organization")
    pilots: tuple[Ref, ...] = refs("codes of the subdistricts where it is tried out first", "subdistrict")
    fields: tuple[str, ...] = texts("fields of service")
    launched_on: date | None = day("first day", required=False)
    earns: str = one_of(
        "what its verified hours earn Party-member volunteers besides coins", ("red_point",), required=False
    )
    figures: Mapping[str, FigureRow] = named("published figures, each under its key", FigureRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow(Row):
    """`projects.yaml`: lasting pieces of work; activities belong to them."""

    id: str = slug("short name, one in this file")
    name: str = text("name, one in its organization")
    organization: Ref = ref("whose project it is", "organization")
    program: Ref | None = ref("the program it belongs to", "program", required=False)
    fields: tuple[str, ...] = texts("fields of service")
    started_on: date = day("first day")
    says: str = text("what it is", most=2_000, required=False)
    key_of_year: int | None = whole(
        "the year that lists it as a key project", 1990, 2100, required=False, unit="year"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OneShiftRow(Row):
    """A shift of one day."""

    on: date = day("local day")
    starts: time = clock_time("when it starts", name="from")
    ends: time = clock_time("when it ends, on the same day, at least 15 minutes later", name="to")
    capacity: int = whole("places", 1, 10_000, unit="persons")
    signed_up: tuple[int, int] | None = span(
        "how many invented volunteers of population.yaml sign up, drawn between the two",
        0,
        10_000,
        required=False,
        unit="persons",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyShiftRow(Row):
    """Shifts that come again each week, on the same days at the same times, except on days of `closed_on`."""

    days: tuple[str, ...] = some_of("days of the week", WEEKDAYS, required=True)
    starts: time = clock_time("when each starts", name="from")
    ends: time = clock_time("when each ends, on the same day, at least 15 minutes later", name="to")
    first_on: date = day("first local day")
    last_on: date = day("last local day, not before the first; at most 12 years later")
    capacity: int = whole("places of each", 1, 10_000, unit="persons")
    signed_up: tuple[int, int] | None = span(
        "how many invented volunteers of population.yaml sign up for each, drawn between the two",
        0,
        10_000,
        required=False,
        unit="persons",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoothRow(Row):
    """A stand of an event. Its stamps earn nothing by themselves."""

    name: str = text("name, one in the event", most=60)
    says: str = text("what is done there", most=500, required=False)
    organization: Ref | None = ref(
        "who keeps it; empty: the event's own people", "organization", required=False
    )
    stamped_per_mille: int = whole(
        "of those who came and left, how many have its stamp",
        0,
        1_000,
        required=False,
        default=0,
        unit="per mille",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow(Row):
    """`activities.yaml`: what people can sign up for, with its shifts.

    Activities that were published are loaded as drafted, submitted and published on their own dates, by the
    person in charge and the reviewer. The platform's own rules hold: a published activity states its risks,
    has the agreement and the insurance that it needs, and is published by another person before its shifts.
    """

    id: str = slug("short name, one in this file")
    title: str = text("title", most=120)
    project: Ref = ref("the project it belongs to", "project")
    organizers: tuple[Ref, ...] = refs(
        "who gives it; the first leads", "organization", required=True, least=1
    )
    team: Ref | None = ref(
        "the team of the first organizer in whose name it is; its leaders are in charge, too",
        "team",
        required=False,
    )
    kind: str = one_of("only `service` earns minutes", ActivityKind, required=False, default="service")
    says: str = text("what is done", most=4_000)
    bring: str = text("what to bring", most=500, required=False)
    fields: tuple[str, ...] = texts("fields of service")
    skills: tuple[str, ...] = texts("skills that help")
    min_age: int = whole("youngest age", 0, 100, required=False, default=0, unit="full years")
    risks: str = text(
        "what may happen to those who take part; needed for publication", most=2_000, required=False
    )
    risk_kinds: tuple[str, ...] = some_of(
        "kinds of risk; `danger` and `rescue` are for adults alone", RiskKind
    )
    in_charge: Ref = ref(
        "person in charge: a leader or manager of the first organizer or of a body above it", "person"
    )
    at: tuple[Ref, ...] = refs(
        "where to check in: `venue:<id>` or `station:<id>`, one or several", "place", required=True, least=1
    )
    insurance: str = text("number of the insurance, where one is needed", required=False)
    agreement: str = text(
        "number of the agreement, where one is needed (over one month, danger ...)", required=False
    )
    attended_at_least: int | None = whole(
        "published lower bound of those who came", 0, 1_000_000, required=False, unit="persons"
    )
    state: str = one_of("how far it has come", WrittenState, required=False, default="published")
    submitted_at: datetime | None = moment("when it was submitted; not for drafts", required=False)
    published_at: datetime | None = moment(
        "when it was published; for published and cancelled ones", required=False
    )
    reviewed_by: Ref | None = ref(
        "who published it: a reviewer at a body above the first organizer, or city staff",
        "person",
        required=False,
    )
    unconfirmed_since: date | None = day(
        "shifts on this day and later are left for the person in charge to confirm", required=False
    )
    cancelled_at: datetime | None = moment("when it was cancelled", required=False)
    cancelled_because: str = text("why it was cancelled", most=500, required=False)
    shifts: tuple[OneShiftRow, ...] = records("shifts of one day", OneShiftRow)
    weekly: tuple[WeeklyShiftRow, ...] = records("shifts that come again each week", WeeklyShiftRow)
    booths: tuple[BoothRow, ...] = records("stands of the event, in order", BoothRow)
