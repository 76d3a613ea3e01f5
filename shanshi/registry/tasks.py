"""Jobs of the room: what people are told outside of the platform."""

from __future__ import annotations

from shanshi.foundation import clock
from shanshi.foundation.jobs import app
from shanshi.registry import operations


@app.periodic(cron="* * * * *", periodic_id="registry.deliver")
@app.task(name="registry.deliver", queueing_lock="registry.deliver", pass_context=False)
def deliver(timestamp: int) -> None:
    """Each minute: decide where new notices go, and send what is due."""
    operations.deliver(at=clock.now())
