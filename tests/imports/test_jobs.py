"""Long lists in the background: progress, twice, at once, broken off, and how long ten thousand rows take."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from shanshi.foundation import clock
from shanshi.foundation.actor import Actor, Role
from shanshi.imports import operations, queries, tasks
from shanshi.imports.models import SentList
from shanshi.imports.operations import Progress
from shanshi.imports.rules import MOST_TRIES, Line, ListKind
from shanshi.imports.rules.refusals import ChangedSince, ListBusy
from shanshi.kernel.errors import DomainError
from shanshi.registry import queries as people
from shanshi.registry.models import Membership, Volunteer
from tests.cast import Cast, Person, id_number
from tests.portal.world import let_in

SUN = Person("孙理", "15400000031", "330102", date(1980, 1, 1))


def manager(cast: Cast) -> Actor:
    return cast.with_role(cast.volunteer(SUN), Role.MANAGER, f"organization:{cast.station}")


def new_people(many: int, *, first: int = 0) -> list[Line]:
    lines = []
    for one in range(first, first + many):
        texts = {
            "name": "何一",
            "id_number": id_number("330102", date(1950, 1, 1) + timedelta(days=one)),
            "phone": f"1541{one:07d}",
            "residence": "330102",
        }
        lines.append(Line(one + 2, texts, {"name": "A", "id_number": "B", "phone": "C", "residence": "D"}))
    return lines


def sent(cast: Cast, who: Actor, kind: ListKind, lines: list[Line]) -> UUID:
    place = f"organization:{cast.station}"
    made = operations.send(kind, place, lines, by=who, at=cast.at, real_at=clock.real_now())
    return made.id


def looked_at(cast: Cast, who: Actor, kind: ListKind, lines: list[Line]) -> UUID:
    list_id = sent(cast, who, kind, lines)
    operations.look(list_id, by=who, at=cast.at)
    return list_id


@pytest.mark.django_db
def test_a_long_list_waits_for_the_worker_and_shows_how_far_it_is(cast: Cast, at: datetime) -> None:
    who = manager(cast)
    list_id = sent(cast, who, ListKind.VOLUNTEERS, new_people(201))
    tasks.begin(queries.sent_list(list_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'imports.work'")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'imports.work'")
        assert str(list_id) in cursor.fetchone()[0]
    client = let_in(Client(), who, at)
    client.cookies["language"] = "en"
    page = client.get(f"/lists/{list_id}").content.decode()
    assert "The list is being looked at" in page
    assert f'hx-get="/lists/{list_id}/progress"' in page
    SentList.objects.filter(pk=list_id).update(done=100)
    assert "100 of 201" in client.get(f"/lists/{list_id}/progress").content.decode()

    tasks.work(str(list_id))
    answer = client.get(f"/lists/{list_id}/progress")
    assert answer["HX-Redirect"] == f"/lists/{list_id}"
    assert "201 new, 0 left out." in client.get(f"/lists/{list_id}").content.decode()


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_is_not_over(cast: Cast) -> None:
    who = manager(cast)
    list_id = sent(cast, who, ListKind.VOLUNTEERS, new_people(3))
    from django.db import transaction

    with transaction.atomic(), Progress(list_id) as told:
        told(2)
        # Another connection wrote it, so it stays whatever becomes of this transaction.
        transaction.set_rollback(True)
    assert SentList.objects.get(pk=list_id).done == 2


@pytest.mark.django_db(transaction=True)
def test_a_list_that_is_taken_twice_at_once_is_taken_once(cast: Cast, together: Callable[..., Any]) -> None:
    who = manager(cast)
    list_id = looked_at(cast, who, ListKind.VOLUNTEERS, new_people(20))
    before = Volunteer.objects.count()
    assert operations.want(list_id, real_at=clock.real_now())
    assert not operations.want(list_id, real_at=clock.real_now())

    def take() -> Any:
        return operations.take(list_id, by=who, at=cast.at)

    answers = together(take, take)
    assert {type(one) for one in answers} <= {queries.ListFacts, ListBusy}
    assert Volunteer.objects.count() == before + 20
    assert queries.sent_list(list_id).state == "taken"


@pytest.mark.django_db(transaction=True)
def test_two_lists_of_the_same_people_never_make_them_twice(cast: Cast, together: Callable[..., Any]) -> None:
    who = manager(cast)
    first = looked_at(cast, who, ListKind.VOLUNTEERS, new_people(30))
    second = looked_at(cast, who, ListKind.VOLUNTEERS, new_people(30, first=10))
    before = Volunteer.objects.count()
    for one in (first, second):
        operations.want(one, real_at=clock.real_now())
    answers = together(
        lambda: operations.take(first, by=who, at=cast.at),
        lambda: operations.take(second, by=who, at=cast.at),
    )
    facts = [one for one in answers if isinstance(one, queries.ListFacts)]
    refused = [one for one in answers if isinstance(one, DomainError)]
    made = Volunteer.objects.count() - before
    assert made == sum(one.new for one in facts)
    assert all(isinstance(one, ChangedSince) for one in refused), refused
    # Whoever came too late sees who is left, and takes those.
    for one in (first, second):
        if queries.sent_list(one).state == "checked":
            operations.want(one, real_at=clock.real_now())
            operations.take(one, by=who, at=cast.at)
    assert Volunteer.objects.count() == before + 40


@pytest.mark.django_db
def test_work_that_broke_off_is_begun_again_and_given_up_in_the_end(cast: Cast, at: datetime) -> None:
    who = manager(cast)
    list_id = looked_at(cast, who, ListKind.VOLUNTEERS, new_people(2))
    operations.want(list_id, real_at=clock.real_now())
    # The worker is ended here: nothing of its transaction is left, and no sign comes any more.
    long_ago = clock.real_now() - timedelta(minutes=5)
    SentList.objects.filter(pk=list_id).update(beat_at=long_ago)
    tasks.resume(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'imports.work'")
        assert cursor.fetchone() == (1,)
    tasks.work(str(list_id))
    assert queries.sent_list(list_id).state == "taken"

    other = looked_at(cast, who, ListKind.VOLUNTEERS, new_people(2, first=5))
    operations.want(other, real_at=clock.real_now())
    for _ in range(MOST_TRIES):
        SentList.objects.filter(pk=other).update(beat_at=long_ago)
        tasks.resume(0)
    found = queries.sent_list(other)
    assert (found.state, found.refused) == ("checked", "imports.list_failed")


@pytest.mark.django_db
def test_who_has_lost_the_role_takes_nothing(cast: Cast, at: datetime) -> None:
    from shanshi.registry.models import RoleGrant

    who = manager(cast)
    list_id = looked_at(cast, who, ListKind.VOLUNTEERS, new_people(2))
    operations.want(list_id, real_at=clock.real_now())
    RoleGrant.objects.filter(person_id=who.known()).update(ended_at=at, ended_by=who.known())
    before = Volunteer.objects.count()
    tasks.work(str(list_id))
    assert Volunteer.objects.count() == before
    assert queries.sent_list(list_id).refused == "kernel.forbidden"


@pytest.mark.django_db
def test_a_list_is_undone_within_a_day_and_not_later(cast: Cast, at: datetime, the_clock: Any) -> None:
    who = manager(cast)
    list_id = looked_at(cast, who, ListKind.VOLUNTEERS, new_people(2))
    operations.want(list_id, real_at=clock.real_now())
    operations.take(list_id, by=who, at=at)
    client = let_in(Client(), who, at)
    client.cookies["language"] = "en"
    the_clock(at + timedelta(hours=24, minutes=1))
    client.post(f"/lists/{list_id}/undo")
    text = client.get(f"/lists/{list_id}").content.decode()
    assert "A list can be undone within 24 hours" in text
    assert "Undo the list" not in text
    assert queries.sent_list(list_id).state == "taken"


@pytest.mark.django_db
def test_a_list_is_deleted_a_day_after(cast: Cast, at: datetime) -> None:
    from shanshi.keeping import operations as keeping

    sent(cast, manager(cast), ListKind.VOLUNTEERS, new_people(2))
    keeping.expire(at=at + timedelta(hours=23), real_at=clock.real_now(), often_only=True)
    assert SentList.objects.count() == 1
    keeping.expire(at=at + timedelta(hours=25), real_at=clock.real_now(), often_only=True)
    assert SentList.objects.count() == 0


@pytest.mark.drill
@pytest.mark.django_db
def test_ten_thousand_volunteers_and_members(
    cast: Cast, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """Registered, found as members of another body, invited, and taken back; each step in seconds."""
    who = manager(cast)
    times: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        answer = step()
        times[name] = time.perf_counter() - began
        return answer

    lines = new_people(10_000)
    list_id = timed("volunteers: keep", lambda: sent(cast, who, ListKind.VOLUNTEERS, lines))
    found = timed("volunteers: look", lambda: operations.look(list_id, by=who, at=at))
    assert (found.new, found.wrong) == (10_000, 0)
    operations.want(list_id, real_at=clock.real_now())
    timed("volunteers: take", lambda: operations.take(list_id, by=who, at=at))
    assert Membership.objects.count() == 10_000

    members = people.listed_members(cast.station, enrolled=True)
    rows = [Line(n + 2, {"number": one.volunteer.number}, {"number": "A"}) for n, one in enumerate(members)]
    place = f"organization:{cast.league}"
    over = cast.with_role(who, Role.MANAGER, place)
    made = operations.send(ListKind.MEMBERS, place, rows, by=over, at=at, real_at=clock.real_now())
    timed("members: look", lambda: operations.look(made.id, by=over, at=at))
    operations.want(made.id, real_at=clock.real_now())
    timed("members: take", lambda: operations.take(made.id, by=over, at=at))
    assert Membership.objects.count() == 20_000
    for name, one in (("members", made.id), ("volunteers", list_id)):
        operations.want_back(one, at=at, real_at=clock.real_now())
        timed(f"{name}: undo", lambda one=one: operations.undo(one, by=over, at=at))
    assert Membership.objects.count() == 0
    with capsys.disabled():
        print(*(f"\n{name}: {seconds:.1f} s" for name, seconds in times.items()))
    assert max(times.values()) < 60
