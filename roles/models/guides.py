"""Guides: longer texts in sections, each of which may show a part of the catalog."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from accounts.constraints import one_of, one_place
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.search import SearchKind, lines, searchable, shown_by
from roles.models.sources import Claim, Source, Verification
from roles.models.statistics import Statistic


class GuideQuerySet(models.QuerySet["Guide"]):
    def with_contents(self) -> Self:
        """With the titles of its sections, and without the texts."""
        titles = GuideSection.objects.only("guide", "slug", "order", "short_title", "shows")
        return self.only("slug", "order", "title", "lead").prefetch_related(models.Prefetch("sections", titles))

    def showing(self, shows: str) -> Guide | None:
        """The first guide with a section that shows this part of the catalog, or None."""
        return self.filter(sections__shows=shows).only("slug", "title").first()


GuideManager = CatalogManager.from_queryset(GuideQuerySet)


class Guide(Claim):
    """A longer text on one subject."""

    slug = models.SlugField(max_length=40, unique=True)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    lead = models.CharField(max_length=300, help_text="What the reader can decide afterwards.")
    intro = models.TextField(blank=True, help_text="Who it is for and where its facts come from. Markdown.")
    sources = models.ManyToManyField(Source, related_name="guides", blank=True, help_text="Beside the main one.")
    orientation = models.CharField(
        max_length=300, blank=True, help_text="What the guide is not, such as legal or medical advice."
    )

    objects: ClassVar[GuideManager[Guide]] = GuideManager()

    class Meta:
        ordering = ["order"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.GUIDE,
                title="NEW.title",
                subtitle="NEW.lead",
                body=lines("NEW.intro", "NEW.orientation"),
            ),
            *shown_by(
                "UPDATE roles_guidesection SET slug = slug WHERE guide_id = NEW.id",
                "UPDATE roles_guideanswer SET slug = slug WHERE guide_id = NEW.id",
                changed=("slug", "title"),
            ),
        ]
        constraints = [one_of("verification", Verification), one_place("order", what="guide")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guide_detail", args=[self.slug])


class SectionShows(models.TextChoices):
    """Parts of the catalog that a section can show after its text."""

    NOTHING = "", "Text and figures only"
    DRIVERS = "drivers", "Market drivers"
    ROLES = "roles", "Roles of the guide's source"
    SKILL_AREAS = "skill_areas", "Skill areas"
    USE_CASES = "use_cases", "Use cases"
    COMPANIES = "companies", "Companies by category"
    ENTRY_PATHS = "entry_paths", "Ways in by background"
    QUESTIONS = "questions", "Interview questions"
    CHALLENGES = "challenges", "Challenges by group"
    ADMISSION = "admission", "Admission checklist"
    DURATION = "duration", "Study modes by time"
    FORMATS = "formats", "Study modes by place"
    ACCREDITATION = "accreditation", "Accreditors and steps"
    COURSEWORK = "coursework", "Coursework"
    COST = "cost", "Cost items and the return calculator"
    CERTIFICATIONS = "certifications", "Certification chooser"
    PROGRAMS = "programs", "Program checklist"


class GuideSection(CatalogModel):
    Shows = SectionShows

    natural: ClassVar[tuple[str, ...]] = ("guide__slug", "slug")

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="sections")
    slug = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, help_text="The finding, in a few words.")
    short_title = models.CharField(max_length=40, help_text="For the list of contents.")
    body = models.TextField(help_text="Markdown.")
    shows = models.CharField(max_length=14, choices=SectionShows, blank=True)
    statistics = models.ManyToManyField(Statistic, related_name="sections", blank=True)

    class Meta:
        ordering = ["guide", "order"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.SECTION,
                parent="(SELECT slug FROM roles_guide WHERE id = NEW.guide_id)",
                title="NEW.title",
                names="NEW.short_title",
                subtitle="(SELECT 'In the guide “' || title || '”' FROM roles_guide WHERE id = NEW.guide_id)",
                body=lines("NEW.body", "roles_search_shown(NEW.shows)"),
            ),
        ]
        constraints = [
            one_of("shows", SectionShows, blank=True),
            one_place("guide", "order", what="section"),
            models.UniqueConstraint(
                fields=["guide", "slug"],
                name="roles_guidesection_slug_once",
                violation_error_message="The guide has a section with this slug already.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.guide.get_absolute_url()}#{self.slug}"


class GuideAnswer(Claim):
    """A short answer to a question that people ask."""

    natural: ClassVar[tuple[str, ...]] = ("guide__slug", "slug")

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="answers")
    slug = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=200)
    answer = models.TextField(help_text="Markdown.")

    class Meta:
        ordering = ["guide", "order"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.ANSWER,
                parent="(SELECT slug FROM roles_guide WHERE id = NEW.guide_id)",
                title="NEW.question",
                body="NEW.answer",
            ),
        ]
        constraints = [
            one_of("verification", Verification),
            one_place("guide", "order", what="answer"),
            models.UniqueConstraint(
                fields=["guide", "slug"],
                name="roles_guideanswer_slug_once",
                violation_error_message="The guide answers a question with this slug already.",
            ),
        ]

    def __str__(self) -> str:
        return self.question
