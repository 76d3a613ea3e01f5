"""The room of lists from Excel."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """App of the imports."""

    name = "shanshi.imports"
    label = "imports"
