"""Reverts of more rows than a request should wait for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of
from accounts.models import User
from roles.models.history import ChangeSet

# A worker at its work says so every few seconds.
_SILENT_AFTER = timedelta(seconds=90)
_TOLD_FOR = timedelta(days=3)


class RevertState(models.TextChoices):
    WAITING = "waiting", "Is being done"
    DONE = "done", "Done"
    STOPPED = "stopped", "Not done"


class RevertQuerySet(models.QuerySet["Revert"]):
    def with_people(self) -> Self:
        return self.select_related("by")

    def to_tell(self, now: datetime) -> Self:
        """Those that are not done yet, and those that came to nothing of late: somebody waits for them."""
        of_late = Q(state=RevertState.STOPPED, ended_at__gt=now - _TOLD_FOR)
        return self.filter(Q(state=RevertState.WAITING) | of_late)


class Revert(models.Model):
    """Everything of some changesets is to be taken back, as an editor saw it, or nothing. `roles.history.asking` is the
    only writer."""

    State = RevertState

    changesets = ArrayField(models.UUIDField(), help_text="Numbers of what is taken back, oldest first.")
    doing = models.CharField(max_length=200, help_text="What it will be called in the history.")
    seen = models.CharField(max_length=32, help_text="Digest of the plan that the editor saw.")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=RevertState, default=RevertState.WAITING)
    total = models.PositiveIntegerField(default=0, help_text="Steps: each row is written, and then judged.")
    done = models.PositiveIntegerField(default=0)
    alive_at = models.DateTimeField(help_text="When this last moved.")
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True, help_text="Why nothing was done.")
    faults = models.JSONField(default=list, help_text="Pairs of a row and what stands in the way, the first of them.")
    result = models.OneToOneField(ChangeSet, on_delete=models.PROTECT, null=True, related_name="revert")

    objects = RevertQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("state", RevertState),
            models.UniqueConstraint(
                fields=["seen"],
                condition=Q(state="waiting"),
                name="roles_revert_asked_once",
                violation_error_message="This is being reverted already.",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="roles_revert_done_of_all",
                violation_error_message="No more steps can be done than there are.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="roles_revert_ended_has_date",
                violation_error_message="Exactly what is over has a date.",
            ),
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False) | (~Q(state="done") & Q(result__isnull=True)),
                name="roles_revert_done_has_result",
                violation_error_message="Exactly what was done has its place in the history.",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped") & ~Q(why="") | ~Q(state="stopped") & Q(why="", faults=[]),
                name="roles_revert_stopped_says_why",
                violation_error_message="Exactly what was not done says why.",
            ),
        ]

    def __str__(self) -> str:
        return self.doing

    @property
    def is_moving(self) -> bool:
        return self.state == RevertState.WAITING

    def is_silent(self, now: datetime) -> bool:
        """Whether it should move and has not for a while: the worker died, or none runs."""
        return self.is_moving and now - self.alive_at > _SILENT_AFTER
