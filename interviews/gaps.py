"""How a learner's scores differ from our editors', in numbers and in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from interviews.rubric import CRITERIA, Criterion, Scores

# A mean closer to zero than this is no difference: a quarter of one anchor.
ALIKE = 0.25

_TITLES = {each.title.split()[0].lower(): each.name for each in CRITERIA}
_PART = re.compile(rf"\b({'|'.join(_TITLES)})(?: in care)? [1-4]:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One criterion of one sample: what the learner gave, what our editors gave, and why."""

    criterion: Criterion
    mine: int
    editors: int
    why: str  # empty where the editors wrote one text for all four

    @property
    def my_anchor(self) -> str:
        return self.criterion.anchors[self.mine - 1]

    @property
    def editors_anchor(self) -> str:
        return self.criterion.anchors[self.editors - 1]

    @property
    def is_alike(self) -> bool:
        return self.mine == self.editors

    @property
    def words(self) -> str:
        gap = self.mine - self.editors
        if not gap:
            return "As our editors did"
        return f"{abs(gap)} {'higher' if gap > 0 else 'lower'} than our editors"


@dataclass(frozen=True, slots=True)
class Gap:
    """One criterion over several samples. Above zero: the learner scores higher than our editors."""

    criterion: Criterion
    mean: float

    @property
    def is_alike(self) -> bool:
        return abs(self.mean) < ALIKE

    @property
    def words(self) -> str:
        if self.is_alike:
            return "as our editors do"
        return f"{abs(self.mean):.1f} {'higher' if self.mean > 0 else 'lower'} than our editors"


def compared(mine: Scores, editors: Scores, *, why: str) -> list[Comparison]:
    """Criterion by criterion."""
    reasons = reasons_of(why)
    return [
        Comparison(each, getattr(mine, each.name), getattr(editors, each.name), reasons.get(each.name, ""))
        for each in CRITERIA
    ]


def reasons_of(why: str) -> dict[str, str]:
    """The editors' text by criterion, where they wrote “Substance 2: …” for each of the four; else nothing."""
    _, *parts = _PART.split(why)
    found = {
        _TITLES[title.lower()]: text.strip()
        for title, text in zip(parts[::2], parts[1::2], strict=True)
        if text.strip()
    }
    return found if len(found) == len(CRITERIA) else {}


def mean_gaps(pairs: Sequence[tuple[Scores, Scores]]) -> list[Gap]:
    """The mean of each criterion over pairs of the learner's and the editors' scores; nothing without a pair."""
    if not pairs:
        return []
    return [
        Gap(each, sum(getattr(mine, each.name) - getattr(editors, each.name) for mine, editors in pairs) / len(pairs))
        for each in CRITERIA
    ]


def finding(gaps: Sequence[Gap]) -> str:
    """What the gaps come to, in one sentence: the widest of them."""
    widest = max(gaps, key=lambda each: abs(each.mean))
    if widest.is_alike:
        return "You score as our editors do"
    return f"You score {widest.words} on {widest.criterion.title.lower()}"
