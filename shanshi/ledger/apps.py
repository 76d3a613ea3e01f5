"""The Django app of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """App of the books."""

    name = "shanshi.ledger"
    label = "ledger"
