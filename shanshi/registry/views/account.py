"""Pages of one's own account: how it is secured, its password, its sessions, its tokens."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.foundation import clock, sessions
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError, Missing
from shanshi.registry import access, forms, operations, queries
from shanshi.registry.views.confirming import freshly_proved, settle
from shanshi.registry.views.steps import again


@asks(access.MYSELF)
@require_GET
def security(request: Request) -> HttpResponse:
    """How one signs in, and what is open in one's name."""
    person_id = access.myself(request.actor)
    now = clock.real_now()
    context = {
        "factors": queries.factors(person_id),
        "masked_phone": queries.own(person_id).masked_phone,
        "sessions": len(sessions.listed(person_id, at=now)),
        "tokens": len(queries.tokens(person_id, at=now)),
        "has_roles": bool(request.actor.grants or request.actor.withheld),
        "withheld": bool(request.actor.withheld),
    }
    return render(request, "registry/security.html", context)


@asks(access.MYSELF)
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "repeated")
@freshly_proved
def new_password(request: Request) -> HttpResponse:
    """Set a password, or another one; all other sessions end."""
    person_id = access.myself(request.actor)
    form = forms.NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "registry/new_password.html", {"form": form}, status=status)
    operations.set_password(person_id, form.cleaned_data["password"])
    settle(request)
    messages.success(request, _("The new password holds. All other devices were signed out."))
    return redirect("registry:security")


@asks(access.MYSELF)
@never_cache
@require_GET
def session_list(request: Request) -> HttpResponse:
    """Where one is signed in."""
    person_id = access.myself(request.actor)
    context = {
        "sessions": sessions.listed(person_id, at=clock.real_now()),
        "here": sessions.id_of(request.session.session_key),
    }
    return render(request, "registry/sessions.html", context)


@asks(access.MYSELF)
@require_POST
def end_session(request: Request, session_id: UUID) -> HttpResponse:
    """Sign out one device of one's own, at once."""
    person_id = access.myself(request.actor)
    if session_id == sessions.id_of(request.session.session_key):
        request.session.flush()
        messages.success(request, _("You have signed out."))
        return redirect("/")
    if not sessions.end(person_id, session_id):
        raise Missing
    messages.success(request, _("That device is signed out."))
    return redirect("registry:sessions")


@asks(access.MYSELF)
@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """Sign out all other devices of one's own, at once."""
    sessions.end_all(access.myself(request.actor), but=request.session.session_key)
    messages.success(request, _("All other devices are signed out."))
    return redirect("registry:sessions")


@asks(access.MYSELF)
@never_cache
@require_http_methods(["GET", "POST"])
@freshly_proved
def token_list(request: Request) -> HttpResponse:
    """The tokens of one's programs; a new one is shown this once."""
    person_id = access.myself(request.actor)
    now = clock.real_now()
    has_roles = bool(request.actor.grants)
    bound = request.POST if request.method == "POST" else None
    form = forms.TokenForm(bound, has_roles=has_roles)
    context = {"form": form, "withheld": bool(request.actor.withheld)}
    if bound is None or not form.is_valid():
        context["tokens"] = queries.tokens(person_id, at=now)
        return render(request, "registry/tokens.html", context, status=200 if bound is None else 422)
    typed = form.cleaned_data
    try:
        issued = operations.issue_token(
            person_id, label=typed["label"], at=now, scopes=typed["scopes"], days=typed["days"]
        )
    except DomainError as error:
        return again(
            request, "registry/tokens.html", {**context, "tokens": queries.tokens(person_id, at=now)}, error
        )
    context |= {"form": forms.TokenForm(has_roles=has_roles), "issued": issued}
    return render(request, "registry/tokens.html", {**context, "tokens": queries.tokens(person_id, at=now)})


@asks(access.MYSELF)
@require_POST
def end_token(request: Request, token_id: UUID) -> HttpResponse:
    """Make a token of one's own worthless, at once."""
    operations.revoke_own_token(access.myself(request.actor), token_id)
    messages.success(request, _("The token is worthless now."))
    return redirect("registry:tokens")
