"""The second factor: every role needs one; volunteers may have one; lost ones are replaced."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt

from shanshi.foundation import clock, outbox
from shanshi.foundation.actor import VISITOR
from shanshi.foundation.crypto import KeysUnreadable
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.errors import SignInNeeded
from shanshi.registry import operations, rules
from tests.cast import LIN, WU
from tests.registry.browsers import browser, latest_code, set_up_app, sign_in

pytestmark = pytest.mark.django_db
DESK = "/lead"


def test_a_leader_without_a_second_factor_is_led_to_one_and_then_to_the_desk(cast):
    _ = cast.wu
    wu = browser()
    assert sign_in(wu, WU, DESK)["Location"] == "/account/second-factor?next=%2Flead"
    refused = wu.get(DESK)
    assert refused["Location"] == "/account/second-factor?next=%2Flead"
    page = wu.get(refused["Location"]).content.decode()
    assert "A role needs a second step" in page

    page = wu.get("/account/one-time-codes").content.decode()
    assert "<svg" in page
    assert page.count('<button class="button button-main" type="submit">') == 1  # no link to the app
    _, codes = set_up_app(wu)

    assert len(codes) == 10
    assert wu.get(DESK).status_code == 200


def test_where_it_was_wanted_stands_on_the_page_of_recovery_codes(cast):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU, DESK)
    wu.get("/account/second-factor?next=/lead")
    page = wu.get("/account/one-time-codes").content.decode()
    app, _ = set_up_app(wu)
    assert app.code() not in page


def test_signing_in_again_asks_for_the_code_and_nothing_opens_before_it(cast):
    _ = cast.wu
    first = browser()
    sign_in(first, WU)
    app, _ = set_up_app(first)

    wu = browser()
    asked = sign_in(wu, WU, DESK)
    assert asked["Location"] == "/sign-in/second-factor"
    assert wu.get("/me")["Location"].startswith("/sign-in")
    page = wu.get("/sign-in/second-factor").content.decode()
    assert "Your account asks for a second proof that it is you." in page
    assert "I have lost it" in page
    assert "Two members of the city's staff reset it: one proposes, another approves." in page

    wrong = wu.post("/sign-in/second-factor", {"code": app.wrong()})
    assert wrong.status_code == 422
    assert wu.get("/me")["Location"].startswith("/sign-in")

    done = wu.post("/sign-in/second-factor", {"code": app.code(ahead=1)})
    assert done["Location"] == DESK
    assert wu.get(DESK).status_code == 200


def age(client, hours):
    """Let the proofs of a session be older."""
    session = client.session
    session[rules.PROOFS] = [{**one, "at": one["at"] - hours * 3600} for one in session[rules.PROOFS]]
    session.save()


def test_a_role_holds_for_twelve_hours_after_the_factor_was_shown(cast):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    app, _ = set_up_app(wu)
    age(wu, 11)
    assert wu.get(DESK).status_code == 200
    age(wu, 2)
    refused = wu.get(DESK)
    assert refused["Location"] == "/account/second-factor?next=%2Flead"
    assert wu.get("/me").status_code == 200  # a volunteer goes on as before

    asked = wu.get(refused["Location"])
    assert asked["Location"] == "/account/confirm?next=%2Flead"
    shown = wu.post(asked["Location"], {"code": app.code(ahead=1), "next": DESK})
    assert shown["Location"] == DESK
    assert wu.get(DESK).status_code == 200


def test_a_city_says_for_how_long_a_factor_counts(cast, settings):
    settings.SHANSHI_SECOND_FACTOR_HOURS = 1
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    set_up_app(wu)
    age(wu, 2)
    assert wu.get(DESK)["Location"].startswith("/account/second-factor")


def test_a_one_time_code_works_once_also_in_another_process(cast, settings):
    _ = cast.wu
    first = browser()
    sign_in(first, WU)
    app, _ = set_up_app(first)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    # The one that set it up is used already.
    wu = browser()
    sign_in(wu, WU)
    assert wu.post("/sign-in/second-factor", {"code": app.code()}).status_code == 422
    code = app.code(ahead=1)
    assert wu.post("/sign-in/second-factor", {"code": code}).status_code == 302

    thief = browser()
    sign_in(thief, WU)
    assert thief.post("/sign-in/second-factor", {"code": code}).status_code == 422
    assert thief.get("/me")["Location"].startswith("/sign-in")


def test_a_recovery_code_opens_once(cast):
    _ = cast.wu
    first = browser()
    sign_in(first, WU)
    _, codes = set_up_app(first)
    for status in (302, 422):
        wu = browser()
        sign_in(wu, WU)
        assert wu.post("/sign-in/second-factor", {"code": codes[0]}).status_code == status
    wu.post("/sign-in/second-factor", {"code": codes[1]})
    assert "8 left" in wu.get("/account/security").content.decode()


def test_recovery_codes_are_shown_once_and_new_ones_end_the_old(cast):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    _, codes = set_up_app(wu)
    page = wu.get("/account/recovery-codes").content.decode()
    assert [code for code in codes if code in page] == []

    assert wu.post("/account/recovery-codes")["Location"] == "/account/recovery-codes"
    page = wu.get("/account/recovery-codes").content.decode()
    fresh = re.findall(r"<li><code>(\d{10})</code>", page)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    other = browser()
    sign_in(other, WU)
    assert other.post("/sign-in/second-factor", {"code": codes[3]}).status_code == 422


def test_tries_are_counted_per_person_in_whichever_browser(cast, settings):
    settings.SHANSHI_LIMITS = {**settings.SHANSHI_LIMITS, "factor_per_person": (3, 600)}
    _ = cast.wu
    first = browser()
    sign_in(first, WU)
    app, _ = set_up_app(first)
    seen = []
    for _try in range(3):
        wu = browser()
        sign_in(wu, WU)
        seen.append(wu.post("/sign-in/second-factor", {"code": app.wrong()}).status_code)
    # The first try of the three was the setting up.
    assert seen == [422, 422, 429]
    assert wu.post("/sign-in/second-factor", {"code": app.code(ahead=1)}).status_code == 429


def test_a_volunteer_may_have_one_and_is_asked_for_it_then(cast):
    _ = cast.lin
    lin = browser()
    assert sign_in(lin, LIN)["Location"] == "/me"
    app, _ = set_up_app(lin)
    again = browser()
    assert sign_in(again, LIN)["Location"] == "/sign-in/second-factor"
    assert again.post("/sign-in/second-factor", {"code": app.code(ahead=1)})["Location"] == "/me"


def test_setting_one_up_signs_other_devices_out_and_changes_the_key(cast):
    _ = cast.lin
    old, lin = browser(), browser()
    sign_in(old, LIN)
    sign_in(lin, LIN)
    key = lin.cookies["sessionid"].value
    set_up_app(lin)
    assert old.get("/me")["Location"].startswith("/sign-in")
    assert lin.get("/me").status_code == 200
    assert lin.cookies["sessionid"].value != key


def test_giving_up_the_last_one_withholds_the_role_at_once(cast):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    set_up_app(wu)
    assert wu.get(DESK).status_code == 200
    assert wu.post("/account/one-time-codes/end")["Location"] == "/account/security"
    assert wu.get(DESK)["Location"] == "/account/second-factor?next=%2Flead"
    assert not Authenticator.objects.exists()


def test_a_program_without_it_is_refused_with_the_way(cast, client):
    from tests.portal.world import let_in

    let_in(client, cast.wu, cast.at, second_factor=False)
    answer = client.post("/api/v1/activities", "{}", content_type="application/json")
    page = client.get(DESK)
    assert page["Location"].startswith("/account/second-factor")
    assert answer.status_code in {403, 422}


def test_a_secret_lies_sealed_in_the_table(cast):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    app, codes = set_up_app(wu)
    held = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in held
    assert not [code for code in codes if code in held]


def test_a_secret_that_is_moved_to_another_person_opens_nothing_there(cast):
    _ = cast.wu, cast.lin
    wu = browser()
    sign_in(wu, WU)
    app, codes = set_up_app(wu)
    # Who can write the table gives Lin's own device to Wu's account, or Wu's to Lin's.
    Authenticator.objects.update(user_id=cast.lin.known())
    for code in (app.code(ahead=1), codes[0]):
        with pytest.raises(KeysUnreadable):
            operations.spend_factor(cast.lin.known(), code, at=clock.real_now())
    Authenticator.objects.update(user_id=cast.wu.known())
    assert operations.spend_factor(cast.wu.known(), codes[0], at=clock.real_now()).type == "recovery_codes"


def test_outside_of_its_owners_block_nothing_is_sealed_or_opened(cast):
    with pytest.raises(LookupError):
        encrypt("a secret")


def test_staff_takes_a_lost_one_away_with_a_reason_and_ends_all_sessions(
    cast, at, django_capture_on_commit_callbacks
):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    set_up_app(wu)
    with pytest.raises(SignInNeeded):
        operations.reset_second_factor(cast.wu.known(), by=VISITOR, at=at, reason="lost")
    with pytest.raises(rules.RoleInvalid):
        operations.reset_second_factor(cast.wu.known(), by=cast.xu, at=at, reason=" ")
    assert Authenticator.objects.count() == 2

    with django_capture_on_commit_callbacks(execute=True):
        operations.reset_second_factor(cast.wu.known(), by=cast.xu, at=at, reason="her phone was stolen")

    operations.deliver(at=at.replace(hour=23))
    assert "请立即告知单位" in outbox.messages(phone=WU.phone)[0].text  # by night, and without consent
    assert not Authenticator.objects.exists()
    assert wu.get("/me")["Location"].startswith("/sign-in")
    entry = AuditEntry.objects.get(verb="registry.reset_second_factor")
    assert (entry.by, entry.before) == (cast.xu.person_id, {"factors": ["recovery_codes", "totp"]})
    again = browser()
    assert sign_in(again, WU, DESK)["Location"].startswith("/account/second-factor")


def test_a_change_asks_for_a_proof_that_is_ten_minutes_old_at_most(cast, monkeypatch):
    import time

    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    session = lin.session
    session[rules.PROOFS] = [{"method": "code", "at": time.time() - 601}]
    session.save()
    for page in ("password", "passkeys", "one-time-codes", "recovery-codes", "tokens"):
        assert lin.get(f"/account/{page}")["Location"] == f"/account/confirm?next=%2Faccount%2F{page}"
    sent = lin.post("/account/confirm", {"step": "send", "next": "/account/password"})
    assert "We sent six digits to 154****0001." in sent.content.decode()
    wrong = lin.post("/account/confirm", {"code": "x", "next": "/account/password"})
    assert wrong.status_code == 422
    right = lin.post("/account/confirm", {"code": latest_code(LIN.phone), "next": "/account/password"})
    assert right["Location"] == "/account/password"
    assert lin.get("/account/password").status_code == 200


def test_when_the_key_outside_changes_factors_are_sealed_anew_and_still_hold(cast, settings):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    app, _codes = set_up_app(wu)
    old = settings.SHANSHI_KEYRING
    settings.SHANSHI_KEYRING = replace(old, current="k2", wrapping={**old.wrapping, "k2": bytes(32)})
    assert [operations.rewrap_factors(), operations.rewrap_factors()] == [2, 0]
    settings.SHANSHI_KEYRING = replace(old, current="k2", wrapping={"k2": bytes(32)})
    assert operations.spend_factor(cast.wu.known(), app.code(ahead=1), at=clock.real_now()).type == "totp"
