"""Two tabs at once: real threads, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from roadmaps.enrolling import accept_newest, enrol
from roadmaps.models import Enrolment, GoalState, Publication, State
from roadmaps.publishing import publish
from roadmaps.ticking import set_state
from roles.models import Goal
from tests.roadmaps.drafts import add_goal, first_goal, replace
from tests.roadmaps.times import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment; what each returned or raised, in order."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(5)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def tab(learner, role, goal: Goal, state: str) -> Callable[[], int]:
    client = Client(raise_request_exception=False)
    client.force_login(learner)
    url = reverse("roadmaps:goal_state", args=[role.slug, goal.key])
    return lambda: client.post(url, {"state": state}).status_code


def test_two_tabs_that_tick_different_goals_lose_nothing(analytics, learner):
    enrol(learner=learner, role=analytics)
    goals = list(Goal.objects.filter(phase__role=analytics))
    for pair in zip(goals[::2], goals[1::2], strict=True):
        assert at_once(*(tab(learner, analytics, goal, "done") for goal in pair)) == [302, 302]
    assert GoalState.objects.filter(state="done").count() == len(goals)


def test_two_tabs_that_disagree_end_in_one_of_the_two_states_without_an_error(analytics, learner):
    enrol(learner=learner, role=analytics)
    goal = first_goal(analytics)
    for _ in range(10):
        answers = at_once(*(tab(learner, analytics, goal, state) for state in ("done", "doing", "skipped", "done")))
        assert answers == [302] * 4
        assert GoalState.objects.get().state in ("done", "doing", "skipped")


def test_enrolling_in_two_tabs_makes_one_enrolment(analytics, learner):
    results = at_once(*[lambda: enrol(learner=learner, role=analytics)] * 4)
    assert all(isinstance(result, Enrolment) for result in results), results
    assert Enrolment.objects.count() == 1


def test_two_editors_who_publish_at_once_make_one_publication(analytics):
    add_goal(analytics)
    results = at_once(*[lambda: publish(analytics, by=None)] * 3)
    assert sum(isinstance(result, Publication) for result in results) == 1, results
    assert Publication.objects.of(analytics).count() == 2


def test_a_tick_while_accepting_a_new_edition_is_not_lost(analytics, learner):
    enrol(learner=learner, role=analytics)
    old = first_goal(analytics)
    other = Goal.objects.filter(phase__role=analytics, phase__order=2).first()
    set_state(learner=learner, role=analytics.slug, goal=old.key, state=State.DONE, now=NOW)
    (heir,) = replace(old)
    newest = publish(analytics, by=None)
    results = at_once(
        lambda: accept_newest(learner=learner, role=analytics, offered=newest.number, now=NOW),
        lambda: set_state(learner=learner, role=analytics.slug, goal=other.key, state=State.DONE, now=NOW),
    )
    assert not any(isinstance(result, Exception) for result in results), results
    done = set(GoalState.objects.filter(state="done").values_list("goal_id", flat=True))
    assert done == {old.key, heir.key, other.key}
