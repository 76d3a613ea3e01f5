"""Ways in: a password beside the code, devices and their end, and that nobody learns who has a phone."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanshi.foundation import clock, sessions
from shanshi.foundation.models import Session
from shanshi.foundation.retention import SWEEPS
from shanshi.registry import models, queries
from tests.cast import LIN, STRANGER
from tests.portal.world import let_in
from tests.registry.browsers import FIREFOX, browser, latest_code, set_up_app, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "清波门外的三棵老香樟"


def with_password(person, cast):
    client = browser()
    sign_in(client, person)
    done = client.post("/account/password", {"password": PASSWORD, "repeated": PASSWORD})
    assert done["Location"] == "/account/security", done.content.decode()
    return client


def try_password(client, phone, password, page=""):
    return client.post("/sign-in/password", {"phone": phone, "password": password, "next": page})


# Passwords


def test_lin_sets_a_password_and_signs_in_with_it(cast):
    _ = cast.lin
    with_password(LIN, cast)
    lin = browser()
    assert try_password(lin, LIN.phone, PASSWORD, "/me/transfers")["Location"] == "/me/transfers"
    assert lin.get("/me").status_code == 200
    held = models.Person.objects.get(pk=cast.lin.known()).password
    assert identify_hasher(held).algorithm == "scrypt"


@pytest.mark.parametrize(
    ("password", "repeated", "says"),
    [
        ("short", "short", "at least 10"),
        ("1357913579", "1357913579", "entirely numeric"),
        ("password123", "password123", "too common"),
        (PASSWORD, PASSWORD + "!", "The two are not the same."),
    ],
)
def test_a_weak_password_is_refused_and_nothing_changes(cast, password, repeated, says):
    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    answer = lin.post("/account/password", {"password": password, "repeated": repeated})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not queries.factors(cast.lin.known()).has_password


def test_a_wrong_password_an_unknown_phone_and_a_phone_without_one_are_answered_alike(cast):
    _ = cast.lin, cast.stranger
    with_password(LIN, cast)

    def answer(phone):
        found = try_password(browser(), phone, "some other password")
        text = found.content.decode()
        return found.status_code, re.sub(r"[A-Za-z0-9]{64}", "", text).replace(phone, "")

    known, without, unknown = answer(LIN.phone), answer(STRANGER.phone), answer("15400000321")
    assert known == without == unknown
    assert known[0] == 422
    assert "Phone and password do not fit." in known[1]


def test_an_unknown_phone_costs_one_hash_and_as_many_questions(cast, monkeypatch):
    from django.contrib.auth.hashers import ScryptPasswordHasher

    _ = cast.lin, cast.stranger
    with_password(LIN, cast)
    hashed = []
    real = ScryptPasswordHasher.encode
    monkeypatch.setattr(
        ScryptPasswordHasher, "encode", lambda self, *a, **k: hashed.append(1) or real(self, *a, **k)
    )

    def cost(phone):
        hashed.clear()
        with CaptureQueriesContext(connection) as asked:
            try_password(browser(), phone, "some other password")
        return len(hashed), len(asked)

    assert cost(LIN.phone) == cost(STRANGER.phone) == cost("15400000321")
    assert cost(LIN.phone)[0] == 1


def test_tries_of_a_password_are_counted_per_phone_yet_the_owners_device_stays_open(cast, settings):
    settings.SHANSHI_LIMITS = {**settings.SHANSHI_LIMITS, "password_per_phone": (3, 3600)}
    _ = cast.lin
    lin = with_password(LIN, cast)
    lin.post("/sign-out")
    seen = [try_password(browser(), LIN.phone, f"guess number {n}").status_code for n in range(5)]
    assert seen == [422, 422, 422, 429, 429]
    assert try_password(browser(), LIN.phone, PASSWORD).status_code == 429
    assert try_password(lin, LIN.phone, PASSWORD).status_code == 302


def test_a_forgotten_password_is_replaced_after_a_code_and_the_second_factor(cast):
    _ = cast.lin
    first = with_password(LIN, cast)
    app, _codes = set_up_app(first)
    lin = browser()
    assert sign_in(lin, LIN, "/account/password")["Location"] == "/sign-in/second-factor"
    assert lin.post("/account/password", {"password": "x" * 12, "repeated": "x" * 12}).status_code == 302
    assert try_password(browser(), LIN.phone, PASSWORD)["Location"] == "/sign-in/second-factor"
    lin.post("/sign-in/second-factor", {"code": app.code(ahead=1)})
    other = "断桥残雪与保俶塔下的船"
    lin.post("/account/password", {"password": other, "repeated": other})
    assert try_password(browser(), LIN.phone, PASSWORD).status_code == 422
    assert try_password(browser(), LIN.phone, other)["Location"] == "/sign-in/second-factor"


def test_a_new_password_ends_the_other_devices_at_once(cast):
    _ = cast.lin
    old = browser(FIREFOX)
    sign_in(old, LIN)
    assert old.get("/me").status_code == 200
    lin = with_password(LIN, cast)
    assert old.get("/me")["Location"].startswith("/sign-in")
    assert lin.get("/me").status_code == 200


# Codes


def test_a_strangers_wrong_tries_use_up_no_code_of_mine(cast):
    _ = cast.lin
    lin, stranger = browser(), browser(FIREFOX)
    lin.post("/sign-in", {"phone": LIN.phone})
    code = latest_code(LIN.phone)
    for n in range(20):
        answer = stranger.post("/sign-in/code", {"phone": LIN.phone, "code": f"{n:06d}"})
        assert answer.status_code == 422
    stranger.post("/sign-in/code", {"phone": LIN.phone, "code": code})
    assert stranger.get("/me")["Location"].startswith("/sign-in")
    assert lin.post("/sign-in/code", {"phone": LIN.phone, "code": code})["Location"] == "/me"


def test_a_stranger_who_asks_for_all_codes_does_not_lock_my_own_device_out(cast, settings):
    settings.SHANSHI_LIMITS = {**settings.SHANSHI_LIMITS, "code_per_phone": (2, 3600)}
    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    lin.post("/sign-out")
    seen = [browser(FIREFOX).post("/sign-in", {"phone": LIN.phone}).status_code for _ in range(3)]
    assert seen == [200, 429, 429]
    assert sign_in(lin, LIN)["Location"] == "/me"


def test_a_forged_name_of_a_device_is_no_name(cast):
    _ = cast.lin
    lin = browser()
    lin.post("/sign-in", {"phone": LIN.phone})
    code = latest_code(LIN.phone)
    thief = browser()
    thief.cookies["device"] = lin.cookies["device"].value.split(":")[0] + ":forged"
    assert thief.post("/sign-in/code", {"phone": LIN.phone, "code": code}).status_code == 422


def test_the_name_for_counting_tries_and_the_name_of_the_scanning_phone_live_side_by_side(cast):
    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    device = lin.cookies["device"].value
    lin.get("/check-in")
    scanner = lin.cookies["scanner"].value
    assert lin.cookies["device"].value == device
    lin.post("/sign-out")
    assert sign_in(lin, LIN)["Location"] == "/me"
    lin.get("/check-in")
    assert (lin.cookies["device"].value.split(":")[0], lin.cookies["scanner"].value) == (
        device.split(":")[0],
        scanner,
    )


# Sessions


def test_the_table_of_sessions_tells_nothing_of_keys_and_contents(cast):
    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    key = lin.cookies["sessionid"].value
    row = Session.objects.get(person_id=cast.lin.known())
    digest = hashlib.sha256(key.encode()).digest()
    assert (row.holder_id, row.pk) == (UUID(bytes=digest[:16]), UUID(bytes=digest[16:]))
    assert (row.device, row.seen_on) == ("Chrome, Android", clock.real_now().astimezone().date())
    assert str(cast.lin.known()).encode() not in bytes(row.data)
    assert key.encode() not in bytes(row.data)


def test_contents_that_somebody_altered_or_moved_open_no_session(cast, client, at):
    let_in(client, cast.lin, at)
    other = let_in(browser(), cast.stranger, at)
    mine, hers = (
        Session.objects.get(person_id=cast.lin.known()),
        Session.objects.get(person_id=cast.stranger.known()),
    )
    Session.objects.filter(pk=mine.pk).update(data=hers.data)
    assert client.get("/me")["Location"].startswith("/sign-in")
    assert other.get("/me").status_code == 200


def test_a_session_costs_one_question_and_the_actor_one_more(cast, client, at):
    let_in(client, cast.wu, at)
    with CaptureQueriesContext(connection) as asked:
        client.get("/terms")
    assert len(asked) == 3  # and one for the mark of unread notices in the frame


def test_a_session_is_seen_once_a_day(cast, client, at):
    let_in(client, cast.lin, at)
    Session.objects.update(seen_on="2019-01-01")
    for count in (1, 0):
        with CaptureQueriesContext(connection) as asked:
            client.get("/terms")
        assert len([one for one in asked if str(one["sql"]).startswith("UPDATE")]) == count


def test_lin_sees_her_devices_and_ends_one_at_once(cast):
    _ = cast.lin
    desk, phone = browser(FIREFOX), browser()
    sign_in(desk, LIN)
    sign_in(phone, LIN)
    page = phone.get("/account/sessions").content.decode()
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    assert page.count("this one") == 1
    other = next(
        one for one in sessions.listed(cast.lin.known(), at=clock.real_now()) if "Firefox" in one.device
    )
    phone.post(f"/account/sessions/{other.id}/end")
    assert desk.get("/me")["Location"].startswith("/sign-in")
    assert phone.get("/me").status_code == 200


def test_a_session_of_somebody_else_cannot_be_ended(cast):
    _ = cast.lin, cast.stranger
    lin, stranger = browser(), browser()
    sign_in(lin, LIN)
    sign_in(stranger, STRANGER)
    (hers,) = sessions.listed(cast.lin.known(), at=clock.real_now())
    assert stranger.post(f"/account/sessions/{hers.id}/end").status_code == 404
    assert lin.get("/me").status_code == 200


def test_all_other_devices_end_with_one_word(cast):
    _ = cast.lin
    others = [browser(), browser(FIREFOX)]
    lin = browser()
    for client in (*others, lin):
        sign_in(client, LIN)
    lin.post("/account/sessions/others/end")
    assert [client.get("/me").status_code for client in (*others, lin)] == [302, 302, 200]


def test_an_answer_on_its_way_does_not_bring_an_ended_session_back(cast, client, at):
    let_in(client, cast.lin, at)
    store = sessions.SessionStore(client.cookies["sessionid"].value)
    store["last"] = "page"
    sessions.end_all(cast.lin.known())
    from django.contrib.sessions.backends.base import UpdateError

    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_a_key_that_was_there_before_signing_in_is_worthless_after_it(cast):
    _ = cast.lin
    fixed = browser()
    session = fixed.session
    session["planted"] = "by a thief"
    session.save()
    key = fixed.cookies["sessionid"].value
    sign_in(fixed, LIN)
    thief = browser()
    thief.cookies["sessionid"] = key
    assert fixed.cookies["sessionid"].value != key
    assert fixed.get("/me").status_code == 200
    assert thief.get("/me")["Location"].startswith("/sign-in")


def test_a_key_that_we_did_not_make_is_never_taken(cast):
    _ = cast.lin
    fixed = browser()
    fixed.cookies["sessionid"] = "a" * 32
    sign_in(fixed, LIN)
    assert fixed.cookies["sessionid"].value != "a" * 32


def test_expired_sessions_hold_nothing_and_are_swept_away(cast, client, at):
    let_in(client, cast.lin, at)
    Session.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    assert client.get("/me")["Location"].startswith("/sign-in")
    now = clock.real_now()
    assert SWEEPS["sessions"].take(now, at=now, most=9) == 1
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile MicroMessenger/8.0", "WeChat, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Edg/126.0", "Edge, Windows"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_called_coarsely(agent, device):
    assert sessions.device_of(agent) == device


def test_signing_in_as_somebody_else_leaves_nothing_of_the_first(cast):
    _ = cast.lin
    shared = browser()
    sign_in(shared, STRANGER)
    sign_in(shared, LIN)
    (held,) = Session.objects.exclude(person_id=None)
    assert held.person_id == cast.lin.known()
