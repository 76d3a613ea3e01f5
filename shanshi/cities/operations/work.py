"""Programs, projects and activities of a case, reviewed and published on their own dates."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from shanshi.activities import operations as activities
from shanshi.activities.rules.kinds import ActivityKind, RiskKind
from shanshi.cities.operations.register import SOURCE, Load, on_line
from shanshi.cities.rules.case import Shift
from shanshi.cities.rules.shapes import ActivityRow, FigureRow, StationRow, VenueRow, WrittenState

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
                    figures={name: _figure(figure) for name, figure in row.figures.items()},
                    partners=tuple(load.organizations[name] for name in row.partners),
                    divisions=tuple(row.pilots),
                    teams=tuple(
                        activities.PairedTeam(
                            load.teams[team.id],
                            load.organizations[team.paired_with] if team.paired_with else None,
                            team.formed_on,
                        )
                        for team in load.case.teams
                        if team.program == row.id
                    ),
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
                    key_of_year=project.key_of_year,
                ),
                by=load.by,
                at=load.opened_at,
                source=SOURCE,
            )


def name_activities(load: Load) -> None:
    """Let figures name the activities that they are of; those are made after the programs."""
    for row in load.case.programs:
        if not any(figure.activity for figure in row.figures.values()):
            continue
        with on_line(row.file, row.line):
            activities.change_figures(
                load.programs[row.id],
                {name: _figure(figure, load) for name, figure in row.figures.items()},
                by=load.by,
                at=load.at,
            )


def _figure(figure: FigureRow, load: Load | None = None) -> activities.Figure:
    amount = figure.value if figure.at_least is None else figure.at_least
    assert amount is not None
    return activities.Figure(
        amount=amount,
        is_at_least=figure.at_least is not None,
        unit=figure.unit,
        counted_on=figure.counted_on,
        source=figure.source,
        activity_id=load.activities[figure.activity] if load and figure.activity else None,
    )


def add_activities(load: Load) -> None:
    """Add the activities, each with its shifts, as far as it has come."""
    for row in load.case.activities:
        shifts = load.case.shifts[row.id]
        with on_line(row.file, row.line):
            if row.state in {WrittenState.PUBLISHED, WrittenState.CANCELLED}:
                _add_published(load, row, shifts)
            else:
                _add_waiting(load, row, shifts)
            _add_booths(load, row)


def _add_booths(load: Load, row: ActivityRow) -> None:
    drafts = [
        activities.BoothDraft(
            booth.name, booth.says, load.organizations[booth.organization] if booth.organization else None
        )
        for booth in row.booths
    ]
    if not drafts:
        return
    ids = activities.add_booths(
        load.activities[row.id],
        drafts,
        by=load.people[row.in_charge].actor,
        at=row.submitted_at or load.at,
        source=SOURCE,
    )
    load.booths[row.id] = ids


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
        bring=row.bring,
        team_id=load.teams[row.team] if row.team else None,
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
