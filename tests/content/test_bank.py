"""What the question bank holds: enough for each role, level and category, and nothing twice."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from django.db import connection

from interviews.models import Question, QuestionCategory, SampleAnswer
from roles.models import Role

pytestmark = pytest.mark.django_db

FULL = (
    "ai-healthcare-analytics-specialist",
    "ai-care-coordination-specialist",
    "ai-chronic-disease-management-specialist",
)
SHORT = (
    "clinical-ai-engineer",
    "medical-ai-research-scientist",
    "healthcare-nlp-engineer",
    "ai-product-manager-healthcare",
)
# How alike two questions, and two answers, may be by pg_trgm. Reworded ones are above that.
MOST_ALIKE, ANSWERS_MOST_ALIKE = 0.5, 0.6


def asked_of(role: str) -> list[Question]:
    return list(Question.objects.open().of(Role.objects.get(slug=role)))


@pytest.mark.parametrize(("role", "least"), [*((role, 55) for role in FULL), *((role, 20) for role in SHORT)])
def test_a_role_has_enough_questions(role, least):
    assert len(asked_of(role)) >= least


@pytest.mark.parametrize(("role", "least"), [*((role, 8) for role in FULL), *((role, 3) for role in SHORT)])
def test_every_level_of_a_role_has_its_questions(role, least):
    levels = Counter(each.level for each in asked_of(role))
    assert set(levels) == {1, 2, 3, 4, 5}
    assert min(levels.values()) >= least, levels


@pytest.mark.parametrize(("role", "least"), [*((role, 10) for role in FULL), *((role, 4) for role in SHORT)])
def test_every_category_of_a_role_has_its_questions(role, least):
    categories = Counter(each.category for each in asked_of(role))
    assert set(categories) == set(QuestionCategory.values)
    assert min(categories.values()) >= least, categories


def test_answers_have_120_to_250_words():
    counts = {each.slug: len(each.model_answer.split()) for each in Question.objects.all()}
    assert {slug: count for slug, count in counts.items() if not 120 <= count <= 250} == {}


def test_questions_have_three_to_six_key_points_of_a_line_each():
    wrong = [
        each.slug
        for each in Question.objects.all()
        if not 3 <= len(each.key_points) <= 6 or not all(15 <= len(point) <= 160 for point in each.key_points)
    ]
    assert wrong == []


def test_every_question_has_a_follow_up_and_asks_for_a_skill():
    assert not Question.objects.filter(follow_up="").exists()
    assert not Question.objects.filter(skills__isnull=True).exists()


def test_no_two_questions_are_alike():
    """By pg_trgm's own parts. Its own `similarity` would take both texts apart anew for each of all pairs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, show_trgm(prompt), show_trgm(model_answer) FROM interviews_question")
        found = [(slug, frozenset(prompt), frozenset(answer)) for slug, prompt, answer in cursor.fetchall()]
    alike = [
        (one, other)
        for (one, prompt, answer), (other, its_prompt, its_answer) in combinations(found, 2)
        if similarity(prompt, its_prompt) > MOST_ALIKE or similarity(answer, its_answer) > ANSWERS_MOST_ALIKE
    ]
    assert alike == []


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of what both texts have, of what either has."""
    both = len(one & other)
    return both / (len(one) + len(other) - both)


@pytest.mark.parametrize("role", FULL)
def test_three_questions_of_each_category_have_two_scored_samples(role):
    with_samples = [each for each in asked_of(role) if each.samples.count() == 2]
    categories = Counter(each.category for each in with_samples)
    assert set(categories) == set(QuestionCategory.values)
    assert min(categories.values()) >= 3, categories


def test_samples_differ_in_how_good_they_are():
    totals = [sample.scores.total for sample in SampleAnswer.objects.all()]
    assert min(totals) <= 7
    assert max(totals) >= 14
    assert len(set(totals)) >= 8


def test_three_questions_of_each_full_role_are_open_to_everybody():
    for role in FULL:
        assert Question.objects.previews().of(Role.objects.get(slug=role)).count() == 3
