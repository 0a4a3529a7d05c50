"""The roadmap as editors draft it. Learners follow publications of it (`roadmaps.models`), never these rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.constraints import one_of
from roles.models.base import (
    CatalogModel,
    bumps_catalog_version,
    keeps_what_was_published,
)
from roles.models.resources import Resource
from roles.models.role import Role
from roles.models.skills import Skill, Tool
from roles.models.sources import Claim, Verification

# What holds between goals that replace each other is stated in roles/sql/lineage.sql, and asked again when one moves or
# comes back.
_MOVES: pgtrigger.Operation = pgtrigger.UpdateOf("retired", "phase_id")  # type: ignore[no-untyped-call]
_CHANGES_ROADMAP: pgtrigger.Operation = pgtrigger.UpdateOf("role_id")  # type: ignore[no-untyped-call]


class PhaseKind(models.TextChoices):
    """The kind of work, cool to warm, as the role's ring shows it."""

    FOUNDATIONS = "foundations", "Foundations"
    DATA = "data", "Data and statistics"
    MODELING = "modeling", "Modeling"
    LANGUAGE = "language", "Clinical language"
    SHIPPING = "shipping", "Shipping"
    CAPSTONE = "capstone", "Capstone"


class Phase(Claim):
    """A stretch of work that ends in a milestone. Its slug is permanent; place and title may change."""

    Kind = PhaseKind

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "slug")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="phases")
    slug = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    weeks = models.PositiveSmallIntegerField()
    summary = models.CharField(max_length=300, help_text="What the phase is for, in one sentence.")
    retired = models.BooleanField(default=False, help_text="Left out of the next publication.")
    resources = models.ManyToManyField(Resource, through="PhaseResource", related_name="phases")

    class Meta:
        ordering = ["role", "order"]
        triggers = [
            *bumps_catalog_version(),
            pgtrigger.Trigger(
                name="judge_lineage",
                when=pgtrigger.After,
                operation=_CHANGES_ROADMAP,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(old__role__df=pgtrigger.F("new__role")),
                func="PERFORM roles_judge_lineage(g.id) FROM roles_goal g WHERE g.phase_id = NEW.id; RETURN NULL;",
            ),
        ]
        constraints = [
            one_of("kind", PhaseKind),
            one_of("verification", Verification),
            models.UniqueConstraint(
                fields=["role", "slug"],
                name="roles_phase_slug_once",
                violation_error_message="The roadmap has a phase with this slug already.",
            ),
            models.UniqueConstraint(
                fields=["role", "order"],
                name="roles_phase_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another phase has that place.",
            ),
            models.CheckConstraint(
                condition=Q(weeks__range=(1, 52)),
                name="roles_phase_weeks_sensible",
                violation_error_message="A phase takes 1 to 52 weeks.",
            ),
            models.CheckConstraint(
                condition=Q(order__gte=1),
                name="roles_phase_from_one",
                violation_error_message="Phases are counted from 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role.short_name}, phase {self.order}: {self.title}"


class Goal(CatalogModel):
    """One thing to learn. Its key is permanent: progress hangs on it, whatever happens to wording and place."""

    natural: ClassVar[tuple[str, ...]] = ("key",)
    written_by_system: ClassVar[tuple[str, ...]] = ("published",)

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    published = models.BooleanField(default=False, editable=False)
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="goals")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    skills = models.ManyToManyField(Skill, related_name="goals", blank=True)
    tools = models.ManyToManyField(Tool, related_name="goals", blank=True)
    retired = models.BooleanField(default=False, help_text="Published goals are retired, never deleted.")
    replaces = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="replaced_by",
        blank=True,
        help_text="Retired goals whose credit carries over to this one.",
    )

    class Meta:
        ordering = ["phase", "order"]
        triggers = [
            *bumps_catalog_version(),
            *keeps_what_was_published(),
            pgtrigger.Trigger(
                name="judge_lineage",
                when=pgtrigger.After,
                operation=_MOVES,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(old__retired=True, new__retired=False)
                | pgtrigger.Q(old__phase__df=pgtrigger.F("new__phase")),
                func="PERFORM roles_judge_lineage(NEW.id); RETURN NULL;",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "order"],
                name="roles_goal_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another goal of the phase has that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str]:
        return (str(self.key),)

    def came_before(self, goals: Iterable[Goal]) -> bool:
        """Whether any of the goals came of this one, by whatever way."""
        links = Goal.replaces.through.objects
        found: set[int] = set()
        ahead = {goal.pk for goal in goals}
        while ahead and self.pk not in ahead:
            found |= ahead
            ahead = set(links.filter(from_goal__in=ahead).values_list("to_goal", flat=True)) - found
        return self.pk in ahead


class Milestone(CatalogModel):
    """What a learner can do at the end of a phase, and shows to a mentor."""

    natural: ClassVar[tuple[str, ...]] = ("key",)
    written_by_system: ClassVar[tuple[str, ...]] = ("published",)

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    published = models.BooleanField(default=False, editable=False)
    phase = models.OneToOneField(Phase, on_delete=models.PROTECT, related_name="milestone")
    text = models.CharField(max_length=500)
    brief = models.TextField(blank=True, help_text="What to hand in, for a capstone the whole brief.")

    class Meta:
        ordering = ["phase"]
        triggers = [*bumps_catalog_version(), *keeps_what_was_published()]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str]:
        return (str(self.key),)


class Criterion(CatalogModel):
    """What a mentor looks for in the evidence of a milestone."""

    natural: ClassVar[tuple[str, ...]] = ("key",)
    written_by_system: ClassVar[tuple[str, ...]] = ("published",)

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    published = models.BooleanField(default=False, editable=False)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    required = models.BooleanField(default=True)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["milestone", "order"]
        verbose_name_plural = "criteria"
        triggers = [*bumps_catalog_version(), *keeps_what_was_published()]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "order"],
                name="roles_criterion_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another criterion of the milestone has that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str]:
        return (str(self.key),)


class PhaseResource(CatalogModel):
    """A resource in a phase, with the slant that this roadmap gives it."""

    natural: ClassVar[tuple[str, ...]] = (
        "phase__role__slug",
        "phase__slug",
        "resource__slug",
    )

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="resource_links")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="phase_links")
    order = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True, help_text="Which part, or instead of what.")
    as_stated = models.CharField(max_length=300, blank=True, help_text="As the role's source lists it.")

    class Meta:
        ordering = ["phase", "order"]
        triggers = bumps_catalog_version()
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "resource"],
                name="roles_phaseresource_once",
                violation_error_message="The phase lists this resource already.",
            ),
            models.UniqueConstraint(
                fields=["phase", "order"],
                name="roles_phaseresource_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another resource of the phase has that place.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} in {self.phase}"
