"""What one learner's log says: days, months and weeks of practice, and what falls due. One query, read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median

from django.db import connection

from accounts.models import User

# What the page looks back on, and ahead to.
WEEKS, MONTHS, AHEAD = 26, 12, 30

# Retention from fewer reviews than this says little.
_FEW = 20


@dataclass(frozen=True, slots=True)
class Day:
    """A study day with reviews that stand. Of questions that were known, only those count that moved the schedule."""

    day: date
    reviews: int = 0
    seconds: int = 0
    known: int = 0
    passed: int = 0  # of the known: graded Hard or better
    predicted: float = 0.0  # of the known: how many the scheduler expected to be


@dataclass(frozen=True, slots=True)
class Retention:
    """How much of what came back was recalled, over some days."""

    known: int
    passed: int
    predicted_sum: float

    @classmethod
    def over(cls, days: Iterable[Day]) -> Retention:
        days = list(days)
        return cls(sum(d.known for d in days), sum(d.passed for d in days), sum(d.predicted for d in days))

    @property
    def true(self) -> float | None:
        return self.passed / self.known if self.known else None

    @property
    def predicted(self) -> float | None:
        return self.predicted_sum / self.known if self.known else None

    @property
    def is_thin(self) -> bool:
        return self.known < _FEW


@dataclass(frozen=True, slots=True)
class Week:
    """From Monday on: seven days, those to come left out."""

    begins: date
    days: tuple[Day, ...]

    @property
    def reviews(self) -> int:
        return sum(each.reviews for each in self.days)

    @property
    def seconds(self) -> int:
        return sum(each.seconds for each in self.days)


@dataclass(frozen=True)
class Numbers:
    today: date
    days: tuple[Day, ...]  # of the last twelve months, those with reviews, in order
    due: tuple[tuple[date, int], ...]  # days with what falls due; what waits already stands under today

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        """The last 26, oldest first; this one is the last."""
        found = {each.day: each for each in self.days}
        first = _monday(self.today) - timedelta(weeks=WEEKS - 1)
        return tuple(
            Week(begins, tuple(found.get(day, Day(day)) for day in _days(begins, 7) if day <= self.today))
            for begins in _days(first, WEEKS, step=7)
        )

    @property
    def days_shown(self) -> int:
        return sum(len(week.days) for week in self.weeks)

    @property
    def days_practiced(self) -> int:
        return sum(each.reviews > 0 for week in self.weeks for each in week.days)

    @cached_property
    def fullest(self) -> int:
        """The most reviews of a day that is shown."""
        return max(each.reviews for week in self.weeks for each in week.days)

    @cached_property
    def retention(self) -> Retention:
        return Retention.over(self.days)

    @cached_property
    def months(self) -> list[tuple[date, Retention]]:
        """By first day of the month, newest first; months in which nothing came back are left out."""
        found: dict[date, list[Day]] = {}
        for each in self.days:
            found.setdefault(each.day.replace(day=1), []).append(each)
        counted = [(month, Retention.over(days)) for month, days in found.items()]
        return [each for each in reversed(counted) if each[1].known]

    @cached_property
    def forecast(self) -> tuple[tuple[date, int], ...]:
        """The next thirty days, today first, each with what falls due on it."""
        found = dict(self.due)
        return tuple((day, found.get(day, 0)) for day in _days(self.today, AHEAD))

    @property
    def due_ahead(self) -> int:
        return sum(count for _, count in self.forecast)

    @property
    def due_today(self) -> int:
        return self.forecast[0][1]

    @property
    def usual_seconds(self) -> float:
        """The median over weeks with practice."""
        return median([week.seconds for week in self.weeks if week.reviews] or [0])


def numbers_of(learner: User, *, today: date) -> Numbers:
    """One query, by the index of the log: it reads no other learner's rows."""
    with connection.cursor() as cursor:
        asked = "SELECT interviews_numbers_of(%s, %s, %s, %s)"
        cursor.execute(asked, [learner.pk, _first_day(today), today, today + timedelta(days=AHEAD)])
        ((days, due),) = cursor.fetchone()
    return Numbers(
        today,
        tuple(Day(date.fromisoformat(day), *counts) for day, *counts in days),
        tuple((date.fromisoformat(day), count) for day, count in due),
    )


def _first_day(today: date) -> date:
    """The first of the month eleven months before."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(first: date, count: int, *, step: int = 1) -> Iterable[date]:
    return (first + timedelta(days=step * place) for place in range(count))
