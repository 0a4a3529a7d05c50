"""What a learner shows: links, notes and files. A piece is never changed; changing it makes the next version."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.constraints import one_of
from accounts.models import User
from mentoring.models.records import kept_unless_erased
from mentoring.models.submissions import Submission
from mentoring.models.threads import Kind, Thread

LONGEST_NOTE = 20_000
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_SUBMISSION = 50 * 1024 * 1024
MOST_PIECES = 30


class EvidenceKind(models.TextChoices):
    LINK = "link", "Link"
    NOTE = "note", "Note"
    FILE = "file", "File"


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    PNG = "png", "PNG image"
    JPEG = "jpeg", "JPEG image"
    CSV = "csv", "CSV table"
    IPYNB = "ipynb", "Notebook"
    ZIP = "zip", "ZIP archive"
    WEBM = "webm", "WebM sound"
    OGG = "ogg", "Ogg sound"
    MP4 = "mp4", "MP4 sound"

    @property
    def is_sound(self) -> bool:
        """A spoken answer: recorded by us, never uploaded as evidence."""
        return self in (FileKind.WEBM, FileKind.OGG, FileKind.MP4)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def of(self, learner: User) -> Self:
        return self.filter(thread__learner=learner)

    def on(self, kind: Kind, subject: UUID | str) -> Self:
        return self.filter(thread__kind=kind, thread__subject=subject)

    def not_replaced(self) -> Self:
        """What no later version took the place of, taken away or not."""
        return self.filter(replaced_by__isnull=True)

    def readable_by(self, person: User, now: datetime) -> Self:
        """Their own; and for a mentor what stands in submissions that they reach."""
        own = Q(thread__learner=person)
        if not person.is_mentor:
            return self.filter(own)
        reached = Submission.objects.reachable_by(person, now).filter(exhibits__evidence=OuterRef("pk"))
        return self.filter(own | Q(Exists(reached)))

    def texts(self) -> Self:
        """Notes, notebooks and tables: what can be compared line by line."""
        return self.filter(Q(kind=EvidenceKind.NOTE) | Q(file_kind__in=[FileKind.IPYNB, FileKind.CSV]))

    def files(self) -> Self:
        return self.filter(kind=EvidenceKind.FILE)

    def at_hand(self) -> Self:
        """What would go into the next submission."""
        return self.filter(removed_at__isnull=True)


class Evidence(models.Model):
    """A link, a note or a file, and the criteria that it answers."""

    Kind = EvidenceKind

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=4, choices=EvidenceKind)
    title = models.CharField(max_length=150)
    url = models.URLField(max_length=500, blank=True)
    text = models.TextField(max_length=LONGEST_NOTE, blank=True, help_text="Markdown.")
    file_kind = models.CharField(max_length=5, choices=FileKind, blank=True)
    stored = models.CharField(max_length=100, blank=True, help_text="Its name in the storage: random, says nothing.")
    file_name = models.CharField(max_length=120, blank=True, help_text="The learner's own name for it, cleaned.")
    size = models.PositiveIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    criteria = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="Keys of the criteria that it answers."
    )
    replaces = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replaced_by")
    key = models.UUIDField(help_text="The form's own: a second post brings the same.")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, help_text="No longer part of the next submission.")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        # Whether a row names a stored file: asked of everything in the storage.
        indexes = [models.Index("stored", name="mentoring_evidence_stored", condition=~Q(stored=""))]
        constraints = [
            one_of("kind", EvidenceKind),
            one_of("file_kind", FileKind, blank=True),
            models.UniqueConstraint(
                fields=["thread", "key"],
                name="mentoring_evidence_key_once",
                violation_error_message="This form was sent already.",
            ),
            models.CheckConstraint(
                condition=Q(kind="link", text="", stored="") & Q(url__startswith="http")
                | Q(kind="note", url="", stored="") & ~Q(text="")
                | Q(kind="file", url="", text="") & ~Q(stored="") & ~Q(file_name="") & ~Q(file_kind=""),
                name="mentoring_evidence_is_what_it_is",
                violation_error_message="A link has an address, a note has text, a file has content.",
            ),
            models.CheckConstraint(
                condition=(Q(kind="file", size__range=(1, LARGEST_FILE)) & Q(sha256__regex=r"^[0-9a-f]{64}$"))
                | (~Q(kind="file") & Q(size=0, sha256="", file_kind="", file_name="")),
                name="mentoring_evidence_file_fits",
                violation_error_message="A file has at most 10 MB.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="mentoring_evidence_has_title",
                violation_error_message="Give it a title.",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                name="mentoring_evidence_replaces_another",
                violation_error_message="Nothing replaces itself.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="immutable", exclude=["removed_at"]), kept_unless_erased()]

    def __str__(self) -> str:
        return self.title

    @property
    def is_sound(self) -> bool:
        return bool(self.file_kind) and FileKind(self.file_kind).is_sound

    def is_comparable_to(self, other: Evidence) -> bool:
        """Whether what is different can be shown line by line."""
        is_text = self.kind == EvidenceKind.NOTE or self.file_kind in (FileKind.IPYNB, FileKind.CSV)
        return is_text and (self.kind, self.file_kind) == (other.kind, other.file_kind)


_FITS = """
    IF NOT EXISTS (
        SELECT FROM mentoring_submission s JOIN mentoring_evidence e ON e.thread_id = s.thread_id
        WHERE s.id = NEW.submission_id AND e.id = NEW.evidence_id AND s.outcome = ''
    ) THEN
        RAISE EXCEPTION 'Evidence belongs to an open submission of its own thread.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_exhibit_of_the_same_thread';
    END IF;
    IF (
        SELECT sum(e.size) FROM mentoring_evidence e
        WHERE e.id = NEW.evidence_id OR e.id IN (
            SELECT x.evidence_id FROM mentoring_exhibit x WHERE x.submission_id = NEW.submission_id
        )
    ) > {largest} THEN
        RAISE EXCEPTION 'A submission has at most 50 MB of files.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_exhibit_fits';
    END IF;
    RETURN NEW;
"""


class Exhibit(models.Model):
    """One piece of evidence in one submission, at its place."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="exhibits")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="exhibits")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["submission", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "evidence"],
                name="mentoring_exhibit_once",
                violation_error_message="The submission has this already.",
            ),
            models.UniqueConstraint(
                fields=["submission", "place"],
                name="mentoring_exhibit_place",
                violation_error_message="Another piece has that place.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_the_same_thread_and_fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_FITS.format(largest=LARGEST_SUBMISSION),
            ),
            pgtrigger.ReadOnly(name="immutable"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} in {self.submission}"
