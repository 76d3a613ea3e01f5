"""Reviewers and managers: what waits, and who belongs."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import members, review

urlpatterns: list[URLPattern] = [
    path("review", review.queue, name="queue"),
    path("review/<uuid:activity_id>", review.activity, name="review-activity"),
    path("review/<uuid:activity_id>/publish", review.publish, name="review-publish"),
    path("review/<uuid:activity_id>/return", review.send_back, name="review-return"),
    path("organizations/<uuid:organization_id>/members", members.members, name="members"),
    path("organizations/<uuid:organization_id>/members/template", members.template, name="members-template"),
    path("organizations/<uuid:organization_id>/members/preview", members.preview, name="members-preview"),
    path("organizations/<uuid:organization_id>/members/add", members.add, name="members-add"),
]
