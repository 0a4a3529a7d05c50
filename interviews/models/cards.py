"""What a learner practices for, how, and what they remember."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import RawSQL

from accounts.models import User
from interviews.models.questions import Question
from interviews.scheduling import Memory
from roles.models.role import Role

REVIEWS_A_DAY, NEW_A_DAY = 10, 3
MEMORY = ("stability", "difficulty", "due_day", "last_day")


def whole_memory(prefix: str = "") -> Q:
    """All of a memory, or nothing of it."""
    names = [f"{prefix}{name}" for name in MEMORY]
    return Q(**{f"{name}__isnull": True for name in names}) | Q(**{f"{name}__isnull": False for name in names})


class AimQuerySet(models.QuerySet["Aim"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def with_role(self) -> Self:
        return self.select_related("role").defer("role__blueprint")


class Aim(models.Model):
    """A role whose interview a learner practices for."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="aims")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=3, help_text="Questions up to this level of the ladder.")
    interview_on = models.DateField(null=True, blank=True, help_text="The day of the interview, if there is one.")
    added_at = models.DateTimeField()

    objects = AimQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "role"],
                name="interviews_aim_once",
                violation_error_message="You practice for this role already.",
            ),
            models.CheckConstraint(
                condition=Q(level__range=(1, 5)),
                name="interviews_aim_level_on_ladder",
                violation_error_message="Levels go from 1 to 5.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} for {self.role}"


class Habits(models.Model):
    """How much a learner practices a day, and how. Without a row, the defaults hold."""

    learner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_habits")
    reviews_a_day = models.PositiveSmallIntegerField(default=REVIEWS_A_DAY)
    new_a_day = models.PositiveSmallIntegerField("new questions a day", default=NEW_A_DAY)
    keys = models.BooleanField("keyboard shortcuts", default=True)
    recording = models.BooleanField("let me record answers", default=False)

    class Meta:
        verbose_name_plural = "habits"
        constraints = [
            models.CheckConstraint(
                condition=Q(reviews_a_day__range=(1, 100)),
                name="interviews_habits_reviews_sensible",
                violation_error_message="Choose 1 to 100 reviews a day.",
            ),
            models.CheckConstraint(
                condition=Q(new_a_day__range=(0, 20)),
                name="interviews_habits_new_sensible",
                violation_error_message="Choose 0 to 20 new questions a day.",
            ),
        ]

    def __str__(self) -> str:
        return f"Habits of {self.learner}"


class CardState(models.TextChoices):
    NEW = "new", "New"
    REVIEW = "review", "In review"


class CardQuerySet(models.QuerySet["Card"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def on(self, question: Question) -> Self:
        return self.filter(question=question)

    def due_for(self, learner: User, today: date) -> Self:
        """What is due for a learner on a study day, as sql/turns.sql says it."""
        due = "SELECT t.card_id FROM interviews_turns_of(%s, %s) t WHERE t.turn <= %s AND t.stability IS NOT NULL"
        return self.filter(pk__in=RawSQL(due, [learner.pk, today, today]))  # noqa: S611  (no part of it is typed in)


class Card(models.Model):
    """One question as one learner remembers it. `interviews.practice` is its only writer."""

    State = CardState

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="cards")
    state = models.GeneratedField(
        expression=Case(When(stability__isnull=True, then=Value("new")), default=Value("review")),
        output_field=models.CharField(max_length=6, choices=CardState),
        db_persist=True,
    )
    stability = models.FloatField(null=True, blank=True, help_text="Days until recall falls to 0.9.")
    difficulty = models.FloatField(null=True, blank=True, help_text="1 to 10.")
    due_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True, help_text="The study day of the last review that counted.")
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True, blank=True)
    buried_until = models.DateField(null=True, blank=True, help_text="Not shown before this study day.")
    question_version = models.PositiveSmallIntegerField(default=1, help_text="Which version the memory is of.")
    version = models.PositiveIntegerField(default=0, help_text="Raised by every change of the memory.")

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index("learner", "due_day", name="interviews_card_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "question"],
                name="interviews_card_once",
                violation_error_message="There is a card for this question.",
            ),
            models.CheckConstraint(
                condition=whole_memory(),
                name="interviews_card_memory_whole",
                violation_error_message="A card has all of its memory, or none.",
            ),
            models.CheckConstraint(
                condition=Q(stability__isnull=True) | Q(stability__gt=0, difficulty__range=(1, 10)),
                name="interviews_card_memory_sensible",
                violation_error_message="Stability is above 0, difficulty 1 to 10.",
            ),
            models.CheckConstraint(
                condition=Q(lapses__lte=F("reps")),
                name="interviews_card_lapses_are_reviews",
                violation_error_message="A card is not forgotten more often than it was reviewed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.question}"

    @property
    def memory(self) -> Memory | None:
        if self.stability is None or self.difficulty is None or self.due_day is None or self.last_day is None:
            return None
        return Memory(self.stability, self.difficulty, self.due_day, self.last_day)

    @memory.setter
    def memory(self, memory: Memory | None) -> None:
        for name in MEMORY:
            setattr(self, name, getattr(memory, name, None))

    def was_studied_on(self, day: date) -> bool:
        """Also where the learner has traveled to where it is still the day before."""
        return self.last_day is not None and self.last_day >= day

    def is_put_off_on(self, day: date) -> bool:
        return self.buried_until is not None and self.buried_until > day
