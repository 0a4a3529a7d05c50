"""Statistics of practice against rows counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from interviews import practice
from interviews.models import Attempt, Card, Question, Review
from interviews.number_charts import bars, calendar
from interviews.numbers import Day, Numbers, numbers_of
from interviews.queue import queue_of, today_of
from interviews.rubric import Grade
from tests.factories import UserFactory
from tests.interviews.practicing import NOW, aim_at, graded, on_day, questions


@pytest.fixture
def aimed(learner, analytics):
    aim_at(learner, analytics)
    return analytics


def numbers_on(learner, days: float = 0) -> Numbers:
    return numbers_of(learner, today=on_day(days).date())


def reviewed(numbers: Numbers) -> dict[date, int]:
    return {each.day: each.reviews for each in numbers.days}


def test_reviews_are_counted_by_study_day_also_those_that_moved_nothing(learner, aimed):
    first, second = questions(aimed, 2)
    graded(learner, first)
    graded(learner, first, now=NOW + timedelta(hours=1))
    graded(learner, second, now=on_day(1))
    assert reviewed(numbers_on(learner, 1)) == {NOW.date(): 2, on_day(1).date(): 1}


def test_what_was_taken_back_never_counts(learner, aimed):
    question = questions(aimed, 1)[0]
    graded(learner, question)
    graded(learner, question, now=on_day(2), rating=Grade.AGAIN)
    practice.undo(by=learner, now=on_day(2))
    numbers = numbers_on(learner, 2)
    assert reviewed(numbers) == {NOW.date(): 1}
    assert numbers.retention.known == 0
    assert numbers.due_today == 1


def test_after_midnight_belongs_to_the_evening_before_where_the_learner_is(learner, aimed):
    learner.timezone = "America/New_York"
    first, second = questions(aimed, 2)
    graded(learner, first, now=datetime(2026, 11, 3, 8, 30, tzinfo=UTC))  # half past three in the night
    graded(learner, second, now=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    assert reviewed(numbers_on(learner, 1)) == {date(2026, 11, 2): 1, date(2026, 11, 3): 1}


def test_a_learner_who_moves_keeps_the_days_as_they_were(learner, aimed):
    learner.timezone = "Asia/Kolkata"
    graded(learner, questions(aimed, 1)[0], now=datetime(2026, 11, 2, 23, 30, tzinfo=UTC))
    learner.timezone = "America/New_York"
    assert reviewed(numbers_on(learner, 1)) == {date(2026, 11, 3): 1}


def test_true_retention_counts_first_grades_of_known_questions_only(learner, aimed):
    first, second = questions(aimed, 2)
    for question in (first, second):
        graded(learner, question, rating=Grade.AGAIN)  # new: counts not
    recalled = graded(learner, first, now=on_day(1), rating=Grade.HARD)
    forgotten = graded(learner, second, now=on_day(1), rating=Grade.AGAIN)
    graded(learner, second, now=on_day(1), rating=Grade.GOOD)  # the same day once more: counts not
    retention = numbers_on(learner, 1).retention
    assert (retention.known, retention.passed, retention.true) == (2, 1, 0.5)
    assert retention.predicted == pytest.approx((recalled.recall + forgotten.recall) / 2)
    assert retention.is_thin


def test_months_stand_apart_newest_first_and_only_with_something_to_say(learner, aimed):
    question = questions(aimed, 1)[0]
    for day, rating in ((0, Grade.GOOD), (2, Grade.GOOD), (40, Grade.AGAIN)):
        graded(learner, question, now=on_day(day), rating=rating)
    months = [(month, each.known, each.passed) for month, each in numbers_on(learner, 41).months]
    assert months == [(date(2026, 12, 1), 1, 0), (date(2026, 11, 1), 1, 1)]


def test_weeks_begin_on_monday_and_end_today():
    numbers = Numbers(date(2026, 11, 4), (Day(date(2026, 11, 2), 3, 60), Day(date(2026, 11, 1), 2, 30)), ())
    assert len(numbers.weeks) == 26
    assert [(week.begins, week.reviews, week.seconds) for week in numbers.weeks[-2:]] == [
        (date(2026, 10, 26), 2, 30),
        (date(2026, 11, 2), 3, 60),
    ]
    assert (len(numbers.weeks[-1].days), numbers.days_shown, numbers.days_practiced) == (3, 178, 2)


def test_time_is_the_median_of_weeks_with_practice():
    monday = date(2026, 11, 2)
    days = tuple(Day(monday - timedelta(weeks=ago), 1, seconds) for ago, seconds in ((0, 60), (3, 600), (9, 90)))
    assert Numbers(monday, days, ()).usual_seconds == 90


def test_the_forecast_has_the_backlog_on_its_first_day(learner, aimed):
    late, soon, _ = questions(aimed, 3)
    graded(learner, late)
    graded(learner, soon, now=on_day(9))
    numbers = numbers_on(learner, 10)
    assert (numbers.due_today, numbers.due_ahead) == (1, 2)
    assert dict(numbers.forecast)[on_day(11).date()] == 1
    assert len(numbers.forecast) == 30


def test_the_first_day_of_the_forecast_is_what_the_queue_calls_due(learner, aimed):
    for day, question in enumerate(questions(aimed, 3)):
        graded(learner, question, now=on_day(day))
    for days in range(3, 9):
        assert numbers_on(learner, days).due_today == queue_of(learner, today=on_day(days).date()).due


def test_suspended_retired_and_dropped_questions_are_not_forecast(learner, aimed):
    suspended, retired, put_off = questions(aimed, 3)
    for question in (suspended, retired, put_off):
        graded(learner, question)
    practice.suspend(learner=learner, question=suspended, now=NOW)
    Question.objects.filter(pk=retired.pk).update(retired=True)
    practice.bury(learner=learner, question=put_off, until=on_day(6).date())
    assert numbers_on(learner, 3).due == ((on_day(6).date(), 1),)
    learner.aims.all().delete()
    assert numbers_on(learner, 3).due == ()


def test_twelve_months_are_looked_back_on(learner, aimed):
    first, second = questions(aimed, 2)
    graded(learner, first, now=datetime(2025, 11, 30, 12, tzinfo=UTC))
    graded(learner, second, now=datetime(2025, 12, 1, 12, tzinfo=UTC))
    assert reviewed(numbers_of(learner, today=date(2026, 11, 30))) == {date(2025, 12, 1): 1}


# ---------------------------------------------------------------- today


def test_time_for_what_is_due_is_the_learners_own_median(learner, aimed):
    for question in questions(aimed, 3):
        graded(learner, question)  # each takes 90 seconds
    today = today_of(learner, today=on_day(2).date())
    assert (today.queue.due, today.seconds_each, today.seconds) == (3, 90, 270)


def test_without_an_answer_no_time_is_said(learner, aimed):
    assert today_of(learner, today=NOW.date()).seconds is None


# ---------------------------------------------------------------- charts


def test_each_day_is_in_the_calendar_once_and_inside_of_it():
    numbers = Numbers(date(2026, 11, 4), (Day(date(2026, 11, 2), 8), Day(date(2026, 10, 5), 1)), ())
    drawn = calendar(numbers)
    assert len({each.day for each in drawn.cells}) == len(drawn.cells) == numbers.days_shown
    assert all(0 <= float(each.x) <= 100 - float(each.width) for each in drawn.cells)
    assert {each.day: each.level for each in drawn.cells if each.level} == {date(2026, 11, 2): 4, date(2026, 10, 5): 1}


def test_bars_share_one_scale_and_nothing_is_no_bar():
    drawn = bars([(date(2026, 11, day), value) for day, value in ((1, 0), (2, 5), (3, 10))])
    assert [(bar.value, bar.height) for bar in drawn.bars] == [(5, 50), (10, 100)]
    assert bars([]).bars == ()


# ---------------------------------------------------------------- what it costs


def rows_read() -> tuple[int, int]:
    """Rows of the log that this transaction read one by one, and through an index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'interviews_review'"
        )
        return cursor.fetchone()


def others_practice(question: Question, *, people: int, each: int) -> None:
    """Many reviews of other learners, as rows."""
    learners = UserFactory.create_batch(people)
    cards = Card.objects.bulk_create(Card(learner=one, question=question) for one in learners)
    facts = {"question": question, "question_version": 1, "card_version": 0, "seconds": 60, "revealed_at": NOW}
    attempts = Attempt.objects.bulk_create(
        Attempt(pk=uuid4(), learner=card.learner, card=card, **facts) for card in cards for _ in range(each)
    )
    Review.objects.bulk_create(
        Review(
            attempt=attempt, learner=attempt.learner, card=attempt.card, question_version=1, rubric_version=1, rating=3,
            proposed=3, counted=False, reviewed_at=NOW, study_day=NOW.date() - timedelta(days=place % 300),
            timezone="UTC", seconds=60, scheduler="-", before_version=1,
        )
        for place, attempt in enumerate(attempts)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE interviews_review")


@pytest.mark.slow
def test_the_log_of_one_learner_is_read_by_its_index_whatever_others_have(learner, aimed):
    question = questions(aimed, 1)[0]
    for day in (0, 2, 13):
        graded(learner, question, now=on_day(day))
    others_practice(question, people=40, each=100)
    one_by_one, by_index = rows_read()
    numbers_on(learner, 14)
    today_of(learner, today=on_day(14).date())
    one_by_one_after, by_index_after = rows_read()
    assert one_by_one_after == one_by_one
    assert by_index_after - by_index <= 10, "its own three rows, for each of what is asked"


def test_it_is_one_query_each(learner, aimed, django_assert_num_queries):
    graded(learner, questions(aimed, 1)[0])
    with django_assert_num_queries(2):
        numbers_on(learner, 1)
        today_of(learner, today=on_day(1).date())
