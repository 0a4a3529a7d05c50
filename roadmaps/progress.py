"""Progress, computed in this one place. Pure; no database.

done ÷ (live goals of the roadmap that the learner follows − skipped ones). Retired goals never count, skipped ones are
shown and never counted as done, so 100 % can be reached and stands for work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from roadmaps.models import State
from roles.blueprint import Goal, Phase, Roadmap

# Where a learner stands, by the goal's key; a goal without an entry is `todo`.
States = Mapping[str, State]


@dataclass(frozen=True)
class Tally:
    """Goals counted by state."""

    goals: int
    done: int
    doing: int
    skipped: int

    @property
    def counted(self) -> int:
        """The goals that there are to do."""
        return self.goals - self.skipped

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 only when nothing is left. 0 where nothing counts."""
        return 100 * self.done // self.counted if self.counted else 0

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.done / self.counted if self.counted else 0.0

    @property
    def is_complete(self) -> bool:
        return self.counted > 0 and self.done == self.counted

    @property
    def state(self) -> State:
        """The state of the whole, as one glyph."""
        if self.is_complete:
            return State.DONE
        if self.goals and not self.counted:
            return State.SKIPPED
        return State.DOING if self.done or self.doing else State.TODO


@dataclass(frozen=True)
class PhaseProgress:
    phase: Phase
    tally: Tally


@dataclass(frozen=True)
class Progress:
    """Where a learner stands on a roadmap."""

    roadmap: Roadmap
    states: States
    tally: Tally
    phases: tuple[PhaseProgress, ...]

    @cached_property
    def shares(self) -> dict[str, float]:
        """The share of each phase that is done, 0 to 1, by the phase's slug."""
        return {each.phase.slug: each.tally.share for each in self.phases}

    @cached_property
    def weeks_done(self) -> float:
        """Weeks of work behind the learner: each phase's weeks by its share."""
        return sum(each.phase.weeks * each.tally.share for each in self.phases)

    @cached_property
    def current(self) -> PhaseProgress | None:
        """The first phase with something left to do, or None at the end."""
        open_states = (State.TODO, State.DOING)
        return next((each for each in self.phases if each.tally.state in open_states), None)

    def next_goals(self, limit: int) -> list[tuple[Phase, Goal]]:
        """What to do next: what is in progress first, then in the roadmap's order."""
        left = [
            (phase, goal)
            for phase in self.roadmap.phases
            for goal in phase.live_goals
            if self.state_of(goal.key) in (State.TODO, State.DOING)
        ]
        return sorted(left, key=lambda each: self.state_of(each[1].key) != State.DOING)[:limit]

    def state_of(self, key: str) -> State:
        return self.states.get(key, State.TODO)


def progress_of(roadmap: Roadmap, states: States) -> Progress:
    """The progress of someone with these states on this roadmap."""
    phases = tuple(PhaseProgress(phase, _tally(phase.live_goals, states)) for phase in roadmap.phases)
    return Progress(roadmap, states, _tally(roadmap.live_goals.values(), states), phases)


def _tally(goals: Iterable[Goal], states: States) -> Tally:
    found = [states.get(goal.key, State.TODO) for goal in goals]
    return Tally(
        len(found),
        found.count(State.DONE),
        found.count(State.DOING),
        found.count(State.SKIPPED),
    )
