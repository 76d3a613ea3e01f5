"""Background work of the waiting lists; thin."""

from __future__ import annotations

from shanshi.activities import operations
from shanshi.foundation import clock
from shanshi.foundation.actor import system
from shanshi.foundation.jobs import app


@app.periodic(cron="* * * * *")
@app.task(name="activities.lapse_offers", queueing_lock="activities.lapse_offers")
def lapse_offers(timestamp: int) -> None:
    """Each minute: places that nobody accepted in time go to the next ones."""
    operations.lapse_offers(by=system("activities.lapse_offers"), at=clock.now())


@app.periodic(cron="*/15 * * * *", periodic_id="activities.remind")
@app.task(name="activities.remind", queueing_lock="activities.remind")
def remind(timestamp: int) -> None:
    """Each quarter of an hour of the evening: everybody who has a place tomorrow is told, each once."""
    operations.remind(at=clock.now())
