"""The Django ground of the house."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """App of the ground."""

    name = "shanshi.foundation"
    label = "foundation"
