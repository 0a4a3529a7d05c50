"""A publication goes out at the moment that an editor chose, once, as it was seen, or it says why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction

from roadmaps import planning
from roadmaps.models import Plan, PlanState, Publication
from roadmaps.planning import NotPlannableError, carry_out_due
from roadmaps.publishing import preview, publish
from roles.models import Goal
from tests.factories import UserFactory
from tests.races import at_once
from tests.roadmaps.drafts import add_goal, first_goal, reword
from tests.roadmaps.times import NOW

THEN = NOW + timedelta(hours=3)


@pytest.fixture
def editor(db):
    return UserFactory(is_staff=True, display_name="Mei-Ling Zhao")


def planned(role, editor, *, at=THEN) -> Plan:
    return planning.plan(role=role, at=at, seen=preview(role).digest, note="As agreed.", by=editor, now=NOW)


def test_it_goes_out_when_its_moment_has_come(analytics, editor):
    add_goal(analytics)
    made = planned(analytics, editor)
    assert carry_out_due(now=THEN - timedelta(seconds=1)) == []
    assert carry_out_due(now=THEN) == [made]
    made.refresh_from_db()
    newest = Publication.objects.latest_of(analytics)
    assert (made.state, made.publication) == (PlanState.DONE, newest)
    assert (newest.number, newest.note, newest.published_by) == (2, "As agreed.", editor)
    assert "as planned" in LogEntry.objects.get(user=editor).get_change_message()


def test_it_goes_out_once(analytics, editor):
    add_goal(analytics)
    planned(analytics, editor)
    carry_out_due(now=THEN)
    assert carry_out_due(now=THEN + timedelta(days=1)) == []
    assert Publication.objects.of(analytics).count() == 2


def test_what_was_edited_since_stays_in(analytics, editor):
    add_goal(analytics)
    made = planned(analytics, editor)
    reword(first_goal(analytics))
    carry_out_due(now=THEN)
    made.refresh_from_db()
    assert (made.state, made.why) == (PlanState.STOPPED, "The draft was edited after this was planned.")
    assert Publication.objects.of(analytics).count() == 1


def test_a_draft_that_got_gaps_stays_in_and_says_which(analytics, editor):
    add_goal(analytics)
    made = planned(analytics, editor)
    Goal.objects.filter(phase__role=analytics, phase__order=2).update(retired=True)
    carry_out_due(now=THEN)
    made.refresh_from_db()
    assert made.state == PlanState.STOPPED
    assert "has no goal." in made.why


def test_what_went_out_by_hand_before_is_not_published_again(analytics, editor):
    add_goal(analytics)
    made = planned(analytics, editor)
    publish(analytics, by=editor)
    carry_out_due(now=THEN)
    made.refresh_from_db()
    assert (made.state, made.why) == (PlanState.STOPPED, "What the draft says was out already.")


def test_a_cancelled_plan_does_not_go_out(analytics, editor):
    add_goal(analytics)
    made = planning.cancel(plan=planned(analytics, editor), now=NOW)
    assert carry_out_due(now=THEN) == []
    assert (made.state, planning.cancel(plan=made, now=THEN).ended_at) == (PlanState.CANCELLED, NOW)


def test_one_publication_of_a_role_is_planned_at_a_time(analytics, editor):
    add_goal(analytics)
    first = planned(analytics, editor)
    with pytest.raises(NotPlannableError, match="planned already"):
        planned(analytics, editor)
    planning.cancel(plan=first, now=NOW)
    assert planned(analytics, editor).state == PlanState.WAITING


def test_a_moment_that_is_over_is_refused(analytics, editor):
    add_goal(analytics)
    with pytest.raises(NotPlannableError, match="still to come"):
        planned(analytics, editor, at=NOW)


FACTS = {"seen": "0" * 64, "planned_at": NOW, "at": THEN}


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("roadmaps_plan_state_known", {"state": "perhaps", "ended_at": NOW}),
        ("roadmaps_plan_lies_ahead", {"at": NOW}),
        ("roadmaps_plan_ended_has_date", {"state": "cancelled"}),
        ("roadmaps_plan_done_has_publication", {"state": "done", "ended_at": NOW}),
        ("roadmaps_plan_stopped_says_why", {"state": "stopped", "ended_at": NOW}),
    ],
)
def test_the_database_refuses(analytics, constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Plan.objects.create(role=analytics, **FACTS | wrong)


def test_the_database_keeps_one_waiting_plan_a_role(analytics):
    Plan.objects.create(role=analytics, **FACTS)
    with pytest.raises(IntegrityError, match="roadmaps_plan_one_waits"), transaction.atomic():
        Plan.objects.create(role=analytics, **FACTS)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_publish_once(analytics):
    editor = UserFactory(is_staff=True)
    add_goal(analytics)
    planned(analytics, editor)
    done = at_once(*[lambda: carry_out_due(now=THEN)] * 4)
    assert sum(len(each) for each in done) == 1, done
    assert Publication.objects.of(analytics).count() == 2
