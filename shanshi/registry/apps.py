"""Who people are: volunteers, guardians, organizations, roles."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """App of the registry."""

    name = "shanshi.registry"
    label = "registry"
