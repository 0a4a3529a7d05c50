"""Mock interviews over time, as a chart: numbers for attributes, never paint. A table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from interviews.models import Mock, MockState
from roles.words import in_words

# Fewer are no trend.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Point:
    """In percent of the chart's width and height."""

    x: float
    y: float
    mean: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Trend:
    points: tuple[Point, ...]

    @property
    def line(self) -> str:
        return " ".join(f"{each.x},{each.y}" for each in self.points)

    @property
    def finding(self) -> str:
        """“Four graded: 2.1 of 4 in the first, 3.0 in the last”."""
        first, last = self.points[0], self.points[-1]
        return f"{in_words(len(self.points))} graded: {first.mean} of 4 in the first, {last.mean} in the last"


def mean_of(mock: Mock) -> float | None:
    """The mean of all its scores, 1 to 4. Needs `total`, from MockQuerySet.with_totals."""
    total: int | None = getattr(mock, "total", None)
    return round(total / (4 * mock.count), 1) if mock.state == MockState.GRADED and total is not None else None


def trend_of(mocks: Sequence[Mock]) -> Trend | None:
    """Of mocks with totals, newest first. The lowest line is 1 of 4, the highest 4 of 4."""
    graded = [(mock.started_at, mean) for mock in reversed(mocks) if (mean := mean_of(mock)) is not None]
    if len(graded) < FEWEST:
        return None
    step = 88 / (len(graded) - 1)
    return Trend(
        tuple(
            Point(round(7 + place * step, 2), round(100 - (mean - 1) / 3 * 100, 2), mean, at)
            for place, (at, mean) in enumerate(graded)
        )
    )
