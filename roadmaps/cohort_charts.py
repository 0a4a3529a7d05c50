"""Geometry of a cohort's charts: numbers for attributes, never paint. Tables and sentences beside them say the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from roadmaps.cohort_page import CohortPage, Column
from roles.words import in_words

# Bars of the spread at most: with more they are thinner than what one can tell apart.
_MOST_BARS = 26


@dataclass(frozen=True, slots=True)
class Slowness:
    """Weeks taken for one phase, and the mark of what was planned; in percent of the chart's width."""

    column: Column
    width: float
    planned: float


def slowness(page: CohortPage) -> list[Slowness]:
    """The phases that somebody finished, on one scale."""
    shown = [each for each in page.columns if each.taken is not None]
    longest = max((max(each.taken or 0.0, each.planned) for each in shown), default=0.0)
    if not longest:
        return []
    return [
        Slowness(each, round(98 * (each.taken or 0.0) / longest, 2), round(98 * each.planned / longest, 2))
        for each in shown
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """How many learners have done so many weeks of work."""

    x: float
    width: float
    y: float
    height: float
    count: int
    said: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Where everybody stands on the roadmap, and where the plan is; in percent."""

    bars: tuple[Bar, ...]
    plan: float
    plan_weeks: float
    weeks: int
    highest: int
    ahead: int  # learners who have done at least what the plan expects of the cohort
    counted: int

    @property
    def finding(self) -> str:
        """“Ten of 24 have reached what the plan expects”."""
        have = "has" if self.ahead == 1 else "have"
        return f"{in_words(self.ahead)} of {self.counted} {have} reached what the plan expects"


def spread(page: CohortPage) -> Spread | None:
    """Learners by weeks of work done. None where nobody is on the roadmap."""
    on_it = [each.progress for each in page.followings if each.is_on_roadmap and each.progress is not None]
    if page.plan is None or not page.plan.weeks or not on_it:
        return None
    weeks = page.plan.weeks
    step = -(-(weeks + 1) // _MOST_BARS)
    counts = Counter(int(each.weeks_done) // step for each in on_it)
    highest, places = max(counts.values()), weeks // step + 1
    bars = (
        Bar(
            x=round(100 * place / places + 0.3, 2),
            width=round(100 / places - 0.6, 2),
            y=round(100 - 92 * count / highest, 2),
            height=round(92 * count / highest, 2),
            count=count,
            said=f"{place * step}" if step == 1 else f"{place * step} to {min(place * step + step - 1, weeks)}",
        )
        for place, count in sorted(counts.items())
    )
    return Spread(
        bars=tuple(bars),
        plan=round(100 * min(page.plan.expected / step + 0.5 / step, places) / places, 2),
        plan_weeks=page.plan.expected,
        weeks=weeks,
        highest=highest,
        ahead=sum(each.weeks_done >= page.plan.expected for each in on_it),
        counted=len(on_it),
    )
