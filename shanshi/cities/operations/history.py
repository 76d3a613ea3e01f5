"""What happened before the clock starts: sign-ups, visits, confirmations, coins and redemptions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from shanshi.activities import operations as activities
from shanshi.attendance import operations as attendance
from shanshi.attendance import rules as attendance_rules
from shanshi.attendance.operations.stamps import StampRow, record_stamps
from shanshi.cities.operations.register import SOURCE, Load, on_line, write_located
from shanshi.cities.rules.case import Shift
from shanshi.cities.rules.drawing.visits import CONFIRMED_AFTER, Turn
from shanshi.cities.rules.shapes import ActivityRow, WrittenState
from shanshi.kernel.errors import N_
from shanshi.kernel.ids import id_of
from shanshi.ledger import operations as ledger
from shanshi.ledger import queries as books
from shanshi.ledger.rules import Account, Kind, Posting, Unit
from shanshi.policies import queries as policies
from shanshi.rewards import operations as rewards

AT_ONCE: Final = 4_000
CLOSED_AFTER: Final = timedelta(days=2)
EXPIRED: Final = N_("Coins expired")


def sign_up(load: Load) -> None:
    """Give the placed their places, shift by shift in the order of arrival; who is too many waits."""
    placed: list[Turn] = []
    waiting: list[Turn] = []
    taken: dict[Shift, int] = defaultdict(int)
    for turn in load.drawing.turns:
        taken[turn.shift] += 1
        (placed if taken[turn.shift] <= turn.shift.capacity else waiting).append(turn)
    for start in range(0, len(placed), AT_ONCE):
        some = placed[start : start + AT_ONCE]
        write_located(
            [
                activities.Placement(
                    load.activities[turn.shift.activity],
                    load.shifts[turn.shift],
                    load.holder(turn.person),
                    turn.signed_up_at,
                )
                for turn in some
            ],
            [_line(turn) for turn in some],
            lambda rows: activities.place_all(rows, by=load.by, source=SOURCE),
        )
        load.tell(len(some), "Sign-ups 报名")
    for turn in waiting:
        with on_line(*_line(turn)):
            activities.sign_up(
                load.shifts[turn.shift],
                holder_id=load.holder(turn.person),
                by=load.people[turn.person].actor,
                at=turn.signed_up_at,
                source=SOURCE,
            )


def record_visits(load: Load) -> None:
    """Write the visits with a scan for each end."""
    came = [turn for turn in load.drawing.turns if turn.came_at is not None]
    for start in range(0, len(came), AT_ONCE):
        some = came[start : start + AT_ONCE]
        rows = [_visit(load, turn) for turn in some]
        try:
            attendance.record_visits(rows, source=SOURCE, by=load.by, at=load.at)
        except attendance_rules.VisitImpossible as refused:
            number = refused.facts.get("number")
            line = _line(some[number - 1]) if isinstance(number, int) else ("sign_ups.csv", 0)
            with on_line(*line):
                raise
        load.tell(len(some), "Visits 签到签退")


def stamp(load: Load) -> None:
    """Let the booths of events stamp some of those who came and left, spread over each one's visit.

    Who was stamped follows from the names alone, so that the same files give the same stamps.
    """
    rows: list[StampRow] = []
    for activity in load.case.activities:
        came = [turn for turn in load.drawing.turns if turn.shift.activity == activity.id and turn.left_at]
        for number, booth in enumerate(activity.booths):
            for turn in came if booth.stamped_per_mille else ():
                assert turn.came_at is not None
                assert turn.left_at is not None
                drawn = int(id_of("stamp", activity.id, booth.name, turn.person)) % 1000
                if drawn < booth.stamped_per_mille:
                    apart = (turn.left_at - turn.came_at) / (len(activity.booths) + 1)
                    at = (turn.came_at + apart * (number + 1)).replace(microsecond=0)
                    rows.append(StampRow(load.holder(turn.person), load.booths[activity.id][number], at))
    if rows:
        record_stamps(rows, source=SOURCE, by=load.by, at=load.at)


def confirm(load: Load) -> None:
    """Let each leader confirm the shifts when they are over, and release the coins that are due."""
    by_leader: dict[str, dict[UUID, datetime]] = defaultdict(dict)
    for row in load.case.activities:
        for shift in load.case.shifts[row.id]:
            moment = shift.ends_at + CONFIRMED_AFTER
            if row.state == WrittenState.PUBLISHED and moment < load.case.clock and not _is_left(row, shift):
                by_leader[row.in_charge][load.shifts[shift]] = moment
    for leader, moments in by_leader.items():
        attendance.confirm_many(moments, by=load.people[leader].actor, at=load.at)
        load.tell(len(moments), "Confirmed hours 时长认定")
    load.tell(0, "Coins released 益币到账")
    attendance.settle(at=load.at)
    _close(load)


def _close(load: Load) -> None:
    for row in load.case.activities:
        last = load.case.shifts[row.id][-1].ends_at + CLOSED_AFTER
        if row.state == WrittenState.PUBLISHED and last < load.case.clock and row.unconfirmed_since is None:
            with on_line(row.file, row.line):
                activities.close(load.activities[row.id], by=load.people[row.in_charge].actor, at=last)


def redeem(load: Load) -> None:
    """Write the redemptions in order of time."""
    purchases = load.drawing.purchases
    write_located(
        [
            rewards.RecordedRedemption(
                load.holder(purchase.person), load.offers[purchase.offer], purchase.redeemed_at
            )
            for purchase in purchases
        ],
        [
            ("redemptions.csv" if purchase.line else "population.yaml", purchase.line)
            for purchase in purchases
        ],
        lambda rows: rewards.record_redemptions(rows, by=load.by, at=load.at, source=SOURCE),
    )
    load.tell(len(purchases), "Redemptions 兑换")


def expire(load: Load) -> None:
    """Let the coins of past years lapse that nobody spent in time, each on the day after its last.

    Source: policy "coins", years_kept_after_earning.
    """
    holders = {load.holder(turn.person) for turn in load.drawing.turns if turn.came_at is not None}
    today = load.case.today
    postings = []
    for holder_id, balances in books.balances_of(holders).items():
        for year, units in sorted(balances.coin_units_by_year.items()):
            coins = policies.in_force("coins", date(year, 12, 31))
            lapsed_on = date(year + coins.values["years_kept_after_earning"] + 1, 1, 1)
            if units and lapsed_on <= today:
                postings.append(
                    Posting(
                        id=id_of("expiry", holder_id, year),
                        holder_id=holder_id,
                        giver=Account(Kind.VOLUNTEER, holder_id, Unit.COIN, year),
                        taker=Account(Kind.EXPIRED, id_of("city", load.case.case.city), Unit.COIN, year),
                        amount=units,
                        source=f"expiry:{year}",
                        reason=EXPIRED,
                        policy=coins.version,
                        happened_at=datetime.combine(lapsed_on, time(), load.case.zone),
                    )
                )
    for start in range(0, len(postings), AT_ONCE):
        ledger.post(postings[start : start + AT_ONCE], at=load.at)


def _is_left(row: ActivityRow, shift: Shift) -> bool:
    return row.unconfirmed_since is not None and shift.starts_at.date() >= row.unconfirmed_since


def _line(turn: Turn) -> tuple[str, int]:
    return ("sign_ups.csv", turn.line) if turn.line else ("population.yaml", 0)


def _visit(load: Load, turn: Turn) -> attendance.VisitRow:
    assert turn.came_at is not None
    return attendance.VisitRow(
        shift_id=load.shifts[turn.shift],
        activity_id=load.activities[turn.shift.activity],
        holder_id=load.holder(turn.person),
        came_at=turn.came_at,
        left_at=turn.left_at,
    )
