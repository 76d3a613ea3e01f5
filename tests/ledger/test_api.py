"""The endpoints of one's own books."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shanshi.foundation import clock
from shanshi.foundation.actor import VISITOR, Actor
from shanshi.kernel.errors import Forbidden, SignInNeeded
from shanshi.kernel.ids import id_of, new_id
from shanshi.ledger import access, operations
from shanshi.ledger.rules import Account, Kind, Posting, Unit
from shanshi.registry import operations as registry
from tests.cast import Cast
from tests.ledger.conftest import ISSUER, Books

pytestmark = pytest.mark.django_db


def ask(client: Client, who: Actor, path: str, **query: Any) -> Any:
    """The answer to somebody's program with a token."""
    token = registry.issue_token(who.known(), label="test", at=clock.real_now()).token
    return client.get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {token}"})


def earn(
    books: Books, who: Actor, unit: Unit, amount: int, *, kind: Kind = Kind.VOLUNTEER, year: int = 0
) -> Posting:
    """Somebody of the cast earns something."""
    holder = who.volunteer()
    posting = Posting(
        id=new_id(),
        holder_id=holder,
        giver=Account(Kind.ISSUER, ISSUER, unit, year),
        taker=Account(kind, holder, unit, year),
        amount=amount,
        source=f"visit:{holder}:{id_of('a visit')}",
        reason="a shift at the station",
        policy="hours@2019-01-01",
        happened_at=books.at,
    )
    operations.post([posting], at=books.at)
    return posting


def test_i_see_what_i_hold(client: Client, cast: Cast, books: Books) -> None:
    earn(books, cast.lin, Unit.VERIFIED_MINUTE, 125)
    earn(books, cast.lin, Unit.COIN, 125, year=2018)
    earn(books, cast.lin, Unit.COIN, 60, year=2019)
    earn(books, cast.lin, Unit.COIN, 30, kind=Kind.PENDING, year=2019)

    answer = ask(client, cast.lin, "/me/balances")

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "verified_minutes": 125,
            "honorary_minutes": 0,
            "coin_units": 185,
            "coins": "3 5/60",
            "pending_coin_units": 30,
            "pending_coins": "0.5",
            "reserved_coin_units": 0,
            "reserved_coins": "0",
            "red_points": 0,
            "coin_units_by_year": [
                {"year": 2018, "coin_units": 125, "coins": "2 5/60"},
                {"year": 2019, "coin_units": 60, "coins": "1"},
            ],
        },
    )


def test_i_see_how_it_came_in_pages(client: Client, cast: Cast, books: Books) -> None:
    morning = books.at
    ids = []
    for hour in range(3):
        books.at = morning + timedelta(hours=hour)
        ids.append(str(earn(books, cast.lin, Unit.COIN, 60 + hour, year=2019).id))
    earn(books, cast.stranger, Unit.COIN, 1, year=2019)

    first = ask(client, cast.lin, "/me/transfers", limit=2).json()
    second = ask(client, cast.lin, "/me/transfers", limit=2, cursor=first["next"]).json()

    assert [row["id"] for row in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None
    assert first["items"][0] == {
        "id": ids[2],
        "unit": "coin",
        "amount": 62,
        "change": 62,
        "coins": "1 2/60",
        "giver": "issuer",
        "taker": "volunteer",
        "year": 2019,
        "source": f"visit:{cast.lin.volunteer()}:{id_of('a visit')}",
        "reason": "a shift at the station",
        "policy": "hours@2019-01-01",
        "happened_at": "2019-03-20T03:00:00Z",
        "posted_at": "2019-03-20T03:00:00Z",
        "reverses": None,
    }


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": 0}, "kernel.invalid"),
        ({"limit": 201}, "kernel.invalid"),
        ({"cursor": "nonsense"}, "foundation.cursor_unreadable"),
    ],
)
def test_a_wrong_page_is_a_problem(client: Client, cast: Cast, query: dict[str, Any], code: str) -> None:
    answer = ask(client, cast.lin, "/me/transfers", **query)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("path", ["/me/balances", "/me/transfers"])
def test_a_visitor_is_asked_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(f"/api/v1{path}")

    assert (answer.status_code, answer.json()["code"]) == (401, "kernel.sign_in_needed")


@pytest.mark.parametrize("path", ["/me/balances", "/me/transfers"])
def test_who_is_no_volunteer_has_no_books(client: Client, cast: Cast, path: str) -> None:
    person = registry.person_of_phone("15400009999", at=clock.real_now())

    answer = ask(client, Actor(person_id=person), path)

    assert (answer.status_code, answer.json()["code"]) == (403, "kernel.volunteers_only")


def test_only_the_auditor_and_the_citys_staff_see_every_book(cast: Cast) -> None:
    access.all_books(cast.chen)
    with pytest.raises(Forbidden):
        access.all_books(cast.wu)
    with pytest.raises(SignInNeeded):
        access.all_books(VISITOR)
    with pytest.raises(Forbidden):
        access.own_books(replace(cast.lin, holder_id=None))
