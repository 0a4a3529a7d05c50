"""Where a learner stands on each of their roadmaps, read in one query however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from accounts.models import User
from roadmaps.credit import Credit, Elsewhere, credits_for
from roadmaps.diffs import Change, diff, summary
from roadmaps.models import Enrolment, Handed, Stage, State
from roadmaps.progress import Progress, Tally, progress_of
from roles.blueprint import Goal, Phase


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal as its learner sees it."""

    goal: Goal
    state: State  # for a retired goal, what it was
    credit: Credit | None


@dataclass(frozen=True, slots=True)
class PhaseLines:
    """One phase as its learner sees it. Retired goals are shown to those who worked on them."""

    phase: Phase
    tally: Tally
    lines: tuple[GoalLine, ...]
    is_current: bool
    handed: Handed | None  # None: nothing was gathered for its milestone yet

    @property
    def stage(self) -> Stage:
        return self.handed.stage if self.handed else Stage.NOT_HANDED_IN


@dataclass
class Standing:
    """One enrolment with its progress, and what the learner's other roadmaps mean for it."""

    enrolment: Enrolment
    progress: Progress
    others: list[Elsewhere] = field(default_factory=list)

    def closed_since(self, since: datetime) -> int:
        """How many goals were finished at or after that moment."""
        done = (at for _, at in self.enrolment.marks.values() if at is not None)
        return sum(datetime.fromisoformat(at) >= since for at in done)

    def with_state(self, goal: str, state: State) -> Standing:
        """The same standing, but for the state of one goal."""
        states = {**self.progress.states, goal: state}
        return Standing(self.enrolment, progress_of(self.progress.roadmap, states), self.others)

    @cached_property
    def credits(self) -> Mapping[str, Credit]:
        """By goal key: what was done elsewhere and may be taken over."""
        return credits_for(self.progress.roadmap, self.progress.states, self.others)

    @cached_property
    def phases(self) -> list[PhaseLines]:
        return [
            PhaseLines(
                each.phase,
                each.tally,
                self._lines(each.phase),
                each is self.progress.current,
                self.enrolment.handed.get(each.phase.milestone.key),
            )
            for each in self.progress.phases
        ]

    @cached_property
    def is_proven(self) -> bool:
        """Whether mentors approved every milestone of the roadmap."""
        handed = self.enrolment.handed
        keys = [phase.milestone.key for phase in self.progress.roadmap.phases]
        return bool(keys) and all(key in handed and handed[key].stage == Stage.APPROVED for key in keys)

    def _lines(self, phase: Phase) -> tuple[GoalLine, ...]:
        states = self.progress.states
        return tuple(
            GoalLine(goal, self.progress.state_of(goal.key), self.credits.get(goal.key))
            for goal in phase.goals
            if not goal.retired or states.get(goal.key, State.TODO) != State.TODO
        )

    @cached_property
    def offer(self) -> list[Change]:
        """What accepting the newest publication would change; empty without an offer."""
        if not self.enrolment.has_offer:
            return []
        return diff(self.progress.roadmap, self.enrolment.newest_roadmap)

    @cached_property
    def offer_summary(self) -> str:
        return summary(self.offer)

    @property
    def is_current(self) -> bool:
        return self.enrolment.left_at is None


def standings_of(learner: User) -> list[Standing]:
    """Every roadmap that the learner was ever on, oldest first; left ones too, because what is proven stays proven."""
    enrolments = Enrolment.all_of(learner)
    progress = {each.pk: progress_of(each.roadmap, _states(each)) for each in enrolments}
    elsewhere = {
        each.pk: Elsewhere(each.role.short_name, progress[each.pk].roadmap, progress[each.pk].states)
        for each in enrolments
    }
    return [
        Standing(each, progress[each.pk], [other for pk, other in elsewhere.items() if pk != each.pk])
        for each in enrolments
    ]


def proven_skills(learner: User) -> set[str]:
    """The skills, by slug, that the learner's finished goals teach, on whatever roadmap."""
    return {
        link.slug
        for standing in standings_of(learner)
        for key, goal in standing.progress.roadmap.goals.items()
        if standing.progress.state_of(key) == State.DONE
        for link in goal.skills
    }


def _states(enrolment: Enrolment) -> dict[str, State]:
    return {key: state for key, (state, _) in enrolment.marks.items()}


def standing_on(learner: User, role: str) -> Standing | None:
    """The learner's standing on one role's roadmap, or None if they never were on it. `role` is a slug."""
    return next(
        (each for each in standings_of(learner) if each.enrolment.role.slug == role),
        None,
    )
