"""The design room as a Django app: templates, static files and template tags."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Base template, components, gallery, behaviours and tags."""

    name = "shanshi.design"
    label = "design"
