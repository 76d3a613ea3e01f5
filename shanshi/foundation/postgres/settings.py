"""The settings of the embedded server: a laptop that serves a city's demo, and the same for tests."""

from __future__ import annotations

from pathlib import Path

SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "max_connections": "100",
    "shared_buffers": "'256MB'",
    "effective_cache_size": "'1GB'",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "wal_compression": "on",
    "max_wal_size": "'1GB'",
    "checkpoint_timeout": "'15min'",
    "random_page_cost": "1.1",
    "jit": "off",
    # Parallel queries share memory through /dev/shm, of which a container has 64 MB.
    "max_parallel_workers_per_gather": "0",
    "shared_preload_libraries": "'pg_stat_statements'",
    "log_min_duration_statement": "'2s'",
}
# Tests may lose everything at a crash, and need not wait for the disk.
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "'128MB'",
    "autovacuum_naptime": "'5min'",
    "log_min_duration_statement": "-1",
}


def written(socket_dir: Path, *, for_tests: bool) -> str:
    """Return the text of postgresql.conf."""
    settings = SETTINGS | (TEST_SETTINGS if for_tests else {})
    lines = [
        "# Written at every start. Settings of your own go into custom.conf beside this file.",
        *(f"{name} = {value}" for name, value in settings.items()),
        f"unix_socket_directories = '{quoted(socket_dir)}'",
        "include_if_exists = 'custom.conf'",
    ]
    return "\n".join(lines) + "\n"


def quoted(path: Path) -> str:
    """Return a path as PostgreSQL's settings want it between single quotes."""
    return str(path).replace("\\", "\\\\").replace("'", "''")
