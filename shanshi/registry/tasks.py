"""Jobs of the registry: codes and tokens that have expired are swept away."""

from __future__ import annotations

from shanshi.foundation import clock
from shanshi.foundation.jobs import app
from shanshi.registry import operations


@app.periodic(cron="27 * * * *", periodic_id="registry.forget_old")
@app.task(name="registry.forget_old", queueing_lock="registry.forget_old", pass_context=False)
def forget_old(timestamp: int) -> None:
    """Each hour: codes and tokens that nobody can use any more."""
    operations.forget_old(at=clock.real_now())
