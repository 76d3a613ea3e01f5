"""The pages of the house."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """App of the portal."""

    name = "shanshi.portal"
    label = "portal"
