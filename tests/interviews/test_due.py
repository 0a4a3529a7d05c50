"""What is due today is one number: in practice, on the role's page, on Today and in the forecast."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import practice
from interviews.days import study_day
from interviews.models import Card, Question
from interviews.numbers import numbers_of
from interviews.queue import queue_of
from interviews.rubric import Grade
from interviews.standing import standing_of
from tests.conftest import ANALYTICS
from tests.interviews.practicing import NOW, aim_at, graded, on_day, questions
from tests.pages import Page


@pytest.fixture
def aimed(learner, analytics):
    aim_at(learner, analytics)
    return analytics


def twins(role) -> tuple[Question, Question, Question]:
    """Two questions of one family, and one of none."""
    one, other, alone = questions(role, 3)
    Question.objects.filter(pk__in=[one.pk, other.pk]).update(family="twins")
    return one, other, alone


def due(learner, role, today: date) -> tuple[int, int, int, int]:
    """As the queue, the role, the forecast and the cards have it."""
    return (
        queue_of(learner, today=today).due,
        standing_of(learner, role, today=today).readiness.due,
        numbers_of(learner, today=today).due_today,
        Card.objects.due_for(learner, today).count(),
    )


def test_a_family_practiced_today_waits_for_tomorrow_everywhere(learner, aimed):
    one, *_ = those = twins(aimed)
    for question in those:
        graded(learner, question)
    assert due(learner, aimed, on_day(9).date()) == (3, 3, 3, 3)
    graded(learner, one, now=on_day(9))
    assert due(learner, aimed, on_day(9).date()) == (1, 1, 1, 1)
    ahead = dict(numbers_of(learner, today=on_day(9).date()).forecast)
    assert ahead[on_day(10).date()] == 1
    assert due(learner, aimed, on_day(10).date()) == (2, 2, 2, 2)


def test_a_new_question_of_a_family_makes_the_known_one_wait(learner, aimed):
    one, other, _ = twins(aimed)
    graded(learner, one)
    graded(learner, other, now=on_day(9))
    assert due(learner, aimed, on_day(9).date()) == (0, 0, 0, 0)
    assert due(learner, aimed, on_day(10).date()) == (1, 1, 1, 1)


def test_what_is_put_off_suspended_or_changed_counts_alike(learner, aimed):
    put_off, suspended, changed = questions(aimed, 3)
    for question in (put_off, suspended, changed):
        graded(learner, question, rating=Grade.EASY)
    Question.objects.filter(pk=changed.pk).update(version=2)
    assert due(learner, aimed, NOW.date()) == (0, 0, 0, 0), "it was answered today"
    assert due(learner, aimed, on_day(1).date()) == (1, 1, 1, 1)
    practice.bury(learner=learner, question=put_off, until=on_day(101).date())
    practice.suspend(learner=learner, question=suspended, now=NOW)
    assert due(learner, aimed, on_day(100).date()) == (1, 1, 1, 1)
    assert due(learner, aimed, on_day(101).date()) == (2, 2, 2, 2)


def test_the_next_day_of_a_role_is_when_practice_brings_something_back(as_learner, learner, aimed):
    one, other, _ = twins(aimed)
    Question.objects.of(aimed).exclude(pk__in=[one.pk, other.pk]).update(retired=True)
    for question in (one, other):
        graded(learner, question, now=timezone.now() - timedelta(days=9))
    graded(learner, one, now=timezone.now())
    tomorrow = study_day(timezone.now(), learner.zone) + timedelta(days=1)
    page = Page(as_learner.get(reverse("interviews:role_questions", args=[ANALYTICS])))
    assert f"comes back on {tomorrow:%A}, {tomorrow:%B} {tomorrow.day}." in page.text


@pytest.mark.parametrize("practiced_today", [False, True])
def test_every_page_says_the_same_number(as_learner, learner, aimed, practiced_today):
    one, *_ = those = twins(aimed)
    Question.objects.of(aimed).exclude(pk__in=[each.pk for each in those]).update(retired=True)
    for question in those:
        graded(learner, question, now=timezone.now() - timedelta(days=9))
    if practiced_today:
        graded(learner, one, now=timezone.now())
    count = 1 if practiced_today else 3

    def text(name: str, *args: str) -> str:
        return Page(as_learner.get(reverse(name, args=args))).text

    plural = ("is", "") if count == 1 else ("are", "s")
    assert f"{count} to go" in text("interviews:practice")
    assert f"Practice the weakest of {count} due" in text("interviews:role_questions", ANALYTICS)
    assert f"{count} question{plural[1]} {plural[0]} due" in text("dashboard")
    assert f"{count} of them today" in text("interviews:practice_numbers")
