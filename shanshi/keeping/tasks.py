"""Jobs: each hour what lives for minutes, each night everything."""

from __future__ import annotations

from shanshi.foundation import clock
from shanshi.foundation.jobs import app
from shanshi.keeping import operations


@app.periodic(cron="17 * * * *", periodic_id="keeping.hourly")
@app.task(name="keeping.hourly", queueing_lock="keeping.hourly", pass_context=False)
def hourly(timestamp: int) -> None:
    """Codes, sessions, tokens, repeated requests and counts of tries that are over."""
    operations.expire(at=clock.now(), real_at=clock.real_now(), often_only=True)


@app.periodic(cron="41 3 * * *", periodic_id="keeping.nightly")
@app.task(name="keeping.nightly", queueing_lock="keeping.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Every class; what is written once is only counted, since the application may not delete it."""
    operations.expire(at=clock.now(), real_at=clock.real_now())
