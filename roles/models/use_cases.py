"""Where AI meets care: the problem, what AI does about it, who builds it, what it asks for."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Prefetch
from django.urls import reverse

from accounts.constraints import one_of, one_place
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.companies import Company
from roles.models.role import Role
from roles.models.search import SearchKind, lines, part_of, searchable, texts_of
from roles.models.skills import Skill
from roles.models.sources import Claim, Verification
from roles.models.statistics import Statistic


class UseCaseQuerySet(models.QuerySet["UseCase"]):
    def in_brief(self) -> Self:
        """Without the texts of their pages."""
        return self.only("slug", "name", "order", "summary")

    def beside(self, use_case: UseCase) -> Self:
        """The others."""
        return self.in_brief().exclude(pk=use_case.pk)

    def naming(self, company: Company) -> Self:
        return self.filter(company_links__company=company)

    def with_skills(self) -> Self:
        """With the skills as the source calls them."""
        links = UseCaseSkill.objects.select_related("skill").defer(*_SKILL_TEXTS)
        return self.prefetch_related(Prefetch("skill_links", links))

    def with_work(self) -> Self:
        """With solutions, the skills and companies as the source calls them, and roles."""
        return (
            self.with_skills()
            .select_related("source")
            .prefetch_related(
                "solutions",
                Prefetch("company_links", UseCaseCompany.objects.select_related("company__parent")),
                Prefetch("roles", Role.objects.only("slug", "name", "short_name", "order", "tagline")),
            )
        )

    def with_figures(self) -> Self:
        return self.prefetch_related(Prefetch("statistics", Statistic.objects.with_sources()))


_SKILL_TEXTS = tuple(f"skill__{name}" for name in ("what", "why_in_care", "exercise", "pitfalls", "also_met_in"))
UseCaseManager = CatalogManager.from_queryset(UseCaseQuerySet)


class UseCase(Claim):
    """A kind of work in which AI meets care: the problem, what AI does about it, who builds it, what it asks for."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField()
    summary = models.CharField(max_length=300, help_text="The work in one sentence.")
    problem = models.TextField(help_text="The problem, in our words. Figures stand in the statistics.")
    body = models.TextField(blank=True, help_text="How the work goes and what is hard about it. Markdown.")
    statistics = models.ManyToManyField(Statistic, related_name="use_cases", blank=True)
    skills = models.ManyToManyField(Skill, through="UseCaseSkill", related_name="use_cases")
    companies = models.ManyToManyField(Company, through="UseCaseCompany", related_name="use_cases")
    roles = models.ManyToManyField(
        Role, related_name="use_cases", blank=True, help_text="Ours: roles that do this work."
    )

    objects: ClassVar[UseCaseManager[UseCase]] = UseCaseManager()

    class Meta:
        ordering = ["order"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.USE_CASE,
                title="NEW.name",
                subtitle="NEW.summary",
                body=lines(
                    "NEW.problem",
                    "NEW.body",
                    texts_of("roles_usecasesolution", "use_case_id", text="concat_ws(E'\\n', name, text)"),
                ),
            ),
        ]
        constraints = [one_of("verification", Verification), one_place("order", what="use case")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("roles:use_case_detail", args=[self.slug])


class UseCaseSolution(CatalogModel):
    """One thing that AI does about the problem."""

    natural: ClassVar[tuple[str, ...]] = ("use_case__slug", "order")

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="solutions")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    text = models.TextField(blank=True, help_text="How it works and where it stops, in two or three sentences.")

    class Meta:
        ordering = ["use_case", "order"]
        triggers = [*bumps_catalog_version(), *part_of("roles_usecase", "use_case_id")]
        constraints = [one_place("use_case", "order", what="solution")]

    def __str__(self) -> str:
        return self.name


class UseCaseSkill(CatalogModel):
    """A skill that a use case asks for. Two names in a source may be one skill of ours."""

    natural: ClassVar[tuple[str, ...]] = ("use_case__slug", "order")

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="skill_links")
    order = models.PositiveSmallIntegerField()
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="use_case_links")
    as_stated = models.CharField(max_length=80, help_text="As the source calls it.")

    class Meta:
        ordering = ["use_case", "order"]
        triggers = bumps_catalog_version()
        constraints = [one_place("use_case", "order", what="skill")]

    def __str__(self) -> str:
        return f"{self.use_case}: {self.as_stated}"


class UseCaseCompany(CatalogModel):
    """A company that a source names for a use case."""

    natural: ClassVar[tuple[str, ...]] = ("use_case__slug", "company__slug")

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="company_links")
    order = models.PositiveSmallIntegerField()
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="use_case_links")
    as_stated = models.CharField(max_length=80, blank=True, help_text="As the source calls it, where ours differs.")

    class Meta:
        ordering = ["use_case", "order"]
        verbose_name_plural = "use case companies"
        triggers = bumps_catalog_version()
        constraints = [
            one_place("use_case", "order", what="company"),
            models.UniqueConstraint(
                fields=["use_case", "company"],
                name="roles_usecasecompany_once",
                violation_error_message="The use case names this company already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use_case}: {self.company}"
