"""Interview practice: so far the questions that role pages preview."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.constraints import one_of
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.guides import Guide
from roles.models.role import Role
from roles.models.search import SearchKind, each_of, lines, searchable
from roles.models.skills import Skill
from roles.models.sources import Source


class QuestionCategory(models.TextChoices):
    TECHNICAL = "technical", "Technical"
    DOMAIN = "domain", "Domain"
    SCENARIO = "scenario", "Scenario"
    BEHAVIORAL = "behavioral", "Behavioral"


class QuestionOrigin(models.TextChoices):
    PREVIEW = "preview", "Previewed by the source page, in our words"
    OURS = "ours", "Written by us"


class QuestionQuerySet(models.QuerySet["Question"]):
    def previews(self) -> Self:
        """Those that anybody may read with their answers."""
        return self.filter(preview=True)

    def of(self, role: Role) -> Self:
        return self.filter(roles=role)

    def with_links(self) -> Self:
        """With everything that its page leads to."""
        return self.select_related("source", "guide").prefetch_related(
            models.Prefetch("roles", Role.objects.only("slug", "name", "short_name", "order")),
            models.Prefetch("skills", Skill.objects.for_links()),
        )

    def shown_in(self, guide: Guide) -> Self:
        """Those that a guide shows, with their skills."""
        return self.filter(guide=guide).prefetch_related(models.Prefetch("skills", Skill.objects.for_links()))

    def asking_for(self, skill: Skill) -> Self:
        """Those that ask for a skill, with their roles."""
        roles = models.Prefetch("roles", Role.objects.only("slug", "name", "short_name", "order"))
        return self.filter(skills=skill).prefetch_related(roles)


QuestionManager = CatalogManager.from_queryset(QuestionQuerySet)


class Question(CatalogModel):
    """One interview question with a model answer and the points that a good answer makes."""

    Category = QuestionCategory
    Origin = QuestionOrigin

    slug = models.SlugField(max_length=80, unique=True)
    roles = models.ManyToManyField(Role, related_name="questions")
    category = models.CharField(max_length=10, choices=Category)
    level = models.PositiveSmallIntegerField(help_text="1 to 5, the ladder's levels; assigned by our editors.")
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.OURS)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    guide = models.ForeignKey(
        Guide, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions", help_text="Shown there too."
    )
    preview = models.BooleanField(default=False, help_text="Shown with its answer on the role page.")
    order = models.PositiveSmallIntegerField(default=0)
    prompt = models.TextField()
    model_answer = models.TextField()
    key_points = ArrayField(models.CharField(max_length=240))
    skills = models.ManyToManyField(Skill, related_name="questions", blank=True)

    natural: ClassVar[tuple[str, ...]] = ("slug",)

    objects: ClassVar[QuestionManager[Question]] = QuestionManager()

    class Meta:
        ordering = ["order", "slug"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.QUESTION,
                title="NEW.prompt",
                body=lines("NEW.model_answer", each_of("NEW.key_points")),
                where="NEW.preview",
            ),
        ]
        constraints = [
            one_of("category", QuestionCategory),
            one_of("origin", QuestionOrigin),
            models.CheckConstraint(
                condition=Q(level__range=(1, 5)),
                name="interviews_question_level_on_ladder",
                violation_error_message="Levels go from 1 to 5.",
            ),
            models.CheckConstraint(
                condition=Q(key_points__len__gte=1),
                name="interviews_question_has_key_points",
                violation_error_message="Name at least one key point.",
            ),
        ]

    def __str__(self) -> str:
        return self.prompt

    def get_absolute_url(self) -> str:
        return reverse("interviews:question_detail", args=[self.slug])
