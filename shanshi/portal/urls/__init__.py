"""Pages of the portal, a file for each kind of person. Pages of the demo exist only in a demo."""

from django.conf import settings
from django.urls.resolvers import URLPattern

from shanshi.portal.urls import (
    demo,
    finding,
    lead,
    mine,
    notices,
    organizations,
    own_data,
    programs,
    rest,
    sheets,
    staff,
    street,
    till,
)

app_name = "portal"

urlpatterns: list[URLPattern] = [
    *mine.urlpatterns,
    *finding.urlpatterns,
    *street.urlpatterns,
    *programs.urlpatterns,
    *own_data.urlpatterns,
    *notices.urlpatterns,
    *lead.urlpatterns,
    *organizations.urlpatterns,
    *sheets.urlpatterns,
    *till.urlpatterns,
    *staff.urlpatterns,
    *rest.urlpatterns,
]

if settings.SHANSHI_DEMO:
    urlpatterns += demo.urlpatterns
