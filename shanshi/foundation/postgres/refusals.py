"""What can be wrong with a database before the product has one. Each is one sentence and a way out."""

from __future__ import annotations

from shanshi.kernel.errors import N_, DomainError


class PostgresProblem(DomainError):
    """There is no database to work with."""

    code = "foundation.postgres_problem"
    says = N_("The database cannot be used.")


class NoBinaries(PostgresProblem):
    """No PostgreSQL programs where they should be."""

    code = "foundation.no_postgres_binaries"
    says = N_("There are no PostgreSQL programs in {place}.")
    way = N_("Name the folder that holds initdb and postgres in SHANSHI_PG_BIN, or set DATABASE_URL.")


class NoUnprivilegedUser(PostgresProblem):
    """Root may not run PostgreSQL, and there is nobody to run it as."""

    code = "foundation.no_unprivileged_user"
    says = N_("PostgreSQL refuses to run as root, and it could not be run as the user nobody: {reason}.")
    way = N_("Start as an ordinary user, or set DATABASE_URL.")


class HomeNotWritable(PostgresProblem):
    """The data folder belongs to somebody else."""

    code = "foundation.home_not_writable"
    says = N_("The data folder {place} cannot be written by this user.")
    way = N_("Start as its owner, or choose another folder with SHANSHI_HOME.")


class DiskFull(PostgresProblem):
    """No room is left for the data."""

    code = "foundation.disk_full"
    says = N_("The disk is full: {place} has {free_mb} MB left, and {needed_mb} MB are needed.")
    way = N_("Free some space, or choose a folder on another disk with SHANSHI_HOME.")


class DataFromOtherVersion(PostgresProblem):
    """The data were written by another major version."""

    code = "foundation.data_from_other_version"
    says = N_("The data in {place} were written by PostgreSQL {written}, and the programs here are {have}.")
    way = N_("Use programs of that version with SHANSHI_PG_BIN, or dump and restore the data.")


class ServerBusy(PostgresProblem):
    """Another start or stop of the same server does not end."""

    code = "foundation.server_busy"
    says = N_("Somebody else is starting or stopping the database in {place}.")
    way = N_("Wait until that has ended, and try again.")


class ServerDidNotStart(PostgresProblem):
    """The server ended, or did not answer in time."""

    code = "foundation.server_did_not_start"
    says = N_("The embedded PostgreSQL did not start: {reason}.")
    way = N_("Its log is {log}.")


class NotRunning(PostgresProblem):
    """The embedded server is not running now."""

    code = "foundation.postgres_not_running"
    says = N_("The embedded PostgreSQL of {place} is not running.")
    way = N_("It runs while shanshi serve does: start that first.")


class ServerUnreachable(PostgresProblem):
    """No answer at the address in DATABASE_URL."""

    code = "foundation.server_unreachable"
    says = N_("The database at {address} does not answer: {reason}.")
    way = N_("Check DATABASE_URL and that the server runs.")


class ServerTooOld(PostgresProblem):
    """The server is older than what the product needs."""

    code = "foundation.server_too_old"
    says = N_("The database at {address} is PostgreSQL {have}; version {needed} or later is needed.")
    way = N_("Upgrade the server, or set DATABASE_URL to a newer one.")


class DatabaseNotReady(PostgresProblem):
    """The database lacks something that only its administrator can give."""

    code = "foundation.database_not_ready"
    says = N_("The database at {address} lacks what Shanshi needs: {reason}.")
    way = N_("Let its administrator run: {statement}")
