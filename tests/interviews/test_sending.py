"""An answer or a mock interview is reviewed as a milestone is; what a mentor gives is a score of its own."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.erasing import erase
from accounts.models import Notification
from interviews import practice, sending
from interviews.models import Card, MockMark, Question, Score, Scorer, SentAnswer
from interviews.rubric import Grade, Scores
from interviews.standing import standing_of
from mentoring import review
from mentoring.deciding import IncompleteError
from mentoring.models import Evidence, Kind, State, Submission, Thread, Verdict
from mentoring.review import NotPossibleError
from mentoring.subjects import subject_of
from tests.factories import UserFactory
from tests.interviews.mocked import bank, ended, marks, scored
from tests.interviews.practicing import NOW, aim_at, graded, on_day, questions
from tests.interviews.sending_people import (
    STRONG,
    WEAK,
    approved,
    claimed,
    form,
    judgment,
    matter_of,
    mock_of,
    own_answer,
    returned,
    sent,
    ungraded,
)


@pytest.fixture
def question(learner, analytics) -> Question:
    aim_at(learner, analytics)
    return questions(analytics, 1)[0]


@pytest.fixture
def mock(learner, analytics):
    bank(analytics)
    return scored(ended(learner, analytics), {1: marks(4, 3, 3, 2)})


def scores_by_mentors() -> list[tuple[str, Scores]]:
    rows = Score.objects.filter(by=Scorer.MENTOR).select_related("scorer").order_by("pk")
    return [(row.scorer.display_name, row.scores) for row in rows]


# ---------------------------------------------------------------- sending


def test_an_answer_waits_in_the_pool_of_its_role(learner, question, analytics):
    thread = sent(own_answer(learner, question), message="Is the second reason enough?")
    assert (thread.kind, thread.state, thread.role) == (Kind.ANSWER, State.SUBMITTED, analytics)
    submission = thread.submissions.get()
    assert submission.message == "Is the second reason enough?"
    assert submission.asked["text"] == question.prompt
    assert submission.asked["criteria"][0]["scale"][0] == "Wrong or unsafe"


def test_the_mentor_reads_the_answer_and_not_what_the_learner_gave(learner, question):
    thread = sent(own_answer(learner, question))
    (piece,) = thread.submissions.get().evidence.all()
    assert (piece.kind, piece.text) == ("note", "My answer.")
    assert "16" not in piece.title


def test_what_is_good_is_frozen_with_the_submission(learner, question):
    thread = sent(own_answer(learner, question))
    model = question.model_answer
    Question.objects.filter(pk=question.pk).update(model_answer="Something else by now.")
    assert model in thread.submissions.get().asked["brief"]


def test_an_answer_that_was_not_graded_is_not_sent(learner, question):
    with pytest.raises(NotPossibleError, match="Grade it yourself first"):
        sent(ungraded(learner, question))
    assert not Thread.objects.exists()


def test_an_answer_whose_grade_was_taken_back_is_not_sent(learner, question):
    matter = own_answer(learner, question)
    practice.undo(by=learner, now=NOW)
    with pytest.raises(NotPossibleError, match="Grade it yourself first"):
        sent(matter_of(matter.attempt))


def test_an_answer_to_what_means_something_else_by_now_is_not_sent(learner, question):
    matter = own_answer(learner, question)
    Question.objects.filter(pk=question.pk).update(version=2)
    with pytest.raises(NotPossibleError, match="means something else"):
        sent(matter_of(matter.attempt))


def test_somebody_elses_answer_is_not_found(learner, question):
    matter = own_answer(learner, question)
    with pytest.raises(Thread.DoesNotExist):
        sending.send(matter=matter, sent=form(matter), by=UserFactory(), now=NOW)


def test_a_second_post_of_the_form_changes_nothing(learner, question):
    matter, key = own_answer(learner, question), uuid4()
    first, second = sent(matter, key=key), sent(matter, key=key)
    assert first == second
    assert (Submission.objects.count(), SentAnswer.objects.count(), Evidence.objects.count()) == (1, 1, 1)


def test_an_answer_that_is_with_mentors_is_not_sent_again(learner, question):
    matter = own_answer(learner, question)
    sent(matter)
    with pytest.raises(NotPossibleError, match="It is with the mentors|handed in already"):
        sent(matter)
    assert Submission.objects.count() == 1


def test_what_was_taken_back_is_sent_again_as_it_was(learner, question):
    matter = own_answer(learner, question)
    review.withdraw(thread=sent(matter), by=learner, key=uuid4(), now=NOW)
    thread = sent(matter)
    assert (thread.number, Evidence.objects.count()) == (2, 1)


def test_the_next_answer_to_the_same_question_is_the_next_round(learner, question, ruth):
    first = returned(sent(own_answer(learner, question)), ruth)
    matter = matter_of(graded(learner, question, now=on_day(3)).attempt)
    thread = sending.send_again(matter=matter, sent=form(matter), by=learner, now=on_day(3))
    assert (thread.pk, thread.number, thread.reserved_for) == (first.pk, 2, ruth)
    old, new = Evidence.objects.order_by("pk")
    assert new.replaces == old


def test_the_same_answer_does_not_come_to_the_same_mentor_twice(learner, question, ruth, jonas):
    matter = own_answer(learner, question)
    returned(sent(matter), ruth)
    with pytest.raises(NotPossibleError, match="scored this one already"):
        sending.send_again(matter=matter, sent=form(matter), by=learner, now=NOW)
    thread = sending.ask_another(matter=matter, sent=form(matter), by=learner, now=NOW)
    assert thread.excluded == [ruth.pk]


def test_taking_the_next_answer_back_opens_no_way_for_the_last_one(learner, question, ruth):
    old = own_answer(learner, question)
    returned(sent(old), ruth)
    new = matter_of(graded(learner, question, now=on_day(3)).attempt)
    thread = sending.send_again(matter=new, sent=form(new), by=learner, now=on_day(3))
    review.withdraw(thread=thread, by=learner, key=uuid4(), now=on_day(3))
    with pytest.raises(NotPossibleError, match="scored this one already"):
        sent(old, now=on_day(3))
    assert Thread.objects.get().state == State.DRAFT


def test_a_sent_answer_belongs_to_the_learner_of_its_thread(learner, question):
    thread = sent(own_answer(learner, question))
    other = own_answer(UserFactory(), question)
    review.withdraw(thread=thread, by=learner, key=uuid4(), now=NOW)
    facts = {"submitted_at": NOW, "closed_at": NOW, "asked": {}, "outcome": "withdrawn"}
    fresh = Submission.objects.create(thread=thread, number=9, role=thread.role, **facts)
    with pytest.raises(IntegrityError, match="sent by its learner"), transaction.atomic():
        SentAnswer.objects.create(submission=fresh, attempt=other.attempt)


# ---------------------------------------------------------------- what comes back


def test_an_approval_keeps_the_mentors_scores_beside_the_learners_own(learner, question, ruth):
    approved(sent(own_answer(learner, question)), ruth, STRONG)
    assert scores_by_mentors() == [("Ruth Adeyemi", STRONG)]
    assert Score.objects.filter(by=Scorer.SELF).count() == 1


def test_a_verdict_says_by_its_score_whether_the_criterion_is_met(learner, question, ruth):
    returned(sent(own_answer(learner, question)), ruth, WEAK)
    found = [(each.score, each.met) for each in Verdict.objects.order_by("place")]
    assert found == [(2, "partly"), (3, "met"), (1, "not_yet"), (2, "partly")]


def test_a_verdict_whose_score_says_something_else_is_not_stored(learner, question, ruth):
    thread = claimed(sent(own_answer(learner, question)), ruth)
    with pytest.raises(IntegrityError, match="mentoring_verdict_score_says_met"), transaction.atomic():
        _decided_wrongly(thread, ruth)


def _decided_wrongly(thread, mentor):
    said = judgment(WEAK, next_step="More.")
    decision = said.decision_on(thread.submissions.get(), "returned", by=mentor, now=NOW)
    decision.save()
    wrong = said.verdicts_of(decision)[0]
    wrong.met = "met"
    wrong.save()


def test_substance_is_the_gate(learner, question, ruth):
    thread = claimed(sent(own_answer(learner, question)), ruth)
    with pytest.raises(IncompleteError, match="less than 3"):
        review.approve(thread=thread, judgment=judgment(Scores(2, 4, 4, 4)), by=ruth, key=uuid4(), now=NOW)


def test_weak_delivery_does_not_stand_in_the_way(learner, question, ruth):
    assert approved(sent(own_answer(learner, question)), ruth, Scores(3, 3, 2, 1)).state == State.APPROVED


def test_nothing_is_decided_before_all_four_are_scored(learner, question, ruth):
    thread = claimed(sent(own_answer(learner, question)), ruth)
    said = judgment(STRONG)
    some = dict(list(said.scores.items())[:3])
    with pytest.raises(IncompleteError, match="Choose one"):
        review.approve(thread=thread, judgment=type(said)(scores=some), by=ruth, key=uuid4(), now=NOW)
    assert not Score.objects.filter(by=Scorer.MENTOR).exists()


def test_the_role_says_how_many_a_mentor_confirmed_and_the_gap(learner, question, analytics, ruth):
    approved(sent(own_answer(learner, question, scores=Scores(3, 3, 3, 3))), ruth, Scores(3, 4, 3, 3))
    readiness = standing_of(learner, analytics, today=NOW.date()).readiness
    assert (readiness.confirmed, readiness.gap) == (1, -1)


def test_staff_reopen_an_approval_and_the_score_stays(learner, question, ruth):
    thread = approved(sent(own_answer(learner, question)), ruth)
    boss = UserFactory(is_staff=True, is_superuser=True)
    review.reopen(thread=thread, by=boss, key=uuid4(), now=NOW, reason="The wrong question.")
    assert len(scores_by_mentors()) == 1


def test_the_learner_hears_where_the_review_stands(learner, question, ruth):
    matter = own_answer(learner, question)
    thread = returned(sent(matter), ruth)
    assert Notification.objects.filter(person=learner, url=matter.url, kind="returned").exists()
    assert subject_of(thread).address(thread) == matter.url


def test_erasing_the_learner_takes_all_of_it(learner, question, ruth):
    returned(sent(own_answer(learner, question)), ruth)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of the request that decided
    erase(person=learner, by=None, now=NOW)
    assert not SentAnswer.objects.exists()
    assert not Score.objects.exists()


def test_erasing_the_mentor_keeps_the_score(learner, question, ruth):
    approved(sent(own_answer(learner, question)), ruth)
    erase(person=ruth, by=None, now=NOW)
    assert Score.objects.get(by=Scorer.MENTOR).scorer is None


# ---------------------------------------------------------------- the day on which it comes back


def due_of(question: Question):
    return Card.objects.get(question=question).due_day


def test_a_lower_score_brings_the_question_back_sooner(learner, question, ruth):
    matter = own_answer(learner, question, rating=Grade.EASY, scores=Scores(4, 4, 4, 4))
    before = due_of(question)
    returned(sent(matter), ruth, Scores(1, 2, 2, 2))
    assert due_of(question) == NOW.date() + timedelta(days=1) < before


def test_a_higher_score_pushes_nothing_back(learner, question, ruth):
    matter = own_answer(learner, question, rating=Grade.AGAIN, scores=Scores(1, 1, 1, 1))
    before = due_of(question)
    approved(sent(matter), ruth, Scores(4, 4, 4, 4))
    assert due_of(question) == before


def test_a_late_score_brings_it_back_today_and_not_before(learner, question, ruth):
    matter = own_answer(learner, question, rating=Grade.EASY, scores=Scores(4, 4, 4, 4))
    later = on_day(5)
    returned(sent(matter), ruth, Scores(1, 2, 2, 2), now=later)
    assert due_of(question) == later.date()


def test_a_question_that_was_graded_again_since_stays_where_it_is(learner, question, ruth):
    matter = own_answer(learner, question, rating=Grade.EASY, scores=Scores(4, 4, 4, 4))
    thread = claimed(sent(matter), ruth)
    graded(learner, question, now=on_day(6), rating=Grade.EASY)
    before = due_of(question)
    said = judgment(Scores(1, 2, 2, 2), next_step="Read on.")
    review.return_(thread=thread, judgment=said, by=ruth, key=uuid4(), now=on_day(7))
    assert due_of(question) == before


# ---------------------------------------------------------------- mock interviews


def test_a_mock_shows_all_its_answers_and_is_scored_as_one(learner, mock, ruth):
    thread = sent(mock_of(mock))
    pieces = list(thread.submissions.get().evidence.order_by("exhibits__place"))
    assert [each.text for each in pieces] == [f"My answer to {place}." for place in (1, 2, 3)]
    approved(thread, ruth, STRONG)
    assert MockMark.objects.get().scores == STRONG


def test_a_mock_that_was_not_graded_is_not_sent(learner, analytics):
    bank(analytics)
    with pytest.raises(NotPossibleError, match="Grade it yourself first"):
        sent(mock_of(ended(learner, analytics)))


def test_a_mock_goes_to_somebody_else_for_a_second_opinion(learner, mock, ruth, jonas):
    matter = mock_of(mock)
    returned(sent(matter), ruth)
    with pytest.raises(NotPossibleError, match="next mock interview"):
        sending.send_again(matter=matter, sent=form(matter), by=learner, now=NOW)
    thread = sending.ask_another(matter=matter, sent=form(matter), by=learner, now=NOW)
    approved(thread, jonas, STRONG)
    assert [each.scorer for each in MockMark.objects.order_by("pk")] == [ruth, jonas]
    assert Evidence.objects.count() == 3
