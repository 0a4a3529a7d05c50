"""What the published roadmaps teach and use, and where: the catalog's cross-references. Pure; no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from roles.blueprint import Goal, Link, Phase, ResourceLink
from roles.models import Role


@dataclass(frozen=True, slots=True)
class Lesson:
    """A phase of a role, with those of its goals that teach a skill or use a tool."""

    role: Role
    phase: Phase
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A resource in a phase."""

    role: Role
    phase: Phase
    link: ResourceLink


class Teaching:
    """An index of all published roadmaps together."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = [role for role in roles if role.roadmap is not None]

    @cached_property
    def skills(self) -> Mapping[str, list[Lesson]]:
        """By slug of a skill: the lessons that teach it, in the order of roles and phases."""
        return self._lessons(lambda goal: goal.skills)

    @cached_property
    def tools(self) -> Mapping[str, list[Lesson]]:
        """By slug of a tool: the lessons that use it."""
        return self._lessons(lambda goal: goal.tools)

    @cached_property
    def resources(self) -> Mapping[str, list[Use]]:
        """By slug of a resource: the phases that use it."""
        found: dict[str, list[Use]] = {}
        for role, phase in self._phases():
            for link in phase.resources:
                found.setdefault(link.slug, []).append(Use(role, phase, link))
        return found

    def skills_beside(self, slug: str) -> list[Link]:
        """The skills that share goals with a skill, most often shared first."""
        return _beside(self.skills.get(slug, ()), lambda goal: goal.skills, but=slug)

    def tools_beside(self, slug: str) -> list[Link]:
        """The tools of the goals that teach a skill, most used first."""
        return _beside(self.skills.get(slug, ()), lambda goal: goal.tools)

    def skills_with(self, slug: str) -> list[Link]:
        """The skills of the goals that use a tool, most often met first."""
        return _beside(self.tools.get(slug, ()), lambda goal: goal.skills)

    def _phases(self) -> Iterable[tuple[Role, Phase]]:
        for role in self.roles:
            if role.roadmap is not None:
                for phase in role.roadmap.phases:
                    yield role, phase

    def _lessons(self, links_of: Callable[[Goal], Iterable[Link]]) -> Mapping[str, list[Lesson]]:
        found: dict[str, list[Lesson]] = {}
        for role, phase in self._phases():
            goals: dict[str, list[Goal]] = {}
            for goal in phase.live_goals:
                for link in links_of(goal):
                    goals.setdefault(link.slug, []).append(goal)
            for slug, those in goals.items():
                found.setdefault(slug, []).append(Lesson(role, phase, tuple(those)))
        return found


def roles_of(lessons: Iterable[Lesson | Use]) -> list[Role]:
    """The roles of lessons or uses, each once, in their order."""
    return list({each.role.pk: each.role for each in lessons}.values())


def _beside(lessons: Iterable[Lesson], links_of: Callable[[Goal], Iterable[Link]], *, but: str = "") -> list[Link]:
    met = Counter(link for lesson in lessons for goal in lesson.goals for link in links_of(goal) if link.slug != but)
    return [link for link, _ in sorted(met.items(), key=lambda each: (-each[1], each[0].name.lower()))]
