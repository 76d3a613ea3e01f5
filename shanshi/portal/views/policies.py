"""The rulebook for everybody: what is in force, by which source, and what it decides for stated facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from shanshi.design.rules import is_chinese
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public, refusal
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import CITY_ZONE, city_day
from shanshi.policies import queries
from shanshi.policies.forms import TryForm, as_typed
from shanshi.policies.rules import Policy, Version
from shanshi.portal import rules

_TRY = "try"


@public
@require_GET
def listed(request: Request) -> HttpResponse:
    """Every policy with its version of today, its values and where they come from."""
    today = city_day(clock.now())
    policies = [_shown(policy, policy.versions) for policy in map(queries.policy, queries.names())]
    return render(request, "portal/policy_list.html", {"policies": policies, "today": today})


@public
@require_GET
def tried(request: Request, name: str) -> HttpResponse:
    """Try a decision: facts go in by the address, so that an answer can be passed on as a link."""
    policy = queries.policy(name)
    form = TryForm(
        policy,
        today=city_day(clock.now()),
        chinese=_chinese(),
        data=request.GET if _TRY in request.GET else None,
    )
    context = _shown(policy, policy.versions) | {"form": form, "examples": list(_examples(policy))}
    status = 200
    if form.is_bound and form.is_valid():
        try:
            version = queries.in_force(name, form.cleaned_data["on"])
            context["answer"] = _answer(rules.tried(policy, version, form.facts))
        except DomainError as error:
            form.add_error("on", refusal(error).says)
    if form.is_bound and not form.is_valid():
        status = 422
    return render(request, "portal/policy_try.html", context, status=status)


def _chinese() -> bool:
    return is_chinese(get_language() or "zh-hans")


def _shown(policy: Policy, versions: tuple[Version, ...]) -> dict[str, Any]:
    chinese = _chinese()
    return {
        "policy": policy,
        "title": policy.title_zh if chinese else policy.title,
        "versions": [
            {
                "version": one,
                "source": one.source_zh if chinese else one.source,
                "values": [
                    (key, policy.word(key, chinese=chinese), _worded(policy, value), key in one.samples)
                    for key, value in one.values.items()
                ],
            }
            for one in versions
        ],
    }


def _examples(policy: Policy) -> Iterator[dict[str, str]]:
    address = reverse("portal:policy-try", args=[policy.name])
    for version in policy.versions:
        for example in version.examples:
            typed = as_typed(policy.facts, example.facts)
            asked = typed | {"on": version.valid_from.isoformat(), _TRY: "1"}
            yield {
                "name": example.name_zh if _chinese() else example.name,
                "url": f"{address}?{urlencode(asked, doseq=True)}#answer",
            }


def _answer(answer: rules.Tried) -> dict[str, Any]:
    policy, chinese = answer.policy, _chinese()
    return {
        "kind": "refused" if answer.decision.is_no else "done",
        "outcome": [
            (name, policy.word(name, chinese=chinese), _worded(policy, value))
            for name, value in answer.decision.outcome.items()
        ],
        "reasons": [_sentence(policy, reason) for reason in answer.decision.reasons],
        "version": answer.version,
        "source": answer.version.source_zh if chinese else answer.version.source,
    }


def _sentence(policy: Policy, reason: DomainError | str) -> str:
    if isinstance(reason, DomainError):
        return refusal(reason).says
    return policy.word(reason, chinese=_chinese())


def _worded(policy: Policy, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list | tuple):
        return ("、" if _chinese() else ", ").join(_worded(policy, one) for one in value) or "—"
    if isinstance(value, str):
        return policy.word(value, chinese=_chinese())
    if isinstance(value, datetime):
        return value.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M")
    return "—" if value is None else str(value)
