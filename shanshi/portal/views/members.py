"""The members of an organization: the list, and inviting many from a workbook, all or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.documents import reading
from shanshi.documents.workbooks import MEDIA_TYPE, Sheet, workbook
from shanshi.foundation import clock, uploads
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.foundation.uploads import FileKind, takes_files
from shanshi.kernel.errors import DomainError
from shanshi.portal.queries.member_list import MemberList, member_list
from shanshi.portal.views.answers import refused
from shanshi.registry import access, operations, queries, rules
from shanshi.registry.queries import OrganizationFacts
from shanshi.registry.rules.belonging import Typed

PAGE = 50
MOST_ROWS = 500
MOST_BYTES = 512 * 1024
LIST = uploads.Taken(frozenset({FileKind.XLSX}), MOST_BYTES)
# The template is in the reader's language; a list is understood in both.
NUMBER = reading.Column(("Volunteer number", "志愿者编号", "志愿者号"))
TEAM = reading.Column(("Team", "服务队", "小队"), needed=False)


@asks(access.KEEP_MEMBERS)
@require_GET
def members(request: Request, organization_id: UUID) -> HttpResponse:
    """Who belongs to the organization or is invited, masked, the latest first; and the form for a list."""
    organization = access.organization_to_keep(request.actor, organization_id)
    return _page(request, organization)


@asks(access.KEEP_MEMBERS)
@require_GET
def template(request: Request, organization_id: UUID) -> HttpResponse:
    """An empty list to fill in."""
    access.organization_to_keep(request.actor, organization_id)
    content = workbook([Sheet(_("Members"), (_("Volunteer number"), _("Team")), ())])
    name = "members.xlsx"
    return HttpResponse(
        content, content_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@asks(access.KEEP_MEMBERS)
@takes_files(FileKind.XLSX, max_bytes=MOST_BYTES)
@require_POST
def preview(request: Request, organization_id: UUID) -> HttpResponse:
    """What a list would do, or which of its cells are wrong; nothing changes."""
    organization = access.organization_to_keep(request.actor, organization_id)
    try:
        typed = _read(uploads.checked(request.FILES.get("list"), LIST).content)
        if not typed:
            raise rules.ListEmpty
    except DomainError as error:
        return _page(request, organization, refused=error)
    found = member_list(organization.id, typed, at=clock.now())
    wrong = [{"address": cell.address, "says": refusal(cell.error).says} for cell in found.wrong]
    return render(
        request,
        "portal/members_preview.html",
        {
            "organization": organization,
            "list": found,
            "wrong": wrong,
            "stand": sum(line.stands for line in found.lines),
            "declined": sum(line.declined and not line.stands for line in found.lines),
        },
        status=422 if wrong else 200,
    )


@asks(access.KEEP_MEMBERS)
@require_POST
def add(request: Request, organization_id: UUID) -> HttpResponse:
    """Invite everybody on the list that was looked at; sent twice, it invites nobody twice."""
    organization = access.organization_to_keep(request.actor, organization_id)
    try:
        found = _looked_at(request, organization)
        added = operations.add_members(organization.id, found.members, by=request.actor, at=clock.now())
    except DomainError as error:
        refused(request, error)
        return redirect("portal:members", organization.id)
    if added:
        says = _("{count} people were invited. Each is a member once they accept.")
        messages.success(request, says.format(count=added))
    else:
        messages.info(
            request, _("Nobody was invited: all of them are members or invited already, or declined lately.")
        )
    return redirect("portal:members", organization.id)


def _read(content: bytes) -> list[Typed]:
    rows = reading.table(content, [NUMBER, TEAM], limits=reading.Limits(rows=MOST_ROWS))
    return [
        Typed(row.number, number.text, number.address, team.text, team.address)
        for row in rows
        for number, team in [row.cells]
    ]


def _looked_at(request: Request, organization: OrganizationFacts) -> MemberList:
    """The list as the preview showed it; every number and team is looked up again."""
    sent = [one.partition("|") for one in request.POST.getlist("member")[:MOST_ROWS]]
    typed = [Typed(row, number, "", team, "") for row, (number, _bar, team) in enumerate(sent, start=2)]
    found = member_list(organization.id, typed, at=clock.now())
    if found.wrong:
        raise rules.ListChanged
    return found


def _page(
    request: Request, organization: OrganizationFacts, *, refused: DomainError | None = None
) -> HttpResponse:
    after = request.GET.get("after")
    found, following = queries.member_page(organization.id, cursor=after, limit=PAGE)
    context: dict[str, Any] = {
        "organization": organization,
        "members": found,
        "following": following,
        "after": after,
    }
    if refused is None:
        return render(request, "portal/members.html", context)
    said = refusal(refused)
    return render(request, "portal/members.html", {**context, "refused": said}, status=said.status)
