"""A city's own identity service: who comes back from it with a sound proof is let in, and nobody else."""

from __future__ import annotations

import time
import urllib.parse
from datetime import timedelta

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth import SESSION_KEY
from django.test import Client

from shanshi.foundation import clock
from shanshi.foundation.actor import Role, system
from shanshi.gateways import identity_service as service_gateway
from shanshi.gateways import outgoing
from shanshi.registry import operations, queries, rules
from shanshi.registry.operations.links import link_identity
from shanshi.registry.queries.links import identity_index, link_of
from shanshi.registry.rules.links import IdentityLinked, IdentityTaken
from tests.cast import LIN, STRANGER, WU
from tests.registry.provider import CLIENT_ID, CLIENT_SECRET, identity_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings):
    """The service, running, and named in the settings."""
    with identity_service() as running:
        settings.SHANSHI_OUTGOING_INTERNAL = frozenset({"127.0.0.1"})
        settings.SHANSHI_OIDC = {
            "issuer": running.issuer,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "name": "City identity",
            "name_zh": "城市身份",
            "second_factor": frozenset({"urn:city:high", "otp"}),
            "trusts_phone": False,
        }
        yield running


def there_and_back(client: Client, page: str = "/account/identity"):
    """Go to the service and come back, as a browser does; return our answer."""
    there = client.get(page)
    assert there.status_code == 302, there.content.decode()
    back = requests.get(there["Location"], allow_redirects=False, timeout=5)
    return client.get(back.headers["Location"].removeprefix("http://testserver"))


def person_in(client: Client) -> str | None:
    return client.session.get(SESSION_KEY)


def signed_in(client: Client, person, code_of) -> None:
    """Sign somebody in by phone, as the pages do."""
    client.post("/sign-in", {"phone": person.phone})
    client.post("/sign-in/code", {"phone": person.phone, "code": code_of(person.phone)})
    assert person_in(client)


@pytest.fixture
def linked(service, cast, at):
    """Lin, whose account is linked to the identity that the service proves."""
    lin = cast.volunteer(LIN)
    link_identity(lin.known(), identity_index(f"{service.issuer}|{service.subject}"), at=at)
    return lin


def test_a_linked_identity_signs_in_and_leads_to_the_page_that_was_wanted(client, linked):
    answer = there_and_back(client, "/account/identity?next=/terms")
    assert (answer.status_code, answer["Location"]) == (302, "/terms")
    assert person_in(client) == str(linked.person_id)
    assert client.get("/me").status_code == 200


def test_another_site_is_no_page_to_go_on_to(client, linked):
    assert there_and_back(client, "/account/identity?next=https://else.test/")["Location"] == "/me"


def test_what_goes_to_the_service_is_a_challenge_a_state_and_a_nonce(client, service):
    there = urllib.parse.urlsplit(client.get("/account/identity?next=/me")["Location"])
    asked = dict(urllib.parse.parse_qsl(there.query))
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{service.issuer}/authorize"
    assert set(asked) == {
        *("client_id", "redirect_uri", "scope", "response_type", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert asked["redirect_uri"] == "http://testserver/account/identity/back"
    assert (asked["scope"], asked["code_challenge_method"]) == ("openid", "S256")
    assert len(asked["nonce"]) == 32


CLAIMS = {
    "wrong nonce": {"nonce": "of-somebody-else"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-client"},
    "several audiences without our party": {"aud": [CLIENT_ID, "another-client"]},
    "another party": {"azp": "another-client"},
    "another issuer": {"iss": "https://else.test"},
    "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "no expiry": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 3600},
    "from the future": {"iat": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": ["city-0001"]},
}
FAULTS = [
    *("alg_none", "alg_hmac", "other_key", "unknown_key", "state", "other_answers", "other_discovery"),
    *("id_token", "access_token", "no_json", "token_down", "keys_inside"),
]


def refused(answer) -> bool:
    return answer.status_code == 409 and b"answer-refused" in answer.content


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_a_proof_with_one_thing_wrong_lets_nobody_in(client, linked, service, claims):
    service.claims = claims
    assert refused(there_and_back(client))
    assert person_in(client) is None
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("fault", [one for one in FAULTS if one != "other_discovery"])
def test_a_service_that_misbehaves_lets_nobody_in(client, linked, service, fault):
    service.faults = {fault}
    assert refused(there_and_back(client))
    assert person_in(client) is None


@pytest.mark.parametrize("fault", ["other_discovery", "script"])
def test_a_service_that_describes_itself_wrongly_is_not_gone_to(client, service, fault):
    service.faults = {fault}
    answer = client.get("/account/identity")
    assert refused(answer)
    assert b"javascript:" not in answer.content


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh-hans", "城市身份未能证明您的身份"), ("en", "City identity did not prove who you are")],
)
def test_the_page_says_in_the_readers_language_that_nobody_was_signed_in(client, service, language, says):
    client.cookies["language"] = language
    service.claims = {"nonce": "of-somebody-else"}
    answer = there_and_back(client)
    assert says in answer.content.decode()
    assert answer.context["refused"].code == "gateways.identity_not_proved"


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "城市身份"), ("en", "City identity")])
def test_a_service_that_is_down_is_named_and_the_phone_still_signs_in(client, service, language, says):
    client.cookies["language"] = language
    service.faults = {"token_down"}
    assert says in there_and_back(client).content.decode()
    assert client.get("/sign-in").status_code == 200


def test_a_slow_service_is_not_waited_for(client, linked, service, monkeypatch):
    there = client.get("/account/identity")["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    monkeypatch.setattr(outgoing.Session, "total_seconds", 0.0)
    answer = client.get(back.removeprefix("http://testserver"))
    assert refused(answer)
    assert answer.context["refused"].code == "gateways.unreachable"
    assert person_in(client) is None


def test_who_turns_back_at_the_service_is_told_so(client, service):
    service.faults = {"declined"}
    answer = there_and_back(client)
    assert answer.context["refused"].code == "gateways.identity_declined"
    assert person_in(client) is None


def test_an_answer_holds_once(client, linked):
    there = client.get("/account/identity")["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    path = back.removeprefix("http://testserver")
    assert client.get(path).status_code == 302
    client.post("/sign-out")
    assert refused(client.get(path))
    assert person_in(client) is None


def test_an_answer_holds_only_in_the_browser_that_asked(client, linked):
    there = client.get("/account/identity")["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    other = Client()
    assert refused(other.get(back.removeprefix("http://testserver")))
    assert person_in(other) is None


def test_a_code_is_worth_nothing_without_the_verifier_that_stays_here(client, linked, service):
    there = client.get("/account/identity")["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    (code,) = service.codes
    stolen = requests.post(
        f"{service.issuer}/token",
        data={
            "code": code,
            "redirect_uri": "http://testserver/account/identity/back",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "code_verifier": "guessed",
        },
        timeout=5,
    )
    assert stolen.status_code == 400
    # And once it has been tried, it is worth nothing here either.
    assert refused(client.get(back.removeprefix("http://testserver")))


def test_the_session_begins_anew_so_that_nobody_who_knew_its_key_is_let_in(client, linked):
    client.get("/account/identity")
    before = client.session.session_key
    there_and_back(client)
    assert person_in(client) == str(linked.person_id)
    assert client.session.session_key != before


def test_an_identity_that_is_linked_to_nobody_waits_and_is_linked_after_signing_in_by_phone(
    client, service, cast, code_of
):
    lin = cast.volunteer(LIN)
    answer = there_and_back(client, "/account/identity?next=/terms")
    assert answer["Location"] == "/sign-in?next=%2Faccount%2Fidentity%2Fjoin"
    assert person_in(client) is None
    client.post("/sign-in", {"phone": LIN.phone})
    proved = client.post(
        "/sign-in/code",
        {"phone": LIN.phone, "code": code_of(LIN.phone), "next": "/account/identity/join"},
    )
    assert proved["Location"] == "/account/identity/join"
    assert "154****0001" in client.get("/account/identity/join").content.decode()
    assert link_of(lin.known()) is None
    joined = client.post("/account/identity/join", {"answer": "link"})
    assert joined["Location"] == "/terms"
    assert link_of(lin.known()) is not None

    client.post("/sign-out")
    there_and_back(client)
    assert person_in(client) == str(lin.person_id)


def test_who_does_not_want_to_link_goes_on_and_nothing_waits_any_longer(client, service, cast, code_of):
    lin = cast.volunteer(LIN)
    there_and_back(client, "/account/identity?next=/terms")
    signed_in(client, LIN, code_of)
    assert client.post("/account/identity/join", {"answer": "leave"})["Location"] == "/terms"
    assert client.get("/account/identity/join").status_code == 422
    assert link_of(lin.known()) is None


def test_an_identity_does_not_wait_for_long(client, service, cast, code_of):
    lin = cast.volunteer(LIN)
    there_and_back(client)
    signed_in(client, LIN, code_of)
    session = client.session
    index, page, since = session["identity_waiting"]
    session["identity_waiting"] = [index, page, since - 21 * 60]
    session.save()
    answer = client.post("/account/identity/join", {"answer": "link"})
    assert answer.context["refused"].code == "registry.identity_not_waiting"
    assert link_of(lin.known()) is None


def test_the_answer_is_the_same_whether_the_service_knows_a_volunteer_or_a_stranger(client, service, cast):
    service.claims = {"phone_number": LIN.phone, "phone_number_verified": True}
    unknown = there_and_back(client)
    cast.volunteer(LIN)
    other = Client()
    known = there_and_back(other)
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert person_in(client) is person_in(other) is None


@pytest.mark.parametrize("where", ["claims", "userinfo"])
def test_a_phone_that_the_service_vouches_for_links_where_the_operator_trusts_it(
    client, service, cast, settings, where
):
    lin = cast.volunteer(LIN)
    settings.SHANSHI_OIDC = {**settings.SHANSHI_OIDC, "trusts_phone": True}
    setattr(service, where, {"phone_number": f"+86 {LIN.phone}", "phone_number_verified": True})
    assert there_and_back(client)["Location"] == "/me"
    assert person_in(client) == str(lin.person_id)
    assert link_of(lin.known()) is not None


@pytest.mark.parametrize(
    "said",
    [
        {"phone_number": LIN.phone, "phone_number_verified": False},
        {"phone_number": LIN.phone, "phone_number_verified": "true"},
        {"phone_number": LIN.phone},
        {"phone_number": "+1 555 0100", "phone_number_verified": True},
        {"phone_number": 15400000001, "phone_number_verified": True},
        {"phone_number_verified": True},
    ],
)
def test_a_phone_that_is_not_vouched_for_links_nothing(client, service, cast, settings, said):
    lin = cast.volunteer(LIN)
    settings.SHANSHI_OIDC = {**settings.SHANSHI_OIDC, "trusts_phone": True}
    service.claims = said
    assert there_and_back(client)["Location"].startswith("/sign-in")
    assert person_in(client) is None
    assert link_of(lin.known()) is None


def test_particulars_of_somebody_else_are_refused(client, service, cast, settings):
    cast.volunteer(LIN)
    settings.SHANSHI_OIDC = {**settings.SHANSHI_OIDC, "trusts_phone": True}
    service.userinfo = {"sub": "city-0002", "phone_number": LIN.phone, "phone_number_verified": True}
    assert refused(there_and_back(client))
    assert person_in(client) is None


def test_a_vouched_phone_without_an_account_begins_one_that_must_register(client, service, settings):
    settings.SHANSHI_OIDC = {**settings.SHANSHI_OIDC, "trusts_phone": True}
    service.claims = {"phone_number": STRANGER.phone, "phone_number_verified": True}
    assert there_and_back(client)["Location"] == "/register"
    assert queries.person_with_phone(STRANGER.phone) is not None


def test_linking_from_ones_own_page_goes_by_a_form_a_ticket_and_the_service(client, service, cast, code_of):
    lin = cast.volunteer(LIN)
    signed_in(client, LIN, code_of)
    page = client.post("/account/identity/link")
    assert page.status_code == 200
    way = page.context["way"]
    assert there_and_back(client, way)["Location"] == "/account/security"
    assert link_of(lin.known()) is not None
    assert person_in(client) == str(lin.person_id)


def test_without_a_ticket_of_ours_nobody_who_is_signed_in_is_led_to_the_service(
    client, service, cast, code_of
):
    cast.volunteer(LIN)
    signed_in(client, LIN, code_of)
    for page in ("/account/identity", "/account/identity?ticket=", "/account/identity?ticket=guessed"):
        assert client.get(page)["Location"] == "/me"
    way = client.post("/account/identity/link").context["way"]
    assert client.get(way)["Location"].startswith(service.issuer)
    assert client.get(way)["Location"] == "/me"  # a ticket holds once
    assert service.codes == {}


def test_another_sites_form_does_not_link(service, cast, code_of):
    lin = cast.volunteer(LIN)
    strict = Client(enforce_csrf_checks=True)
    easy = Client()
    signed_in(easy, LIN, code_of)
    strict.cookies["sessionid"] = easy.cookies["sessionid"].value
    for page in ("link", "unlink", "join"):
        assert strict.post(f"/account/identity/{page}").status_code == 403
    assert link_of(lin.known()) is None


def test_linking_and_unlinking_ask_for_a_fresh_proof(client, linked, cast, code_of, monkeypatch):
    signed_in(client, LIN, code_of)
    later = clock.real_now() + timedelta(minutes=rules.FRESH_MINUTES + 1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    for page in ("link", "unlink"):
        answer = client.post(f"/account/identity/{page}")
        assert answer["Location"].startswith("/account/confirm")
    assert link_of(linked.known()) is not None


def test_unlinking_ends_it(client, linked, code_of):
    signed_in(client, LIN, code_of)
    assert client.post("/account/identity/unlink")["Location"] == "/account/security"
    assert link_of(linked.known()) is None
    client.post("/sign-out")
    assert there_and_back(client)["Location"].startswith("/sign-in")


def test_an_identity_belongs_to_one_account_and_an_account_to_one_identity(linked, cast, at):
    wu = cast.volunteer(WU)
    index = SocialAccount.objects.get().uid
    with pytest.raises(IdentityTaken):
        link_identity(wu.known(), index, at=at)
    with pytest.raises(IdentityLinked):
        link_identity(linked.known(), identity_index("another"), at=at)
    link_identity(linked.known(), index, at=at)
    assert list(SocialAccount.objects.values_list("user_id", flat=True)) == [linked.person_id]


def test_an_identity_that_is_somebody_elses_is_refused_on_coming_back(client, linked, cast, code_of):
    wu = cast.volunteer(WU)
    signed_in(client, WU, code_of)
    answer = there_and_back(client, client.post("/account/identity/link").context["way"])
    assert answer.context["refused"].code == "registry.identity_taken"
    assert person_in(client) == str(wu.person_id)
    assert link_of(wu.known()) is None


def test_nothing_that_the_service_says_is_kept(client, service, cast, settings):
    cast.volunteer(LIN)
    settings.SHANSHI_OIDC = {**settings.SHANSHI_OIDC, "trusts_phone": True}
    service.claims = {"phone_number": LIN.phone, "phone_number_verified": True, "name": LIN.name}
    there_and_back(client)
    row = SocialAccount.objects.get()
    assert row.extra_data == {}
    assert row.uid == identity_index(f"{service.issuer}|{service.subject}")
    assert service.subject not in row.uid
    assert SocialToken.objects.count() == 0
    kept = str(dict(client.session))
    assert not [one for one in (service.subject, LIN.phone, LIN.name, *service.tokens) if one in kept]


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        *(({}, False), ({"acr": "urn:city:low", "amr": ["pwd"]}, False), ({"amr": "otp"}, False)),
        *(({"acr": "urn:city:high"}, True), ({"amr": ["pwd", "otp"]}, True), ({"acr": ["otp"]}, False)),
    ],
)
def test_what_the_operator_names_counts_as_a_second_factor(client, linked, service, cast, claims, shown):
    cast.with_role(linked, Role.CITY_STAFF, "city")
    service.claims = claims
    there_and_back(client)
    assert person_in(client) == str(linked.person_id)
    assert (
        rules.second_factor_shown(
            client.session, linked.person_id, at=clock.real_now(), within=timedelta(hours=1)
        )
        is shown
    )


@pytest.mark.parametrize(("acr", "page"), [(None, "/sign-in/second-factor"), ("urn:city:high", "/me")])
def test_who_has_a_second_factor_here_shows_it_unless_the_service_has_asked(
    client, linked, service, acr, page
):
    with queries.factors_of(linked.known()):
        TOTP.activate(queries.account_of(linked.person_id), generate_totp_secret())
    service.claims = {"acr": acr}
    assert there_and_back(client)["Location"] == page


def test_an_erased_person_is_linked_to_nothing(client, linked, at):
    operations.forget(linked.known(), by=system("tests"), at=at)
    assert SocialAccount.objects.count() == 0
    assert there_and_back(client)["Location"].startswith("/sign-in")
    assert person_in(client) is None


def test_a_city_without_a_service_shows_none(client):
    assert not service_gateway.is_configured()
    for page in ("/account/identity", "/account/identity/back?code=x&state=y"):
        assert client.get(page).status_code in {404, 409}
    assert b"/account/identity" not in client.get("/sign-in").content


@pytest.mark.parametrize(
    ("language", "says"), [("zh-hans", "用城市身份登录"), ("en", "Sign in with City identity")]
)
def test_the_page_for_signing_in_offers_the_service(client, service, language, says):
    client.cookies["language"] = language
    assert says in client.get("/sign-in?next=/terms").content.decode()


def test_allauth_leaves_the_building_by_the_one_way_out_and_knows_one_service(service):
    adapter = get_adapter()
    assert isinstance(adapter.get_requests_session(), outgoing.Session)
    SocialApp.objects.create(provider="openid_connect", provider_id="evil", name="x", client_id="x")
    assert [app.provider_id for app in adapter.list_apps(None)] == ["city"]
