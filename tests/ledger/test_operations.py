"""Posting, spending and reversing; a refusal leaves the books as they were."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from shanshi.kernel.ids import id_of
from shanshi.ledger import models, operations, queries, rules
from shanshi.ledger.rules import Posting
from tests.ledger.conftest import Books, holder

pytestmark = pytest.mark.django_db


def refused(books: Books, *postings: Posting) -> rules.DomainError:
    """Post, expect a refusal, and see that the books stood still."""
    before = books.size()
    with pytest.raises(rules.DomainError) as refusal, transaction.atomic():
        books.post(*postings)
    assert books.size() == before
    return refusal.value


def test_an_hour_of_service_is_sixty_minutes_and_one_coin(books: Books) -> None:
    books.post(
        books.posting("lin", "minutes issuer", "minutes", 60),
        books.posting("lin", "issuer", "pending", 60),
    )

    assert books.show("lin") == "verified_minute 60 | pending 60"


def test_two_hours_settle_and_a_bowl_of_noodles_costs_one_coin(books: Books) -> None:
    books.minutes("lin", 120)
    books.post(books.posting("lin", "issuer", "pending", 120))
    books.post(books.posting("lin", "pending", "coin", 120))

    books.spend("lin", 60)

    assert books.show("lin") == "verified_minute 120 | coin 60"
    assert books.owed() == 60


def test_posting_twice_is_posting_once(books: Books) -> None:
    posting = books.posting("lin", "issuer", "coin", 60)

    assert books.post(posting) == books.post(posting) == posting.id

    assert books.show("lin") == "coin 60"
    assert books.size() == (1, 1)


def test_a_replay_counts_whatever_the_time_of_day_and_whatever_was_spent_since(books: Books) -> None:
    posting = books.posting("lin", "issuer", "coin", 60)
    books.post(posting)
    books.spend("lin", 60)

    operations.post([posting], at=books.at + timedelta(days=1))

    assert books.show("lin") == "nothing"


@pytest.mark.parametrize("others", [0, 2], ids=["alone", "in a batch"])
def test_the_same_id_with_another_body_is_refused(books: Books, others: int) -> None:
    posting = books.posting("lin", "issuer", "coin", 60)
    books.post(posting)
    batch = [books.posting("mei", "issuer", "coin", 60) for _ in range(others)]

    refusal = refused(books, *batch, replace(posting, reason="another"))

    assert refusal.code == "ledger.posted_otherwise"
    assert refusal.facts["id"] == str(posting.id)


def test_the_same_id_of_another_holder_is_another_transfer(books: Books) -> None:
    books.post(books.posting("lin", "issuer", "coin", 60, id=id_of("one")))
    books.post(books.posting("mei", "issuer", "coin", 30, id=id_of("one")))

    assert (books.show("lin"), books.show("mei")) == ("coin 60", "coin 30")


def test_a_batch_may_be_sent_again_and_may_hold_one_transfer_twice(books: Books) -> None:
    batch = [books.posting(name, "issuer", "coin", 60) for name in ("mei", "lin", "wu")]

    books.post(*batch)
    books.post(*batch, batch[0])

    assert [books.show(name) for name in ("lin", "mei", "wu")] == ["coin 60"] * 3
    assert books.size() == (3, 3)


def test_one_id_with_two_bodies_in_one_batch_is_refused(books: Books) -> None:
    posting = books.posting("lin", "issuer", "coin", 60)

    assert refused(books, posting, replace(posting, amount=61)).code == "ledger.posted_otherwise"


@pytest.mark.parametrize("others", [0, 1], ids=["alone", "in a batch"])
@pytest.mark.parametrize(("held", "says"), [(0, 0), (59, 59)])
def test_no_guarded_account_goes_below_zero(books: Books, held: int, says: int, others: int) -> None:
    if held:
        books.coins("lin", held)
    batch = [books.posting("mei", "issuer", "coin", 60) for _ in range(others)]

    refusal = refused(books, *batch, books.posting("lin", "coin", "merchant", 60))

    assert refusal.facts == {
        "holder_id": str(holder("lin")), "kind": "volunteer", "unit": "coin", "year": 2019,
        "held": says, "needed": 60,
    }  # fmt: skip
    assert str(refusal) == f"The account volunteer (coin) holds {says}, and 60 are needed."


def test_an_account_that_was_emptied_holds_nothing_to_give(books: Books) -> None:
    books.coins("lin", 60)
    books.post(books.posting("lin", "coin", "merchant", 60))

    assert refused(books, books.posting("lin", "coin", "merchant", 60)).facts["held"] == 0


def test_a_move_between_two_guarded_accounts_changes_both(books: Books) -> None:
    books.coins("lin", 100)

    books.post(books.posting("lin", "coin", "reserved", 60))
    assert books.show("lin") == "coin 40 | reserved 60"
    books.post(books.posting("lin", "reserved", "coin", 60))
    assert books.show("lin") == "coin 100"
    refused(books, books.posting("lin", "reserved", "coin", 60))
    assert books.show("lin") == "coin 100"


def test_a_batch_is_one_moment(books: Books) -> None:
    books.post(
        books.posting("lin", "coin", "merchant", 60),
        books.posting("lin", "issuer", "coin", 60),
    )

    assert books.show("lin") == "nothing"
    assert queries.verify().is_right


def test_no_postings_are_no_work(books: Books) -> None:
    assert operations.post([], at=books.at) == []


def test_an_invalid_posting_in_a_batch_lets_none_in(books: Books) -> None:
    good = books.posting("lin", "issuer", "coin", 60)

    assert refused(books, good, replace(good, id=id_of("bad"), amount=0)).code == "ledger.posting_invalid"


def test_a_defect_of_the_database_is_not_taken_for_a_refusal(books: Books) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '1ms'")
        cursor.execute("SET search_path = pg_temp")
    with pytest.raises(ProgrammingError), transaction.atomic():
        books.coins("lin", 60)
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")
        cursor.execute("RESET search_path")


# Spending


def test_coins_of_the_oldest_year_are_spent_first(books: Books) -> None:
    books.coins("lin", 100, year=2018)
    books.coins("lin", 100, year=2019)

    assert len(books.spend("lin", 120)) == 2

    assert books.show("lin") == "coin 80"
    assert queries.balances(holder("lin")).coin_units_by_year == {2019: 80}
    assert books.owed() == 120


def test_spending_twice_with_one_id_is_spending_once(books: Books) -> None:
    books.coins("lin", 100, year=2018)
    books.coins("lin", 100, year=2019)

    first = books.spend("lin", 120)
    books.coins("lin", 60, year=2017)

    assert books.spend("lin", 120) == first
    assert books.show("lin") == "coin 140 | (2017:60 2019:80)"


def test_spending_another_amount_with_the_same_id_is_refused(books: Books) -> None:
    books.coins("lin", 100)
    books.spend("lin", 60)

    with pytest.raises(rules.PostedOtherwise), transaction.atomic():
        books.spend("lin", 61)

    assert books.show("lin") == "coin 40"


def test_spending_more_than_is_held_is_refused_and_nothing_moves(books: Books) -> None:
    books.coins("lin", 59, year=2018)
    books.coins("lin", 40)

    with pytest.raises(rules.BalanceTooLow) as refusal, transaction.atomic():
        books.spend("lin", 100)

    assert refusal.value.facts["held"] == 99
    assert books.show("lin") == "coin 99 | (2018:59 2019:40)"


def test_pending_coins_cannot_be_spent(books: Books) -> None:
    books.post(books.posting("lin", "issuer", "pending", 600))

    with pytest.raises(rules.BalanceTooLow), transaction.atomic():
        books.spend("lin", 60)

    assert books.show("lin") == "pending 600"


# Reversing


def test_a_reversal_takes_back_and_names_its_original(books: Books) -> None:
    earned = books.minutes("lin", 60)

    reversal = books.reverse("lin", earned)

    assert books.show("lin") == "nothing"
    assert queries.transfer(reversal).reverses == earned
    assert queries.verify().is_right


def test_reversing_twice_with_one_id_is_reversing_once(books: Books) -> None:
    earned = books.minutes("lin", 60)

    first = books.reverse("lin", earned)
    second = operations.reverse(
        holder("lin"), earned, id=first, reason="counted twice",
        source=f"correction:{holder('lin')}:{first}", at=books.at + timedelta(hours=1),
    )  # fmt: skip

    assert first == second
    assert books.size() == (2, 1)


def test_a_transfer_is_reversed_only_once(books: Books) -> None:
    earned = books.minutes("lin", 60)
    books.minutes("lin", 60)
    books.reverse("lin", earned)

    with pytest.raises(rules.AlreadyReversed) as refusal, transaction.atomic():
        books.reverse("lin", earned, "another mistake")

    assert refusal.value.facts["id"] == str(earned)
    assert books.show("lin") == "verified_minute 60"


def test_a_batch_that_reverses_one_twice_is_refused(books: Books) -> None:
    earned = books.minutes("lin", 60)
    backs = [books.posting("lin", "minutes", "minutes issuer", 60, reverses=earned) for _ in range(2)]

    assert refused(books, *backs).code == "ledger.already_reversed"


def test_what_was_spent_cannot_be_taken_back(books: Books) -> None:
    earned = books.coins("lin", 60)
    books.spend("lin", 30)

    with pytest.raises(rules.BalanceTooLow) as refusal, transaction.atomic():
        books.reverse("lin", earned)

    assert refusal.value.facts["held"] == 30
    assert books.show("lin") == "coin 30"


def test_a_reversal_cannot_be_reversed(books: Books) -> None:
    reversal = books.reverse("lin", books.minutes("lin", 60))

    with pytest.raises(rules.NotReversible):
        books.reverse("lin", reversal, "again")


def test_a_transfer_that_is_not_there_cannot_be_reversed(books: Books) -> None:
    with pytest.raises(rules.TransferMissing):
        books.reverse("lin", id_of("nothing"))


@pytest.mark.parametrize("amount", [59, 61])
def test_a_reversal_that_does_not_mirror_is_refused(books: Books, amount: int) -> None:
    earned = books.minutes("lin", 60)
    books.minutes("lin", 60)

    wrong = books.posting("lin", "minutes", "minutes issuer", amount, reverses=earned)

    assert refused(books, wrong).code == "ledger.not_reversible"
    assert refused(books, wrong, books.posting("mei", "issuer", "coin", 1)).code == "ledger.not_reversible"


def test_a_reversal_of_somebody_elses_transfer_is_refused(books: Books) -> None:
    earned = books.minutes("mei", 60)
    books.minutes("lin", 60)

    wrong = books.posting("lin", "minutes", "minutes issuer", 60, reverses=earned)

    assert refused(books, wrong).code == "ledger.not_reversible"


# What the database itself refuses


def test_the_application_can_neither_change_nor_delete_a_transfer(books: Books) -> None:
    books.minutes("lin", 60)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        models.Transfer.objects.update(amount=6000)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        models.Transfer.objects.all().delete()

    assert books.show("lin") == "verified_minute 60"


def test_a_balance_below_zero_does_not_exist(books: Books) -> None:
    books.coins("lin", 60)

    with pytest.raises(IntegrityError, match="balance_never_below_zero"), transaction.atomic():
        models.Balance.objects.update(amount=-1)


def test_coins_cannot_pass_from_one_volunteer_to_another(books: Books) -> None:
    row = models.Transfer(
        holder_id=holder("lin"),
        giver_kind="volunteer",
        giver_id=holder("lin"),
        taker_kind="volunteer",
        taker_id=holder("mei"),
        unit="coin",
        year=2019,
        amount=60,
        happened_at=books.at,
        posted_at=books.at,
        request_hash=b"",
    )

    with pytest.raises(IntegrityError, match="transfer_stays_with_its_holder"), transaction.atomic():
        row.save(force_insert=True)


# Hashes


def test_the_database_and_the_rules_compute_the_same_hash(books: Books) -> None:
    posting = replace(
        books.posting("lin", "issuer", "coin", 60),
        reason='修车铺旁的志愿者之家 🐝, "quoted" \\ \' %s',
        happened_at=datetime.fromisoformat("2019-03-19T23:59:59.999999+08:00"),
    )
    reversal = books.posting("lin", "coin", "issuer", 60, reverses=posting.id)
    books.post(posting)
    books.post(reversal, books.posting("mei", "issuer", "coin", 1))

    hashes = dict(models.Transfer.objects.values_list("id", "request_hash"))

    assert bytes(hashes[posting.id]) == rules.request_hash(posting, posted_at=books.at)
    assert bytes(hashes[reversal.id]) == rules.request_hash(reversal, posted_at=books.at)


def test_each_row_knows_the_transaction_that_wrote_it(books: Books) -> None:
    books.post(books.posting("lin", "issuer", "coin", 60), books.posting("mei", "issuer", "coin", 60))

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (now,) = cursor.fetchone()
    assert set(models.Transfer.objects.values_list("xid", flat=True)) == {int(now)}
