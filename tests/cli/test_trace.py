"""From a figure down to its scans, and from anything on the way."""

from datetime import datetime
from uuid import UUID

import pytest

from shanshi.activities import queries as activities
from shanshi.attendance import operations as attendance
from shanshi.attendance import queries as visits
from shanshi.cli import trace, tracing
from shanshi.foundation.actor import Grant, Role
from shanshi.kernel.ids import id_of, new_id
from shanshi.ledger import operations as ledger
from shanshi.ledger import queries as books
from shanshi.registry import queries as registry
from tests.attendance.conftest import Day, person
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast, at: datetime) -> UUID:
    """Lin served from half past nine to half past eleven, and Wu confirmed it."""
    day = Day(cast.station, at)
    shift = day.shift("09:30-11:30", cast.lin)
    visit = day.visit(shift, cast.lin, "09:30-11:30")
    wu = person("wu", Grant(Role.LEADER, f"organization:{cast.station}"))
    attendance.confirm(shift, by=wu, at=day.clock("12:00"))
    return visit


def shape(link: tracing.Link) -> str:
    """A chain as the kinds of its links, what they stand on in brackets."""
    below = " ".join(shape(one) for one in link.stands_on)
    return f"{link.kind}({below})" if below else link.kind


VISIT = "visit(scan scan shift(publication))"


def test_a_figure_goes_back_to_its_scans_and_its_publication(cast: Cast, visit: UUID) -> None:
    number = registry.volunteer(cast.lin.volunteer()).number

    minutes, pending = tracing.chain(number, limit=5)

    assert shape(minutes) == shape(pending) == f"figure(transfer({VISIT}))"
    assert minutes.says == f"{number} holds 120 verified minutes (volunteer): the sum of 1 transfers"
    assert pending.says == f"{number} holds 2 coins (pending): the sum of 1 transfers"
    transfer = minutes.stands_on[0]
    assert transfer.says.startswith("120 verified minutes from issuer to volunteer: ")
    assert transfer.stands_on[0].says.startswith(
        "came 2019-03-20 09:30, left 2019-03-20 11:30; 120 minutes by "
    )


def test_every_record_on_the_way_can_be_asked(cast: Cast, visit: UUID) -> None:
    holder = cast.lin.volunteer()
    facts = visits.visit(visit)
    assert facts is not None
    sign_up = activities.sign_up(facts.shift_id, holder)
    assert sign_up is not None
    (transfer, *_) = books.by_source(f"visit:{holder}:{visit}")

    shapes = {
        key: [shape(link) for link in tracing.chain(str(key), limit=5)]
        for key in (transfer.id, visit, facts.came_scan, sign_up.id, facts.shift_id)
    }

    assert shapes == {
        transfer.id: [f"transfer({VISIT})"],
        visit: [VISIT],
        facts.came_scan: [f"scan({VISIT})"],
        sign_up.id: ["sign_up(shift(publication))"],
        facts.shift_id: ["shift(publication)"],
    }


def test_a_reversal_leads_to_what_it_takes_back(cast: Cast, visit: UUID, at: datetime) -> None:
    holder = cast.lin.volunteer()
    (transfer, *_) = books.by_source(f"visit:{holder}:{visit}")
    back = ledger.reverse(
        holder, transfer.id, id=new_id(), reason="counted twice", source="decision:12", at=at
    )

    (chain,) = tracing.chain(str(back), limit=5)

    assert shape(chain) == f"transfer(transfer({VISIT}) source)"


def test_a_chain_is_printed_step_by_step(cast: Cast, visit: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    (chain,) = tracing.chain(str(visit), limit=5)

    trace.show(chain)

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["<-", "scan"],
        ["<-", "scan"],
        ["<-", "shift"],
        ["<-", "publication"],
    ]
    assert lines[0].startswith(f"visit {visit}: came 2019-03-20 09:30, left 2019-03-20 11:30; ")
    assert lines[4].startswith("   <- publication ")


def test_only_the_newest_transfers_of_a_figure_are_followed(cast: Cast, visit: UUID) -> None:
    number = registry.volunteer(cast.lin.volunteer()).number

    minutes, _ = tracing.chain(number, limit=0)

    assert minutes.says.endswith("the sum of 1 transfers, the newest 0 follow")
    assert minutes.stands_on == ()


def test_somebody_without_a_transfer_holds_nothing(cast: Cast) -> None:
    number = registry.volunteer(cast.stranger.volunteer()).number

    (link,) = tracing.chain(number, limit=5)

    assert shape(link) == "figure"


@pytest.mark.parametrize("name", ["HZ0000000000", "nonsense", str(id_of("nothing")), ""])
def test_what_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(tracing.NothingToTrace):
        tracing.chain(name, limit=5)
