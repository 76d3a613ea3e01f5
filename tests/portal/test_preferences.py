"""How pages look is remembered with the person, and put on again wherever the person signs in."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanshi.foundation import outbox
from shanshi.registry import operations, queries
from shanshi.registry.queries import PreferenceFacts
from tests.cast import LIN

pytestmark = pytest.mark.django_db


def look_of(page):
    return re.search(r"<html[^>]*>", page.content.decode()).group()


def sign_in(person):
    """A browser that has never been here, after the code by text message."""
    browser = Client()
    browser.post("/sign-in", {"phone": person.phone})
    code = re.findall(r"\d{6}", outbox.messages(phone=person.phone)[0].text)[0]
    return browser, browser.post("/sign-in/code", {"phone": person.phone, "code": code})


def test_a_choice_is_kept_with_whoever_is_signed_in(world, reader):
    lin = reader(world.cast.lin)
    for choice in ({"theme": "dark"}, {"elder": "1"}, {"language": "en"}):
        assert lin.post("/appearance", {**choice, "next": "/me"})["Location"] == "/me"
    assert queries.preference_of(world.cast.lin.known()) == PreferenceFacts("dark", True, "en")
    assert look_of(lin.get("/me")) == '<html lang="en" data-theme="dark" data-elder>'
    lin.post("/appearance", {"theme": "", "elder": "0"})
    assert queries.preference_of(world.cast.lin.known()) == PreferenceFacts("", False, "en")


def test_a_visitor_s_choice_stays_in_the_browser(client, db):
    client.post("/appearance", {"theme": "dark", "language": "en"})
    assert look_of(client.get("/")) == '<html lang="en" data-theme="dark">'


def test_nothing_is_kept_of_a_choice_that_does_not_exist(world, reader):
    reader(world.cast.lin).post("/appearance", {"theme": "neon", "language": "fr"})
    assert queries.preference_of(world.cast.lin.known()) is None


def test_another_browser_looks_as_chosen_from_the_sign_in_on(world, at):
    lin = world.cast.lin
    operations.remember(theme="dark", is_elder=True, language="en", by=lin, at=at)
    browser, answer = sign_in(LIN)
    assert answer.status_code == 302
    assert look_of(browser.get("/")) == '<html lang="en" data-theme="dark" data-elder>'


def test_whoever_chose_nothing_keeps_the_browser_s_look(world):
    world.cast.lin  # noqa: B018 - the phone is known
    _, answer = sign_in(LIN)
    assert {"theme", "elder", "language"} & set(answer.cookies) == set()


def test_a_page_asks_nothing_about_the_look(world, reader, at):
    operations.remember(theme="dark", by=world.cast.lin, at=at)
    lin = reader(world.cast.lin)
    with CaptureQueriesContext(connection) as asked:
        lin.get("/design/gallery")
    assert [one["sql"] for one in asked if "registry_preference" in (one["sql"] or "")] == []


def test_two_languages_are_asked_at_once(world, at):
    operations.remember(language="en", by=world.cast.lin, at=at)
    holders = [world.cast.lin.volunteer(), world.cast.stranger.volunteer()]
    assert queries.languages(holders) == {holders[0]: "en"}


def test_a_choice_is_told_to_the_person_and_forgotten_with_the_person(world, at):
    lin = world.cast.lin
    operations.remember(theme="dark", by=lin, at=at)
    (told,) = queries.held_about(lin.known())["preferences"]
    assert (told["theme"], told["is_elder"], told["language"]) == ("dark", False, "")
    operations.forget(lin.known(), by=lin, at=at)
    assert queries.preference_of(lin.known()) is None
