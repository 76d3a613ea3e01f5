"""Programs, stations and events with booths."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import booths, programs, stations

urlpatterns: list[URLPattern] = [
    path("programs", programs.listed, name="programs"),
    path("programs/new", programs.new, name="program-new"),
    path("programs/<uuid:program_id>", programs.program, name="program"),
    path("programs/<uuid:program_id>/change", programs.change, name="program-change"),
    path("programs/<uuid:program_id>/figures", programs.figures, name="program-figures"),
    path("programs/<uuid:program_id>/figures/away", programs.figure_away, name="program-figure-away"),
    path("programs/<uuid:program_id>/projects/new", programs.new_project, name="project-new"),
    path("projects/<uuid:project_id>/change", programs.change_project, name="project-change"),
    path("stations", stations.listed, name="stations"),
    path("stations/<uuid:station_id>", stations.station, name="station"),
    path("activities/<uuid:activity_id>/booths", booths.listed, name="booths"),
    path("lead/booths", booths.mine, name="booths-mine"),
    path("lead/activities/<uuid:activity_id>/booths", booths.keep, name="booths-keep"),
    path("lead/booths/<uuid:booth_id>/change", booths.change, name="booth-change"),
    path("lead/booths/<uuid:booth_id>/remove", booths.remove, name="booth-remove"),
    path("lead/booths/<uuid:booth_id>/door", booths.door, name="booth-door"),
    path("lead/booths/<uuid:booth_id>/door/code", booths.code, name="booth-code"),
    path("lead/booths/<uuid:booth_id>/door/stamps", booths.stamps, name="booth-stamps"),
    path("lead/booths/<uuid:booth_id>/door/scan", booths.scan, name="booth-scan"),
]
