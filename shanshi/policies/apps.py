"""The dated values of the rulebook, with their sources."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """App of the policies."""

    name = "shanshi.policies"
    label = "policies"
