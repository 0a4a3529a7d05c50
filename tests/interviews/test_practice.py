"""Answering and grading: what moves a card, what only is noted, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from interviews import practice
from interviews.aiming import set_habits
from interviews.drafting import keep_draft, with_draft
from interviews.models import Attempt, Card, Question, Review, Score
from interviews.practice import AlreadyGradedError, NothingToUndoError
from interviews.queue import queue_of
from interviews.rubric import Grade, Scores
from tests.interviews.practicing import FAIR, NOW, aim_at, answered, graded, on_day, questions

TODAY = NOW.date()


@pytest.fixture
def question(analytics) -> Question:
    return questions(analytics, 1)[0]


def card_of(learner, question) -> Card:
    return Card.objects.get(learner=learner, question=question)


def draft_of(learner, question) -> str:
    return with_draft(learner, question=question.slug)[1]


def grade_again(attempt, learner, *, now=NOW, rating=Grade.GOOD):
    return practice.grade(attempt=attempt, rating=rating, scores=FAIR, points=[], by=learner, now=now)


# ---------------------------------------------------------------- answers


def test_an_answer_that_is_locked_is_never_changed(learner, question):
    key = uuid4()
    first, second = (
        practice.lock_answer(learner=learner, question=question, attempt=key, text=text, seconds=9, now=NOW)
        for text in ("First.", "Second.")
    )
    assert first == second
    assert Attempt.objects.get().text == "First."
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Attempt.objects.update(text="Third.")


def test_somebody_elses_key_is_no_answer_of_mine(learner, other_learner, question):
    attempt = answered(learner, question)
    with pytest.raises(Attempt.DoesNotExist):
        practice.lock_answer(learner=other_learner, question=question, attempt=attempt.pk, text="", seconds=9, now=NOW)
    with pytest.raises(Attempt.DoesNotExist):
        grade_again(attempt, other_learner)


@pytest.mark.parametrize(("seconds", "kept"), [(-5, 0), (90, 90), (86_400, 1_800)])
def test_time_is_capped(learner, question, seconds, kept):
    attempt = practice.lock_answer(
        learner=learner, question=question, attempt=uuid4(), text="", seconds=seconds, now=NOW
    )
    assert attempt.seconds == kept


def test_a_draft_is_kept_until_its_answer_is_locked(learner, other_learner, question):
    for text in ("Half of", "Half of it"):
        keep_draft(learner=learner, question=question, attempt=uuid4(), text=text, now=NOW)
    assert draft_of(learner, question) == "Half of it"
    assert draft_of(other_learner, question) == ""
    answered(learner, question)
    assert draft_of(learner, question) == ""


def test_what_arrives_after_its_answer_was_locked_is_no_draft(learner, question):
    attempt = answered(learner, question)
    keep_draft(learner=learner, question=question, attempt=attempt.pk, text="Half of it", now=NOW)
    assert draft_of(learner, question) == ""


# ---------------------------------------------------------------- grades


def test_the_first_grade_of_a_day_moves_the_card(learner, question):
    review = graded(learner, question)
    card = card_of(learner, question)
    assert review.counted
    assert (card.last_day, card.due_day) == (TODAY, TODAY + timedelta(days=2))
    assert (card.reps, card.lapses, card.state, card.version) == (1, 0, "review", 1)
    assert (review.proposed, review.before_stability, review.timezone) == (Grade.GOOD, None, "UTC")


def test_a_second_grade_of_the_day_is_noted_and_moves_nothing(learner, question):
    graded(learner, question)
    before = card_of(learner, question)
    review = graded(learner, question, now=NOW + timedelta(hours=2), rating=Grade.AGAIN)
    after = card_of(learner, question)
    assert not review.counted
    assert (after.memory, after.reps, after.version) == (before.memory, before.reps, before.version)
    assert Review.objects.count() == 2


def test_after_four_in_the_morning_it_counts_again(learner, question):
    graded(learner, question, now=NOW.replace(hour=23))
    assert not graded(learner, question, now=on_day(1).replace(hour=3, minute=59)).counted
    assert graded(learner, question, now=on_day(1).replace(hour=4)).counted


def test_whoever_travels_west_does_not_count_the_same_day_twice(learner, question):
    learner.timezone = "Asia/Tokyo"
    graded(learner, question, now=NOW)
    learner.timezone = "Pacific/Honolulu"
    review = graded(learner, question, now=NOW + timedelta(hours=1))
    assert not review.counted
    assert review.study_day == card_of(learner, question).last_day


def test_a_clock_that_goes_back_leaves_the_last_day(learner, question):
    graded(learner, question, now=on_day(5))
    review = graded(learner, question, now=on_day(2))
    assert (review.counted, review.study_day) == (False, on_day(5).date())


def test_a_review_notes_what_was_predicted(learner, question):
    graded(learner, question)
    review = graded(learner, question, now=on_day(2))
    assert review.recall == pytest.approx(0.9, abs=0.02)
    assert review.before_due_day == on_day(2).date()


def test_forgetting_what_was_known_is_a_lapse(learner, question):
    graded(learner, question, rating=Grade.AGAIN)
    assert card_of(learner, question).lapses == 0, "it was never known"
    graded(learner, question, now=on_day(1))
    graded(learner, question, now=on_day(9), rating=Grade.AGAIN)
    assert (card_of(learner, question).reps, card_of(learner, question).lapses) == (3, 1)


def test_an_answer_is_graded_once(learner, question):
    attempt = answered(learner, question)
    grade_again(attempt, learner)
    with pytest.raises(AlreadyGradedError) as refused:
        grade_again(attempt, learner, rating=Grade.AGAIN)
    assert refused.value.review == Review.objects.get()
    assert Score.objects.count() == 1


def test_an_answer_that_moves_no_card_is_graded_once_too(learner, question):
    graded(learner, question)
    attempt = answered(learner, question)
    review = grade_again(attempt, learner)
    with pytest.raises(AlreadyGradedError) as refused:
        grade_again(attempt, learner, rating=Grade.AGAIN)
    assert (review.counted, refused.value.review) == (False, review)
    assert Score.objects.count() == 2


def test_an_answer_from_before_another_grade_is_told_so(learner, question):
    in_two_tabs = [answered(learner, question) for _ in range(2)]
    grade_again(in_two_tabs[0], learner)
    with pytest.raises(AlreadyGradedError):
        grade_again(in_two_tabs[1], learner)
    assert Review.objects.count() == 1


def test_scores_and_points_are_kept_with_the_answer(learner, question):
    attempt = answered(learner, question)
    practice.grade(attempt=attempt, rating=Grade.HARD, scores=Scores(2, 3, 2, 4), points=[3, 1], by=learner, now=NOW)
    score = attempt.scores.get()
    assert (score.by, score.scorer, score.scores, score.points) == ("self", learner, Scores(2, 3, 2, 4), [1, 3])


def test_the_buttons_say_the_day_that_grading_then_gives(learner, question):
    graded(learner, question)
    for grade in Grade:
        now = NOW + (card_of(learner, question).due_day - TODAY)
        card = card_of(learner, question)
        said = {
            each.grade: each.due_day for each in practice.options(card, by=learner, scores=None, in_time=True, now=now)
        }
        graded(learner, question, now=now, rating=grade)
        assert card_of(learner, question).due_day == said[grade]


def test_only_the_proposed_grade_is_marked(learner, question):
    card = answered(learner, question).card
    marked = [
        each.grade
        for each in practice.options(card, by=learner, scores=Scores(4, 4, 4, 4), in_time=True, now=NOW)
        if each.is_proposed
    ]
    assert marked == [Grade.EASY]


# ---------------------------------------------------------------- taking back


def test_undo_puts_the_card_back_and_says_so_in_the_log(learner, question):
    graded(learner, question)
    before = card_of(learner, question)
    graded(learner, question, now=on_day(2), rating=Grade.AGAIN)
    practice.undo(by=learner, now=on_day(2))
    after = card_of(learner, question)
    assert (after.memory, after.reps, after.lapses) == (before.memory, before.reps, before.lapses)
    assert Review.objects.standing().count() == 1
    assert graded(learner, question, now=on_day(2)).counted, "it can be graded again the same day"


def test_undo_puts_back_a_day_that_was_brought_forward_while_the_answer_was_open(learner, question):
    graded(learner, question)
    attempt = answered(learner, question, now=on_day(1))
    practice.bring_forward(learner=learner, questions=[question.pk], now=on_day(1))
    grade_again(attempt, learner, now=on_day(1))
    practice.undo(by=learner, now=on_day(1))
    assert card_of(learner, question).due_day == on_day(1).date()


def test_undo_takes_back_one_after_the_other_down_to_nothing(learner, analytics):
    for question in questions(analytics, 2):
        graded(learner, question)
    for _ in range(2):
        practice.undo(by=learner, now=NOW)
    assert not Card.objects.filter(stability__isnull=False).exists()
    with pytest.raises(NothingToUndoError):
        practice.undo(by=learner, now=NOW)


def test_yesterdays_grade_stays(learner, question):
    graded(learner, question)
    with pytest.raises(NothingToUndoError):
        practice.undo(by=learner, now=on_day(1))


def test_nobody_takes_back_what_is_another_learners(learner, other_learner, question):
    graded(learner, question)
    with pytest.raises(NothingToUndoError):
        practice.undo(by=other_learner, now=NOW)


def test_the_log_is_append_only(learner, question):
    review = graded(learner, question)
    for change in ({"rating": 1}, {"study_day": on_day(9).date()}, {"counted": False}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**change)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Review.objects.all().delete()
    practice.undo(by=learner, now=NOW)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(voided_at=None)


# ---------------------------------------------------------------- the queue


@pytest.fixture
def aimed(learner, analytics):
    aim_at(learner, analytics)
    return analytics


def next_of(learner, days: float = 0):
    return queue_of(learner, today=on_day(days).date())


def test_who_aims_at_nothing_has_nothing_to_do(learner):
    queue = next_of(learner)
    assert (queue.aims, queue.left, queue.next()) == (0, 0, None)


def test_new_questions_come_up_to_the_level_and_the_share_of_a_day(learner, aimed):
    set_habits(learner=learner, reviews_a_day=10, new_a_day=2, keys=True)
    queue = next_of(learner)
    assert (queue.new_left, queue.fresh) == (2, Question.objects.open().of(aimed).count())
    for _ in range(2):
        graded(learner, Question.objects.get(pk=next_of(learner).next()))
    assert next_of(learner).next() is None
    assert next_of(learner).next(more=True) is not None


def test_a_higher_level_waits_until_one_aims_at_it(learner, analytics):
    Question.objects.of(analytics).update(level=4)
    aim_at(learner, analytics, level=3)
    assert next_of(learner).fresh == 0
    aim_at(learner, analytics, level=4)
    assert next_of(learner).fresh > 0


def test_the_weakest_memory_comes_first(learner, aimed):
    strong, weak = questions(aimed, 2)
    graded(learner, strong, rating=Grade.EASY)
    graded(learner, weak, rating=Grade.HARD)
    assert next_of(learner, 60).next() == weak.pk


def test_put_off_and_suspended_questions_are_not_shown(learner, aimed):
    put_off, suspended, *_ = questions(aimed, 3)
    whole = next_of(learner).fresh
    practice.bury(learner=learner, question=put_off, until=on_day(1).date())
    practice.suspend(learner=learner, question=suspended, now=NOW)
    assert next_of(learner).fresh == whole - 2
    assert next_of(learner, 1).fresh == whole - 1
    practice.resume(learner=learner, question=suspended)
    assert next_of(learner, 1).fresh == whole


def test_one_question_of_a_family_is_shown_a_day(learner, aimed):
    one, other, _ = questions(aimed, 3)
    Question.objects.filter(pk__in=[one.pk, other.pk]).update(family="twins")
    whole = next_of(learner).fresh
    graded(learner, one)
    assert next_of(learner).fresh == whole - 2
    assert next_of(learner, 1).fresh == whole - 1


def test_a_question_that_means_something_else_falls_due(learner, aimed):
    question = questions(aimed, 1)[0]
    graded(learner, question, rating=Grade.EASY)
    assert next_of(learner, 1).due == 0
    Question.objects.filter(pk=question.pk).update(prompt="Reworded, and it means the same.")
    assert next_of(learner, 1).due == 0
    Question.objects.filter(pk=question.pk).update(version=2)
    assert next_of(learner, 1).due == 1
    graded(learner, Question.objects.get(pk=question.pk), now=on_day(1))
    assert next_of(learner, 2).due == 0


def test_a_retired_question_is_practiced_no_more(learner, aimed):
    question = questions(aimed, 1)[0]
    graded(learner, question)
    whole = next_of(learner, 9).due
    Question.objects.filter(pk=question.pk).update(retired=True)
    assert next_of(learner, 9).due == whole - 1


def test_after_an_absence_nothing_new_begins_and_a_day_has_its_share(learner, aimed):
    for question in questions(aimed, 3):
        graded(learner, question)
    set_habits(learner=learner, reviews_a_day=2, new_a_day=3, keys=True)
    queue = next_of(learner, 400)
    assert (queue.is_backlog, queue.reviews_left, queue.new_left) == (True, 2, 0)
    for _ in range(2):
        graded(learner, Question.objects.get(pk=next_of(learner, 400).next()), now=on_day(400))
    queue = next_of(learner, 400)
    assert (queue.due, queue.reviews_left) == (1, 0)


def test_another_learners_cards_are_no_part_of_it(learner, other_learner, aimed):
    graded(other_learner, questions(aimed, 1)[0])
    assert next_of(learner, 30).due == 0
