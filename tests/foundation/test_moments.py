"""Moments that programs send."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shanshi.foundation.moments import in_utc


def test_a_moment_in_a_zone_that_the_database_does_not_know_is_the_same_moment_in_utc() -> None:
    far = timezone(-timedelta(hours=22, minutes=49))
    assert in_utc(datetime(2019, 1, 1, 1, 11, tzinfo=far)) == datetime(2019, 1, 2, tzinfo=UTC)
    assert in_utc(datetime(2019, 1, 1, 1, 11, tzinfo=far)).tzinfo is UTC


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2019, 1, 1),  # noqa: DTZ001 - that is the point
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23))),
        datetime(9999, 12, 31, tzinfo=timezone(-timedelta(hours=23))),
    ],
)
def test_a_moment_without_a_zone_or_beyond_what_the_database_holds_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="zone"):
        in_utc(moment)
