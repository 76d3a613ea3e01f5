"""Background jobs of the rewards."""

from __future__ import annotations

from shanshi.foundation import clock
from shanshi.foundation.jobs import app
from shanshi.rewards import operations


@app.periodic(cron="* * * * *", periodic_id="rewards.expire")
@app.task(name="rewards.expire", queueing_lock="rewards.expire", pass_context=False)
def expire(timestamp: int) -> None:
    """Give back, each minute, what was not collected in time."""
    while operations.expire(at=clock.now(), real_at=clock.real_now()):
        pass


@app.periodic(cron="*/10 * * * *", periodic_id="rewards.tell_appointments")
@app.task(name="rewards.tell_appointments", queueing_lock="rewards.tell_appointments", pass_context=False)
def tell_appointments(timestamp: int) -> None:
    """Each ten minutes: whose appointment fell away, and in the evening whose is tomorrow; each once."""
    operations.tell_appointments(at=clock.now())
