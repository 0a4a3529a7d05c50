"""What changed between two texts: which lines, and in those which words. Pure, and bounded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

MOST_LINES = 2000
LONGEST_LINE = 2000
# Unchanged lines that stay beside a change.
CONTEXT = 3

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 150
# Words compared in one difference; lines beyond are marked whole.
_MOST_COMPARED = 20_000
# Lines of a stretch that are matched by likeness, old times new; longer ones are matched in their order.
_MOST_PAIRS = 400
_ALIKE = 0.4


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line; marked where it differs from the line that it is compared with."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either text, or, folded, a number of lines that both have."""

    change: Change
    old: int | None = None  # its number in the old text
    new: int | None = None
    spans: tuple[Span, ...] = ()
    count: int = 0
    # Whether it became, or came from, a line much like it: then only words that differ are marked, if any.
    is_reworded: bool = False


@dataclass(frozen=True, slots=True)
class TextDifference:
    lines: tuple[Line, ...]
    added: int
    removed: int
    # Lines of each text that were not compared.
    cut_old: int = 0
    cut_new: int = 0

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.cut_old or self.cut_new)

    @property
    def is_cut(self) -> bool:
        return bool(self.cut_old or self.cut_new)


def difference(
    old: str | Sequence[str], new: str | Sequence[str], *, most_tokens: int = _MOST_TOKENS
) -> TextDifference:
    """Line by line; in lines that were changed, word by word, but for lines of more than `most_tokens`."""
    before, after = _lines(old), _lines(new)
    cut_old, cut_new = max(0, len(before) - MOST_LINES), max(0, len(after) - MOST_LINES)
    lines = list(_compared(before[:MOST_LINES], after[:MOST_LINES], _Allowance(_MOST_COMPARED, most_tokens)))
    return TextDifference(
        lines=tuple(_folded(lines)),
        added=sum(line.change is Change.ADDED for line in lines),
        removed=sum(line.change is Change.REMOVED for line in lines),
        cut_old=cut_old,
        cut_new=cut_new,
    )


def _lines(text: str | Sequence[str]) -> list[str]:
    lines = text.splitlines() if isinstance(text, str) else text
    return [line.rstrip() for line in lines]


def _compared(before: list[str], after: list[str], allowance: _Allowance) -> Iterator[Line]:
    # Lines that stand more than twenty times are no anchors (autojunk): else a text of equal lines takes a minute.
    for tag, old, old_end, new, new_end in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            for step in range(old_end - old):
                yield Line(Change.SAME, old + step + 1, new + step + 1, _plain(before[old + step]))
        else:
            yield from _changed(before[old:old_end], after[new:new_end], old + 1, new + 1, allowance)


def _changed(removed: list[str], added: list[str], old: int, new: int, allowance: _Allowance) -> Iterator[Line]:
    """All that went, then all that came; words are marked in lines that became each other."""
    gone = [Line(Change.REMOVED, old + step, None, _plain(line)) for step, line in enumerate(removed)]
    come = [Line(Change.ADDED, None, new + step, _plain(line)) for step, line in enumerate(added)]
    for was, now in _pairs(removed, added):
        if marked := _words(removed[was], added[now], allowance):
            gone[was] = replace(gone[was], spans=marked[0], is_reworded=True)
            come[now] = replace(come[now], spans=marked[1], is_reworded=True)
    yield from gone
    yield from come


def _pairs(removed: list[str], added: list[str]) -> list[tuple[int, int]]:
    """Which lines became which: those most alike, without crossing; many are taken in their order."""
    if len(removed) * len(added) > _MOST_PAIRS:
        return [(each, each) for each in range(min(len(removed), len(added)))]
    before, after = [_bag(line) for line in removed], [_bag(line) for line in added]
    # best[i][j]: the most likeness that the lines from i and j on can have.
    best = [[0.0] * (len(added) + 1) for _ in range(len(removed) + 1)]
    alike = [[_likeness(one, other) for other in after] for one in before]
    for i in reversed(range(len(removed))):
        for j in reversed(range(len(added))):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(removed) and j < len(added):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _bag(line: str) -> Counter[str]:
    return Counter(word for word in _TOKEN.findall(line[:LONGEST_LINE])[:_MOST_TOKENS] if not word.isspace())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


@dataclass(slots=True)
class _Allowance:
    """Words that may still be compared, and how many of one line."""

    left: int
    most_tokens: int


def _words(was: str, now: str, allowance: _Allowance) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
    """Both lines with what differs marked; None where too little is the same, or there is too much to compare."""
    if max(len(was), len(now)) > LONGEST_LINE:
        return None
    before, after = _TOKEN.findall(was), _TOKEN.findall(now)
    allowance.left -= len(before) + len(after)
    if max(len(before), len(after)) > allowance.most_tokens or allowance.left < 0:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.quick_ratio() < _ALIKE:
        return None
    old: list[Span] = []
    new: list[Span] = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        for spans, words in ((old, before[i:i_end]), (new, after[j:j_end])):
            if words:
                spans.append(Span("".join(words), marked=tag != "equal"))
    return tuple(old), tuple(new)


def _plain(line: str) -> tuple[Span, ...]:
    return (Span(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"),)


def _folded(lines: list[Line]) -> Iterator[Line]:
    """Unchanged stretches give way to their number, but for what stands beside a change."""
    near = set[int]()
    for place, line in enumerate(lines):
        if line.change is not Change.SAME:
            near.update(range(place - CONTEXT, place + CONTEXT + 1))
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and end not in near:
            end += 1
        if end - place > 1:  # one line takes no more room than its number
            yield Line(Change.FOLDED, count=end - place)
            place = end
        else:
            yield lines[place]
            place += 1
