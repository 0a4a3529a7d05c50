"""Out of office: nobody waits for somebody who is not there."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Notification, User
from mentoring import review, tasks
from mentoring.absence import come_back, go_out, hand_everything_back
from mentoring.models import Event, Membership, Mentor, State, Thread, What
from mentoring.review import NotPossibleError
from tests.mentoring.people import (
    NOW,
    later,
    make_claimed,
    make_cohort,
    make_mentor,
    make_returned,
    make_submitted,
    resubmit,
)
from tests.roadmaps.test_races import at_once


def away_now(mentor, *, now=NOW, until=None):
    return go_out(mentor=mentor, by=mentor, since=now, until=until, now=now)


# ---------------------------------------------------------------- from now on


def test_going_hands_claimed_reviews_back_with_their_age(analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth)
    back = away_now(ruth, now=later(0.5))
    thread.refresh_from_db()
    assert (thread.state, thread.holder, thread.queued_from) == (State.SUBMITTED, None, NOW)
    assert back.said(ruth) == ["Ruth Adeyemi handed back 1 review."]
    event = Event.objects.latest("pk")
    assert (event.what, event.actor, event.reason) == (What.RELEASED, ruth, "Out of office")


def test_going_hands_back_what_was_claimed_long_ago_too(analytics, ruth, learner):
    make_claimed(learner, analytics, ruth)
    assert len(away_now(ruth, now=later(9)).held) == 1


def test_going_lets_first_refusals_go(analytics, ruth, jonas, learner):
    thread = resubmit(make_returned(learner, analytics, ruth), now=later(1))
    away_now(ruth, now=later(2))
    assert review.claim(thread=thread, by=jonas, key=uuid4(), now=later(3)).holder == jonas


def test_nothing_is_reserved_for_a_mentor_who_is_away(analytics, ruth, learner):
    thread = make_returned(learner, analytics, ruth)
    away_now(ruth, now=later(1))
    assert resubmit(thread, now=later(2)).reserved_for is None


def test_work_of_a_cohort_without_present_mentors_is_everybodys_at_once(analytics, learner):
    ruth, jonas = make_mentor(name="Ruth"), make_mentor(name="Jonas")
    make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])
    thread = make_submitted(learner, analytics)
    away_now(ruth, now=later(1))
    thread.refresh_from_db()
    assert thread.pooled_from == later(72), "Jonas is there"
    back = away_now(jonas, now=later(2))
    thread.refresh_from_db()
    assert (thread.pooled_from, back.pooled) == (later(2), [thread])


def test_handing_in_while_no_mentor_of_the_cohort_is_there_is_everybodys_at_once(analytics, learner):
    ruth = make_mentor(name="Ruth")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    away_now(ruth)
    assert make_submitted(learner, analytics, now=later(1)).pooled_from == later(1)


def test_whoever_is_away_claims_nothing_until_they_come_back(analytics, ruth, learner):
    thread = make_submitted(learner, analytics)
    away_now(ruth)
    with pytest.raises(NotPossibleError, match="out of office"):
        review.claim(thread=thread, by=ruth, key=uuid4(), now=later(1))
    assert come_back(mentor=ruth, now=later(2))
    assert not come_back(mentor=ruth, now=later(2))
    assert review.claim(thread=thread, by=ruth, key=uuid4(), now=later(3)).holder == ruth


def test_an_absence_is_over_by_itself(analytics, ruth, learner):
    away_now(ruth, until=later(24))
    thread = make_submitted(learner, analytics, now=later(25))
    assert review.claim(thread=thread, by=ruth, key=uuid4(), now=later(26)).holder == ruth


def test_going_twice_changes_nothing_more(analytics, ruth, learner):
    make_claimed(learner, analytics, ruth)
    assert [len(away_now(ruth).held) for _ in range(2)] == [1, 0]


# ---------------------------------------------------------------- from later on


def test_a_lease_ends_with_a_planned_absence(analytics, ruth, jonas, learner):
    thread = make_claimed(learner, analytics, ruth)
    go_out(mentor=ruth, by=ruth, since=later(0.5), until=None, now=NOW)
    thread.refresh_from_db()
    assert (thread.holder, thread.lease_until) == (ruth, later(0.5))
    assert review.claim(thread=thread, by=jonas, key=uuid4(), now=later(0.6)).holder == jonas


def test_a_claim_shortly_before_a_planned_absence_ends_with_it(analytics, ruth, learner):
    go_out(mentor=ruth, by=ruth, since=later(1), until=None, now=NOW)
    thread = make_claimed(learner, analytics, ruth, now=later(0.75))
    assert thread.lease_until == later(1)
    assert review.extend(thread=thread, by=ruth, now=later(0.8)).lease_until == later(1)


def test_work_does_not_keep_a_lease_running_into_an_absence(analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth)
    go_out(mentor=ruth, by=ruth, since=later(0.5), until=None, now=NOW)
    with pytest.raises(NotPossibleError, match="out of office"):
        review.extend(thread=thread, by=ruth, now=later(0.6))


def test_a_first_refusal_ends_with_a_planned_absence(analytics, ruth, learner):
    thread = resubmit(make_returned(learner, analytics, ruth), now=later(1))
    go_out(mentor=ruth, by=ruth, since=later(10), until=None, now=later(2))
    thread.refresh_from_db()
    assert (thread.reserved_for, thread.reserved_until) == (ruth, later(10))


def test_a_first_refusal_given_before_a_planned_absence_ends_with_it(analytics, ruth, learner):
    go_out(mentor=ruth, by=ruth, since=later(10), until=None, now=NOW)
    assert resubmit(make_returned(learner, analytics, ruth), now=later(1)).reserved_until == later(10)


def test_a_cohorts_work_is_everybodys_when_the_last_mentors_absence_begins(analytics, learner):
    ruth = make_mentor(name="Ruth")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    before = make_submitted(learner, analytics)
    go_out(mentor=ruth, by=ruth, since=later(20), until=later(200), now=later(1))
    after = make_submitted(learner, analytics, now=later(2))
    before.refresh_from_db()
    assert {before.pooled_from, after.pooled_from} == {later(20)}


def test_calling_a_planned_absence_off_gives_the_cohort_its_time_back(analytics, learner):
    ruth = make_mentor(name="Ruth")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    thread = make_submitted(learner, analytics)
    go_out(mentor=ruth, by=ruth, since=later(20), until=None, now=later(1))
    come_back(mentor=ruth, now=later(2))
    thread.refresh_from_db()
    assert thread.pooled_from == later(72)


def test_an_absence_of_one_after_the_other_leaves_no_gap(analytics, learner):
    ruth, jonas = make_mentor(name="Ruth"), make_mentor(name="Jonas")
    make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])
    thread = make_submitted(learner, analytics)
    go_out(mentor=ruth, by=ruth, since=later(10), until=later(30), now=later(1))
    go_out(mentor=jonas, by=jonas, since=later(25), until=later(50), now=later(1))
    thread.refresh_from_db()
    assert thread.pooled_from == later(25)


# ---------------------------------------------------------------- for good


def test_everything_goes_back_when_somebody_is_a_mentor_no_longer(analytics, ruth, jonas, learner, other_learner):
    cohort = make_cohort(analytics, mentors=[ruth], learners=[learner])
    Membership.objects.update(mentor=ruth)
    waits = make_submitted(learner, analytics)
    held = make_claimed(other_learner, analytics, ruth)
    back = hand_everything_back(mentor=ruth, by=jonas, now=later(1), reason="Ruth leaves")
    waits.refresh_from_db()
    held.refresh_from_db()
    assert (held.state, waits.pooled_from) == (State.SUBMITTED, later(1))
    assert not cohort.mentors.exists()
    assert Membership.objects.get().mentor is None
    assert Event.objects.latest("pk").what == What.FORCE_RELEASED
    assert back.said(ruth) == [
        "Ruth Adeyemi handed back 1 review.",
        "Ines Okonjo was told.",
        "No longer a mentor of Winter.",
        "1 submission went to everybody who covers the role.",
    ]
    assert Notification.objects.filter(person=learner, kind="handover").count() == 1


def test_whoever_has_nothing_in_hand_has_nothing_to_say(ruth, jonas):
    assert hand_everything_back(mentor=ruth, by=jonas, now=NOW, reason="Ruth leaves").said(ruth) == []


def test_the_worker_finds_work_of_a_cohort_whose_mentors_went_by_another_road(analytics, learner):
    ruth = make_mentor(name="Ruth")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    now = timezone.now()
    thread = make_submitted(learner, analytics, now=now)
    User.objects.filter(pk=ruth.pk).update(is_active=False)
    tasks.settle_pools.func()
    thread.refresh_from_db()
    assert thread.pooled_from < now + timedelta(hours=1)


# ---------------------------------------------------------------- at the same moment


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_going_away_against_a_claim_leaves_nothing_in_the_hands_of_somebody_away(analytics, learner):
    ruth = make_mentor(analytics, name="Ruth")
    for _ in range(6):
        Mentor.objects.update(away_from=None, away_until=None)
        thread = make_submitted(learner, analytics)
        went, claimed = at_once(
            lambda: away_now(ruth, now=later(1)),
            lambda thread=thread: review.claim(thread=thread, by=ruth, key=uuid4(), now=later(1)),
        )
        assert not isinstance(went, Exception), went
        assert isinstance(claimed, (Thread, NotPossibleError)), claimed
        assert not Thread.objects.filter(state=State.CLAIMED).exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_going_away_against_handing_in_again_reserves_nothing(analytics, learner):
    ruth = make_mentor(analytics, name="Ruth")
    for _ in range(4):
        Mentor.objects.update(away_from=None, away_until=None)
        thread = make_returned(learner, analytics, ruth)
        results = at_once(lambda: away_now(ruth, now=later(1)), lambda thread=thread: resubmit(thread, now=later(1)))
        assert not any(isinstance(each, Exception) for each in results), results
        assert not Thread.objects.filter(reserved_for__isnull=False).exists()
