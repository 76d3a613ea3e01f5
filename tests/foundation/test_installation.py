"""The demo's clock starts at the case's date, runs, resumes, and never goes back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shanshi.foundation import clock, installation
from shanshi.foundation.models import Installation

START = datetime(2019, 3, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, monkeypatch):  # type: ignore[no-untyped-def]
    settings.SHANSHI_DEMO = True
    monkeypatch.setattr(clock, "source", clock._running)
    clock.forget_cache()
    installation.mark_as_demo(starts_at=START)
    yield
    clock.forget_cache()


def test_the_demos_clock_starts_at_its_date_and_runs(demo: None) -> None:
    first = clock.now()
    assert timedelta() <= first - START < timedelta(seconds=30)
    assert clock.now() > first


def test_the_clock_resumes_where_it_was_seen_and_never_goes_back(demo: None) -> None:
    installation.advance(timedelta(days=2))
    before = clock.now()
    # The machine was off for a month of real time.
    row = Installation.objects.get()
    row.demo_shift -= timedelta(days=30)
    row.save()
    installation.resume()

    assert timedelta() < clock.now() - before < timedelta(minutes=1)


def test_the_clock_is_not_moved_back(demo: None) -> None:
    with pytest.raises(ValueError, match="never goes back"):
        installation.advance(timedelta(hours=-1))


def test_a_database_of_real_people_does_not_become_a_demo() -> None:
    installation.mark_as_production()
    with pytest.raises(installation.NotADemoDatabase):
        installation.mark_as_demo(starts_at=START)
    assert not installation.is_demo()


def test_a_demo_database_is_not_served_as_production(demo: None) -> None:
    with pytest.raises(installation.DemoDatabase):
        installation.mark_as_production()
    assert installation.is_demo()
