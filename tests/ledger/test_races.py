"""Several connections at the same moment: never twice, never below zero, never waiting in a circle."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.db import transaction

from shanshi.kernel.ids import id_of
from shanshi.ledger import operations, queries, rules
from shanshi.ledger.rules import Posting
from tests.ledger.conftest import Books, holder

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., list[Any]]


def kinds(answers: list[Any]) -> list[str]:
    """The sort of each answer, sorted: "done" or the name of a refusal."""
    return sorted(type(answer).__name__ if isinstance(answer, Exception) else "done" for answer in answers)


def test_one_posting_sent_by_four_at_once_is_posted_once(books: Books, together: Together) -> None:
    for turn in range(10):
        posting = books.posting("lin", "issuer", "coin", 60, id=id_of("turn", turn))

        answers = together(*[lambda posting=posting: books.post(posting)] * 4)

        assert answers == [posting.id] * 4
        assert books.show("lin") == f"coin {60 * (turn + 1)}"


def test_of_two_bodies_with_one_id_exactly_one_is_posted(books: Books, together: Together) -> None:
    for turn in range(10):
        one = books.posting("lin", "issuer", "coin", 60, id=id_of("turn", turn))
        other = books.posting("lin", "issuer", "coin", 60, id=id_of("turn", turn), reason="another")

        answers = together(lambda one=one: books.post(one), lambda other=other: books.post(other))

        assert kinds(answers) == ["PostedOtherwise", "done"]
        assert books.show("lin") == f"coin {60 * (turn + 1)}"


def test_the_last_coin_is_spent_once(books: Books, together: Together) -> None:
    for turn in range(10):
        books.coins("lin", 60)

        answers = together(
            *[lambda n=n, turn=turn: books.spend("lin", 60, f"noodles {turn} {n}") for n in range(4)]
        )

        assert kinds(answers) == ["BalanceTooLow"] * 3 + ["done"]
        assert books.show("lin") == "nothing"
        assert books.owed() == 60 * (turn + 1)


def test_one_purchase_sent_twice_at_once_is_paid_once(books: Books, together: Together) -> None:
    books.coins("lin", 600)
    for turn in range(10):
        answers = together(*[lambda turn=turn: books.spend("lin", 60, f"noodles {turn}")] * 2)

        assert answers[0] == answers[1]
        assert books.owed() == 60 * (turn + 1)


def test_an_account_opened_by_two_at_once_holds_both(books: Books, together: Together) -> None:
    for turn in range(10):
        name = f"new volunteer {turn}"

        assert kinds(together(*[lambda name=name: books.coins(name, 60)] * 3)) == ["done"] * 3

        assert books.show(name) == "coin 180"


def test_a_transfer_reversed_by_two_at_once_is_reversed_once(books: Books, together: Together) -> None:
    books.coins("lin", 600)
    for turn in range(10):
        earned = books.minutes("lin", 60)

        answers = together(
            *[lambda n=n, earned=earned, turn=turn: books.reverse("lin", earned, f"{turn} {n}") for n in "ab"]
        )

        assert kinds(answers) == ["AlreadyReversed", "done"]
    assert books.show("lin") == "coin 600"


def test_a_posting_that_its_first_sender_gives_up_is_posted_by_the_second(
    books: Books, together: Together
) -> None:
    class GaveUp(Exception):
        pass

    def first() -> None:
        with transaction.atomic():
            books.post(posting)
            raise GaveUp

    for turn in range(10):
        posting = books.posting("lin", "issuer", "coin", 60, id=id_of("turn", turn))

        together(first, lambda posting=posting: books.post(posting))

        assert books.show("lin") == f"coin {60 * (turn + 1)}"


def test_batches_that_cross_never_wait_in_a_circle(books: Books, together: Together, at: datetime) -> None:
    names = [f"volunteer {n}" for n in range(40)]
    everybody = [books.posting(name, "issuer", "coin", 600) for name in names]
    books.post(*everybody)
    random = Random(20190320)

    def sender(turn: int) -> Callable[[], None]:
        batches = [batch(turn, n) for n in range(8)]

        def send() -> None:
            for postings in batches:
                operations.post(postings, at=at)

        return send

    def batch(turn: int, n: int) -> list[Posting]:
        moves = [
            books.posting(name, *random.choice([("coin", "reserved"), ("issuer", "reserved")]), 1)
            for name in random.sample(names, 1 if n % 4 == 0 else 25)
        ]
        backs = [books.posting(name, "issuer", "coin", 1) for name in random.sample(names, 10)]
        shared = [
            books.posting(name, "issuer", "coin", 2, id=id_of("shared", n, name)) for name in names[::5]
        ]
        mixed = [*moves, *backs, *shared] if n % 4 else moves
        random.shuffle(mixed)
        return mixed

    answers = together(*[sender(turn) for turn in range(4)])

    assert answers == [None] * 4
    assert queries.verify().is_right
    held = queries.balances_of(holder(name) for name in names)
    assert sum(one.coin_units + one.reserved_coin_units for one in held.values()) == -sum(
        total.amount for total in queries.totals() if total.kind == rules.Kind.ISSUER
    )


def test_spending_and_settling_at_once_add_up(books: Books, together: Together) -> None:
    books.post(books.posting("lin", "issuer", "pending", 600))
    books.coins("lin", 60)

    def settle() -> None:
        for _ in range(10):
            books.post(books.posting("lin", "pending", "coin", 60))

    def spend() -> int:
        spent = 0
        for n in range(10):
            try:
                books.spend("lin", 60, f"noodles {n}")
            except rules.BalanceTooLow:
                continue
            spent += 60
        return spent

    _, spent = together(settle, spend)

    assert spent >= 60
    assert books.show("lin") == (f"coin {660 - spent}" if spent < 660 else "nothing")
    assert queries.verify().is_right
