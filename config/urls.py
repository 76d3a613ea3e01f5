"""A line per room."""

from django.urls import include, path

from shanshi.api.urls import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("design/", include("shanshi.design.urls")),
    path("", include("shanshi.registry.urls")),
    path("", include("shanshi.registry.urls.allauth")),
    path("", include("shanshi.keeping.urls")),
    path("", include("shanshi.portal.urls")),
]

handler400 = "shanshi.foundation.sizes.unreadable"
handler403 = "shanshi.foundation.problems.forbidden"
handler500 = "shanshi.foundation.doors.broken"
