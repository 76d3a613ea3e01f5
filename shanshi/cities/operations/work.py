"""Programs, projects and activities of a case, reviewed and published on their own dates."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from shanshi.activities import operations as activities
from shanshi.activities.rules.kinds import ActivityKind, RiskKind
from shanshi.cities.operations.register import SOURCE, Load, on_line
from shanshi.cities.rules.case import Shift
from shanshi.cities.rules.shapes import ActivityRow, FigureRow, ProgramRow, StationRow, VenueRow, WrittenState

DRAFTED_BEFORE: Final = timedelta(hours=1)


def add_programs(load: Load) -> None:
    """Add programs with their figures, and projects."""
    for row in load.case.programs:
        with on_line(row.file, row.line):
            load.programs[row.id] = activities.create_program(
                activities.ProgramDraft(
                    name=row.name,
                    name_en=row.name_en,
                    division_code=row.division,
                    organizers=tuple(load.organizations[name] for name in row.organizers),
                    description=row.says,
                    launched_on=row.launched_on,
                    earns_red_points=row.earns == "red_point",
                    fields=row.fields,
                    figures=_figures(row, load),
                ),
                by=load.by,
                at=load.opened_at,
                source=SOURCE,
            )
    for project in load.case.projects:
        with on_line(project.file, project.line):
            load.projects[project.id] = activities.create_project(
                activities.ProjectDraft(
                    name=project.name,
                    organization_id=load.organizations[project.organization],
                    program_id=load.programs[project.program] if project.program else None,
                    description=project.says,
                    fields=project.fields,
                ),
                by=load.by,
                at=load.opened_at,
                source=SOURCE,
            )


def _figures(row: ProgramRow, load: Load) -> dict[str, object]:
    figures: dict[str, object] = {name: _figure(figure) for name, figure in row.figures.items()}
    bodies = {body.id: body.name for body in load.case.organizations}
    # Who takes part and which team is paired with whom are facts of the program, too.
    if row.partners:
        figures["partners"] = {"names": [bodies[name] for name in row.partners], "value": len(row.partners)}
    pairs = [team for team in load.case.teams if team.program == row.id and team.paired_with]
    if pairs:
        names = [f"{team.name}（{bodies[str(team.paired_with)]}）" for team in pairs]
        figures["pairings"] = {"names": names, "value": len(pairs)}
    return figures


def _figure(figure: FigureRow) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in ("value", "at_least"):
        amount: Decimal | None = getattr(figure, name)
        if amount is not None:
            found[name] = int(amount) if amount == int(amount) else str(amount)
    if figure.unit:
        found["unit"] = figure.unit
    if figure.counted_on:
        found["counted_on"] = figure.counted_on.isoformat()
    return found


def add_activities(load: Load) -> None:
    """Add the activities, each with its shifts, as far as it has come."""
    for row in load.case.activities:
        shifts = load.case.shifts[row.id]
        with on_line(row.file, row.line):
            if row.state in {WrittenState.PUBLISHED, WrittenState.CANCELLED}:
                _add_published(load, row, shifts)
            else:
                _add_waiting(load, row, shifts)


def _add_published(load: Load, row: ActivityRow, shifts: tuple[Shift, ...]) -> None:
    assert row.submitted_at is not None
    assert row.published_at is not None
    assert row.reviewed_by is not None
    reviewed = activities.Reviewed(
        draft=_draft(load, row),
        shifts=tuple(_shift(shift) for shift in shifts),
        submitted_at=row.submitted_at,
        submitted_by=load.people[row.in_charge].actor,
        published_at=row.published_at,
        published_by=load.people[row.reviewed_by].actor,
    )
    (made,) = activities.publish_many([reviewed], by=load.by, at=load.at, source=SOURCE)
    load.activities[row.id] = made.activity_id
    load.shifts.update(zip(shifts, made.shift_ids, strict=True))
    if row.cancelled_at is not None:
        activities.cancel(
            made.activity_id,
            reason=row.cancelled_because,
            by=load.people[row.in_charge].actor,
            at=row.cancelled_at,
        )


def _add_waiting(load: Load, row: ActivityRow, shifts: tuple[Shift, ...]) -> None:
    by = load.people[row.in_charge].actor
    at = row.submitted_at - DRAFTED_BEFORE if row.submitted_at else load.at - DRAFTED_BEFORE
    activity_id = activities.create(_draft(load, row), by=by, at=at, source=SOURCE)
    ids = activities.add_shifts(activity_id, [_shift(shift) for shift in shifts], by=by, at=at, source=SOURCE)
    load.activities[row.id] = activity_id
    load.shifts.update(zip(shifts, ids, strict=True))
    if row.submitted_at is not None:
        activities.submit(activity_id, by=by, at=row.submitted_at)


def _shift(shift: Shift) -> activities.ShiftDraft:
    return activities.ShiftDraft(shift.starts_at, shift.ends_at, shift.capacity)


def _draft(load: Load, row: ActivityRow) -> activities.ActivityDraft:
    found = [_place(load, name) for name in row.at]
    first = found[0]
    project = next(project for project in load.case.projects if project.id == row.project)
    names = {person.id: person.name for person in load.case.people}
    return activities.ActivityDraft(
        title=row.title,
        organizers=tuple(load.organizations[name] for name in row.organizers),
        division_code=first.division,
        kind=ActivityKind(row.kind),
        description=row.says,
        fields=row.fields,
        skills=row.skills,
        min_age=row.min_age,
        risks=row.risks,
        risk_kinds=tuple(RiskKind(kind) for kind in row.risk_kinds),
        person_in_charge=names[row.in_charge],
        attended_at_least=row.attended_at_least,
        agreement_ref=row.agreement,
        insurance_ref=row.insurance,
        venue_id=_venue_id(load, row.at[0]),
        place_text=" ".join(part for part in (_name(first), first.address) if part),
        positions=tuple(
            activities.PositionDraft(
                float(place.latitude), float(place.longitude), place.radius_m, _name(place)
            )
            for place in found
        ),
        program_id=load.programs[project.program] if project.program else None,
        project_id=load.projects[row.project],
    )


def _place(load: Load, name: str) -> VenueRow | StationRow:
    kind, _, place = name.partition(":")
    rows: tuple[VenueRow | StationRow, ...] = load.case.venues if kind == "venue" else load.case.stations
    return next(row for row in rows if row.id == place)


def _venue_id(load: Load, name: str) -> UUID:
    kind, _, place = name.partition(":")
    return load.venues[place] if kind == "venue" else load.stations[place]


def _name(place: VenueRow | StationRow) -> str:
    return place.centre or place.name if isinstance(place, StationRow) else place.name
