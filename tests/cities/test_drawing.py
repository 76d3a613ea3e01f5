"""Invented people are drawn from one seed: the same each time, plausible, and nobody whom there is."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from stdnum.cn import ric

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.checks import checked
from shanshi.cities.rules.checks.visits import youngest
from shanshi.cities.rules.drawing import Drawing, drawing
from shanshi.cities.rules.drawing.visits import minutes_of
from shanshi.cities.rules.identity import birth_of, check_character, full_years
from tests.cities.conftest import Files


@pytest.fixture(scope="module")
def case(hangzhou: Files) -> Case:
    return checked(hangzhou)


@pytest.fixture(scope="module")
def drawn(case: Case) -> Drawing:
    return drawing(case)


def test_the_last_character_is_the_standard_s() -> None:
    # The example of GB 11643, and one of a body whose remainder is another.
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"


def test_the_same_files_draw_the_same_people(case: Case, drawn: Drawing) -> None:
    assert drawing(case) == drawn


def test_two_thousand_people_with_numbers_that_nobody_has(case: Case, drawn: Drawing) -> None:
    everybody = [*drawn.people, *(row for row in case.people if row.id_number)]
    assert len(drawn.people) == 2000
    assert len({person.id_number for person in everybody}) == len(everybody)
    assert len({person.phone for person in everybody}) == len(everybody)
    for person in everybody:
        assert person.id_number[14:17] == "000"
        assert ric.calc_check_digit(person.id_number) == person.id_number[17]
        assert person.phone.startswith("154")
        assert len(person.phone) == 11


def test_everybody_registers_at_an_age_that_may(case: Case, drawn: Drawing) -> None:
    for person in drawn.people:
        age = full_years(person.birth_on, person.registered_at.date())
        assert age >= 14
        assert (age < 18) == (person.guardian is not None)
        assert person.registered_at < case.clock
        if person.party_member:
            assert age >= 18


def test_names_are_varied(drawn: Drawing) -> None:
    names = Counter(person.name for person in drawn.people)
    assert len(names) > 1900
    assert len({name[0] for name in names}) > 70
    assert all(2 <= len(name) <= 4 for name in names)


def test_the_lead_volunteers_have_their_hours(case: Case, drawn: Drawing) -> None:
    minutes: Counter[str] = Counter()
    for turn in drawn.turns:
        minutes[turn.person] += minutes_of(turn)
    leads = [person for person in case.people if person.id.startswith("lead-")]
    assert len(leads) == 11
    for person in leads:
        assert minutes[person.id] >= 1500 * 60


def test_nobody_is_drawn_where_he_could_not_be(case: Case, drawn: Drawing) -> None:
    ages = {person.id: person.birth_on for person in drawn.people}
    ages |= {row.id: born for row in case.people if row.id_number and (born := birth_of(row.id_number))}
    activities = {row.id: row for row in case.activities}
    days: set[tuple[str, object]] = set()
    people: Counter[object] = Counter()
    for turn in drawn.turns:
        day = turn.shift.starts_at.date()
        assert (turn.person, day) not in days
        days.add((turn.person, day))
        assert full_years(ages[turn.person], day) >= youngest(activities[turn.shift.activity])
        assert turn.signed_up_at <= min(turn.shift.starts_at, case.clock)
        if turn.came_at is not None:
            people[turn.shift] += 1
            assert turn.shift.starts_at - timedelta(minutes=30) <= turn.came_at < turn.shift.ends_at
            assert turn.came_at < case.clock
        if turn.left_at is not None:
            assert turn.came_at is not None
            assert turn.came_at < turn.left_at <= turn.shift.ends_at + timedelta(minutes=60)
    assert all(people[turn.shift] <= turn.shift.capacity for turn in drawn.turns)


def test_a_few_come_often_and_most_now_and_then(drawn: Drawing) -> None:
    came = Counter(turn.person for turn in drawn.turns if turn.came_at is not None and not turn.line)
    times = sorted((came[person.id] for person in drawn.people), reverse=True)
    assert 9 <= sum(times) / len(times) <= 14
    assert sum(times[:200]) > sum(times) / 2
    assert times[len(times) // 2] <= 6


def test_redemptions_stay_within_stock_and_limit(case: Case, drawn: Drawing) -> None:
    offers = {offer.id: offer for offer in case.offers}
    gone = Counter(purchase.offer for purchase in drawn.purchases)
    had = Counter((purchase.person, purchase.offer) for purchase in drawn.purchases)
    assert len(drawn.purchases) > 500
    assert all(count <= offers[offer].stock for offer, count in gone.items())
    assert all(count <= offers[offer].limit_per_person for (_, offer), count in had.items())


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"330102": 190', '"339999": 190', "volunteers"),
        ('"18-22": 270', '"22-18": 270', "ages"),
        ('"2019": 60', '"2020": 60', "registered"),
        ('phone_prefix: "1541"', 'phone_prefix: "15412345"', "phone_prefix"),
        ('phone_prefix: "1541"', 'phone_prefix: "1540"', "phone"),
        ("  own: 700", "  home: 700", "birthplaces"),
        ("  forgot_per_mille: 8\n", "", "conduct.forgot_per_mille"),
    ],
)
def test_a_plan_that_cannot_be_drawn_from_is_told(hangzhou: Files, old: str, new: str, field: str) -> None:
    from shanshi.cities.rules.problems import CaseInvalid

    text = hangzhou["population.yaml"].decode()
    assert text.count(old) == 1

    with pytest.raises(CaseInvalid) as told:
        checked({**hangzhou, "population.yaml": text.replace(old, new).encode()})

    assert field in {problem.field for problem in told.value.problems}
