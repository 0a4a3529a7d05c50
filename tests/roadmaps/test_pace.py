"""Plan and pace: where a plan expects somebody to be, and what is said about where they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmaps.models import State
from roadmaps.pace import Pace, Standing, cohort_plan, own_plan
from roadmaps.progress import progress_of
from roles.blueprint import Goal, Milestone, Phase, Roadmap

START = date(2026, 11, 2)


def phase(number: int, weeks: int, goals: int) -> Phase:
    keys = [f"{number}.{place}" for place in range(1, goals + 1)]
    milestone = Milestone(f"m{number}", "Show it")
    return Phase(f"p{number}", number, f"Phase {number}", "data", weeks, "", milestone, tuple(Goal(k, k) for k in keys))


ROADMAP = Roadmap("role", (phase(1, 4, 2), phase(2, 6, 3)))


def pace(states=None, *, weeks_in: float = 0, roadmap: Roadmap = ROADMAP, **plan) -> Pace:
    made = cohort_plan(**{"starts_on": START, "ends_on": None, "weeks": roadmap.weeks, **plan})
    return Pace(made, progress_of(roadmap, states or {}), START + timedelta(days=round(7 * weeks_in)))


def done(*keys: str) -> dict[str, State]:
    return dict.fromkeys(keys, State.DONE)


def test_a_cohorts_plan_runs_from_its_first_day_to_its_last():
    plan = cohort_plan(starts_on=START, ends_on=START + timedelta(weeks=20), weeks=10)
    assert (plan.starts_on, plan.weeks, plan.share(START + timedelta(weeks=5))) == (START, 20, 0.25)


def test_without_a_last_day_a_cohort_takes_the_roadmaps_weeks():
    assert cohort_plan(starts_on=START, ends_on=None, weeks=10).ends_on == START + timedelta(weeks=10)


def test_whoever_joins_later_has_as_long():
    plan = cohort_plan(starts_on=START, ends_on=None, weeks=10, joined_on=START + timedelta(weeks=3))
    assert (plan.starts_on, plan.weeks, plan.is_shifted) == (START + timedelta(weeks=3), 10, True)
    assert "the day of joining" in plan.assumption


def test_whoever_came_before_the_first_day_begins_with_the_cohort():
    assert cohort_plan(starts_on=START, ends_on=None, weeks=10, joined_on=START - timedelta(weeks=3)).starts_on == START


@pytest.mark.parametrize(("hours", "weeks"), [(8, 10), (4, 20), (16, 5)])
def test_alone_a_week_of_the_roadmap_counts_as_eight_hours(hours, weeks):
    plan = own_plan(started_on=START, weeks=10, hours=hours)
    assert plan.weeks == weeks
    assert "our assumption" in plan.assumption


def test_the_plan_counts_work_evenly_over_a_phase():
    found = pace(weeks_in=7)
    assert found.expected == 7
    assert found.expected_goals == 3  # both of the first phase, and one of the second, whose half is over
    assert found.expected_phase.phase.number == 2


def test_where_a_learner_is_comes_from_progress():
    found = pace(done("1.1", "1.2", "2.1"), weeks_in=6)
    assert found.done == found.progress.weeks_done == 6
    assert (found.words, found.standing) == ("On plan", Standing.ON_PLAN)


def test_behind_is_told_in_weeks_and_in_percent_of_what_the_plan_expects():
    found = pace(done("1.1", "1.2"), weeks_in=7)
    assert found.words == "About three weeks behind plan"
    assert found.percent_behind == 42
    assert found.detail == "The plan expects 7 of 10 weeks of work by today; 4 are done, 42% less."


def test_ahead_is_told_the_same_way():
    found = pace(done("1.1", "1.2", "2.1"), weeks_in=4)
    assert (found.words, found.percent_ahead) == ("About two weeks ahead of plan", 50)


def test_weeks_are_those_of_the_calendar():
    found = pace(done("1.1"), weeks_in=10, ends_on=START + timedelta(weeks=20))
    assert (found.expected, found.gap) == (5, -6)


def test_before_the_first_day_nobody_is_late():
    found = pace(weeks_in=-2)
    assert (found.words, found.percent_behind, found.expected_phase) == ("The plan has not begun", 0, None)
    assert found.detail == "It begins on November 2."


def test_who_is_done_is_done_however_late():
    found = pace(done("1.1", "1.2", "2.1", "2.2", "2.3"), weeks_in=99)
    assert (found.standing, found.words) == (Standing.FINISHED, "Every goal is done")


def test_a_phase_that_is_skipped_takes_no_time():
    skipped = dict.fromkeys(("1.1", "1.2"), State.SKIPPED)
    found = pace(skipped, weeks_in=5)
    assert (found.weeks, found.expected) == (6, 3)


def test_after_the_last_day_the_plan_expects_everything_and_no_more():
    found = pace(weeks_in=40)
    assert (found.expected, found.expected_goals, found.expected_phase) == (10, 5, None)
    assert found.plan.week(found.on) == 10


@pytest.mark.parametrize(("weeks_in", "week"), [(-1, 0), (0, 1), (0.9, 1), (1, 2), (9.9, 10), (12, 10)])
def test_weeks_are_counted_from_one(weeks_in, week):
    found = pace(weeks_in=weeks_in)
    assert found.plan.week(found.on) == week


states = st.dictionaries(st.sampled_from(list(ROADMAP.live_goals)), st.sampled_from(State))


@given(states, st.floats(-5, 60), st.integers(1, 60))
def test_whatever_somebody_did_the_pace_makes_sense(states, weeks_in, length):
    found = pace(states, weeks_in=weeks_in, ends_on=START + timedelta(weeks=length))
    assert 0 <= found.expected <= found.weeks <= ROADMAP.weeks
    assert 0 <= found.expected_goals <= found.progress.tally.counted
    assert 0 <= found.percent_behind <= 100
    assert not (found.percent_behind and found.percent_ahead)
    assert (found.gap < 0) == (found.done < found.expected)
    assert found.words


@given(states, st.integers(0, 70))
def test_a_goal_more_never_puts_anybody_further_behind(states, days):
    more = states | done("2.3")
    before, after = pace(states, weeks_in=days / 7), pace(more, weeks_in=days / 7)
    if not any(state == State.SKIPPED for state in states.values()):
        assert after.gap >= before.gap
