"""Signed credentials, and what stays of them when their learner is gone."""

from __future__ import annotations

from functools import cached_property
from typing import Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import connections, models
from django.db.models import Q
from django.urls import reverse

from accounts.constraints import one_of
from accounts.models import User
from badges.achievements import Achievement, Exhibit, Kind
from badges.status import LENGTH


class CredentialQuerySet(models.QuerySet["Credential"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def valid(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def certificates(self) -> Self:
        return self.filter(kind=Kind.ROADMAP)

    def for_page(self) -> Self:
        """With whom a page may have to name."""
        return self.select_related("learner")

    def signed_with_none_of(self, kids: list[str]) -> Self:
        """Whose signature nobody can check any more, because its key is not published."""
        return self.exclude(kid__in=kids)

    def last_position(self) -> int:
        """The highest one that was ever given to a credential, also to one that is gone."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT last_value FROM badges_credential_id_seq")
            (position,) = cursor.fetchone()
        return int(position)


class Shown(models.TextChoices):
    """How much of the evidence others see."""

    NOTHING = "nothing", "Nothing"
    TITLES = "titles", "Titles"
    LINKS = "links", "Titles and links"


class Credential(models.Model):
    """What a learner has achieved, signed.

    `jwt` is the credential that anybody may fetch; it holds nothing about the person. What the learner allows beyond
    it is asked each time a page is shown, and goes into a signed copy only for the learner's own hands. `id` is also
    its position in the status lists, so it is never used twice, not even when the learner is gone.
    """

    Kind = Kind
    Shown = Shown

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=9, choices=Kind)
    source = models.CharField(
        max_length=80,
        unique=True,
        error_messages={"unique": "There is a credential from this source."},
        help_text="What it was issued for, such as “decision:17”.",
    )
    claims = models.JSONField(help_text="What was achieved and shown, as badges.achievements writes it.")
    jwt = models.TextField("signed credential")
    kid = models.CharField("key", max_length=43, help_text="Thumbprint of the key that signed it.")
    issued_at = models.DateTimeField()

    shows_name = models.BooleanField("my name", default=False)
    shows_evidence = models.CharField("evidence", max_length=7, choices=Shown, default=Shown.NOTHING)

    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Anyone who looks at the badge can read it.")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            one_of("kind", Kind),
            one_of("shows_evidence", Shown),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(jwt="") & ~Q(kid=""),
                name="badges_credential_is_signed",
                violation_error_message="A credential has a source and a signature.",
            ),
            models.CheckConstraint(
                condition=(Q(revoked_at__isnull=True, revoked_by__isnull=True, reason=""))
                | (Q(revoked_at__isnull=False) & ~Q(reason="")),
                name="badges_credential_revoked_with_reason",
                violation_error_message="A revoked credential has a date and a reason, and no other has.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=models.F("issued_at")),
                name="badges_credential_revoked_after_issue",
                violation_error_message="A credential is revoked after it was issued.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="immutable",
                fields=["id", "uuid", "learner", "kind", "source", "claims", "issued_at"],
            ),
            pgtrigger.Trigger(
                name="signed_anew_by_another_key",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.jwt IS DISTINCT FROM NEW.jwt AND OLD.kid = NEW.kid"),
                func="""
                    RAISE EXCEPTION 'A credential is signed anew only with another key.'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'badges_credential_signed_anew_by_another_key';
                """,
            ),
            pgtrigger.Trigger(
                name="revoked_for_good",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at"
                    " OR NEW.reason IS DISTINCT FROM OLD.reason"
                    # The account of whoever revoked it may go.
                    " OR (NEW.revoked_by_id IS NOT NULL AND NEW.revoked_by_id IS DISTINCT FROM OLD.revoked_by_id))"
                ),
                func="""
                    RAISE EXCEPTION 'What was revoked stays revoked.'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'badges_credential_revoked_for_good';
                """,
            ),
            pgtrigger.Trigger(
                name="note_revocation",
                operation=pgtrigger.Update | pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("NEW.revoked_at IS NOT NULL"),
                func="""
                    INSERT INTO badges_revocation (position) VALUES (NEW.id) ON CONFLICT DO NOTHING;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.achievement.name

    def get_absolute_url(self) -> str:
        return reverse("badges:badge_detail", args=[self.uuid])

    @cached_property
    def achievement(self) -> Achievement:
        return Achievement.from_json(self.claims["achievement"])

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        """All that was shown to the mentor."""
        return [Exhibit(**saved) for saved in self.claims["evidence"]]

    @property
    def shown_exhibits(self) -> list[Exhibit]:
        """What the learner lets others see of it now."""
        if self.shows_evidence == Shown.NOTHING:
            return []
        if self.shows_evidence == Shown.LINKS:
            return self.exhibits
        return [Exhibit(each.title, each.kind) for each in self.exhibits]

    @property
    def shown_name(self) -> str:
        """The learner's name where they let others see it; else nothing."""
        return self.learner.display_name if self.shows_name else ""

    @property
    def shown_words(self) -> str:
        """What others see, in words: “your name, and titles of evidence”."""
        name = "your name" if self.shown_name else "no name"
        evidence = {
            Shown.NOTHING: "no evidence",
            Shown.TITLES: "titles of evidence",
            Shown.LINKS: "evidence with links",
        }
        return f"{name}, {evidence[Shown(self.shows_evidence)]}"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def status_address(self) -> str:
        """The signed list that says whether it is revoked."""
        return reverse("badges:status_list", args=[self.pk // LENGTH])

    @property
    def is_certificate(self) -> bool:
        return self.kind == Kind.ROADMAP


class Definition(models.Model):
    """What stands at the permanent address of an achievement: as it was worded when somebody last achieved it."""

    key = models.UUIDField(primary_key=True)
    achievement = models.JSONField(help_text="As badges.achievements writes it.")

    def __str__(self) -> str:
        return str(self.achievement["name"])


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def between(self, first: int, end: int) -> Self:
        """From position `first` up to, but not including, `end`."""
        return self.filter(position__gte=first, position__lt=end)

    def positions(self) -> list[int]:
        return list(self.values_list("position", flat=True))


class Revocation(models.Model):
    """A position of the status lists that says revoked. Written by a trigger; outlives credential and learner."""

    position = models.BigIntegerField(primary_key=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.position)
