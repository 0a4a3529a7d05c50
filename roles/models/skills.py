from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.constraints import one_of
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.search import SearchKind, each_of, lines, searchable
from roles.models.sources import Source


class SkillCategory(models.TextChoices):
    DOMAIN = "domain", "Healthcare domain"
    STANDARDS = "standards", "Data standards"
    ENGINEERING = "engineering", "Data engineering"
    PROGRAMMING = "programming", "Programming"
    STATISTICS = "statistics", "Statistics"
    MACHINE_LEARNING = "machine_learning", "Machine learning"
    EVALUATION = "evaluation", "Evaluation"
    LANGUAGE = "language", "Language models"
    CLOUD = "cloud", "Cloud and MLOps"
    PRIVACY = "privacy", "Privacy"
    GOVERNANCE = "governance", "Governance"
    REGULATION = "regulation", "Regulation"
    ETHICS = "ethics", "Ethics"
    WORKFLOW = "workflow", "Clinical workflow"
    PROFESSIONAL = "professional", "Professional"


class SkillQuerySet(models.QuerySet["Skill"]):
    def mentioning(self, text: str) -> Self:
        """Skills whose name, other names or description contain the text."""
        return self.filter(Q(name__icontains=text) | Q(aliases__icontains=text) | Q(summary__icontains=text))

    def in_category(self, category: str) -> Self:
        return self.filter(category=category)

    def done_in_code(self, coding: bool) -> Self:
        return self.filter(coding=coding)

    def among(self, slugs: Iterable[str]) -> Self:
        return self.filter(slug__in=slugs)

    def called(self, slug: str) -> Skill | None:
        """The skill of that slug, or None."""
        return self.filter(slug=slug).first()

    def for_links(self) -> Self:
        """Without the texts of their pages."""
        return self.only("slug", "name", "category", "coding")

    def for_lists(self) -> Self:
        """Without the texts that only their own pages show."""
        return self.defer("what", "why_in_care", "exercise", "pitfalls", "also_met_in")

    def foundations(self) -> list[tuple[str, str]]:
        """Slugs in pairs: a skill, and one that it builds on."""
        pairs = self.filter(builds_on__isnull=False).order_by("slug", "builds_on__slug")
        return list(pairs.values_list("slug", "builds_on__slug"))

    def beside(self, skill: Skill) -> Self:
        """The others of its category."""
        return self.in_category(skill.category).exclude(pk=skill.pk)


SkillManager = CatalogManager.from_queryset(SkillQuerySet)


class Skill(CatalogModel):
    """Something a person can do, taught by goals and asked for by roles."""

    Category = SkillCategory

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120, unique=True)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    category = models.CharField(max_length=20, choices=Category)
    coding = models.BooleanField(default=False, help_text="Done by writing code.")
    summary = models.TextField(help_text="What it is, in one or two sentences.")
    what = models.TextField(blank=True, help_text="How it works, in two or three paragraphs. Markdown.")
    why_in_care = models.TextField(blank=True, help_text="Why it matters to patients and clinicians.")
    exercise = models.TextField(blank=True, help_text="A first exercise, and how to tell that it worked. Markdown.")
    pitfalls = models.TextField(blank=True, help_text="Mistakes that people make, as a list. Markdown.")
    builds_on = models.ManyToManyField(
        "self", symmetrical=False, related_name="leads_to", blank=True, help_text="What one should be able to do first."
    )
    sources = models.ManyToManyField(Source, related_name="skills", blank=True, help_text="What the text rests on.")
    also_met_in = models.TextField(blank=True, help_text="Where the sources name it outside the phases.")

    objects: ClassVar[SkillManager[Skill]] = SkillManager()

    class Meta:
        ordering = ["category", "name"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.SKILL,
                title="NEW.name",
                names=each_of("NEW.aliases"),
                subtitle="NEW.summary",
                body=lines("NEW.what", "NEW.why_in_care", "NEW.exercise", "NEW.pitfalls", "NEW.also_met_in"),
            ),
        ]
        constraints = [one_of("category", SkillCategory)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("skill_detail", args=[self.slug])


class ToolKind(models.TextChoices):
    LANGUAGE = "language", "Language"
    LIBRARY = "library", "Library"
    FRAMEWORK = "framework", "Framework"
    MODEL = "model", "Language model"
    DATA_MODEL = "data_model", "Data model"
    SPECIFICATION = "specification", "Specification"
    SERVER = "server", "Server"
    SDK = "sdk", "Developer kit"
    APPLICATION = "application", "Application"
    EHR = "ehr", "EHR system"
    PLATFORM = "platform", "Platform"
    SERVICE = "service", "Managed service"
    GENERATOR = "generator", "Data generator"
    DATA = "data", "Data collection"
    CATEGORY = "category", "Category, no product named"


class ToolLicense(models.TextChoices):
    OPEN = "open", "Open source"
    COMMERCIAL = "commercial", "Commercial"
    MANAGED = "managed", "Managed service"
    MIXED = "mixed", "Mixed"


class ToolQuerySet(models.QuerySet["Tool"]):
    def mentioning(self, text: str) -> Self:
        """Tools whose name, other names, vendor or description contain the text."""
        return self.filter(
            Q(name__icontains=text)
            | Q(aliases__icontains=text)
            | Q(vendor__icontains=text)
            | Q(summary__icontains=text)
        )

    def for_lists(self) -> Self:
        """Without the texts that only their own pages show."""
        return self.defer("what", "why_in_care", "exercise", "pitfalls", "status_note")

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def under_license(self, license: str) -> Self:
        return self.filter(license=license)

    def among(self, slugs: Iterable[str]) -> Self:
        return self.filter(slug__in=slugs)

    def met_in(self, *, tools: Iterable[str], resources: Iterable[str]) -> Self:
        """The tools of these slugs, and those that resources of those slugs are about."""
        through = self.model.objects.filter(resources__slug__in=resources)
        return self.filter(Q(slug__in=tools) | Q(pk__in=through.values("pk")))


ToolManager = CatalogManager.from_queryset(ToolQuerySet)


class Tool(CatalogModel):
    """A program, library, service, model or standard implementation that one works with."""

    Kind = ToolKind
    License = ToolLicense

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120, unique=True)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    kind = models.CharField(max_length=14, choices=Kind)
    vendor = models.CharField(max_length=120, blank=True)
    license = models.CharField(max_length=10, choices=License)
    url = models.URLField(max_length=500, blank=True)
    summary = models.TextField(help_text="What one does with it in healthcare, in one or two sentences.")
    status_note = models.TextField(blank=True, help_text="Renamed, retired, or as the source has it.")
    what = models.TextField(blank=True, help_text="What it is, and what it is not. Markdown.")
    why_in_care = models.TextField(blank=True, help_text="Where it touches care.")
    exercise = models.TextField(blank=True, help_text="First steps, and how to tell that they worked. Markdown.")
    pitfalls = models.TextField(blank=True, help_text="Mistakes that people make, as a list. Markdown.")
    skills = models.ManyToManyField(Skill, related_name="tools", blank=True)
    sources = models.ManyToManyField(Source, related_name="tools", blank=True, help_text="What the text rests on.")

    objects: ClassVar[ToolManager[Tool]] = ToolManager()

    class Meta:
        ordering = ["name"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.TOOL,
                title="NEW.name",
                names=each_of("NEW.aliases"),
                subtitle="NEW.summary",
                body=lines(
                    "NEW.vendor", "NEW.what", "NEW.why_in_care", "NEW.exercise", "NEW.pitfalls", "NEW.status_note"
                ),
            ),
        ]
        constraints = [one_of("kind", ToolKind), one_of("license", ToolLicense)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("roles:tool_detail", args=[self.slug])
