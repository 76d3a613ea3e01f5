"""The room of merchants, offers and redemptions."""

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """App of the rewards."""

    name = "shanshi.rewards"
    label = "rewards"
