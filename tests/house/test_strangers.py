"""Every POST is refused to Stranger, who is signed in and has no role, at things that really are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from shanshi.api.urls import api
from shanshi.foundation import clock
from shanshi.rewards import operations as rewards
from tests.portal.world import NEXT_DAY, World, let_in

# What anybody who is signed in, or any volunteer, may send; each door looks after its own.
FOR_EVERY_VOLUNTEER = {
    "portal:sign-up", "portal:withdraw", "portal:accept", "portal:check-in", "portal:redeem", "portal:pay",
    "portal:pay-at",
    "registry:register", "registry:sign_out",
    "POST /volunteers", "DELETE /auth/tokens", "POST /shifts/{shift_id}/sign-ups",
    "DELETE /shifts/{shift_id}/sign-ups", "POST /shifts/{shift_id}/sign-ups/accept", "POST /scans",
    "POST /redemptions", "POST /redemptions/at-till",
}  # fmt: skip

BODIES: dict[str, dict[str, Any]] = {
    "/activities": {"title": "x", "organizers": [], "division_code": "330102"},
    "/activities/{activity_id}": {"title": "x", "organizers": [], "division_code": "330102"},
    "/activities/{activity_id}/shifts": {
        "starts_at": "2019-03-24T09:00:00+08:00", "ends_at": "2019-03-24T10:00:00+08:00", "capacity": 1
    },
    "/shifts/{shift_id}": {"capacity": 9},
}  # fmt: skip


def pages(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "api":
            yield from pages(pattern.url_patterns, pattern.namespace or pattern.app_name or namespace)
        elif (
            isinstance(pattern, URLPattern)
            and pattern.name
            and not getattr(pattern.callback, "is_public", False)
        ):
            yield f"{namespace}:{pattern.name}" if namespace else pattern.name


def endpoints() -> Iterator[tuple[str, str]]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if not getattr(operation.view_func, "is_public", False):
                    for method in {"POST", "PUT", "PATCH", "DELETE"} & set(operation.methods):
                        yield method, f"{prefix}{path}"


@pytest.fixture
def things(cast, at):  # type: ignore[no-untyped-def]
    """The ids of real things, none of which is Stranger's."""
    world = World(cast, at)
    world.served(cast.lin)
    activity_id = world.library(world.shift("14:00-16:00"), title="图书馆下午")
    later = world.time("12:30") + NEXT_DAY
    redemption = rewards.reserve(
        world.noodles, holder_id=cast.lin.volunteer(), by=cast.lin, at=later, real_at=clock.real_now()
    )
    return {
        "activity_id": str(activity_id),
        "shift_id": str(world.shifts(activity_id)[0]),
        "merchant_id": str(world.noodle_house),
        "redemption_id": str(redemption.id),
        "offer_id": str(world.noodles),
    }


@pytest.mark.django_db
def test_stranger_may_not_post_to_any_page(client, cast, at, things) -> None:  # type: ignore[no-untyped-def]
    let_in(client, cast.stranger, at)
    seen = {}
    for name in sorted(set(pages(get_resolver().url_patterns)) - FOR_EVERY_VOLUNTEER):
        if name == "set_language":
            continue
        for arguments in ([], *([value] for value in things.values())):
            try:
                url = reverse(name, args=arguments)
            except NoReverseMatch:  # another number or kind of arguments
                continue
            status = client.post(url).status_code
            if status not in {403, 404, 405}:
                seen[url, name] = status
    assert seen == {}


@pytest.mark.django_db
def test_stranger_may_not_change_anything_by_the_api(client, cast, at, things) -> None:  # type: ignore[no-untyped-def]
    let_in(client, cast.stranger, at)
    client.handler.enforce_csrf_checks = False
    seen = {}
    for method, path in sorted(set(endpoints())):
        if f"{method} {path}" in FOR_EVERY_VOLUNTEER:
            continue
        body = BODIES.get(path, {"reason": "x", "code": "12345678"}) | (
            {"organizers": [str(cast.station)]}
            if path.startswith("/activities") and "shifts" not in path
            else {}
        )
        url = "/api/v1" + path.format(**things)
        status = client.generic(method, url, _json(body), content_type="application/json").status_code
        if status not in {403, 404}:
            seen[method, path] = status
    assert seen == {}


def _json(body: dict[str, Any]) -> str:
    import json

    return json.dumps(body)
