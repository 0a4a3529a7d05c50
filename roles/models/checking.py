"""What the content check found: its last counts, and what an editor decided to leave as it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class KnownFinding(models.Model):
    """A finding of the content check that is known, with the reason why it may stay.

    It holds for the row as it was then: once the row changes, the finding is back. `roles.checking.known` is the only
    writer.
    """

    rule = models.SlugField(max_length=40)
    model = models.CharField(max_length=60)
    row = models.BigIntegerField(help_text="Its number.")
    field = models.CharField(max_length=60, blank=True)
    other = models.BigIntegerField(default=0, help_text="The number of the second row, for what is about two; or 0.")
    shown = models.CharField(max_length=300, help_text="What it is called.")
    seen = models.CharField(max_length=64, help_text="SHA-256 of the row as it was.")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["rule", "shown", "pk"]
        verbose_name_plural = "content check"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "model", "row", "field", "other"],
                name="roles_knownfinding_once",
                violation_error_message="This finding is known already.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="roles_knownfinding_has_reason",
                violation_error_message="Say why it may stay.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.shown}"


class LastCheck(models.Model):
    """One row: the last check of the whole catalog, in numbers. `roles.checking.lately` is the only writer."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    of = models.CharField(
        max_length=80, help_text="What the catalog was then; while it is the same, so are the counts."
    )
    made_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(help_text="How long it took.")
    counts = models.JSONField(help_text="Open findings by the name of their rule.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="roles_lastcheck_one_row")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
