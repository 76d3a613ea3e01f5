"""Why a case is not loaded although nothing is wrong with it."""

from __future__ import annotations

from shanshi.kernel.errors import N_, DomainError


class NotInProduction(DomainError):
    """Production takes no visits of the past, whoever asks."""

    code = "cities.not_in_production"
    says = N_("A case holds past visits, which production refuses.")
    way = N_("Load it where SHANSHI_MODE is demo.")


class NotEmpty(DomainError):
    """The database holds something that is no demo."""

    code = "cities.not_empty"
    says = N_("This database is in use and not marked as a demo, so no case is loaded into it.")
    way = N_("Give an empty database, with SHANSHI_HOME or DATABASE_URL.")


class AlreadyLoaded(DomainError):
    """A case is in this database already."""

    code = "cities.already_loaded"
    says = N_("A case has been loaded into this database already.")
    way = N_("Give an empty database, with SHANSHI_HOME or DATABASE_URL.")
