"""What readiness reads: the learner's own rows of one role, and nothing that was taken back."""

from __future__ import annotations

import pytest

from interviews import practice
from interviews.models import Question, Score
from interviews.rubric import Scores
from interviews.standing import standing_of
from tests.factories import UserFactory
from tests.interviews.practicing import FAIR, NOW, aim_at, graded, on_day, questions

TODAY = NOW.date()


@pytest.fixture
def aimed(learner, analytics):
    aim_at(learner, analytics)
    return analytics


def readiness_of(learner, role, days: float = 0):
    return standing_of(learner, role, today=on_day(days).date()).readiness


def of(readiness, question):
    return next(each for each in readiness.questions if each.slug == question.slug)


def scored_by_mentor(review, scores: Scores) -> None:
    names = ("substance", "reasoning", "grounding", "delivery")
    values = {name: getattr(scores, name) for name in names} | {"rubric_version": 1, "scored_at": NOW}
    Score.objects.create(attempt=review.attempt, by="mentor", scorer=UserFactory(is_mentor=True), **values)


def test_who_does_not_aim_at_a_role_has_no_standing(learner, analytics):
    assert standing_of(learner, analytics, today=TODAY) is None


def test_every_open_question_of_the_role_up_to_the_level_counts(learner, analytics):
    first, second, third = questions(analytics, 3)
    Question.objects.filter(pk=first.pk).update(level=4)
    Question.objects.filter(pk=third.pk).update(level=3)
    Question.objects.filter(pk=second.pk).update(retired=True)
    aim_at(learner, analytics, level=3)
    slugs = {each.slug for each in readiness_of(learner, analytics).questions}
    assert {first.slug, second.slug}.isdisjoint(slugs)
    assert third.slug in slugs


def test_it_is_the_memory_of_the_card(learner, aimed):
    question = questions(aimed, 1)[0]
    graded(learner, question)
    found = of(readiness_of(learner, aimed), question)
    assert found.memory == question.cards.get().memory
    assert {topic.slug for topic in found.skills} == {skill.slug for skill in question.skills.all()}


def test_another_learners_answers_are_not_mine(learner, other_learner, aimed):
    graded(other_learner, questions(aimed, 1)[0])
    readiness = readiness_of(learner, aimed)
    assert (readiness.answered, readiness.scored) == (0, 0)


def test_what_was_taken_back_counts_nowhere(learner, aimed):
    graded(learner, questions(aimed, 1)[0])
    practice.undo(by=learner, now=NOW)
    readiness = readiness_of(learner, aimed)
    assert (readiness.answered, readiness.scored, readiness.chance) == (0, 0, 0)


def test_the_score_of_the_answer_before_counts_again_where_the_last_was_taken_back(learner, aimed):
    question = questions(aimed, 1)[0]
    graded(learner, question, scores=Scores(2, 2, 2, 2))
    graded(learner, question, now=on_day(2), scores=Scores(4, 4, 4, 4))
    assert of(readiness_of(learner, aimed, 2), question).own.total == 16
    practice.undo(by=learner, now=on_day(2))
    assert of(readiness_of(learner, aimed, 2), question).own.total == 8


def test_a_question_that_means_something_else_since_counts_as_not_answered_and_is_due(learner, aimed):
    question = questions(aimed, 1)[0]
    graded(learner, question)
    Question.objects.filter(pk=question.pk).update(version=question.version + 1)
    found = of(readiness_of(learner, aimed, 1), question)
    assert (found.memory, found.own, found.back_on) == (None, None, on_day(1).date())


def test_a_mentors_score_stands_beside_the_learners_own_of_that_answer(learner, aimed):
    question = questions(aimed, 1)[0]
    first = graded(learner, question, scores=FAIR)
    scored_by_mentor(first, Scores(2, 3, 3, 3))
    graded(learner, question, now=on_day(2), scores=Scores(4, 4, 4, 4))
    found = of(readiness_of(learner, aimed, 2), question)
    assert found.own == Scores(4, 4, 4, 4)
    assert found.pair == (FAIR, Scores(2, 3, 3, 3))


@pytest.mark.parametrize(("days", "due"), [(0, False), (1, False), (2, True), (30, True)])
def test_due_is_what_the_queue_calls_due(learner, aimed, days, due):
    question = questions(aimed, 1)[0]
    graded(learner, question)
    assert of(readiness_of(learner, aimed, days), question).is_due_on(on_day(days).date()) is due


def test_what_is_put_aside_is_not_due_but_counts(learner, aimed):
    put_off, suspended = questions(aimed, 2)
    for question in (put_off, suspended):
        graded(learner, question)
    practice.bury(learner=learner, question=put_off, until=on_day(9).date())
    practice.suspend(learner=learner, question=suspended, now=NOW)
    readiness = readiness_of(learner, aimed, 5)
    assert (readiness.due, readiness.answered) == (0, 2)
    assert of(readiness, put_off).is_aside
    assert of(readiness, suspended).is_aside


def test_it_is_one_query(learner, aimed, django_assert_num_queries):
    graded(learner, questions(aimed, 1)[0])
    with django_assert_num_queries(1):
        standing_of(learner, aimed, today=TODAY)
