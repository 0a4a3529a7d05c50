"""Publications that are to go out by themselves at a moment that an editor chose."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of
from roadmaps.models.publication import Publication
from roles.models import Role


class PlanState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Published"
    STOPPED = "stopped", "Not published"
    CANCELLED = "cancelled", "Cancelled"


class PlanQuerySet(models.QuerySet["Plan"]):
    def waiting(self) -> Self:
        return self.filter(state=PlanState.WAITING)

    def due(self, now: datetime) -> Self:
        return self.waiting().filter(at__lte=now)

    def of(self, role: Role) -> Self:
        return self.filter(role=role)


class Plan(models.Model):
    """One publication to come: the draft as the editor saw it, or nothing. `roadmaps.planning` is the only writer."""

    State = PlanState

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="plans")
    at = models.DateTimeField(help_text="When it goes out.")
    seen = models.CharField(max_length=64, help_text="SHA-256 of the draft that the editor saw.")
    note = models.CharField(max_length=300, blank=True, help_text="Why, in the editor's words.")
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=PlanState, default=PlanState.WAITING)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True, help_text="Why it was not published.")
    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="plan"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "planned publication"
        indexes = [models.Index("at", name="roadmaps_plan_due", condition=Q(state=PlanState.WAITING))]
        constraints = [
            one_of("state", PlanState),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(state=PlanState.WAITING),
                name="roadmaps_plan_one_waits",
                violation_error_message="A publication of this roadmap is planned already. Cancel it first.",
            ),
            models.CheckConstraint(
                condition=Q(at__gt=F("planned_at")),
                name="roadmaps_plan_lies_ahead",
                violation_error_message="Choose a moment that is still to come.",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.WAITING, ended_at__isnull=True)
                | (~Q(state=PlanState.WAITING) & Q(ended_at__isnull=False)),
                name="roadmaps_plan_ended_has_date",
                violation_error_message="Exactly a plan that is over has a date.",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DONE, publication__isnull=False)
                | (~Q(state=PlanState.DONE) & Q(publication__isnull=True)),
                name="roadmaps_plan_done_has_publication",
                violation_error_message="Exactly a plan that was carried out has a publication.",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.STOPPED) & ~Q(why="") | ~Q(state=PlanState.STOPPED) & Q(why=""),
                name="roadmaps_plan_stopped_says_why",
                violation_error_message="Exactly what was not published says why.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state <> 'waiting' AND NEW.state IS DISTINCT FROM OLD.state"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role.short_name}, {self.at:%Y-%m-%d %H:%M}"
