"""Jobs of the ground: what is kept for a day is forgotten after it."""

from __future__ import annotations

from procrastinate import builtin_tasks
from procrastinate.job_context import JobContext

from shanshi.foundation import clock, idempotency, limits
from shanshi.foundation.jobs import app

_JOBS_KEPT_HOURS = 72


@app.periodic(cron="17 * * * *", periodic_id="foundation.forget_old")
@app.task(name="foundation.forget_old", queueing_lock="foundation.forget_old")
def forget_old(timestamp: int) -> None:
    """Each hour: answers to repeated requests, and counts of tries, that are too old to matter."""
    idempotency.forget_old(at=clock.real_now())
    limits.forget_old(at=clock.real_now())


@app.periodic(cron="23 4 * * *", periodic_id="foundation.forget_jobs")
@app.task(name="foundation.forget_jobs", queueing_lock="foundation.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Each night: jobs that ended days ago."""
    await builtin_tasks.remove_old_jobs(context, max_hours=_JOBS_KEPT_HOURS, remove_failed=True)
