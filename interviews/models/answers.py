"""What a learner answered, how it was scored, and how it was graded. Append-only."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import FilteredRelation, Q

from accounts.constraints import one_of
from accounts.models import User
from interviews.models.cards import Card, whole_memory
from interviews.models.questions import Question, scored
from interviews.rubric import Grade, Scores
from interviews.scheduling import Memory
from mentoring.models.records import forgets_only, kept_unless_erased

LONGEST_ANSWER = 10_000
LONGEST_SECONDS = 1_800


def in_minutes(seconds: int) -> str:
    """Such as “4 minutes”."""
    if seconds < 60:
        return "Under a minute"
    minutes = round(seconds / 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


class AnswerDraftQuerySet(models.QuerySet["AnswerDraft"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def on(self, question: Question) -> Self:
        return self.filter(question=question)


class AnswerDraft(models.Model):
    """An answer as it is typed, until it is locked."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="answer_drafts")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=LONGEST_ANSWER)
    saved_at = models.DateTimeField()

    objects = AnswerDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "question"],
                name="interviews_answerdraft_once",
                violation_error_message="There is a draft already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of {self.learner}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def on(self, question: Question) -> Self:
        return self.filter(question=question)

    def for_page(self) -> Self:
        """With the question, the card as it stands now, how it was graded, and how it sounded."""
        return self.select_related("question", "card", "review", "recording")

    def newest_first(self) -> Self:
        return self.order_by("-revealed_at", "-pk")

    def with_own_score(self) -> Self:
        """What the learner gave themselves, as `mine__…`."""
        return self.annotate(mine=FilteredRelation("scores", condition=Q(scores__by=Scorer.SELF)))


class Attempt(models.Model):
    """One answer to one question, locked when the model answer opened."""

    # The form's own, made with its page: a second post brings the same.
    id = models.UUIDField(primary_key=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="attempts")
    question_version = models.PositiveSmallIntegerField()
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="attempts")
    card_version = models.PositiveIntegerField(help_text="The card's when the answer was locked.")
    text = models.TextField(max_length=LONGEST_ANSWER, blank=True, help_text="Empty where it was spoken.")
    seconds = models.PositiveIntegerField(help_text="From opening the question to locking the answer, capped.")
    revealed_at = models.DateTimeField()

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["revealed_at", "pk"]
        indexes = [models.Index("learner", "question", "revealed_at", name="interviews_attempt_of_learner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(seconds__lte=LONGEST_SECONDS),
                name="interviews_attempt_seconds_capped",
                violation_error_message="Time is counted up to half an hour.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="immutable"), kept_unless_erased()]

    def __str__(self) -> str:
        return f"{self.learner}: {self.question}"

    @property
    def minutes(self) -> str:
        """How long it took, in words."""
        return in_minutes(self.seconds)


class Scorer(models.TextChoices):
    SELF = "self", "Yourself"
    MENTOR = "mentor", "A mentor"


class Score(models.Model):
    """What somebody gave an answer by the rubric. The learner's own and a mentor's are two rows."""

    By = Scorer

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="scores")
    by = models.CharField(max_length=6, choices=Scorer)
    scorer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    rubric_version = models.PositiveSmallIntegerField()
    substance = models.PositiveSmallIntegerField()
    reasoning = models.PositiveSmallIntegerField()
    grounding = models.PositiveSmallIntegerField()
    delivery = models.PositiveSmallIntegerField()
    points = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="Key points made, from 1.")
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("by", Scorer),
            scored("score"),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(by=Scorer.SELF),
                name="interviews_score_of_oneself_once",
                violation_error_message="You scored this answer already.",
            ),
            models.UniqueConstraint(
                fields=["attempt", "scorer"],
                name="interviews_score_by_each_once",
                violation_error_message="Everybody scores an answer once.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["scorer"]),
            forgets_only("scorer"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.get_by_display()}: {self.scores.total} of 16"

    @property
    def scores(self) -> Scores:
        return Scores(self.substance, self.reasoning, self.grounding, self.delivery)


class ReviewQuerySet(models.QuerySet["Review"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def standing(self) -> Self:
        """Those that were not undone."""
        return self.filter(voided_at__isnull=True)


class Review(models.Model):
    """One grade: the log that everything about practice is counted from. Undoing one voids it.

    `before_…` is the card's memory as it was, so that undoing puts it back.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="review")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="reviews")
    question_version = models.PositiveSmallIntegerField()
    rubric_version = models.PositiveSmallIntegerField()
    rating = models.PositiveSmallIntegerField(choices=[(each.value, each.label) for each in Grade])
    proposed = models.PositiveSmallIntegerField(help_text="What the rubric proposed.")
    counted = models.BooleanField(help_text="Whether it moved the schedule: the first of its study day does.")
    reviewed_at = models.DateTimeField()
    study_day = models.DateField()
    timezone = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField()
    scheduler = models.CharField(max_length=60)
    recall = models.FloatField(null=True, help_text="What the scheduler predicted, 0 to 1; none for a new question.")
    before_stability = models.FloatField(null=True)
    before_difficulty = models.FloatField(null=True)
    before_due_day = models.DateField(null=True)
    before_last_day = models.DateField(null=True)
    before_version = models.PositiveSmallIntegerField(help_text="Which version of the question the memory was of.")
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index("learner", "study_day", "id", name="interviews_review_of_day"),
            models.Index("card", "id", name="interviews_review_of_card"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__range=(1, 4), proposed__range=(1, 4)),
                name="interviews_review_rating_known",
                violation_error_message="Grades go from 1 to 4.",
            ),
            models.CheckConstraint(
                condition=whole_memory("before_"),
                name="interviews_review_memory_whole",
                violation_error_message="A review notes all of the memory before it, or none.",
            ),
            models.UniqueConstraint(
                fields=["card", "study_day"],
                condition=Q(counted=True, voided_at__isnull=True),
                name="interviews_review_counts_once_a_day",
                violation_error_message="A question counts once a day.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="append_only", exclude=["voided_at"]),
            pgtrigger.Protect(
                name="voided_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__voided_at__isnull=False)
            ),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.study_day}: {self.rating}"

    @property
    def before(self) -> Memory | None:
        if self.before_stability is None or self.before_difficulty is None:
            return None
        if self.before_due_day is None or self.before_last_day is None:
            return None
        return Memory(self.before_stability, self.before_difficulty, self.before_due_day, self.before_last_day)
