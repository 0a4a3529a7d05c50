"""A role of a comparison: the role with its rows, read for all of them in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from roles.blueprint import Link
from roles.charts import Ring, ring
from roles.models import (
    CareerLevel,
    LevelTitle,
    Role,
    RoleFit,
    RoleMetric,
    RolePoint,
    RoleRequirement,
    SalaryObservation,
    Skill,
)
from roles.nested import CLAIM_FIELDS, its_source, made, rows_of
from roles.profile import Time


class Column:
    """One role of the comparison, with its rows as models."""

    def __init__(self, role: Role, rows: Mapping[str, list[dict[str, Any]]]) -> None:
        self.role = role
        self.metrics = {metric.metric: metric for metric in made(RoleMetric, rows["metrics"])}
        self.ladder = {level.order: level for level in made(CareerLevel, rows["levels"])}
        self.titles = {row["order"]: made(LevelTitle, row["its_titles"]) for row in rows["levels"]}
        self.pay = made(SalaryObservation, rows["pay"])
        self.work = [point for point in made(RolePoint, rows["points"]) if point.kind == RolePoint.Kind.WORK]
        self.requirements = made(RoleRequirement, rows["requirements"])
        self.fits = made(RoleFit, rows["fits"])
        self._named = made(Skill, rows["named"])

    @property
    def name(self) -> str:
        return self.role.short_name

    @cached_property
    def ring(self) -> Ring | None:
        return ring(self.role.roadmap) if self.role.roadmap else None

    @cached_property
    def skills(self) -> dict[str, Link]:
        """What its roadmap teaches, or what its duties and requirements name where it has none."""
        if self.role.roadmap:
            return {slug: use.link for slug, use in self.role.roadmap.skills.items()}
        return {skill.slug: Link(skill.slug, skill.name) for skill in self._named}

    @cached_property
    def tools(self) -> dict[str, Link]:
        return {slug: use.link for slug, use in self.role.roadmap.tools.items()} if self.role.roadmap else {}

    @property
    def time(self) -> Time | None:
        role = self.role
        if role.months_to_ready is None or role.roadmap is None:
            return None
        return Time(role.months_to_ready, role.months_approximate, role.roadmap.weeks)

    def fit(self, polarity: str) -> tuple[str, ...]:
        return tuple(fit.text for fit in self.fits if fit.polarity == polarity)


def columns_of(slugs: Iterable[str]) -> list[Column]:
    """The roles of these slugs in their order, with all their rows: one query."""
    tables = {
        "metrics": rows_of(
            RoleMetric,
            *("metric", "value", "word", "unit", "scale_max", "better", *CLAIM_FIELDS),
            ordered_by=("metric",),
            **its_source(),
        ),
        "levels": rows_of(
            CareerLevel,
            *("order", "years_min", "years_max", "salary_min", "salary_max", "open_top", "currency", "period"),
            *CLAIM_FIELDS,
            its_titles=rows_of(LevelTitle, "order", "title", of="level"),
            **its_source(),
        ),
        "pay": rows_of(
            SalaryObservation,
            *("order", "measure", "low", "high", "open_top", "approximate", "geography", "period_assumed"),
            *CLAIM_FIELDS,
            **its_source(),
        ),
        "points": rows_of(RolePoint, "kind", "order", "text", *CLAIM_FIELDS, **its_source()),
        "requirements": rows_of(RoleRequirement, "order", "text", "strength", *CLAIM_FIELDS, **its_source()),
        "fits": rows_of(RoleFit, "polarity", "order", "text", ordered_by=("polarity", "order")),
        "named": rows_of(Skill, "slug", "name", of="named_by", ordered_by=("name",)),
    }
    found = Role.objects.among(slugs).select_related("source")
    roles = {role.slug: role for role in found.annotate(**{f"its_{name}": rows for name, rows in tables.items()})}
    return [
        Column(roles[slug], {name: getattr(roles[slug], f"its_{name}") for name in tables})
        for slug in slugs
        if slug in roles
    ]
