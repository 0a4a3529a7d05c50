from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Concat
from django.urls import reverse

from accounts.constraints import one_of
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.links import LinkCheck
from roles.models.search import SearchKind, each_of, lines, searchable
from roles.models.skills import Skill, Tool

DOI = "https://doi.org/"


class ResourceKind(models.TextChoices):
    BOOK = "book", "Book"
    COURSE = "course", "Course"
    DOCUMENTATION = "documentation", "Documentation"
    SPECIFICATION = "specification", "Specification"
    DATASET = "dataset", "Practice data"
    PAPER = "paper", "Paper"
    GUIDELINE = "guideline", "Guideline"
    REGULATION = "regulation", "Regulation"
    TOOL = "tool", "Tool"
    COMMUNITY = "community", "Community"
    TEMPLATE = "template", "Template"
    READING = "reading", "Reading"
    PRACTICE = "practice", "Practice"


class ResourceCost(models.TextChoices):
    FREE = "free", "Free"
    PAID = "paid", "Paid"
    MIXED = "mixed", "Partly free"
    UNKNOWN = "unknown", "Cost not known"


class ResourceAccess(models.TextChoices):
    OPEN = "open", "Open"
    REGISTRATION = "registration", "Registration"
    CREDENTIALED = "credentialed", "Training and data use agreement"
    LICENSE = "license", "License"


class ResourceStatus(models.TextChoices):
    OK = "ok", "Available"
    RENAMED = "renamed", "Renamed"
    RETIRED = "retired", "Retired"
    NOT_FOUND = "not_found", "Not found"
    UNCONFIRMED = "unconfirmed", "Not confirmed"


class ResourceQuerySet(models.QuerySet["Resource"]):
    def mentioning(self, text: str) -> Self:
        """Resources whose title, names in sources, provider, authors or description contain the text."""
        return self.filter(
            Q(title__icontains=text)
            | Q(as_stated__icontains=text)
            | Q(provider__icontains=text)
            | Q(authors__icontains=text)
            | Q(summary__icontains=text)
        )

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def costing(self, cost: str) -> Self:
        return self.filter(cost=cost)

    def with_access(self, access: str) -> Self:
        return self.filter(access=access)

    def with_status(self, status: str) -> Self:
        return self.filter(status=status)

    def among(self, slugs: Iterable[str]) -> Self:
        return self.filter(slug__in=slugs)

    def with_day_seen_alive(self) -> Self:
        """With the day on which the link check last found the address alive, if ever, as `alive_on`."""
        checks = LinkCheck.objects.filter(url=models.OuterRef("url"))
        by_doi = LinkCheck.objects.filter(url=Concat(models.Value(DOI), models.OuterRef("doi")))
        day = models.Case(
            models.When(url="", then=models.Subquery(by_doi.values("alive_on"))),
            default=models.Subquery(checks.values("alive_on")),
        )
        return self.annotate(alive_on=day)

    def about(self, skills: Iterable[Skill]) -> Self:
        """Resources that teach any of the skills, each once."""
        return self.filter(pk__in=self.model.objects.filter(skills__in=skills).values("pk"))


ResourceManager = CatalogManager.from_queryset(ResourceQuerySet)


class Resource(CatalogModel):
    """Something to learn from, once, under its right name, however many phases use it."""

    Kind = ResourceKind
    Cost = ResourceCost
    Access = ResourceAccess
    Status = ResourceStatus

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=250, unique=True)
    kind = models.CharField(max_length=14, choices=Kind)
    provider = models.CharField(max_length=160, blank=True)
    authors = models.CharField(max_length=250, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    venue = models.CharField(max_length=160, blank=True)
    doi = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=500, blank=True)
    cost = models.CharField(max_length=8, choices=Cost)
    access = models.CharField(max_length=12, choices=Access)
    status = models.CharField(max_length=12, choices=Status, default=Status.OK)
    as_stated = ArrayField(
        models.CharField(max_length=300),
        default=list,
        blank=True,
        help_text="Names under which sources list it.",
    )
    summary = models.TextField(blank=True, help_text="What it is good for, in a sentence.")
    note = models.TextField(
        blank=True,
        help_text="What a learner must know first: corrections, access, age.",
    )
    skills = models.ManyToManyField(Skill, related_name="resources", blank=True)
    tools = models.ManyToManyField(Tool, related_name="resources", blank=True)

    objects: ClassVar[ResourceManager[Resource]] = ResourceManager()

    class Meta:
        ordering = ["title"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.RESOURCE,
                title="NEW.title",
                names=lines(each_of("NEW.as_stated"), "NEW.provider"),
                subtitle="NEW.summary",
                body=lines("NEW.authors", "NEW.venue", "NEW.year", "NEW.doi", "NEW.note"),
            ),
        ]
        constraints = [
            one_of("kind", ResourceKind),
            one_of("cost", ResourceCost),
            one_of("access", ResourceAccess),
            one_of("status", ResourceStatus),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("roles:resource_detail", args=[self.slug])

    @property
    def doi_url(self) -> str:
        """Where the DOI leads, or “” without one."""
        return f"{DOI}{self.doi}" if self.doi else ""
