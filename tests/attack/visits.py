"""How an attacker goes through the pages: everybody's browser, every form, every element that came."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from tests.attack.city import City
from tests.attack.doors import Page, pages
from tests.attack.size import TIMES

STAFF = ("leader", "reviewer", "manager", "cashier", "division_staff", "city_staff", "auditor", "bank_clerk")
EVERYBODY = ("visitor", "volunteer", *STAFF)
_KEPT = {"hidden", "checkbox", "radio", "submit", "button", "file"}


def browser(city: City, role: str, *, checks: bool = False) -> Client:
    """Return a fresh browser of somebody; a visitor's for "visitor". All of them show the same session.

    checks  whether forms need their token
    """
    client = Client(enforce_csrf_checks=checks)
    client.cookies["language"] = "en"
    if role != "visitor":
        client.cookies[settings.SESSION_COOKIE_NAME] = city.sessions[role]
    return client


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


def forms(city: City) -> list[tuple[str, Form]]:
    """Return every form that anybody is shown anywhere, once, with a role that is shown it."""
    if not city.forms:
        found = {}
        for role, page, answer in shown(city):
            for form in read(page.at(city.things), answer).forms if is_page(answer) else ():
                if form.method == "post":
                    found.setdefault((urlsplit(form.action).path, tuple(form.values)), (role, form))
        city.forms = list(found.values())
    return city.forms


def is_page(answer: Any) -> bool:
    """Whether an answer is a page for people."""
    return "html" in answer.get("Content-Type", "")


def shown(city: City) -> Iterator[tuple[str, Page, Any]]:
    """Yield every page with its answer, as the first who may open it; in a drill as everybody who may."""
    for page in pages():
        for role in EVERYBODY if TIMES > 1 else {"visitor", opener(city, page)}:
            answer = browser(city, role).get(page.at(city.things))
            if answer.status_code == 200:
                yield role, page, answer


def opener(city: City, page: Page) -> str:
    """Return a role that may open a page; a visitor's for one that nobody opens by its address alone."""
    asked = [role.value for one in getattr(page.view, "asks", ()) for role in one.roles]
    for role in dict.fromkeys((*(one for one in asked if one in STAFF), "volunteer")):
        if (role, page.name) not in city.closed:
            status = browser(city, role).get(page.at(city.things)).status_code
            city.closed[role, page.name] = status != 200
        if not city.closed[role, page.name]:
            return role
    return "visitor"


def is_harmless(where: str, answer: Any) -> None:
    """Check that nothing in an answer runs: no script of the page's own text, no handler, no such address."""
    if "spreadsheet" in answer.get("Content-Type", ""):
        with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as book:
            for name in book.namelist():
                assert name.startswith("xl/worksheets/") is False or b"<f>" not in book.read(name), where
    if "html" not in answer.get("Content-Type", ""):
        return
    for tag, said in read(where, answer).elements:
        ours = said.get("src", "").startswith("/static/") or said.get("type") == "application/json"
        assert ours or tag not in {"script", "iframe", "object", "embed", "base"}, (where, tag, said)
        for name, value in said.items():
            assert not name.startswith("on"), (where, tag, said)
            if name in {"href", "src", "action", "formaction"}:
                # What is downloaded as a text is opened by nobody.
                bad = ("javascript:", "//") if "download" in said else ("javascript:", "data:text", "//")
                assert not value.strip().lower().startswith(bad), (where, said)
