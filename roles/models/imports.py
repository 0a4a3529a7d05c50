"""Imports of content: a file, what it would change, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of
from accounts.models import User

# A worker at its work says so every few seconds.
_SILENT_AFTER = timedelta(seconds=90)


class ImportState(models.TextChoices):
    WAITING = "waiting", "Waits to be tried"
    TRYING = "trying", "Is being tried"
    UNREADABLE = "unreadable", "Cannot be read"
    FAULTY = "faulty", "Has faults"
    READY = "ready", "Waits for your word"
    CONFIRMED = "confirmed", "Is being written"
    WRITTEN = "written", "Written"
    DROPPED = "dropped", "Dropped"


class Outcome(models.TextChoices):
    """What becomes of a row of the file."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    FAULTY = "faulty", "Faulty"


class ImportQuerySet(models.QuerySet["Import"]):
    def into(self, labels: list[str]) -> Self:
        return self.filter(model__in=labels)

    def with_people(self) -> Self:
        return self.select_related("by", "confirmed_by")

    def at_rest(self) -> Self:
        """Those that no worker has in hand."""
        return self.exclude(state__in=[ImportState.WAITING, ImportState.TRYING, ImportState.CONFIRMED])


class Import(models.Model):
    """One file for one content model. `roles.exchange.importing` is its only writer."""

    State = ImportState

    model = models.CharField(max_length=60)
    name = models.CharField(max_length=200, help_text="Of the file, as its sender called it.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    format = models.CharField(max_length=4, blank=True)
    refusal = models.TextField(blank=True, help_text="Why the file as a whole cannot be read.")
    # Whoever tries begins a new try, and only the newest one counts.
    tries = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="Rows of the file.")
    done = models.PositiveIntegerField(default=0, help_text="Of twice the total: each row is compared, then written.")
    alive_at = models.DateTimeField(help_text="When this last moved.")
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="Of what the try found.")
    tried_again = models.BooleanField(default=False, help_text="Content changed between the try and the word to write.")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["state", "alive_at"], name="roles_import_state")]
        constraints = [
            one_of("state", ImportState),
            models.CheckConstraint(
                condition=Q(done__lte=F("total") * 2),
                name="roles_import_done_of_all",
                violation_error_message="No more rows can be done than there are.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "confirmed", "written"]) | (Q(faulty=0) & ~Q(digest="")),
                name="roles_import_tried_first",
                violation_error_message="Only what was tried, and had no fault, is written.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "written"]) | Q(confirmed_by__isnull=False),
                name="roles_import_confirmed_by_somebody",
                violation_error_message="Somebody says that it is to be written.",
            ),
            models.CheckConstraint(
                condition=Q(state="written", written_at__isnull=False)
                | (~Q(state="written") & Q(written_at__isnull=True)),
                name="roles_import_written_at",
                violation_error_message="What is written has its time, and nothing else has.",
            ),
            models.CheckConstraint(
                condition=Q(state="unreadable") | Q(refusal=""),
                name="roles_import_refusal_of_unreadable",
                violation_error_message="Only a file that cannot be read is refused as a whole.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} into {self.content_name}"

    @property
    def content(self) -> type[models.Model]:
        return apps.get_model(self.model)

    @property
    def content_name(self) -> str:
        return str(self.content._meta.verbose_name_plural)

    @property
    def work(self) -> int:
        """Each row is compared, and then written."""
        return self.total * 2

    @property
    def tried_rows(self) -> int:
        return max(0, self.done - self.total)

    @property
    def is_moving(self) -> bool:
        """Whether a worker has it in hand, or will have."""
        return self.state in (ImportState.WAITING, ImportState.TRYING, ImportState.CONFIRMED)

    @property
    def is_droppable(self) -> bool:
        return self.state in (ImportState.WAITING, ImportState.TRYING, ImportState.FAULTY, ImportState.READY)

    def is_silent(self, now: datetime) -> bool:
        """Whether it should move and has not for a while: the worker died, or none runs."""
        return self.is_moving and now - self.alive_at > _SILENT_AFTER


class ImportFile(models.Model):
    """What was sent. In the database, where every worker finds it; it goes after a week."""

    of = models.OneToOneField(Import, on_delete=models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"File of {self.of}"


class ImportRow(models.Model):
    """What becomes of one row of a file. Goes with the file."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=250, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome)
    changes = models.JSONField(default=dict, help_text="By column: what stands there, and what would.")
    faults = models.JSONField(default=list, help_text="Pairs of column and reason.")

    class Meta:
        ordering = ["of", "number"]
        constraints = [
            one_of("outcome", Outcome),
            models.UniqueConstraint(fields=["of", "number"], name="roles_importrow_once"),
            models.CheckConstraint(
                condition=Q(outcome="faulty") | Q(faults=[]),
                name="roles_importrow_faults_of_faulty",
                violation_error_message="Only a faulty row has faults.",
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}: {self.key}"
