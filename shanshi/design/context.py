"""What the frame of every page knows: appearance, navigation, language and the demo's clock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext, to_locale

from shanshi.foundation import clock
from shanshi.foundation.actor import VISITOR, Actor
from shanshi.foundation.permissions import Permission
from shanshi.kernel.errors import N_

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
ELDER_COOKIE = "elder"
LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME
YEAR_SECONDS = 365 * 24 * 3600
# The portal's door remembers the choice with the person; this room's own remembers it with the browser.
APPEARANCE_DOORS = ("portal:appearance", "design:appearance")


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: its page's name, word and icon. The page's own mark says whose it is."""

    page: str
    label: str
    icon: str


PLACES = (
    Place("portal:home", N_("Home"), "home"),
    Place("portal:find", N_("Find"), "search"),
    Place("portal:shifts", N_("My shifts"), "door-enter"),
    Place("portal:queue", N_("Review"), "inbox"),
    Place("portal:roles", N_("Roles"), "users"),
    Place("portal:audit", N_("Audit"), "scale"),
    Place("portal:till", N_("Till"), "scan"),
    Place("portal:me", N_("My page"), "user-circle"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context that design/base.html needs on every page."""
    actor: Actor = getattr(request, "actor", VISITOR)
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "actor": actor,
        "theme": theme_of(request),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "language": language,
        "languages": settings.LANGUAGES,
        "appearance_url": appearance_url(),
        "html_lang": to_locale(language).replace("_", "-"),
        "nav": SimpleLazyObject(lambda: navigation(actor, request.path)),
        "demo": SimpleLazyObject(lambda: {"now": clock.now()}) if settings.SHANSHI_DEMO else None,
    }


def appearance_url() -> str:
    """Return the address that a choice of theme, large text or language is sent to."""
    for name in APPEARANCE_DOORS:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def wear(answer: HttpResponse, *, theme: str | None, elder: str | None, language: str | None) -> None:
    """Let the browser remember how pages are to look.

    Each is None where nothing was chosen; empty, a theme follows the device and a language the browser.
    """
    secure = bool(settings.SESSION_COOKIE_SECURE)
    for name, value in ((THEME_COOKIE, theme), (ELDER_COOKIE, elder), (LANGUAGE_COOKIE, language)):
        if value is not None:
            answer.set_cookie(
                name,
                value,
                max_age=YEAR_SECONDS if value else 0,
                samesite="Lax",
                secure=secure,
                # The other two are read and written by the behaviour that changes the page at once.
                httponly=name == LANGUAGE_COOKIE,
            )


def theme_of(request: HttpRequest) -> str:
    """Return the theme that the person chose: "light", "dark", or empty to follow the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Return the entries that this actor may follow, marking the one that `path` is on."""
    entries = []
    for place in PLACES:
        try:
            url = reverse(place.page)
        except NoReverseMatch:
            continue
        asked = _asked(url, get_urlconf() or settings.ROOT_URLCONF)
        if asked and not any(one.who or one.places(actor) for one in asked):
            continue
        current = path == url or (url != "/" and path.startswith(f"{url.rstrip('/')}/"))
        entries.append({"url": url, "label": gettext(place.label), "icon": place.icon, "current": current})
    return entries


@cache
def _asked(url: str, urlconf: str) -> tuple[Permission, ...]:
    """What the page at an address asks (foundation.permissions); nothing if it is for everybody."""
    asked: tuple[Permission, ...] = getattr(resolve(url, urlconf).func, "asks", ())
    return asked
