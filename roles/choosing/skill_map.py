"""Which skills lead to which roles, what to learn before what, and what is missing on the way to a role. Pure.

The skills of a role are those that its published roadmap teaches; where it has none, those that its duties and
requirements name. The two are never set against each other: a role that names five skills is not nearer than one whose
roadmap teaches thirty, so roles without a roadmap stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from roles.blueprint import Phase
from roles.models import Role, Skill
from roles.models.skills import SkillCategory

# How many of the skills that one could begin with are proposed.
MOST_NEXT = 6


class Standing(StrEnum):
    """Where somebody stands with a skill."""

    HAD = "had"
    READY = "ready"  # everything that it builds on is there
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """A missing skill on the way to a role."""

    skill: Skill
    phase: Phase | None  # the first that teaches it, where a roadmap does
    first: tuple[Skill, ...]  # what to learn before it


@dataclass(frozen=True)
class Way:
    """What somebody has and lacks of a role's skills."""

    role: Role
    had: tuple[Skill, ...]
    missing: tuple[Step, ...]  # in the order in which its roadmap teaches them

    @property
    def total(self) -> int:
        return len(self.had) + len(self.missing)

    @property
    def share(self) -> float:
        """How much of the role's skills is there, 0 to 1."""
        return len(self.had) / self.total

    @property
    def by_phase(self) -> list[tuple[Phase | None, list[Step]]]:
        return [(phase, list(steps)) for phase, steps in groupby(self.missing, key=lambda step: step.phase)]


@dataclass(frozen=True, slots=True)
class Need:
    """A role that needs a skill, and the number of the phase that first teaches it; None without a roadmap."""

    role: Role
    phase: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A skill on the map."""

    skill: Skill
    standing: Standing
    needs: tuple[Need, ...]
    builds_on: tuple[Skill, ...]

    @property
    def is_open(self) -> bool:
        """Whether it builds on something, and all of that is there."""
        return self.standing == Standing.READY and bool(self.builds_on)


class SkillMap:
    """All skills and roles together, seen by somebody who has some of the skills.

    `builds_on`: pairs of slugs, each a skill and one that comes before it.
    """

    def __init__(
        self,
        roles: Iterable[Role],
        skills: Iterable[Skill],
        builds_on: Iterable[tuple[str, str]],
        have: Iterable[str] = (),
    ) -> None:
        self._skills = {skill.slug: skill for skill in skills}
        self.roles = sorted(
            (role for role in roles if any(slug in self._skills for slug in role.skill_slugs)),
            key=lambda role: role.roadmap is None,
        )
        self.have = {slug for slug in have if slug in self._skills}
        self._before: dict[str, list[str]] = {}
        for slug, before in builds_on:
            if slug in self._skills and before in self._skills and slug != before:
                self._before.setdefault(slug, []).append(before)

    @cached_property
    def groups(self) -> list[tuple[str, list[Entry]]]:
        """Every skill by category, in each what comes first first."""
        places = {value: place for place, value in enumerate(SkillCategory.values)}
        ordered = sorted(
            self._skills.values(),
            key=lambda skill: (places[skill.category], self.depth(skill.slug), skill.name.lower()),
        )
        return [
            (str(SkillCategory(category).label), [self._entry(skill) for skill in those])
            for category, those in groupby(ordered, key=lambda skill: skill.category)
        ]

    @property
    def nearest(self) -> Way | None:
        """The way to the nearest role, or None where no roadmap teaches anything that one has."""
        return next((way for way in self.ways if way.had), None)

    @cached_property
    def ways(self) -> list[Way]:
        """The ways to the roles with a roadmap, the nearest first: by the share that is there, then fewest missing."""
        return self._nearest_first(role for role in self.roles if role.roadmap)

    @cached_property
    def named(self) -> list[Way]:
        """The same for roles whose skills are only named."""
        return self._nearest_first(role for role in self.roles if not role.roadmap)

    @cached_property
    def next_skills(self) -> list[Entry]:
        """What one could begin with: skills whose foundations are all there, those that most roles need first."""
        ready = [entry for _, entries in self.groups for entry in entries if entry.is_open and entry.needs]
        return sorted(ready, key=lambda entry: -len(entry.needs))[:MOST_NEXT]

    def standing(self, slug: str) -> Standing:
        if slug in self.have:
            return Standing.HAD
        return Standing.READY if self.have.issuperset(self._before.get(slug, ())) else Standing.AHEAD

    def before(self, slug: str) -> tuple[Skill, ...]:
        """What a skill builds on."""
        return tuple(self._skills[each] for each in self._before.get(slug, ()))

    def depth(self, slug: str) -> int:
        """How many skills come one after the other before this one. A circle, which editors can make, ends there."""
        return self._depth(slug, frozenset())

    def _depth(self, slug: str, passed: frozenset[str]) -> int:
        passed |= {slug}
        before = [each for each in self._before.get(slug, ()) if each not in passed]
        return max((1 + self._depth(each, passed) for each in before), default=0)

    def _entry(self, skill: Skill) -> Entry:
        needs = tuple(
            Need(role, self._phase_numbers[role.slug].get(skill.slug))
            for role in self.roles
            if skill.slug in self._phase_numbers[role.slug]
        )
        return Entry(skill, self.standing(skill.slug), needs, self.before(skill.slug))

    @cached_property
    def _phase_numbers(self) -> Mapping[str, Mapping[str, int | None]]:
        """By role and skill, the number of the phase that first teaches it."""
        return {
            role.slug: {
                slug: role.roadmap.skills[slug].phases[0].number if role.roadmap else None for slug in role.skill_slugs
            }
            for role in self.roles
        }

    def _nearest_first(self, roles: Iterable[Role]) -> list[Way]:
        return sorted(map(self._way, roles), key=lambda way: (-way.share, len(way.missing)))

    def _way(self, role: Role) -> Way:
        slugs = [slug for slug in role.skill_slugs if slug in self._skills]
        if role.roadmap is None:
            slugs.sort(key=self.depth)
        had = tuple(self._skills[slug] for slug in slugs if slug in self.have)
        return Way(role, had, tuple(self._step(role, slug) for slug in slugs if slug not in self.have))

    def _step(self, role: Role, slug: str) -> Step:
        phase = role.roadmap.skills[slug].phases[0] if role.roadmap else None
        first = tuple(skill for skill in self.before(slug) if skill.slug not in self.have)
        return Step(self._skills[slug], phase, first)
