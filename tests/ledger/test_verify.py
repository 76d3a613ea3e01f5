"""What somebody with the owner's password changes, `verify` names."""

from collections.abc import Callable

import pytest

from shanshi.ledger import queries
from tests.ledger.conftest import Books, holder

pytestmark = pytest.mark.django_db
Run = Callable[..., None]


@pytest.fixture
def month(books: Books) -> Books:
    """A month of Lin and Mei, all of it right."""
    books.minutes("lin", 120)
    books.coins("lin", 120)
    books.spend("lin", 60)
    books.reverse("lin", books.minutes("lin", 30))
    books.minutes("mei", 45)
    assert queries.verify() == queries.Report(transfers=6, balances=3, findings=())
    return books


def found(check: str) -> queries.Finding:
    """The finding of one check, which must be there."""
    (finding,) = (finding for finding in queries.verify().findings if finding.check == check)
    return finding


@pytest.mark.parametrize(
    "change",
    [
        "amount = amount + 1",
        "reason = 'another'",
        "source = 'nothing'",
        "policy = 'hours@2020-01-01'",
        "happened_at = happened_at + interval '1 microsecond'",
        "posted_at = posted_at - interval '1 day'",
        "taker_kind = 'pending'",
        "giver_id = taker_id",
        "request_hash = sha256('')",
    ],
)
def test_an_altered_row_is_named(month: Books, as_owner: Run, change: str) -> None:
    altered = month.minutes("mei", 15)

    as_owner(f"UPDATE ledger_transfer SET {change} WHERE id = %s", altered)

    finding = found("hash")
    assert finding.where == f"transfer {altered} of holder {holder('mei')}"
    assert finding.rows == 1


def test_a_deleted_row_is_missed_by_its_account(month: Books, as_owner: Run) -> None:
    deleted = month.minutes("mei", 15)

    as_owner("DELETE FROM ledger_transfer WHERE id = %s", deleted)

    finding = found("balance")
    assert finding.where == f"account volunteer verified_minute 0 of holder {holder('mei')}"
    assert finding.says == "its balance is 60 after 2 transfers; its transfers give 45 after 1"
    assert found("zero_sum").where == "unit verified_minute"


def test_two_deleted_rows_that_cancel_out_are_missed_too(month: Books, as_owner: Run) -> None:
    as_owner("DELETE FROM ledger_transfer WHERE reverses IS NOT NULL")
    as_owner("DELETE FROM ledger_transfer WHERE amount = 30")

    assert found("balance").says == "its balance is 120 after 3 transfers; its transfers give 120 after 1"


def test_an_altered_balance_is_named(month: Books, as_owner: Run) -> None:
    as_owner("UPDATE ledger_balance SET amount = amount + 60 WHERE unit = 'coin'")

    assert found("balance").where == f"account volunteer coin 2019 of holder {holder('lin')}"


def test_a_forgotten_balance_is_named(month: Books, as_owner: Run) -> None:
    as_owner("DELETE FROM ledger_balance WHERE unit = 'coin'")

    assert found("balance").says == "its balance is 0 after 0 transfers; its transfers give 60 after 2"


def test_an_invented_balance_is_named(month: Books, as_owner: Run) -> None:
    as_owner(
        "INSERT INTO ledger_balance VALUES (%s, 'volunteer', 'coin', 2019, 600, 600, 1)", holder("stranger")
    )

    assert found("balance").where == f"account volunteer coin 2019 of holder {holder('stranger')}"


def test_an_overdrawn_balance_is_named(month: Books, as_owner: Run) -> None:
    as_owner("ALTER TABLE ledger_balance DROP CONSTRAINT balance_never_below_zero")
    as_owner("UPDATE ledger_balance SET amount = -1 WHERE unit = 'coin'")

    assert found("negative").says == "it holds -1, and opened with 120"


def test_a_reversal_without_its_original_is_named(month: Books, as_owner: Run) -> None:
    as_owner("SET CONSTRAINTS ALL IMMEDIATE")
    as_owner("ALTER TABLE ledger_transfer DROP CONSTRAINT transfer_reverses_one_of_its_holder")
    as_owner("DELETE FROM ledger_transfer WHERE amount = 30 AND reverses IS NULL")

    assert "which is not in the books" in found("reversal").says


def test_a_reversal_of_another_amount_is_named(month: Books, as_owner: Run) -> None:
    as_owner("UPDATE ledger_transfer SET amount = 20 WHERE reverses IS NOT NULL")

    assert "it does not mirror" in found("reversal").says


def test_the_first_wrong_row_is_named_and_all_are_counted(month: Books, as_owner: Run) -> None:
    as_owner("UPDATE ledger_transfer SET reason = 'another'")

    finding = found("hash")
    assert finding.rows == 6
    assert str(min(holder("lin"), holder("mei"))) in finding.where
