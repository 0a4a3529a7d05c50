"""Plan and pace: where a plan expects a learner to be, and where they are. Pure; no database.

Where they are is `roadmaps.progress`, and nothing else. Where the plan expects them to be rests on assumptions, and the
pages that show a pace say them (`Plan.assumption`):

* In a cohort the plan runs from the cohort's first day to its last. Without a last day it takes the roadmap's own
  weeks. Whoever joins later has as long, counted from the day on which they joined.
* Alone it begins with the enrolment and takes the roadmap's weeks at the learner's hours a week. No source says how
  many hours a week of a roadmap holds, so a week counts as `WEEK_HOURS` hours of work.
* Work spreads evenly over the weeks of a phase. A phase in which every goal is skipped takes no time.

Ahead and behind are told in weeks of the calendar, and in percent of what the plan expects by the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import apnumber

from roadmaps.progress import PhaseProgress, Progress

# What an account begins with, see `User.hours_a_week`.
WEEK_HOURS = 8
# Within half a week of the plan is on the plan.
ON_PLAN = 0.5
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """From when on, and for how many weeks of the calendar."""

    starts_on: date
    weeks: float
    hours: int | None = None  # a week, where the plan rests on them; None in a cohort
    is_shifted: bool = False  # begins later than its cohort, because the learner joined later

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=round(self.weeks * _DAYS))

    @property
    def whole_weeks(self) -> int:
        return max(1, round(self.weeks))

    def share(self, on: date) -> float:
        """How much of its time is over, 0 to 1."""
        if self.weeks <= 0:
            return 1.0
        return min(max((on - self.starts_on).days / (self.weeks * _DAYS), 0.0), 1.0)

    def week(self, on: date) -> int:
        """The week that it is: 0 before the first day, the last one ever after."""
        days = (on - self.starts_on).days
        return 0 if days < 0 else min(days // _DAYS + 1, self.whole_weeks)

    @property
    def assumption(self) -> str:
        """What the plan rests on, as one sentence."""
        if self.hours is not None:
            return (
                f"The plan counts {WEEK_HOURS} hours of work as a week of the roadmap, which is our assumption: no "
                f"source states hours. At {self.hours} hour{'' if self.hours == 1 else 's'} a week the roadmap takes "
                f"{self.whole_weeks} week{'' if self.whole_weeks == 1 else 's'} from the day of enrolling."
            )
        since = "the day of joining, as long as the cohort has" if self.is_shifted else "the cohort’s first day"
        weeks = _weeks(self.whole_weeks)
        return f"The plan runs for {weeks} from {since}, with the work spread evenly over each phase."


def cohort_plan(*, starts_on: date, ends_on: date | None, weeks: int, joined_on: date | None = None) -> Plan:
    """The plan of a cohort on a roadmap of that many weeks, or of one learner who joined it on that day."""
    length = float(weeks) if ends_on is None else (ends_on - starts_on).days / _DAYS
    late = joined_on is not None and joined_on > starts_on
    return Plan(joined_on if late and joined_on else starts_on, length, is_shifted=late)


def own_plan(*, started_on: date, weeks: int, hours: int) -> Plan:
    """The plan of a learner who follows a roadmap of that many weeks by themselves."""
    return Plan(started_on, weeks * WEEK_HOURS / hours, hours=hours)


class Standing(StrEnum):
    """How somebody stands to their plan."""

    BEFORE = "before"  # it has not begun
    FINISHED = "finished"
    AHEAD = "ahead"
    ON_PLAN = "on_plan"
    BEHIND = "behind"


@dataclass(frozen=True)
class Pace:
    """A learner's progress against their plan on one day."""

    plan: Plan
    progress: Progress
    on: date

    @cached_property
    def _phases(self) -> tuple[PhaseProgress, ...]:
        """Those with something to do."""
        return tuple(each for each in self.progress.phases if each.tally.counted)

    @cached_property
    def weeks(self) -> int:
        """Weeks of work that there are to do."""
        return sum(each.phase.weeks for each in self._phases)

    @property
    def done(self) -> float:
        """Weeks of work behind the learner."""
        return self.progress.weeks_done

    @cached_property
    def expected(self) -> float:
        """Weeks of work that the plan expects to be done."""
        return self.weeks * self.plan.share(self.on)

    @cached_property
    def expected_goals(self) -> int:
        """Goals that the plan expects to be done; one that is half over is not yet expected."""
        left, goals = self.expected, 0
        for each in self._phases:
            share = min(left / each.phase.weeks, 1.0) if each.phase.weeks else 1.0
            goals += int(each.tally.counted * share + 1e-9)
            left = max(left - each.phase.weeks, 0.0)
        return goals

    @cached_property
    def expected_phase(self) -> PhaseProgress | None:
        """The phase in which the plan is: None before it begins and after it ends."""
        if self.on < self.plan.starts_on or self.expected >= self.weeks:
            return None
        end = 0.0
        for each in self._phases:
            end += each.phase.weeks
            if self.expected < end:
                return each
        return None

    @cached_property
    def gap(self) -> float:
        """Weeks of the calendar that the learner is ahead; below 0 behind."""
        return (self.done - self.expected) / self.weeks * self.plan.weeks if self.weeks else 0.0

    @property
    def percent_behind(self) -> int:
        """How much of what the plan expects by now is not done, in whole percent, rounded down."""
        return max(int(100 * (1 - self.done / self.expected) + 1e-9), 0) if self.expected else 0

    @property
    def percent_ahead(self) -> int:
        """How much more is done than the plan expects by now, in whole percent of it, rounded down."""
        return max(int(100 * (self.done / self.expected - 1) + 1e-9), 0) if self.expected else 0

    @property
    def standing(self) -> Standing:
        if self.progress.tally.is_complete:
            return Standing.FINISHED
        if self.on < self.plan.starts_on and not self.done:
            return Standing.BEFORE
        if abs(self.gap) < ON_PLAN:
            return Standing.ON_PLAN
        return Standing.AHEAD if self.gap > 0 else Standing.BEHIND

    @property
    def words(self) -> str:
        """The finding: “About three weeks behind plan”."""
        weeks = _weeks(max(1, round(abs(self.gap))))
        return {
            Standing.BEFORE: "The plan has not begun",
            Standing.FINISHED: "Every goal is done",
            Standing.ON_PLAN: "On plan",
            Standing.AHEAD: f"About {weeks} ahead of plan",
            Standing.BEHIND: f"About {weeks} behind plan",
        }[self.standing]

    @property
    def detail(self) -> str:
        """The numbers behind it, as one sentence."""
        done, whole = _figure(self.done), _figure(self.weeks)
        if self.standing == Standing.BEFORE:
            return f"It begins on {self.plan.starts_on:%B} {self.plan.starts_on.day}."
        if self.standing == Standing.FINISHED:
            return f"{whole} of {whole} weeks of work are done."
        said = f"The plan expects {_figure(self.expected)} of {whole} weeks of work by today; {done} are done"
        if self.standing == Standing.BEHIND:
            return f"{said}, {self.percent_behind}% less."
        if self.standing == Standing.AHEAD and self.percent_ahead:
            return f"{said}, {self.percent_ahead}% more."
        return f"{said}."


def _weeks(count: int) -> str:
    return f"{apnumber(count)} week{'' if count == 1 else 's'}"


def _figure(weeks: float) -> str:
    """One decimal, where there is one."""
    return f"{weeks:.1f}".removesuffix(".0")
