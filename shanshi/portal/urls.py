"""Pages of the portal. Pages of the demo exist only in a demo."""

from django.conf import settings
from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import demo, lead, review, till

app_name = "portal"

urlpatterns: list[URLPattern] = [
    # Leaders
    path("lead", lead.desk, name="shifts"),
    path("lead/new", lead.new, name="lead-new"),
    path("lead/activities/<uuid:activity_id>", lead.activity, name="lead-activity"),
    path("lead/activities/<uuid:activity_id>/shifts", lead.add_shift, name="lead-add-shift"),
    path("lead/activities/<uuid:activity_id>/submit", lead.submit, name="lead-submit"),
    path("lead/activities/<uuid:activity_id>/cancel", lead.cancel, name="lead-cancel"),
    path("lead/shifts/<uuid:shift_id>", lead.roster, name="roster"),
    path("lead/shifts/<uuid:shift_id>/confirm", lead.confirm, name="roster-confirm"),
    path("lead/shifts/<uuid:shift_id>/door", lead.door, name="door"),
    path("lead/shifts/<uuid:shift_id>/door/code", lead.door_code, name="door-code"),
    path("lead/shifts/<uuid:shift_id>/door/counts", lead.door_counts, name="door-counts"),
    path("lead/shifts/<uuid:shift_id>/door/scan", lead.door_scan, name="door-scan"),
    # Reviewers
    path("review", review.queue, name="queue"),
    path("review/<uuid:activity_id>", review.activity, name="review-activity"),
    path("review/<uuid:activity_id>/publish", review.publish, name="review-publish"),
    path("review/<uuid:activity_id>/return", review.send_back, name="review-return"),
    # Merchants
    path("till", till.tills, name="till"),
    path("till/<uuid:merchant_id>", till.till, name="till-of"),
    path("till/<uuid:merchant_id>/take", till.take, name="till-take"),
    path("till/<uuid:merchant_id>/code", till.code, name="till-code"),
    path("till/redemptions/<uuid:redemption_id>/void", till.void, name="till-void"),
]

if settings.SHANSHI_DEMO:
    urlpatterns += [
        path("demo", demo.people, name="demo"),
        path("demo/enter", demo.enter, name="demo-enter"),
        path("demo/outbox", demo.outbox, name="demo-outbox"),
        path("demo/clock", demo.forward, name="demo-clock"),
    ]
