"""Many at once, as a case loads them, under the same rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.activities import models, operations, queries, rules
from shanshi.activities.rules import publication, shifts, sign_ups
from shanshi.activities.rules.kinds import RiskKind
from tests.activities.conftest import draft_for


def reviewed(cast, at, tomorrow, *shifts_, **said):
    return operations.Reviewed(
        draft=draft_for(cast.station, **said),
        shifts=shifts_ or (tomorrow(capacity=3),),
        submitted_at=at - timedelta(days=10),
        submitted_by=cast.wu,
        published_at=at - timedelta(days=9),
        published_by=cast.xu,
    )


def load(cast, at, rows):
    return operations.publish_many(rows, by=cast.loader, at=at, source="case")


def test_activities_of_a_case_are_published_on_their_own_dates(cast, at, tomorrow):
    first, second = load(
        cast,
        at,
        [
            reviewed(cast, at, tomorrow, title="One"),
            reviewed(cast, at, tomorrow, tomorrow(), tomorrow(days=2), title="Two"),
        ],
    )

    activity = queries.activity(second.activity_id)
    assert (activity.title, activity.source) == ("Two", "case")
    assert activity.published_at == at - timedelta(days=9)
    assert tuple(shift.id for shift in activity.shifts) == second.shift_ids
    assert len(first.shift_ids) == 1
    assert {shift.source for shift in activity.shifts} == {"case"}
    row = models.Activity.objects.get(id=second.activity_id)
    assert (row.first_starts_at, row.last_ends_at) == (tomorrow().starts_at, tomorrow(days=2).ends_at)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"risk_kinds": (RiskKind.DANGER,)}, rules.PublicationBlocked),
        ({"risks": ""}, rules.SubmissionIncomplete),
    ],
)
def test_one_wrong_activity_stops_the_load(cast, at, tomorrow, said, refusal):
    with pytest.raises(refusal):
        load(cast, at, [reviewed(cast, at, tomorrow), reviewed(cast, at, tomorrow, **said)])

    assert models.Activity.objects.count() == 0
    assert models.Shift.objects.count() == 0


def test_a_case_too_has_shifts_published_before_they_start_by_another_person(cast, at, tomorrow):
    with pytest.raises(shifts.ShiftInThePast):
        load(cast, at, [reviewed(cast, at, tomorrow, tomorrow(days=-10))])
    own = operations.Reviewed(
        draft=draft_for(cast.station),
        shifts=(tomorrow(),),
        submitted_at=at,
        submitted_by=cast.wu,
        published_at=at,
        published_by=cast.wu,
    )
    with pytest.raises(publication.ReviewedByOwnHand):
        load(cast, at, [own])


def test_many_people_get_their_places_in_the_order_given(cast, at, tomorrow, people):
    (made,) = load(cast, at, [reviewed(cast, at, tomorrow)])
    holders = [who.holder_id for who in people(3)]

    placed = operations.place_many(
        made.activity_id, made.shift_ids[0], holders, by=cast.loader, at=at, source="case"
    )
    again = operations.place_many(
        made.activity_id, made.shift_ids[0], holders, by=cast.loader, at=at, source="case"
    )

    assert (placed, again) == (3, 0)
    assert [row.holder_id for row in queries.placed(made.activity_id, made.shift_ids[0])] == holders
    assert (queries.shift(made.shift_ids[0]).taken, queries.shift(made.shift_ids[0]).free) == (3, 0)


def test_a_load_never_fills_beyond_capacity_and_then_changes_nothing(cast, at, tomorrow, people):
    (made,) = load(cast, at, [reviewed(cast, at, tomorrow)])

    with pytest.raises(sign_ups.ShiftFull):
        operations.place_many(
            made.activity_id,
            made.shift_ids[0],
            [who.holder_id for who in people(4)],
            by=cast.loader,
            at=at,
            source="case",
        )

    assert models.SignUp.objects.count() == 0
    assert queries.shift(made.shift_ids[0]).taken == 0


def test_a_load_places_nobody_twice_at_one_time(cast, at, tomorrow, people):
    (made,) = load(
        cast, at, [reviewed(cast, at, tomorrow, tomorrow(), tomorrow(starts=10), tomorrow(starts=13))]
    )
    (who,) = people(1)

    def place(*shift_ids):
        rows = [operations.Placement(made.activity_id, one, who.holder_id, at) for one in shift_ids]
        return operations.place_all(rows, by=cast.loader, source="case")

    with pytest.raises(sign_ups.SignUpClash):
        place(made.shift_ids[0], made.shift_ids[1])
    assert place(made.shift_ids[0], made.shift_ids[2]) == 2
    with pytest.raises(sign_ups.SignUpClash):
        place(made.shift_ids[1])
    assert models.SignUp.objects.count() == 2


def test_nobody_signs_up_before_the_shift_is_published(cast, at, tomorrow, people):
    (made,) = load(cast, at, [reviewed(cast, at, tomorrow)])
    (who,) = people(1)

    with pytest.raises(shifts.ShiftNotPublished):
        operations.place_many(
            made.activity_id,
            made.shift_ids[0],
            [who.holder_id],
            by=cast.loader,
            at=at - timedelta(days=9, seconds=1),
            source="case",
        )


def test_programs_and_projects_are_made_once(cast, at):
    draft = operations.ProgramDraft(
        name="红色志愿一小时",
        division_code="330102",
        organizers=(cast.league, cast.station),
        earns_red_points=True,
    )
    program = operations.create_program(draft, by=cast.loader, at=at, source="case")
    assert operations.create_program(draft, by=cast.loader, at=at, source="case") == program
    project = operations.create_project(
        operations.ProjectDraft(name="小蜜蜂", organization_id=cast.station, program_id=program),
        by=cast.loader,
        at=at,
    )

    activity_id = operations.create(
        draft_for(cast.station, program_id=program, project_id=project), by=cast.wu, at=at
    )

    assert queries.program(program).organizers == (cast.league, cast.station)
    assert queries.activity(activity_id).program_name == "红色志愿一小时"
