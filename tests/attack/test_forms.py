"""Every form that is shown anywhere: nothing typed into it runs, and it works for nobody else."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.attack.city import City
from tests.attack.conftest import undone
from tests.attack.test_other_peoples_things import HERS, rows_about
from tests.attack.visits import browser, forms, is_harmless
from tests.attack.words import FEWER

pytestmark = pytest.mark.django_db

NOT_ABOUT_HER = {"/sign-out", "/i18n/setlang/"}


def test_every_form_goes_to_a_page_of_ours(city: City) -> None:
    assert len(forms(city)) > 20
    for role, form in forms(city):
        assert urlsplit(form.action).netloc == "", (role, form.action)


def test_a_text_in_a_form_stays_a_text(city: City) -> None:
    for role, form in forms(city):
        client = browser(city, role)
        for place, nasty in enumerate(FEWER):
            for sent in (form.filled(nasty), dict.fromkeys(form.values, nasty))[: 1 if place else 2]:
                with undone():
                    answer = client.post(form.action, sent)
                assert answer.status_code < 500, (form.action, nasty)
                assert "evil.example" not in answer.get("Location", "").split("?")[0], (form.action, nasty)
                is_harmless(form.action, answer)


def test_no_form_works_for_anybody_to_whom_it_was_not_shown(city: City) -> None:
    before = rows_about(city, HERS)
    for shown_to, form in forms(city):
        if urlsplit(form.action).path in NOT_ABOUT_HER:
            continue
        with undone():
            for role in ("stranger", "other_leader", "other_cashier"):
                browser(city, role).post(form.action, form.values)
            assert rows_about(city, HERS) == before, (shown_to, form.action)
