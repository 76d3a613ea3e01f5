"""The reviewer's desk: left everything that waits, with its age; right the thing; one answer, or many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.activities import access
from shanshi.activities.queries import ActivityFacts
from shanshi.foundation import clock, proposals
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.portal.access import DECIDE_FOR_CITY, may_decide_for_city
from shanshi.portal.forms import ReasonForm
from shanshi.portal.forms.review import JudgeForm, QueueForm, chosen
from shanshi.portal.operations.reviewing import Came, Judged, Judgement, judge, judge_one
from shanshi.portal.queries.desk import KINDS, PROPOSAL, Asked, Desk, Item, desk, thing
from shanshi.portal.queries.trail import proposal_lines
from shanshi.portal.views.answers import changed, refused
from shanshi.portal.views.proposals import KINDS as PROPOSED


@asks(access.REVIEW_ACTIVITY)
@require_GET
def queue(request: Request) -> HttpResponse:
    """What waits for this reviewer, the longest waiting first, with its age."""
    return _desk(request)


@asks(access.REVIEW_ACTIVITY)
@require_GET
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """One activity beside the queue, with all that a reviewer weighs and what blocks its publication."""
    found = access.activity_to_review(request.actor, activity_id)
    return _desk(request, key=f"activity-{found.id}", activity=found)


@asks(DECIDE_FOR_CITY)
@require_GET
def proposal(request: Request, proposal_id: UUID) -> HttpResponse:
    """One proposal of a colleague beside the queue."""
    may_decide_for_city(request.actor)
    found = proposals.proposal(proposal_id)
    if found.kind not in PROPOSED:
        raise proposals.ProposalMissing
    (line,) = proposal_lines([found])
    return _desk(request, key=f"proposal-{found.id}", line=line)


@asks(access.REVIEW_ACTIVITY)
@require_POST
def publish(request: Request, activity_id: UUID) -> HttpResponse:
    """Publish the activity with all its shifts, or the shifts that were added to it."""
    found = access.activity_to_review(request.actor, activity_id)
    return changed(
        request,
        _next(request),
        lambda: judge_one(found.id, Judgement.PUBLISH, by=request.actor, at=clock.now()),
        _("Published: {title}. Volunteers can sign up now.").format(title=found.title),
        again=_address(found.id, request),
    )


@asks(access.REVIEW_ACTIVITY)
@require_POST
def send_back(request: Request, activity_id: UUID) -> HttpResponse:
    """Send the activity back to its people with a reason, or refuse the shifts that were added to it."""
    found = access.activity_to_review(request.actor, activity_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return changed(
        request,
        _next(request),
        lambda: judge_one(found.id, Judgement.RETURN, reason=reason, by=request.actor, at=clock.now()),
        _("Sent back: {title}. Its people see your reason.").format(title=found.title),
        again=_address(found.id, request),
    )


@asks(access.REVIEW_ACTIVITY)
@require_POST
def decide(request: Request) -> HttpResponse:
    """Publish or send back several at once, and say of each what came of it."""
    access.review_places(request.actor)
    form = JudgeForm(request.POST)
    step = Judgement(form.cleaned_data["step"]) if form.is_valid() else Judgement.RETURN
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        came = judge(
            chosen(request.POST),
            step,
            reason=reason,
            admit=lambda one: access.activity_to_review(request.actor, one),
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        refused(request, error)
        return _desk(request)
    lines = [{"judged": one, "refusal": refusal(one.refusal) if one.refusal else None} for one in came]
    counts = {kind.value: sum(one.came is kind for one in came) for kind in Came}
    context = {"lines": lines, "step": step.value, "reason": reason, "counts": counts, "kept": _kept(request)}
    return render(request, "portal/review_results.html", context, status=_status(came))


def _status(came: list[Judged]) -> int:
    """Refused as a whole only if each one was."""
    return 409 if all(one.came is Came.REFUSED for one in came) else 200


def _desk(
    request: Request, *, key: str = "", activity: ActivityFacts | None = None, line: Any = None
) -> HttpResponse:
    now, person_id = clock.now(), request.actor.known()
    form = QueueForm(_asked_of(request))
    asked = form.asked()
    decides = DECIDE_FOR_CITY.by_role(request.actor, ())
    found = desk(
        access.review_places(request.actor),
        asked,
        person_id=person_id,
        proposal_kinds=PROPOSED if decides else (),
        at=now,
    )
    context = {
        "desk": found,
        "opened": key,
        "form": form,
        "asked": asked,
        "chips": _chips(asked, found, decides=decides),
        "kept": _kept(request),
        "next": _key(found.after(key)) if key else "",
        "thing": thing(activity, person_id=person_id, at=now) if activity else None,
        "line": line,
        "decides": decides,
    }
    return render(request, "portal/review.html", context)


def _key(item: Item | None) -> str:
    return item.key if item else ""


def _asked_of(request: Request) -> Any:
    return request.POST if request.method == "POST" else request.GET


def _kept(request: Request) -> str:
    """The filter of the queue as a query, to be kept from page to page; empty or beginning with "?"."""
    asked = QueueForm(_asked_of(request)).asked()
    return _query(asked)


def _query(asked: Asked) -> str:
    said = {"kind": asked.kind, "q": asked.text, "late": "1" if asked.late else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""


def _chips(asked: Asked, found: Desk, *, decides: bool) -> list[dict[str, Any]]:
    words = {"activity": _("Activities"), "shifts": _("Added shifts"), "proposal": _("Proposals")}
    home = reverse("portal:queue")
    chips = [
        {
            "url": f"{home}{_query(Asked(kind, asked.text, asked.late))}",
            "label": words[kind] if kind else _("All"),
            "count": found.counts[kind] if kind else found.total,
            "current": kind == asked.kind,
        }
        for kind in ("", *KINDS)
        if kind != PROPOSAL or decides
    ]
    late = Asked(asked.kind, asked.text, not asked.late)
    chips.append(
        {"url": f"{home}{_query(late)}", "label": _("Too long"), "count": found.late, "current": asked.late}
    )
    return chips


def _next(request: Request) -> str:
    """Where a reviewer goes on: to the thing that came next in the queue, or to the queue."""
    kind, _dash, key = request.POST.get("next", "").partition("-")
    try:
        name = {"activity": "portal:review-activity", "proposal": "portal:review-proposal"}[kind]
        return f"{reverse(name, args=[UUID(key)])}{_kept(request)}"
    except (KeyError, ValueError):
        return f"{reverse('portal:queue')}{_kept(request)}"


def _address(activity_id: UUID, request: Request) -> str:
    return f"{reverse('portal:review-activity', args=[activity_id])}{_kept(request)}"
