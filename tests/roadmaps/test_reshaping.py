"""Retiring, replacing, splitting and merging goals of a draft: what is written, what is refused, whom it reaches."""

from __future__ import annotations

import itertools

import pytest
from django.urls import reverse

from roadmaps.enrolling import accept_newest, enrol
from roadmaps.lineage import merged
from roadmaps.models import GoalState, Publication, State
from roadmaps.publishing import draft_of, preview, publish
from roadmaps.reshaping import NotReshapableError, Standing, Wanted, put_in_place, reach_of, retire
from roadmaps.ticking import set_state
from roles.history.acting import acting
from roles.models import ChangeSet, Goal, Phase, RowChange, Skill
from tests.factories import UserFactory
from tests.roadmaps.drafts import add_goal, first_goal, goals_of
from tests.roadmaps.times import LATER, NOW
from tests.roles.editing import places


@pytest.fixture
def editor(db):
    return UserFactory(is_staff=True)


def place(*old: Goal, texts: tuple[str, ...], by, phase: Phase | None = None, **taught) -> list[Goal]:
    wanted = [Wanted(text, **taught) for text in texts]
    return put_in_place(of=old, wanted=wanted, phase=phase or old[0].phase, by=by)


def living(phase: Phase) -> list[str]:
    return list(phase.goals.filter(retired=False).order_by("order").values_list("text", flat=True))


def test_a_new_goal_stands_where_the_old_one_stood_and_teaches_what_it_is_given(analytics, editor):
    old = goals_of(analytics)[1]
    before = living(old.phase)
    skills = list(Skill.objects.all()[:2])
    (new,) = place(old, texts=("Said anew",), by=editor, skills=skills)
    assert living(old.phase) == [before[0], "Said anew", *before[2:]]
    assert places(old.phase)[-1] == old.text
    assert set(new.skills.all()) == set(skills)
    assert list(new.replaces.all()) == [Goal.objects.get(pk=old.pk, retired=True)]


@pytest.mark.parametrize("number", [0, -1])
def test_the_parts_of_a_split_goal_stand_in_a_row(analytics, editor, number):
    old = Goal.objects.filter(phase__role=analytics, phase__order=1).order_by("order").all()[:9]
    old = list(old)[number]
    before = living(old.phase)
    here = before.index(old.text)
    new = place(old, texts=("One", "Two", "Three"), by=editor)
    assert living(old.phase) == [*before[:here], "One", "Two", "Three", *before[here + 1 :]]
    assert all(list(goal.replaces.all()) == [old] for goal in new)


def test_goals_of_two_phases_are_merged_in_either(analytics, editor):
    one, two = first_goal(analytics), Phase.objects.get(role=analytics, order=2).goals.first()
    (new,) = place(two, one, texts=("Both",), by=editor, phase=two.phase)
    assert living(two.phase)[0] == "Both"
    assert set(new.replaces.all()) == {one, two}
    assert [change.said for change in preview(analytics).changes] == ["merged from 2"]


def test_a_retired_goal_stays_where_it_is(analytics, editor):
    goal = first_goal(analytics)
    before = places(goal.phase)
    retire(goal=goal, by=editor)
    assert retire(goal=goal, by=editor).retired
    assert places(goal.phase) == before


def test_doing_it_twice_makes_it_once(analytics, editor):
    old = first_goal(analytics)
    first = place(old, texts=("One", "Two"), by=editor)
    assert place(old, texts=("One", "Two"), by=editor) == first
    with pytest.raises(NotReshapableError, match=r"“One” has taken the place of “.*” already"):
        place(old, texts=("Three", "Four"), by=editor)


def test_what_cannot_be_is_refused_and_nothing_is_changed(analytics, coordination, editor):
    one, two, foreign = *goals_of(analytics)[:2], first_goal(coordination)
    with pytest.raises(NotReshapableError, match="Goals of one roadmap can be merged"):
        place(one, foreign, texts=("Both",), by=editor)
    with pytest.raises(NotReshapableError, match="one after the other"):
        place(one, two, texts=("One", "Two"), by=editor)
    with pytest.raises(NotReshapableError, match="in a phase of one of those"):
        place(one, texts=("Elsewhere",), by=editor, phase=Phase.objects.get(role=analytics, order=3))
    assert not Goal.objects.filter(replaces__isnull=False).exists()


def test_a_draft_goal_that_nobody_saw_leaves_no_trace_once_it_is_replaced(analytics, editor):
    draft = add_goal(analytics)
    (new,) = place(draft, texts=("Better",), by=editor)
    roadmap = draft_of(analytics, Publication.objects.latest_of(analytics))
    assert str(draft.key) not in roadmap.goals
    assert roadmap.goals[str(new.key)].replaces == ()


def test_each_act_is_one_changeset_that_says_what_it_was(analytics, editor):
    goals = goals_of(analytics)
    acts = {
        "Retired a goal": lambda: retire(goal=goals[0], by=editor),
        "Replaced a goal": lambda: place(goals[1], texts=("Anew",), by=editor),
        "Split a goal into 2": lambda: place(goals[2], texts=("One", "Two"), by=editor),
        "Merged 2 goals into one": lambda: place(*goals[6:8], texts=("Both",), by=editor),
    }
    for doing, act in acts.items():
        last = RowChange.objects.latest("pk").pk
        act()
        (changeset,) = ChangeSet.objects.filter(changes__pk__gt=last).distinct()
        assert (changeset.doing, changeset.by) == (doing, editor)


@pytest.mark.parametrize("texts", [("Anew",), ("One", "Two", "Three")])
def test_it_is_taken_back_in_the_history(client, analytics, editor, texts):
    editor.is_superuser = True
    editor.save()
    client.force_login(editor)
    before = draft_of(analytics, Publication.objects.latest_of(analytics)).to_json()
    with acting(by=editor) as changeset:
        place(goals_of(analytics)[1], texts=texts, by=editor)
    assert draft_of(analytics, Publication.objects.latest_of(analytics)).to_json() != before
    page = reverse("admin:history_revert", args=[changeset])
    client.post(page, {"seen": client.get(page).context["plan"].seen})
    assert draft_of(analytics, Publication.objects.latest_of(analytics)).to_json() == before


def test_it_reaches_everybody_as_the_rule_says(analytics, editor):
    """The database counts what `lineage.merged` says of each learner."""
    one, two = goals_of(analytics)[:2]
    expected: list[State] = []
    for states in itertools.product(State, State):
        learner = UserFactory()
        enrol(learner=learner, role=analytics)
        for goal, state in zip((one, two), states, strict=True):
            set_state(learner=learner, role=analytics.slug, goal=goal.key, state=state, now=NOW)
        expected.append(merged(states))
    reach = reach_of([one, two])
    assert reach.learners == 16
    assert [standing for _, standing in reach.goals] == [Standing(4, 4, 4)] * 2
    counts = [expected.count(state) for state in (State.DONE, State.DOING, State.SKIPPED)]
    assert reach.together == Standing(*counts)

    (both,) = place(one, two, texts=("Both",), by=editor)
    newest = publish(analytics, by=None)
    for enrolment in list(analytics.enrolments.select_related("learner")):
        accept_newest(learner=enrolment.learner, role=analytics, offered=newest.number, now=LATER)
    found = list(GoalState.objects.filter(goal=both).values_list("state", flat=True))
    assert [found.count(state) for state in (State.DONE, State.DOING, State.SKIPPED)] == counts
