"""The degree programs that a learner weighs against each other: their own rows, no part of the catalog."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.constraints import one_place
from accounts.models import User

# Columns that still fit side by side.
MOST_PROGRAMS = 4


class ProgramQuerySet(models.QuerySet["Program"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)


class Program(models.Model):
    """A program in a learner's comparison, with the checks that it passes."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="programs")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    checked = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Program]] = models.Manager.from_queryset(ProgramQuerySet)()

    class Meta:
        ordering = ["place"]
        constraints = [
            one_place("learner", "place", what="program"),
            models.CheckConstraint(
                condition=Q(place__range=(1, MOST_PROGRAMS)),
                name="roles_program_fits_beside",
                violation_error_message=f"At most {MOST_PROGRAMS} programs stand side by side.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="roles_program_is_named",
                violation_error_message="Give the program a name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
