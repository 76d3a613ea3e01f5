"""Planning: an activity anew, from a template or as a copy; its steps; templates kept and removed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.activities import access as activity_access
from shanshi.activities import operations, queries
from shanshi.activities.rules.templates import LONGEST_NAME
from shanshi.attendance import queries as attendance
from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.portal.forms import ActivityForm, ReasonForm, ShiftForm, changed_draft, typed_before
from shanshi.portal.forms.lead import Origin, TemplateForm, from_template, merged, shapes_of, typed_of
from shanshi.portal.queries import Giver, districts_to_choose, givers_to_choose, venues_to_choose
from shanshi.portal.views.answers import changed, refused
from shanshi.portal.views.lead.desk import AHEAD

# So many words of volunteers an organizer reads at once.
MOST_WORDS = 20


@asks(activity_access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write down a new activity, if wanted from a template or an earlier one; it is a draft at first."""
    givers = _givers(request)
    origin = _origin(request)
    form = ActivityForm(
        request.POST or None,
        initial=typed_of(origin.draft) if origin else {},
        organizers=givers,
        divisions=districts_to_choose(clock.now()),
        venues=venues_to_choose(),
    )
    if request.method == "POST" and form.is_valid():
        draft = merged(origin.draft, form.draft()) if origin else form.draft()
        activity_access.plan(request.actor, draft.organizers, team_id=draft.team_id)
        try:
            activity_id = operations.create(draft, by=request.actor, at=clock.now())
        except DomainError as error:
            refused(request, error)
        else:
            if origin and origin.shifts:
                return redirect(f"{reverse('portal:lead-shifts', args=[activity_id])}?{origin.kept}")
            return redirect("portal:lead-activity", activity_id)
    bodies = {giver.organization_id for giver, _name in givers}
    context = {"form": form, "origin": origin, "templates": queries.templates(bodies)}
    return render(request, "portal/lead_new.html", context)


def origin_named(request: Request, *, template: str, copy: str) -> Origin | None:
    """Return the template or the activity that a page begins from, or None."""
    today = city_day(clock.now())
    if template:
        return from_template(activity_access.template_to_use(request.actor, _id(template)), today)
    if copy:
        found = activity_access.activity_to_change(request.actor, _id(copy))
        return Origin(
            queries.activity_again(found.id), shapes_of(found, today), found.title, f"copy={found.id}"
        )
    return None


def _origin(request: Request) -> Origin | None:
    asked = request.GET
    return origin_named(request, template=asked.get("template", ""), copy=asked.get("copy", ""))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@asks(activity_access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def change(request: Request, activity_id: UUID) -> HttpResponse:
    """Let a draft say something else, also one that a reviewer has sent back."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    form = ActivityForm(
        request.POST or None,
        initial=typed_before(found),
        organizers=_givers(request, found),
        divisions=districts_to_choose(clock.now()),
        venues=venues_to_choose(),
    )
    if request.method == "POST" and form.is_valid():
        draft = changed_draft(found, form.draft())
        activity_access.plan(
            request.actor,
            draft.organizers,
            team_id=draft.team_id,
            leads_now=found.organization_id,
            team_now=found.team_id,
        )
        return changed(
            request,
            reverse("portal:lead-activity", args=[found.id]),
            lambda: operations.change(found.id, draft, by=request.actor, at=clock.now()),
            _("The draft has been changed."),
        )
    return render(request, "portal/lead_new.html", {"form": form, "activity": found})


def _givers(request: Request, found: queries.ActivityFacts | None = None) -> list[tuple[Giver, str]]:
    """In whose name the reader may plan; whoever gives an activity already stays in the choice."""
    actor = request.actor
    choices = dict(
        givers_to_choose(activity_access.led_organizations(actor), activity_access.led_teams(actor))
    )
    if found is not None:
        name = " · ".join(word for word in (found.organizers[0].name, found.team_name) if word)
        choices.setdefault(Giver(found.organization_id, found.team_id), name)
    return list(choices.items())


@asks(activity_access.PLAN_ACTIVITY)
@require_GET
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """One activity as its own people see it: where it stands, its shifts, what is missing."""
    since = clock.now() - AHEAD
    found = activity_access.activity_to_change(request.actor, activity_id, since=since)
    named = TemplateForm(initial={"name": found.title[:LONGEST_NAME]})
    context = {
        "activity": found,
        "form": ShiftForm(),
        "template_form": named,
        "evaluated": attendance.evaluations_of([activity_id]).get(activity_id),
        "words": attendance.words_of(activity_id, limit=MOST_WORDS),
    }
    return render(request, "portal/lead_activity.html", context)


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def submit(request: Request, activity_id: UUID) -> HttpResponse:
    """Hand the activity to the parent organization."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    return changed(
        request,
        reverse("portal:lead-activity", args=[found.id]),
        lambda: operations.submit(found.id, by=request.actor, at=clock.now()),
        _("Submitted. The parent organization will publish it or send it back with a reason."),
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def cancel(request: Request, activity_id: UUID) -> HttpResponse:
    """Cancel the activity; everybody who signed up is released."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return changed(
        request,
        reverse("portal:lead-activity", args=[found.id]),
        lambda: operations.cancel(found.id, reason=reason, by=request.actor, at=clock.now()),
        _("The activity is cancelled."),
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def keep_template(request: Request, activity_id: UUID) -> HttpResponse:
    """Keep what the activity says, and the shape of its shifts, for the next time."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    name = request.POST.get("name", "")
    return changed(
        request,
        reverse("portal:lead-activity", args=[found.id]),
        lambda: operations.keep_template(found.id, name, by=request.actor, at=clock.now()),
        _("Kept. You find the template under New activity."),
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def remove_template(request: Request, template_id: UUID) -> HttpResponse:
    """Take a template out of the list; activities made from it stay."""
    found = activity_access.template_to_remove(request.actor, template_id)
    return changed(
        request,
        reverse("portal:lead-new"),
        lambda: operations.remove_template(found.id, by=request.actor, at=clock.now()),
        _("The template {name} is removed.").format(name=found.name),
    )
