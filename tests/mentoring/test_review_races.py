"""Several people at one submission: real threads, each with a connection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from mentoring import gathering, review, telling
from mentoring.absence import go_out
from mentoring.gathering import NotGatheredError, Piece
from mentoring.models import Decision, Event, Evidence, Exhibit, Mentor, State, Submission, Thread, What
from mentoring.review import NotPossibleError
from roadmaps.enrolling import enrol
from tests.factories import UserFactory
from tests.mentoring.people import (
    later,
    make_approved,
    make_claimed,
    make_draft,
    make_mentor,
    make_returned,
    make_submitted,
)
from tests.mentoring.rules import assert_whole, over_the_limit
from tests.mentoring.test_review import ACTIONS, PEOPLE, TABLE, WRITES, thread_in
from tests.races import at_once
from tests.roadmaps.handing import handed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 6
WRITTEN = {each: outcome for each, outcome in TABLE.items() if each[1] in WRITES}


@pytest.fixture
def actors(learner, ruth, jonas) -> dict[str, User]:
    """Who acts, by the names of the table."""
    return dict.fromkeys(PEOPLE, learner) | {"holder": ruth, "staff": UserFactory(is_superuser=True)}


def let_go(thread: Thread) -> None:
    """Count it no more among what its mentor holds."""
    Thread.objects.filter(pk=thread.pk, state=State.CLAIMED).update(lease_until=later(0))


def doing(action: str, thread: Thread, by: User, *, at: float, key=None) -> Callable[[], str]:
    """An action as one tab of somebody does it; its answer is the state, or the refusal."""
    key = key or uuid4()
    return lambda: ACTIONS[action](thread, by, key, later(at)).state


def events(thread: Thread) -> list[str]:
    return list(Event.objects.filter(thread=thread).order_by("pk").values_list("what", flat=True))


def sorted_out(results: list[object]) -> tuple[list[object], list[NotPossibleError]]:
    """What succeeded and what was refused; nothing may break in any other way."""
    refused = [each for each in results if isinstance(each, NotPossibleError)]
    broken = [each for each in results if isinstance(each, Exception) and each not in refused]
    assert not broken, broken
    assert None not in results, "somebody never got an answer"
    return [each for each in results if each not in refused], refused


def test_of_20_mentors_who_claim_one_submission_one_has_it(learner, analytics):
    mentors = [make_mentor(analytics, name=f"Mentor {number}") for number in range(20)]
    thread = make_submitted(learner, analytics)
    results = at_once(*(doing("claim", thread, mentor, at=1) for mentor in mentors))
    won, refused = sorted_out(results)
    holder = Thread.objects.get(pk=thread.pk).holder
    assert (won, len(refused)) == ([State.CLAIMED], 19)
    assert results[mentors.index(holder)] == State.CLAIMED
    assert {(each.reason, each.holder) for each in refused} == {(f"{holder.name} holds this already.", holder)}
    assert events(thread) == [What.SUBMITTED, What.CLAIMED]
    assert Notification.objects.filter(person=learner).count() == 1
    assert_whole(thread.pk)


def test_of_20_browsers_that_claim_one_submission_19_show_who_has_it(learner, analytics):
    enrol(learner=learner, role=analytics)
    thread = handed_in(learner, analytics, now=timezone.now())
    submission = Submission.objects.get()
    url = reverse("mentoring:submission_claim", args=[submission.pk])
    posts = []
    for number in range(20):
        client = Client(raise_request_exception=False)
        client.force_login(make_mentor(analytics, name=f"Mentor {number:02}"))
        posts.append(lambda client=client: client.post(url, {"key": str(uuid4())}))
    answers = at_once(*posts)
    assert Counter(each.status_code for each in answers) == {302: 1, 409: 19}
    holder = Thread.objects.get(pk=thread.pk).holder
    assert all(holder.name in each.text for each in answers if each.status_code == 409)
    assert events(thread) == [What.SUBMITTED, What.CLAIMED]
    assert_whole(thread.pk)


def test_20_mentors_who_take_the_next_one_of_25_take_20_different_ones(learner, analytics):
    mentors = [make_mentor(analytics, name=f"Mentor {number}") for number in range(20)]
    waiting = [make_submitted(learner, analytics).pk for _ in range(25)]
    acts = [
        lambda mentor=mentor: review.claim_next(by=mentor, key=uuid4(), now=later(1), among=waiting)
        for mentor in mentors
    ]
    won, refused = sorted_out(at_once(*acts))
    assert (len({each.pk for each in won}), refused) == (20, [])
    assert Thread.objects.filter(state=State.CLAIMED).count() == 20
    assert_whole(*waiting)


def test_the_last_one_goes_to_one_and_the_others_are_told_that_nothing_is_left(learner, analytics):
    mentors = [make_mentor(analytics) for _ in range(8)]
    thread = make_submitted(learner, analytics)
    acts = [
        lambda mentor=mentor: review.claim_next(by=mentor, key=uuid4(), now=later(1), among=[thread.pk]) or "nothing"
        for mentor in mentors
    ]
    won, refused = sorted_out(at_once(*acts))
    assert (won.count("nothing"), refused) == (7, [])
    assert_whole(thread.pk)


@pytest.mark.parametrize("how", ["claim", "claim next", "extend"])
def test_many_tabs_of_one_mentor_never_take_more_than_their_limit(how, learner, analytics):
    mentor = make_mentor(analytics, limit=3)
    threads = [make_submitted(learner, analytics) for _ in range(8)]
    if how == "extend":  # all are over, and each tab works on another one
        threads = [make_claimed(learner, analytics, mentor, now=later(3 * number - 30)) for number in range(8)]
    acts: list[Callable[[], object]] = []
    for thread in threads:
        if how == "claim next":
            among = [each.pk for each in threads]
            acts.append(lambda among=among: review.claim_next(by=mentor, key=uuid4(), now=later(1), among=among).state)
        else:
            acts.append(doing(how, thread, mentor, at=1))
    won, refused = sorted_out(at_once(*acts))
    assert (len(won), len(refused)) == (3, 5)
    assert {each.reason for each in refused} == {
        "You hold 3 reviews, which is your limit. Finish or release one first."
    }
    assert over_the_limit(later(1)) == []
    assert_whole(*(thread.pk for thread in threads))


def test_of_approving_and_returning_at_once_one_happens(learner, analytics, ruth, approvals):
    for _ in range(ROUNDS):
        thread = make_claimed(learner, analytics, ruth)
        results = at_once(*(doing(each, thread, ruth, at=0.5) for each in ("approve", "return")))
        won, refused = sorted_out(results)
        assert (len(won), len(refused)) == (1, 1)
        assert refused[0].reason == "You do not hold this any more."
        assert (thread.pk in approvals) == (won == [State.APPROVED])
        assert len(events(thread)) == 3
        assert_whole(thread.pk)


def test_of_withdrawing_and_claiming_at_once_one_happens(learner, analytics, ruth):
    for _ in range(ROUNDS):
        thread = make_submitted(learner, analytics)
        results = at_once(doing("withdraw", thread, learner, at=1), doing("claim", thread, ruth, at=1))
        won, refused = sorted_out(results)
        assert (len(won), len(refused)) == (1, 1)
        if won == [State.CLAIMED]:
            assert (refused[0].reason, refused[0].holder) == ("A mentor has begun to review this.", ruth)
            review.release(thread=thread, by=ruth, key=uuid4(), now=later(1))
        else:
            assert refused[0].reason == "This is not waiting for a mentor any more."
        assert_whole(thread.pk)


def test_resubmitting_while_staff_reopen_follows_it_or_is_refused(learner, analytics, ruth):
    staff = UserFactory(is_superuser=True)
    for _ in range(ROUNDS):
        thread = make_approved(learner, analytics, ruth)
        again, reopened = at_once(doing("resubmit", thread, learner, at=1), doing("reopen", thread, staff, at=1))
        assert reopened == State.RETURNED
        assert again == State.SUBMITTED or again.reason == "This is not with you at the moment."
        assert_whole(thread.pk)


def test_reopening_what_is_returned_is_refused_while_it_is_resubmitted(learner, analytics, ruth):
    staff = UserFactory(is_superuser=True)
    for _ in range(ROUNDS):
        thread = make_returned(learner, analytics, ruth)
        again, reopened = at_once(doing("resubmit", thread, learner, at=1), doing("reopen", thread, staff, at=1))
        assert (again, reopened.reason) == (State.SUBMITTED, "This is not approved.")
        assert_whole(thread.pk)


def test_of_resubmitting_and_a_second_opinion_at_once_one_happens(learner, analytics, ruth, jonas):
    for _ in range(ROUNDS):
        thread = make_returned(learner, analytics, ruth)
        results = at_once(*(doing(each, thread, learner, at=1) for each in ("resubmit", "second opinion")))
        won, refused = sorted_out(results)
        assert (won, len(refused)) == ([State.SUBMITTED], 1)
        row = Thread.objects.get(pk=thread.pk)
        assert (row.reserved_for == ruth) != (row.excluded == [ruth.pk])
        assert_whole(thread.pk)


def test_evidence_that_comes_while_it_is_handed_in_is_in_it_or_refused(learner, analytics):
    outcomes = set()
    for number in range(ROUNDS * 2):
        thread = make_draft(learner, analytics)

        def adding(thread=thread):
            piece = Piece("Late", text="One more thing.")
            return gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=later(1)).pk

        acts = [adding, doing("submit", thread, learner, at=1)]
        results = at_once(*(acts if number % 2 else reversed(acts)))
        added, _ = results if number % 2 else reversed(results)
        submission = Submission.objects.get(thread=thread)
        titles = sorted(piece.title for piece in submission.evidence.all())
        if isinstance(added, NotGatheredError):
            assert titles == ["Write-up"]
            assert Evidence.objects.filter(thread=thread).count() == 1
        else:
            assert titles == ["Late", "Write-up"], added
        outcomes.add(len(titles))
        assert_whole(thread.pk)


def test_evidence_that_is_changed_in_two_tabs_has_one_next_version(learner, analytics):
    thread = make_draft(learner, analytics)
    piece = Evidence.objects.get()
    acts = [
        lambda text=text: gathering.change(
            evidence=piece, piece=Piece("Write-up", text=text), by=learner, key=uuid4(), now=later(1)
        )
        for text in "abcd"
    ]
    results = at_once(*acts)
    assert sum(isinstance(each, NotGatheredError) for each in results) == 3, results
    assert Evidence.objects.filter(thread=thread).at_hand().count() == 1


def test_releasing_what_is_over_while_somebody_else_claims_it(learner, analytics, ruth, jonas):
    for _ in range(ROUNDS):
        thread = make_claimed(learner, analytics, ruth)
        released, claimed = at_once(doing("release", thread, ruth, at=1), doing("claim", thread, jonas, at=1))
        assert claimed == State.CLAIMED
        assert released == State.SUBMITTED or (released.reason, released.holder) == (
            "Jonas Lindqvist holds this now.",
            jonas,
        )
        assert_whole(thread.pk)
        review.release(thread=thread, by=jonas, key=uuid4(), now=later(1))


@pytest.mark.parametrize("action", ["approve", "return", "extend"])
def test_working_on_what_is_over_while_somebody_else_claims_it_has_one_holder(action, learner, analytics, ruth, jonas):
    for _ in range(ROUNDS):
        thread = make_claimed(learner, analytics, ruth)
        results = at_once(doing(action, thread, ruth, at=1), doing("claim", thread, jonas, at=1))
        won, refused = sorted_out(results)
        assert (len(won), len(refused)) == (1, 1)
        assert_whole(thread.pk)
        let_go(thread)


def test_staff_who_force_a_release_while_the_mentor_decides(learner, analytics, ruth):
    staff = UserFactory(is_superuser=True)
    for _ in range(ROUNDS):
        thread = make_claimed(learner, analytics, ruth)
        results = at_once(doing("force-release", thread, staff, at=0.5), doing("approve", thread, ruth, at=0.5))
        won, refused = sorted_out(results)
        assert (len(won), len(refused)) == (1, 1)
        assert_whole(thread.pk)


def test_who_goes_out_of_office_while_they_claim_holds_nothing_then(learner, analytics, ruth):
    for _ in range(ROUNDS):
        thread = make_submitted(learner, analytics)
        Mentor.objects.update(away_from=None, away_until=None)
        away, _ = at_once(
            lambda: go_out(mentor=ruth, by=ruth, since=later(1), until=None, now=later(1)),
            doing("claim", thread, ruth, at=1),
        )
        assert not isinstance(away, Exception), away
        assert Thread.objects.get(pk=thread.pk).state == State.SUBMITTED
        assert_whole(thread.pk)


def test_the_same_form_four_times_at_once_happens_once(actors, learner, analytics, ruth):
    for (state, action), (who, to) in WRITTEN.items():
        thread, key = thread_in(state, learner, analytics, ruth), uuid4()
        before = len(events(thread))
        answers = at_once(*[doing(action, thread, actors[min(who)], at=74, key=key)] * 4)
        assert answers == [to] * 4, (state, action)
        assert events(thread)[before:] == [WRITES[action]]
        assert_whole(thread.pk)
        let_go(thread)


def test_the_form_for_the_next_one_four_times_at_once_takes_one(learner, analytics, ruth):
    among, key = [make_submitted(learner, analytics).pk for _ in range(6)], uuid4()
    answers = at_once(*[lambda: review.claim_next(by=ruth, key=key, now=later(1), among=among)] * 4)
    assert [each.pk for each in answers] == [among[0]] * 4
    assert Event.objects.filter(what=What.CLAIMED).count() == 1
    assert_whole(*among)


def test_a_connection_lost_in_the_middle_leaves_nothing_half(actors, learner, analytics, ruth, monkeypatch):
    """After the last write of the review, before people are told and before the commit. The same form is then answered
    as if it had never been sent."""
    write = review._write

    def lose(*args, **kwargs):
        write(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def all_of(thread):
        counts = [model.objects.count() for model in (Submission, Decision, Exhibit, Event, Notification)]
        return Thread.objects.values().get(pk=thread.pk), counts

    for (state, action), (who, to) in WRITTEN.items():
        thread, key = thread_in(state, learner, analytics, ruth), uuid4()
        before = all_of(thread)
        post = doing(action, thread, actors[min(who)], at=74, key=key)
        with monkeypatch.context() as patch:
            patch.setattr(review, "_write", lose)
            (lost,) = at_once(post)
        assert isinstance(lost, OperationalError), (state, action, lost)
        assert all_of(thread) == before
        assert post() == to, (state, action)
        assert Event.objects.filter(key=key).count() == 1
        assert_whole(thread.pk)
        let_go(thread)


def test_who_cannot_be_told_changes_nothing(learner, analytics, ruth, monkeypatch):
    thread = make_submitted(learner, analytics)
    monkeypatch.setattr(telling, "claimed", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        review.claim(thread=thread, by=ruth, key=uuid4(), now=later(1))
    assert Thread.objects.get().state == State.SUBMITTED
    assert_whole(thread.pk)
