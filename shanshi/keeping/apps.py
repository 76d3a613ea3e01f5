"""App of the room."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """App of what is kept how long."""

    name = "shanshi.keeping"
    label = "keeping"
