"""A volunteer's own pages: what was given, what is ahead, the personal code, the chain behind a number."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shanshi.attendance import operations
from shanshi.attendance import queries as attendance
from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.ledger import queries as ledger
from shanshi.portal import access
from shanshi.portal.forms.evaluating import EvaluationForm
from shanshi.portal.queries.mine import chain, my_page, transfer_page, visit_lines, visit_page
from shanshi.registry import queries as registry

CAUSES = {"visit": "portal:visit", "redemption": "portal:redemption"}


@asks(access.MYSELF)
@require_GET
def me(request: Request) -> HttpResponse:
    """My page; somebody who is no volunteer is shown the way to become one."""
    person_id, holder_id = access.myself(request.actor), request.actor.holder_id
    if holder_id is None:
        return render(request, "portal/me_person.html", {"own": registry.own(person_id)})
    now = clock.now()
    context = {
        "mine": my_page(person_id, holder_id, at=now),
        "wards": registry.guarded(person_id, at=now),
        "invitations": access.own_invitations(request.actor),
    }
    return render(request, "portal/me.html", context)


@asks(access.LIST_VISITS)
@require_GET
def visits(request: Request) -> HttpResponse:
    """All visits, the latest first."""
    holder_id, after = access.own_visits(request.actor), request.GET.get("after")
    lines, following = visit_page(holder_id, cursor=after)
    return render(request, "portal/visits.html", {"lines": lines, "following": following, "after": after})


@asks(access.SEE_OWN_BOOKS)
@require_GET
def transfers(request: Request) -> HttpResponse:
    """The volunteer's book: every transfer of minutes, coins and points."""
    holder_id, after = access.own_books(request.actor), request.GET.get("after")
    transfers, following = transfer_page(holder_id, cursor=after)
    found = [(one, _cause_url(one.source)) for one in transfers]
    return render(request, "portal/transfers.html", {"found": found, "following": following, "after": after})


def _cause_url(source: str) -> str:
    """The page of what caused a transfer; empty for a cause without a page."""
    sort, parts = ledger.cause(source)
    if sort not in CAUSES or len(parts) != 2:
        return ""
    try:
        return reverse(CAUSES[sort], args=[parts[1]])
    except NoReverseMatch:
        return ""


@asks(access.SEE_VISIT)
@require_GET
def visit(request: Request, visit_id: UUID) -> HttpResponse:
    """The chain behind a number: transfers, visit, scans, shift, and who published it."""
    found = access.visit_to_see(request.actor, visit_id)
    is_own = found.holder_id == request.actor.holder_id
    said = attendance.evaluation(found.id, holder_id=found.holder_id) if is_own else None
    return render(request, "portal/visit.html", {"chain": chain(found), "said": said, "is_own": is_own})


@asks(access.EVALUATE)
@require_http_methods(["GET", "POST"])
def evaluate(request: Request, visit_id: UUID) -> HttpResponse:
    """Say how a visit was, once."""
    found = access.visit_to_evaluate(request.actor, visit_id)
    form, refused = EvaluationForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            operations.evaluate(found.id, said["score"], said["words"], by=request.actor, at=clock.now())
        except DomainError as error:
            refused = error
        else:
            messages.success(request, _("Thank you. What you said helps the next volunteers."))
            return redirect("portal:visit", found.id)
    given = attendance.evaluation(found.id, holder_id=found.holder_id)
    (line,) = visit_lines([found])
    context = {"line": line, "form": form, "refused": refused, "given": given}
    status = 409 if refused else 422 if form.is_bound else 200
    return render(request, "portal/evaluate.html", context, status=status)


@asks(access.OWN_CODE)
@require_GET
def code(request: Request) -> HttpResponse:
    """The personal code, as large as the screen, for a leader's camera."""
    volunteer, now = registry.volunteer(access.own_visits(request.actor)), clock.real_now()
    made = attendance.personal_code(volunteer.holder_id, volunteer.number, now)
    seconds = int((made.expires_at - now).total_seconds())
    return render(request, "portal/code.html", {"volunteer": volunteer, "made": made, "seconds": seconds})


@asks(access.OWN_CODE)
@require_GET
def code_json(request: Request) -> HttpResponse:
    """A fresh personal code, for the page to draw."""
    volunteer, now = registry.volunteer(access.own_visits(request.actor)), clock.real_now()
    made = attendance.personal_code(volunteer.holder_id, volunteer.number, now)
    return JsonResponse({"code": made.code, "seconds": (made.expires_at - now).total_seconds()})
