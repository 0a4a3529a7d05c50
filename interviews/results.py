"""What a graded mock interview comes to. Pure: numbers from rows that were read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interviews import rubric
from interviews.models import MockQuestion, QuestionCategory
from interviews.rubric import Scores
from roles.words import listed

# What is below this of 16 is worth another look: the rubric would not call it Good.
WEAK_BELOW = 12
WEAKEST = 3
# Means of two criteria that are nearer to each other are as good as equal.
APART = 0.5


@dataclass(frozen=True, slots=True)
class Average:
    """A mean of scores from 1 to 4."""

    title: str
    mean: float
    count: int


@dataclass(frozen=True, slots=True)
class Result:
    total: int
    most: int
    by_criterion: list[Average]
    by_category: list[Average]
    weakest: list[MockQuestion]
    answered: int

    @property
    def mean(self) -> float:
        return round(4 * self.total / self.most, 1)

    @property
    def tables(self) -> list[tuple[str, list[Average]]]:
        return [("By criterion", self.by_criterion), ("By category", self.by_category)]

    @property
    def finding(self) -> str:
        """“Strongest in delivery, weakest in grounding in care”; means that lie close together say nothing."""
        if not self.answered:
            return "Nothing was answered"
        means = [each.mean for each in self.by_criterion]
        if max(means) - min(means) < APART:
            return f"Even on all four criteria, {self.mean} of 4"
        said = [("strongest", max(means)), ("weakest", min(means))]
        named = [(how, [each.title.lower() for each in self.by_criterion if each.mean == mean]) for how, mean in said]
        text = ", ".join(f"{how} in {listed(titles)}" for how, titles in named if len(titles) < 3)
        return text[0].upper() + text[1:]


def result_of(slots: Sequence[MockQuestion]) -> Result:
    """Of the questions of a graded mock, in their order."""
    scored = [(slot, scores) for slot in slots if (scores := slot.score.scores) is not None]
    return Result(
        total=sum(scores.total for _, scores in scored),
        most=16 * len(scored),
        by_criterion=[
            _average(each.title, (getattr(scores, each.name) for _, scores in scored)) for each in rubric.CRITERIA
        ],
        by_category=[
            _average(str(category.label), found)
            for category in QuestionCategory
            if (found := [scores.total / 4 for slot, scores in scored if slot.category == category])
        ],
        weakest=_weakest(scored),
        answered=sum(not slot.answer.is_empty for slot in slots),
    )


def _average(title: str, values: Iterable[float]) -> Average:
    found = list(values)
    return Average(title, round(sum(found) / len(found), 1), len(found))


def _weakest(scored: list[tuple[MockQuestion, Scores]]) -> list[MockQuestion]:
    """Up to three, the weakest first; substance decides between equals."""
    weak = [(scores.total, scores.substance, slot.place, slot) for slot, scores in scored if scores.total < WEAK_BELOW]
    return [slot for *_, slot in sorted(weak, key=lambda each: each[:3])[:WEAKEST]]
