"""The bank: questions with a model answer, key points and pre-scored sample answers. Part of the catalog."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.constraints import one_of
from interviews.rubric import NAMES, Scores
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.guides import Guide
from roles.models.role import Role
from roles.models.search import SearchKind, each_of, lines, searchable
from roles.models.skills import Skill
from roles.models.sources import Source


def scored(model: str) -> models.CheckConstraint:
    """Scores of the rubric are 1 to 4 on each criterion."""
    return models.CheckConstraint(
        condition=Q(**{f"{name}__range": (1, 4) for name in NAMES}),
        name=f"interviews_{model}_scored",
        violation_error_message="Each criterion is scored 1 to 4.",
    )


class QuestionCategory(models.TextChoices):
    TECHNICAL = "technical", "Technical"
    DOMAIN = "domain", "Domain"
    SCENARIO = "scenario", "Scenario"
    BEHAVIORAL = "behavioral", "Behavioral"


class QuestionOrigin(models.TextChoices):
    PREVIEW = "preview", "Previewed by the source page, in our words"
    OURS = "ours", "Written by us"


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> Self:
        """Those that are practiced: an editor can take one out, and what was answered to it stays."""
        return self.filter(retired=False)

    def previews(self) -> Self:
        """Those that anybody may read with their answers."""
        return self.open().filter(preview=True)

    def of(self, role: Role) -> Self:
        return self.filter(roles=role)

    def saying(self, text: str) -> Self:
        """Those whose question or key points contain the text."""
        return self.filter(Q(prompt__icontains=text) | Q(key_points__icontains=text))

    def for_list(self) -> Self:
        """Without the answers, which lists do not show."""
        return self.defer("model_answer", "follow_up").distinct()

    def with_links(self) -> Self:
        """With everything that its page leads to."""
        return self.select_related("source", "guide").prefetch_related(
            "references",
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
    follow_up = models.CharField(max_length=400, blank=True, help_text="What a good interviewer asks next.")
    family = models.SlugField(
        max_length=60, blank=True, help_text="Questions of one family ask for the same: one of them is shown a day."
    )
    version = models.PositiveSmallIntegerField(
        default=1, help_text="Raise it when the question means something else: it then falls due for everybody."
    )
    retired = models.BooleanField(default=False, help_text="Practiced no more. What was answered to it stays.")
    references = models.ManyToManyField(
        Source, related_name="questions", blank=True, help_text="Where the answer names a fact, a rule or a study."
    )
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
                where="NEW.preview AND NOT NEW.retired",
            ),
        ]
        constraints = [
            one_of("category", QuestionCategory),
            one_of("origin", QuestionOrigin),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="interviews_question_version_from_one",
                violation_error_message="Versions are counted from 1.",
            ),
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


class SampleAnswer(CatalogModel):
    """An answer as people give it, scored by our editors: learners score it first, and then compare."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="samples")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    substance = models.PositiveSmallIntegerField()
    reasoning = models.PositiveSmallIntegerField()
    grounding = models.PositiveSmallIntegerField()
    delivery = models.PositiveSmallIntegerField()
    why = models.TextField(help_text="Which anchor each score meets.")

    natural: ClassVar[tuple[str, ...]] = ("question__slug", "number")

    class Meta:
        ordering = ["question", "number"]
        triggers = [*bumps_catalog_version()]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"],
                name="interviews_sampleanswer_number_once",
                violation_error_message="This question has a sample answer of that number.",
            ),
            scored("sampleanswer"),
        ]

    def __str__(self) -> str:
        return f"Sample {self.number}: {self.question}"

    @property
    def scores(self) -> Scores:
        return Scores(self.substance, self.reasoning, self.grounding, self.delivery)
