"""Fills a fresh database through the product's own operations: people, shifts, tokens, plans of requests.

python -m bench.city FOLDER    with the environment of the product; writes the plans for bench.load
"""

from __future__ import annotations

import json
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django

PEOPLE = 10_000
SCANS = 4_000  # in each of the rounds
ROUNDS = 2
DOORS = 20
PLACES = 50
WARM_UPS = 600
SEED = 20190320
CODES_FOR_S = 3600


class City:
    """People with tokens, one body that gives shifts, and its shifts."""

    def __init__(self) -> None:
        from shanshi.foundation import clock
        from shanshi.foundation.actor import Actor, Grant, Role, system
        from shanshi.kernel.ids import id_of

        self.now = clock.real_now()
        self.loader = system("bench")
        self.staff = Actor(id_of("bench"), None, (Grant(Role.CITY_STAFF, "city"),))
        self.random = random.Random(SEED)
        self.body = self.make_body()
        self.people = self.register()

    def make_body(self) -> UUID:
        """Make the body that gives the shifts, and the city in which it works."""
        from shanshi.places import operations as places
        from shanshi.registry import operations

        rows = [
            places.DivisionRow("330100", "杭州市", "city"),
            places.DivisionRow("330102", "上城区", "district", "330100"),
        ]
        places.add_divisions(rows, by=self.loader, at=self.now)

        row = operations.OrganizationRow("测量志愿服务队", "team", None, "330102")
        return operations.create_organization(row, by=self.loader, at=self.now)

    def register(self) -> list[tuple[Any, str]]:
        """Register everybody, and give each a token."""
        from django.db import transaction
        from stdnum.cn import ric

        from shanshi.registry import operations

        rows = []
        for number in range(PEOPLE):
            born = date(1960, 1, 1) + timedelta(days=number)
            head = f"330102{born:%Y%m%d}000"
            rows.append(
                operations.Registration(
                    person_id=None,
                    phone=f"154{number:08d}",
                    real_name="测量人",
                    id_number=head + ric.calc_check_digit(head + "0"),
                    residence_code="330102",
                )
            )
        made = []
        for start in range(0, PEOPLE, 500):
            made += operations.register_many(
                rows[start : start + 500], by=self.loader, at=self.now, source="platform"
            )
        with transaction.atomic():
            return [
                (facts, operations.issue_token(facts.person_id, label="bench", at=self.now).token)
                for facts in made
            ]

    def publish(self, starts_at: datetime, *, capacity: int) -> Any:
        """Publish an activity with one shift of two hours."""
        from shanshi.activities import operations, rules

        before = self.now - timedelta(days=3)
        draft = rules.ActivityDraft(
            title="图书馆志愿服务",
            organizers=(self.body,),
            description="整理图书，引导读者。",
            fields=("culture",),
            risks="无特殊风险",
            person_in_charge="测量人",
            place_text="清波街道",
            agreement_ref="协议 1",
            insurance_ref="保单 1",
            positions=(rules.PositionDraft(latitude=30.2455, longitude=120.155, radius_m=100, name="门口"),),
        )
        reviewed = operations.Reviewed(
            draft=draft,
            shifts=(rules.ShiftDraft(starts_at, starts_at + timedelta(hours=2), capacity),),
            submitted_at=before,
            submitted_by=self.loader,
            published_at=before,
            published_by=self.staff,
        )
        (made,) = operations.publish_many([reviewed], by=self.loader, at=self.now, source="platform")
        return made


def head(path: str, token: str, method: str = "POST") -> str:
    """The head of a request up to its host."""
    return f"{method} {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nAccept-Language: en\r\n"


def scans(city: City, folder: Path) -> None:
    """Plan the scans: half come, half, who came a quarter of an hour ago, leave."""
    from shanshi.activities import operations as activities
    from shanshi.attendance import operations, queries
    from shanshi.foundation.actor import Actor

    earlier = city.now - timedelta(minutes=15)
    doors = [city.publish(city.now - timedelta(minutes=30), capacity=900) for _ in range(DOORS)]
    plans: list[list[dict[str, Any]]] = [[] for _ in range(ROUNDS)]
    for place, door in enumerate(doors):
        mine = city.people[place : SCANS * ROUNDS : DOORS]
        activities.place_many(
            door.activity_id,
            door.shift_ids[0],
            [facts.holder_id for facts, _ in mine],
            by=city.loader,
            at=city.now - timedelta(days=1),
            source="platform",
        )
        code = queries.venue_code(door.shift_ids[0], earlier).code
        for number, (facts, token) in enumerate(mine):
            if number % 4 >= 2:
                sent = operations.ScanSent(code, f"phone {facts.number}", "in")
                operations.scan(sent, by=Actor(facts.person_id, facts.holder_id), at=earlier, real_at=earlier)
            body = {
                "code": None,
                "device": f"phone {facts.number}",
                "nonce": f"scan {number}",
                "latitude": 30.2455 + city.random.uniform(-5e-4, 5e-4),
                "longitude": 120.155 + city.random.uniform(-5e-4, 5e-4),
                "accuracy_m": 12,
            }
            plans[number % 2].append({"head": head("/api/v1/scans", token), "body": body, "door": place})
    codes = [codes_of(door.shift_ids[0], city.now) for door in doors]
    for number, plan in enumerate(plans):
        city.random.shuffle(plan)
        write(folder / f"scans-{number}", codes, plan)


def codes_of(shift_id: UUID, now: datetime) -> tuple[list[float], list[str]]:
    """What a door will show in the next hour, and from when."""
    from shanshi.attendance import queries

    times: list[float] = []
    codes: list[str] = []
    at = now
    while at < now + timedelta(seconds=CODES_FOR_S):
        shown = queries.venue_code(shift_id, at)
        times.append(at.timestamp())
        codes.append(shown.code)
        at = shown.expires_at
    return times, codes


def sign_ups(city: City, folder: Path) -> None:
    """Plan the storm: everybody wants one of the few places."""
    wanted = city.publish(city.now + timedelta(days=7), capacity=PLACES)
    path = f"/api/v1/shifts/{wanted.shift_ids[0]}/sign-ups"
    people = city.random.sample(city.people, PEOPLE)
    write(folder / "sign-ups-0", [], [{"head": head(path, token), "body": None} for _, token in people])
    (folder / "shift").write_text(str(wanted.shift_ids[0]))


def warm_up(city: City, folder: Path) -> None:
    """Plan some reading, after which every process of the product has loaded what it loads late."""
    wanted = [head("/api/v1/me/balances", token, "GET") for _, token in city.people[:WARM_UPS]]
    write(folder / "warm-up", [], [{"head": one, "body": None} for one in wanted])


def write(path: Path, doors: list[Any], requests: list[dict[str, Any]]) -> None:
    """Write a plan."""
    lines = [json.dumps({"doors": doors}), *(json.dumps(request) for request in requests)]
    path.write_text("\n".join(lines))


def main(folder: Path) -> None:
    """Fill the database, and write the plans."""
    django.setup()
    city = City()
    scans(city, folder)
    sign_ups(city, folder)
    warm_up(city, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
