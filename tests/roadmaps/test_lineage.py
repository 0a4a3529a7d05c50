"""What becomes of learners' states when goals take the place of others: the rule, and that no edit loses a tick."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmaps.lineage import Inherited, heirs_of, inherited, merged
from roadmaps.models import State
from roles.blueprint import Goal, Milestone, Phase, Roadmap

TODO, DOING, DONE, SKIPPED = State.TODO, State.DOING, State.DONE, State.SKIPPED
A, B, C, D = (Goal(key, f"Learn {key}") for key in "abcd")


def roadmap(*goals: Goal) -> Roadmap:
    return Roadmap("role", (Phase("p1", 1, "Phase 1", "data", 4, "", Milestone("m1", "Show it"), goals),))


def retired(*goals: Goal) -> tuple[Goal, ...]:
    return tuple(replace(goal, retired=True) for goal in goals)


def states_after(states: dict[str, State], old: Roadmap, new: Roadmap) -> dict[str, State]:
    return states | {key: found.state for key, found in inherited(states, old, new).items()}


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((DONE, DONE), DONE),
        ((DONE, TODO), DOING),
        ((DONE, SKIPPED), DOING),
        ((DONE, DOING), DOING),
        ((DOING, TODO), DOING),
        ((SKIPPED, SKIPPED), SKIPPED),
        ((SKIPPED, TODO), TODO),
        ((TODO, TODO), TODO),
    ],
)
def test_a_merged_goal_is_done_or_skipped_only_as_a_whole(parts, whole):
    assert merged(parts) == whole
    old, new = roadmap(A, B), roadmap(*retired(A, B), replace(C, replaces=("a", "b")))
    assert states_after(dict(zip("ab", parts, strict=True)), old, new).get("c", TODO) == whole


@pytest.mark.parametrize("state", State)
def test_each_part_of_a_split_goal_is_what_the_whole_was(state):
    new = roadmap(*retired(A), replace(B, replaces=("a",)), replace(C, replaces=("a",)))
    after = states_after({"a": state}, roadmap(A), new)
    assert [after.get(key, TODO) for key in "abc"] == [state] * 3


def test_a_goal_that_takes_another_in_is_one_of_its_own_parts():
    old, new = roadmap(A, B), roadmap(replace(A, replaces=("b",)), *retired(B))
    assert states_after({"b": DONE}, old, new)["a"] == DOING
    assert states_after({"a": DONE}, old, new)["a"] == DONE
    assert states_after({"a": DONE, "b": DONE}, old, new)["a"] == DONE


def test_what_came_and_went_meanwhile_passes_credit_on():
    new = roadmap(*retired(A, replace(B, replaces=("a",))), replace(C, replaces=("b",)))
    assert inherited({"a": DONE}, roadmap(A), new) == {"c": Inherited(DONE, ("a",))}


def test_a_goal_of_a_phase_that_is_gone_passes_credit_on_once():
    """The draft names both then; what was passed on within the older state is not asked again."""
    new = roadmap(replace(C, replaces=("b", "a")))
    assert inherited({"a": DONE}, roadmap(A), new) == {"c": Inherited(DONE, ("a",))}
    since = roadmap(*retired(A), replace(B, replaces=("a",)))
    assert inherited({"a": DONE, "b": TODO}, since, new) == {}


def test_whoever_takes_a_tick_back_has_the_last_word():
    before = roadmap(*retired(A), replace(B, replaces=("a",)))
    after = roadmap(*retired(A), replace(B, replaces=("a",)), D)
    assert inherited({"a": DONE, "b": TODO}, before, after) == {}


def test_a_goal_retired_long_ago_gives_credit_to_what_replaces_it_now():
    old = roadmap(*retired(A), B)
    assert inherited({"a": DONE}, old, roadmap(*retired(A), B, replace(C, replaces=("a",)))) == {
        "c": Inherited(DONE, ("a",))
    }


def test_circles_come_to_an_end():
    circle = roadmap(replace(A, replaces=("b",)), replace(B, retired=True, replaces=("a",)))
    assert inherited({"b": DONE}, roadmap(B), circle) == {"a": Inherited(DONE, ("b",))}


# ---------------------------------------------------------------- any edits
KEYS = [f"k{number}" for number in range(40)]


@st.composite
def edits(draw: st.DrawFn) -> list[Roadmap]:
    """Editions of a roadmap as the editors' acts make them, one act or several for each edition."""
    goals = {key: Goal(key, key) for key in KEYS[:4]}
    fresh = iter(KEYS[4:])
    editions = [roadmap(*goals.values())]
    for _ in range(draw(st.integers(1, 4))):
        for _ in range(draw(st.integers(1, 2))):
            live = [key for key, goal in goals.items() if not goal.retired]
            old = draw(st.lists(st.sampled_from(live), min_size=1, max_size=2, unique=True)) if live else []
            parts = draw(st.integers(0, 3)) if len(old) == 1 else 1
            for key in old:
                goals[key] = replace(goals[key], retired=True)
            for _ in range(parts):
                key = next(fresh)
                goals[key] = Goal(key, key, replaces=tuple(old))
        editions.append(roadmap(*goals.values()))
    return editions


@given(edits(), st.data())
def test_no_edit_loses_a_tick(editions, data):
    """Whatever is edited, and whichever editions a learner passes over: no state is lowered, and all that takes the
    place of finished work is at least in progress; done, where all that it takes the place of was."""
    states: dict[str, State] = {}
    here = editions[0]
    for edition in editions[1:]:
        for key in here.live_goals:
            if states.get(key, TODO) is TODO:
                states[key] = data.draw(st.sampled_from(State))
        if not data.draw(st.booleans()) and edition is not editions[-1]:
            continue  # not accepted
        after = states_after(states, here, edition)
        assert all(after[key] == state for key, state in states.items() if state is not TODO)
        heirs = heirs_of(here, edition)
        for key, found in heirs.items():
            for heir in found:
                if states.get(key) is DONE:
                    together = [part for part, theirs in heirs.items() if heir in theirs]
                    whole = all(states.get(part) is DONE for part in together)
                    assert after[heir.key] is (DONE if whole else DOING)
        gone = set(here.live_goals) - set(edition.live_goals)
        assert {key for key in gone if not _ends(key, edition)} <= heirs.keys()
        states, here = after, edition


def _ends(key: str, edition: Roadmap) -> bool:
    """Whether nothing live comes of a goal."""
    heirs = [goal for goal in edition.goals.values() if key in goal.replaces]
    return all(heir.retired and _ends(heir.key, edition) for heir in heirs)
