"""Everything that a role's page says about it.

A role has a dozen tables of rows, more than a page may ask queries. So they come with the role, in one query, each
table as a list of JSON objects, and are made into the models they came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery

from roles.blueprint import Phase, Roadmap, SkillUse
from roles.charts import Bar, Dial, PayChart, dial, pay_chart
from roles.models import (
    CareerLevel,
    Claim,
    Correction,
    DaySlot,
    LevelDuty,
    LevelTitle,
    Role,
    RoleFaq,
    RoleFit,
    RoleMetric,
    RolePoint,
    RoleRequirement,
    RoleSector,
    SalaryObservation,
    Skill,
    Source,
    Statistic,
    Tool,
    UseCase,
)
from roles.models.people import RolePointKind
from roles.nested import CLAIM_FIELDS, SOURCE_FIELDS, STATISTIC_FIELDS, its_one, its_source, made, rows_of
from roles.teaching import Teaching

# 365.25 days ÷ 12 ÷ 7: a month is longer than four weeks.
WEEKS_A_MONTH = Decimal("4.345")
MOST_RELATED = 3
# What the source page announces about itself is no description of the job.
_ABOUT_THE_PAGE = RolePointKind.PROMISE


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one kind; `source` where one source states them all."""

    kind: RolePointKind
    points: list[RolePoint]
    source: Source | None


@dataclass(frozen=True, slots=True)
class Rung:
    level: CareerLevel
    titles: list[LevelTitle]
    duties: list[LevelDuty]


@dataclass(frozen=True, slots=True)
class Time:
    """How long it takes: what the source states in months beside what the phases add up to in weeks."""

    months: int
    approximate: bool
    weeks: int

    @property
    def months_of_weeks(self) -> Decimal:
        """The weeks in months, to one decimal."""
        return (self.weeks / WEEKS_A_MONTH).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def unexplained(self) -> int:
        """Whole weeks by which the stated months exceed the phases; 0 where they do not."""
        gap = (self.months * WEEKS_A_MONTH - self.weeks).quantize(Decimal(1), ROUND_HALF_UP)
        return max(int(gap), 0)


@dataclass(frozen=True, slots=True)
class Taught:
    """A skill or tool where the roadmap first meets it; `row` has what the roadmap does not say."""

    use: SkillUse
    row: Skill | Tool | None


@dataclass(frozen=True, slots=True)
class Related:
    """A role whose roadmap teaches some of the same skills."""

    role: Role
    shared: int
    of: int  # how many skills the other roadmap teaches


class RoleProfile:
    """A role and its rows, as models; lists are empty where nobody wrote anything."""

    def __init__(self, role: Role, rows: Mapping[str, list[dict[str, Any]]]) -> None:
        self.role = role
        self.sectors = made(RoleSector, rows["sectors"])
        self.day = made(DaySlot, rows["day"])
        self.faqs = made(RoleFaq, rows["faqs"])
        self.metrics = sorted(made(RoleMetric, rows["metrics"]), key=_place)
        self.corrections = [
            (correction, made(Source, row["its_sources"]))
            for correction, row in zip(made(Correction, rows["corrections"]), rows["corrections"], strict=True)
        ]
        self.ladder = [
            Rung(level, made(LevelTitle, row["its_titles"]), made(LevelDuty, row["its_duties"]))
            for level, row in zip(made(CareerLevel, rows["levels"]), rows["levels"], strict=True)
        ]
        self.requirements = made(RoleRequirement, rows["requirements"])
        self.pay = made(SalaryObservation, rows["pay"])
        self.statistics = made(Statistic, rows["statistics"])
        self.named_skills = made(Skill, rows["named_skills"])
        self.use_cases = made(UseCase, rows["use_cases"])
        self._points = made(RolePoint, rows["points"])
        self._fits = made(RoleFit, rows["fits"])

    @property
    def roadmap(self) -> Roadmap | None:
        return self.role.roadmap

    @cached_property
    def points(self) -> list[Points]:
        """What the job is, by kind, in the order of the kinds."""
        return [
            Points(kind, those, _common_source(those))
            for kind in RolePointKind
            if kind != _ABOUT_THE_PAGE and (those := self._points_of(kind))
        ]

    @property
    def points_source(self) -> Source | None:
        """The one source of every group that has one, or None."""
        found = {group.source.code: group.source for group in self.points if group.source}
        return next(iter(found.values())) if len(found) == 1 else None

    @property
    def promises(self) -> list[RolePoint]:
        """What the source page announces and we do not vouch for."""
        return self._points_of(_ABOUT_THE_PAGE)

    def _points_of(self, kind: RolePointKind) -> list[RolePoint]:
        return [point for point in self._points if point.kind == kind]

    @property
    def good_fits(self) -> list[RoleFit]:
        return [fit for fit in self._fits if fit.polarity == RoleFit.Polarity.FIT]

    @property
    def bad_fits(self) -> list[RoleFit]:
        return [fit for fit in self._fits if fit.polarity == RoleFit.Polarity.NOT_FIT]

    @property
    def dials(self) -> list[tuple[RoleMetric, Dial]]:
        """The metrics that are numbers on a scale."""
        return [(metric, dial(metric)) for metric in self.metrics if metric.value is not None and metric.scale_max]

    @cached_property
    def metrics_source(self) -> Source | None:
        return _common_source(self.metrics)

    @property
    def duties(self) -> list[Rung]:
        """The rungs of which the source says what one does there."""
        return [rung for rung in self.ladder if rung.duties]

    @cached_property
    def pay_chart(self) -> PayChart:
        return pay_chart(rung.level for rung in self.ladder)

    @property
    def pay_rows(self) -> list[tuple[Rung, Bar]]:
        """The ladder with its bars in the chart."""
        return list(zip(self.ladder, self.pay_chart.bars, strict=True))

    @cached_property
    def pay_source(self) -> Source | None:
        return _common_source(rung.level for rung in self.ladder)

    @property
    def pay_notes(self) -> list[str]:
        """What the editors say about the pay figures, each thing once: a note that another begins with is left out."""
        notes = dict.fromkeys(rung.level.editor_note for rung in self.ladder if rung.level.editor_note)
        return [note for note in notes if not any(other != note and other.startswith(note) for other in notes)]

    @property
    def time(self) -> Time | None:
        role = self.role
        if role.months_to_ready is None or role.roadmap is None:
            return None
        return Time(role.months_to_ready, role.months_approximate, role.roadmap.weeks)

    @property
    def answers(self) -> list[tuple[RoleFaq, str]]:
        """The questions people ask, with answers whose numbers are the metrics' own."""
        shown = {metric.metric: metric.shown for metric in self.metrics}
        values = {name: shown.get(name, "not stated") for name in RoleFaq.PLACEHOLDERS}
        values |= {"role": self.role.name}
        if self.roadmap:
            values |= {"weeks": str(self.roadmap.weeks), "phases": str(len(self.roadmap.phases))}
        return [(faq, faq.answered(values)) for faq in self.faqs]

    @cached_property
    def sources(self) -> list[Source]:
        """Every source that something on the page rests on, each once."""
        claims: list[Claim] = [self.role, *self._points, *self.metrics, *(rung.level for rung in self.ladder)]
        claims += [*self.requirements, *self.pay, *self.statistics]
        found = {claim.source.code: claim.source for claim in claims}
        for _, sources in self.corrections:
            found |= {source.code: source for source in sources}
        return list(found.values())

    def skills(self, rows: Mapping[str, Skill]) -> list[tuple[Phase, list[Taught]]]:
        """The skills by the phase that first teaches them."""
        return self._by_first_phase(self.roadmap.skills if self.roadmap else {}, rows)

    def tools(self, rows: Mapping[str, Tool]) -> list[Taught]:
        uses = self.roadmap.tools if self.roadmap else {}
        return [Taught(use, rows.get(slug)) for slug, use in uses.items()]

    def _by_first_phase(
        self, uses: Mapping[str, SkillUse], rows: Mapping[str, Skill]
    ) -> list[tuple[Phase, list[Taught]]]:
        phases = self.roadmap.phases if self.roadmap else ()
        found = [
            (phase, [Taught(use, rows.get(slug)) for slug, use in uses.items() if use.phases[0] is phase])
            for phase in phases
        ]
        return [(phase, taught) for phase, taught in found if taught]

    @property
    def skill_slugs(self) -> set[str]:
        """The skills that its roadmap teaches; without one, those that its duties and requirements name."""
        return set(self.roadmap.skills) if self.roadmap else {skill.slug for skill in self.named_skills}

    def related(self, teaching: Teaching) -> list[Related]:
        """The roles with a roadmap that teaches most of the same skills."""
        found = [
            Related(role, len(self.skill_slugs & role.roadmap.skills.keys()), len(role.roadmap.skills))
            for role in teaching.roles
            if role.pk != self.role.pk and role.roadmap is not None
        ]
        return sorted((each for each in found if each.shared), key=lambda each: -each.shared)[:MOST_RELATED]


def profile_of(slug: str) -> RoleProfile | None:
    """The profile of a role, read in one query, or None if there is no such role."""
    return next(iter(profiles_of([slug])), None)


def profiles_of(slugs: Iterable[str]) -> list[RoleProfile]:
    """The profiles of roles in the order of the slugs, read in one query; unknown slugs are left out."""
    tables = _tables()
    slugs = list(slugs)
    found = Role.objects.select_related("source").annotate(**{f"its_{name}": rows for name, rows in tables.items()})
    profiles = [
        RoleProfile(role, {name: getattr(role, f"its_{name}") for name in tables}) for role in found.among(slugs)
    ]
    return sorted(profiles, key=lambda profile: slugs.index(profile.role.slug))


def _tables() -> dict[str, ArraySubquery]:
    return {
        "points": rows_of(RolePoint, "kind", "order", "text", *CLAIM_FIELDS, **its_source()),
        "requirements": rows_of(
            RoleRequirement,
            "order",
            "text",
            "strength",
            *CLAIM_FIELDS,
            **its_source(),
            **its_one("skill", "slug", "name"),
        ),
        "pay": rows_of(
            SalaryObservation,
            *("order", "measure", "low", "high", "open_top", "approximate", "geography", "currency", "period"),
            *("period_assumed", *CLAIM_FIELDS),
            **its_source(),
        ),
        "statistics": rows_of(Statistic, *STATISTIC_FIELDS, ordered_by=("topic", "order"), **its_source()),
        "named_skills": rows_of(Skill, "slug", "name", "category", "coding", of="named_by", ordered_by=("name",)),
        "use_cases": rows_of(UseCase, "slug", "name", "order", "summary", of="roles"),
        "sectors": rows_of(RoleSector, "order", "employer", "purpose"),
        "fits": rows_of(RoleFit, "polarity", "order", "text", "note"),
        "day": rows_of(DaySlot, "time", "text", ordered_by=("time",)),
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
            its_titles=rows_of(LevelTitle, "order", "title", "note", of="level"),
            its_duties=rows_of(LevelDuty, "order", "text", of="level"),
            **its_source(),
        ),
        "faqs": rows_of(RoleFaq, "order", "topic", "question", "answer", "source_says"),
        "corrections": rows_of(
            Correction,
            *("slug", "kind", "where", "stated", "found", "certainty", "order"),
            of="roles",
            ordered_by=("order", "slug"),
            its_sources=rows_of(Source, *SOURCE_FIELDS, of="corrections", ordered_by=("code",)),
        ),
    }


def _place(metric: RoleMetric) -> int:
    """The place of a metric among the metrics."""
    return RoleMetric.Metric.values.index(metric.metric)


def _common_source(claims: Iterable[Claim]) -> Source | None:
    """The one source of all claims, or None where there are several."""
    sources = {claim.source.code: claim.source for claim in claims}
    return next(iter(sources.values())) if len(sources) == 1 else None
