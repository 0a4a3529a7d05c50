"""Round after round: whose clock runs, who is asked first, and who is left out."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Notification, User
from mentoring import review
from mentoring.models import Decision, Event, Mentor, Submission, Thread, What
from tests.factories import UserFactory
from tests.mentoring.people import (
    ALL_MET,
    ASKED,
    NOT_YET,
    later,
    make_approved,
    make_claimed,
    make_cohort,
    make_draft,
    make_mentor,
    make_returned,
    make_submitted,
)


def hand_in(thread, learner, *, now, action=review.resubmit):
    return action(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=now)


def claim(thread, mentor, *, now):
    return review.claim(thread=thread, by=mentor, key=uuid4(), now=now)


def send_back(thread, mentor, *, now):
    return review.return_(thread=thread, judgment=NOT_YET, by=mentor, key=uuid4(), now=now)


# ---------------------------------------------------------------- the clock


def test_waiting_counts_only_the_mentors_side_of_the_clock(learner, analytics, ruth):
    thread = make_submitted(learner, analytics)
    claim(thread, ruth, now=later(5))
    assert send_back(thread, ruth, now=later(6)).waited == timedelta(hours=6)
    row = hand_in(thread, learner, now=later(100))
    assert row.queued_from == later(94)
    claim(thread, ruth, now=later(101))
    row = review.approve(thread=thread, judgment=ALL_MET, by=ruth, key=uuid4(), now=later(101))
    assert (row.waited, row.queued_from) == (timedelta(hours=7), None)


def test_what_was_taken_back_has_waited_too(learner, analytics):
    thread = make_submitted(learner, analytics)
    row = review.withdraw(thread=thread, by=learner, key=uuid4(), now=later(3))
    assert (row.waited, row.queued_from) == (timedelta(hours=3), None)
    assert hand_in(thread, learner, now=later(50), action=review.submit).queued_from == later(47)


def test_what_goes_back_to_the_queue_keeps_its_age(learner, analytics, ruth, jonas):
    thread = make_submitted(learner, analytics)
    claim(thread, ruth, now=later(5))
    row = review.release(thread=thread, by=ruth, key=uuid4(), now=later(5.5))
    assert (row.queued_from, row.pooled_from) == (later(0), later(0))
    assert claim(thread, jonas, now=later(6)).queued_from == later(0)


def test_a_clock_that_is_behind_takes_no_waiting_away(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    Thread.objects.filter(pk=thread.pk).update(waited=timedelta(hours=2))
    hand_in(thread, learner, now=later(10))
    row = review.withdraw(thread=thread, by=learner, key=uuid4(), now=later(9.9))
    assert row.waited == timedelta(hours=2)


# ---------------------------------------------------------------- first refusal


def test_who_returned_it_has_first_refusal_for_48_hours(learner, analytics, ruth, jonas):
    thread = make_returned(learner, analytics, ruth)
    row = hand_in(thread, learner, now=later(2))
    assert (row.reserved_for, row.reserved_until) == (ruth, later(50))
    with pytest.raises(review.NotPossibleError, match="Ruth Adeyemi has first refusal") as refused:
        claim(thread, jonas, now=later(49.9))
    assert refused.value.holder == ruth
    row = claim(thread, jonas, now=later(50))
    assert (row.holder, row.reserved_for) == (jonas, None)


def test_whoever_has_first_refusal_may_use_it(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    hand_in(thread, learner, now=later(2))
    assert claim(thread, ruth, now=later(3)).holder == ruth


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("how", ["away", "no mentor", "gone"])
def test_first_refusal_lapses_while_that_mentor_is_not_there(how, when, learner, analytics, ruth, jonas):
    def leave():
        if how == "away":
            Mentor.objects.filter(user=ruth).update(away_from=later(1))
        else:
            User.objects.filter(pk=ruth.pk).update(**{"is_mentor" if how == "no mentor" else "is_active": False})

    thread = make_returned(learner, analytics, ruth)
    if when == "before":
        leave()
    row = hand_in(thread, learner, now=later(2))
    assert row.reserved_for == (None if when == "before" else ruth)
    leave()
    assert Thread.objects.claimable_by(jonas, later(3)).get() == thread
    assert Thread.objects.get().is_claimable_by(jonas, later(3))
    assert claim(thread, jonas, now=later(3)).holder == jonas


def test_first_refusal_ends_when_a_planned_absence_begins(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    Mentor.objects.filter(user=ruth).update(away_from=later(10), away_until=later(100))
    assert hand_in(thread, learner, now=later(2)).reserved_until == later(10)


def test_who_covers_the_role_no_more_has_no_first_refusal(learner, analytics, ruth, jonas):
    thread = make_returned(learner, analytics, ruth)
    ruth.mentor.roles.clear()
    assert hand_in(thread, learner, now=later(2)).reserved_for is None


def test_first_refusal_reaches_a_mentor_of_the_pool_though_the_cohort_comes_first(learner, analytics, ruth, jonas):
    carla = make_mentor(name="Carla Mendes")
    make_cohort(analytics, mentors=[carla], learners=[learner])
    thread = make_submitted(learner, analytics)
    claim(thread, ruth, now=later(72))
    send_back(thread, ruth, now=later(72.5))
    row = hand_in(thread, learner, now=later(80))
    assert (row.reserved_for, row.pooled_from) == (ruth, later(152))
    with pytest.raises(Thread.DoesNotExist):
        claim(thread, jonas, now=later(81))
    assert claim(thread, ruth, now=later(81)).holder == ruth


def test_the_model_and_the_database_agree_on_who_has_first_refusal(learner, analytics, ruth, jonas):
    thread = make_returned(learner, analytics, ruth)
    hand_in(thread, learner, now=later(2))
    for mentor in (ruth, jonas):
        for now in (later(3), later(49.9), later(50)):
            row = Thread.objects.select_related("reserved_for__mentor").get()
            assert row.is_claimable_by(mentor, now) == Thread.objects.claimable_by(mentor, now).exists(), (mentor, now)


# ---------------------------------------------------------------- second opinion


def test_a_second_opinion_leaves_the_first_mentor_out_for_ever(learner, analytics, ruth, jonas):
    thread = make_returned(learner, analytics, ruth)
    row = hand_in(thread, learner, now=later(2), action=review.ask_second_opinion)
    assert (row.excluded, row.reserved_for) == ([ruth.pk], None)
    for now in (later(3), later(1000)):
        with pytest.raises(Thread.DoesNotExist):
            claim(thread, ruth, now=now)
    claim(thread, jonas, now=later(4))
    send_back(thread, jonas, now=later(5))
    hand_in(thread, learner, now=later(6))
    with pytest.raises(Thread.DoesNotExist):
        claim(thread, ruth, now=later(300))


def test_whoever_is_left_out_reads_their_own_round_and_no_later_one(learner, analytics, ruth, jonas):
    thread = make_returned(learner, analytics, ruth)
    hand_in(thread, learner, now=later(2), action=review.ask_second_opinion)
    first, second = Submission.objects.order_by("number")
    assert list(Submission.objects.reachable_by(ruth, later(3))) == [first]
    assert set(Submission.objects.reachable_by(jonas, later(3))) == {first, second}


def test_a_second_opinion_needs_somebody_else(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    with pytest.raises(review.NotPossibleError, match="no other mentor"):
        hand_in(thread, learner, now=later(2), action=review.ask_second_opinion)
    row = Thread.objects.get()
    assert (row.state, row.excluded, row.number) == ("returned", [], 1)
    make_cohort(analytics, mentors=[make_mentor(name="Carla Mendes")], learners=[learner])
    assert hand_in(thread, learner, now=later(2), action=review.ask_second_opinion).excluded == [ruth.pk]


def test_a_third_opinion_leaves_both_out(learner, analytics, ruth, jonas):
    last = make_mentor(analytics, name="Noor Haddad")
    thread = make_returned(learner, analytics, ruth)
    hand_in(thread, learner, now=later(2), action=review.ask_second_opinion)
    claim(thread, jonas, now=later(3))
    send_back(thread, jonas, now=later(4))
    row = hand_in(thread, learner, now=later(5), action=review.ask_second_opinion)
    assert row.excluded == [ruth.pk, jonas.pk]
    claim(thread, last, now=later(6))
    send_back(thread, last, now=later(6.5))
    with pytest.raises(review.NotPossibleError, match="no other mentor"):
        hand_in(thread, learner, now=later(7), action=review.ask_second_opinion)


def test_a_second_opinion_is_everybodys_at_once(learner, analytics, jonas):
    carla, dora = make_mentor(name="Carla Mendes"), make_mentor(name="Dora Lind")
    make_cohort(analytics, mentors=[carla, dora], learners=[learner])
    thread = make_returned(learner, analytics, carla)
    row = hand_in(thread, learner, now=later(2), action=review.ask_second_opinion)
    assert row.pooled_from == later(2)
    told = Notification.objects.filter(kind="waiting", url__endswith=f"/{Submission.objects.get(number=2).pk}/")
    assert {each.person for each in told} == {dora, jonas}


def test_whose_mentor_left_altogether_can_still_ask_for_another(learner, analytics, ruth, jonas):
    thread = make_returned(learner, analytics, ruth)
    Decision.objects.update(mentor=None)
    assert hand_in(thread, learner, now=later(2), action=review.ask_second_opinion).excluded == []


# ---------------------------------------------------------------- reopened


def test_who_approved_it_has_first_refusal_once_it_is_reopened(learner, analytics, ruth):
    thread = make_approved(learner, analytics, ruth)
    staff = UserFactory(is_superuser=True)
    review.reopen(thread=thread, by=staff, key=uuid4(), now=later(1), reason="By mistake.")
    row = hand_in(thread, learner, now=later(2))
    assert (row.reserved_for, row.number, row.approval) == (ruth, 2, None)
    claim(thread, ruth, now=later(3))
    review.approve(thread=thread, judgment=ALL_MET, by=ruth, key=uuid4(), now=later(3))
    assert Decision.objects.count() == 2


# ---------------------------------------------------------------- cohort and pool


def test_a_cohorts_own_mentors_have_three_days_before_the_pool(learner, analytics, ruth):
    make_cohort(analytics, mentors=[make_mentor(name="Carla Mendes")], learners=[learner])
    thread = make_submitted(learner, analytics)
    with pytest.raises(Thread.DoesNotExist):
        claim(thread, ruth, now=later(71.9))
    assert claim(thread, ruth, now=later(72)).holder == ruth


@pytest.mark.parametrize("mentor", ["away", "nobody"])
def test_it_is_the_pools_at_once_where_the_cohort_has_nobody(mentor, learner, analytics, ruth):
    carla = make_mentor(name="Carla Mendes")
    Mentor.objects.filter(user=carla).update(away_from=later(-1))
    make_cohort(analytics, mentors=[carla] if mentor == "away" else [], learners=[learner])
    assert claim(make_submitted(learner, analytics), ruth, now=later(0)).holder == ruth


def test_a_pool_mentor_who_came_too_late_reads_so_whatever_became_of_it(learner, analytics, ruth):
    make_cohort(analytics, mentors=[make_mentor(name="Carla Mendes")], learners=[learner])
    thread = make_submitted(learner, analytics)
    review.withdraw(thread=thread, by=learner, key=uuid4(), now=later(80))
    with pytest.raises(review.NotPossibleError, match="not waiting for a mentor any more"):
        claim(thread, ruth, now=later(80))


# ---------------------------------------------------------------- who is told


def told(person) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_everybody_in_whose_queue_it_stands_hears_of_it(learner, analytics, coordination, ruth, jonas):
    other, away = make_mentor(coordination), make_mentor(analytics)
    Mentor.objects.filter(user=away).update(away_from=later(-1))
    make_submitted(learner, analytics)
    assert [told(each) for each in (ruth, jonas, other, away)] == [["waiting"], ["waiting"], [], []]


def test_only_who_has_first_refusal_hears_of_the_next_round(learner, analytics, ruth, jonas):
    hand_in(make_returned(learner, analytics, ruth), learner, now=later(2))
    assert [told(each) for each in (ruth, jonas)] == [["waiting", "resubmitted"], ["waiting"]]


def test_the_learner_hears_of_each_step_once(learner, analytics, ruth):
    thread, key = make_claimed(learner, analytics, ruth), uuid4()
    for _ in range(2):
        review.return_(thread=thread, judgment=NOT_YET, by=ruth, key=key, now=later(0.5))
    assert told(learner) == ["claimed", "returned"]


def test_a_draft_tells_nobody(learner, analytics, ruth):
    make_draft(learner, analytics)
    assert not Event.objects.exists()
    assert told(ruth) == []


def test_events_say_who_did_what_in_which_submission(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    hand_in(thread, learner, now=later(2))
    found = Event.objects.filter(thread=thread).values_list("what", "actor", "submission__number")
    assert list(found) == [
        (What.SUBMITTED, learner.pk, 1),
        (What.CLAIMED, ruth.pk, 1),
        (What.RETURNED, ruth.pk, 1),
        (What.RESUBMITTED, learner.pk, 2),
    ]
