"""What a learner reads about who looked at their work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Look, Looked
from tests.mentoring.people import make_returned
from tests.pages import Page, flaws
from tests.queries import queries_of


@pytest.fixture
def now():
    return timezone.now()


def test_the_learner_reads_who_looked_by_day(as_learner, learner, ruth, analytics, now):
    submission = make_returned(learner, analytics, ruth, now=now - timedelta(days=2)).submissions.get()
    for days, what in ((0, Looked.CARD), (1, Looked.EXPORT)):
        at = now.replace(hour=10, minute=42) - timedelta(days=days)
        Look.objects.create(learner=learner, viewer=ruth, viewer_name="Ruth Adeyemi", what=what, at=at)
    Look.objects.create(
        learner=learner, viewer=ruth, viewer_name="Ruth Adeyemi", what="submission", submission=submission, at=now
    )
    page = Page(as_learner.get(reverse("look_list")))
    assert flaws(page) == []
    assert page.headings[0] == (1, "Three looks at your work")
    assert sum(level == 2 for level, _ in page.headings) == 3  # two days, and what mentors can see
    assert "A submission: Prediction models for the clinic, round 1" in page.text
    assert "An export of the cohort’s progress 10:42" in page.text


def test_looks_of_others_are_nowhere_on_it(as_learner, other_learner, ruth, now):
    Look.objects.create(learner=other_learner, viewer=ruth, viewer_name="Ruth Adeyemi", what="card", at=now)
    page = Page(as_learner.get(reverse("look_list")))
    assert "Ruth Adeyemi" not in page.text
    assert "Nobody has looked at your work" in page.text
    assert "What mentors can see" in page.text
    assert flaws(page) == []


def test_a_long_list_of_looks_has_pages(as_learner, learner, ruth, now):
    Look.objects.bulk_create(
        Look(learner=learner, viewer=ruth, viewer_name="Ruth", what="card", at=now - timedelta(hours=hour))
        for hour in range(60)
    )
    assert "?page=2" in Page(as_learner.get(reverse("look_list"))).links
    assert queries_of(as_learner, reverse("look_list") + "?page=2") <= 4
