from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import FilteredRelation, Prefetch, Q, QuerySet
from django.urls import reverse

from accounts.constraints import one_of
from roles.blueprint import Roadmap
from roles.models.base import CatalogManager, bumps_catalog_version
from roles.models.search import SearchKind, lines, searchable, shown_by, texts_of
from roles.models.skills import Skill
from roles.models.sources import Claim


class RoleQuerySet(QuerySet["Role"]):
    def with_roadmap(self) -> Self:
        """The roles that a learner can enrol in."""
        return self.filter(blueprint__isnull=False)

    def with_draft(self) -> Self:
        """The roles whose roadmap editors have begun."""
        return self.filter(phases__isnull=False).distinct()

    def for_cards(self) -> Self:
        """With what a card of a role shows."""
        return self.prefetch_related("levels", "metrics", "fits", "pay")

    def with_stated_figures(self) -> Self:
        """With pay, metrics and the roadmap's weeks, and who states them."""
        return self.select_related("source").prefetch_related("levels__source", "pay__source", "metrics__source")

    def mentioning(self, text: str) -> Self:
        """Roles whose names, tagline, ladder titles, or published or named skills and tools contain the text."""
        taught = Q(phases__goals__skills__name__icontains=text) | Q(phases__goals__tools__name__icontains=text)
        found = self.model.objects.filter(
            Q(levels__titles__title__icontains=text)
            | Q(named_skills__name__icontains=text)
            | (taught & Q(phases__goals__published=True))
        )
        return self.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(tagline__icontains=text)
            | Q(pk__in=found.values("pk"))
        )

    def among(self, slugs: Iterable[str]) -> Self:
        return self.filter(slug__in=slugs)

    def to_choose_from(self) -> Self:
        """What a picker needs, the roles of which most is known first."""
        return self.only("slug", "name", "short_name", "profile").order_by("profile", "order", "name")

    def with_skills(self) -> Self:
        """With the skills that their duties and requirements name."""
        return self.prefetch_related(Prefetch("named_skills", Skill.objects.for_links()))

    def for_finding(self) -> Self:
        """With all that answers can be held against, and who states it."""
        return self.with_skills().select_related("source").prefetch_related("fits")

    def with_profile(self, profile: str) -> Self:
        return self.filter(profile=profile)

    def of_difficulty(self, difficulty: str) -> Self:
        return self.filter(difficulty=difficulty)

    def needing_code(self, needed: bool) -> Self:
        return self.filter(coding_required=needed)

    def open_to_remote(self, remote: bool) -> Self:
        return self.filter(remote_friendly=remote)

    def ready_within(self, months: int) -> Self:
        """Roles whose source states at most that many months."""
        return self.filter(months_to_ready__lte=months)

    def paying_from(self, pay: int) -> Self:
        """Roles whose first rung starts at that many dollars a year or more."""
        return self.filter(levels__order=1, levels__salary_min__gte=pay)

    def filter_choices(self) -> list[tuple[int | None, int | None]]:
        """For each role the months and the lowest pay on the first rung: what filters can offer, and how many roles."""
        entry = FilteredRelation("levels", condition=Q(levels__order=1))
        return list(self.order_by().annotate(entry=entry).values_list("months_to_ready", "entry__salary_min"))


RoleManager = CatalogManager.from_queryset(RoleQuerySet)


class Profile(models.TextChoices):
    FULL = "full", "Full profile with roadmap"
    SHORT = "short", "Short profile"
    TITLE = "title", "Title only"


class Difficulty(models.TextChoices):
    INTERMEDIATE = "intermediate", "Intermediate"
    ADVANCED = "advanced", "Advanced"


class EntryBarrier(models.TextChoices):
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Role(Claim):
    """A job that somebody can be taken to.

    `blueprint` is the published roadmap, written by publishing and by nothing else: the catalog shows what learners
    follow, never what editors are still drafting.
    """

    Profile = Profile
    Difficulty = Difficulty
    Barrier = EntryBarrier

    written_by_system: ClassVar[tuple[str, ...]] = ("blueprint",)

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=60, help_text="For headings and navigation: “Healthcare Analytics”.")
    profile = models.CharField(max_length=8, choices=Profile)
    order = models.PositiveSmallIntegerField(default=100)
    tagline = models.CharField(max_length=240, help_text="One sentence: what the person does, for whom.")
    summary = models.TextField(help_text="Two or three short paragraphs, separated by blank lines.")
    difficulty = models.CharField(max_length=14, choices=Difficulty, blank=True)
    entry_barrier = models.CharField(max_length=8, choices=Barrier, blank=True)
    coding_required = models.BooleanField(null=True, blank=True)
    remote_friendly = models.BooleanField(null=True, blank=True)
    months_to_ready = models.PositiveSmallIntegerField(null=True, blank=True)
    months_approximate = models.BooleanField(default=True)
    named_skills = models.ManyToManyField(
        Skill,
        related_name="named_by",
        blank=True,
        help_text="Skills that its duties and requirements name. Leave empty where a roadmap says it.",
    )
    blueprint = models.JSONField(null=True, blank=True, editable=False)

    objects: ClassVar[RoleManager[Role]] = RoleManager()

    class Meta:
        ordering = ["order", "name"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.ROLE,
                title="NEW.name",
                names="NEW.short_name",
                subtitle="NEW.tagline",
                body=lines(
                    "NEW.summary",
                    texts_of("roles_rolepoint", "role_id", order='kind, "order"'),
                    texts_of("roles_rolerequirement", "role_id"),
                ),
            ),
            *shown_by(
                "UPDATE roles_leveltitle AS ours SET title = ours.title FROM roles_careerlevel AS level"
                " WHERE level.id = ours.level_id AND level.role_id = NEW.id",
                changed=("slug", "name"),
            ),
        ]
        constraints = [
            one_of("profile", Profile),
            one_of("difficulty", Difficulty, blank=True),
            one_of("entry_barrier", EntryBarrier, blank=True),
            *Claim.Meta.constraints,
            models.CheckConstraint(
                condition=Q(months_to_ready__isnull=True) | Q(months_to_ready__range=(1, 60)),
                name="roles_role_months_sensible",
                violation_error_message="Months to job-ready lie between 1 and 60; leave empty what nobody states.",
            ),
            models.CheckConstraint(
                condition=~Q(profile="full")
                | Q(
                    coding_required__isnull=False,
                    remote_friendly__isnull=False,
                    months_to_ready__isnull=False,
                )
                & ~Q(difficulty="")
                & ~Q(entry_barrier=""),
                name="roles_role_full_is_full",
                violation_error_message="A full profile states difficulty, barrier, coding, remote work and months.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("role_detail", args=[self.slug])

    @cached_property
    def roadmap(self) -> Roadmap | None:
        """The published roadmap, or None while there is none."""
        data: dict[str, Any] | None = self.blueprint
        return Roadmap.from_json(data) if data else None

    @property
    def skill_slugs(self) -> list[str]:
        """What its roadmap teaches, in that order; or what its duties and requirements name where it has none."""
        if self.roadmap:
            return list(self.roadmap.skills)
        return [skill.slug for skill in self.named_skills.all()]
