from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from roadmaps.enrolling import enrol, leave
from roadmaps.models import Enrolment, GoalState, State
from roadmaps.standing import standing_on
from roadmaps.ticking import NoCreditError, NoSuchGoalError, set_state, take_credit
from roles.models import Goal
from tests.roadmaps.drafts import first_goal
from tests.roadmaps.times import LATER, NOW


@pytest.fixture
def enrolled(analytics, learner):
    return enrol(learner=learner, role=analytics)


def tick(learner, role, goal, state=State.DONE, now=NOW):
    return set_state(learner=learner, role=role.slug, goal=goal.key, state=state, now=now)


def test_a_tick_is_kept_with_its_date(analytics, learner, enrolled):
    tick(learner, analytics, first_goal(analytics))
    row = GoalState.objects.get()
    assert (row.state, row.done_at, row.changed_at) == (State.DONE, NOW, NOW)


def test_the_same_tick_again_changes_nothing(analytics, learner, enrolled):
    goal = first_goal(analytics)
    tick(learner, analytics, goal)
    again = tick(learner, analytics, goal, now=LATER)
    assert (again.before, again.after) == (State.DONE, State.DONE)
    assert GoalState.objects.get().done_at == NOW


def test_going_back_takes_the_date_away(analytics, learner, enrolled):
    goal = first_goal(analytics)
    tick(learner, analytics, goal)
    back = tick(learner, analytics, goal, State.DOING, now=LATER)
    assert back.before == State.DONE
    assert GoalState.objects.get().done_at is None


def test_to_do_on_an_untouched_goal_writes_nothing(analytics, learner, enrolled):
    tick(learner, analytics, first_goal(analytics), State.TODO)
    assert not GoalState.objects.exists()


def test_a_goal_of_another_roadmap_is_refused(analytics, coordination, learner, enrolled):
    with pytest.raises(NoSuchGoalError):
        tick(learner, analytics, first_goal(coordination))


def test_an_unknown_goal_is_refused(analytics, learner, enrolled):
    with pytest.raises(NoSuchGoalError):
        set_state(learner=learner, role=analytics.slug, goal=uuid4(), state=State.DONE, now=NOW)


def test_who_is_not_on_the_roadmap_cannot_tick(analytics, other_learner, enrolled):
    with pytest.raises(Enrolment.DoesNotExist):
        tick(other_learner, analytics, first_goal(analytics))


def test_who_left_the_roadmap_cannot_tick(analytics, learner, enrolled):
    leave(learner=learner, role=analytics, now=NOW)
    with pytest.raises(Enrolment.DoesNotExist):
        tick(learner, analytics, first_goal(analytics))


@pytest.fixture
def hipaa_elsewhere(analytics, coordination, learner, enrolled):
    """The learner is on two roadmaps and finished the HIPAA goal of the first. Returns the one on the second."""
    enrol(learner=learner, role=coordination)
    done = Goal.objects.get(phase__role=analytics, skills__slug="hipaa")
    tick(learner, analytics, done)
    return Goal.objects.get(phase__role=coordination, skills__slug="hipaa")


def test_a_skill_proven_elsewhere_is_shown_as_credit(coordination, learner, hipaa_elsewhere):
    credit = standing_on(learner, coordination.slug).credits[str(hipaa_elsewhere.key)]
    assert (credit.name, credit.phase.number) == ("Healthcare Analytics", 1)
    assert "hipaa" in [link.slug for link in credit.skills]
    assert "gdpr" in [link.slug for link in credit.missing]


def test_no_credit_is_shown_before_the_other_goal_is_done(analytics, coordination, learner, enrolled):
    enrol(learner=learner, role=coordination)
    assert standing_on(learner, coordination.slug).credits == {}


def test_credit_is_taken_over_in_one_step_and_says_from_where(coordination, learner, hipaa_elsewhere):
    take_credit(learner=learner, role=coordination.slug, goal=hipaa_elsewhere.key, now=LATER)
    row = GoalState.objects.get(goal=hipaa_elsewhere)
    assert row.state == State.DONE
    assert "hipaa" in row.credited_from.skills.values_list("slug", flat=True)


def test_credit_stays_on_offer_after_leaving_the_other_roadmap(analytics, coordination, learner, hipaa_elsewhere):
    leave(learner=learner, role=analytics, now=LATER)
    assert str(hipaa_elsewhere.key) in standing_on(learner, coordination.slug).credits


def test_credit_that_nothing_covers_is_refused(analytics, learner, enrolled):
    with pytest.raises(NoCreditError):
        take_credit(learner=learner, role=analytics.slug, goal=first_goal(analytics).key, now=NOW)


def test_the_database_wants_a_date_exactly_for_done_goals(enrolled, analytics):
    with pytest.raises(IntegrityError, match="done_has_date"), transaction.atomic():
        GoalState.objects.create(enrolment=enrolled, goal=first_goal(analytics), state="done", changed_at=NOW)


def test_the_database_knows_no_fifth_state(enrolled, analytics):
    with pytest.raises(IntegrityError, match="state_known"), transaction.atomic():
        GoalState.objects.create(enrolment=enrolled, goal=first_goal(analytics), state="paused", changed_at=NOW)
