"""Activities as an app of Django."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """App of the activities room."""

    name = "shanshi.activities"
    label = "activities"
