"""A study day begins at four in the morning, where the learner is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.days import study_day

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from(["UTC", "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (datetime(2026, 11, 2, 3, 59, tzinfo=UTC), "UTC", date(2026, 11, 1)),
        (datetime(2026, 11, 2, 4, 0, tzinfo=UTC), "UTC", date(2026, 11, 2)),
        (datetime(2026, 11, 2, 8, 30, tzinfo=UTC), "America/New_York", date(2026, 11, 1)),
        (datetime(2026, 11, 2, 9, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 2)),
        (datetime(2026, 11, 1, 22, 30, tzinfo=UTC), "Asia/Kolkata", date(2026, 11, 2)),
        # The night in which clocks go back in New York: four o'clock is four o'clock.
        (datetime(2026, 11, 1, 8, 59, tzinfo=UTC), "America/New_York", date(2026, 10, 31)),
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 1)),
    ],
)
def test_the_day_changes_at_four_where_the_learner_is(at, zone, day):
    assert study_day(at, ZoneInfo(zone)) == day


@given(MOMENTS, ZONES, st.integers(0, 10_000_000))
def test_days_never_go_back_in_one_place(at, zone, seconds):
    place = ZoneInfo(zone)
    assert study_day(at, place) <= study_day(at + timedelta(seconds=seconds), place)


@given(MOMENTS, ZONES)
def test_it_is_at_most_a_day_from_the_date_in_london(at, zone):
    assert abs((study_day(at, ZoneInfo(zone)) - at.date()).days) <= 1
