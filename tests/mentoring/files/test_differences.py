"""What changed between two submissions, in pieces, lines and words."""

import random
import time

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from mentoring.files.pieces import pieces
from roles.differences import Change, difference


def shown(found):
    signs = {Change.SAME: " ", Change.REMOVED: "-", Change.ADDED: "+", Change.FOLDED: "~"}
    return [
        signs[line.change] + (str(line.count) if line.change is Change.FOLDED else "".join(s.text for s in line.spans))
        for line in found.lines
    ]


def marked(found):
    return [(line.change.value, [span.text for span in line.spans if span.marked]) for line in found.lines]


def page(found):
    return " ".join(render_to_string("mentoring/text_difference.html", {"difference": found, "label": "Plan"}).split())


def test_each_piece_is_kept_added_removed_or_replaced():
    found = pieces(["a", "b", "c"], ["a", "B", "d"], replaced=[("b", "B"), ("x", "y")])
    assert (found.kept, found.added, found.removed, found.replaced) == (("a",), ("d",), ("c",), (("b", "B"),))
    assert not found.is_same
    assert pieces(["a"], ["a"]).is_same


def test_the_same_text_is_the_same():
    assert difference("a\nb", "a\nb\n").is_same
    assert "The text is the same." in page(difference("a", "a"))


def test_words_are_marked_in_lines_that_became_each_other():
    found = difference("The model has 14 inputs.", "The model has 12 inputs.")
    assert marked(found) == [("removed", ["14"]), ("added", ["12"])]
    assert [(line.old, line.new) for line in found.lines] == [(1, None), (None, 1)]


def test_lines_without_likeness_are_whole():
    found = difference("The model has inputs.", "Wards differ, though")
    assert marked(found) == [("removed", []), ("added", [])]


def test_lines_are_matched_by_likeness_not_by_place():
    found = difference("the ward has nine beds", "a new first line\nthe ward has ten beds")
    assert marked(found) == [("removed", ["nine"]), ("added", []), ("added", ["ten"])]


def test_unchanged_stretches_are_folded():
    lines = [f"line {each} {'x' * each}" for each in range(40)]
    found = difference(lines, [*lines[:20], "new", *lines[20:]])
    assert shown(found)[0] == "~17"
    assert shown(found)[4] == "+new"
    assert shown(found)[-1] == "~17"
    assert (found.added, found.removed) == (1, 0)


def test_a_single_unchanged_line_is_shown():
    lines = [str(each) * 5 for each in range(4)]
    assert shown(difference(lines, [*lines, "new"])) == [f" {line}" for line in lines] + ["+new"]


def test_more_than_two_thousand_lines_are_cut_and_said():
    found = difference(["a"] * 2500, ["a"] * 2001)
    assert (found.cut_old, found.cut_new) == (500, 1)
    assert "the last 500 lines of the earlier one and the last 1 of the later one are not compared" in page(found)


LISTENED = difference("kept\nold word here\ngone\n", "kept\nnew word here\n")


def test_it_reads_without_color():
    html = page(LISTENED)
    assert 'aria-label="Plan: what changed, line by line"' in html
    assert '<span class="visually-hidden">Before: </span><del>old</del> word here' in html
    assert '<span class="visually-hidden">Now: </span><ins>new</ins> word here' in html
    assert '<span class="visually-hidden">Removed: </span><del>gone</del>' in html
    assert "1 line added, 2 removed." in html


def test_text_is_text():
    assert "<script>" not in page(difference("", "<script>alert(1)</script>"))


texts = st.lists(st.sampled_from(["", "a", "b b", "c d e", "c d f", "c d e f g"]), max_size=30)


@given(texts, texts)
def test_both_texts_can_be_put_together_again(old, new):
    lines = [line for line in difference(old, new).lines if line.change is not Change.FOLDED]
    for line in lines:
        text = "".join(span.text for span in line.spans)
        assert line.old is None or text == old[line.old - 1]
        assert line.new is None or text == new[line.new - 1]
    folded = sum(line.count for line in difference(old, new).lines if line.change is Change.FOLDED)
    assert sum(line.old is not None for line in lines) + folded == len(old)
    assert sum(line.new is not None for line in lines) + folded == len(new)


pick = random.Random(4).choice


def many(text):
    """2,000 lines; the number of each in the place of #."""
    return [text.replace("#", str(each)) for each in range(2000)]


def of_two_words():
    return [" ".join(pick("ab") for _ in range(70)) for _ in range(2000)]


WORST = {
    "equal lines": (["x"] * 2000, ["x", "y"] * 1000),
    "few lines again and again": ([str(n % 100) for n in range(2000)], [str(n * 37 % 100) for n in range(2000)]),
    "nothing the same": (many("a#"), many("b#")),
    "long lines of equal words": (["a b " * 450] * 199, ["a c " * 450] * 199),
    "many lines of equal words": (many("a b " * 35 + "#"), many("a c " * 35 + "#")),
    "words of two kinds": (of_two_words(), of_two_words()),
    "stretches to be matched": (
        [f"{n} same" if n % 21 else f"{n}" for n in range(2000)],
        [f"{-n} same" if n % 21 else f"{n}" for n in range(2000)],
    ),
}


@pytest.mark.parametrize("what", WORST)
def test_the_worst_ends_in_time(what):
    began = time.thread_time()
    difference(*WORST[what])
    assert time.thread_time() - began < 2


def test_a_line_that_only_lost_words_is_marked_nowhere_else():
    found = difference("one two three four five", "one two three four")
    assert marked(found) == [("removed", [" five"]), ("added", [])]
    assert all(line.is_reworded for line in found.lines)
    assert "<ins>" not in page(found)
