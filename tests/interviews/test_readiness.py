"""Readiness: exact, never better for knowing less, and honest about what it is made of."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.readiness import Asked, Readiness, Topic, chance, needed_of
from interviews.rubric import Scores
from interviews.scheduling import Memory

TODAY = date(2026, 11, 2)
FHIR, SQL = Topic("hl7-fhir", "HL7 FHIR"), Topic("sql", "SQL")

recalls = st.lists(st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 1)), min_size=1, max_size=10)


def by_brute_force(chances: list[float]) -> float:
    """Every draw, and every way in which it may go."""
    drawn = min(8, len(chances))
    found = 0.0
    for draw in combinations(chances, drawn):
        for answered in product((True, False), repeat=drawn):
            if sum(answered) >= needed_of(drawn):
                found += prod(p if right else 1 - p for p, right in zip(draw, answered, strict=True))
    return found / comb(len(chances), drawn)


@given(recalls)
def test_the_chance_is_that_of_every_draw_counted_out(chances):
    assert chance(chances) == pytest.approx(by_brute_force(chances), abs=1e-12)


@given(recalls, st.data())
def test_a_better_recall_never_lowers_the_chance(chances, data):
    place = data.draw(st.integers(0, len(chances) - 1))
    better = [*chances]
    better[place] = data.draw(st.floats(chances[place], 1))
    assert chance(better) >= chance(chances) - 1e-12


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300))
def test_a_chance_lies_between_nothing_and_certainty_for_any_bank(chances):
    assert 0 <= chance(chances) <= 1


@given(recalls, st.randoms())
def test_the_order_of_questions_makes_no_difference(chances, random):
    shuffled = random.sample(chances, len(chances))
    assert chance(shuffled) == pytest.approx(chance(chances), abs=1e-12)


def test_of_an_empty_bank_nothing_is_said():
    nothing = Readiness((), TODAY)
    assert (nothing.chance, nothing.coverage, nothing.recall, nothing.recall_of_all) == (None, None, None, None)
    assert (nothing.rubric, nothing.gap, nothing.confirmed_share, nothing.is_thin) == (None, None, None, False)


@pytest.mark.parametrize(("size", "drawn", "needed"), [(1, 1, 1), (3, 3, 3), (4, 4, 3), (8, 8, 6), (56, 8, 6)])
def test_a_small_bank_is_drawn_whole_and_keeps_the_proportion(size, drawn, needed):
    readiness = Readiness(tuple(asked() for _ in range(size)), TODAY)
    assert (readiness.drawn, readiness.needed) == (drawn, needed)


@pytest.mark.parametrize("size", [1, 5, 8, 60])
def test_who_knows_all_passes_and_who_knows_nothing_does_not(size):
    assert chance([1.0] * size) == pytest.approx(1)
    assert chance([0.0] * size) == 0


def test_sixty_at_nine_tenths_are_no_hopeless_case():
    """All sixty at once would be 0.2 %: a number that tells nobody anything."""
    assert chance([0.9] * 60) == pytest.approx(0.9619, abs=1e-4)


def test_with_fewer_known_than_needed_there_is_no_chance():
    assert chance([1.0] * 5 + [0.0] * 20) == 0


# ---------------------------------------------------------------- figures


def remembered(days: int = 10, stability: float = 10.0) -> Memory:
    """Last reviewed that many days ago; at as many days as the stability, recall is 0.9."""
    return Memory(stability, 5.0, TODAY, TODAY - timedelta(days=days))


def asked(slug: str = "q", **facts: object) -> Asked:
    return Asked(slug, "What is it?", **({"category": "technical", "level": 2} | facts))


def test_what_was_never_answered_counts_nothing_in_the_second_figure():
    readiness = Readiness((asked(memory=remembered()), asked(), asked(), asked()), TODAY)
    assert (readiness.answered, readiness.coverage) == (1, 0.25)
    assert readiness.recall == pytest.approx(0.9)
    assert readiness.recall_of_all == pytest.approx(0.225)


@pytest.mark.parametrize(("answered", "total", "thin"), [(6, 56, True), (27, 56, True), (28, 56, False), (3, 3, False)])
def test_few_answers_are_said_to_say_little(answered, total, thin):
    rows = [asked(memory=remembered()) for _ in range(answered)] + [asked() for _ in range(total - answered)]
    assert Readiness(tuple(rows), TODAY).is_thin is thin


def test_each_criterion_has_its_own_mean():
    rows = (asked(own=Scores(4, 3, 2, 1)), asked(own=Scores(2, 3, 2, 2)), asked())
    readiness = Readiness(rows, TODAY)
    assert {each.criterion.name: each.mean for each in readiness.criteria} == {
        "substance": 3, "reasoning": 3, "grounding": 2, "delivery": 1.5,
    }  # fmt: skip
    assert (readiness.rubric, readiness.scored) == (2.375, 2)


def test_a_mentor_who_gave_as_much_confirms():
    own, less, same = Scores(3, 3, 3, 3), Scores(2, 3, 3, 2), Scores(4, 2, 3, 3)
    rows = (asked(own=own, pair=(own, less)), asked(own=own, pair=(own, same)), asked(own=own), asked(own=own))
    readiness = Readiness(rows, TODAY)
    assert (readiness.confirmed, readiness.confirmed_share, readiness.gap) == (1, 0.25, 1)


def test_without_a_mentor_nothing_is_said_of_a_gap():
    readiness = Readiness((asked(own=Scores(3, 3, 3, 3)),), TODAY)
    assert (readiness.confirmed_share, readiness.gap, readiness.gap_below) == (None, None, None)


def test_a_question_counts_for_each_of_its_skills_and_the_weakest_comes_first():
    rows = (asked("a", skills=(FHIR, SQL), memory=remembered()), asked("b", skills=(FHIR,)))
    found = Readiness(rows, TODAY).by_skill()
    assert [(topic, each.answered, each.total) for topic, each in found.items()] == [(FHIR, 1, 2), (SQL, 1, 1)]


def test_parts_add_up_to_the_whole():
    rows = (asked("a", memory=remembered()), asked("b", category="domain"), asked("c", category="domain"))
    readiness = Readiness(rows, TODAY)
    assert sum(each.total for each in readiness.by_category().values()) == readiness.total


def test_the_weakest_memory_is_named_first():
    rows = (asked("strong", memory=remembered(1)), asked("weak", memory=remembered(90)), asked("new"))
    assert [each.slug for each, _ in Readiness(rows, TODAY).weakest] == ["weak", "strong"]
