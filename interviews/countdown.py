"""The way to the day of an interview: how much each week takes, and what is recalled on that day. Pure.

A plan, not a promise: every review is on its day and graded Good, and new questions begin at the learner's pace, or
faster where that is needed to meet each of them once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import fmean

from interviews.rubric import Grade
from interviews.scheduling import Memory, recall, schedule

# Weeks that are shown one by one; what lies beyond is one line.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the plan, or what is left of them."""

    begins: date
    ends: date
    reviews: int
    new: int

    @property
    def whole(self) -> int:
        return self.reviews + self.new


@dataclass(frozen=True)
class Countdown:
    """From a study day to the day of the interview, which itself is free of practice."""

    today: date
    interview_on: date
    memories: tuple[Memory | None, ...]  # of every question; None where it was never answered
    pace: int  # new questions a day, as the learner chose

    @property
    def days(self) -> int:
        """Days left; 0 on the day, negative after it."""
        return (self.interview_on - self.today).days

    @property
    def unmet(self) -> int:
        return sum(memory is None for memory in self.memories)

    @property
    def new_a_day(self) -> int:
        """New questions a day that it takes to have met every one once."""
        return -(-self.unmet // self.days) if self.days > 0 else 0

    @property
    def is_faster(self) -> bool:
        """It takes more new ones a day than the learner chose."""
        return self.new_a_day > self.pace

    @property
    def met_by(self) -> date | None:
        """The day on which the last new question begins; None where none is left."""
        return max(self._first_days(), default=None)

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        reviews, new, _ = self._plan
        found = []
        for place in range(-(-max(self.days, 0) // 7)):
            begins = self.today + timedelta(days=7 * place)
            ends = min(begins + timedelta(days=6), self.interview_on - timedelta(days=1))
            found.append(Week(begins, ends, reviews[place], new[place]))
        return tuple(found)

    @property
    def shown(self) -> tuple[Week, ...]:
        return self.weeks[:_SHOWN]

    @property
    def later(self) -> Week | None:
        """The weeks beyond those that are shown, as one."""
        rest = self.weeks[_SHOWN:]
        if not rest:
            return None
        return Week(rest[0].begins, rest[-1].ends, sum(each.reviews for each in rest), sum(each.new for each in rest))

    @property
    def busiest(self) -> int:
        """Reviews and new ones of the fullest week that is shown."""
        return max((each.whole for each in self.shown), default=0)

    @property
    def reviews_a_day(self) -> int:
        """Reviews a day, on average over the fullest week."""
        return max(
            (-(-each.reviews // ((each.ends - each.begins).days + 1)) for each in self.weeks),
            default=0,
        )

    @cached_property
    def with_practice(self) -> float | None:
        """Mean recall of all questions on the day, 0 to 1; None where there is no question."""
        _, _, memories = self._plan
        return _mean(memories, self.interview_on)

    @cached_property
    def without_practice(self) -> float | None:
        """The same where nothing more is answered."""
        return _mean(self.memories, self.interview_on)

    @cached_property
    def _plan(self) -> tuple[Counter[int], Counter[int], list[Memory | None]]:
        """Reviews and new ones by week, and every memory as the plan leaves it."""
        reviews: Counter[int] = Counter()
        new: Counter[int] = Counter()
        first_days = self._first_days()
        after: list[Memory | None] = []
        for memory in self.memories:
            kept = memory
            if kept is None and (first := next(first_days, None)) is not None:
                new[(first - self.today).days // 7] += 1
                kept = schedule(memory=None, rating=Grade.GOOD, study_day=first)
            while kept is not None and (day := self._due(kept)) < self.interview_on:
                reviews[(day - self.today).days // 7] += 1
                kept = schedule(memory=kept, rating=Grade.GOOD, study_day=day)
            after.append(kept)
        return reviews, new, after

    def _due(self, memory: Memory) -> date:
        """What was due before is due today, unless it was studied today already."""
        first = self.today if memory.last_day < self.today else memory.last_day + timedelta(days=1)
        return max(memory.due_day, first)

    def _first_days(self) -> Iterator[date]:
        """The days on which new questions begin."""
        a_day = max(self.pace, self.new_a_day)
        for place in range(self.unmet if self.days > 0 else 0):
            yield self.today + timedelta(days=place // a_day)


def _mean(memories: Sequence[Memory | None], on: date) -> float | None:
    return fmean(recall(memory=each, on=on) if each else 0.0 for each in memories) if memories else None
