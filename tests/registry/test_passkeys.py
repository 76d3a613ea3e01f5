"""Passkeys: made, asked as a second step or alone, renamed, given up; none opens another account."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from shanshi.registry import queries
from tests.cast import LIN, WU
from tests.registry.browsers import CHROME, sign_in
from tests.registry.software_key import SoftwareKey

pytestmark = pytest.mark.django_db


def at_localhost():
    """A browser at the one name for which passkeys work without TLS."""
    return Client(headers={"accept-language": "en", "user-agent": CHROME}, SERVER_NAME="localhost")


def task(page):
    """What a page asks of the passkey."""
    found = re.search(r'<script type="application/json">(.*?)</script>', page.content.decode(), re.DOTALL)
    assert found is not None, page.content.decode()
    return json.loads(found.group(1))


def make(client, key, name="my phone"):
    options = task(client.get("/account/passkeys"))
    sent = {"name": name, "passwordless": "True", "credential": key.create(options)}
    return client.post("/account/passkeys", sent)


def open_with(client, key, page=""):
    options = client.get("/sign-in/passkey", headers={"accept": "application/json"}).json()
    return client.post("/sign-in/passkey", {"credential": key.get(options), "next": page})


@pytest.fixture
def wu(cast):
    _ = cast.wu
    client = at_localhost()
    sign_in(client, WU)
    return client


@pytest.fixture
def key(wu):
    made = SoftwareKey()
    answer = make(wu, made)
    assert answer["Location"] == "/account/recovery-codes", answer.content.decode()
    return made


def test_making_one_counts_as_showing_it_and_gives_recovery_codes(wu, key):
    page = wu.get("/account/recovery-codes").content.decode()
    assert len(re.findall(r"<li><code>\d{10}</code>", page)) == 10
    assert wu.get("/lead").status_code == 200


def test_a_passkey_alone_opens_the_account_with_its_roles(key):
    again = at_localhost()
    assert open_with(again, key, "/lead")["Location"] == "/lead"
    assert again.get("/lead").status_code == 200


def test_after_a_code_it_is_the_second_step(key):
    again = at_localhost()
    assert sign_in(again, WU, "/lead")["Location"] == "/sign-in/second-factor"
    options = task(again.get("/sign-in/second-factor"))
    done = again.post("/sign-in/second-factor", {"credential": key.get(options)})
    assert done["Location"] == "/lead"
    assert again.get("/lead").status_code == 200


def test_an_answer_is_good_once_and_for_one_browser(key):
    first, second = at_localhost(), at_localhost()
    options = first.get("/sign-in/passkey", headers={"accept": "application/json"}).json()
    answer = key.get(options)
    second.get("/sign-in/passkey", headers={"accept": "application/json"})
    assert second.post("/sign-in/passkey", {"credential": answer}).status_code == 422
    assert first.post("/sign-in/passkey", {"credential": answer}).status_code == 302
    first.post("/sign-out")
    assert first.post("/sign-in/passkey", {"credential": answer}).status_code == 422


def test_a_device_that_does_not_make_sure_of_its_owner_is_not_enough_alone(key):
    key.verifies = False
    again = at_localhost()
    assert open_with(again, key).status_code == 422
    assert again.get("/me").status_code == 302


def test_a_passkey_asked_by_another_site_is_worthless_here(key):
    key.origin = "https://shanshi.example.evil"
    assert open_with(at_localhost(), key).status_code == 422


def test_another_device_that_claims_to_be_the_owners_opens_nothing(key):
    thief = SoftwareKey()
    thief.owner, thief.id = key.owner, key.id
    assert open_with(at_localhost(), thief).status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "no json",
        "[]",
        "{}",
        "null",
        '{"id": 1}',
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "%%%"}}),
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "AAAA"}}),
        json.dumps(
            {
                "id": "AA",
                "rawId": "AA",
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": "e30",
                    "authenticatorData": "AAAA",
                    "signature": "AA",
                    "userHandle": "AAAA",
                },
            }
        ),
    ],
)
def test_nonsense_is_refused_like_any_wrong_answer(db, sent):
    client = at_localhost()
    client.get("/sign-in/passkey", headers={"accept": "application/json"})
    answer = client.post("/sign-in/passkey", {"credential": sent})
    assert answer.status_code == 422
    assert "This passkey does not open the account." in answer.content.decode()


@pytest.mark.parametrize("sent", ["", "no json", "[]", "{}", '{"id": 1, "response": {}}'])
def test_nonsense_makes_no_passkey(wu, sent):
    wu.get("/account/passkeys")
    answer = wu.post("/account/passkeys", {"name": "x", "passwordless": "True", "credential": sent})
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_it_gets_another_name_and_is_given_up(cast, wu, key):
    (one,) = queries.factors(cast.wu.known()).passkeys
    assert one.name == "my phone"
    wu.post(f"/account/passkeys/{one.id}/name", {"name": "old phone"})
    assert queries.factors(cast.wu.known()).passkeys[0].name == "old phone"
    wu.post(f"/account/passkeys/{one.id}/end")
    assert not Authenticator.objects.exists()
    assert wu.get("/lead")["Location"].startswith("/account/second-factor")
    assert open_with(at_localhost(), key).status_code == 422


def test_its_name_lies_sealed_and_one_without_a_name_gets_one(cast, wu, key):
    assert "my phone" not in str(Authenticator.objects.get(type="webauthn").data)
    make(wu, SoftwareKey(), name="")
    assert [one.name for one in queries.factors(cast.wu.known()).passkeys] == ["my phone", "Passkey 2"]


def test_nobody_touches_the_passkey_of_somebody_else(cast, key):
    _ = cast.lin
    (one,) = queries.factors(cast.wu.known()).passkeys
    lin = at_localhost()
    sign_in(lin, LIN)
    assert lin.post(f"/account/passkeys/{one.id}/name", {"name": "mine"}).status_code == 404
    assert lin.post(f"/account/passkeys/{one.id}/end").status_code == 404
    assert queries.factors(cast.wu.known()).passkeys[0].name == "my phone"


def test_a_passkeys_page_shows_nothing_to_a_browser_that_wants_a_page(client):
    assert client.get("/sign-in/passkey")["Location"] == "/sign-in"


def test_a_bent_answer_is_refused_whatever_was_bent(key):
    """Every part of a right answer, cut, doubled, of another kind, or gone."""
    client = at_localhost()
    options = client.get("/sign-in/passkey", headers={"accept": "application/json"}).json()
    right = json.loads(key.get(options))
    bent = []
    for part in right["response"]:
        value = right["response"][part]
        others = (value[:-4], value + value, "", "AA", 7, None, [], {}, "é")
        bent += [{**right, "response": {**right["response"], part: other}} for other in others]
        bent.append({**right, "response": {k: v for k, v in right["response"].items() if k != part}})
    for part in right:
        bent += [{**right, part: other} for other in ("AA", 7, None, [], {})]
        bent.append({k: v for k, v in right.items() if k != part})
    seen = set()
    for answer in bent:
        fresh = at_localhost()
        fresh.cookies = client.cookies
        sent = {"credential": json.dumps(answer)}
        status = fresh.post("/sign-in/passkey", sent).status_code
        seen.add(status)
        if status == 302:  # what was bent is no part of the proof
            assert answer["response"] == right["response"], answer
            break
    assert seen <= {422, 302}


def test_at_an_address_in_numbers_the_page_leads_to_the_one_with_a_name(cast):
    _ = cast.wu
    numbers = Client(headers={"accept-language": "en", "user-agent": CHROME, "host": "127.0.0.1:8000"})
    sign_in(numbers, WU)
    assert (
        'href="http://localhost:8000/account/passkeys"' in numbers.get("/account/passkeys").content.decode()
    )
    named = at_localhost()
    sign_in(named, WU)
    assert "go on at this one" not in named.get("/account/passkeys").content.decode()
