import pytest

from roles.choosing.naming import choice_of

KNOWN = {"a": "Alpha", "b": "Beta", "c": "Gamma"}


def chosen(*values, **limits):
    return choice_of(values, KNOWN, what="role", **limits)


def test_known_slugs_are_kept_in_the_order_of_the_address():
    assert chosen("c", "a").slugs == ("c", "a")
    assert chosen("c", "a").problems == ()


def test_what_is_empty_is_passed_over():
    assert chosen("", "a").problems == ()


def test_a_doubled_slug_counts_once_and_is_said():
    found = chosen("a", "b", "a")
    assert found.slugs == ("a", "b")
    assert found.problems == ("Named more than once, shown once: Alpha.",)


def test_an_unknown_slug_is_said_and_left_out():
    found = chosen("x", "a")
    assert found.slugs == ("a",)
    assert found.problems == ("We know no role called “x”, so it is left out.",)


def test_of_many_unknown_slugs_only_a_few_are_repeated():
    (problem,) = chosen(*(f"x{n}" for n in range(500))).problems
    assert problem == "We know no role called “x0”, “x1”, “x2” and 497 more, so they are left out."


def test_a_long_unknown_slug_is_cut():
    (problem,) = chosen("x" * 5000).problems
    assert len(problem) < 120


@pytest.mark.parametrize(("most", "kept"), [(None, 3), (2, 2)])
def test_what_is_too_much_is_named_and_left_out(most, kept):
    found = chosen("a", "b", "c", most=most)
    assert len(found.slugs) == kept
    assert found.problems == (() if most is None else ("At most 2 roles can be chosen. Left out: Gamma.",))
