"""Leaders: planning, the door, the roster."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import lead

urlpatterns: list[URLPattern] = [
    path("lead", lead.desk, name="shifts"),
    path("lead/new", lead.new, name="lead-new"),
    path("lead/activities/<uuid:activity_id>", lead.activity, name="lead-activity"),
    path("lead/activities/<uuid:activity_id>/change", lead.change, name="lead-change"),
    path("lead/activities/<uuid:activity_id>/shifts", lead.add_shift, name="lead-add-shift"),
    path("lead/activities/<uuid:activity_id>/submit", lead.submit, name="lead-submit"),
    path("lead/activities/<uuid:activity_id>/cancel", lead.cancel, name="lead-cancel"),
    path("lead/shifts/<uuid:shift_id>", lead.roster, name="roster"),
    path("lead/shifts/<uuid:shift_id>/confirm", lead.confirm, name="roster-confirm"),
    path("lead/shifts/<uuid:shift_id>/door", lead.door, name="door"),
    path("lead/shifts/<uuid:shift_id>/door/code", lead.door_code, name="door-code"),
    path("lead/shifts/<uuid:shift_id>/door/counts", lead.door_counts, name="door-counts"),
    path("lead/shifts/<uuid:shift_id>/door/scan", lead.door_scan, name="door-scan"),
]
