"""Leaders: planning, the door, the roster."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views.lead import desk, doors, planning, rosters, shifts

urlpatterns: list[URLPattern] = [
    path("lead", desk.desk, name="shifts"),
    path("lead/confirm", desk.confirm_each, name="lead-confirm"),
    path("lead/new", planning.new, name="lead-new"),
    path("lead/templates/<uuid:template_id>/remove", planning.remove_template, name="template-remove"),
    path("lead/activities/<uuid:activity_id>", planning.activity, name="lead-activity"),
    path("lead/activities/<uuid:activity_id>/change", planning.change, name="lead-change"),
    path("lead/activities/<uuid:activity_id>/submit", planning.submit, name="lead-submit"),
    path("lead/activities/<uuid:activity_id>/cancel", planning.cancel, name="lead-cancel"),
    path("lead/activities/<uuid:activity_id>/template", planning.keep_template, name="template-keep"),
    path("lead/activities/<uuid:activity_id>/shifts", shifts.add_shift, name="lead-add-shift"),
    path("lead/activities/<uuid:activity_id>/shifts/several", shifts.several, name="lead-shifts"),
    path("lead/activities/<uuid:activity_id>/shifts/series", shifts.series, name="lead-series"),
    path("lead/shifts/<uuid:shift_id>/change", shifts.change, name="lead-shift"),
    path("lead/shifts/<uuid:shift_id>/cancel", shifts.cancel, name="lead-shift-cancel"),
    path("lead/shifts/<uuid:shift_id>", rosters.roster, name="roster"),
    path("lead/shifts/<uuid:shift_id>/confirm", rosters.confirm, name="roster-confirm"),
    path("lead/shifts/<uuid:shift_id>/paper", rosters.paper, name="roster-paper"),
    path("lead/shifts/<uuid:shift_id>/badges", rosters.badges, name="roster-badges"),
    path("lead/shifts/<uuid:shift_id>/message", rosters.message, name="roster-message"),
    path("lead/shifts/<uuid:shift_id>/substitute", rosters.substitute, name="substitute"),
    path("lead/shifts/<uuid:shift_id>/substitute/end", rosters.end_substitute, name="substitute-end"),
    path("lead/shifts/<uuid:shift_id>/door", doors.door, name="door"),
    path("lead/shifts/<uuid:shift_id>/door/wall", doors.wall, name="door-wall"),
    path("lead/shifts/<uuid:shift_id>/door/code", doors.code, name="door-code"),
    path("lead/shifts/<uuid:shift_id>/door/counts", doors.counts, name="door-counts"),
    path("lead/shifts/<uuid:shift_id>/door/scan", doors.scan, name="door-scan"),
    path("lead/shifts/<uuid:shift_id>/door/undo", doors.undo, name="door-undo"),
]
