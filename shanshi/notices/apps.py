"""The room of notices and their deliveries."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """App of the notices."""

    name = "shanshi.notices"
    label = "notices"
