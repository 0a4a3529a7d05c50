"""Study days predict answers better than raw moments.

The library counts whole periods of 24 hours. Whoever answers in the evening and on the next morning but one has slept
two nights, and it counts one; from an evening to the next morning it counts none, and takes the review for a repetition
of the same day. The log of `forgetting` has the true curve over study days; both replays see the same reviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import log
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from fsrs import Card, Rating, Scheduler

from interviews.days import study_day
from interviews.scheduling import Memory, recall, schedule
from tests.interviews import forgetting
from tests.interviews.forgetting import Answered

# A prediction of certainty that fails would cost without limit.
_SUREST = 1e-3


def loss(pairs: Iterable[tuple[float, bool]]) -> float:
    """The mean log loss of predictions, each kept a thousandth away from certainty."""
    kept = [(min(max(chance, _SUREST), 1 - _SUREST), recalled) for chance, recalled in pairs]
    return fmean(-log(chance if recalled else 1 - chance) for chance, recalled in kept)


def by_study_days(reviews: Iterable[Answered]) -> Iterator[tuple[float, bool]]:
    """What our scheduler predicted before each review, and what happened."""
    memories: dict[int, Memory] = {}
    for each in reviews:
        memory, day = memories.get(each.card), study_day(each.at, ZoneInfo(each.zone))
        if memory is not None:
            yield recall(memory=memory, on=day), each.rating > 1
        memories[each.card] = schedule(memory=memory, rating=each.rating, study_day=day)


def by_moments(reviews: Iterable[Answered]) -> Iterator[tuple[float, bool]]:
    """The same by the library alone, given the moments as they are."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards: dict[int, Card] = {}
    for each in reviews:
        card = cards.get(each.card)
        if card is not None:
            yield scheduler.get_card_retrievability(card, each.at), each.rating > 1
        cards[each.card], _ = scheduler.review_card(card or Card(card_id=each.card), Rating(each.rating), each.at)


@pytest.fixture(scope="module")
def reviews() -> list[Answered]:
    return forgetting.log()


def test_the_log_is_the_same_every_time_and_goes_forward(reviews):
    assert reviews == forgetting.log()
    assert len(reviews) == 5_000
    assert {each.zone for each in reviews} == set(forgetting.ZONES)
    for before, after in pairwise(reviews):
        assert before.card != after.card or before.at < after.at


@pytest.mark.slow
def test_study_days_predict_better_than_moments(reviews):
    days, moments = loss(by_study_days(reviews)), loss(by_moments(reviews))
    print(f"\nlog loss of {len(reviews):,} reviews: {days:.4f} by study days, {moments:.4f} by moments")
    assert days < moments - 0.02


def test_by_study_days_the_prediction_is_the_truth(reviews):
    truth = loss((each.truth, each.rating > 1) for each in reviews if each.truth is not None)
    assert loss(by_study_days(reviews)) == pytest.approx(truth, abs=1e-9)
