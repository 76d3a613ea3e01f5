"""A wrong line of a case is told by file, line, field and reason; all of them at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shanshi.cities.rules.checks import checked
from shanshi.cities.rules.folder import files_of
from shanshi.cities.rules.problems import CaseInvalid, Problem
from tests.cities.conftest import Files

HE = "he,bridge-care,2019-04-27T09:00,2019-04-20T10:00,2019-04-27T08:50,2019-04-27T11:05"
WEEKLY = 'from: "09:00", to: "11:00", first_on: 2019-04-27, last_on: 2019-06-01, capacity: 2}'


def problems(files: Files) -> list[tuple[str, int, str]]:
    with pytest.raises(CaseInvalid) as told:
        checked(files)
    return [(problem.file, problem.line, problem.field) for problem in told.value.problems]


def reasons(files: Files) -> list[str]:
    with pytest.raises(CaseInvalid) as told:
        checked(files)
    return [problem.reason for problem in told.value.problems]


def test_the_small_case_is_right(small: Files) -> None:
    case = checked(small)

    assert [row.id for row in case.activities] == ["bridge-care", "tofu-class", "tea-talk"]
    # 4 May is closed, so of six Saturdays five are left.
    assert len(case.shifts["bridge-care"]) == 5


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "field"),
    [
        # the head of the case
        ("case.yaml", "format: 1", "format: 2", 1, "format"),
        ("case.yaml", "format: 1\n", "", 1, "format"),
        ("case.yaml", "Asia/Shanghai", "Asia/Nowhere", 6, "timezone"),
        ("case.yaml", '"330600"', '"330700"', 5, "city"),
        ("case.yaml", "[2019-05-04]", "[2019-05-32]", 8, "closed_on"),
        ("case.yaml", "+08:00", "+8", 7, "clock_starts_at"),
        # divisions and places
        ("divisions.csv", "330602,越城区,district", "33060,越城区,district", 3, "code"),
        ("divisions.csv", "330602,越城区,district", "330602,越城区,village", 3, "kind"),
        ("divisions.csv", "330603,柯桥区", "330602,柯桥区", 4, "code"),
        ("divisions.csv", "330603,柯桥区,district,330600", "330603,柯桥区,district,", 4, "parent"),
        ("divisions.csv", "2013-11-08,", "2013-11-08,2012-01-01", 4, "valid_to"),
        ("divisions.csv", "330602,越城区,district,330600,,", "330602,越城区,district", 3, ""),
        ("divisions.csv", "valid_to", "valid_until", 1, "valid_until"),
        ("divisions.csv", "code,name", "code,kind", 1, "kind"),
        ("residents.csv", "780000", "-1", 3, "residents"),
        ("residents.csv", "330602", "330699", 3, "division"),
        ("residents.csv", ',"公报', ',"公"报', 2, ""),
        ("subdistricts.csv", "330603001", "330602002", 3, "code"),
        ("venues.csv", "30.00320", "93.0", 2, "latitude"),
        ("venues.csv", "120.58910", "120.5891012", 2, "longitude"),
        ("venues.csv", "120.58910", "NaN", 2, "longitude"),
        ("venues.csv", ",150", ",5", 2, "radius_m"),
        ("venues.csv", "330602001", "330603001", 2, "subdistrict"),
        ("stations.csv", "tower-office", "no-office", 2, "host"),
        # the street
        ("merchants.csv", "wine-lane", "beer-lane", 2, "street"),
        ("offers.csv", ",1.5,", ",1.51,", 2, "price_coins"),
        ("offers.csv", ",1.5,", ",0,", 2, "price_coins"),
        ("offers.csv", "1234567", "1123", 2, "days"),
        ("offers.csv", "2019-12-31", "2018-12-31", 2, "to_on"),
        ("offers.csv", "2019-01-01,2019-12-31", "2018-01-01,2019-12-31", 2, "from_on"),
        ("offers.csv", ",2,1,", ",0,1,", 2, "stock"),
        ("offers.csv", "学做豆腐,lesson", "学做豆腐,goods", 3, "kind"),
        ("offers.csv", "tofu-class,yes,3", "bridge-care,yes,3", 3, "activity"),
        ("offers.csv", "tofu-class,yes,3", ",yes,3", 3, "seats"),
        ("offers.csv", "tofu-class,yes,3", "tofu-class,yes,0", 3, "is_for_residents"),
        ("offers.csv", "tofu-class,yes,3", "tofu-class,perhaps,3", 3, "is_for_residents"),
        ("merchants.csv", "2019-01-01,tofu-service", "2019-01-01,tea-service", 2, "organization"),
        ("redemptions.csv", "tofu-bowl", "tofu-cake", 2, "offer"),
        ("redemptions.csv", "2019-05-12", "2019-05-21", 2, "redeemed_at"),
        # organizations, programs, projects
        ("organizations.yaml", "id: tower-office", "id: league", 2, "id"),
        ("organizations.yaml", "parent: league", "parent: legion", 2, "parent"),
        ("organizations.yaml", "kind: subdistrict,", "kind: office,", 2, "kind"),
        ("teams.yaml", "leader: yu", "leader: cashier", 1, "leader"),
        ("programs.yaml", "{value: 7}", "{}", 7, "figures"),
        ("programs.yaml", "{value: 7}", "{value: seven}", 7, "figures.bridges.value"),
        ("programs.yaml", "[league, tower-office]", "[league, league]", 4, "organizers"),
        ("programs.yaml", "[league, tower-office]", "[]", 4, "organizers"),
        ("projects.yaml", "started_on: 2019-01-02", "started: 2019-01-02", 1, "started_on"),
        ("programs.yaml", "[tofu-service]", "[tower-office]", 9, "partners"),
        ("programs.yaml", "[tofu-service]", "[tea-service]", 9, "partners"),
        ("programs.yaml", '["330602001"]', '["330602"]', 10, "pilots"),
        ("programs.yaml", "activity: bridge-care", "activity: no-care", 8, "figures[2].activity"),
        ("projects.yaml", "key_of_year: 2019", "key_of_year: 1019", 1, "key_of_year"),
        # activities
        ("activities.yaml", "team: bridge-team", "team: no-team", 19, "team"),
        ("activities.yaml", "  bring: 手套\n", "  brings: 手套\n", 20, "brings"),
        ("activities.yaml", "name: 桥名台", "name: 石栏台", 23, "booths[2].name"),
        ("activities.yaml", "name: 桥名台", "says: 桥名台", 23, "booths[2].name"),
        (
            "activities.yaml",
            "tofu-service, stamped",
            "x, stamped",
            22,
            "booths[1].organization",
        ),
        ("activities.yaml", "per_mille: 1000", "per_mille: 1001", 22, "booths[1].stamped_per_mille"),
        ("activities.yaml", "capacity: 2}", "capacity: 0}", 18, "weekly[1].capacity"),
        ("activities.yaml", 'to: "11:00"', 'to: "25:00"', 18, "weekly[1].to"),
        ("activities.yaml", 'to: "11:00"', 'to: "09:10"', 18, "weekly[1].to"),
        ("activities.yaml", "days: [sat]", "days: [saturday]", 18, "weekly[1].days"),
        ("activities.yaml", "last_on: 2019-06-01", "last_on: 2019-04-01", 18, "weekly[1].last_on"),
        ("activities.yaml", WEEKLY, WEEKLY[:-1] + ", signed_up: [1, 2]}", 1, "signed_up"),
        ("activities.yaml", "risk_kinds: [water]", "risk_kinds: [fire]", 9, "risk_kinds"),
        ("activities.yaml", '"venue:old-bridge"', '"venue:new-bridge"', 11, "at"),
        ("activities.yaml", "reviewed_by: shao", "reviewed_by: yu", 16, "reviewed_by"),
        ("activities.yaml", "reviewed_by: shao", "reviewed_by: ding", 16, "reviewed_by"),
        ("activities.yaml", "  reviewed_by: shao\n", "", 1, "reviewed_by"),
        ("activities.yaml", "  risks: 临水，不下水。\n", "", 1, "risks"),
        ("activities.yaml", "2019-04-02T09:00", "2019-03-30T09:00", 15, "published_at"),
        ("activities.yaml", "2019-05-18T09:00", "2019-05-28T09:00", 47, "submitted_at"),
        ("activities.yaml", "state: submitted", "state: cancelled", 38, "cancelled_at"),
        # people
        ("people.yaml", '"330602199002030004"', '"330602199002030005"', 3, "id_number"),
        ("people.yaml", '"330602199002030004"', '"33060219900203001X"', 3, "id_number"),
        ("people.yaml", '"330602199002030004"', '"330602199013030001"', 3, "id_number"),
        ("people.yaml", '"15400009001"', '"13800009001"', 4, "phone"),
        ("people.yaml", '"15400009002"', '"15400009001"', 11, "phone"),
        ("people.yaml", "relation: father", "relation: neighbour", 14, "guardian.relation"),
        ("people.yaml", "2019-01-03T09:00", "2019-05-21T09:00", 52, "registered_at"),
        ("people.yaml", "{role: auditor, at: city,", "{role: leader, at: city,", 48, "roles"),
        ("people.yaml", 'at: "team:bridge-team"', 'at: "team:x"', 63, "roles[1].at"),
        ("people.yaml", 'at: "division:330602001"', 'at: "division:330699"', 64, "roles[2].at"),
        ("people.yaml", 'at: "merchant:tofu-house"', 'at: "merchant:x"', 55, "roles[1].at"),
        ("people.yaml", "  party_member: yes\n", "  party_member: maybe\n", 22, "party_member"),
        ("people.yaml", "demo: minor", "demo: volunteer", 15, "demo"),
        # sign-ups and visits
        ("sign_ups.csv", HE, HE.replace("he,", "cashier,"), 2, "person"),
        ("sign_ups.csv", HE, HE.replace("04-27T09:00", "04-28T09:00"), 2, "shift_starts_at"),
        ("sign_ups.csv", HE, HE.replace("04-20T10:00", "04-01T10:00"), 2, "signed_up_at"),
        ("sign_ups.csv", HE, HE.replace("T08:50", "T08:20"), 2, "came_at"),
        ("sign_ups.csv", HE, HE.replace("T11:05", "T12:05"), 2, "left_at"),
        ("sign_ups.csv", HE, HE.replace("T11:05", "T08:45"), 2, "left_at"),
    ],
)
def test_a_wrong_line_is_told_by_its_place(
    changed: Callable[..., Files], file: str, old: str, new: str, line: int, field: str
) -> None:
    assert (file, line, field) in problems(changed(file, old, new))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("activities.yaml", "capacity: 2}", "capacity: 0}"),
        ("activities.yaml", 'to: "11:00"', 'to: "09:10"'),
        ("organizations.yaml", "kind: league,", "kind: committee,"),
        ("divisions.csv", "330602,越城区,district", "330602,越城区,village"),
        ("people.yaml", '"15400009004"', '"1540000900"'),
    ],
)
def test_what_refers_to_a_wrong_record_is_not_wrong_for_that(
    changed: Callable[..., Files], file: str, old: str, new: str
) -> None:
    assert [place[0] for place in problems(changed(file, old, new))] == [file]


def test_every_wrong_line_is_told_at_once(changed: Callable[..., Files], small: Files) -> None:
    files = {
        **changed("venues.csv", "30.00320", "north"),
        "offers.csv": small["offers.csv"].replace(b",1.5,", b",cheap,"),
        "case.yaml": small["case.yaml"].replace(b"format: 1", b"format: one"),
    }

    told = problems(files)

    assert ("case.yaml", 1, "format") in told
    assert ("offers.csv", 2, "price_coins") in told
    assert ("venues.csv", 2, "latitude") in told


def test_a_file_that_is_not_utf_8_is_told_with_its_line(small: Files) -> None:
    small["venues.csv"] = small["venues.csv"].decode().encode("gb18030")

    assert ("venues.csv", 2, "") in problems(small)


@pytest.mark.parametrize("name", ["divisions.csv", "case.yaml", "people.yaml"])
@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told(small: Files, name: str, data: bytes) -> None:
    small[name] = data

    assert (name, 0, "") in problems(small)


def test_a_file_of_the_wrong_name_is_told(small: Files) -> None:
    small["activites.yaml"] = small.pop("activities.yaml")

    assert ("activites.yaml", 0, "") in problems(small)


def test_notes_beside_the_files_are_left_alone(small: Files) -> None:
    small["README.md"] = b"\xff not even text"

    checked(small)


@pytest.mark.parametrize("name", ["case.yaml", "divisions.csv"])
def test_a_case_needs_its_head_and_its_divisions(small: Files, name: str) -> None:
    del small[name]

    assert (name, 0, "") in problems(small)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- {id: a, name: [}\n", 1),
        ("- id: a\n name: b\n   kind: c\n", 2),
        ("- id: a\n\tname: b\n", 2),
        ("id: a\n", 1),
        ("- a\n- b\n", 1),
        ("- &x {id: a, name: b, kind: league, division: '330600'}\n- *x\n", 1),
        ("- !!python/object/apply:os.system ['true']\n", 1),
        ("- {id: a, id: b, name: c, kind: league, division: '330600'}\n", 1),
        ("- id: a\n---\n- id: b\n", 2),
        ("\x00", 0),
    ],
)
def test_yaml_that_is_no_list_of_records_is_told(small: Files, text: str, line: int) -> None:
    small["organizations.yaml"] = text.encode()

    assert ("organizations.yaml", line) in {place[:2] for place in problems(small)}


def test_a_bomb_of_lists_is_refused_before_it_grows(small: Files) -> None:
    small["organizations.yaml"] = b"[" * 100_000

    assert ("organizations.yaml", 0, "") in problems(small)


def test_a_bomb_of_aliases_is_refused_before_it_grows(small: Files) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    small["organizations.yaml"] = "\n".join(lines).encode()

    assert any("anchor" in reason for reason in reasons(small))


def test_a_huge_file_is_refused_unread(small: Files) -> None:
    small["organizations.yaml"] = b"#" * 4_000_001

    assert reasons(small) == ["The file has 4,000,001 bytes; at most 4,000,000 are read."] or any(
        "4,000,001 bytes" in reason for reason in reasons(small)
    )


def test_a_minor_needs_a_guardian(changed: Callable[..., Files]) -> None:
    files = changed("people.yaml", '  guardian: {name: 任远, phone: "15400009009", relation: father}\n', "")

    assert ("people.yaml", 8, "guardian") in problems(files)


def test_nobody_below_14_registers(changed: Callable[..., Files]) -> None:
    files = changed("people.yaml", '"330603200403010006"', '"330603200603010003"')

    assert any("registration is from 14 years on" in reason for reason in reasons(files))


def test_a_visit_does_not_overlap_another(changed: Callable[..., Files]) -> None:
    files = changed("activities.yaml", WEEKLY, WEEKLY + '\n    - {days: [sat], from: "09:30", ' + WEEKLY[15:])
    again = HE.replace("T09:00,", "T09:30,", 1).replace("08:50", "09:20")
    files["sign_ups.csv"] += again.encode() + b"\n"

    assert ("sign_ups.csv", 8, "came_at") in problems(files)


def test_two_shifts_of_an_activity_do_not_start_together(changed: Callable[..., Files]) -> None:
    again = '\n  shifts:\n    - {on: 2019-05-18, from: "09:00", to: "10:00", capacity: 1}'

    assert ("activities.yaml", 18, "weekly[1]") in problems(
        changed("activities.yaml", WEEKLY, WEEKLY + again)
    )


def test_more_people_cannot_have_come_than_there_are_places(changed: Callable[..., Files]) -> None:
    files = changed("activities.yaml", "capacity: 2}", "capacity: 1}")

    assert ("sign_ups.csv", 4, "came_at") in problems(files)


def test_a_folder_that_is_not_there_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    nowhere = tmp_path_factory.mktemp("case") / "nowhere"

    with pytest.raises(CaseInvalid) as told:
        files_of(nowhere)

    assert told.value.problems[0].file == ""
    assert "is not a folder" in told.value.problems[0].reason


def test_a_problem_reads_like_a_compiler_s() -> None:
    assert str(Problem("people.yaml", 3, "phone", "Wrong.")) == "people.yaml:3: phone: Wrong."
    assert str(Problem("people.yaml", 0, "", "Empty.")) == "people.yaml: Empty."
