"""The Hangzhou case says what the bulletin said."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.checks import checked
from shanshi.cities.rules.shapes import ProgramRow
from tests.cities.conftest import Files


@pytest.fixture(scope="module")
def case(hangzhou: Files) -> Case:
    return checked(hangzhou)


def figures(program: ProgramRow) -> dict[str, object]:
    return {
        name: int(row.value) if row.value is not None else f">={row.at_least}"
        for name, row in program.figures.items()
    }


@pytest.mark.parametrize(
    ("name", "division", "organizers", "facts"),
    [
        ("市校合作", "330100", 1, {"pilot_subdistricts": 15, "target_young_volunteers": 10000, "years": 3}),
        ("全民志愿智慧伙伴街", "330103", 2, {"merchants": 20}),
        ("红色志愿一小时", "330102", 3, {"organizers": 3, "stations": 15, "launch_attended": ">=150"}),
        (
            "志愿365",
            "330108",
            1,
            {"lead_volunteers": 11, "enterprises": 14, "universities": 5, "charities": 5, "paired_teams": 5},
        ),
        ("热血致青春", "330111", 2, {"organizers": 2, "came": ">=370", "donated": 264, "volume": 72840}),
        (
            "浙里贷——志愿积分贷",
            "330122",
            1,
            {
                "age_from": 22,
                "age_to": 60,
                "min_score": 335,
                "limit": 300000,
                "pool": 2000000000,
                "lowest_rate_per_mille_month": 4,
            },
        ),
        ("最多跑一次 预约帮办", "330100", 3, {"departments": ">=30", "items": ">=400"}),
    ],
)
def test_programs_have_their_organizers_and_figures(
    case: Case, name: str, division: str, organizers: int, facts: dict[str, object]
) -> None:
    (program,) = [row for row in case.programs if row.name == name]
    assert program.division == division
    assert len(program.organizers) == organizers
    assert figures(program) == facts


def test_what_is_counted_is_there(case: Case) -> None:
    kinds = {row.id: row.kind for row in case.organizations}
    (volunteer_365,) = [row for row in case.programs if row.id == "volunteer-365"]
    assert Counter(kinds[partner] for partner in volunteer_365.partners) == {
        "enterprise": 14,
        "university": 5,
        "charity": 5,
    }
    assert len([team for team in case.teams if team.program == "volunteer-365" and team.paired_with]) == 5
    assert len([person for person in case.people if person.earlier_hours >= 1500]) == 11
    assert len([station for station in case.stations if station.division == "330102"]) == 15
    assert len([merchant for merchant in case.merchants if merchant.street == "xinhua-road"]) == 20
    titles = " ".join(offer.name for offer in case.offers)
    assert all(word in titles for word in ("店铺折扣", "花艺培训", "眼镜清洗"))


def test_divisions_are_those_of_the_day(case: Case) -> None:
    def valid(on: date) -> list[str]:
        rows = [*case.divisions, *case.subdistricts]
        return [
            row.name
            for row in rows
            if (row.valid_from is None or row.valid_from <= on)
            and (row.valid_to is None or on <= row.valid_to)
        ]

    then, now = valid(date(2019, 3, 20)), valid(date(2021, 4, 9))
    assert "下城区" in then
    assert "临平区" not in then
    assert "下城区" not in now
    assert "临平区" in now
    assert (len(then), len(now)) == (1 + 13 + 190, 1 + 13 + 196)
    (changqing,) = [row for row in case.subdistricts if row.name == "长庆街道" and row.district == "330103"]
    assert (changqing.code, changqing.valid_to) == ("330103001", date(2021, 4, 8))


def test_the_districts_sum_to_the_city(case: Case) -> None:
    counts = {row.division: row.residents for row in case.residents if row.counted_on == date(2018, 12, 31)}
    assert counts.pop("330100") == 9_806_000
    assert sum(counts.values()) == 9_806_000


def test_there_is_something_to_do_in_every_district_after_the_clock_starts(case: Case) -> None:
    places = {f"venue:{row.id}": row.division for row in case.venues}
    places |= {f"station:{row.id}": row.division for row in case.stations}
    districts = {
        places[row.at[0]]
        for row in case.activities
        if row.state == "published" and case.shifts[row.id][-1].starts_at > case.clock
    }
    assert len(districts) == 13


def test_the_launch_ceremony_earns_nothing_and_more_than_150_came(case: Case) -> None:
    (launch,) = [row for row in case.activities if row.id == "red-hour-launch"]
    assert (launch.kind, launch.attended_at_least, len(launch.organizers)) == ("ceremony", 150, 3)
    assert [shift.starts_at.date() for shift in case.shifts[launch.id]] == [date(2019, 3, 5)]
