"""Into a cohort by its invite, and out of it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.kinds import Kind
from accounts.models import Notification
from mentoring import cohorting, inviting, review
from mentoring.cohorting import NotJoinedError, join, leave
from mentoring.models import Invite, Membership, State, Thread
from tests.factories import UserFactory
from tests.mentoring.people import (
    NOW,
    later,
    make_approved,
    make_claimed,
    make_cohort,
    make_mentor,
    make_returned,
    make_submitted,
    resubmit,
)
from tests.roadmaps.test_races import at_once


def make_invite(cohort, *, limit: int = 5, **values) -> Invite:
    return Invite.objects.create(cohort=cohort, limit=limit, expires_at=later(24 * 30), **values)


@pytest.fixture
def cohort(analytics, ruth):
    return make_cohort(analytics, mentors=[ruth])


def refused(invite: Invite, person, *, now=NOW) -> str:
    with pytest.raises(NotJoinedError) as caught:
        join(invite=invite, by=person, now=now)
    return caught.value.reason


# ---------------------------------------------------------------- joining


def test_joining_takes_a_place_and_tells_the_mentors(cohort, ruth, learner):
    invite = make_invite(cohort)
    membership = join(invite=invite, by=learner, now=NOW)
    invite.refresh_from_db()
    assert (membership.cohort, membership.learner, membership.left_at, invite.used) == (cohort, learner, None, 1)
    told = Notification.objects.get(person=ruth)
    assert (told.kind, told.title) == (Kind.COHORT, "Ines Okonjo joined Winter")


def test_joining_again_changes_nothing_whatever_became_of_the_invite(cohort, learner):
    invite = make_invite(cohort, limit=1)
    first = join(invite=invite, by=learner, now=NOW)
    inviting.revoke(invite=invite, now=NOW)
    assert join(invite=invite, by=learner, now=later(24 * 60)) == first
    assert Invite.objects.get().used == 1


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        ({"revoked_at": NOW}, "This invite was taken back."),
        ({"expires_at": NOW}, "This invite has expired."),
        ({"used": 5}, "Everybody whom this invite admits has joined."),
    ],
)
def test_an_invite_that_no_longer_works_says_why(cohort, learner, change, begins):
    invite = make_invite(cohort)
    Invite.objects.filter(pk=invite.pk).update(**change)
    assert refused(invite, learner).startswith(begins)
    assert not Membership.objects.exists()


def test_a_closed_cohort_takes_nobody_until_it_is_open_again(cohort, learner):
    invite = make_invite(cohort)
    assert cohorting.close(cohort=cohort, now=NOW)
    assert refused(invite, learner).startswith("This cohort is closed to new people.")
    assert not cohorting.close(cohort=cohort, now=later(1))
    assert cohorting.open_again(cohort=cohort)
    assert join(invite=invite, by=learner, now=NOW)


def test_a_mentor_of_the_cohort_cannot_be_its_learner(cohort, ruth):
    assert refused(make_invite(cohort), ruth).startswith("You are a mentor of this cohort")


def test_one_cohort_a_role(cohort, analytics, learner):
    make_cohort(analytics, learners=[learner], slug="summer")
    assert refused(make_invite(cohort), learner).startswith("You are in Summer, for the same role.")


def test_cohorts_of_two_roles_go_together(cohort, coordination, learner):
    make_cohort(coordination, learners=[learner], slug="summer")
    assert join(invite=make_invite(cohort), by=learner, now=NOW)


def test_whoever_comes_back_by_the_same_invite_takes_no_second_place(cohort, learner):
    invite = make_invite(cohort, limit=1)
    join(invite=invite, by=learner, now=NOW)
    leave(cohort=cohort, by=learner, now=later(1))
    join(invite=invite, by=learner, now=later(2))
    assert Invite.objects.get().used == 1
    assert [each.left_at for each in Membership.objects.all()] == [later(1), None]


def test_what_waits_is_the_cohorts_from_then_on(cohort, analytics, learner):
    thread = make_submitted(learner, analytics)
    join(invite=make_invite(cohort), by=learner, now=later(1))
    thread.refresh_from_db()
    assert (thread.cohort, thread.pooled_from) == (cohort, NOW), "others who saw it waiting still may take it"


def test_a_membership_of_another_role_than_the_cohorts_is_refused_by_the_database(cohort, coordination, learner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(cohort=cohort, learner=learner, role=coordination, joined_at=NOW)


# ---------------------------------------------------------------- leaving


def test_leaving_keeps_history_and_tells_the_mentors(cohort, ruth, learner):
    join(invite=make_invite(cohort), by=learner, now=NOW)
    left = leave(cohort=cohort, by=learner, now=later(5))
    assert left.left_at == later(5)
    assert Notification.objects.filter(person=ruth, title="Ines Okonjo left Winter").count() == 1


def test_leaving_twice_changes_nothing(cohort, learner):
    join(invite=make_invite(cohort), by=learner, now=NOW)
    leave(cohort=cohort, by=learner, now=later(5))
    assert leave(cohort=cohort, by=learner, now=later(6)) is None
    assert Membership.objects.get().left_at == later(5)


def test_whoever_leaves_waits_for_everybody_of_the_role_at_once(cohort, analytics, learner):
    join(invite=make_invite(cohort), by=learner, now=NOW)
    thread = make_submitted(learner, analytics)
    assert (thread.cohort, thread.pooled_from) == (cohort, later(72))
    leave(cohort=cohort, by=learner, now=later(1))
    thread.refresh_from_db()
    assert (thread.cohort, thread.pooled_from, thread.queued_from) == (None, later(1), NOW)


def test_a_review_that_has_begun_goes_on_when_its_learner_leaves(cohort, analytics, ruth, learner):
    join(invite=make_invite(cohort), by=learner, now=NOW)
    thread = make_claimed(learner, analytics, ruth)
    leave(cohort=cohort, by=learner, now=later(0.2))
    thread.refresh_from_db()
    assert (thread.state, thread.holder, thread.cohort) == (State.CLAIMED, ruth, None)
    assert review.release(thread=thread, by=ruth, key=uuid4(), now=later(0.5)).state == State.SUBMITTED


def test_first_refusals_stay_when_a_learner_leaves(cohort, analytics, ruth, learner):
    join(invite=make_invite(cohort), by=learner, now=NOW)
    thread = resubmit(make_returned(learner, analytics, ruth), now=later(2))
    leave(cohort=cohort, by=learner, now=later(3))
    thread.refresh_from_db()
    assert (thread.reserved_for, thread.reserved_until) == (ruth, later(50))


def test_the_mentors_of_a_cohort_one_left_see_only_what_they_decided_on(analytics, coordination, learner):
    ruth, jonas = make_mentor(name="Ruth"), make_mentor(name="Jonas")
    cohort = make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])
    thread = make_approved(learner, analytics, ruth)
    leave(cohort=cohort, by=learner, now=later(1))
    assert [list(Thread.objects.reachable_by(mentor, later(2))) for mentor in (ruth, jonas)] == [[thread], []]


# ---------------------------------------------------------------- mentors change


def test_other_mentors_leave_nobody_alone(cohort, analytics, ruth, learner):
    membership = join(invite=make_invite(cohort), by=learner, now=NOW)
    Membership.objects.filter(pk=membership.pk).update(mentor=ruth)
    thread = make_submitted(learner, analytics)
    cohort.mentors.clear()
    said = cohorting.mentors_changed(cohort=cohort, now=later(1))
    thread.refresh_from_db()
    membership.refresh_from_db()
    assert (membership.mentor, thread.pooled_from, len(said)) == (None, later(1), 2)
    assert Notification.objects.get(person=learner).title == "Ruth Adeyemi is no longer a mentor in Winter"


# ---------------------------------------------------------------- invites


def test_a_second_post_of_the_form_makes_no_second_invite(cohort, ruth):
    key = uuid4()
    made = {
        inviting.make(cohort=cohort, label="", limit=3, expires_at=later(9), by=ruth, key=each).token
        for each in (key, key, uuid4())
    }
    assert len(made) == Invite.objects.count() == 2
    assert {len(token) for token in made} == {32}


def test_revoking_can_be_undone(cohort, learner):
    invite = make_invite(cohort)
    inviting.revoke(invite=invite, now=NOW)
    inviting.revoke(invite=invite, now=later(1))
    assert Invite.objects.get().revoked_at == NOW
    inviting.restore(invite=invite)
    assert join(invite=invite, by=learner, now=NOW)


# ---------------------------------------------------------------- at the same moment


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_people_who_want_the_last_place_fill_it_once(analytics):
    cohort = make_cohort(analytics, mentors=[make_mentor()])
    invite = make_invite(cohort, limit=1)
    people = UserFactory.create_batch(20)
    results = at_once(*[lambda person=person: join(invite=invite, by=person, now=NOW) for person in people])
    lost = [each.reason for each in results if isinstance(each, NotJoinedError)]
    assert (sum(isinstance(each, Membership) for each in results), len(lost)) == (1, 19), results
    assert {each[:40] for each in lost} == {"Everybody whom this invite admits has jo"}
    assert (Invite.objects.get().used, Membership.objects.count()) == (1, 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_person_in_two_tabs_with_two_invites_joins_once(analytics, learner):
    cohort, other = make_cohort(analytics), make_cohort(analytics, slug="summer")
    invites = [make_invite(each) for each in (cohort, other)]
    results = at_once(*[lambda invite=invite: join(invite=invite, by=learner, now=NOW) for invite in invites])
    assert sorted(type(each).__name__ for each in results) == ["Membership", "NotJoinedError"], results
    assert Membership.objects.current().count() == 1
    assert sum(Invite.objects.values_list("used", flat=True)) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whoever_joins_while_they_are_made_its_mentor_is_one_of_both(analytics):
    for number in range(6):
        person = make_mentor(name="Ruth")
        cohort = make_cohort(analytics, slug=f"cohort-{number}")
        invite = make_invite(cohort)
        joined, led = at_once(
            lambda invite=invite, person=person: join(invite=invite, by=person, now=NOW),
            lambda cohort=cohort, person=person: cohort.mentors.add(person),
        )
        leads, learns = cohort.mentors.count(), Membership.objects.current().filter(cohort=cohort).count()
        assert leads + learns == 1, (joined, led)
        assert isinstance(joined, NotJoinedError) if leads else isinstance(led, IntegrityError)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_leaving_against_a_claim_ends_in_one_of_two_states(analytics, learner):
    ruth = make_mentor(name="Ruth")  # sees it through the cohort alone
    cohort = make_cohort(analytics, mentors=[ruth], learners=[learner])
    for _ in range(5):
        Membership.objects.update(left_at=None)
        thread = make_submitted(learner, analytics)
        left, claimed = at_once(
            lambda: leave(cohort=cohort, by=learner, now=later(1)),
            lambda thread=thread: review.claim(thread=thread, by=ruth, key=uuid4(), now=later(1)),
        )
        assert isinstance(left, Membership), left
        thread.refresh_from_db()
        assert thread.cohort is None
        if isinstance(claimed, Thread):
            assert (thread.state, thread.holder) == (State.CLAIMED, ruth)
        else:
            assert isinstance(claimed, Thread.DoesNotExist), claimed
            assert (thread.state, thread.pooled_from) == (State.SUBMITTED, later(1))
