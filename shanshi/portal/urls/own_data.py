"""One's own data, and a guardian's minors."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import belonging, guardian, guarding, privacy

urlpatterns: list[URLPattern] = [
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
]
