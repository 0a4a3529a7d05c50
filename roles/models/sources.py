from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from accounts.constraints import one_of
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.search import SearchKind, lines, searchable


class Verification(models.TextChoices):
    """How far a stated figure or name could be checked."""

    VERIFIED = "verified", "Checked against a primary source"
    PLAUSIBLE = "plausible", "Plausible, not checked"
    UNVERIFIED = "unverified", "Could not be checked"
    CONTRADICTED = "contradicted", "Contradicted by better sources"
    CORRECTED = "corrected", "Corrected by our editors"


class SourceKind(models.TextChoices):
    ROLE_PAGE = "role_page", "Role page"
    MARKET_GUIDE = "market_guide", "Market guide"
    DEGREE_GUIDE = "degree_guide", "Degree guide"
    STATISTICS = "statistics", "Statistics office"
    PAPER = "paper", "Paper"
    REGULATOR = "regulator", "Regulator or standards body"
    EDITOR = "editor", "Our editors"


class Source(CatalogModel):
    """A page, paper, regulator or office that a figure comes from."""

    Kind = SourceKind

    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    edition = models.CharField(max_length=40, blank=True, help_text="Such as “2026”, where no day is given.")
    retrieved_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    good_for = models.TextField(blank=True, help_text="What a reader can rely on it for, and what not.")

    class Meta:
        ordering = ["code"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.SOURCE,
                slug="NEW.code",
                title="NEW.title",
                names=lines("NEW.publisher", "NEW.author"),
                subtitle="NEW.good_for",
            ),
        ]
        constraints = [one_of("kind", SourceKind)]

    def __str__(self) -> str:
        return self.title

    @property
    def dated(self) -> str:
        """When it was written, in words: undated sources say so."""
        if self.published_on:
            return f"{self.published_on:%B} {self.published_on.day}, {self.published_on.year}"
        return self.edition or "undated"


class Claim(CatalogModel):
    """A row with a figure or name that somebody stated: who, when, how they put it, and what we found."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField(null=True, blank=True)
    as_stated = models.TextField(
        blank=True,
        help_text="The name or figure as the source has it, where ours differs.",
    )
    verification = models.CharField(max_length=12, choices=Verification, default=Verification.UNVERIFIED)
    editor_note = models.TextField(blank=True)

    class Meta:
        abstract = True
        triggers = bumps_catalog_version()
        constraints = [one_of("verification", Verification)]


class CorrectionKind(models.TextChoices):
    WRONG = "wrong", "Plainly wrong"
    OUTDATED = "outdated", "Outdated or renamed"
    UNTRACEABLE = "untraceable", "Not found"
    CONTRADICTION = "contradiction", "Contradicts itself"
    ACCESS = "access", "License or access"


class CorrectionCertainty(models.TextChoices):
    CHECKED = "A", "Checked against a primary or good secondary source"
    CONFIDENT = "B", "Editors' knowledge, high confidence"
    OPEN = "C", "Could not be confirmed"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def with_subjects(self) -> Self:
        """With the sources, roles and resources that each one is about."""
        return self.prefetch_related("sources", "roles", "resources")


CorrectionManager = CatalogManager.from_queryset(CorrectionQuerySet)


class Correction(CatalogModel):
    """Something a source has wrong, outdated or untraceable, and what we found instead."""

    Kind = CorrectionKind
    Certainty = CorrectionCertainty

    slug = models.SlugField(max_length=80, unique=True)
    sources = models.ManyToManyField(Source, related_name="corrections")
    roles = models.ManyToManyField("roles.Role", related_name="corrections", blank=True)
    resources = models.ManyToManyField("roles.Resource", related_name="corrections", blank=True)
    kind = models.CharField(max_length=15, choices=Kind)
    where = models.CharField(max_length=120, help_text="Such as “Phase 3, paper”.")
    stated = models.TextField(help_text="What the source says, as a fact, not as its sentence.")
    found = models.TextField(help_text="What is right, or what could not be found.")
    certainty = models.CharField(max_length=1, choices=Certainty)
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[CorrectionManager[Correction]] = CorrectionManager()

    class Meta:
        ordering = ["order", "slug"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.CORRECTION,
                title='NEW."where"',
                subtitle="NEW.found",
                body="NEW.stated",
            ),
        ]
        constraints = [
            one_of("kind", CorrectionKind),
            one_of("certainty", CorrectionCertainty),
        ]

    def __str__(self) -> str:
        return f"{self.where}: {self.stated}"
