"""Which questions a mock interview asks. Pure: the same seed draws the same questions, in whatever order they come.

Categories come in fixed proportions, levels at and around the wished one, no two questions of one family, and rather
what the learner has not met lately.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Stored with every mock: whoever changes what follows raises it.
VERSION = 1

# Of eight questions. What a role's bank cannot fill goes to the other categories.
PROPORTIONS: Mapping[str, int] = {"technical": 3, "domain": 2, "scenario": 2, "behavioral": 1}
# Days after which a question counts as one that the learner has not met lately.
LATELY = 21


class TooFewQuestionsError(Exception):
    """The bank has only `available` questions of different families."""

    def __init__(self, available: int) -> None:
        super().__init__(f"only {available} questions")
        self.available = available


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that could be asked."""

    slug: str
    category: str
    level: int
    family: str = ""
    met: int | None = None  # days since the learner last answered it or was asked it; None where never

    @property
    def kin(self) -> str:
        """What no two questions of a mock share."""
        return f"family {self.family}" if self.family else f"question {self.slug}"


def shares(count: int) -> dict[str, int]:
    """How many of so many questions each category has: largest remainders, the earlier category where they tie."""
    whole = sum(PROPORTIONS.values())
    found = {category: count * part // whole for category, part in PROPORTIONS.items()}
    rest = {category: count * part % whole for category, part in PROPORTIONS.items()}
    for category in sorted(rest, key=lambda each: -rest[each])[: count - sum(found.values())]:
        found[category] += 1
    return found


def draw(*, candidates: Iterable[Candidate], count: int, level: int, seed: int) -> list[Candidate]:
    """The questions in the order in which they are asked: easier ones first.

    Raises TooFewQuestionsError where there are not as many of different families.
    """
    pool = sorted(candidates, key=lambda each: _rank(each, level, seed))
    available = len({each.kin for each in pool})
    if available < count:
        raise TooFewQuestionsError(available)
    chosen: list[Candidate] = []
    kin: set[str] = set()

    def take(among: Iterable[Candidate], most: int) -> None:
        for each in among:
            if most <= 0:
                return
            if each.kin not in kin:
                chosen.append(each)
                kin.add(each.kin)
                most -= 1

    by_category = {category: [each for each in pool if each.category == category] for category in PROPORTIONS}
    wanted = shares(count)
    # The scarcest first, so that a family which two categories have does not leave the smaller one empty.
    for category in sorted(wanted, key=lambda each: len({one.kin for one in by_category[each]}) - wanted[each]):
        take(by_category[category], wanted[category])
    take(pool, count - len(chosen))
    return sorted(chosen, key=lambda each: (each.level, _lot(each, seed)))


def _rank(each: Candidate, level: int, seed: int) -> tuple[int, int, str]:
    """One level up or down is as good as the wished one; then what was not met lately; then by lot."""
    far = max(0, abs(each.level - level) - 1)
    fresh = 0 if each.met is None else max(0, LATELY - each.met)
    return far, fresh, _lot(each, seed)


def _lot(each: Candidate, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{each.slug}".encode()).hexdigest()
