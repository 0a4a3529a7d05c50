"""From scores to a proposed grade."""

from __future__ import annotations

from itertools import product

import pytest

from interviews.rubric import CRITERIA, LOOKS_AT, Grade, Scores, proposed


@pytest.mark.parametrize(
    ("scores", "in_time", "grade"),
    [
        ((1, 4, 4, 4), True, Grade.AGAIN),
        ((2, 2, 2, 2), True, Grade.AGAIN),
        ((2, 3, 2, 2), True, Grade.HARD),
        ((3, 3, 3, 2), True, Grade.HARD),
        ((3, 3, 3, 3), True, Grade.GOOD),
        ((4, 4, 3, 3), True, Grade.GOOD),
        ((4, 4, 4, 3), True, Grade.EASY),
        ((4, 4, 4, 4), False, Grade.GOOD),
    ],
)
def test_the_grade_follows_from_substance_total_and_time(scores, in_time, grade):
    assert proposed(Scores(*scores), in_time=in_time) == grade


def test_a_better_score_never_proposes_a_worse_grade():
    for scores in product(range(1, 5), repeat=4):
        for place in range(4):
            if scores[place] == 4:
                continue
            better = (*scores[:place], scores[place] + 1, *scores[place + 1 :])
            assert proposed(Scores(*better), in_time=True) >= proposed(Scores(*scores), in_time=True)


def test_hard_is_said_to_be_a_pass():
    assert Grade.HARD.means == "A pass, with effort"


@pytest.mark.parametrize("scores", [(0, 3, 3, 3), (3, 3, 3, 5)])
def test_scores_are_one_to_four(scores):
    with pytest.raises(ValueError, match="1 to 4"):
        Scores(*scores)


def test_every_category_says_what_the_criteria_look_at():
    assert set(LOOKS_AT) == {"technical", "domain", "scenario", "behavioral"}
    names = {each.name for each in CRITERIA} - {"delivery"}
    assert all(set(each) == names for each in LOOKS_AT.values())
