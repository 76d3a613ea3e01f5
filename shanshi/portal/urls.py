"""Pages of the portal. Pages of the demo exist only in a demo."""

from django.conf import settings
from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import (
    audit,
    belonging,
    checking,
    demo,
    finding,
    guardian,
    guarding,
    home,
    lead,
    looks,
    members,
    mine,
    policies,
    privacy,
    proposals,
    review,
    roles,
    street,
    till,
    wellknown,
)

app_name = "portal"

urlpatterns: list[URLPattern] = [
    # Everybody
    path("", home.home, name="home"),
    path("find", finding.find, name="find"),
    path("activities/<uuid:activity_id>", finding.activity, name="activity"),
    path("streets", street.streets, name="streets"),
    path("streets/<uuid:street_id>", street.street, name="street"),
    path("offers/<uuid:offer_id>", street.offer, name="offer"),
    # Volunteers
    path("shifts/<uuid:shift_id>/sign-up", finding.sign_up, name="sign-up"),
    path("shifts/<uuid:shift_id>/withdraw", finding.withdraw, name="withdraw"),
    path("shifts/<uuid:shift_id>/accept", finding.accept, name="accept"),
    path("check-in", checking.check_in, name="check-in"),
    path("me", mine.me, name="me"),
    path("me/code", mine.code, name="code"),
    path("me/code.json", mine.code_json, name="code-json"),
    path("me/visits", mine.visits, name="visits"),
    path("me/visits/<uuid:visit_id>", mine.visit, name="visit"),
    path("me/transfers", mine.transfers, name="transfers"),
    path("me/redemptions", street.redemptions, name="redemptions"),
    path("me/redemptions/<uuid:redemption_id>", street.redemption, name="redemption"),
    path("me/redemptions/<uuid:redemption_id>/state", street.redemption_state, name="redemption-state"),
    path("offers/<uuid:offer_id>/redeem", street.redeem, name="redeem"),
    path("pay", street.pay, name="pay"),
    path("pay/<str:code>", street.pay_at, name="pay-at"),
    # One's own data, and a guardian's minors
    path("privacy", privacy.texts, name="consent-texts"),
    path("privacy/<str:purpose>", privacy.texts, name="consent-text"),
    path("me/privacy", privacy.privacy, name="privacy"),
    path("me/privacy/data", privacy.data, name="my-data"),
    path("me/privacy/data.json", privacy.data_json, name="my-data-json"),
    path("me/privacy/data.xlsx", privacy.data_xlsx, name="my-data-xlsx"),
    path("me/privacy/looks", privacy.looks, name="looks-at-me"),
    path("me/privacy/correct", privacy.correct, name="correct"),
    path("me/privacy/phone", privacy.phone, name="move-phone"),
    path("me/privacy/erase", privacy.erase, name="erase"),
    path("me/privacy/consents/<str:purpose>/agree", privacy.agree, name="agree"),
    path("me/privacy/consents/<str:purpose>/withdraw", privacy.withdraw, name="withdraw-consent"),
    path("me/invitations/<uuid:invitation_id>/accept", belonging.accept, name="invitation-accept"),
    path("me/invitations/<uuid:invitation_id>/decline", belonging.decline, name="invitation-decline"),
    path("me/wards", guardian.wards, name="wards"),
    path("me/wards/new", guardian.new_ward, name="ward-new"),
    path("me/wards/<uuid:holder_id>", guardian.ward, name="ward"),
    path("me/wards/<uuid:holder_id>/code", guardian.code, name="ward-code"),
    path("me/wards/<uuid:holder_id>/code.json", guardian.code_json, name="ward-code-json"),
    path("me/wards/<uuid:holder_id>/find", guardian.find, name="ward-find"),
    path("me/wards/<uuid:holder_id>/activities/<uuid:activity_id>", guardian.activity, name="ward-activity"),
    path("me/wards/<uuid:holder_id>/shifts/<uuid:shift_id>", guardian.sign_up, name="ward-sign-up"),
    path("me/wards/<uuid:holder_id>/shifts/<uuid:shift_id>/accept", guardian.accept, name="ward-accept"),
    path("me/wards/<uuid:holder_id>/shifts/<uuid:shift_id>/leave", guardian.leave, name="ward-leave"),
    path("me/wards/<uuid:holder_id>/data", guardian.data, name="ward-data"),
    path("me/wards/<uuid:holder_id>/data.json", guardian.data_json, name="ward-data-json"),
    path("me/wards/<uuid:holder_id>/data.xlsx", guardian.data_xlsx, name="ward-data-xlsx"),
    path("me/wards/<uuid:holder_id>/confirm", guarding.confirm, name="ward-confirm"),
    path("me/wards/<uuid:holder_id>/guardian", guarding.hand_over, name="ward-hand-over"),
    path(
        "me/wards/<uuid:holder_id>/invitations/<uuid:invitation_id>/accept",
        belonging.accept_for,
        name="ward-invitation-accept",
    ),
    path(
        "me/wards/<uuid:holder_id>/invitations/<uuid:invitation_id>/decline",
        belonging.decline_for,
        name="ward-invitation-decline",
    ),
    path("me/wards/<uuid:holder_id>/erase", guardian.erase, name="ward-erase"),
    path("me/wards/<uuid:holder_id>/consents/<str:purpose>/agree", guardian.agree, name="ward-agree"),
    path(
        "me/wards/<uuid:holder_id>/consents/<str:purpose>/withdraw", guardian.withdraw, name="ward-withdraw"
    ),
    # Leaders
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
    # Reviewers
    path("review", review.queue, name="queue"),
    path("review/<uuid:activity_id>", review.activity, name="review-activity"),
    path("review/<uuid:activity_id>/publish", review.publish, name="review-publish"),
    path("review/<uuid:activity_id>/return", review.send_back, name="review-return"),
    # Managers
    path("organizations/<uuid:organization_id>/members", members.members, name="members"),
    path("organizations/<uuid:organization_id>/members/template", members.template, name="members-template"),
    path("organizations/<uuid:organization_id>/members/preview", members.preview, name="members-preview"),
    path("organizations/<uuid:organization_id>/members/add", members.add, name="members-add"),
    # Merchants
    path("till", till.tills, name="till"),
    path("till/<uuid:merchant_id>", till.till, name="till-of"),
    path("till/<uuid:merchant_id>/take", till.take, name="till-take"),
    path("till/<uuid:merchant_id>/code", till.code, name="till-code"),
    path("till/redemptions/<uuid:redemption_id>/void", till.void, name="till-void"),
]

# Roles, four eyes, identities, the auditor
urlpatterns += [
    path("roles", roles.listed, name="roles"),
    path("roles/give", roles.give, name="role-give"),
    path("roles/<uuid:grant_id>", roles.role, name="role"),
    path("roles/<uuid:grant_id>/change", roles.change, name="role-change"),
    path("roles/<uuid:grant_id>/end", roles.end, name="role-end"),
    path("proposals", proposals.queue, name="proposals"),
    path("proposals/second-factor", proposals.reset_factors, name="factor-reset"),
    path("proposals/<uuid:proposal_id>/decide", proposals.decide, name="proposal-decide"),
    path("people/<str:number>/look", looks.look, name="look"),
    path("audit", audit.trail, name="audit"),
    path("audit/trail.xlsx", audit.trail_file, name="audit-file"),
    path("audit/looks", audit.looks, name="audit-looks"),
    path("audit/books", audit.books, name="audit-books"),
]

# What every site has
urlpatterns += [
    path(".well-known/security.txt", wellknown.security_txt, name="security-txt"),
    path(".well-known/change-password", wellknown.change_password, name="change-password"),
]

# The rulebook
urlpatterns += [
    path("policies", policies.listed, name="policies"),
    path("policies/<slug:name>/try", policies.tried, name="policy-try"),
]

if settings.SHANSHI_DEMO:
    urlpatterns += [
        path("demo", demo.people, name="demo"),
        path("demo/enter", demo.enter, name="demo-enter"),
        path("demo/outbox", demo.outbox, name="demo-outbox"),
        path("demo/clock", demo.forward, name="demo-clock"),
    ]
