"""Why `shanshi serve` does not begin."""

from __future__ import annotations

import psycopg

from shanshi.kernel.errors import N_, DomainError


class PortInUse(DomainError):
    """Somebody else answers at the address."""

    code = "cli.port_in_use"
    says = N_("Port {port} on {host} is in use by another program.")
    way = N_("Choose another: PORT={other} make demo.")


class AddressNotOurs(DomainError):
    """The system does not give us this address."""

    code = "cli.address_not_ours"
    says = N_("This user cannot listen on port {port} of {host}: {reason}.")
    way = N_("Choose another port above 1023, or another host.")


class AlreadyServing(DomainError):
    """This data home is served already."""

    code = "cli.already_serving"
    says = N_("Shanshi already runs from {home}, as process {process}, on {address}.")
    way = N_("End that one first, or give this one another SHANSHI_HOME and PORT.")


class DemoOnlyAtHome(DomainError):
    """A demo lets anyone be anyone, so it is for this machine only."""

    code = "cli.demo_only_at_home"
    says = N_("The demo lets anybody sign in as anybody, so it listens on this machine only, not on {host}.")
    way = N_("Use --host 127.0.0.1, or serve without --demo.")


class MigrationFailed(DomainError):
    """The tables could not be brought up to date."""

    code = "cli.migration_failed"
    says = N_("The tables could not be brought up to date: {reason}.")
    way = N_("Nothing has been changed by the step that failed; shanshi serve tries again.")


class DatabaseFull(DomainError):
    """The database's disk has no room left."""

    code = "cli.database_full"
    says = N_("The disk of the database is full: {reason}.")
    way = N_("Free some space there and start again; what was written is safe.")


class DatabaseLost(DomainError):
    """The database stopped answering while a command worked."""

    code = "cli.database_lost"
    says = N_("The database stopped answering: {reason}.")
    way = N_("What was not finished has been undone; try again when it answers.")


class ChildKeepsEnding(DomainError):
    """A part of the service ends as soon as it is started."""

    code = "cli.child_keeps_ending"
    says = N_("The {name} ended {times} times within a minute (the last time with status {status}).")
    way = N_("What it said is above; everything has been stopped.")


class DoesNotAnswer(DomainError):
    """The web server runs, but its first page does not come."""

    code = "cli.does_not_answer"
    says = N_("The web server does not answer at {address}: {reason}.")
    way = N_("What it said is above; everything has been stopped.")


def of_database(error: Exception) -> DomainError:
    """Return what to say about an operational error of the database, the driver's or Django's around it."""
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    if isinstance(error.__cause__ or error, psycopg.errors.DiskFull):
        return DatabaseFull(reason=reason)
    return DatabaseLost(reason=reason)
