"""The market: ways in, what healthcare adds to AI work, what is hard, what makes the field grow."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from accounts.constraints import one_of, one_place
from roles.models.base import CatalogManager, CatalogModel, bumps_catalog_version
from roles.models.guides import Guide
from roles.models.role import Role
from roles.models.search import shown_in
from roles.models.skills import Skill
from roles.models.sources import Claim, Verification
from roles.models.use_cases import UseCase

# The guide that shows the ways in.
WAYS_IN = "ways-in"


class EntryPathQuerySet(models.QuerySet["EntryPath"]):
    def in_brief(self) -> Self:
        """For links to the guide that shows them; none while there is no such guide."""
        guide = Guide.objects.filter(slug=WAYS_IN)
        return self.filter(models.Exists(guide)).only("slug", "order", "title", "summary")


EntryPathManager = CatalogManager.from_queryset(EntryPathQuerySet)


class EntryPath(Claim):
    """A way in for one background."""

    slug = models.SlugField(max_length=40, unique=True)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(
        max_length=120, help_text="In the reader's voice: “I build AI, and I am new to healthcare”."
    )
    audience = models.CharField(max_length=200, help_text="Who it is for.")
    summary = models.TextField(help_text="What they bring, and what is missing. Two or three sentences.")
    body = models.TextField(blank=True, help_text="How long it takes, what to watch out for. Markdown.")
    query = models.CharField(max_length=80, blank=True, help_text="Query string of the role list: “coding=yes”.")
    roles = models.ManyToManyField(Role, related_name="entry_paths", blank=True, help_text="Ours: roles that fit.")

    objects: ClassVar[EntryPathManager[EntryPath]] = EntryPathManager()

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("entry_paths")]
        constraints = [one_of("verification", Verification), one_place("order", what="way in")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('guide_detail', args=[WAYS_IN])}?background={self.slug}"


class EntryStep(CatalogModel):
    natural: ClassVar[tuple[str, ...]] = ("path__slug", "order")

    path = models.ForeignKey(EntryPath, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="What to do, and when it is done. Two to four sentences.")
    skills = models.ManyToManyField(Skill, related_name="entry_steps", blank=True)

    class Meta:
        ordering = ["path", "order"]
        triggers = [*bumps_catalog_version(), *shown_in("entry_paths")]
        constraints = [one_place("path", "order", what="step")]

    def __str__(self) -> str:
        return self.title


class SkillArea(Claim):
    """A field of knowledge that healthcare adds to AI work."""

    slug = models.SlugField(max_length=40, unique=True)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    summary = models.TextField(help_text="What it is, in two or three sentences.")
    required = models.BooleanField(default=False, help_text="The source calls it required in the whole field.")
    skills = models.ManyToManyField(Skill, related_name="areas", blank=True)

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("skill_areas")]
        constraints = [one_of("verification", Verification), one_place("order", what="area")]

    def __str__(self) -> str:
        return self.name


class SkillAreaAspect(models.TextChoices):
    WHY = "why", "Why it matters"
    LEARN = "learn", "What to learn"
    EFFECT = "effect", "What it means for AI"
    CONCEPT = "concept", "Concepts to know"
    CAREER = "career", "What it means for a career"
    ADVICE = "advice", "Advice"


class SkillAreaPoint(Claim):
    Aspect = SkillAreaAspect

    natural: ClassVar[tuple[str, ...]] = ("area__slug", "aspect", "order")

    area = models.ForeignKey(SkillArea, on_delete=models.CASCADE, related_name="points")
    aspect = models.CharField(max_length=7, choices=SkillAreaAspect)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    class Meta:
        ordering = ["area", "aspect", "order"]
        triggers = [*bumps_catalog_version(), *shown_in("skill_areas")]
        constraints = [
            one_of("verification", Verification),
            one_of("aspect", SkillAreaAspect),
            one_place("area", "aspect", "order", what="point"),
        ]

    def __str__(self) -> str:
        return self.text


class ChallengeGroup(models.TextChoices):
    DATA = "data", "Data"
    ADOPTION = "adoption", "Adoption"
    ETHICS = "ethics", "Ethics"


class Challenge(Claim):
    """Something that makes AI in healthcare hard, and what people do about it."""

    Group = ChallengeGroup

    natural: ClassVar[tuple[str, ...]] = ("group", "order")

    group = models.CharField(max_length=8, choices=ChallengeGroup)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    text = models.TextField(help_text="What it is and what helps, in two or three sentences.")
    skills = models.ManyToManyField(Skill, related_name="challenges", blank=True)

    class Meta:
        ordering = ["group", "order"]
        triggers = [*bumps_catalog_version(), *shown_in("challenges")]
        constraints = [
            one_of("verification", Verification),
            one_of("group", ChallengeGroup),
            one_place("group", "order", what="challenge"),
        ]

    def __str__(self) -> str:
        return self.name


class MarketDriver(Claim):
    """Something that makes the market grow, as a source has it."""

    natural: ClassVar[tuple[str, ...]] = ("order",)

    order = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=120)
    text = models.TextField(help_text="What is behind it, in two or three sentences.")
    use_case = models.ForeignKey(UseCase, on_delete=models.SET_NULL, null=True, blank=True, related_name="drivers")

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("drivers")]
        constraints = [one_of("verification", Verification)]

    def __str__(self) -> str:
        return self.name
