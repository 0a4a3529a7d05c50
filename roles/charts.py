"""Geometry of the SVG charts: numbers for attributes, never paint. Templates draw, CSS colors, tables repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from roles.blueprint import Phase, Roadmap
from roles.models import CareerLevel, RoleMetric
from roles.models import Phase as PhaseRow

# Phase kinds from cool to warm: the CSS classes k1 … k6.
KIND_NUMBER = {kind: number for number, kind in enumerate(PhaseRow.Kind.values, start=1)}
# The part of the whole ring that is left open between two arcs.
_GAP = 0.012
# A dial shows three quarters of a circle.
_DIAL = 75


@dataclass(frozen=True, slots=True)
class Arc:
    """One phase on a ring, in weeks: the circle's `pathLength` is the roadmap's weeks."""

    kind: int  # 1 to 6
    start: int
    length: float  # weeks drawn for the whole phase
    done: float  # of them, drawn as done
    title: str
    weeks: int


@dataclass(frozen=True, slots=True)
class Ring:
    """A roadmap as a ring: each arc a phase, as long as its weeks."""

    weeks: int
    weeks_done: int | None  # whole weeks; None where nobody's progress is shown
    arcs: tuple[Arc, ...]


def ring(roadmap: Roadmap, shares: Mapping[str, float] | None = None) -> Ring:
    """The ring of a roadmap, filled by the share of each phase that is done (0 to 1, by phase slug), or whole."""
    arcs = tuple(
        _arc(roadmap, phase, 1.0 if shares is None else shares.get(phase.slug, 0.0)) for phase in roadmap.phases
    )
    done = None if shares is None else sum(phase.weeks * shares.get(phase.slug, 0.0) for phase in roadmap.phases)
    return Ring(roadmap.weeks, None if done is None else int(done), arcs)


def _arc(roadmap: Roadmap, phase: Phase, share: float) -> Arc:
    length = phase.weeks - roadmap.weeks * _GAP
    start = roadmap.first_week(phase) - 1
    return Arc(
        KIND_NUMBER[phase.kind],
        start,
        round(length, 2),
        round(length * share, 2),
        phase.title,
        phase.weeks,
    )


@dataclass(frozen=True, slots=True)
class Dial:
    """One score on three quarters of a circle whose `pathLength` is 100."""

    length: float
    lower_is_better: bool


def dial(metric: RoleMetric) -> Dial:
    return Dial(round(float(metric.share) * _DIAL, 1), metric.better == RoleMetric.Better.LOWER)


@dataclass(frozen=True, slots=True)
class Bar:
    """A pay band, in percent of the chart's width."""

    level: CareerLevel
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the scale."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class PayChart:
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


def pay_chart(levels: Iterable[CareerLevel], *, step: int = 100_000) -> PayChart:
    """Pay bands on one scale from 0, with a mark at each `step` dollars. Bands overlap where the figures do."""
    levels = list(levels)
    top = max((level.salary_max for level in levels), default=step)
    bars = tuple(
        Bar(
            level,
            _percent(level.salary_min, top),
            _percent(level.salary_max - level.salary_min, top),
        )
        for level in levels
    )
    marks = tuple(Mark(_percent(pay, top), f"${pay // 1000}k" if pay else "$0") for pay in range(0, top, step))
    return PayChart(bars, marks)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a row, in percent of its width."""

    x: float
    width: float
    kind: int = 0  # of a phase, 1 to 6; 0 for anything else


def band(start: int, end: int, whole: int) -> Band:
    """From `start` to `end` on a scale from 0 to `whole`."""
    return Band(_percent(start, whole), _percent(end - start, whole))


def weeks_band(roadmap: Roadmap, most: int) -> tuple[Band, ...]:
    """The phases of a roadmap one after the other, each as long as its weeks, on a scale of `most` weeks."""
    return tuple(
        Band(
            _percent(roadmap.first_week(phase) - 1, most),
            round(_percent(phase.weeks, most) - 100 * _GAP / 2, 2),
            KIND_NUMBER[phase.kind],
        )
        for phase in roadmap.phases
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)
