"""Where things are: divisions with dates, venues, stations, partner streets."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """App of the places."""

    name = "shanshi.places"
    label = "places"
