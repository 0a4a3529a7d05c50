"""Geometry of the charts of practice: numbers for attributes, never paint. Tables beside them say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from interviews.numbers import Day, Numbers, Week

# The calendar: names of days at the left, in percent; rows in pixels.
_LEFT = 10.0
_TOP, _ROW, _CELL = 20, 16, 13


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: a frame, filled from below by its share of the fullest day.

    Numbers as they are printed: templates take long over a thousand of them.
    """

    x: str  # percent
    y: str
    width: str  # percent
    filled_y: str
    filled: str  # pixels high; 0 on a day without practice
    level: int  # 0 to 4
    day: date
    reviews: int


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Calendar:
    cells: tuple[Cell, ...]
    months: tuple[Mark, ...]
    rows: tuple[tuple[int, str], ...]
    height: int = _TOP + 7 * _ROW
    cell: int = _CELL


def calendar(numbers: Numbers) -> Calendar:
    """Weeks as columns, from Monday down to Sunday."""
    step = (100 - _LEFT) / len(numbers.weeks)
    width = f"{0.84 * step:.2f}"
    cells = tuple(
        _cell(f"{_LEFT + place * step:.2f}", width, row, each, numbers.fullest)
        for place, week in enumerate(numbers.weeks)
        for row, each in enumerate(week.days)
    )
    rows = tuple((_TOP + _ROW * row + 11, name) for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun")))
    return Calendar(cells, tuple(_months(numbers.weeks, step)), rows)


def _cell(x: str, width: str, row: int, day: Day, fullest: int) -> Cell:
    y, level = _TOP + _ROW * row, -(-4 * day.reviews // fullest) if day.reviews else 0
    filled = _CELL * level / 4
    return Cell(x, f"{y}", width, f"{y + _CELL - filled:g}", f"{filled:g}", level, day.day, day.reviews)


def _months(weeks: Sequence[Week], step: float) -> Iterable[Mark]:
    """Over the first week that begins in a month; two names are never so near that they touch."""
    last = -3
    for place, (before, week) in enumerate(pairwise(weeks), 1):
        if before.begins.month != week.begins.month and place - last >= 3 and place <= len(weeks) - 2:
            yield Mark(round(_LEFT + place * step, 2), f"{week.begins:%b}")
            last = place


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    y: float
    height: float
    value: float
    day: date


@dataclass(frozen=True, slots=True)
class Bars:
    """Upright bars on one scale from 0; in percent of width and height."""

    bars: tuple[Bar, ...]
    highest: float


def bars(values: Sequence[tuple[date, float]]) -> Bars:
    highest = max((value for _, value in values), default=0)
    step = 100 / max(len(values), 1)
    return Bars(
        tuple(
            Bar(
                round(place * step + 0.1 * step, 2),
                round(0.8 * step, 2),
                round(100 - 100 * value / highest, 2),
                round(100 * value / highest, 2),
                value,
                day,
            )
            for place, (day, value) in enumerate(values)
            if value
        ),
        highest,
    )
