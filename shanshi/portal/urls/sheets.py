"""Excel lists in and out."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import sent_lists, sheets

_PEOPLE = "organizations/<uuid:organization_id>/lists/people/<str:people>"
_ACTIVITIES = "organizations/<uuid:organization_id>/lists/activities"
_ROSTER = "lead/shifts/<uuid:shift_id>/list"
_STREET = "streets/<uuid:street_id>/lists/<str:goods>"

urlpatterns: list[URLPattern] = [
    path(_PEOPLE, sheets.people, name="people-list"),
    path(f"{_PEOPLE}/template", sheets.people_template, name="people-list-template"),
    path(f"{_PEOPLE}/send", sheets.people_send, name="people-list-send"),
    path(f"{_PEOPLE}/export", sheets.people_export, name="people-list-export"),
    path(f"{_PEOPLE}/names", sheets.people_names, name="people-list-names"),
    path(_ACTIVITIES, sheets.activities, name="activity-list"),
    path(f"{_ACTIVITIES}/template", sheets.activities_template, name="activity-list-template"),
    path(f"{_ACTIVITIES}/send", sheets.activities_send, name="activity-list-send"),
    path(f"{_ACTIVITIES}/export", sheets.activities_export, name="activity-list-export"),
    path(_ROSTER, sheets.roster, name="roster-list"),
    path(f"{_ROSTER}/template", sheets.roster_template, name="roster-list-template"),
    path(f"{_ROSTER}/send", sheets.roster_send, name="roster-list-send"),
    path(f"{_ROSTER}/export", sheets.roster_export, name="roster-list-export"),
    path(_STREET, sheets.street, name="street-list"),
    path(f"{_STREET}/template", sheets.street_template, name="street-list-template"),
    path(f"{_STREET}/send", sheets.street_send, name="street-list-send"),
    path(f"{_STREET}/export", sheets.street_export, name="street-list-export"),
    path("lists/<uuid:list_id>", sent_lists.sent_list, name="sent-list"),
    path("lists/<uuid:list_id>/progress", sent_lists.progress, name="sent-list-progress"),
    path("lists/<uuid:list_id>/take", sent_lists.take, name="sent-list-take"),
    path("lists/<uuid:list_id>/undo", sent_lists.undo, name="sent-list-undo"),
    path("lists/<uuid:list_id>/drop", sent_lists.drop, name="sent-list-drop"),
]
