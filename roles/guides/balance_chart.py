"""The line of a return over years: numbers for an SVG in percent of its width and height. The table repeats it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from roles.charts import Mark
from roles.guides.amounts import in_dollars
from roles.guides.degree_return import YEARS_SHOWN, Return

# Months between two points of the line; the ends of studies and debts lie between them.
_STEP = 3
_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of the scale, from the top."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class BalanceChart:
    points: str  # of a polyline, in a box of 100 by 100
    zero: float
    lines: tuple[Line, ...]
    years: tuple[Mark, ...]
    studies: float  # where the studies end, or 100 where that lies beyond the chart
    even: float | None  # where it has paid off, or None where that lies beyond the chart


def balance_chart(found: Return) -> BalanceChart:
    """The first YEARS_SHOWN years of a return."""
    months = 12 * YEARS_SHOWN
    study = min(found.figures.months, months)
    shown = found.balances[: months + 1]
    low, high = min(*shown, Decimal(0)), max(*shown, Decimal(0))
    if low == high:
        high = Decimal(1)

    def height(balance: Decimal) -> float:
        return round(float((high - balance) / (high - low)) * 100, 2)

    def place(month: int) -> float:
        return round(100 * month / months, 2)

    at = sorted({*range(0, months + 1, _STEP), study})
    even = found.months_until_even
    return BalanceChart(
        points=" ".join(f"{place(month)},{height(shown[month])}" for month in at),
        zero=height(Decimal(0)),
        lines=tuple(Line(height(value), in_dollars(value)) for value in _amounts(low, high)),
        years=tuple(Mark(place(12 * year), str(year)) for year in range(0, YEARS_SHOWN + 1, 2)),
        studies=place(study),
        even=place(even) if even is not None and even <= months else None,
    )


def _amounts(low: Decimal, high: Decimal) -> Iterator[Decimal]:
    """Round amounts between the two, without 0, which has a line of its own."""
    step = _step((high - low) / _MOST_LINES)
    number = int(low / step)
    while number * step <= high:
        if number and number * step >= low:
            yield number * step
        number += 1


def _step(least: Decimal) -> Decimal:
    """The first of 1, 2, 5, 10, 20, 50 … that is not below `least`: whole dollars."""
    least = max(least, Decimal(1))
    power = Decimal(10) ** least.adjusted()
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= least)
