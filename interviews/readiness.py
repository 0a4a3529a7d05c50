"""How ready somebody is for a role's interview: figures with what they are made of, never a verdict. Pure.

Everything is counted over the questions of the role up to a level. What was never answered counts as not known wherever
an interview could ask it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import fmean

from interviews import rubric
from interviews.rubric import Criterion, Scores
from interviews.scheduling import Memory, recall

# An interview as it is drawn: eight questions, of which six should be answered. Fewer questions keep the proportion.
DRAWN, NEEDED = 8, 6

# With fewer answers than this, or less than half of the questions, figures say little yet.
_FEW = 8


@dataclass(frozen=True, slots=True)
class Topic:
    """A skill that a question asks for."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the role as one learner stands with it."""

    slug: str
    prompt: str
    category: str
    level: int
    skills: tuple[Topic, ...] = ()
    memory: Memory | None = None  # None where it was never answered, or means something else since
    own: Scores | None = None  # of the last answer that the learner scored
    pair: tuple[Scores, Scores] | None = None  # of the last answer that both scored: the learner's own, the mentor's
    back_on: date | None = None  # the study day on which practice brings it back; None where it is new or suspended
    is_aside: bool = False  # put off or suspended: practice does not bring it

    def is_due_on(self, day: date) -> bool:
        return self.back_on is not None and self.back_on <= day

    def recall_on(self, day: date) -> float:
        return recall(memory=self.memory, on=day) if self.memory else 0.0


@dataclass(frozen=True, slots=True)
class CriterionMean:
    criterion: Criterion
    mean: float  # 1 to 4

    @property
    def width(self) -> float:
        """In percent of a chart that ends at 4."""
        return round(25 * self.mean, 1)


@dataclass(frozen=True)
class Readiness:
    """What a set of questions says on a day."""

    questions: tuple[Asked, ...]
    on: date

    @property
    def total(self) -> int:
        return len(self.questions)

    @cached_property
    def known(self) -> tuple[Asked, ...]:
        """Those that were answered at least once."""
        return tuple(each for each in self.questions if each.memory)

    @property
    def answered(self) -> int:
        return len(self.known)

    @property
    def coverage(self) -> float | None:
        """The share that was answered at least once, 0 to 1."""
        return self.answered / self.total if self.total else None

    @cached_property
    def recalls(self) -> tuple[float, ...]:
        """Of every question, in their order; 0 where it was never answered."""
        return tuple(each.recall_on(self.on) for each in self.questions)

    @property
    def recall(self) -> float | None:
        """The mean over what was answered, 0 to 1."""
        return sum(self.recalls) / self.answered if self.answered else None

    @property
    def recall_of_all(self) -> float | None:
        """The mean over all, where what was never answered counts 0."""
        return fmean(self.recalls) if self.total else None

    @property
    def drawn(self) -> int:
        return min(DRAWN, self.total)

    @property
    def is_drawn_from(self) -> bool:
        """There are as many as an interview draws: with fewer, a chance says little of an interview."""
        return self.total >= DRAWN

    @property
    def needed(self) -> int:
        return needed_of(self.drawn)

    @cached_property
    def chance(self) -> float | None:
        """Of answering enough of the questions that an interview draws, 0 to 1."""
        return chance(self.recalls)

    @cached_property
    def criteria(self) -> list[CriterionMean]:
        """The mean of the last scores that the learner gave each answer; empty where nothing was scored."""
        own = [each.own for each in self.questions if each.own]
        return [CriterionMean(each, fmean(getattr(one, each.name) for one in own)) for each in rubric.CRITERIA if own]

    @property
    def rubric(self) -> float | None:
        """The mean of the criteria, 1 to 4."""
        return fmean(each.mean for each in self.criteria) if self.criteria else None

    @property
    def scored(self) -> int:
        return sum(each.own is not None for each in self.questions)

    @cached_property
    def pairs(self) -> tuple[tuple[Scores, Scores], ...]:
        """Scores of the same answer by the learner and by a mentor."""
        return tuple(each.pair for each in self.questions if each.pair)

    @property
    def confirmed(self) -> int:
        """How many a mentor gave at least as much."""
        return sum(mentor.total >= own.total for own, mentor in self.pairs)

    @property
    def confirmed_share(self) -> float | None:
        """Of all that the learner scored, 0 to 1; None where no mentor scored anything."""
        return self.confirmed / self.scored if self.pairs and self.scored else None

    @property
    def gap(self) -> float | None:
        """By how much the learner's own totals (of 16) lie above a mentor's."""
        return fmean(own.total - mentor.total for own, mentor in self.pairs) if self.pairs else None

    @property
    def gap_below(self) -> float | None:
        """The same the other way round, for sentences."""
        return -self.gap if self.gap is not None else None

    @property
    def is_thin(self) -> bool:
        """Too little was answered for the figures to say much."""
        return self.answered < min(_FEW, self.total) or 2 * self.answered < self.total

    @property
    def due(self) -> int:
        return sum(each.is_due_on(self.on) for each in self.questions)

    @cached_property
    def weakest(self) -> list[tuple[Asked, float]]:
        """What was answered, with its recall, the weakest first."""
        found = [(each, each.recall_on(self.on)) for each in self.known]
        return sorted(found, key=lambda each: (each[1], each[0].slug))

    def by_category(self) -> dict[str, Readiness]:
        """In the order in which the questions come."""
        return self._by(lambda each: (each.category,))

    def by_skill(self) -> dict[Topic, Readiness]:
        """The weakest first, where what was never answered counts 0; a question counts for each of its skills."""
        found = self._by(lambda each: each.skills)
        return dict(sorted(found.items(), key=lambda each: (each[1].recall_of_all or 0.0, each[0].name)))

    def _by[Key](self, keys: Callable[[Asked], Iterable[Key]]) -> dict[Key, Readiness]:
        found: dict[Key, list[Asked]] = {}
        for question in self.questions:
            for key in keys(question):
                found.setdefault(key, []).append(question)
        return {key: Readiness(tuple(each), self.on) for key, each in found.items()}


def needed_of(drawn: int) -> int:
    """How many of so many drawn questions should be answered."""
    return math.ceil(drawn * NEEDED / DRAWN)


def chance(recalls: Sequence[float]) -> float | None:
    """Of answering enough of the questions that are drawn from these, each with its chance of being recalled.

    Exact, for a uniform draw without replacement: `ways[drawn][missed]` adds up, over all sets of so many questions,
    the chance that so many of them are missed. None where there is no question.
    """
    total = len(recalls)
    if not total:
        return None
    drawn = min(DRAWN, total)
    spare = drawn - needed_of(drawn)  # how many may be missed
    ways = [[0.0] * (spare + 1) for _ in range(drawn + 1)]
    ways[0][0] = 1.0
    known = [each for each in recalls if each > 0]
    for seen, right in enumerate(known, 1):
        wrong = 1.0 - right
        for size in range(min(seen, drawn), 0, -1):
            before, here = ways[size - 1], ways[size]
            here[0] += before[0] * right
            for missed in range(1, spare + 1):
                here[missed] += before[missed] * right + before[missed - 1] * wrong
    # What is not known at all is missed wherever it is drawn.
    unknown = total - len(known)
    enough = (
        math.comb(unknown, blank) * math.fsum(ways[drawn - blank][: spare - blank + 1]) for blank in range(spare + 1)
    )
    return min(1.0, math.fsum(enough) / math.comb(total, drawn))
