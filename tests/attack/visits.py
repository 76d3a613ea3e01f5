"""How an attacker goes through the pages: everybody's browser, every form, every element that came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests.attack.city import NOON, City
from tests.attack.doors import Page, pages
from tests.portal.world import let_in

STAFF = ("leader", "reviewer", "manager", "cashier", "division_staff", "city_staff", "auditor", "bank_clerk")
VOID = {"input", "img", "br", "hr", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
_KEPT = {"hidden", "checkbox", "radio", "submit", "button", "file"}


def browser(city: City, role: str, *, checks: bool = False) -> Client:
    """Return the browser of somebody; a visitor's for "visitor".

    checks  whether forms need their token
    """
    client = Client(enforce_csrf_checks=checks)
    client.cookies["language"] = "en"
    return client if role == "visitor" else let_in(client, city.people[role], NOON)


@dataclass
class Form:
    """A form of a page: where it goes, and its fields with what stands in them."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def filled(self, text: str) -> dict[str, str]:
        """Return what is sent with a text in every field that takes one."""
        return {**self.values, **dict.fromkeys(self.texts, text)}


class Read(HTMLParser):
    """What stands in a page: its forms, and every element with its attributes."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; take a field into its form."""
        said = {name: value or "" for name, value in attrs}
        self.elements.append((tag, said))
        if tag == "form":
            self.forms.append(Form(said.get("action") or self.address, said.get("method", "get").lower()))
        if not self.forms:
            return
        form, name = self.forms[-1], said.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in said or self._select not in form.values):
            form.values[self._select] = said.get("value", "")
        elif tag in {"input", "textarea"} and name:
            kind = said.get("type", "text")
            if kind not in {"checkbox", "radio"} or "checked" in said:
                form.values[name] = said.get("value", "")
            if kind not in _KEPT:
                form.texts.append(name)


def read(address: str, answer: Any) -> Read:
    """Return what stands in an answer."""
    return Read(address, answer.content.decode())


def forms(city: City, roles: tuple[str, ...]) -> Iterator[tuple[str, Form]]:
    """Yield every form that somebody of some roles is shown anywhere, once, with the role."""
    seen = set()
    for role in roles:
        client = browser(city, role)
        for page in pages():
            answer = client.get(page.at(city.things))
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            for form in read(page.at(city.things), answer).forms:
                where = urlsplit(form.action).path
                if form.method == "post" and (where, tuple(form.values)) not in seen:
                    seen.add((where, tuple(form.values)))
                    yield role, form


def shown(city: City, roles: tuple[str, ...]) -> Iterator[tuple[str, Page, Any]]:
    """Yield every page that somebody of some roles may open, with its answer."""
    for role in roles:
        client = browser(city, role)
        for page in pages():
            answer = client.get(page.at(city.things))
            if answer.status_code == 200:
                yield role, page, answer
