"""The way to the day of an interview."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.countdown import Countdown
from interviews.scheduling import Memory, schedule

TODAY = date(2026, 11, 2)

memories = st.lists(
    st.one_of(
        st.none(),
        st.builds(
            lambda stability, ago, ahead: Memory(
                stability, 5.0, TODAY + timedelta(days=ahead), TODAY - timedelta(days=ago)
            ),
            st.floats(0.5, 200),
            st.integers(0, 60),
            st.integers(-30, 60),
        ),
    ),
    max_size=20,
)


def way_to(days: int, *known: Memory | None, pace: int = 3) -> Countdown:
    return Countdown(TODAY, TODAY + timedelta(days=days), known, pace)


@given(memories, st.integers(1, 200), st.integers(0, 20))
def test_every_question_is_met_once_and_every_day_belongs_to_one_week(known, days, pace):
    way = way_to(days, *known, pace=pace)
    assert sum(week.new for week in way.weeks) == way.unmet
    lengths = [(week.ends - week.begins).days + 1 for week in way.weeks]
    assert sum(lengths) == days
    assert set(lengths[:-1]) <= {7}


@given(memories, st.integers(1, 120))
def test_practice_never_leaves_one_worse_on_the_day(known, days):
    way = way_to(days, *known)
    if known:
        assert way.with_practice >= way.without_practice - 1e-9


@given(memories, st.integers(-5, 0))
def test_on_the_day_and_after_it_nothing_is_planned(known, days):
    way = way_to(days, *known)
    assert (way.weeks, way.new_a_day, way.reviews_a_day, way.busiest) == ((), 0, 0, 0)
    assert way.with_practice == way.without_practice


def test_what_is_overdue_falls_into_the_first_week():
    late = Memory(2.0, 5.0, TODAY - timedelta(days=20), TODAY - timedelta(days=22))
    assert way_to(3, late).weeks[0].reviews == 1


def test_what_was_studied_today_is_not_due_again_today():
    memory = schedule(memory=None, rating=1, study_day=TODAY)
    assert way_to(1, memory).weeks[0].reviews == 0
    assert way_to(2, memory).weeks[0].reviews == 1


def test_a_review_on_the_day_of_the_interview_is_none_of_the_plan():
    memory = Memory(5.0, 5.0, TODAY + timedelta(days=5), TODAY)
    assert [week.reviews for week in way_to(5, memory).weeks] == [0]


def test_a_near_day_asks_for_more_new_ones_than_was_chosen():
    way = way_to(4, *[None] * 18)
    assert (way.new_a_day, way.is_faster) == (5, True)
    assert way.weeks[0].new == 18


def test_with_time_enough_the_pace_stays_as_it_was_chosen():
    way = way_to(60, *[None] * 25)
    assert (way.is_faster, [week.new for week in way.weeks[:3]]) == (False, [21, 4, 0])


def test_a_pause_of_new_questions_gives_way_to_the_day():
    assert sum(week.new for week in way_to(10, *[None] * 5, pace=0).weeks) == 5


def test_reviews_are_those_of_the_scheduler():
    """Good on each due day: 2, 11 and 46 days, as its specification says."""
    way = way_to(70, None, pace=1)
    assert [week.reviews for week in way.weeks] == [1, 1, 0, 0, 0, 0, 0, 0, 1, 0]


def test_beyond_twelve_weeks_the_rest_is_one_line():
    way = way_to(120, *[None] * 3)
    assert (len(way.shown), way.later.ends) == (12, TODAY + timedelta(days=119))
    assert way.later.reviews == sum(week.reviews for week in way.weeks[12:])


def test_without_questions_nothing_is_recalled():
    assert way_to(9).with_practice is None


@pytest.mark.parametrize("days", [1, 6, 7, 8])
def test_the_last_week_ends_on_the_day_before(days):
    assert way_to(days, None).weeks[-1].ends == TODAY + timedelta(days=days - 1)


def test_the_day_by_which_all_are_met_follows_from_the_pace():
    assert way_to(40, *[None] * 7, pace=3).met_by == TODAY + timedelta(days=2)
    assert way_to(40).met_by is None
