"""What the content check found and an editor decided to leave as it is."""

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
