"""The design room alone, so that its pages are tested before and without all others."""

from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("design/", include("shanshi.design.urls")),
]
