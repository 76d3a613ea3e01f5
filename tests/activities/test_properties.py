"""Whatever people do in whatever order: the counts are the rows, and nobody overtakes anybody."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanshi.activities import models, operations
from shanshi.kernel.errors import DomainError

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sign_up", "sign_up", "withdraw", "accept", "lapse", "capacity"]), st.integers(0, 5)
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_counts_are_rows_and_the_order_holds(published, people, cast, at, tomorrow, steps):
    everybody, _ = people(6), (cast.wu, cast.xu)
    with transaction.atomic():
        (shift,) = published(tomorrow(capacity=2))
        moment = at
        for step, number in steps:
            who = everybody[number]
            moment += timedelta(minutes=20)
            try:
                if step == "lapse":
                    operations.lapse_offers(by=cast.loader, at=moment)
                elif step == "capacity":
                    operations.change_shift(
                        shift, operations.ShiftChange(capacity=1 + number), by=cast.wu, at=moment
                    )
                else:
                    getattr(operations, step)(shift, holder_id=who.holder_id, by=who, at=moment)
            except DomainError:
                pass
            check(shift, moment)
        transaction.set_rollback(True)


def check(shift_id, moment):
    shift = models.Shift.objects.get(id=shift_id)
    rows = list(models.SignUp.objects.filter(shift_id=shift_id).order_by("arrival"))
    having = [row for row in rows if row.state in {"placed", "offered"}]
    waiting = [row for row in rows if row.state == "waiting"]
    assert (shift.taken, shift.waiting, shift.arrivals) == (len(having), len(waiting), len(rows))
    assert shift.taken <= shift.capacity
    # A place is free only when nobody waits, and whoever waits came after everybody who was offered a place.
    assert shift.taken == shift.capacity or not waiting
    offered = [row.arrival for row in rows if row.state == "offered"]
    assert not offered or not waiting or max(offered) < min(row.arrival for row in waiting)
