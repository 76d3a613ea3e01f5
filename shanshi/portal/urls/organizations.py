"""Reviewers, managers and the offices of districts: what waits, organizations, who belongs, districts."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import districts, members, membership, organizations, review

urlpatterns: list[URLPattern] = [
    path("review", review.queue, name="queue"),
    path("review/decide", review.decide, name="review-decide"),
    path("review/proposals/<uuid:proposal_id>", review.proposal, name="review-proposal"),
    path("review/<uuid:activity_id>", review.activity, name="review-activity"),
    path("review/<uuid:activity_id>/publish", review.publish, name="review-publish"),
    path("review/<uuid:activity_id>/return", review.send_back, name="review-return"),
    path("organizations", organizations.listed, name="organizations"),
    path("organizations/<uuid:organization_id>", organizations.organization, name="organization"),
    path("organizations/<uuid:organization_id>/desk", organizations.desk, name="organization-desk"),
    path("organizations/<uuid:organization_id>/new", organizations.new, name="organization-new"),
    path("organizations/<uuid:organization_id>/change", organizations.change, name="organization-change"),
    path("organizations/<uuid:organization_id>/move", organizations.move, name="organization-move"),
    path("organizations/<uuid:organization_id>/teams", organizations.new_team, name="team-new"),
    path(
        "organizations/<uuid:organization_id>/teams/<uuid:team_id>",
        organizations.rename_team,
        name="team-rename",
    ),
    path("organizations/<uuid:organization_id>/members", membership.members, name="members"),
    path(
        "organizations/<uuid:organization_id>/members/<uuid:membership_id>/team",
        membership.put_in_team,
        name="member-team",
    ),
    path(
        "organizations/<uuid:organization_id>/members/<uuid:membership_id>/end",
        membership.end,
        name="member-end",
    ),
    path("districts", districts.listed, name="districts"),
    path("districts/<str:division_code>", districts.district, name="district"),
    path(
        "districts/<str:division_code>/organizations/new",
        organizations.new_at_top,
        name="district-organization-new",
    ),
    path("organizations/<uuid:organization_id>/members/template", members.template, name="members-template"),
]
