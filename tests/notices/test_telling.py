"""Putting messages on lists: once, for many, in the words of the reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from shanshi.kernel.errors import N_, Missing
from shanshi.notices import models, operations, queries
from shanshi.notices.rules import Message
from shanshi.registry import operations as registry

FREE = Message(
    template="tests.place_free",
    title=N_("News of your volunteering"),
    text="{activity}, {when}: {price_coins}, {stayed_minutes}, {count}, {day}.",
    facts={
        "activity": "清洁 {x}",
        "when": datetime.fromisoformat("2019-03-22T09:00:00+08:00"),
        "price_coins": 150,
        "stayed_minutes": 150,
        "count": 2000,
        "day": date(2019, 3, 22),
    },
    url="/me",
)


@pytest.mark.django_db
def test_the_same_key_tells_the_same_person_once(at: datetime) -> None:
    lin, wu = uuid4(), uuid4()
    assert registry.tell([lin, wu, lin], FREE, key="a", at=at) == 2
    assert registry.tell([lin, wu], FREE, key="a", at=at + timedelta(days=400)) == 0
    assert registry.tell([lin], FREE, key="b", at=at) == 1
    assert [one.made_at for one in queries.listed(wu, language="en")[0]] == [at]
    assert queries.unread(lin) == 2


@pytest.mark.django_db
def test_telling_ten_thousand_is_one_statement(at: datetime, django_assert_num_queries: Any) -> None:
    holders = [uuid4() for _ in range(10_000)]
    with django_assert_num_queries(1):
        assert operations.tell(holders, FREE, key="all", at=at) == 10_000
    with django_assert_num_queries(0):
        assert operations.tell([], FREE, key="none", at=at) == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_at_once_tell_once(together: Callable[..., list[Any]], at: datetime) -> None:
    holders = [uuid4() for _ in range(50)]
    told = together(*[lambda: operations.tell(holders, FREE, key="race", at=at)] * 4)
    assert sum(told) == 50
    assert models.Notice.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_tells_nobody(at: datetime) -> None:
    with transaction.atomic():
        operations.tell([uuid4()], FREE, key="undone", at=at)
        transaction.set_rollback(True)
    assert not models.Notice.objects.exists()


@pytest.mark.django_db
def test_facts_are_worded_for_the_reader(at: datetime) -> None:
    lin = uuid4()
    operations.tell([lin], FREE, key="a", at=at)
    english, chinese = (queries.listed(lin, language=code)[0][0] for code in ("en", "zh-hans"))
    assert english.text == "清洁 {x}, Friday 22 March, 9:00: 2.5 coins, 2 h 30 min, 2,000, 22 March 2019."
    assert chinese.text == "清洁 {x}, 3月22日 星期五 9:00: 2.5 益币, 2小时30分, 2,000, 2019年3月22日."
    assert (english.title, chinese.title) == ("News of your volunteering", "您的志愿服务消息")


@pytest.mark.django_db
def test_a_list_is_the_readers_own_newest_first_and_page_by_page(
    at: datetime, django_assert_num_queries: Any
) -> None:
    lin, wu = uuid4(), uuid4()
    for hour in range(45):
        operations.tell([lin, wu], FREE, key=f"k{hour}", at=at + timedelta(hours=hour))
    found, after = [], None
    for _ in range(3):
        with django_assert_num_queries(2):
            lines, after = queries.listed(lin, language="en", cursor=after)
        found += lines
    assert after is None
    assert [one.made_at for one in found] == [at + timedelta(hours=hour) for hour in range(44, -1, -1)]


@pytest.mark.django_db
def test_reading_is_ones_own_once_and_can_be_taken_back(at: datetime) -> None:
    lin, wu = uuid4(), uuid4()
    operations.tell([lin, wu], FREE, key="a", at=at)
    mine = queries.listed(lin, language="en")[0][0]
    with pytest.raises(Missing):
        operations.read(wu, mine.id, at=at)
    with pytest.raises(Missing):
        operations.mark_unread(wu, mine.id)
    assert queries.unread(lin) == queries.unread(wu) == 1

    assert operations.read(lin, mine.id, at=at + timedelta(minutes=1)) == "/me"
    assert operations.read(lin, mine.id, at=at + timedelta(minutes=9)) == "/me"
    assert queries.notice(lin, mine.id, language="en").read_at == at + timedelta(minutes=1)
    assert (queries.unread(lin), queries.unread(wu)) == (0, 1)
    operations.mark_unread(lin, mine.id)
    assert queries.unread(lin) == 1


@pytest.mark.django_db
def test_all_read_leaves_what_comes_later(at: datetime) -> None:
    lin = uuid4()
    operations.tell([lin], FREE, key="a", at=at)
    operations.tell([lin], FREE, key="b", at=at + timedelta(hours=2))
    assert operations.read_all(lin, at=at + timedelta(hours=1)) == 1
    assert operations.read_all(lin, at=at + timedelta(hours=1)) == 0
    assert queries.unread(lin) == 1


@pytest.mark.django_db
def test_many_unread_are_counted_no_further_than_the_mark_shows(at: datetime) -> None:
    lin = uuid4()
    for one in range(queries.MANY + 20):
        operations.tell([lin], FREE, key=f"k{one}", at=at)
    assert queries.unread(lin) == queries.MANY + 1
