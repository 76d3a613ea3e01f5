"""What the reference case says, read back from the loaded platform, value by value: pages, API, queries.

`hangzhou-2019-03.yaml` beside this file says what must be readable. Each of its values is either read back
by a reader below, or stands in LATER with the room that will bring it; a value in neither, or in both, fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from django.test import Client

from shanshi.activities import queries as activities
from shanshi.activities.rules import ActivityKind
from shanshi.attendance.queries.stamps import stamp_counts
from shanshi.kernel.quantities import city_day
from shanshi.ledger import queries as books
from shanshi.places import queries as places
from shanshi.registry import queries as people
from tests.hangzhou import City

pytestmark = pytest.mark.django_db

SAID: Final = Path(__file__).with_name("hangzhou-2019-03.yaml")
DAY: Final = date(2019, 3, 20)
# Values that no room can hold yet, and which room will.
LATER: Final = {
    "programs[浙里贷——志愿积分贷].residence": "credit: the loan's rule names the residence",
    "bulletin.masthead": "bulletin: an issue has its masthead",
    "bulletin.series": "bulletin: an issue belongs to a series",
    "bulletin.year": "bulletin: an issue has its year",
    "bulletin.number": "bulletin: an issue has its number",
}

Reader = Callable[["Platform"], object]


class Platform:
    """A visitor with a browser and the API, before the loaded case."""

    def __init__(self) -> None:
        self.client = Client()
        self.client.cookies["language"] = "zh-hans"
        self.programs = {one["name"]: one["id"] for one in self.api("programs")["items"]}

    def api(self, path: str) -> Any:
        """What the API answers."""
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.json()

    def page(self, path: str) -> str:
        """The words of a page, in Chinese, without its marks."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        body = answer.content.decode().partition("<main")[2]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def program(self, name: str) -> Any:
        """A program as the API shows it."""
        return self.api(f"programs/{self.programs[name]}")

    def words(self, name: str) -> str:
        """The words of a program's page."""
        return self.page(f"/programs/{self.programs[name]}")

    def figure(self, name: str, key: str) -> Any:
        """A figure: read from the API, and seen on the page, with 余 where it is a lower bound."""
        figure = self.program(name)["figures"][key]
        words = self.words(name)
        if figure["at_least"] is not None:
            bound = int(Decimal(figure["at_least"]))
            assert f"{bound:,}余" in words
            return bound
        exact = Decimal(figure["value"])
        assert f"{exact.normalize():,f}" in words
        return exact if exact % 1 else int(exact)

    def activity(self, title: str) -> activities.ActivityFacts:
        """A public activity of the case by its title."""
        from shanshi.activities.models import Activity

        return activities.activity(Activity.objects.get(title=title, published_at__isnull=False).id)

    def kinds(self, name: str, kind: str) -> int:
        """How many partners of a kind a program has; each is named on the page."""
        found = [one["name"] for one in self.program(name)["partners"] if one["kind"] == kind]
        words = self.words(name)
        assert all(one in words for one in found)
        return len(found)

    def district(self, name: str) -> str:
        """The code of a program's division."""
        return str(self.program(name)["division"])


def _pilots(on: Platform) -> int:
    pilots = on.program("市校合作")["pilots"]
    words = on.words("市校合作")
    assert all(places.division(code, DAY).name in words for code in pilots)
    assert on.figure("市校合作", "pilot_subdistricts") == len(pilots)
    return len(pilots)


def _street(on: Platform) -> Any:
    (street,) = places.streets()
    assert street.name in on.words("全民志愿智慧伙伴街")
    return street


def _merchants(on: Platform) -> int:
    from shanshi.rewards.queries import street

    found = street(_street(on).id, DAY).merchants
    words = on.page(f"/streets/{_street(on).id}")
    assert all(merchant.name in words for merchant in found)
    assert on.figure("全民志愿智慧伙伴街", "merchants") == len(found)
    return len(found)


def _offers(on: Platform) -> list[str]:
    """店铺折扣, 花艺培训, 眼镜清洗: each is part of the title of an offer on the street's page."""
    words = on.page(f"/streets/{_street(on).id}")
    return [word for word in ("店铺折扣", "花艺培训", "眼镜清洗") if word in words]


def _launch(on: Platform) -> activities.ActivityFacts:
    launch = on.activity("红色志愿一小时启动仪式")
    assert on.page(f"/activities/{launch.id}").count("150余人") or "150余人" in on.words("红色志愿一小时")
    return launch


def _ceremony_earns_nothing(on: Platform) -> str:
    launch = _launch(on)
    from shanshi.attendance.models import Visit

    assert not Visit.objects.filter(activity_id=launch.id, minutes__gt=0).exists()
    return str(launch.kind)


def _stations(on: Platform) -> int:
    found = [one["name"] for one in on.api("stations?division=330102")["items"]]
    words = on.words("红色志愿一小时")
    assert all(one in words and one in on.page("/stations") for one in found)
    assert all(one.startswith("小蜜蜂志愿者之家") for one in found)
    assert on.figure("红色志愿一小时", "stations") == len(found)
    return len(found)


def _leads(on: Platform) -> int:
    hours = [
        books.balances(people.holder_of(person)).verified_minutes // 60
        for number in range(11, 22)
        if (person := people.person_with_phone(f"154000000{number}")) is not None
    ]
    assert all(one >= 1500 for one in hours)
    assert on.figure("志愿365", "lead_volunteers") == len(hours)
    return len(hours)


def _paired(on: Platform) -> int:
    teams = [team for team in on.program("志愿365")["teams"] if team["paired_with"]]
    words = on.words("志愿365")
    assert all(team["name"] in words and team["paired_with"] in words for team in teams)
    assert on.figure("志愿365", "paired_teams") == len(teams)
    return len(teams)


def _held_on(on: Platform, title: str) -> date:
    (day,) = {city_day(shift.starts_at) for shift in on.activity(title).shifts}
    return day


def _carnival(on: Platform) -> str:
    event = on.activity("文明实践主题嘉年华")
    booths = on.api(f"activities/{event.id}/booths")["items"]
    words = on.page(f"/activities/{event.id}/booths")
    assert len(booths) == 5
    assert all(booth["name"] in words for booth in booths)
    # One check-in each: a stamp is of a visit, and a booth stamps a visit once.
    from shanshi.attendance.models import Stamp, Visit

    visits = Visit.objects.filter(activity_id=event.id).count()
    assert all(count <= visits for count in stamp_counts(event.id).values())
    assert Stamp.objects.filter(activity_id=event.id).exists()
    return "one event, many booths, one check-in each"


def _tasks(on: Platform) -> list[str]:
    words = on.words("最多跑一次 预约帮办")
    return [task for task in ("挂号", "充值", "缴费") if f"市一医院助医：{task}" in words]


def _residents(on: Platform) -> int:
    counts = {count.counted_on: count.residents for count in places.populations("330100")}
    assert on.figure("志愿服务指数", "residents_2018") == counts[date(2018, 12, 31)]
    return counts[date(2018, 12, 31)]


def _program(name: str, **more: Reader) -> dict[str, Reader]:
    """The readers of a program: its name, its district, and what it has besides."""

    def is_there(on: Platform) -> str:
        assert name in on.page("/programs")
        return str(on.program(name)["name"])

    readers: dict[str, Reader] = {"name": is_there, "district": lambda on: on.district(name), **more}
    return {f"programs[{name}].{path}": read for path, read in readers.items()}


def _published(name: str, *keys: str) -> dict[str, Reader]:
    return {key: (lambda on, key=key: on.figure(name, key)) for key in keys}  # type: ignore[misc]


LOAN: Final = "浙里贷——志愿积分贷"
READERS: Final[Mapping[str, Reader]] = {
    "city.code": lambda on: places.division("330100", DAY).code,
    "city.name": lambda on: places.division("330100", DAY).name,
    "city.year_end_residents_2018": _residents,
    # As published; the generated city-year will have them exactly, hour by hour.
    "year_2018.registered": lambda on: on.figure("志愿服务指数", "registered_2018"),
    "year_2018.activities": lambda on: on.figure("志愿服务指数", "activities_2018"),
    "year_2018.person_times": lambda on: on.figure("志愿服务指数", "person_times_2018"),
    "year_2018.verified_plus_honorary_hours": lambda on: on.figure(
        "志愿服务指数", "verified_plus_honorary_hours_2018"
    ),
    **_program(
        "市校合作", pilot_subdistricts=_pilots, **_published("市校合作", "target_young_volunteers", "years")
    ),
    **_program(
        "全民志愿智慧伙伴街",
        subdistrict=lambda on: places.division(str(_street(on).subdistrict_code), DAY).name,
        street=lambda on: str(_street(on).name)[:3],
        merchants=_merchants,
        offers_include=_offers,
    ),
    **_program(
        "红色志愿一小时",
        launched_on=lambda on: date.fromisoformat(on.program("红色志愿一小时")["launched_on"]),
        organizers=lambda on: len(on.program("红色志愿一小时")["organizers"]),
        complex=lambda on: _within("红动志愿", on.words("红色志愿一小时")),
        stations=_stations,
        earns=lambda on: _within(
            "red_point", "red_point" if on.program("红色志愿一小时")["earns_red_points"] else ""
        ),
    ),
    "programs[红色志愿一小时].ceremony.kind": _ceremony_earns_nothing,
    "programs[红色志愿一小时].ceremony.attended_at_least": lambda on: _launch(on).attended_at_least,
    **_program(
        "志愿365",
        launched_on=lambda on: date.fromisoformat(on.program("志愿365")["launched_on"]),
        lead_volunteers=_leads,
        enterprises=lambda on: on.kinds("志愿365", "enterprise"),
        universities=lambda on: on.kinds("志愿365", "university"),
        charities=lambda on: on.kinds("志愿365", "charity"),
        fields=lambda on: on.program("志愿365")["fields"],
        paired_teams=_paired,
    ),
    **_program(
        "热血致青春",
        held_on=lambda on: _held_on(on, "热血致青春：首次青年无偿献血"),
        venue=lambda on: _within("富阳区文化中心", on.activity("热血致青春：首次青年无偿献血").place_text),
        came_at_least=lambda on: on.figure("热血致青春", "came"),
        organizers=lambda on: len(on.program("热血致青春")["organizers"]),
        donated=lambda on: on.figure("热血致青春", "donated"),
        volume_ml=lambda on: on.figure("热血致青春", "volume"),
    ),
    **_program(
        LOAN,
        age=lambda on: [on.figure(LOAN, "age_from"), on.figure(LOAN, "age_to")],
        min_score=lambda on: on.figure(LOAN, "min_score"),
        limit_yuan=lambda on: on.figure(LOAN, "limit"),
        pool_yuan=lambda on: on.figure(LOAN, "pool"),
        lowest_rate_per_mille_month=lambda on: on.figure(LOAN, "lowest_rate_per_mille_month"),
    ),
    **_program("文明实践主题嘉年华", kind=_carnival),
    **_program(
        "最多跑一次 预约帮办",
        departments_at_least=lambda on: on.figure("最多跑一次 预约帮办", "departments"),
        items_at_least=lambda on: on.figure("最多跑一次 预约帮办", "items"),
    ),
    "programs[最多跑一次 预约帮办].on_site.venue": lambda on: _within(
        "杭州市第一人民医院", on.activity("市一医院助医：挂号").place_text
    ),
    "programs[最多跑一次 预约帮办].on_site.tasks": _tasks,
    "bulletin.name": lambda on: on.program("团的情况")["name"],
    "bulletin.issued_on": lambda on: date.fromisoformat(on.program("团的情况")["launched_on"]),
    "bulletin.unit": lambda on: on.program("团的情况")["organizers"][0]["name"],
    "bulletin.sections.发展动态": lambda on: on.figure("团的情况", "items_in_development"),
    "bulletin.sections.基层视窗": lambda on: on.figure("团的情况", "items_from_below"),
    **{
        f"bulletin.{key}": (lambda on, key=key: on.figure("团的情况", key))  # type: ignore[misc]
        for key in (
            "digest_lines",
            "editors",
            "copies",
            "numbering_starts_at",
            "reported_to",
            "copied_to",
            "sent_to",
        )
    },
}


def _within(part: str, words: str) -> str:
    return part if part in words else words


def leaves(said: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of the file with its path; programs by their names, lists of plain values as one value."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(said, list) and said and isinstance(said[0], dict):
        for one in said:
            yield from leaves(one, f"{path}[{one['name']}]")
    else:
        yield path, said


@cache
def said() -> dict[str, Any]:
    """What the file says, by path."""
    return dict(leaves(yaml.safe_load(SAID.read_text(encoding="utf-8"))))


def test_every_value_is_read_back_or_comes_later() -> None:
    assert sorted(set(said()) - set(READERS) - set(LATER)) == [], (
        "read it back, or say in LATER what brings it"
    )
    assert sorted(set(READERS) & set(LATER)) == [], "it is read back already"
    assert sorted((set(READERS) | set(LATER)) - set(said())) == [], "the case says no such thing"


def test_the_case_reads_back_value_by_value(hangzhou_city: City) -> None:
    on = Platform()
    wrong = {}
    for path, read in READERS.items():
        found = read(on)
        expected = said()[path]
        if isinstance(expected, datetime):
            expected = expected.date()
        if found != expected:
            wrong[path] = (found, expected)
    assert wrong == {}


def test_no_page_of_the_case_grows_past_its_weight(hangzhou_city: City) -> None:
    on = Platform()
    for name, program_id in on.programs.items():
        assert len(on.client.get(f"/programs/{program_id}").content) < 200_000, name
    assert len(on.client.get("/stations").content) < 200_000


def test_a_drive_and_a_ceremony_are_what_they_are(hangzhou_city: City) -> None:
    on = Platform()
    assert on.activity("热血致青春：首次青年无偿献血").kind is ActivityKind.DRIVE
    assert on.activity("青年志愿者参与基层治理培训").kind is ActivityKind.TRAINING
