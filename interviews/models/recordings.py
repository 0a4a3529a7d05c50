"""Answers that were spoken. Only their learner hears them; a deleted one leaves a row without a file."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Count, Q, Sum

from accounts.constraints import one_of
from accounts.models import User
from interviews.models.answers import Attempt
from mentoring.models.evidence import LARGEST_FILE
from mentoring.models.records import kept_unless_erased

LONGEST_RECORDING = 300
# A recorder that stops by itself stops a little late.
LEEWAY = 5


class SoundKind(models.TextChoices):
    """What browsers record."""

    WEBM = "webm", "WebM"
    OGG = "ogg", "Ogg"
    MP4 = "mp4", "MP4"


class RecordingQuerySet(models.QuerySet["Recording"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(attempt__learner=learner)

    def kept(self) -> Self:
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def weighed(self) -> dict[str, int]:
        """How many they are, and how many bytes."""
        return self.aggregate(count=Count("pk"), size=Sum("size", default=0))

    def with_question(self) -> Self:
        return self.select_related("attempt__question")


class Recording(models.Model):
    """The sound of one answer. `interviews.recording` is its only writer."""

    Kind = SoundKind

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="recording")
    kind = models.CharField(max_length=4, choices=SoundKind)
    size = models.PositiveIntegerField(help_text="Bytes; 0 once it is deleted.")
    seconds = models.PositiveSmallIntegerField(help_text="How long it lasts, rounded up.")
    sha256 = models.CharField(max_length=64, blank=True)
    stored = models.CharField(max_length=100, blank=True, help_text="Its name in the storage: random, says nothing.")
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        # Whether a row names a stored file: asked of everything in the storage.
        indexes = [models.Index("stored", name="interviews_recording_stored", condition=~Q(stored=""))]
        constraints = [
            one_of("kind", SoundKind),
            models.CheckConstraint(
                condition=(
                    Q(deleted_at__isnull=True, size__range=(1, LARGEST_FILE), sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(stored="")
                )
                | Q(deleted_at__isnull=False, size=0, sha256="", stored=""),
                name="interviews_recording_kept_or_gone",
                violation_error_message="A recording has a file of at most 10 MB, and none once it is deleted.",
            ),
            models.CheckConstraint(
                condition=Q(seconds__range=(1, LONGEST_RECORDING + LEEWAY)),
                name="interviews_recording_in_time",
                violation_error_message="A recording lasts at most 5 minutes.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["size", "sha256", "stored", "deleted_at"]),
            # Deleting it is the only change, and the last.
            pgtrigger.Protect(
                name="deleted_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__deleted_at__isnull=False) | pgtrigger.Q(new__deleted_at__isnull=True),
            ),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.length}"

    @property
    def length(self) -> str:
        """Minutes and seconds, such as 1:05."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"
