"""Lists of activities with their shifts: a row for each shift; rows of one title are one activity."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shanshi.activities.rules import (
    ActivityDraft,
    ActivityKind,
    PositionDraft,
    RiskKind,
    ShiftDraft,
    check_draft,
    check_shift,
)
from shanshi.activities.rules.drafts import (
    LARGEST_EVENT,
    LONGEST_TITLE,
    OLDEST_MIN_AGE,
    RADIUS_M,
    DivisionInvalid,
)
from shanshi.activities.rules.shifts import LARGEST_CAPACITY
from shanshi.imports.rules.cells import LeftOut, Reader, example_in, folded, moment, words
from shanshi.imports.rules.columns import Choice, Column, Line
from shanshi.imports.rules.found import Found
from shanshi.imports.rules.members import TEAM, team_of
from shanshi.imports.rules.refusals import CellEmpty, SameInRow, SaysOtherwise, ThereAlready
from shanshi.kernel.errors import N_, DomainError
from shanshi.kernel.quantities import CITY_ZONE

KINDS: Final = (
    Choice(ActivityKind.SERVICE.value, "service", "志愿服务"),
    Choice(ActivityKind.CEREMONY.value, "ceremony", "仪式"),
    Choice(ActivityKind.TRAINING.value, "training", "培训"),
    Choice(ActivityKind.DRIVE.value, "drive", "献血活动"),
)
RISKS: Final = (
    Choice(RiskKind.DANGER.value, "danger to persons", "人身危险"),
    Choice(RiskKind.RESCUE.value, "rescue", "救援"),
    Choice(RiskKind.TRAFFIC.value, "traffic", "交通"),
    Choice(RiskKind.WATER.value, "water", "水域"),
    Choice(RiskKind.HEIGHT.value, "height", "高处"),
    Choice(RiskKind.CROWD.value, "crowd", "人群密集"),
    Choice(RiskKind.WEATHER.value, "weather", "恶劣天气"),
    Choice(RiskKind.INFECTION.value, "infection", "感染"),
)
_COMMAS: Final = N_("Several with commas between.")
COLUMNS: Final = (
    Column("title", "Activity", "活动名称",
           N_("Rows of one title are one activity; what is said of it stands in the first."),
           sample=("(example) Guides at the library", "（示例）图书馆文明引导"), filled=True),
    Column("kind", "Kind", "类别",
           N_("One of the list; empty for service, the only one that earns minutes."),
           sample=("service", "志愿服务"), choices=KINDS),
    Column("description", "Description", "活动内容", N_("What volunteers will do."),
           sample=("Show readers the way.", "为读者指路，整理书架。")),
    Column("fields", "Fields of service", "服务领域", _COMMAS, sample=("文明引导", "文明引导"), several=True),
    Column("skills", "Skills", "技能要求", _COMMAS, several=True),
    Column("min_age", "Minimum age", "最低年龄",
           N_("Full years on the day of the shift; empty for none."),
           sample=("14", "14")),
    Column("risks", "Risks", "风险提示", N_("What may happen; write so if there is no special risk."),
           sample=("Wet stairs.", "楼梯湿滑，请小心。")),
    Column("risk_kinds", "Kinds of risk", "风险类别", _COMMAS, choices=RISKS, several=True),
    Column("bring", "What to bring", "自备物品", N_("May stay empty."), sample=("a hat", "遮阳帽")),
    Column("person_in_charge", "Person in charge", "负责人", N_("Announced with the activity."),
           sample=("吴建国", "吴建国")),
    Column("expected_people", "Expected people", "预计人数",
           N_("Volunteers and public together."), sample=("20", "20")),
    Column("place", "Place", "地点", N_("Where volunteers meet."), sample=("文澜阁图书馆", "文澜阁图书馆")),
    Column("division", "Division code", "区划代码",
           N_("Six digits or more; empty for that of the organization."),
           sample=("330102", "330102")),
    Column("latitude", "Latitude", "纬度", N_("Degrees with a point: where volunteers check in."),
           sample=("30.2489", "30.2489")),
    Column("longitude", "Longitude", "经度", N_("Degrees with a point: where volunteers check in."),
           sample=("120.1607", "120.1607")),
    Column("radius_m", "Radius in metres", "签到半径（米）",
           N_("10 to 20,000; empty for 200."), sample=("200", "200")),
    TEAM,
    Column("day", "Day of the shift", "场次日期",
           N_("Still ahead."), sample=("2019-03-24", "2019-03-24"), filled=True),
    Column("starts", "Starts", "开始时间",
           N_("In the city's time."), sample=("09:00", "09:00"), filled=True),
    Column("ends", "Ends", "结束时间", N_("Not later than the start: it ends on the next day."),
           sample=("11:30", "11:30"), filled=True),
    Column("capacity", "Places", "名额",
           N_("How many volunteers the shift takes."), sample=("10", "10"), filled=True),
    Column("shift_name", "Name of the shift", "场次名称",
           N_("May stay empty."), sample=("morning", "上午")),
)  # fmt: skip
# What is said of the whole activity, and therefore once.
_WHOLE: Final = (
    "kind", "description", "fields", "skills", "min_age", "risks", "risk_kinds", "bring", "person_in_charge",
    "expected_people", "place", "division", "latitude", "longitude", "radius_m", "team",
)  # fmt: skip
_LONGEST_TEXT: Final = 2_000
_RADIUS: Final = 200


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What is there already.

    organization_id  that gives the activities; teams: of it, by name
    there            activities that stand: title and start of each shift
    divisions        codes that exist
    at               with a time zone
    """

    organization_id: UUID
    teams: Mapping[str, UUID]
    there: Collection[tuple[str, datetime]]
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity to be drafted, with its shifts."""

    draft: ActivityDraft
    shifts: tuple[ShiftDraft, ...]


def read_activities(lines: Sequence[Line], facts: ActivityFacts) -> Found[Planned]:
    """Return what would be drafted, an activity for each title, in the order of their first rows.

    The rows of what is found are those of the activities' first shifts.
    """
    found = Found[Planned]()
    known = {(folded(title), starts_at) for title, starts_at in facts.there}
    teams = {folded(name): team_id for name, team_id in facts.teams.items()}
    first: dict[str, Line] = {}
    shifts: dict[str, list[ShiftDraft]] = {}
    drafts: dict[str, ActivityDraft | None] = {}
    rows: dict[tuple[str, datetime, datetime], int] = {}
    for line in lines:
        if example := example_in(line, "title"):
            found.wrong.append(example)
            continue
        reader = Reader(line, found.wrong)
        title = reader.text("title", needed=True, most=LONGEST_TITLE)
        key = folded(title)
        if not title:
            continue
        if key not in first:
            first[key] = line
            drafts[key] = _draft(reader, title, facts, teams)
            shifts[key] = []
        else:
            _agree(reader, first[key])
        shift = _shift(reader, facts.at)
        if shift is None:
            continue
        when = (key, shift.starts_at, shift.ends_at)
        if (earlier := rows.setdefault(when, line.number)) != line.number:
            found.left_out.append(LeftOut(line.number, SameInRow(row=earlier)))
        elif (key, shift.starts_at) in known:
            found.left_out.append(LeftOut(line.number, ThereAlready()))
        else:
            shifts[key].append(shift)
    for key, draft in drafts.items():
        if draft is not None and shifts[key]:
            found.take(first[key].number, Planned(draft, tuple(shifts[key])))
    return found


def _draft(
    reader: Reader, title: str, facts: ActivityFacts, teams: Mapping[str, UUID]
) -> ActivityDraft | None:
    before = len(reader.wrong)
    min_age = reader.whole("min_age", least=0, most=OLDEST_MIN_AGE, otherwise=0)
    people = reader.whole("expected_people", least=0, most=LARGEST_EVENT, otherwise=0)
    kind = reader.choice("kind", KINDS, otherwise=ActivityKind.SERVICE.value)
    risk_kinds = reader.several("risk_kinds", RISKS)
    long_texts = [reader.text(key, most=_LONGEST_TEXT) for key in ("description", "risks", "bring")]
    person, place = reader.text("person_in_charge", most=50), reader.text("place", most=200)
    division, team_id = _division(reader), team_of(reader, teams)
    positions = _positions(reader)
    if len(reader.wrong) > before or kind is None:
        return None
    draft = ActivityDraft(
        title=title, organizers=(facts.organization_id,), division_code=division, kind=ActivityKind(kind),
        description=long_texts[0], risks=long_texts[1], bring=long_texts[2],
        fields=tuple(words(reader.line.text("fields"))),
        skills=tuple(words(reader.line.text("skills"))), min_age=min_age or 0, expected_people=people or 0,
        risk_kinds=tuple(RiskKind(one) for one in risk_kinds), person_in_charge=person, place_text=place,
        positions=positions, team_id=team_id,
    )  # fmt: skip
    try:
        check_draft(draft)
    except DomainError as error:
        reader.blame("title", error)
        return None
    return draft


def _division(reader: Reader) -> str:
    code = reader.text("division")
    if code and not (code.isascii() and code.isdecimal() and 6 <= len(code) <= 12):
        reader.blame("division", DivisionInvalid())
    return code


def _positions(reader: Reader) -> tuple[PositionDraft, ...]:
    latitude, longitude = reader.degrees("latitude", 90), reader.degrees("longitude", 180)
    radius = reader.whole("radius_m", least=RADIUS_M[0], most=RADIUS_M[1], otherwise=_RADIUS)
    if latitude is None and longitude is None:
        return ()
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        if not reader.line.text(missing):
            reader.blame(missing, CellEmpty())
        return ()
    return (PositionDraft(latitude, longitude, radius or _RADIUS),)


def _shift(reader: Reader, at: datetime) -> ShiftDraft | None:
    day, starts, ends = reader.day("day"), reader.time("starts"), reader.time("ends")
    capacity = reader.whole("capacity", least=1, most=LARGEST_CAPACITY)
    name = reader.text("shift_name", most=60)
    if day is None or starts is None or ends is None or capacity is None:
        return None
    starts_at, ends_at = moment(day, starts, CITY_ZONE), moment(day, ends, CITY_ZONE)
    if ends_at <= starts_at:
        ends_at += timedelta(days=1)
    shift = ShiftDraft(starts_at, ends_at, capacity, name)
    try:
        check_shift(shift, at=at)
    except DomainError as error:
        reader.blame("day" if starts_at <= at else "starts", error)
        return None
    return shift


def _agree(reader: Reader, first: Line) -> None:
    for key in _WHOLE:
        said = reader.line.text(key)
        if said and folded(said) != folded(first.text(key)):
            reader.blame(key, SaysOtherwise(row=first.number))
