"""What is going on between a learner and mentors, for the dashboard: what came back, what waits, what was approved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from roadmaps.models import Handed, Stage
from roadmaps.standing import Standing
from roles.blueprint import Phase

# What asks something of the learner comes first.
_ORDER = (Stage.RETURNED, Stage.APPROVED, Stage.WITH_MENTORS)


@dataclass(frozen=True, slots=True)
class Answer:
    """One milestone with whoever's turn it is."""

    standing: Standing
    phase: Phase
    handed: Handed
    reviewer: str  # who is reviewing now; empty while it waits for a mentor, and once it is decided

    @property
    def key(self) -> tuple[object, ...]:
        """All that its line shows."""
        handed = self.handed
        day = timezone.localdate(handed.since)
        return (self.standing.enrolment.follows, self.phase.number, handed.stage, day, self.reviewer, handed.badge)


@dataclass(frozen=True, slots=True)
class Feedback:
    answers: tuple[Answer, ...]

    def __bool__(self) -> bool:
        return bool(self.answers)

    def count(self, stage: Stage) -> int:
        return sum(each.handed.stage == stage for each in self.answers)

    @property
    def returned(self) -> int:
        return self.count(Stage.RETURNED)

    @property
    def approved(self) -> int:
        return self.count(Stage.APPROVED)


def feedback_on(standings: Iterable[Standing], since: datetime | None, now: datetime) -> Feedback:
    """What was returned or waits, and what was approved since the last visit, oldest first. No query."""
    answers = [
        Answer(standing, phase, handed, handed.reviewer(now))
        for standing in standings
        if standing.enrolment.threads is not None
        for phase in standing.progress.roadmap.phases
        if (handed := standing.enrolment.handed.get(phase.milestone.key)) and _is_told(handed, since)
    ]
    answers.sort(key=lambda each: (_ORDER.index(each.handed.stage), each.handed.since))
    return Feedback(tuple(answers))


def _is_told(handed: Handed, since: datetime | None) -> bool:
    if handed.stage == Stage.APPROVED:
        return since is not None and handed.since >= since
    return handed.stage != Stage.NOT_HANDED_IN
