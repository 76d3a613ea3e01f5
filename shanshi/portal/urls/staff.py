"""Roles, four eyes, identities, the auditor."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import audit, looks, proposals, roles

urlpatterns: list[URLPattern] = [
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
