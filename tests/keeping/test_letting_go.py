"""What has been kept long enough goes, and nothing else; twice, at once, and late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from shanshi.activities.models import Activity
from shanshi.attendance.models import ScanLocation
from shanshi.foundation import clock
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry, RetentionRun
from shanshi.keeping import operations
from shanshi.kernel.ids import new_id
from shanshi.registry import models, queries
from shanshi.registry import operations as registry
from tests.cast import MEI, MRS_ZHAO, OLD_GAO, Cast
from tests.portal.world import World, let_in

pytestmark = pytest.mark.django_db


def removed(at: datetime, **how: bool) -> dict[str, int]:
    done = operations.expire(at=at, real_at=clock.real_now(), **how)
    return {one.data_class: one.removed for one in done if one.removed}


def place(at: datetime) -> None:
    ScanLocation.objects.create(holder_id=new_id(), latitude=30.2, longitude=120.1, recorded_at=at)


def test_an_exact_place_goes_after_thirty_days_and_not_before(at: datetime) -> None:
    place(at)
    place(at - timedelta(days=30, seconds=1))

    assert removed(at) == {"exact_places": 1}
    assert ScanLocation.objects.get().recorded_at == at
    assert removed(at) == {}
    assert removed(at + timedelta(days=31)) == {"exact_places": 1}


def test_a_run_that_comes_weeks_late_takes_everything_in_batches(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "BATCH", 2)
    for days in range(40, 45):
        place(at - timedelta(days=days))
    assert removed(at) == {"exact_places": 5}


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_share_the_work(
    at: datetime, together: Callable[..., list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "BATCH", 3)
    for days in range(40, 60):
        place(at - timedelta(days=days))
    first, second = together(lambda: removed(at), lambda: removed(at))
    assert isinstance(first, dict), first
    assert isinstance(second, dict), second
    assert first.get("exact_places", 0) + second.get("exact_places", 0) == 20
    assert not ScanLocation.objects.exists()


def test_a_dry_run_counts_and_changes_nothing(at: datetime) -> None:
    place(at - timedelta(days=31))
    found = {one.data_class: one.due for one in operations.due(at=at, real_at=at) if one.due}
    assert found == {"exact_places": 1}
    assert ScanLocation.objects.count() == 1
    assert not RetentionRun.objects.exists()


def test_the_hourly_run_writes_down_only_what_it_took(cast: Cast, at: datetime) -> None:
    registry.send_code(OLD_GAO.phone, at=clock.real_now() - timedelta(minutes=6))
    place(at - timedelta(days=31))
    assert removed(at, often_only=True) == {"phone_codes": 1}
    assert [run.data_class for run in RetentionRun.objects.all()] == ["phone_codes"]


def test_a_guardian_goes_on_the_eighteenth_birthday(cast: Cast, at: datetime) -> None:
    mei = cast.mei
    eve = at.replace(year=MEI.birth_on.year + 18, month=1, day=8, hour=23)
    assert "guardians_of_adults" not in removed(eve)
    assert models.Guardian.objects.filter(holder_id=mei.holder_id).exists()
    assert removed(eve + timedelta(hours=2))["guardians_of_adults"] == 1
    assert not models.Guardian.objects.exists()


def test_who_never_registered_is_erased_after_a_year_unless_needed(cast: Cast, at: datetime) -> None:
    later = at + timedelta(days=366)
    gao = registry.person_of_phone(OLD_GAO.phone, at=at)
    zhao = registry.person_of_phone(MRS_ZHAO.phone, at=at)
    cashier = registry.person_of_phone("15400000031", at=at)
    registry.grant_role(cashier, Role.AUDITOR, "city", by=cast.loader, at=at, from_on=at.date(), reason="x")
    _ = cast.mei, cast.lin

    assert removed(at + timedelta(days=364)) == {}
    assert removed(later) == {"never_registered": 1, "notices": 1}  # the auditor was told of the role
    assert queries.person_with_phone(OLD_GAO.phone) is None
    assert models.Person.objects.get(pk=gao).erased_at == later
    assert models.Person.objects.get(pk=zhao).erased_at is None  # guards Mei
    assert models.Person.objects.get(pk=cashier).erased_at is None


def test_the_name_of_who_answers_for_an_activity_is_emptied_years_later(cast: Cast, at: datetime) -> None:
    activity_id = World(cast, at).library()
    assert set(removed(at + timedelta(days=1096))) == {"notices"}
    assert removed(at + timedelta(days=1098)) == {"persons_in_charge": 1}
    row = Activity.objects.get(pk=activity_id)
    assert (row.person_in_charge, row.state) == ("", "published")


def test_what_is_written_once_waits_for_the_owner(
    cast: Cast, at: datetime, as_owner: Callable[..., None]
) -> None:
    from django.db import connection

    _ = cast.wu
    entries = AuditEntry.objects.count()
    assert entries > 0
    later = at + timedelta(days=3654)

    assert "trail" not in removed(later)
    assert AuditEntry.objects.count() == entries
    (waiting,) = [one for one in operations.due(at=later, real_at=later) if one.data_class == "trail"]
    assert waiting.due == entries

    as_owner("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    gone = removed(later, as_owner=True)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE shanshi_app")
    assert gone["trail"] == entries


def test_everybody_sees_the_table_and_only_the_city_the_runs(
    cast: Cast, client: Client, at: datetime
) -> None:
    place(at - timedelta(days=31))
    removed(at)
    page = client.get("/privacy/retention").content.decode()
    assert "attendance_scanlocation" in page
    assert "扫码的精确位置" in page
    assert "最近一次清理" not in page
    let_in(client, cast.stranger, at)
    assert "最近一次清理" not in client.get("/privacy/retention").content.decode()
    let_in(client, cast.chen, at)
    assert "最近一次清理" in client.get("/privacy/retention").content.decode()
