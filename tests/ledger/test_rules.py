"""What a transfer may be, and which coins are spent first."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.kernel.ids import id_of
from shanshi.ledger import rules
from shanshi.ledger.rules import Account, Kind, Unit
from tests.ledger.conftest import Books, account, holder

LIN = holder("lin")


@pytest.fixture
def posting(books: Books) -> rules.Posting:
    return books.posting("lin", "issuer", "coin", 120)


def test_a_well_formed_posting_is_let_through(posting: rules.Posting) -> None:
    assert rules.checked(posting) is posting


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"amount": 0}, "amount", "1 to 1000000000000"),
        ({"amount": -1}, "amount", "1 to 1000000000000"),
        ({"amount": 10**12 + 1}, "amount", "1 to 1000000000000"),
        ({"amount": 1.5}, "amount", "1 to 1000000000000"),
        ({"amount": True}, "amount", "1 to 1000000000000"),
        ({"taker": account("issuer", "lin")}, "taker", "another account than the giver"),
        ({"taker": account("minutes", "lin")}, "unit", "coin on both sides"),
        ({"giver": account("issuer", "lin", 0)}, "year", "a year from 2000"),
        ({"taker": account("coin", "lin", 2018)}, "year", "the giver's year"),
        ({"taker": account("coin", "mei")}, "taker", f"the holder {LIN}"),
        ({"happened_at": datetime(2019, 3, 20)}, "happened_at", "a time with a zone"),  # noqa: DTZ001
        ({"source": ""}, "source", "1 to 200 characters of text"),
        ({"reason": "x" * 501}, "reason", "1 to 500 characters of text"),
        ({"policy": "a\x00b"}, "policy", "1 to 100 characters of text"),
        ({"reason": "a\x1fb"}, "reason", "1 to 500 characters of text"),
        ({"reason": "\ud800"}, "reason", "1 to 500 characters of text"),
    ],
)
def test_a_posting_that_the_books_cannot_hold_is_named_by_its_field(
    posting: rules.Posting, changes: dict[str, Any], field: str, expected: str
) -> None:
    with pytest.raises(rules.PostingInvalid) as refusal:
        rules.checked(replace(posting, **changes))

    assert (refusal.value.facts["field"], refusal.value.facts["expected"]) == (field, expected)


def test_minutes_have_no_year(books: Books) -> None:
    posting = books.posting("lin", "minutes issuer", "minutes", 60)
    of_2019 = replace(
        posting, giver=replace(posting.giver, year=2019), taker=replace(posting.taker, year=2019)
    )

    with pytest.raises(rules.PostingInvalid) as refusal:
        rules.checked(of_2019)

    assert refusal.value.facts["expected"] == "0"


def test_the_oldest_coins_are_spent_first() -> None:
    assert rules.oldest_first({2019: 300, 2018: 120, 2017: 0}, 180) == {2018: 120, 2019: 60}


def test_more_than_all_years_hold_is_refused_with_what_is_held() -> None:
    with pytest.raises(rules.BalanceTooLow) as refusal:
        rules.oldest_first({2018: 120, 2019: 60}, 181)

    assert refusal.value.facts == {"kind": "volunteer", "unit": "coin", "held": 180, "needed": 181}


@given(st.dictionaries(st.integers(2015, 2030), st.integers(0, 1000)), st.integers(1, 5000))
def test_the_shares_sum_to_the_amount_and_leave_no_older_coin(held: dict[int, int], amount: int) -> None:
    if sum(held.values()) < amount:
        with pytest.raises(rules.BalanceTooLow):
            rules.oldest_first(held, amount)
        return

    shares = rules.oldest_first(held, amount)

    assert sum(shares.values()) == amount
    assert all(0 < share <= held[year] for year, share in shares.items())
    assert all(shares.get(year, 0) == units for year, units in held.items() if year < max(shares))


def test_a_mirror_swaps_the_accounts_and_names_its_original(books: Books, at: datetime) -> None:
    original = books.posting("lin", "issuer", "coin", 120)

    mirror = rules.mirrored(
        original, id=id_of("mistake"), source="correction:1", reason="counted twice", happened_at=at
    )

    assert (mirror.giver, mirror.taker, mirror.amount) == (original.taker, original.giver, 120)
    assert mirror.reverses == original.id
    with pytest.raises(rules.NotReversible):
        rules.mirrored(mirror, id=id_of("again"), source="correction:2", reason="no", happened_at=at)


def test_only_a_volunteers_accounts_are_guarded() -> None:
    guarded = {kind for kind in Kind if Account(kind, LIN, Unit.COIN, 2019).is_guarded}
    assert guarded == {Kind.VOLUNTEER, Kind.PENDING, Kind.RESERVED}


@given(
    st.integers(-1, 3) | st.just(10**12 + 1),
    st.sampled_from(("issuer", "coin", "minutes", "pending", "merchant", "minutes issuer")),
    st.sampled_from(("issuer", "coin", "minutes", "pending", "merchant", "minutes issuer")),
    st.sampled_from(("lin", "mei")),
    st.sampled_from((0, 1999, 2018, 2019)),
    st.sampled_from((0, 2019)),
    st.lists(st.sampled_from(("", "x", "x" * 101, "x" * 501, "\n")), min_size=3, max_size=3),
)
def test_the_quick_look_and_the_slow_one_agree(
    amount: int, giver: str, taker: str, owner: str, year: int, other_year: int, texts: list[str]
) -> None:
    posting = rules.Posting(
        id=id_of("one"),
        holder_id=LIN,
        giver=account(giver, "lin", year),
        taker=account(taker, owner, other_year),
        amount=amount,
        source=texts[0],
        reason=texts[1],
        policy=texts[2],
        happened_at=datetime(2019, 3, 20, tzinfo=UTC),
    )
    met = all(right for *_, right in rules._demands(posting))

    assert rules._is_writable(posting) == met
