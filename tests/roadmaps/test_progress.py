from hypothesis import given
from hypothesis import strategies as st

from roadmaps.models import State
from roadmaps.progress import progress_of
from roles.blueprint import Goal, Milestone, Phase, Roadmap


def roadmap_of(*goals_per_phase: int, retired: int = 0) -> Roadmap:
    """Phases with that many live goals each; the first phase has some retired ones besides."""
    return Roadmap(
        "role",
        tuple(
            Phase(
                slug=f"p{number}",
                number=number,
                title=f"Phase {number}",
                kind="data",
                weeks=4,
                summary="",
                milestone=Milestone(f"m{number}", ""),
                goals=tuple(
                    Goal(f"g{number}-{n}", "", retired=n >= count)
                    for n in range(count + (retired if number == 1 else 0))
                ),
            )
            for number, count in enumerate(goals_per_phase, start=1)
        ),
    )


ROADMAPS = st.builds(
    lambda counts, retired: roadmap_of(*counts, retired=retired),
    st.lists(st.integers(1, 5), min_size=1, max_size=6),
    st.integers(0, 3),
)
STATES = st.dictionaries(
    st.builds(lambda p, n: f"g{p}-{n}", st.integers(1, 7), st.integers(0, 8)), st.sampled_from(State), max_size=40
)


def test_done_is_divided_by_the_goals_that_are_neither_skipped_nor_retired():
    progress = progress_of(roadmap_of(3, 2, retired=2), {"g1-0": State.DONE, "g1-1": State.SKIPPED, "g1-3": State.DONE})
    assert (progress.tally.done, progress.tally.counted, progress.tally.percent) == (1, 4, 25)


def test_one_hundred_percent_is_reached_when_all_that_counts_is_done():
    progress = progress_of(roadmap_of(2), {"g1-0": State.DONE, "g1-1": State.SKIPPED})
    assert progress.tally.percent == 100
    assert progress.tally.is_complete


def test_percent_is_rounded_down_so_that_99_is_not_100():
    states = {f"g1-{n}": State.DONE for n in range(199)}
    assert progress_of(roadmap_of(200), states).tally.percent == 99


def test_a_roadmap_of_skipped_goals_is_not_complete():
    progress = progress_of(roadmap_of(1), {"g1-0": State.SKIPPED})
    assert (progress.tally.percent, progress.tally.is_complete, progress.tally.state) == (0, False, State.SKIPPED)


def test_goals_in_progress_come_before_the_next_ones_in_order():
    progress = progress_of(roadmap_of(2, 2), {"g1-0": State.DONE, "g2-1": State.DOING})
    assert [goal.key for _, goal in progress.next_goals(3)] == ["g2-1", "g1-1", "g2-0"]


def test_the_current_phase_is_the_first_with_something_left():
    progress = progress_of(roadmap_of(1, 1, 1), {"g1-0": State.DONE, "g2-0": State.SKIPPED})
    assert progress.current is not None
    assert progress.current.phase.number == 3


@given(ROADMAPS, STATES)
def test_numbers_of_the_phases_add_up_to_those_of_the_roadmap(roadmap, states):
    progress = progress_of(roadmap, states)
    for name in ("goals", "done", "doing", "skipped", "counted"):
        assert sum(getattr(each.tally, name) for each in progress.phases) == getattr(progress.tally, name)


@given(ROADMAPS, STATES)
def test_percent_is_100_exactly_when_every_counted_goal_is_done(roadmap, states):
    tally = progress_of(roadmap, states).tally
    assert 0 <= tally.percent <= 100
    assert (tally.percent == 100) == tally.is_complete


@given(ROADMAPS, STATES)
def test_100_percent_can_be_reached_from_anywhere(roadmap, states):
    finished = dict(states) | {key: State.DONE for key in roadmap.live_goals if states.get(key) != State.SKIPPED}
    tally = progress_of(roadmap, finished).tally
    assert tally.is_complete or tally.counted == 0
