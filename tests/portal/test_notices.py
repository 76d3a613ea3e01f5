"""The pages and endpoints of what one was told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanshi.foundation.actor import Role
from shanshi.notices import queries
from shanshi.notices.rules import Message
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry.queries import reach
from tests.cast import MRS_ZHAO, Cast
from tests.portal.conftest import Reader
from tests.portal.words import main_of
from tests.registry.mailbox import MAILBOX, mailed_code

NEWS = Message(
    template="tests.news",
    title="News of your volunteering",
    text="About the child whose guardian you are: {text}",
    facts={"text": "清洁西湖"},
    url="/find",
)


def tell(cast: Cast, at: datetime, count: int = 1) -> None:
    for number in range(count):
        registry.tell(
            [cast.lin.volunteer()], NEWS, key=f"n{count}.{number}", at=at - timedelta(minutes=number)
        )


def test_the_list_begins_with_the_newest_and_leads_where_one_can_act(
    reader: Reader, cast: Cast, at: datetime
) -> None:
    lin = reader(cast.lin)
    assert "Nothing here yet" in main_of(lin.get("/me/notices"))
    tell(cast, at, 2)
    page = lin.get("/me/notices")
    assert main_of(page).count("About the child whose guardian you are: 清洁西湖") == 2
    mark = page.content.decode().partition('href="/me/notices"')[2][:900]
    assert 'class="unread">2<' in mark

    first = queries.listed(cast.lin.volunteer(), language="en")[0][0]
    assert lin.get(f"/me/notices/{first.id}/open").status_code == 405
    assert lin.post(f"/me/notices/{first.id}/open")["Location"] == "/find"
    assert queries.unread(cast.lin.volunteer()) == 1
    assert lin.post(f"/me/notices/{first.id}/unread")["Location"] == "/me/notices"
    assert queries.unread(cast.lin.volunteer()) == 2
    assert "2 notices are marked as read." in main_of(lin.post("/me/notices/read", follow=True))
    assert 'class="unread"' not in lin.get("/me/notices").content.decode()
    assert "Everything was read already." in main_of(lin.post("/me/notices/read", follow=True))


def test_in_chinese_too(reader: Reader, cast: Cast, at: datetime) -> None:
    tell(cast, at)
    page = main_of(reader(cast.lin, "zh-hans").get("/me/notices"))
    assert "关于您监护的孩子：清洁西湖" in page
    assert "全部标为已读" in page


def test_nobody_opens_somebody_elses_notice(reader: Reader, cast: Cast, at: datetime) -> None:
    tell(cast, at)
    (mine,) = queries.listed(cast.lin.volunteer(), language="en")[0]
    stranger = reader(cast.stranger)
    for step in ("open", "unread"):
        assert stranger.post(f"/me/notices/{mine.id}/{step}").status_code == 404
    assert "清洁西湖" not in main_of(stranger.get("/me/notices"))
    assert queries.unread(cast.lin.volunteer()) == 1
    assert reader().get("/me/notices")["Location"].startswith("/sign-in")


def test_a_way_out_of_the_house_is_not_gone(reader: Reader, cast: Cast, at: datetime) -> None:
    out = Message(template="tests.out", text="x", url="//evil.example/")
    registry.tell([cast.lin.volunteer()], out, key="out", at=at)
    (mine,) = queries.listed(cast.lin.volunteer(), language="en")[0]
    assert reader(cast.lin).post(f"/me/notices/{mine.id}/open")["Location"] == "/me/notices"


def test_a_guardian_reads_whom_it_is_about_and_no_more_of_the_name(
    reader: Reader, cast: Cast, at: datetime
) -> None:
    zhao = registry.person_of_phone(MRS_ZHAO.phone, at=at - timedelta(days=1))
    registry.tell([cast.mei.volunteer()], NEWS, key="mei", at=at)
    registry.deliver(at=at)
    page = main_of(reader(people.actor_of(zhao, at)).get("/me/notices"))
    assert "About the child 沈" in " ".join(page.split())
    assert "沈梅" not in page


def test_the_list_costs_the_same_however_long(
    reader: Reader, cast: Cast, at: datetime, django_assert_num_queries: Any
) -> None:
    lin = reader(cast.lin)
    tell(cast, at)
    lin.get("/me/notices")
    with CaptureQueriesContext(connection) as few:
        lin.get("/me/notices")
    tell(cast, at, 60)
    with django_assert_num_queries(len(few)):
        page = lin.get("/me/notices")
    assert main_of(page).count("清洁西湖") == 20
    assert len(page.content) < 100_000
    following = page.context["following"]
    assert main_of(lin.get(f"/me/notices?after={following}")).count("清洁西湖") == 20
    assert lin.get("/me/notices?after=x").status_code == 422


def test_the_mark_costs_one_question_and_a_visitor_none(
    reader: Reader, cast: Cast, at: datetime, django_assert_num_queries: Any
) -> None:
    tell(cast, at, 120)
    with django_assert_num_queries(1):
        assert reach.unread(cast.lin.known()) == 100
    assert "99+" in reader(cast.lin).get("/me/notices").content.decode()
    assert 'href="/me/notices"' not in reader().get("/").content.decode()


def test_an_address_is_proved_changed_and_removed(reader: Reader, cast: Cast) -> None:
    lin, person = reader(cast.lin), cast.lin.known()
    assert lin.post("/me/notices/ways", {"step": "send", "address": "no address"}).status_code == 422
    sent = lin.post("/me/notices/ways", {"step": "send", "address": f" {MAILBOX.upper()} "})
    assert "We sent a code to L***@mail.example." in main_of(sent)
    assert reach.email_of(person) is None
    address = "LIN@mail.example"
    wrong = {"step": "prove", "address": address, "code": "000000"}
    assert lin.post("/me/notices/ways", wrong).status_code == 422
    assert reach.email_of(person) is None

    right = {**wrong, "code": mailed_code(address)}
    stranger = reader(cast.stranger)
    assert stranger.post("/me/notices/ways", right).status_code == 422, "a code is one person's"
    page = lin.post("/me/notices/ways", right, follow=True)
    assert "L***@mail.example" in main_of(page)
    assert "Once you agree to messages with news" in main_of(page)
    assert reach.email_of(person) == address
    assert lin.post("/me/notices/ways", right).status_code == 422, "a code is used once"

    lin.post("/me/notices/ways", {"step": "send", "address": "other@mail.example"})
    assert reach.email_of(person) == address
    code = mailed_code("other@mail.example")
    lin.post("/me/notices/ways", {"step": "prove", "address": "other@mail.example", "code": code})
    assert reach.email_of(person) == "other@mail.example"
    page = lin.post("/me/notices/ways", {"step": "remove"}, follow=True)
    assert "Nothing goes there any more." in main_of(page)
    assert reach.email_of(person) is None


def test_a_mailbox_that_could_be_real_gets_nothing(reader: Reader, cast: Cast) -> None:
    page = reader(cast.lin).post("/me/notices/ways", {"step": "send", "address": "lin@mail.com"})
    assert page.status_code == 409
    assert "No e-mail can be sent to this address." in main_of(page)


def test_the_tries_to_prove_an_address_are_counted(reader: Reader, cast: Cast, settings: Any) -> None:
    settings.SHANSHI_LIMITS = {**settings.SHANSHI_LIMITS, "email_code_per_person": (2, 3600)}
    lin = reader(cast.lin)
    answers = [
        lin.post("/me/notices/ways", {"step": "send", "address": MAILBOX}).status_code for _ in range(3)
    ]
    assert answers == [200, 200, 429]


def test_staff_see_how_many_and_never_who(reader: Reader, cast: Cast, at: datetime) -> None:
    tell(cast, at, 3)
    chen = reader(cast.chen)
    assert "Nothing was sent" in main_of(chen.get("/audit/messages"))
    urgent = Message(template="tests.urgent", text="x", is_urgent=True)
    registry.tell([cast.lin.volunteer()], urgent, key="u", at=at)
    registry.deliver(at=at)
    page = " ".join(main_of(chen.get("/audit/messages")).split())
    assert "20 March 2019 Text message sent 1" in page
    assert "林" not in page
    for who in (cast.lin, cast.wu):
        assert reader(who).get("/audit/messages").status_code == 403
    staff = cast.with_role(cast.stranger, Role.CITY_STAFF, "city")
    assert reader(staff).get("/audit/messages").status_code == 200
