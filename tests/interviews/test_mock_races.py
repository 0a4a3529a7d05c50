"""A mock interview on two devices at the same moment: real threads, each with a connection of its own."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from interviews import mocking
from interviews.mocking import NotRunningError, OlderError, RunsAlreadyError
from interviews.models import Aside, Mock, MockAnswer, MockQuestion, MockScore, MockState
from tests.interviews.mocked import answer_at, begun, ended, marks, saved
from tests.interviews.practicing import NOW
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_twenty_posts_of_one_form_begin_one_interview(learner, analytics):
    key = uuid4()
    results = at_once(*[lambda: begun(learner, analytics, key=key)] * 20)
    assert {type(each) for each in results} == {Mock}
    assert (Mock.objects.count(), MockQuestion.objects.count()) == (1, 3)


def test_of_twenty_forms_one_begins(learner, analytics):
    results = at_once(*[lambda: begun(learner, analytics)] * 20)
    assert sum(isinstance(each, Mock) for each in results) == 1
    assert sum(isinstance(each, RunsAlreadyError) for each in results) == 19


def test_twenty_pages_save_at_once_and_nothing_is_lost(learner, analytics):
    mock = begun(learner, analytics)
    texts = [f"Of page {number}." for number in range(20)]
    results = at_once(
        *[
            lambda number=number, text=text: saved(mock, text, editor=UUID(int=number))
            for number, text in enumerate(texts)
        ]
    )
    assert sum(isinstance(each, MockAnswer) for each in results) == 1
    assert sum(isinstance(each, OlderError) for each in results) == 19
    assert {answer_at(mock).text, *Aside.objects.values_list("text", flat=True)} == set(texts)


def test_one_page_that_sends_in_any_order_ends_with_its_newest(learner, analytics):
    mock = begun(learner, analytics)
    at_once(*[lambda number=number: saved(mock, "a" * number, sequence=number) for number in range(1, 21)])
    assert answer_at(mock).text == "a" * 20


@pytest.mark.parametrize("act", [mocking.finish, mocking.leave])
def test_an_end_against_saves_keeps_every_text_as_answer_or_beside_it(learner, analytics, act):
    mock = begun(learner, analytics)
    saves = [lambda place=place: saved(mock, f"To {place}.", place=place) for place in (1, 2, 3)]
    results = at_once(*saves, lambda: act(mock=mock, by=learner, now=NOW))
    assert all(isinstance(each, (MockAnswer, NotRunningError, Mock)) for each in results), results
    kept = {answer_at(mock, place).text for place in (1, 2, 3)} | set(Aside.objects.values_list("text", flat=True))
    assert {"To 1.", "To 2.", "To 3."} <= kept
    mock.refresh_from_db()
    assert mock.state != MockState.RUNNING


def test_grading_closed_in_two_tabs_is_closed_once(learner, analytics):
    mock = ended(learner, analytics)
    given = {place: marks(3, 3, 3, 3) for place in (1, 2, 3)}
    mocking.keep_marks(mock=mock, marks=given, by=learner, now=NOW)
    results = at_once(*[lambda: mocking.grade(mock=mock, by=learner, now=NOW)] * 5)
    assert results == [0] * 5
    assert MockScore.objects.count() == 3
