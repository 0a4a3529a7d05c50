from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from accounts.constraints import one_of
from roles.blueprint import Roadmap
from roles.models import Role


def digest_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of a snapshot in a canonical spelling."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


_WITHDRAWING: pgtrigger.Operation = pgtrigger.UpdateOf("withdrawn_at")  # type: ignore[no-untyped-call]
# Many may hold it at once; whoever takes it back waits for them, and they for whoever does.
_HOLD = "SELECT id FROM roadmaps_publication WHERE id = %s AND withdrawn_at IS NULL FOR SHARE"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def of(self, role: Role) -> Self:
        return self.filter(role=role)

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def latest_of(self, role: Role) -> Publication | None:
        """What a newcomer gets, or None while the role has no published roadmap."""
        return self.of(role).standing().order_by("-number").first()

    def held(self, role: Role) -> Publication | None:
        """The same, which nobody can take back until the transaction ends."""
        latest = self.latest_of(role)
        while latest is not None and not self._is_held(latest):
            latest = self.latest_of(role)  # taken back between the two questions
        return latest

    @staticmethod
    def _is_held(publication: Publication) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [publication.pk])
            return cursor.fetchone() is not None

    def without_snapshots(self) -> Self:
        """For lists: what changed, not the whole roadmaps."""
        return self.defer("snapshot").select_related("role")


class PublicationKind(models.TextChoices):
    FIRST = "first", "First publication"
    MINOR = "minor", "Minor change"
    MAJOR = "major", "Major change"


class Publication(models.Model):
    """A roadmap as it was published: immutable, never deleted.

    `edition` counts the major changes. Within one edition publications only reword, and learners move along by
    themselves; from one edition to the next they are asked.
    """

    Kind = PublicationKind

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField(help_text="Counts the role's publications, from 1.")
    edition = models.PositiveIntegerField(help_text="Counts the role's major changes, from 1.")
    kind = models.CharField(max_length=5, choices=Kind)
    snapshot = models.JSONField(help_text="The roadmap, as roles.blueprint.Roadmap writes it.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the snapshot.")
    changes = models.JSONField(
        default=list,
        help_text="The diff to the publication before, made by the system.",
    )
    note = models.CharField(max_length=300, blank=True, help_text="Why, in the editor's words.")
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Taken back before anybody followed it.")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["role", "-number"]
        constraints = [
            one_of("kind", PublicationKind),
            models.UniqueConstraint(
                fields=["role", "number"],
                name="roadmaps_publication_number_once",
                violation_error_message="This number is taken.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, edition__gte=1, edition__lte=models.F("number")),
                name="roadmaps_publication_counts_from_one",
                violation_error_message="Publications and editions are counted from 1.",
            ),
            models.CheckConstraint(
                condition=Q(kind="first", number=1, edition=1) | (~Q(kind="first") & Q(number__gt=1)),
                name="roadmaps_publication_first_is_first",
                violation_error_message="Exactly the first publication is the first.",
            ),
            models.UniqueConstraint(
                fields=["role", "edition"],
                condition=~Q(kind="minor") & Q(withdrawn_at__isnull=True),
                name="roadmaps_publication_edition_opened_once",
                violation_error_message="This edition is open already.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(kind="first"),
                name="roadmaps_publication_first_stays",
                violation_error_message="The first publication of a roadmap stays.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="immutable", exclude=["published_by", "withdrawn_at", "withdrawn_by"]),
            pgtrigger.Protect(
                name="withdrawn_once",
                operation=_WITHDRAWING,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            # Small changes reach everybody of an edition by themselves: whoever is on the edition follows it.
            pgtrigger.Trigger(
                name="followed_by_nobody",
                when=pgtrigger.Before,
                operation=_WITHDRAWING,
                func="""
                    IF EXISTS (
                        SELECT FROM roadmaps_enrolment e JOIN roadmaps_publication p ON p.id = e.publication_id
                        WHERE p.role_id = NEW.role_id AND p.edition = NEW.edition
                    ) THEN
                        RAISE EXCEPTION 'Somebody follows this publication already.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'roadmaps_publication_followed_by_nobody';
                    END IF;
                    IF EXISTS (
                        SELECT FROM roadmaps_publication p
                        WHERE p.role_id = NEW.role_id AND p.number > NEW.number AND p.withdrawn_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'Only the newest publication can be taken back.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'roadmaps_publication_newest';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role.short_name} {self.label}"

    @property
    def label(self) -> str:
        """Edition and revision in words a learner can quote: “edition 2”."""
        return f"edition {self.edition}, publication {self.number}"

    @property
    def roadmap(self) -> Roadmap:
        return published(self.pk).roadmap


@dataclass(frozen=True, slots=True)
class Published:
    """What learners need of a publication."""

    number: int
    edition: int
    roadmap: Roadmap


@lru_cache(maxsize=256)
def published(pk: int) -> Published:
    """A publication by its id. It never changes, so a process reads and parses it once."""
    number, edition, snapshot = Publication.objects.values_list("number", "edition", "snapshot").get(pk=pk)
    return Published(number, edition, Roadmap.from_json(snapshot))
