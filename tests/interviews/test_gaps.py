"""How scores differ is said in numbers and in words."""

from __future__ import annotations

import pytest

from interviews.gaps import compared, finding, mean_gaps, reasons_of
from interviews.rubric import NAMES, Scores
from tests.interviews.practicing import WHY


def test_a_sample_is_compared_criterion_by_criterion():
    found = compared(Scores(3, 3, 4, 2), Scores(2, 3, 1, 4), why=WHY)
    assert [each.criterion.name for each in found] == list(NAMES)
    assert [each.words for each in found] == [
        "1 higher than our editors",
        "As our editors did",
        "3 higher than our editors",
        "2 lower than our editors",
    ]
    assert found[0].my_anchor == "All key points right"
    assert found[0].editors_anchor == "Right fragments, a key point missing"
    assert [each.why for each in found] == ["half of it.", "two ways.", "nobody is named.", "short."]


@pytest.mark.parametrize(
    "why",
    ["One text for all.", "Substance 2: half of it.", "Substance 2: Reasoning 3: a Grounding 1: b Delivery 4: c", ""],
)
def test_reasons_that_are_not_given_for_each_criterion_stay_one_text(why):
    assert reasons_of(why) == {}


def test_a_criterion_may_be_named_in_full():
    assert reasons_of(WHY.replace("Grounding", "Grounding in care"))["grounding"] == "nobody is named."


def test_the_mean_gap_is_over_all_pairs():
    pairs = [(Scores(3, 4, 2, 1), Scores(3, 3, 3, 3)), (Scores(3, 3, 3, 3), Scores(3, 3, 3, 3))]
    assert [each.mean for each in mean_gaps(pairs)] == [0, 0.5, -0.5, -1]
    assert mean_gaps([]) == []


def test_the_finding_names_the_widest_gap():
    one, other = Scores(3, 3, 3, 3), Scores(3, 2, 3, 3)
    assert (
        finding(mean_gaps([(one, other)] * 3 + [(one, one)] * 2))
        == "You score 0.6 higher than our editors on reasoning"
    )
    assert finding(mean_gaps([(other, one)])) == "You score 1.0 lower than our editors on reasoning"


def test_less_than_a_quarter_of_an_anchor_is_no_difference():
    one, other = Scores(3, 3, 3, 3), Scores(3, 2, 3, 3)
    assert finding(mean_gaps([(one, other)] + [(one, one)] * 4)) == "You score as our editors do"
