"""Background work of the ground; thin."""

from __future__ import annotations

from shanshi.foundation import clock, proposals
from shanshi.foundation.jobs import app


@app.periodic(cron="7 * * * *")
@app.task(name="foundation.lapse_proposals", queueing_lock="foundation.lapse_proposals")
def lapse_proposals(timestamp: int) -> None:
    """Each hour: proposals that nobody decided in time are closed."""
    proposals.lapse(at=clock.now())
