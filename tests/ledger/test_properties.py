"""The books against a dictionary: whatever is asked in whatever order, both say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from shanshi.kernel.errors import DomainError
from shanshi.ledger import models, queries, rules
from shanshi.ledger.rules import Posting, Unit
from tests.ledger.conftest import SHORT, Books, holder

AT = datetime(2019, 3, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PEOPLE = ("lin", "mei", "wu")
MOVES = (
    ("issuer", "coin"),
    ("issuer", "pending"),
    ("pending", "coin"),
    ("coin", "reserved"),
    ("reserved", "merchant"),
    ("coin", "merchant"),
    ("minutes issuer", "minutes"),
)
GUARDED = {"coin", "pending", "reserved", "minutes"}
Key = tuple[str, str, int]

moves = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from(MOVES), st.integers(1, 200), st.sampled_from((2018, 2019))
)


class Dictionary:
    """The books as a child would keep them."""

    def __init__(self) -> None:
        self.held: dict[Key, int] = defaultdict(int)
        self.posted: dict[Any, Posting] = {}
        self.reversed: set[Any] = set()

    def delta(self, posting: Posting) -> dict[Key, int]:
        changes: dict[Key, int] = defaultdict(int)
        for account, sign in ((posting.giver, -1), (posting.taker, 1)):
            if account.is_guarded:
                word = "minutes" if account.unit == Unit.VERIFIED_MINUTE else "coin"
                word = word if account.kind == "volunteer" else account.kind.value
                changes[str(posting.holder_id), word, account.year] += sign * posting.amount
        return changes

    def fits(self, postings: list[Posting]) -> bool:
        after = dict(self.held)
        for posting in postings:
            for key, change in self.delta(posting).items():
                after[key] = after.get(key, 0) + change
        return all(amount >= 0 for amount in after.values())

    def post(self, postings: list[Posting]) -> None:
        for posting in postings:
            self.posted[posting.id] = posting
            for key, change in self.delta(posting).items():
                self.held[key] += change


class BooksAgainstDictionary(RuleBasedStateMachine):
    """Postings, batches, replays, altered replays, reversals and purchases in any order."""

    postings = Bundle("postings")

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.books = Books(AT)
        self.simple = Dictionary()
        self.purchases = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def make(self, move: tuple[str, tuple[str, str], int, int]) -> Posting:
        name, (giver, taker), amount, year = move
        return self.books.posting(name, giver, taker, amount, year=year)

    @contextmanager
    def refused_unless(self, right: bool, code: str) -> Iterator[None]:
        before = self.books.size()
        try:
            with transaction.atomic():
                yield
        except DomainError as refusal:
            said = refusal.code
        else:
            said = ""
        assert said == ("" if right else code)
        assert right or self.books.size() == before

    @rule(target=postings, batch=st.lists(moves, min_size=1, max_size=5))
    def post(self, batch: list[tuple[str, tuple[str, str], int, int]]) -> list[Posting]:
        asked = [self.make(move) for move in batch]
        fits = self.simple.fits(asked)
        with self.refused_unless(fits, "ledger.balance_too_low"):
            self.books.post(*asked)
        if fits:
            self.simple.post(asked)
        return asked

    @rule(batch=postings, more=st.lists(moves, max_size=2))
    def replay(self, batch: list[Posting], more: list[tuple[str, tuple[str, str], int, int]]) -> None:
        fresh = [self.make(move) for move in more]
        new = fresh + [posting for posting in batch if posting.id not in self.simple.posted]
        fits = self.simple.fits(new)
        with self.refused_unless(fits, "ledger.balance_too_low"):
            self.books.post(*fresh, *batch)
        if fits:
            self.simple.post(new)

    @rule(batch=postings, with_others=st.booleans())
    def altered(self, batch: list[Posting], with_others: bool) -> None:
        if batch[0].id not in self.simple.posted:
            return
        wrong = replace(batch[0], amount=batch[0].amount + 1)
        with self.refused_unless(False, "ledger.posted_otherwise"):
            self.books.post(wrong, *(batch[1:] if with_others else []))

    @rule(batch=consumes(postings))
    def reverse(self, batch: list[Posting]) -> None:
        posting = batch[0]
        if posting.id not in self.simple.posted:
            return
        back = self.books.posting("lin", "issuer", "coin", 1)
        back = rules.mirrored(posting, id=back.id, source="correction", reason="mistake", happened_at=AT)
        fits = self.simple.fits([back])
        again = posting.id in self.simple.reversed
        with self.refused_unless(
            fits and not again, "ledger.already_reversed" if again else "ledger.balance_too_low"
        ):
            self.books.post(back)
        if fits and not again:
            self.simple.post([back])
            self.simple.reversed.add(posting.id)

    @precondition(lambda self: self.simple.posted)
    @rule(name=st.sampled_from(PEOPLE), units=st.integers(1, 300), twice=st.booleans())
    def spend(self, name: str, units: int, twice: bool) -> None:
        self.purchases += 1
        years = {year: self.simple.held[str(holder(name)), "coin", year] for year in (2018, 2019)}
        fits = sum(years.values()) >= units
        with self.refused_unless(fits, "ledger.balance_too_low"):
            first = self.books.spend(name, units, f"purchase {self.purchases}")
            if twice:
                assert self.books.spend(name, units, f"purchase {self.purchases}") == first
        if fits:
            for year, share in rules.oldest_first(years, units).items():
                self.simple.held[str(holder(name)), "coin", year] -= share

    @invariant()
    def both_say_the_same(self) -> None:
        for name in PEOPLE:
            held = queries.balances(holder(name))
            sums = {"minutes": held.verified_minutes, "coin": held.coin_units}
            sums |= {word: getattr(held, SHORT[word]) for word in ("pending", "reserved")}
            for word, amount in sums.items():
                expected = sum(
                    units for (owner, kept, _), units in self.simple.held.items()
                    if (owner, kept) == (str(holder(name)), word)
                )  # fmt: skip
                assert amount == expected, (name, word)

    @invariant()
    def the_books_verify(self) -> None:
        assert queries.verify().findings == ()
        assert not models.Balance.objects.filter(amount__lt=0).exists()


@pytest.mark.django_db
def test_the_books_agree_with_a_dictionary() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        BooksAgainstDictionary,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
