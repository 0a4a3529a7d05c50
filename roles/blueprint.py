"""The published roadmap as data: what a `Publication` freezes and the catalog shows.

Pure values, no database. One schema and one parser: `Roadmap.to_json` writes what `Roadmap.from_json` reads.
Keys are UUIDs as strings; they never change once published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A skill or tool that a goal teaches."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Goal:
    key: str
    text: str
    skills: tuple[Link, ...] = ()
    tools: tuple[Link, ...] = ()
    retired: bool = False
    replaces: tuple[str, ...] = ()  # keys of retired goals whose credit carries over


@dataclass(frozen=True, slots=True)
class Criterion:
    key: str
    text: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Milestone:
    key: str
    text: str
    brief: str = ""
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceLink:
    slug: str
    title: str
    kind: str  # a Resource.Kind value
    kind_name: str
    provider: str = ""
    url: str = ""
    cost: str = ""  # in words, such as “Free”
    access: str = ""
    status: str = "ok"  # a Resource.Status value
    note: str = ""


@dataclass(frozen=True)
class Phase:
    slug: str
    number: int  # from 1, without gaps
    title: str
    kind: str  # a Phase.Kind value
    weeks: int
    summary: str
    milestone: Milestone
    goals: tuple[Goal, ...] = ()
    resources: tuple[ResourceLink, ...] = ()

    @cached_property
    def live_goals(self) -> tuple[Goal, ...]:
        """The goals that count."""
        return tuple(goal for goal in self.goals if not goal.retired)


@dataclass(frozen=True)
class Roadmap:
    """A whole roadmap in the state of one publication."""

    role: str  # the role's slug
    phases: tuple[Phase, ...] = ()

    @cached_property
    def weeks(self) -> int:
        """Weeks of work, the sum of the phases'."""
        return sum(phase.weeks for phase in self.phases)

    @cached_property
    def goals(self) -> dict[str, Goal]:
        """Every goal by key, retired ones too, in order."""
        return {goal.key: goal for phase in self.phases for goal in phase.goals}

    @cached_property
    def live_goals(self) -> dict[str, Goal]:
        return {key: goal for key, goal in self.goals.items() if not goal.retired}

    @cached_property
    def phase_of(self) -> dict[str, Phase]:
        """The phase of each goal, by the goal's key."""
        return {goal.key: phase for phase in self.phases for goal in phase.goals}

    @cached_property
    def skills(self) -> dict[str, SkillUse]:
        """Every skill that a live goal teaches, by slug, in the order in which one meets them."""
        return _uses(self, "skills")

    @cached_property
    def tools(self) -> dict[str, SkillUse]:
        """Every tool that a live goal uses, by slug, in the order in which one meets them."""
        return _uses(self, "tools")

    def phase(self, number: int) -> Phase | None:
        return self.phases[number - 1] if 1 <= number <= len(self.phases) else None

    def first_week(self, phase: Phase) -> int:
        """The week of the roadmap in which a phase begins, from 1."""
        return 1 + sum(earlier.weeks for earlier in self.phases[: phase.number - 1])

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Roadmap:
        return cls(role=data["role"], phases=tuple(_phase(phase) for phase in data["phases"]))


@dataclass(frozen=True, slots=True)
class SkillUse:
    """How much of a roadmap a skill or tool takes."""

    link: Link
    phases: tuple[Phase, ...]  # where it is met, in order
    goals: int  # how many live goals teach it: its importance


def _uses(roadmap: Roadmap, kind: str) -> dict[str, SkillUse]:
    met: dict[str, tuple[Link, list[Phase], int]] = {}
    for phase, link in _links(roadmap, kind):
        first, phases, goals = met.get(link.slug, (link, [], 0))
        met[link.slug] = (
            first,
            phases if phase in phases else [*phases, phase],
            goals + 1,
        )
    return {slug: SkillUse(link, tuple(phases), goals) for slug, (link, phases, goals) in met.items()}


def _links(roadmap: Roadmap, kind: str) -> Iterator[tuple[Phase, Link]]:
    for phase in roadmap.phases:
        for goal in phase.live_goals:
            for link in getattr(goal, kind):
                yield phase, link


def _phase(data: dict[str, Any]) -> Phase:
    return Phase(
        **data
        | {
            "milestone": _milestone(data["milestone"]),
            "goals": tuple(_goal(goal) for goal in data["goals"]),
            "resources": tuple(ResourceLink(**link) for link in data["resources"]),
        }
    )


def _goal(data: dict[str, Any]) -> Goal:
    return Goal(
        **data
        | {
            "skills": tuple(Link(**link) for link in data["skills"]),
            "tools": tuple(Link(**link) for link in data["tools"]),
            "replaces": tuple(data["replaces"]),
        }
    )


def _milestone(data: dict[str, Any]) -> Milestone:
    return Milestone(**data | {"criteria": tuple(Criterion(**criterion) for criterion in data["criteria"])})
