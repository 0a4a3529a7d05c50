import pytest
from django.db import IntegrityError, transaction

from roadmaps.enrolling import accept_newest, enrol, leave, put_aside
from roadmaps.models import Enrolment, GoalState, Publication, State
from roadmaps.publishing import publish
from roadmaps.standing import standing_on
from roadmaps.ticking import set_state
from roles.models import Goal
from tests.roadmaps.drafts import add_goal, first_goal, replace, retire, reword
from tests.roadmaps.times import LATER, NOW


def finish(learner, role, *goals: Goal, state: State = State.DONE) -> None:
    for goal in goals:
        set_state(learner=learner, role=role.slug, goal=goal.key, state=state, now=NOW)


def state_of(learner, goal: Goal) -> str:
    row = GoalState.objects.of(learner).filter(goal=goal).first()
    return row.state if row else "todo"


def test_enrolling_pins_to_the_newest_publication(analytics, learner):
    reword(first_goal(analytics))
    newest = publish(analytics, by=None)
    assert enrol(learner=learner, role=analytics).publication == newest


def test_enrolling_twice_changes_nothing(analytics, learner):
    assert enrol(learner=learner, role=analytics) == enrol(learner=learner, role=analytics)
    assert Enrolment.objects.of(learner).count() == 1


def test_leaving_keeps_progress_for_the_return(analytics, learner):
    enrol(learner=learner, role=analytics)
    finish(learner, analytics, first_goal(analytics))
    leave(learner=learner, role=analytics, now=NOW)
    assert not standing_on(learner, analytics.slug).is_current
    enrol(learner=learner, role=analytics)
    assert standing_on(learner, analytics.slug).progress.tally.done == 1


def test_a_minor_publication_moves_learners_along_by_itself(analytics, learner):
    enrol(learner=learner, role=analytics)
    reword(first_goal(analytics), "In new words")
    publish(analytics, by=None)
    standing = standing_on(learner, analytics.slug)
    assert not standing.enrolment.has_offer
    assert standing.progress.roadmap.phases[0].goals[0].text == "In new words"


def test_a_major_publication_is_offered_and_moves_nobody(analytics, learner):
    enrol(learner=learner, role=analytics)
    add_goal(analytics)
    publish(analytics, by=None)
    standing = standing_on(learner, analytics.slug)
    assert standing.enrolment.has_offer
    assert standing.offer_summary == "1 new"
    assert standing.progress.tally.goals == 18


def test_the_offer_spans_all_editions_since_the_pinned_one(analytics, learner):
    enrol(learner=learner, role=analytics)
    for text in ("First addition", "Second addition"):
        add_goal(analytics, text=text)
        publish(analytics, by=None)
    assert standing_on(learner, analytics.slug).offer_summary == "2 new"


def test_a_minor_publication_of_a_later_edition_does_not_reach_those_who_stay(analytics, learner):
    enrol(learner=learner, role=analytics)
    goal = first_goal(analytics)
    add_goal(analytics)
    publish(analytics, by=None)
    reword(goal, "Only in edition 2")
    publish(analytics, by=None)
    assert "Only in edition 2" not in str(standing_on(learner, analytics.slug).progress.roadmap)


def test_accepting_keeps_every_finished_goal(analytics, learner):
    enrol(learner=learner, role=analytics)
    goals = list(Goal.objects.filter(phase__role=analytics).order_by("phase__order", "order")[:5])
    finish(learner, analytics, *goals)
    add_goal(analytics)
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    assert standing_on(learner, analytics.slug).progress.tally.done == 5


def test_a_goal_that_replaces_a_finished_one_is_done(analytics, learner):
    enrol(learner=learner, role=analytics)
    old = first_goal(analytics)
    finish(learner, analytics, old)
    (heir,) = replace(old)
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    row = GoalState.objects.of(learner).get(goal=heir)
    assert (row.state, row.credited_from_id, row.done_at) == (State.DONE, old.key, NOW)


def test_both_halves_of_a_split_finished_goal_are_done(analytics, learner):
    enrol(learner=learner, role=analytics)
    old = first_goal(analytics)
    finish(learner, analytics, old)
    halves = replace(old, "One half", "Other half")
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    assert [state_of(learner, half) for half in halves] == ["done", "done"]


def test_whoever_passes_an_edition_over_keeps_credit_through_it(analytics, learner):
    enrol(learner=learner, role=analytics)
    old = first_goal(analytics)
    finish(learner, analytics, old)
    (heir,) = replace(old)
    publish(analytics, by=None)
    (last,) = replace(heir, "What it is now")
    newest = publish(analytics, by=None)
    assert standing_on(learner, analytics.slug).offer_summary == "1 replaced: credit kept"
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    row = GoalState.objects.of(learner).get(goal=last)
    assert (row.state, row.credited_from_id, row.done_at) == (State.DONE, old.key, NOW)


def test_what_was_taken_back_after_an_edition_stays_taken_back_in_the_next(analytics, learner):
    enrol(learner=learner, role=analytics)
    old = first_goal(analytics)
    finish(learner, analytics, old)
    (heir,) = replace(old)
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    finish(learner, analytics, heir, state=State.TODO)
    add_goal(analytics)
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    assert state_of(learner, heir) == "todo"


@pytest.mark.parametrize(("states", "merged"), [(("done", "done"), "done"), (("done", "todo"), "doing")])
def test_a_merged_goal_is_done_only_if_all_it_replaces_was(analytics, learner, states, merged):
    enrol(learner=learner, role=analytics)
    old = list(Goal.objects.filter(phase__role=analytics, phase__order=1).order_by("order")[:2])
    for goal, state in zip(old, states, strict=True):
        finish(learner, analytics, goal, state=State(state))
        retire(goal)
    heir = add_goal(analytics, replaces=tuple(old))
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    assert state_of(learner, heir) == merged


def test_100_percent_is_reachable_before_and_after_a_major_change(analytics, learner):
    enrol(learner=learner, role=analytics)
    old = list(Goal.objects.filter(phase__role=analytics))
    finish(learner, analytics, *old)
    assert standing_on(learner, analytics.slug).progress.tally.percent == 100
    replace(old[0])
    retire(old[1])
    added = add_goal(analytics, phase=2)
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    assert standing_on(learner, analytics.slug).progress.tally.percent == 94
    finish(learner, analytics, added)
    assert standing_on(learner, analytics.slug).progress.tally.percent == 100


def test_accepting_twice_changes_nothing(analytics, learner):
    enrol(learner=learner, role=analytics)
    (heir,) = replace(first_goal(analytics))
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=NOW)
    finish(learner, analytics, heir)
    again = accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    assert again.accepted_at == NOW
    assert state_of(learner, heir) == "done"


def test_nobody_accepts_a_publication_they_have_not_seen(analytics, learner):
    enrol(learner=learner, role=analytics)
    add_goal(analytics)
    seen = publish(analytics, by=None)
    add_goal(analytics, text="Published while they read")
    publish(analytics, by=None)
    assert accept_newest(learner=learner, role=analytics, offered=seen.number, now=NOW) is None
    assert standing_on(learner, analytics.slug).enrolment.publication.number == 1


def test_an_offer_put_aside_stays_put_aside_until_there_is_a_newer_one(analytics, learner):
    enrol(learner=learner, role=analytics)
    add_goal(analytics)
    publish(analytics, by=None)
    put_aside(learner=learner, role=analytics)
    assert standing_on(learner, analytics.slug).enrolment.offer_is_put_aside
    add_goal(analytics, text="Newer")
    publish(analytics, by=None)
    assert not standing_on(learner, analytics.slug).enrolment.offer_is_put_aside


def test_retired_work_stays_visible_and_does_not_count(analytics, learner):
    enrol(learner=learner, role=analytics)
    old = first_goal(analytics)
    finish(learner, analytics, old)
    retire(old)
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=LATER)
    standing = standing_on(learner, analytics.slug)
    assert [line.goal.key for phase in standing.phases for line in phase.lines if line.goal.retired] == [str(old.key)]
    assert (standing.progress.tally.done, standing.progress.tally.goals) == (0, 17)


def test_the_database_refuses_a_publication_of_another_role(analytics, coordination, learner):
    enrolment = enrol(learner=learner, role=analytics)
    foreign = Publication.objects.latest_of(coordination)
    with pytest.raises(IntegrityError, match="publication of its own role"), transaction.atomic():
        Enrolment.objects.filter(pk=enrolment.pk).update(publication=foreign)
