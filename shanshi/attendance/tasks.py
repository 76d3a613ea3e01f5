"""Jobs of the room: coins that have waited long enough, visits that nobody closed."""

from __future__ import annotations

from shanshi.attendance import operations
from shanshi.foundation import clock
from shanshi.foundation.jobs import app


@app.periodic(cron="* * * * *")
@app.task(name="attendance.settle", queueing_lock="attendance.settle", pass_context=False)
def settle(timestamp: int) -> None:
    """Release the coins of visits that were confirmed long enough ago."""
    operations.settle(at=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="attendance.close_forgotten", queueing_lock="attendance.close_forgotten", pass_context=False)
def close_forgotten(timestamp: int) -> None:
    """Close the visits whose time for checking out has passed."""
    operations.close_forgotten(at=clock.now())


@app.periodic(cron="13 9 * * *", periodic_id="attendance.tell_expiring")
@app.task(name="attendance.tell_expiring", queueing_lock="attendance.tell_expiring", pass_context=False)
def tell_expiring(timestamp: int) -> None:
    """Each morning: who has coins that end soon is told, once for each year of coins."""
    operations.tell_expiring(at=clock.now())
