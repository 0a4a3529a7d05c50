"""A cohort as its mentors see it: who is where, whom to call, where it slows down. Nobody is ranked.

`page_of` reads; everything else is computed from what it read. Facts are about everybody, the map shows a page of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.timezone import localtime

from accounts.models import User
from mentoring.models import Cohort, Mentor
from roadmaps.following import Following, Review, in_cohort
from roadmaps.models.publication import Publication, published
from roadmaps.pace import Pace, cohort_plan
from roadmaps.progress import Tally, progress_of
from roadmaps.risk import RULES, Finding, Proportion, proportions
from roles.blueprint import Phase, Roadmap
from roles.words import in_words, listed

ACTIVE = timedelta(days=7)
# Rows of the map that are shown at once.
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """One learner in one phase. `level`: 0 nothing begun, 1 begun, 2 half or more done, 3 all done, 4 passed."""

    tally: Tally | None  # None where their edition has no such phase, or they are not on the roadmap
    review: Review | None
    is_current: bool

    @property
    def level(self) -> int:
        if self.review is not None and self.review.is_approved:
            return 4
        if self.tally is None or not self.tally.counted:
            return 0
        if self.tally.is_complete:
            return 3
        if self.tally.done * 2 >= self.tally.counted:
            return 2
        return 1 if self.tally.done or self.tally.doing else 0

    @property
    def goals(self) -> str:
        """“2 of 3”."""
        if self.tally is None:
            return ""
        if not self.tally.counted:
            return "Skipped" if self.tally.skipped else "No goals"
        return f"{self.tally.done} of {self.tally.counted}"


@dataclass(frozen=True, slots=True)
class Row:
    """One learner on the map."""

    following: Following
    cells: tuple[Cell, ...]

    @property
    def learner(self) -> User:
        return self.following.learner

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.following.findings


@dataclass(frozen=True, slots=True)
class Column:
    """One phase over the whole cohort."""

    phase: Phase
    passed: int  # learners whose milestone is approved
    is_planned: bool  # the plan is here
    taken: float | None  # weeks, the median of those who finished it
    finished: int  # by how many goes the median
    planned: float  # weeks of the cohort's calendar

    @property
    def is_over(self) -> bool:
        return self.taken is not None and self.taken >= self.planned + 0.5


@dataclass(frozen=True)
class CohortPage:
    """Everything that the page of a cohort shows."""

    cohort: Cohort
    now: datetime
    followings: Sequence[Following]  # everybody, by name
    roadmap: Roadmap | None  # the newest one of its role
    mentors: Sequence[tuple[User, Mentor | None]]

    @cached_property
    def plan(self) -> Pace | None:
        """What the plan expects of somebody who was there from the first day."""
        if self.roadmap is None:
            return None
        plan = cohort_plan(starts_on=self.cohort.starts_on, ends_on=self.cohort.ends_on, weeks=self.roadmap.weeks)
        return Pace(plan, progress_of(self.roadmap, {}), localtime(self.now).date())

    @cached_property
    def to_call(self) -> list[Following]:
        """To whom a rule applies: in the order of the rules, then by name. That is no rank: all of them are called."""
        places = {rule.slug: place for place, rule in enumerate(RULES)}
        found = [each for each in self.followings if each.findings]
        return sorted(found, key=lambda each: places[each.findings[0].rule.slug])

    @cached_property
    def by_call(self) -> list[Following]:
        """Everybody, those to whom a rule applies first."""
        return [*self.to_call, *(each for each in self.followings if not each.findings)]

    @cached_property
    def moving(self) -> int:
        """On the roadmap, not finished, and no rule applies."""
        return sum(each.is_on_roadmap and not each.is_finished and not each.findings for each in self.followings)

    @cached_property
    def finding(self) -> str:
        """“Twenty-one of 24 are moving. Three need a call.”"""
        everybody, call = len(self.followings), len(self.to_call)
        if not everybody:
            return f"Nobody is in {self.cohort.name} yet"
        if everybody == 1:
            name = self.followings[0].learner.name
            return f"{name} may need a call" if call else f"{name} is the first in {self.cohort.name}"
        if self.moving == everybody:
            return f"All {everybody} are moving. Nobody needs a call."
        said = f"{in_words(self.moving)} of {everybody} {'is' if self.moving == 1 else 'are'} moving."
        return f"{said} {in_words(call)} {'needs' if call == 1 else 'need'} a call." if call else said

    @cached_property
    def others(self) -> str:
        """Who is neither: one sentence, or nothing."""
        free = [each for each in self.followings if not each.findings]
        finished = sum(each.is_finished and each.is_on_roadmap for each in free)
        off = sum(not each.is_on_roadmap for each in free)
        new = sum(each.is_new and each.is_on_roadmap and not each.is_finished for each in free)
        parts = [
            finished and f"{apnumber(finished)} finished",
            off and f"{apnumber(off)} {'is' if off == 1 else 'are'} not on the roadmap",
            new and f"{apnumber(new)} of those who are moving came in the last 14 days",
        ]
        said = listed([part for part in parts if part])
        return f"{said[0].upper()}{said[1:]}." if said else ""

    @property
    def week(self) -> int:
        """The week of the cohort's plan that it is."""
        return self.plan.plan.week(self.plan.on) if self.plan else 0

    @property
    def has_late(self) -> bool:
        """Whether somebody joined after the first day, so that their plan is another."""
        return any(each.pace is not None and each.pace.plan.is_shifted for each in self.followings)

    @cached_property
    def slow_finding(self) -> str:
        """Which phase takes longest over its plan, as a heading."""
        over = [each for each in self.columns if each.is_over]
        worst = max(over, key=lambda each: (each.taken or 0.0) - each.planned, default=None)
        if worst is None or worst.taken is None:
            return "Where the cohort slows down"
        days = round((worst.taken - worst.planned) * 7)
        return f"“{worst.phase.title}” runs over by {apnumber(days)} days"

    @property
    def passed(self) -> int:
        """Milestones that are approved, of everybody."""
        return sum(column.passed for column in self.columns)

    @property
    def milestones(self) -> int:
        return len(self.columns) * len(self.followings)

    @property
    def active(self) -> int:
        """Who did something in the last seven days."""
        since = self.now - ACTIVE
        return sum(each.last_sign is not None and each.last_sign >= since for each in self.followings)

    @cached_property
    def waiting(self) -> list[tuple[Following, str, Review]]:
        """Submissions that wait for a mentor or are with one, those that wait longest first."""
        found = [
            (each, each.title_of(review.subject), review)
            for each in self.followings
            for review in each.reviews.values()
            if review.is_open
        ]
        return sorted(found, key=lambda each: each[2].queued_from or self.now)

    @cached_property
    def proportions(self) -> tuple[Proportion, ...]:
        return proportions(each.findings for each in self.followings)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The phases of the newest edition."""
        if self.roadmap is None or self.plan is None:
            return ()
        here = self.plan.expected_phase
        stretch = self.plan.plan.weeks / self.roadmap.weeks if self.roadmap.weeks else 1.0
        taken = [weeks_taken(each) for each in self.followings]
        return tuple(
            self._column(phase, here is not None and here.phase.slug == phase.slug, stretch, taken)
            for phase in self.roadmap.phases
        )

    def _column(self, phase: Phase, is_planned: bool, stretch: float, taken: Sequence[dict[str, float]]) -> Column:
        weeks = [each[phase.slug] for each in taken if phase.slug in each]
        return Column(
            phase=phase,
            passed=sum(
                (review := each.review_of(phase)) is not None and review.is_approved for each in self.followings
            ),
            is_planned=is_planned,
            taken=median(weeks) if weeks else None,
            finished=len(weeks),
            planned=phase.weeks * stretch,
        )

    def rows(self, followings: Sequence[Following]) -> list[Row]:
        """The map's rows of these learners."""
        phases = self.roadmap.phases if self.roadmap else ()
        return [Row(each, tuple(_cell(each, phase) for phase in phases)) for each in followings]


def page_of(cohort: Cohort, *, now: datetime) -> CohortPage:
    """Three queries, and one more when a process meets a new edition."""
    newest = Publication.objects.of(cohort.role).standing().order_by("-number").values_list("pk", flat=True).first()
    mentors = cohort.mentors.select_related("mentor").order_by("display_name", "pk")
    return CohortPage(
        cohort=cohort,
        now=now,
        followings=in_cohort(cohort, now=now),
        roadmap=published(newest).roadmap if newest else None,
        mentors=[(each, getattr(each, "mentor", None)) for each in mentors],
    )


def weeks_taken(following: Following) -> dict[str, float]:
    """By slug the weeks that a learner took for each phase they finished.

    Counted from the last goal that they had done before the phase's first one, or from their start, to its last goal.
    """
    progress, started_at = following.progress, following.started_at
    if progress is None or started_at is None:
        return {}
    done = sorted(at for _, at in following.marks.values() if at is not None)
    found = {}
    for each in progress.phases:
        ends = sorted(
            mark[1] for goal in each.phase.live_goals if (mark := following.marks.get(goal.key)) and mark[1] is not None
        )
        if each.tally.is_complete and ends:
            begun = max((at for at in done if at < ends[0]), default=min(started_at, ends[0]))
            found[each.phase.slug] = (ends[-1] - begun) / timedelta(weeks=1)
    return found


def _cell(following: Following, phase: Phase) -> Cell:
    progress = following.progress
    if progress is None:
        return Cell(None, None, False)
    own = next((each for each in progress.phases if each.phase.slug == phase.slug), None)
    if own is None:
        return Cell(None, None, False)
    current = progress.current
    return Cell(own.tally, following.review_of(own.phase), current is not None and current.phase.slug == phase.slug)
