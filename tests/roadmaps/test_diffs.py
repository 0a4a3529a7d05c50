from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from roadmaps.diffs import Change, Thing, What, diff, is_major, summary
from roadmaps.lineage import parts_of
from roles.blueprint import Criterion, Goal, Link, Milestone, Phase, ResourceLink, Roadmap


def phase(number: int, *goals: Goal, title: str = "", criteria: tuple[Criterion, ...] = (), **fields) -> Phase:
    return Phase(
        slug=f"p{number}",
        number=number,
        title=title or f"Phase {number}",
        kind="data",
        weeks=fields.pop("weeks", 4),
        summary="",
        milestone=Milestone(f"m{number}", fields.pop("milestone", "Show it"), criteria=criteria),
        goals=goals,
        **fields,
    )


def roadmap(*phases: Phase) -> Roadmap:
    return Roadmap("role", phases)


A, B, C = Goal("a", "Learn a"), Goal("b", "Learn b"), Goal("c", "Learn c")


def found(old: Roadmap, new: Roadmap) -> list[tuple[str, str]]:
    return [(change.thing.value, change.what.value) for change in diff(old, new)]


def test_equal_roadmaps_have_no_changes():
    assert diff(roadmap(phase(1, A)), roadmap(phase(1, A))) == []


def test_another_text_under_the_same_key_is_reworded_and_minor():
    changes = diff(roadmap(phase(1, A)), roadmap(phase(1, replace(A, text="Learn a well"))))
    assert [(change.what, change.before, change.after) for change in changes] == [
        (What.REWORDED, ("Learn a",), ("Learn a well",))
    ]
    assert not is_major(changes)


def test_a_new_goal_is_major():
    changes = diff(roadmap(phase(1, A)), roadmap(phase(1, A, B)))
    assert [change.what for change in changes] == [What.NEW]
    assert is_major(changes)


def test_a_retired_goal_is_major_whether_kept_as_retired_or_gone():
    for new in (roadmap(phase(1, A)), roadmap(phase(1, A, replace(B, retired=True)))):
        changes = diff(roadmap(phase(1, A, B)), new)
        assert [change.what for change in changes] == [What.RETIRED]
        assert is_major(changes)


def test_one_heir_is_a_replacement_and_says_that_credit_is_kept():
    changes = diff(roadmap(phase(1, A)), roadmap(phase(1, replace(B, replaces=("a",)))))
    assert [(change.what, change.keys) for change in changes] == [(What.REPLACED, ("a",))]
    assert summary(changes) == "1 replaced: credit kept"


def test_two_heirs_are_a_split():
    heirs = (replace(B, replaces=("a",)), replace(C, replaces=("a",)))
    changes = diff(roadmap(phase(1, A)), roadmap(phase(1, *heirs)))
    assert [(change.what, change.after) for change in changes] == [(What.SPLIT, ("Learn b", "Learn c"))]

    assert changes[0].said == "split into 2"
    assert summary(changes) == "1 split: credit kept"


def test_two_goals_with_one_heir_are_merged():
    changes = diff(roadmap(phase(1, A, B)), roadmap(phase(1, replace(C, replaces=("a", "b")))))
    assert [(change.what, change.before) for change in changes] == [(What.MERGED, ("Learn a", "Learn b"))]
    assert changes[0].said == "merged from 2"
    assert summary(changes) == "1 merged: credit kept"
    assert is_major(changes)


def test_a_goal_that_stays_and_takes_another_in_is_merged_from_both():
    taking = replace(A, replaces=("b",))
    changes = diff(roadmap(phase(1, A, B)), roadmap(phase(1, taking, replace(B, retired=True))))
    assert [(change.what, change.keys) for change in changes] == [(What.MERGED, ("a", "b"))]
    assert diff(roadmap(phase(1, taking)), roadmap(phase(1, taking))) == []


def test_a_goal_that_was_retired_before_can_still_be_replaced_and_people_are_asked():
    retired = replace(A, retired=True)
    changes = diff(roadmap(phase(1, retired, B)), roadmap(phase(1, retired, B, replace(C, replaces=("a",)))))
    assert [(change.what, change.keys) for change in changes] == [(What.REPLACED, ("a",))]


def test_whoever_skips_an_edition_is_told_of_the_goal_that_is_there_now():
    gone, meanwhile = replace(A, retired=True), replace(B, retired=True, replaces=("a",))
    changes = diff(roadmap(phase(1, A)), roadmap(phase(1, gone, meanwhile, replace(C, replaces=("b",)))))
    assert [(change.what, change.before, change.after) for change in changes] == [
        (What.REPLACED, ("Learn a",), ("Learn c",))
    ]


def test_a_goal_in_another_phase_is_moved_and_minor():
    old, new = roadmap(phase(1, A, B), phase(2, C)), roadmap(phase(1, A), phase(2, C, B))
    assert found(old, new) == [("goal", "moved")]
    assert not is_major(diff(old, new))


def test_other_skills_are_a_minor_change():
    changes = diff(roadmap(phase(1, A)), roadmap(phase(1, replace(A, skills=(Link("sql", "SQL"),)))))
    assert [change.what for change in changes] == [What.RELINKED]
    assert not is_major(changes)


def test_weeks_of_a_phase_are_a_minor_change_that_is_shown():
    assert found(roadmap(phase(1, A)), roadmap(phase(1, A, weeks=6))) == [("phase", "reworded")]


def test_a_new_phase_is_major():
    old, new = roadmap(phase(1, A)), roadmap(phase(1, A), phase(2, B))
    assert ("phase", "new") in found(old, new)
    assert is_major(diff(old, new))


def test_a_criterion_that_becomes_required_is_major_and_one_that_becomes_optional_is_not():
    strict, loose = Criterion("k", "Shows it"), Criterion("k", "Shows it", required=False)
    old, new = roadmap(phase(1, A, criteria=(loose,))), roadmap(phase(1, A, criteria=(strict,)))
    assert is_major(diff(old, new))
    assert not is_major(diff(new, old))
    assert found(new, old) == [("criterion", "loosened")]


def test_resources_come_and_go_without_asking():
    link = ResourceLink("r", "A book", "book", "Book")
    old, new = roadmap(phase(1, A)), roadmap(phase(1, A, resources=(link,)))
    assert found(old, new) == [("resource", "new")]
    assert not is_major(diff(old, new))


def test_the_summary_counts_in_words():
    changes = [
        *(Change(What.REWORDED, Thing.GOAL, "", ()) for _ in range(3)),
        Change(What.NEW, Thing.GOAL, "", ()),
        Change(What.REPLACED, Thing.GOAL, "", ()),
    ]
    assert summary(changes) == "3 reworded, 1 new, 1 replaced: credit kept"


KEYS = st.sampled_from([f"k{n}" for n in range(8)])
GOALS = st.lists(
    st.builds(
        Goal,
        key=KEYS,
        text=st.sampled_from(["x", "y"]),
        retired=st.booleans(),
        replaces=st.lists(KEYS, max_size=2).map(tuple),
    ),
    unique_by=lambda goal: goal.key,
    max_size=8,
)
ROADMAPS = st.builds(
    lambda goals, cut: roadmap(phase(1, *goals[:cut]), phase(2, *goals[cut:])), GOALS, st.integers(0, 8)
)


@given(ROADMAPS)
def test_nothing_differs_from_itself(one):
    assert diff(one, one) == []


@given(ROADMAPS, ROADMAPS)
def test_every_live_goal_that_comes_or_goes_is_named_once(old, new):
    changes = [change for change in diff(old, new) if change.thing is Thing.GOAL and change.is_major]
    gone = set(old.live_goals) - set(new.live_goals)
    named = {key for change in changes if change.what is not What.NEW for key in change.keys}
    assert gone == {key for key in named if key in old.live_goals and key not in new.live_goals}
    come = set(new.live_goals) - set(old.live_goals)
    added = [key for change in changes if change.what is What.NEW for key in change.keys]
    assert sorted(added) == sorted(key for key in come if not parts_of(new.goals[key], old, new))
