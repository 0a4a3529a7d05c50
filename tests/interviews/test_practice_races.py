"""Two tabs, two devices, one card: real threads, each with a connection of its own."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from interviews import practice
from interviews.models import Attempt, Card, Review, Score
from interviews.practice import AlreadyGradedError, NothingToUndoError
from interviews.rubric import Grade
from tests.interviews.practicing import FAIR, NOW, answered, graded, on_day, questions
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def grading(attempt, learner, *, rating=Grade.GOOD, now=NOW):
    return lambda: practice.grade(attempt=attempt, rating=rating, scores=FAIR, points=[1], by=learner, now=now)


def kinds(results: list[object]) -> dict[str, int]:
    names = [type(each).__name__ for each in results]
    return {name: names.count(name) for name in set(names)}


def test_twenty_threads_grade_one_card_and_one_counts(learner, analytics):
    question = questions(analytics, 1)[0]
    attempts = [answered(learner, question) for _ in range(20)]
    results = at_once(*[grading(each, learner, rating=Grade(1 + place % 4)) for place, each in enumerate(attempts)])
    assert kinds(results) == {"Review": 1, "AlreadyGradedError": 19}
    card = Card.objects.get()
    assert (card.reps, card.version, Review.objects.count(), Score.objects.count()) == (1, 1, 1, 1)


def test_one_form_sent_twenty_times_counts_once_and_says_what_it_was(learner, analytics):
    attempt = answered(learner, questions(analytics, 1)[0])
    results = at_once(*[grading(attempt, learner)] * 20)
    assert kinds(results) == {"Review": 1, "AlreadyGradedError": 19}
    told = {each.review for each in results if isinstance(each, AlreadyGradedError)}
    assert told == {Review.objects.get()}


def test_one_form_that_moves_no_card_sent_twenty_times_is_noted_once(learner, analytics):
    question = questions(analytics, 1)[0]
    graded(learner, question)
    results = at_once(*[grading(answered(learner, question), learner)] * 20)
    assert kinds(results) == {"Review": 1, "AlreadyGradedError": 19}
    assert (Review.objects.count(), Score.objects.count(), Card.objects.get().version) == (2, 2, 1)


def test_a_day_brought_forward_in_another_tab_is_noted_by_the_grade_or_comes_after_it(learner, analytics):
    question = questions(analytics, 1)[0]
    graded(learner, question)
    attempt = answered(learner, question, now=on_day(1))
    at_once(
        lambda: practice.bring_forward(learner=learner, questions=[question.pk], now=on_day(1)),
        grading(attempt, learner, now=on_day(1)),
    )
    review, card = Review.objects.latest("pk"), Card.objects.get()
    assert on_day(1).date() in (review.before_due_day, card.due_day)


def test_one_answer_locked_in_twenty_threads_is_one(learner, analytics):
    question, key = questions(analytics, 1)[0], uuid4()
    results = at_once(
        *[
            lambda place=place: practice.lock_answer(
                learner=learner, question=question, attempt=key, text=str(place), seconds=9, now=NOW
            )
            for place in range(20)
        ]
    )
    assert kinds(results) == {"Attempt": 20}
    assert {each.text for each in results} == {Attempt.objects.get().text}
    assert Card.objects.count() == 1


def test_undo_against_a_grade_leaves_the_card_as_its_log_says(learner, analytics):
    question = questions(analytics, 1)[0]
    for day in range(0, 60, 12):
        graded(learner, question, now=on_day(day))
        attempt = answered(learner, question, now=on_day(day))
        at_once(
            lambda day=day: practice.undo(by=learner, now=on_day(day)),
            grading(attempt, learner, now=on_day(day)),
        )
        card = Card.objects.get()
        counted = Review.objects.standing().filter(counted=True)
        assert card.reps == counted.count()
        last = counted.order_by("-pk").first()
        assert card.last_day == (last.study_day if last else None)
        connection.close()


def test_undo_in_two_tabs_takes_one_back(learner, analytics):
    graded(learner, questions(analytics, 1)[0])
    results = at_once(*[lambda: practice.undo(by=learner, now=NOW)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["NothingToUndoError", "Review"], results
    assert isinstance(next(each for each in results if not isinstance(each, Review)), NothingToUndoError)
    assert Card.objects.get().memory is None
