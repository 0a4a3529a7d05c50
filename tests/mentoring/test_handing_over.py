"""A learner goes from one mentor to another, and is told."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.models import Notification
from mentoring import review
from mentoring.absence import go_out
from mentoring.handing_over import NotHandedOverError, hand_over, takers
from mentoring.models import Event, Handover, Membership, State, Thread, What
from mentoring.review import NotPossibleError
from tests.factories import UserFactory
from tests.mentoring.people import (
    ALL_MET,
    NOW,
    later,
    make_claimed,
    make_cohort,
    make_mentor,
    make_returned,
    resubmit,
)
from tests.roadmaps.test_races import at_once


@pytest.fixture
def cohort(analytics, ruth, jonas, learner):
    return make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])


@pytest.fixture
def staff(db):
    return UserFactory(is_staff=True, is_superuser=True, display_name="Priya Raman")


def hand(cohort, learner, giver, taker, *, by=None, key=None, now=None, note="") -> Handover:
    return hand_over(
        learner=learner,
        cohort=cohort,
        giver=giver,
        taker=taker,
        note=note,
        by=by or giver,
        key=key or uuid4(),
        now=now or later(1),
    )


def refused(*args, **kwargs) -> str:
    with pytest.raises(NotHandedOverError) as caught:
        hand(*args, **kwargs)
    return caught.value.reason


def test_learner_and_taker_are_told(cohort, ruth, jonas, learner):
    hand(cohort, learner, ruth, jonas, note="Strong on data, wants more feedback on writing.")
    told = {each.person: each for each in Notification.objects.all()}
    assert told[learner].kind == "handover"
    assert told[learner].title == "Jonas Lindqvist looks after you in Winter from now on"
    assert "writing" not in told[learner].text
    assert (told[jonas].kind, told[jonas].text) == (
        "handed_over",
        "Strong on data, wants more feedback on writing.",
    )
    assert Membership.objects.get().mentor == jonas


def test_a_claimed_review_goes_back_with_its_age_and_waits_for_the_taker(cohort, analytics, ruth, jonas, learner):
    thread = make_claimed(learner, analytics, ruth)
    hand(cohort, learner, ruth, jonas)
    thread.refresh_from_db()
    assert (thread.state, thread.queued_from) == (State.SUBMITTED, NOW)
    assert (thread.reserved_for, thread.reserved_until) == (jonas, later(49))
    assert Event.objects.latest("pk").reason == "Handed over to Jonas Lindqvist"


def test_reviews_of_other_learners_stay_with_the_giver(cohort, analytics, ruth, jonas, learner, other_learner):
    other = make_claimed(other_learner, analytics, ruth)
    hand(cohort, learner, ruth, jonas)
    other.refresh_from_db()
    assert other.holder == ruth


def test_what_waits_for_the_giver_waits_for_the_taker(cohort, analytics, ruth, jonas, learner):
    thread = resubmit(make_returned(learner, analytics, ruth), now=later(0.5))
    hand(cohort, learner, ruth, jonas)
    thread.refresh_from_db()
    assert (thread.reserved_for, thread.reserved_until) == (jonas, later(49))


def test_what_the_giver_returned_comes_back_to_the_taker(cohort, analytics, ruth, jonas, learner):
    thread = make_returned(learner, analytics, ruth)
    hand(cohort, learner, ruth, jonas)
    assert resubmit(thread, now=later(2)).reserved_for == jonas


def test_what_a_third_mentor_returned_comes_back_to_them(cohort, analytics, ruth, jonas, learner):
    third = make_mentor(name="Aiko Sato")
    cohort.mentors.add(third)
    thread = make_returned(learner, analytics, third)
    hand(cohort, learner, ruth, jonas)
    assert resubmit(thread, now=later(2)).reserved_for == third


def test_nothing_waits_for_a_taker_whom_a_second_opinion_leaves_out(cohort, analytics, ruth, jonas, learner):
    thread = make_claimed(learner, analytics, ruth)
    Thread.objects.filter(pk=thread.pk).update(excluded=[jonas.pk])
    hand(cohort, learner, ruth, jonas)
    thread.refresh_from_db()
    assert (thread.state, thread.reserved_for) == (State.SUBMITTED, None)


def test_a_second_post_changes_nothing(cohort, ruth, jonas, learner):
    key = uuid4()
    first = hand(cohort, learner, ruth, jonas, key=key)
    assert hand(cohort, learner, ruth, jonas, key=key, now=later(2)) == first
    assert Handover.objects.count() == 1


@pytest.mark.parametrize("case", ["away", "stranger", "learner", "themselves", "no mentor"])
def test_not_everybody_can_take_over(cohort, analytics, ruth, jonas, learner, other_learner, case):
    if case == "away":
        go_out(mentor=jonas, by=jonas, since=NOW, until=None, now=NOW)
    stranger = make_mentor(analytics, name="Aiko Sato")
    taker = {"away": jonas, "stranger": stranger, "learner": learner, "themselves": ruth}.get(case, other_learner)
    assert refused(cohort, learner, ruth, taker)
    assert Membership.objects.get().mentor is None


def test_a_mentor_does_not_give_away_whom_another_one_looks_after(cohort, ruth, jonas, learner):
    hand(cohort, learner, ruth, jonas)
    assert refused(cohort, learner, ruth, jonas) == "Jonas Lindqvist looks after this learner. Ask them, or staff."


def test_somebody_who_left_is_handed_to_nobody(cohort, ruth, jonas, learner):
    Membership.objects.update(left_at=NOW)
    assert refused(cohort, learner, ruth, jonas) == "Ines Okonjo has left the cohort."


def test_a_mentor_of_another_cohort_hands_nobody_over(cohort, analytics, jonas, learner):
    stranger = make_mentor(analytics, name="Aiko Sato")
    assert refused(cohort, learner, stranger, jonas) == "You are not a mentor of this cohort any more."


def test_staff_choose_any_mentor_and_the_giver_hears_of_it(cohort, analytics, ruth, learner, staff):
    thread = make_claimed(learner, analytics, ruth)
    aiko = make_mentor(name="Aiko Sato")
    hand(cohort, learner, ruth, aiko, by=staff)
    thread.refresh_from_db()
    assert (thread.reserved_for, Event.objects.latest("pk").what) == (aiko, What.FORCE_RELEASED)
    assert aiko in cohort.mentors.all()
    assert Notification.objects.get(person=ruth, kind="cohort").text == "Priya Raman arranged it in Winter."


def test_staff_make_nobody_a_mentor_of_the_cohort_they_learn_in(cohort, analytics, ruth, learner, staff):
    aiko = make_mentor(name="Aiko Sato")
    Membership.objects.create(cohort=cohort, learner=aiko, role=analytics, joined_at=NOW)
    assert refused(cohort, learner, ruth, aiko, by=staff) == "Aiko Sato is a learner in this cohort."


def test_the_choice_is_the_cohorts_other_mentors_and_for_staff_every_one(cohort, analytics, ruth, jonas, staff):
    aiko = make_mentor(analytics, name="Aiko Sato")
    membership = Membership.objects.get()
    assert [each.user for each in takers(membership, giver=ruth, by=ruth)] == [jonas]
    assert [each.user for each in takers(membership, giver=ruth, by=staff)] == [aiko, jonas]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_handing_over_against_a_decision_ends_in_one_of_two_states(analytics, learner):
    ruth, jonas = make_mentor(analytics, name="Ruth"), make_mentor(analytics, name="Jonas")
    cohort = make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])
    for _ in range(4):
        Membership.objects.update(mentor=None)
        thread = make_claimed(learner, analytics, ruth)
        given, decided = at_once(
            lambda: hand(cohort, learner, ruth, jonas, now=later(0.5)),
            lambda thread=thread: review.approve(thread=thread, judgment=ALL_MET, by=ruth, key=uuid4(), now=later(0.5)),
        )
        assert isinstance(given, Handover), given
        thread.refresh_from_db()
        if isinstance(decided, Thread):
            assert (thread.state, thread.reserved_for) == (State.APPROVED, None)
        else:
            assert isinstance(decided, NotPossibleError), decided
            assert (thread.state, thread.reserved_for) == (State.SUBMITTED, jonas)
