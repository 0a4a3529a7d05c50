"""Employers, under their present names, with what has become of them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.constraints import one_of, one_place
from roles.models.base import CatalogManager, bumps_catalog_version
from roles.models.search import SearchKind, each_of, lines, part_of, searchable, texts_of
from roles.models.sources import Claim, Verification


class CompanyStatus(models.TextChoices):
    ACTIVE = "active", "Independent"
    PUBLIC = "public", "Listed on a stock exchange"
    PART = "part", "Part of another company"
    ACQUIRED = "acquired", "Acquired"
    CLOSED = "closed", "Closed"


class CompanyCategory(models.TextChoices):
    BIG_TECH = "big_tech", "Big technology companies"
    STARTUP = "startup", "Healthcare AI companies"
    HEALTH_SYSTEM = "health_system", "Health systems"
    PHARMA_BIOTECH = "pharma_biotech", "Pharma and biotech"


class CompanyQuerySet(models.QuerySet["Company"]):
    def with_places(self) -> Self:
        """With parent, categories and use cases."""
        return self.select_related("parent", "source").prefetch_related("listings", "use_cases")

    def with_parts(self) -> Self:
        """With the companies that are part of it."""
        return self.prefetch_related("parts")

    def beside(self, company: Company) -> Self:
        """The others of its categories and use cases, each once."""
        same = Q(listings__category__in=company.listings.values("category"))
        same |= Q(use_case_links__use_case__in=company.use_cases.values("pk"))
        found = self.model.objects.filter(same).exclude(pk=company.pk)
        return self.filter(pk__in=found.values("pk")).only("slug", "name", "status")

    def mentioning(self, text: str) -> Self:
        """Companies whose name, other names, focus or note contain the text."""
        listed = self.model.objects.filter(listings__focus__icontains=text)
        return self.filter(
            Q(name__icontains=text)
            | Q(aliases__icontains=text)
            | Q(note__icontains=text)
            | Q(pk__in=listed.values("pk"))
        )

    def in_category(self, category: str) -> Self:
        return self.filter(pk__in=CompanyListing.objects.filter(category=category).values("company"))

    def with_status(self, status: str) -> Self:
        return self.filter(status=status)

    def working_on(self, use_case: str) -> Self:
        """Companies that the sources name for a use case, by its slug."""
        return self.filter(use_case_links__use_case__slug=use_case)


CompanyManager = CatalogManager.from_queryset(CompanyQuerySet)


class Company(Claim):
    """An employer, under its present name, with what has become of it."""

    Status = CompanyStatus
    Category = CompanyCategory

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120, unique=True)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    status = models.CharField(max_length=8, choices=CompanyStatus)
    status_date = models.DateField(null=True, blank=True, help_text="Since when; empty where not known to the day.")
    status_note = models.CharField(
        max_length=300, blank=True, help_text="“Acquired by Tempus, announced August 22, 2025”."
    )
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    url = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True, help_text="What it does with AI in health, and for whom. Markdown.")

    objects: ClassVar[CompanyManager[Company]] = CompanyManager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "companies"
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.COMPANY,
                title="NEW.name",
                names=each_of("NEW.aliases"),
                subtitle=texts_of(
                    "roles_companylisting", "company_id", order='category, "order"', text="focus", between="'; '"
                ),
                body=lines("NEW.note", "NEW.status_note"),
            ),
        ]
        constraints = [
            one_of("verification", Verification),
            one_of("status", CompanyStatus),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="roles_company_parent_is_another",
                violation_error_message="A company cannot be part of itself.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["acquired", "closed"]) | ~Q(status_note=""),
                name="roles_company_end_is_explained",
                violation_error_message="Say what became of a company that was acquired or closed.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("roles:company_detail", args=[self.slug])

    @property
    def is_hiring_place(self) -> bool:
        """Whether one could apply there at all, under this name."""
        return self.status != CompanyStatus.CLOSED


class CompanyListing(Claim):
    """A company in a category, with what it is named for there."""

    natural: ClassVar[tuple[str, ...]] = ("company__slug", "category")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="listings")
    category = models.CharField(max_length=14, choices=CompanyCategory)
    order = models.PositiveSmallIntegerField()
    focus = models.CharField(max_length=160)

    class Meta:
        ordering = ["category", "order"]
        triggers = [*bumps_catalog_version(), *part_of("roles_company", "company_id")]
        constraints = [
            one_of("verification", Verification),
            one_of("category", CompanyCategory),
            one_place("category", "order", what="company"),
            models.UniqueConstraint(
                fields=["company", "category"],
                name="roles_companylisting_once",
                violation_error_message="The company is in this category already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.focus}"
