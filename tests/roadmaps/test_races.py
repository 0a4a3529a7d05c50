"""Two tabs at once: real threads, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from badges.models import Credential
from mentoring import review
from mentoring.models import Evidence, Submission, Thread
from roadmaps.enrolling import accept_newest, enrol
from roadmaps.models import Enrolment, GoalState, Publication, State
from roadmaps.publishing import publish
from roadmaps.reshaping import NotReshapableError, Wanted, put_in_place
from roadmaps.ticking import NoSuchGoalError, set_state
from roles.models import Goal
from tests.factories import UserFactory
from tests.mentoring.people import make_mentor
from tests.races import at_once
from tests.roadmaps import handing
from tests.roadmaps.drafts import add_goal, first_goal, goals_of, replace
from tests.roadmaps.times import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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


def test_the_last_two_approvals_at_once_bring_one_certificate(analytics, learner):
    enrol(learner=learner, role=analytics)
    mentors = [make_mentor(analytics, name=name, limit=9) for name in ("Ruth Adeyemi", "Jonas Lindqvist")]
    *first, fifth, sixth = [phase.number for phase in analytics.roadmap.phases]
    for number in first:
        handing.approved(learner, analytics, mentors[0], number=number)

    def approving(number, mentor):
        thread = handing.claimed(learner, analytics, mentor, number=number)
        judgment = handing.judgment(analytics, number)
        return lambda: review.approve(thread=thread, judgment=judgment, by=mentor, key=uuid4(), now=handing.later(0.5))

    results = at_once(approving(fifth, mentors[0]), approving(sixth, mentors[1]))
    assert all(isinstance(result, Thread) for result in results), results
    assert Credential.objects.of(learner).certificates().count() == 1
    assert Credential.objects.of(learner).count() == 7


def test_a_form_sent_from_two_tabs_at_once_hands_in_and_adds_once(analytics, learner):
    enrol(learner=learner, role=analytics)
    client = Client(raise_request_exception=False)
    client.force_login(learner)
    key = str(uuid4())
    note = {"kind": "note", "title": "What I found", "text": "Nobody counts twice.", "key": key}
    assert at_once(*[lambda: client.post(handing.url(analytics, "evidence_add"), note).status_code] * 4) == [302] * 4
    assert Evidence.objects.count() == 1
    submit = handing.url(analytics, "milestone_submit")
    assert at_once(*[lambda: client.post(submit, {"key": key}).status_code] * 4) == [302] * 4
    assert Submission.objects.count() == 1


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


def test_a_goal_that_is_ticked_while_its_parts_come_is_done_whole_or_not_at_all(analytics, learner):
    enrol(learner=learner, role=analytics)
    for number, old in enumerate(goals_of(analytics)[:4]):
        parts = [Wanted(f"Part {number}-{part}") for part in range(2)]
        new = put_in_place(of=[old], wanted=parts, phase=old.phase, by=UserFactory(is_staff=True))
        newest = publish(analytics, by=None)
        accepted, ticked = at_once(
            lambda newest=newest: accept_newest(learner=learner, role=analytics, offered=newest.number, now=NOW),
            lambda old=old: set_state(learner=learner, role=analytics.slug, goal=old.key, state=State.DONE, now=NOW),
        )
        assert isinstance(accepted, Enrolment), accepted
        done = set(GoalState.objects.filter(state="done").values_list("goal_id", flat=True))
        if isinstance(ticked, NoSuchGoalError):  # it came too late, and was told so
            assert not done & {old.key, *(goal.key for goal in new)}
        else:
            assert done >= {old.key, *(goal.key for goal in new)}


def test_a_publication_has_all_of_an_act_or_nothing(analytics):
    for number in range(4):
        old = goals_of(analytics)[:2]
        wanted = [Wanted(f"Merged {number}")]
        act, _ = at_once(
            lambda old=old, wanted=wanted: put_in_place(
                of=old, wanted=wanted, phase=old[0].phase, by=UserFactory(is_staff=True)
            ),
            lambda: publish(analytics, by=None),
        )
        assert isinstance(act, list), act
        roadmap = Publication.objects.latest_of(analytics).roadmap
        gone = {str(goal.key) for goal in old} - roadmap.live_goals.keys()
        assert len(gone) == (2 if str(act[0].key) in roadmap.goals else 0)


def test_two_editors_who_reshape_goals_of_one_phase_get_places_for_all(analytics):
    one, _, three = goals_of(analytics)[:3]

    def split(goal, *texts):
        wanted = [Wanted(text) for text in texts]
        return lambda: put_in_place(of=[goal], wanted=wanted, phase=goal.phase, by=UserFactory(is_staff=True))

    results = at_once(split(one, "One", "Two"), split(three, "Five", "Six", "Seven"))
    assert not any(isinstance(each, Exception) for each in results), results
    living = one.phase.goals.filter(retired=False).order_by("order").values_list("text", flat=True)
    assert [text for text in living if " " not in text] == ["One", "Two", "Five", "Six", "Seven"]


def test_of_two_editors_who_reshape_one_goal_one_is_told(analytics):
    old = first_goal(analytics)

    def split(texts):
        wanted = [Wanted(text) for text in texts]
        return lambda: put_in_place(of=[old], wanted=wanted, phase=old.phase, by=UserFactory(is_staff=True))

    results = at_once(split(["One", "Two"]), split(["Anew"]), split(["Three", "Four"]))
    assert sum(isinstance(each, NotReshapableError) for each in results) == 2, results
    assert len({goal.pk for each in results if isinstance(each, list) for goal in each}) == old.replaced_by.count()


def test_a_major_publication_goes_out_while_two_hundred_learners_tick(analytics):
    """Nothing is lost, and each is on the edition before or on the new one."""
    learners = [UserFactory() for _ in range(200)]
    for learner in learners[:150]:
        enrol(learner=learner, role=analytics)
    goal, before = first_goal(analytics), Publication.objects.latest_of(analytics)
    add_goal(analytics)

    def tick(learner):
        enrol(learner=learner, role=analytics)  # fifty of them come while it goes out
        set_state(learner=learner, role=analytics.slug, goal=goal.key, state=State.DONE, now=NOW)

    def tick_all(some):
        return lambda: [tick(learner) for learner in some]

    groups = [tick_all(learners[start::20]) for start in range(20)]
    results = at_once(lambda: publish(analytics, by=None), *groups)
    assert [each for each in results if isinstance(each, Exception)] == []
    after = Publication.objects.latest_of(analytics)
    assert after.edition == 2
    assert GoalState.objects.filter(goal=goal, state=State.DONE).count() == 200
    pinned = Enrolment.objects.values_list("publication", flat=True)
    assert (len(pinned), set(pinned) <= {before.pk, after.pk}) == (200, True)
    assert Enrolment.objects.filter(learner__in=learners[:150], publication=after).count() == 0
