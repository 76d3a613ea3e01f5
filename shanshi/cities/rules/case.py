"""A whole case: its files read into records, every wrong place collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from shanshi.cities.rules import shapes
from shanshi.cities.rules.fields import WEEKDAYS, Reading, Row, read_record, specs
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.reading import Node, read_csv, read_text, read_yaml
from shanshi.cities.rules.shapes import ActivityRow, OneShiftRow, WeeklyShiftRow

R = TypeVar("R", bound=Row)

FILES: Final[Mapping[str, type[Row]]] = {
    "case.yaml": shapes.CaseRow,
    "divisions.csv": shapes.DivisionRow,
    "residents.csv": shapes.ResidentsRow,
    "subdistricts.csv": shapes.SubdistrictRow,
    "venues.csv": shapes.VenueRow,
    "stations.csv": shapes.StationRow,
    "streets.csv": shapes.StreetRow,
    "merchants.csv": shapes.MerchantRow,
    "offers.csv": shapes.OfferRow,
    "organizations.yaml": shapes.OrganizationRow,
    "teams.yaml": shapes.TeamRow,
    "programs.yaml": shapes.ProgramRow,
    "projects.yaml": shapes.ProjectRow,
    "activities.yaml": shapes.ActivityRow,
    "people.yaml": shapes.PersonRow,
    "sign_ups.csv": shapes.SignUpRow,
    "redemptions.csv": shapes.RedemptionRow,
    "population.yaml": shapes.PopulationRow,
}
SINGLE: Final = frozenset({"case.yaml", "population.yaml"})
NEEDED: Final = ("case.yaml", "divisions.csv")
LEFT_ALONE: Final = (".md", ".txt")
LONGEST_SERIES: Final = timedelta(days=12 * 366)


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of an activity, with its place in the case.

    signed_up  how many invented volunteers are to sign up, from and to
    """

    activity: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    signed_up: tuple[int, int]
    line: int


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that the files of a case say. References are ids; the checks have yet to follow them.

    unread  (file, id) of records that are there but wrong, so that what refers to them is not told as wrong
    """

    case: shapes.CaseRow
    divisions: tuple[shapes.DivisionRow, ...] = ()
    residents: tuple[shapes.ResidentsRow, ...] = ()
    subdistricts: tuple[shapes.SubdistrictRow, ...] = ()
    venues: tuple[shapes.VenueRow, ...] = ()
    stations: tuple[shapes.StationRow, ...] = ()
    streets: tuple[shapes.StreetRow, ...] = ()
    merchants: tuple[shapes.MerchantRow, ...] = ()
    offers: tuple[shapes.OfferRow, ...] = ()
    organizations: tuple[shapes.OrganizationRow, ...] = ()
    teams: tuple[shapes.TeamRow, ...] = ()
    programs: tuple[shapes.ProgramRow, ...] = ()
    projects: tuple[shapes.ProjectRow, ...] = ()
    activities: tuple[shapes.ActivityRow, ...] = ()
    people: tuple[shapes.PersonRow, ...] = ()
    sign_ups: tuple[shapes.SignUpRow, ...] = ()
    redemptions: tuple[shapes.RedemptionRow, ...] = ()
    population: shapes.PopulationRow | None = None
    shifts: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)
    unread: frozenset[tuple[str, str]] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        """The case's time zone."""
        return self.case.timezone

    @property
    def clock(self) -> datetime:
        """What the demo's clock shows first."""
        return self.case.clock_starts_at

    @property
    def today(self) -> date:
        """The local day on which the demo's clock starts."""
        return self.clock.astimezone(self.zone).date()

    def rows(self) -> Iterator[Row]:
        """Yield every record of every file."""
        yield self.case
        for name in FILES:
            if name not in SINGLE:
                yield from getattr(self, name.partition(".")[0])
        if self.population is not None:
            yield self.population


def read(files: Mapping[str, bytes], notes: Notes) -> Case | None:
    """Return the case that the files hold, or None when the case itself cannot be told.

    files  name in the case's folder to the bytes of the file
    notes  takes every wrong place; other checks may follow even when there are some
    """
    for name in sorted(files):
        if name not in FILES and not name.endswith(LEFT_ALONE):
            notes.add(name, 0, "", f"There is no such file in a case; there are {', '.join(FILES)}.")
    for name in NEEDED:
        if name not in files:
            notes.add(name, 0, "", "The file is missing; every case needs it.")
    zone = ZoneInfo("Asia/Shanghai")
    head = _single(files, "case.yaml", shapes.CaseRow, Reading("case.yaml", notes, zone))
    if head is None:
        # The rest is read all the same, so that a person sees everything that is wrong at once.
        for name, record in FILES.items():
            if name not in SINGLE and name in files:
                _many(files, name, record, Reading(name, notes, zone), set())
        return None
    parts: dict[str, Any] = {}
    unread: set[tuple[str, str]] = set()
    for name, record in FILES.items():
        if name not in SINGLE and name in files:
            parts[name.partition(".")[0]] = _many(
                files, name, record, Reading(name, notes, head.timezone), unread
            )
    if "population.yaml" in files:
        reading = Reading("population.yaml", notes, head.timezone)
        parts["population"] = _single(files, "population.yaml", shapes.PopulationRow, reading)
    closed = frozenset(head.closed_on)
    parts["shifts"] = {}
    for row in parts.get("activities", ()):
        before = len(notes.problems)
        parts["shifts"][row.id] = shifts_of(row, closed, head.timezone, notes)
        if len(notes.problems) > before:
            unread.add(("shifts", row.id))
    return Case(case=head, unread=frozenset(unread), **parts)


def _nodes(files: Mapping[str, bytes], name: str, record: type[Row], notes: Notes) -> Node | None:
    if name not in files:
        return None
    text = read_text(name, files[name], notes)
    if text is None:
        return None
    if name.endswith(".yaml"):
        return read_yaml(name, text, notes)
    columns = {column: spec.required for column, spec in specs(record).items()}
    return Node(1, read_csv(name, text, columns, notes))


def _many(
    files: Mapping[str, bytes], name: str, record: type[R], reading: Reading, unread: set[tuple[str, str]]
) -> tuple[R, ...]:
    root = _nodes(files, name, record, reading.notes)
    if root is None:
        return ()
    if not isinstance(root.value, list):
        reading.notes.add(name, root.line, "", "A list of records is expected: each begins with a dash.")
        return ()
    found: list[R] = []
    for node in root.value:
        row = read_record(record, node, reading)
        if row is not None:
            found.append(row)
        elif isinstance(node.value, dict):
            unread.update(
                (name, value.value)
                for key in ("id", "code")
                if (value := node.value.get(key)) is not None and isinstance(value.value, str)
            )
    return tuple(found)


def _single(files: Mapping[str, bytes], name: str, record: type[R], reading: Reading) -> R | None:
    root = _nodes(files, name, record, reading.notes)
    return None if root is None else read_record(record, root, reading)


def shifts_of(row: ActivityRow, closed: frozenset[date], zone: ZoneInfo, notes: Notes) -> tuple[Shift, ...]:
    """Return the shifts of an activity in order of time.

    closed  local days on which weekly shifts do not take place
    zone    what the local times mean
    """
    found: dict[datetime, Shift] = {}
    written: list[tuple[str, OneShiftRow | WeeklyShiftRow]] = [
        *((f"shifts[{n}]", shift) for n, shift in enumerate(row.shifts, start=1)),
        *((f"weekly[{n}]", series) for n, series in enumerate(row.weekly, start=1)),
    ]
    for name, shift in written:
        if (datetime.combine(date.min, shift.ends) - datetime.combine(date.min, shift.starts)) < timedelta(
            minutes=15
        ):
            notes.add(
                row.file,
                shift.line_of("to"),
                f"{name}.to",
                "A shift ends at least 15 minutes after it starts, on the same day.",
            )
            continue
        for on in _days(shift, closed, f"{name}", row.file, notes):
            starts_at = datetime.combine(on, shift.starts, zone)
            if starts_at in found:
                notes.add(
                    row.file,
                    shift.line,
                    name,
                    f"The activity has another shift that starts at {starts_at:%Y-%m-%d %H:%M}.",
                )
                break
            ends_at = datetime.combine(on, shift.ends, zone)
            found[starts_at] = Shift(
                row.id, starts_at, ends_at, shift.capacity, shift.signed_up or (0, 0), shift.line
            )
    return tuple(found[starts_at] for starts_at in sorted(found))


def _days(
    shift: OneShiftRow | WeeklyShiftRow, closed: frozenset[date], name: str, file: str, notes: Notes
) -> list[date]:
    if isinstance(shift, OneShiftRow):
        return [shift.on]
    if shift.last_on < shift.first_on or shift.last_on - shift.first_on > LONGEST_SERIES:
        reason = "The last day is not before the first, and at most 12 years after it."
        notes.add(file, shift.line_of("last_on"), f"{name}.last_on", reason)
        return []
    weekdays = {WEEKDAYS.index(word) for word in shift.days}
    length = (shift.last_on - shift.first_on).days + 1
    every = (shift.first_on + timedelta(days=n) for n in range(length))
    return [on for on in every if on.weekday() in weekdays and on not in closed]
