"""Everything that a skill's page says about it, read in three queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import groupby
from typing import Any

from roles.blueprint import Link
from roles.models import DaySlot, Resource, Role, Skill, Source, Tool, UseCase
from roles.nested import SOURCE_FIELDS, its_one, made, rows_of
from roles.teaching import Lesson, Teaching, Use, roles_of

# How many resources of neighboring skills stand in for a skill's own.
MOST_NEIGHBORING = 6

type ByRole = list[tuple[Role, list[Lesson]]]
type Used = list[tuple[Resource, list[Use]]]


class SkillProfile:
    """A skill and what belongs to it; lists are empty where nobody wrote anything."""

    def __init__(self, skill: Skill, rows: Mapping[str, list[dict[str, Any]]], teaching: Teaching) -> None:
        self.skill = skill
        self.teaching = teaching
        self.builds_on = made(Skill, rows["builds_on"])
        self.leads_to = made(Skill, rows["leads_to"])
        self.tools = made(Tool, rows["tools"])
        self.day = made(DaySlot, rows["day"])
        self.sources = made(Source, rows["sources"])
        self.use_cases = list({case.slug: case for case in made(UseCase, rows["use_cases"])}.values())
        self.lessons = teaching.skills.get(skill.slug, [])
        self._resources = made(Resource, rows["resources"])
        self._named_by = made(Role, rows["named_by"])

    @property
    def lessons_by_role(self) -> ByRole:
        return by_role(self.lessons)

    @property
    def roles(self) -> list[Role]:
        """The roles that need it: those whose roadmap teaches it, then those that only name it."""
        return [*roles_of(self.lessons), *self._named_by]

    @property
    def related(self) -> list[Link]:
        """The skills that its goals teach together with it."""
        return self.teaching.skills_beside(self.skill.slug)

    @property
    def resources(self) -> Used:
        return with_uses(self._resources, self.teaching)

    @cached_property
    def neighbors(self) -> list[Skill]:
        """The others of its category, where no phase teaches it."""
        return [] if self.lessons else list(Skill.objects.beside(self.skill).for_links())

    @cached_property
    def instead(self) -> Used:
        """What to read where no resource is about the skill itself: those of its phases, or of its neighbors."""
        if self._resources:
            return []
        if self.lessons:
            slugs = [link.slug for lesson in self.lessons for link in lesson.phase.resources]
            return with_uses(Resource.objects.among(slugs), self.teaching)
        return with_uses(Resource.objects.about(self.neighbors)[:MOST_NEIGHBORING], self.teaching)


def skill_profile_of(slug: str) -> SkillProfile | None:
    """The profile of a skill, or None if there is no such skill."""
    tables = {
        "builds_on": rows_of(Skill, "slug", "name", of="leads_to", ordered_by=("name",)),
        "leads_to": rows_of(Skill, "slug", "name", of="builds_on", ordered_by=("name",)),
        "tools": rows_of(Tool, "slug", "name", of="skills", ordered_by=("name",)),
        "resources": rows_of(
            Resource, "slug", "title", "kind", "cost", "status", "summary", of="skills", ordered_by=("title",)
        ),
        "day": rows_of(
            DaySlot, "time", "text", of="skills", ordered_by=("role__order", "time"), **its_one("role", "slug", "name")
        ),
        "sources": rows_of(Source, *SOURCE_FIELDS, of="skills", ordered_by=("code",)),
        "use_cases": rows_of(UseCase, "slug", "name", "summary", of="skills"),
        "named_by": rows_of(Role, "slug", "name", "short_name", of="named_skills"),
    }
    skill = Skill.objects.annotate(**{f"its_{name}": rows for name, rows in tables.items()}).called(slug)
    if skill is None:
        return None
    rows = {name: getattr(skill, f"its_{name}") for name in tables}
    return SkillProfile(skill, rows, Teaching(Role.objects.with_roadmap()))


def by_role(lessons: Iterable[Lesson]) -> ByRole:
    """Lessons under their roles. They come in the order of roles."""
    return [(role, list(those)) for role, those in groupby(lessons, key=lambda lesson: lesson.role)]


def with_uses(resources: Iterable[Resource], teaching: Teaching) -> Used:
    """Resources by title, whatever its case, with the phases that use them."""
    found = [(resource, teaching.resources.get(resource.slug, [])) for resource in resources]
    return sorted(found, key=lambda each: each[0].title.lower())
