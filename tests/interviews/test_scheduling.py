"""When a question comes back: the library's intervals, and what no sequence of reviews may do."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from interviews.scheduling import DECAY, FACTOR, Memory, recall, schedule, spread

FIRST = date(2026, 1, 1)


def intervals(ratings: list[int]) -> list[int]:
    """Days to the next review after each rating, each given on its due day."""
    memory, day, found = None, FIRST, []
    for rating in ratings:
        memory = schedule(memory=memory, rating=rating, study_day=day)
        found.append((memory.due_day - day).days)
        day = memory.due_day
    return found


# As measured with fsrs 6.3.2: the first three stand in the specification, the others were taken from the library alone.
REFERENCE = [
    ([3, 3, 3, 3], [2, 11, 46, 163]),
    ([1, 3, 3, 3], [1, 2, 6, 17]),
    ([2, 3, 3, 3], [1, 5, 17, 50]),
]


@pytest.mark.parametrize(("ratings", "days"), REFERENCE)
def test_intervals_are_those_of_the_specification(ratings, days):
    assert intervals(ratings) == days


SEQUENCES = [
    [4, 4, 4, 4],
    [3, 1, 3, 3],
    [3, 3, 1, 3, 3],
    [3, 2, 3, 2, 3],
    [4, 1, 1, 3],
    [2, 2, 2, 2],
    [1, 1, 1, 1],
    [3, 4, 3, 4],
    [4, 3, 2, 1],
    [3, 3, 3, 1, 4, 4],
]


@pytest.mark.parametrize("ratings", SEQUENCES, ids=str)
def test_intervals_are_the_librarys_own(ratings):
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, at, found = Card(card_id=7), datetime(2026, 1, 1, 12, tzinfo=UTC), []
    for rating in ratings:
        card, _ = scheduler.review_card(card, Rating(rating), at)
        found.append((card.due - at).days)
        at = card.due
    assert intervals(ratings) == found


memories = st.builds(
    lambda stability, difficulty, last, days: Memory(
        stability, difficulty, FIRST + timedelta(days=last + days), FIRST + timedelta(days=last)
    ),
    st.floats(0.01, 3000),
    st.floats(1, 10),
    st.integers(0, 4000),
    st.integers(1, 4000),
)


@given(memories, st.integers(1, 4), st.integers(0, 3650))
def test_a_review_leads_to_a_later_day_with_a_sound_memory(memory, rating, late):
    day = memory.last_day + timedelta(days=late)
    after = schedule(memory=memory, rating=rating, study_day=day)
    assert after.due_day > day
    assert after.last_day == day
    assert after.stability > 0
    assert 1 <= after.difficulty <= 10


@given(memories, st.integers(1, 3), st.integers(0, 400))
def test_a_better_grade_never_brings_it_back_sooner(memory, rating, late):
    day = memory.last_day + timedelta(days=late)
    worse, better = (schedule(memory=memory, rating=each, study_day=day) for each in (rating, rating + 1))
    assert worse.due_day <= better.due_day


@given(memories, st.integers(1, 3650))
def test_a_day_before_the_last_review_is_refused(memory, days):
    """Clocks go back, and people travel west: whoever calls settles that first."""
    with pytest.raises(ValueError, match="not before"):
        schedule(memory=memory, rating=3, study_day=memory.last_day - timedelta(days=days))


@given(memories, st.integers(-400, 4000), st.integers(0, 400))
def test_recall_falls_with_the_days_and_stays_a_chance(memory, days, more):
    now, later = (memory.last_day + timedelta(days=each) for each in (days, days + more))
    assert 0 < recall(memory=memory, on=later) <= recall(memory=memory, on=now) <= 1


def test_recall_is_nine_tenths_after_as_many_days_as_the_stability():
    memory = Memory(10, 5, FIRST + timedelta(days=10), FIRST)
    assert recall(memory=memory, on=memory.due_day) == pytest.approx(0.9)
    assert (round(FACTOR, 8), DECAY) == (0.98034649, -0.1542), "SQL counts with the same two numbers"


def test_a_thousand_times_again_leaves_a_card_that_can_be_learned():
    memory, day = None, FIRST
    for _ in range(1000):
        memory = schedule(memory=memory, rating=1, study_day=day)
        assert memory.due_day == day + timedelta(days=1)
        day = memory.due_day
    assert math.isfinite(memory.stability)
    after = schedule(memory=memory, rating=3, study_day=day)
    assert after.due_day > day


def test_after_a_year_of_absence_a_good_answer_reaches_further_than_on_time():
    memory = schedule(memory=schedule(memory=None, rating=3, study_day=FIRST), rating=3, study_day=date(2026, 1, 3))
    on_time = schedule(memory=memory, rating=3, study_day=memory.due_day)
    late = schedule(memory=memory, rating=3, study_day=memory.due_day + timedelta(days=365))
    assert late.stability > on_time.stability
    assert late.last_day == memory.due_day + timedelta(days=365)


@given(memories, st.integers(1, 10**9), st.integers(0, 1000))
def test_spreading_moves_a_due_day_by_a_twentieth_at_most_and_always_alike(memory, card, reps):
    days = (memory.due_day - memory.last_day).days
    moved = spread(memory, card=card, reps=reps)
    assert moved == spread(memory, card=card, reps=reps)
    reach = max(1, round(days * 0.05)) if days >= 5 else 0
    assert abs((moved.due_day - memory.due_day).days) <= reach
    assert moved.due_day > memory.last_day
    assert (moved.stability, moved.difficulty) == (memory.stability, memory.difficulty)


def test_what_was_learned_together_does_not_all_come_back_together():
    memory = Memory(60, 5, FIRST + timedelta(days=60), FIRST)
    assert len({spread(memory, card=card, reps=3).due_day for card in range(40)}) > 3
