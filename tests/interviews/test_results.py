"""What a graded mock comes to: means, the finding, the weakest three, the trend."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviews.models import Mock, MockAnswer, MockQuestion, MockScore, MockState, Question
from interviews.results import result_of
from interviews.rubric import NAMES
from interviews.trend_chart import mean_of, trend_of
from tests.interviews.practicing import NOW


def slot(place: int, *scores: int, category: str = "technical", text: str = "Mine.") -> MockQuestion:
    row = MockQuestion(place=place, category=category, question=Question(prompt=f"Question {place}"))
    row.answer = MockAnswer(text=text)
    row.score = MockScore(**dict(zip(NAMES, scores, strict=True)))
    return row


def test_totals_and_means_are_those_of_all_scores():
    result = result_of([slot(1, 4, 4, 3, 3), slot(2, 1, 2, 2, 2, category="domain", text=" ")])
    assert (result.total, result.most, result.mean, result.answered) == (21, 32, 2.6, 1)
    assert [(each.title, each.mean) for each in result.by_criterion] == [
        ("Substance", 2.5),
        ("Reasoning", 3.0),
        ("Grounding in care", 2.5),
        ("Delivery", 2.5),
    ]
    assert [(each.title, each.mean, each.count) for each in result.by_category] == [
        ("Technical", 3.5, 1),
        ("Domain", 1.8, 1),
    ]


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ((4, 3, 3, 2), "Strongest in substance, weakest in delivery"),
        ((4, 4, 3, 3), "Strongest in substance and reasoning, weakest in grounding in care and delivery"),
        ((3, 3, 3, 2), "Weakest in delivery"),
        ((3, 2, 2, 2), "Strongest in substance"),
        ((3, 3, 3, 3), "Even on all four criteria, 3.0 of 4"),
    ],
)
def test_the_finding_names_what_stands_out(scores, said):
    assert result_of([slot(1, *scores)]).finding == said


def test_where_nothing_was_answered_no_criterion_stands_out():
    assert result_of([slot(1, 1, 1, 1, 1, text=""), slot(2, 1, 1, 1, 1, text=" ")]).finding == "Nothing was answered"


def test_the_three_weakest_come_weakest_first_and_good_ones_are_none():
    slots = [
        slot(1, 3, 3, 3, 3),
        slot(2, 2, 2, 2, 2),
        slot(3, 1, 2, 2, 3),
        slot(4, 2, 3, 3, 3),
        slot(5, 1, 1, 1, 1),
        slot(6, 3, 3, 3, 2),
    ]
    assert [each.place for each in result_of(slots).weakest] == [5, 3, 2]
    assert result_of(slots[:1]).weakest == []


def graded(total: int | None, *, days: int = 0, state: str = MockState.GRADED) -> Mock:
    mock = Mock(count=3, state=state, started_at=NOW + timedelta(days=days))
    mock.total = total
    return mock


def test_a_mean_is_of_what_is_graded():
    assert mean_of(graded(33)) == 2.8
    assert mean_of(graded(33, state=MockState.ENDED)) is None
    assert mean_of(graded(None, state=MockState.LEFT)) is None


def test_a_trend_goes_from_the_oldest_to_the_newest_on_a_scale_of_one_to_four():
    trend = trend_of([graded(48, days=2), graded(30, days=1), graded(12)])
    assert [(each.x, each.y) for each in trend.points] == [(7, 100), (51, 50), (95, 0)]
    assert trend.finding == "Three graded: 1.0 of 4 in the first, 4.0 in the last"


def test_two_are_no_trend():
    assert trend_of([graded(30), graded(31), graded(None, state=MockState.LEFT)]) is None
