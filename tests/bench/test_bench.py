"""What the benchmark says is worked out rightly; what it measures is seen by running it."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from accounts.checks import every_view_states_a_policy
from tests.bench.__main__ import Refused, learner_count
from tests.bench.people import HISTORIES, Course, Learner, enrolments, histories, roadmap_count
from tests.bench.report import Figures, Growth, Trial, figures, percentile

NOW = datetime(2026, 11, 21, tzinfo=UTC)
# As many goals as the three roadmaps have.
COURSES = [
    Course(role, role, tuple(f"goal-{role}-{n}" for n in range(goals))) for role, goals in enumerate((18, 18, 17))
]


def row(name="dashboard", learners=1000, median=4.0, ratio=2.0, limit=2.5):
    return Figures(name, learners, median, 9.0, 200.0, 5, ratio, limit)


def test_percentile_is_the_smallest_time_that_covers_so_many():
    times = list(range(1, 101))
    assert percentile(times, 95) == 95
    assert percentile([7.0], 95) == 7.0
    assert percentile([1.0, 2.0], 50) == 1.0


def test_figures_hold_the_median_against_that_of_the_empty_view():
    found = figures(
        name="dashboard",
        learners=1000,
        times=[4.0, 5.0, 90.0],
        empty=[1.0, 2.0, 2.0],
        req_s=123.456,
        queries=6,
        limit=2.5,
    )
    assert found == Figures("dashboard", 1000, 5.0, 90.0, 123.5, 6, 2.5, 2.5)
    assert not found.is_missed


def test_a_limit_is_missed_above_it_and_an_empty_view_has_none():
    assert row(ratio=2.51).is_missed
    assert not row(ratio=2.5).is_missed
    assert not row(ratio=99.0, limit=None).is_missed


def test_growth_is_most_learners_to_fewest():
    trial = Trial([row(learners=100_000, median=5.6), row(median=4.0), row(name="other")], ["dashboard"])
    assert trial.growth == [Growth("dashboard", 1.4)]
    assert trial.missed == 1


def test_json_has_the_agreed_fields_and_only_those():
    (written,) = json.loads(Trial([row()], []).to_json())
    assert list(written) == ["name", "learners", "median_ms", "p95_ms", "req_s", "queries", "ratio", "limit"]


def test_table_shows_every_size_and_marks_what_is_missed():
    table = Trial([row(ratio=2.6), row(learners=100_000)], ["dashboard"]).table()
    assert "1,000 learners" in table
    assert "100,000 learners" in table
    assert [line.split()[0] for line in table.splitlines() if line.endswith("missed")] == ["dashboard"]
    assert "Limits missed: 1." in table


def test_table_says_when_every_limit_is_kept():
    assert "Every limit is kept." in Trial([row(), row(learners=100_000)], ["dashboard"]).table()


def test_learners_have_about_fifty_progress_rows_on_one_to_three_roadmaps():
    learners = 2000
    rows = sum(len(COURSES[course].goals) for _, course, _ in enrolments(learners, len(COURSES)))
    assert 48 <= rows / learners <= 52
    assert set(map(roadmap_count, range(learners))) == {1, 2, 3}


def test_nobody_is_on_a_roadmap_twice():
    pairs = Counter((learner, course) for learner, course, _ in enrolments(500, len(COURSES)))
    assert set(pairs.values()) == {1}


def test_enrolments_are_the_same_each_time_they_are_made():
    assert list(enrolments(100, 3)) == list(enrolments(100, 3))
    assert all(history < HISTORIES for _, _, history in enrolments(100, 3))


def test_histories_are_at_every_point_and_complete():
    found = histories(COURSES[0], now=NOW, count=200)
    lines = [line.split("\t") for each in found for line in each.rows.decode().splitlines()]
    assert len(lines) == 200 * len(COURSES[0].goals)
    assert {state for _, _, state, _, _ in lines} == {"todo", "doing", "done", "skipped"}
    assert all((done_at != r"\N") == (state == "done") for _, _, state, _, done_at in lines)
    assert all(datetime.fromisoformat(at) <= NOW for _, _, _, at, _ in lines)


def test_every_tick_writes():
    learner = Learner(1, "role", "goal", "skipped")
    assert [learner.next_state() for _ in range(3)] == ["done", "doing", "done"]


@pytest.mark.parametrize("given", ["", "many", "-5", "1000", "1.5e6", "²"])
def test_a_number_of_learners_that_cannot_be_measured_is_refused(given):
    with pytest.raises(Refused):
        learner_count(given)


@pytest.mark.parametrize(("given", "learners"), [("1000000", 1_000_000), ("100_000", 100_000), ("5,000", 5000)])
def test_numbers_of_learners_are_read(given, learners):
    assert learner_count(given) == learners


def test_the_empty_views_state_a_policy(settings):
    settings.ROOT_URLCONF = "tests.bench.urls"
    assert every_view_states_a_policy(None) == []
