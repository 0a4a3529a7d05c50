"""What mentors and a learner know of each other beyond one review; and who looked."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of
from accounts.models import User
from mentoring.models.mentors import Cohort
from mentoring.models.records import forgets_only, kept_unless_erased
from mentoring.models.submissions import Submission
from roles.models import Role

LONGEST_NOTE = 2_000


class NoteQuerySet(models.QuerySet["Note"]):
    def about(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def by(self, author: User) -> Self:
        return self.filter(author=author)

    def among(self, learners: models.QuerySet[User]) -> Self:
        """About any of these people."""
        return self.filter(learner__in=learners)

    def standing(self) -> Self:
        """Those that no later version takes the place of and that nobody took away."""
        return self.filter(replaced_by__isnull=True, removed_at__isnull=True)


class Note(models.Model):
    """A private note: all mentors of the learner read it, the learner only by asking for all that is held on them."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes_about")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=254)
    text = models.TextField(max_length=LONGEST_NOTE)
    replaces = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replaced_by")
    key = models.UUIDField()
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"],
                name="mentoring_note_key_once",
                violation_error_message="This form was sent already.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="mentoring_note_says_something",
                violation_error_message="Write something.",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=True) | ~Q(author=F("learner")),
                name="mentoring_note_about_another",
                violation_error_message="Notes are about learners, by their mentors.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["author", "removed_at"]),
            forgets_only("author"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def open_first(self) -> Self:
        """Those that stand by the day on which they are due, then the settled ones, the last settled first."""
        return self.order_by(F("settled_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "-pk")


class Agreement(models.Model):
    """What a mentor and a learner agreed on. Both see it, either may say that it is settled."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agreements")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    mentor_name = models.CharField(max_length=254)
    text = models.CharField(max_length=500)
    due_on = models.DateField(null=True, blank=True)
    key = models.UUIDField()
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "key"],
                name="mentoring_agreement_key_once",
                violation_error_message="This form was sent already.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="mentoring_agreement_says_something",
                violation_error_message="Write what you agreed on.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["mentor", "settled_at", "settled_by"]),
            forgets_only("mentor"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Looked(models.TextChoices):
    """What of a learner's somebody opened."""

    SUBMISSION = "submission", "A submission"
    FILE = "file", "A file"
    CARD = "card", "Your learner card"
    COHORT = "cohort", "The cohort’s progress, yours among it"
    EXPORT = "export", "An export of the cohort’s progress"
    ADMIN = "admin", "Everything that is held on you"


class LookQuerySet(models.QuerySet["Look"]):
    def at(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def with_submissions(self) -> Self:
        """With what was looked at, as its learner finds it."""
        return self.select_related("submission__thread__role").defer("submission__thread__role__blueprint")


class Look(models.Model):
    """Somebody looked at a learner's work. The learner can read it."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks")
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    viewer_name = models.CharField(max_length=254)
    what = models.CharField(max_length=10, choices=Looked)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index("learner", F("at").desc(), name="mentoring_look_at_learner")]
        constraints = [one_of("what", Looked)]
        triggers = [
            pgtrigger.ReadOnly(name="append_only", exclude=["viewer"]),
            forgets_only("viewer"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_name} at {self.at:%Y-%m-%d %H:%M}"


class BlockerQuerySet(models.QuerySet["Blocker"]):
    def standing(self) -> Self:
        return self.filter(cleared_at__isnull=True)


class Blocker(models.Model):
    """What keeps a learner from going on, in their words. Their mentors see it until it is cleared."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blockers")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    stated_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = BlockerQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "role"],
                condition=Q(cleared_at__isnull=True),
                name="mentoring_blocker_one_at_a_time",
                violation_error_message="A blocker is stated already: change or clear that one.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="mentoring_blocker_says_something",
                violation_error_message="Say what is in the way.",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Handover(models.Model):
    """A learner passed from one mentor to another. The learner is told."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="handovers")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="handovers")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(max_length=LONGEST_NOTE, blank=True, help_text="For the new mentor.")
    key = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "key"],
                name="mentoring_handover_key_once",
                violation_error_message="This form was sent already.",
            ),
            models.CheckConstraint(
                condition=Q(giver__isnull=True) | Q(taker__isnull=True) | ~Q(giver=F("taker")),
                name="mentoring_handover_to_another",
                violation_error_message="Choose another mentor.",
            ),
            models.CheckConstraint(
                condition=Q(taker__isnull=True) | ~Q(taker=F("learner")),
                name="mentoring_handover_not_to_learner",
                violation_error_message="Nobody is their own mentor.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="append_only", exclude=["giver", "taker"]), kept_unless_erased()]

    def __str__(self) -> str:
        return f"{self.learner} to {self.taker}"
