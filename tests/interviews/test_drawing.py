"""Drawing questions: proportions, families, levels, what was met lately; the same seed, the same questions."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.drawing import LATELY, PROPORTIONS, Candidate, TooFewQuestionsError, draw, shares

CATEGORIES = list(PROPORTIONS)
seeds = st.integers(0, 2**32 - 1)
counts = st.sampled_from([3, 5, 8])
pools = st.lists(
    st.builds(
        Candidate,
        slug=st.text("abcdef", min_size=1, max_size=6),
        category=st.sampled_from(CATEGORIES),
        level=st.integers(1, 5),
        family=st.sampled_from(["", "", "one", "two", "three"]),
        met=st.none() | st.integers(0, 60),
    ),
    max_size=30,
    unique_by=lambda each: each.slug,
)


def plenty(*, level: int = 3, met: int | None = None, each: int = 8, prefix: str = "") -> list[Candidate]:
    """Enough of each category."""
    return [
        Candidate(f"{prefix}{category}-{number}", category, level, met=met)
        for category in CATEGORIES
        for number in range(each)
    ]


@given(counts)
def test_shares_add_up_and_follow_the_proportions(count):
    found = shares(count)
    assert sum(found.values()) == count
    whole = sum(PROPORTIONS.values())
    assert all(abs(found[name] - count * part / whole) < 1 for name, part in PROPORTIONS.items())


@pytest.mark.parametrize(("count", "found"), [(3, [1, 1, 1, 0]), (5, [2, 1, 1, 1]), (8, [3, 2, 2, 1])])
def test_the_sizes_on_offer_have_these_shares(count, found):
    assert list(shares(count).values()) == found


@given(counts, seeds)
def test_a_bank_that_has_enough_is_drawn_in_proportion(count, seed):
    drawn = draw(candidates=plenty(), count=count, level=3, seed=seed)
    assert Counter(each.category for each in drawn) == Counter(shares(count))


@given(pools, counts, st.integers(1, 5), seeds)
def test_there_are_as_many_as_wished_and_no_two_of_one_family_or_it_is_said(pool, count, level, seed):
    kin = {each.kin for each in pool}
    if len(kin) < count:
        with pytest.raises(TooFewQuestionsError) as caught:
            draw(candidates=pool, count=count, level=level, seed=seed)
        assert caught.value.available == len(kin)
        return
    drawn = draw(candidates=pool, count=count, level=level, seed=seed)
    assert len(drawn) == len({each.kin for each in drawn}) == count
    assert set(drawn) <= set(pool)


@given(pools, counts, seeds, st.randoms())
def test_the_same_seed_draws_the_same_in_whatever_order_they_come(pool, count, seed, random):
    shuffled = random.sample(pool, len(pool))
    try:
        first = draw(candidates=pool, count=count, level=3, seed=seed)
    except TooFewQuestionsError:
        return
    assert draw(candidates=shuffled, count=count, level=3, seed=seed) == first


def test_other_seeds_draw_other_questions():
    drawn = {tuple(draw(candidates=plenty(), count=5, level=3, seed=seed)) for seed in range(20)}
    assert len(drawn) > 15


@given(seeds, st.integers(1, 5))
def test_levels_further_away_come_only_where_nearer_ones_are_lacking(seed, level):
    pool = [each for step in range(1, 6) for each in plenty(level=step, prefix=f"{step}-")]
    drawn = draw(candidates=pool, count=8, level=level, seed=seed)
    assert all(abs(each.level - level) <= 1 for each in drawn)
    far = [each for each in pool if abs(each.level - level) > 1]
    assert len(draw(candidates=far, count=8, level=level, seed=seed)) == 8


@given(seeds)
def test_what_was_met_lately_comes_last(seed):
    pool = plenty(met=1, prefix="met-") + plenty(met=LATELY, prefix="long-ago-")
    assert not any(each.slug.startswith("met-") for each in draw(candidates=pool, count=8, level=3, seed=seed))


@given(seeds)
def test_easier_questions_are_asked_first(seed):
    pool = plenty(level=2, prefix="a-") + plenty(level=4, prefix="b-")
    levels = [each.level for each in draw(candidates=pool, count=8, level=3, seed=seed)]
    assert levels == sorted(levels)


def test_a_family_of_two_categories_leaves_the_scarcer_one_its_question():
    pool = [*plenty(each=4)[:12], Candidate("only", "behavioral", 3, family="shared")]
    pool[0] = Candidate("technical-0", "technical", 3, family="shared")
    for seed in range(50):
        assert "only" in {each.slug for each in draw(candidates=pool, count=8, level=3, seed=seed)}
