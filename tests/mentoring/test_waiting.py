"""The wait that a learner is told: what really happened, and nothing where that is too little."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import caches

from mentoring import review
from mentoring.models import Kind, Submission, Thread
from mentoring.waiting import LAST, TOO_FEW, Wait, expected_wait
from tests.mentoring.people import ALL_MET, ASKED, later, make_submitted


@pytest.fixture
def decided(learner):
    """Submissions that were decided so many hours after they were handed in, one after the other."""

    def make(role, *hours: float, number: int = 1, outcome: str = "returned", at: float = 1000) -> None:
        threads = Thread.objects.bulk_create(
            Thread(
                learner=learner,
                role=role,
                kind=Kind.MILESTONE,
                subject=uuid4(),
                number=number,
                created_at=later(0),
                changed_at=later(0),
            )
            for _ in hours
        )
        Submission.objects.bulk_create(
            Submission(
                thread=thread,
                number=number,
                role=role,
                submitted_at=later(at + place - wait),
                closed_at=later(at + place),
                outcome=outcome,
                asked=ASKED.to_json(),
            )
            for place, (thread, wait) in enumerate(zip(threads, hours, strict=True))
        )

    return make


def hours(median: float, most: float, decisions: int, *, of_role: bool = True) -> Wait:
    return Wait(timedelta(hours=median), timedelta(hours=most), decisions, of_role)


def test_it_is_the_median_and_the_90th_percentile(analytics, decided):
    decided(analytics, *range(1, 12))
    assert expected_wait(role=analytics.pk, again=False) == hours(6, 10, 11)


def test_fewer_than_five_say_nothing(analytics, decided):
    decided(analytics, *[3] * (TOO_FEW - 1))
    assert expected_wait(role=analytics.pk, again=False) is None


def test_a_role_with_too_few_tells_what_all_roles_know(analytics, coordination, decided):
    decided(analytics, 1)
    decided(coordination, 5, 5, 5, 5)
    assert expected_wait(role=analytics.pk, again=False) == hours(5, 5, 5, of_role=False)


def test_a_role_with_enough_looks_at_no_other(analytics, coordination, decided):
    decided(analytics, *[2] * 5)
    decided(coordination, *[50] * 50)
    assert expected_wait(role=analytics.pk, again=False) == hours(2, 2, 5)


def test_later_rounds_have_a_wait_of_their_own(analytics, decided):
    decided(analytics, *[30] * 5)
    decided(analytics, *[4] * 5, number=2)
    assert expected_wait(role=analytics.pk, again=True) == hours(4, 4, 5)
    assert expected_wait(role=analytics.pk, again=False) == hours(30, 30, 5)


def test_what_was_taken_back_or_still_waits_counts_nothing(analytics, learner, decided):
    decided(analytics, *[1] * 9, outcome="withdrawn")
    make_submitted(learner, analytics)
    assert expected_wait(role=analytics.pk, again=False) is None


def test_only_the_last_decisions_count(analytics, decided):
    decided(analytics, *[100] * 50, at=0)
    decided(analytics, *[6] * LAST, outcome="approved", at=5000)
    assert expected_wait(role=analytics.pk, again=False) == hours(6, 6, LAST)


def test_it_is_kept_for_minutes_and_asked_once(analytics, decided, django_assert_num_queries):
    decided(analytics, *[2] * 5)
    with django_assert_num_queries(1):
        for _ in range(2):
            expected_wait(role=analytics.pk, again=False)
    caches["local"].clear()
    decided(analytics, *[4] * 50)
    assert expected_wait(role=analytics.pk, again=False).median == timedelta(hours=4)


def test_that_nothing_is_known_is_kept_too(analytics, django_assert_num_queries):
    expected_wait(role=analytics.pk, again=False)
    with django_assert_num_queries(0):
        assert expected_wait(role=analytics.pk, again=False) is None


def test_real_reviews_count_from_handing_in_to_the_decision(learner, analytics, ruth):
    for _ in range(TOO_FEW):
        thread = make_submitted(learner, analytics)
        review.claim(thread=thread, by=ruth, key=uuid4(), now=later(7))
        review.approve(thread=thread, judgment=ALL_MET, by=ruth, key=uuid4(), now=later(8))
    assert expected_wait(role=analytics.pk, again=False) == hours(8, 8, TOO_FEW)
