"""The pages of roles and of what two people decide."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from shanshi.foundation import proposals
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.quantities import city_day
from shanshi.registry import queries as registry
from tests.cast import Person
from tests.portal.words import has_chinese, main_of

pytestmark = pytest.mark.django_db
ZHOU = Person("周涛", "15400000010", "330102", date(1979, 4, 4))
SUN = Person("孙丽", "15400000011", "330102", date(1981, 4, 4))
HE = Person("何平", "15400000012", "330102", date(1983, 4, 4))


@pytest.fixture
def zhou(cast):
    return cast.with_role(cast.volunteer(ZHOU), Role.CITY_STAFF, "city")


@pytest.fixture
def sun(cast):
    return cast.with_role(cast.volunteer(SUN), Role.CITY_STAFF, "city")


@pytest.fixture
def he(cast):
    """Runs the district's League committee."""
    return cast.with_role(cast.volunteer(HE), Role.MANAGER, f"organization:{cast.league}")


def number(who):
    return registry.volunteer(who.volunteer()).number


def typed(who, role, place, *, at, **more):
    day = city_day(at)
    said = {
        "number": number(who),
        "role": role.value,
        "place": place,
        "from_on": day,
        "to_on": "",
        "reason": "x",
    }
    return said | more


def give(client, **form):
    return client.post(reverse("portal:role-give"), form, follow=True)


def held(who, at):
    return {(grant.role, grant.place) for grant in registry.actor_of(who.known(), at).grants}


def test_he_gives_a_leader_below_after_seeing_the_masked_name(reader, cast, he, at):
    place, page = f"organization:{cast.station}", reader(he)
    choose = page.get(reverse("portal:role-give"))
    assert "清波街道志愿服务队" in main_of(choose)
    assert "Where shall the role hold?" in main_of(choose)

    form = typed(cast.lin, Role.LEADER, place, at=at, to_on=city_day(at) + timedelta(days=9), reason="带队")
    asked = give(page, **form)
    assert "Is this the person?" in main_of(asked)
    assert "林*" in main_of(asked)
    assert "林晓" not in asked.content.decode()
    assert held(cast.lin, at) == set()

    told = give(page, **form, sure="1")
    assert "Given: 林* holds the role." in main_of(told)
    assert held(cast.lin, at) == {(Role.LEADER, place)}
    assert "带队" in main_of(page.get(reverse("portal:roles")))
    assert AuditEntry.objects.get(verb="registry.grant_role", by=he.known()).reason == "带队"


def test_he_changes_the_days_and_ends_the_role_with_a_reason(reader, cast, he, at):
    page = reader(he)
    cast.with_role(cast.lin, Role.LEADER, f"organization:{cast.station}")
    line = registry.grants(None, on=city_day(at), person_id=cast.lin.known()).get()
    url = reverse("portal:role", args=[line.pk])
    assert "Change its days" in main_of(page.get(url))

    day = city_day(at)
    told = page.post(f"{url}/change", {"from_on": day, "to_on": day, "reason": "one day"}, follow=True)
    assert "The days have been changed." in main_of(told)
    assert registry.grant(line.pk).to_on == day
    assert "The role cannot be given so" in main_of(page.post(f"{url}/end", {"reason": " "}, follow=True))
    assert "The role has ended." in main_of(page.post(f"{url}/end", {"reason": "moved"}, follow=True))
    assert held(cast.lin, at) == set()
    listed = main_of(page.get(reverse("portal:roles"), {"past": "1"}))
    assert "moved" in listed
    assert "ended" in listed


@pytest.mark.parametrize("where", ["parent", "elsewhere"])
def test_he_gives_nothing_above_or_beside_and_sees_nothing_there(reader, cast, he, at, where):
    cast.divisions  # noqa: B018 - made when first named
    place = {"parent": "city", "elsewhere": "division:330103"}[where]
    cast.with_role(cast.stranger, Role.AUDITOR, "city")
    page = reader(he)
    answer = give(page, **typed(cast.lin, Role.REVIEWER, place, at=at), sure="1")
    assert answer.status_code == 403
    assert held(cast.lin, at) == set()
    assert number(cast.stranger) not in main_of(page.get(reverse("portal:roles")))
    (grant,) = registry.grants(None, on=city_day(at), person_id=cast.stranger.known())
    assert page.get(reverse("portal:role", args=[grant.pk])).status_code == 403
    assert page.post(reverse("portal:role-end", args=[grant.pk]), {"reason": "x"}).status_code == 403
    assert held(cast.stranger, at) == {(Role.AUDITOR, "city")}


def test_an_unknown_number_and_the_own_one_are_refused_and_what_was_typed_stays(reader, cast, he, at):
    place, page = f"organization:{cast.station}", reader(he)
    unknown = give(page, **typed(cast.lin, Role.LEADER, place, at=at, number="HZ0000000000"))
    assert unknown.status_code == 404
    assert "HZ0000000000" in unknown.content.decode()
    assert "Nobody has this volunteer number." in main_of(unknown)
    own = give(page, **typed(he, Role.LEADER, place, at=at), sure="1")
    assert "Nobody can give a role to themselves." in main_of(own)
    phone = give(page, **typed(cast.lin, Role.LEADER, place, at=at, number="15400000001"))
    assert phone.status_code == 404
    assert page.get(reverse("portal:role", args=[uuid4()])).status_code == 404


def test_an_auditor_is_proposed_by_one_and_approved_by_another(reader, cast, zhou, sun, at):
    lin, first, second = cast.lin, reader(zhou), reader(sun)
    told = give(first, **typed(lin, Role.AUDITOR, "city", at=at, reason="年度审计"), sure="1")
    assert "Proposed. It takes effect when another member" in main_of(told)
    assert "You proposed this; another person decides." in main_of(told)
    assert held(lin, at) == set()
    (waiting,) = proposals.pending(["registry.city_role"], at=at)
    url = reverse("portal:proposal-decide", args=[waiting.pk])

    own = first.post(url, {"verdict": "approved", "reason": "yes"}, follow=True)
    assert "You proposed this yourself; another person must decide." in main_of(own)
    queue = main_of(second.get(reverse("portal:proposals")))
    assert "年度审计" in queue
    assert "waits 0 days" in queue
    assert "A reason is needed" in main_of(second.post(url, {"verdict": "approved"}, follow=True))
    assert held(lin, at) == set()

    assert "Approved, and done." in main_of(
        second.post(url, {"verdict": "approved", "reason": "letter 12"}, follow=True)
    )
    assert held(lin, at) == {(Role.AUDITOR, "city")}
    assert "letter 12" in main_of(second.get(reverse("portal:proposals")))


def test_a_reset_of_second_factors_is_proposed_on_the_page_and_refused_there(reader, cast, zhou, sun, at):
    first, second = reader(zhou), reader(sun)
    told = first.post(
        reverse("portal:factor-reset"), {"number": number(cast.wu), "reason": "lost"}, follow=True
    )
    assert "Reset of second factors" in main_of(told)
    (waiting,) = proposals.pending(["registry.second_factor"], at=at)
    url = reverse("portal:proposal-decide", args=[waiting.pk])
    assert "Refused. Nothing has changed." in main_of(
        second.post(url, {"verdict": "refused", "reason": "nobody came"}, follow=True)
    )
    assert not AuditEntry.objects.filter(verb="registry.reset_second_factor").exists()
    nobody = first.post(reverse("portal:factor-reset"), {"number": "HZ0", "reason": "x"}, follow=True)
    assert "Nobody has this volunteer number." in main_of(nobody)


def test_the_list_costs_the_same_however_long_it_is(reader, cast, zhou, at, django_assert_num_queries):
    page, day = reader(zhou), city_day(at)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shanshi.registry import operations

    cast.wu  # noqa: B018 - made when first named
    with CaptureQueriesContext(
        connection,
    ) as few:
        page.get(reverse("portal:roles"))
    for count in range(8):
        operations.grant_role(
            cast.lin.known(),
            Role.LEADER,
            f"shift:{uuid4()}",
            by=cast.loader,
            at=at,
            from_on=day,
            reason=f"{count}",
        )
        operations.grant_role(
            cast.stranger.known(),
            Role.CASHIER,
            f"merchant:{uuid4()}",
            by=zhou,
            at=at,
            from_on=day,
            reason="x",
        )
    with CaptureQueriesContext(connection) as many:
        answer = page.get(reverse("portal:roles"))
    assert answer.content.decode().count("<tr>") > 15
    assert len(many) <= len(few) + 3  # shifts with their activity, and merchants


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_speak_the_readers_language(reader, cast, zhou, at, language):
    page = reader(zhou, language)
    for name in ("roles", "role-give", "proposals"):
        answer = page.get(reverse(f"portal:{name}"))
        assert answer.status_code == 200
        heading = answer.content.decode().partition("<h1>")[2].partition("</h1>")[0]
        assert has_chinese(heading) == (language != "en")


@pytest.mark.parametrize("name", ["roles", "role-give", "proposals", "audit", "audit-looks", "audit-books"])
def test_somebody_without_a_role_is_refused_and_a_visitor_signs_in(reader, cast, name):
    assert reader(cast.stranger).get(reverse(f"portal:{name}")).status_code == 403
    visitor = reader().get(reverse(f"portal:{name}"))
    assert (visitor.status_code, visitor["Location"].split("?")[0]) == (302, "/sign-in")


def test_he_gives_the_lead_of_one_shift(reader, cast, he, at, world):
    (shift_id,) = world.shifts(world.library())
    page, place = reader(he), f"shift:{shift_id}"
    roster = page.get(reverse("portal:roster", args=[shift_id])).content.decode()
    assert reverse("portal:substitute", args=[shift_id]) in roster
    assert "Given" in main_of(give(page, **typed(cast.lin, Role.LEADER, place, at=at), sure="1"))
    assert held(cast.lin, at) == {(Role.LEADER, place)}
    assert "图书馆文明引导" in main_of(page.get(reverse("portal:roles")))


def test_zhou_finds_a_shop_by_its_name_and_gives_a_cashier(reader, cast, zhou, at, world):
    place, page = f"merchant:{world.noodle_house}", reader(zhou)
    found = page.get(reverse("portal:role-give"), {"find": "面馆"})
    assert f"?place={place.replace(':', '%3A')}" in found.content.decode()
    assert "上城区" not in main_of(found)
    assert "Given" in main_of(give(page, **typed(cast.lin, Role.CASHIER, place, at=at), sure="1"))
    assert held(cast.lin, at) == {(Role.CASHIER, place)}
