"""The background worker, as the service starts it: `python -m shanshi.cli.running.worker`."""

from __future__ import annotations

import asyncio

import django

POLL_S = 2.0
CONCURRENCY = 2
GRACE_S = 10


async def work() -> None:
    """Take jobs until told to end. It polls: a NOTIFY for each job would lock every commit."""
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from shanshi.foundation.jobs import app

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as live:
        async with live.open_async():
            await live.run_worker_async(
                listen_notify=False,
                fetch_job_polling_interval=POLL_S,
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=GRACE_S,
                delete_jobs="successful",
            )


if __name__ == "__main__":
    django.setup()
    asyncio.run(work())
