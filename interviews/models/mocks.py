"""Mock interviews: what was drawn, what was answered, how it was scored. `interviews.mocking` is the only writer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.constraints import one_of
from accounts.models import User
from interviews.models.answers import LONGEST_ANSWER, in_minutes
from interviews.models.questions import Question, QuestionCategory
from interviews.rubric import NAMES, Scores
from mentoring.models.records import kept_unless_erased
from roles.models.role import Role
from roles.models.skills import Skill

COUNTS, MINUTES = (3, 5, 8), (15, 30, 45)
# What comes in so long after the deadline is kept as an answer, and marked as late.
GRACE = timedelta(seconds=60)
_TOTAL = sum((F(f"questions__score__{name}") for name in NAMES[1:]), F(f"questions__score__{NAMES[0]}"))


def only_while(state: str, *fields: str, slot: str = "slot_id") -> pgtrigger.Trigger:
    """These columns change only while their mock is in that state."""
    changed = " OR ".join(f"NEW.{field} IS DISTINCT FROM OLD.{field}" for field in fields)
    return pgtrigger.Trigger(
        name=f"only_while_{state}",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF ({changed}) AND NOT EXISTS (
                SELECT FROM interviews_mockquestion q JOIN interviews_mock m ON m.id = q.mock_id
                WHERE q.id = NEW.{slot} AND m.state = '{state}'
            ) THEN
                RAISE EXCEPTION 'This mock interview is not {state} any more.' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    )


class MockState(models.TextChoices):
    RUNNING = "running", "Running"
    ENDED = "ended", "To be graded"
    GRADED = "graded", "Graded"
    LEFT = "left", "Left early"


class MockQuerySet(models.QuerySet["Mock"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def running(self) -> Self:
        """Also those whose time is up and that nobody has ended yet."""
        return self.filter(state=MockState.RUNNING)

    def with_role(self) -> Self:
        return self.select_related("role").defer("role__blueprint")

    def newest_first(self) -> Self:
        return self.order_by("-started_at", "-pk")

    def with_totals(self) -> Self:
        """With the sum of all scores, as `total`."""
        return self.annotate(total=models.Sum(_TOTAL))


class Mock(models.Model):
    """One mock interview. When it ends is judged when it is read: no timer has to run."""

    State = MockState

    # The form's own, made with its page: a second post brings the same.
    id = models.UUIDField(primary_key=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mocks")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(help_text="Questions at and around this level of the ladder.")
    count = models.PositiveSmallIntegerField(help_text="How many questions.")
    minutes = models.PositiveSmallIntegerField()
    seed = models.PositiveBigIntegerField(help_text="Draws the same questions again from the same bank.")
    drawn_by = models.PositiveSmallIntegerField(help_text="The version of the drawing.")
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=MockState, default=MockState.RUNNING)
    ended_at = models.DateTimeField(null=True, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)

    objects = MockQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        indexes = [models.Index("learner", "started_at", name="interviews_mock_of_learner")]
        constraints = [
            one_of("state", MockState),
            models.UniqueConstraint(
                fields=["learner"],
                condition=Q(state=MockState.RUNNING),
                name="interviews_mock_one_runs",
                violation_error_message="A mock interview of yours is running.",
            ),
            models.CheckConstraint(
                condition=Q(level__range=(1, 5)),
                name="interviews_mock_level_on_ladder",
                violation_error_message="Levels go from 1 to 5.",
            ),
            models.CheckConstraint(
                condition=Q(count__in=COUNTS, minutes__in=MINUTES),
                name="interviews_mock_size_known",
                violation_error_message="Choose 3, 5 or 8 questions in 15, 30 or 45 minutes.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at")),
                name="interviews_mock_ends_after_start",
                violation_error_message="It ends after it has started.",
            ),
            models.CheckConstraint(
                condition=Q(state=MockState.RUNNING, ended_at__isnull=True)
                | (~Q(state=MockState.RUNNING) & Q(ended_at__gte=F("started_at"), ended_at__lte=F("ends_at"))),
                name="interviews_mock_ended_in_time",
                violation_error_message="What does not run has ended, by its deadline at the latest.",
            ),
            models.CheckConstraint(
                condition=Q(state=MockState.GRADED, graded_at__isnull=False)
                | (~Q(state=MockState.GRADED) & Q(graded_at__isnull=True)),
                name="interviews_mock_graded_has_moment",
                violation_error_message="What is graded says when.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="drawn_once", exclude=["state", "ended_at", "graded_at"]),
            pgtrigger.FSM(
                name="goes_forward",
                field="state",
                transitions=[("running", "ended"), ("running", "left"), ("ended", "graded")],
                condition=pgtrigger.AnyChange("state"),
            ),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.role}, {self.started_at:%Y-%m-%d}"

    def state_at(self, now: datetime) -> MockState:
        """Where it stands at that moment: what the clock has ended has ended, also where nobody has written it down."""
        is_ended = self.state == MockState.RUNNING and self.is_over_at(now)
        return MockState.ENDED if is_ended else MockState(self.state)

    def url_at(self, now: datetime) -> str:
        """The page on which it goes on."""
        names = {MockState.RUNNING: "mock_detail", MockState.ENDED: "mock_grade"}
        return reverse(f"interviews:{names.get(self.state_at(now), 'mock_result')}", args=[self.pk])

    def is_late_at(self, now: datetime) -> bool:
        """Whether what comes in at that moment comes after the deadline."""
        return now > self.ends_at

    def is_over_at(self, now: datetime) -> bool:
        """Whether nothing is taken any more: it was ended, or deadline and grace have passed."""
        return self.state != MockState.RUNNING or now > self.grace_until

    @property
    def grace_until(self) -> datetime:
        return self.ends_at + GRACE

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds, rounded up; 0 from the deadline on."""
        return max(0, -((now - self.ends_at) // timedelta(seconds=1)))

    @property
    def minutes_used(self) -> int | None:
        return round((self.ended_at - self.started_at).total_seconds() / 60) if self.ended_at else None


class MockQuestionQuerySet(models.QuerySet["MockQuestion"]):
    def on(self, mock: Mock) -> Self:
        return self.filter(mock=mock)

    def at(self, place: int) -> Self:
        return self.filter(place=place)

    def for_running(self) -> Self:
        """With what was answered, and without a word of what a good answer is."""
        rows = self.select_related("question", "answer")
        return rows.defer("question__model_answer", "question__key_points", "question__follow_up")

    def for_grading(self) -> Self:
        """With answers, model answers, scores, and what came in but is no answer."""
        return self.select_related("question", "answer", "score").prefetch_related("asides")

    def for_replay(self) -> Self:
        """The same, with the skills that each question asks for."""
        return self.for_grading().prefetch_related(models.Prefetch("question__skills", Skill.objects.for_links()))


class MockQuestion(models.Model):
    """A question as it was drawn: which version of it, at which place."""

    mock = models.ForeignKey(Mock, on_delete=models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField(help_text="From 1.")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    question_version = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=10, choices=QuestionCategory)
    level = models.PositiveSmallIntegerField()

    objects = MockQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["mock", "place"]
        constraints = [
            one_of("category", QuestionCategory),
            models.UniqueConstraint(
                fields=["mock", "place"],
                name="interviews_mockquestion_place_once",
                violation_error_message="There is a question at this place.",
            ),
            models.UniqueConstraint(
                fields=["mock", "question"],
                name="interviews_mockquestion_once",
                violation_error_message="A mock interview asks a question once.",
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, max(COUNTS)), level__range=(1, 5)),
                name="interviews_mockquestion_place_sensible",
                violation_error_message="Places are counted from 1, levels go from 1 to 5.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="immutable"), kept_unless_erased()]

    def __str__(self) -> str:
        return f"{self.place}: {self.question}"

    @property
    def changed_since(self) -> bool:
        """Whether the question means something else by now."""
        return self.question.version != self.question_version


class MockAnswer(models.Model):
    """What stands at one place. Made empty with the mock, so that there is a row to lock and to compare with."""

    slot = models.OneToOneField(MockQuestion, on_delete=models.CASCADE, related_name="answer")
    text = models.TextField(max_length=LONGEST_ANSWER, blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="Raised by every change of the text.")
    # Of the page that changed it last, made by us with the page, and how far that page had counted its requests.
    editor = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False, help_text="Changed after the deadline, within the grace.")
    seconds = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True, help_text="Until when time was counted.")

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revision=0, text="", saved_at__isnull=True) | Q(revision__gte=1, saved_at__isnull=False),
                name="interviews_mockanswer_revised_once_written",
                violation_error_message="What was written has a revision and a moment.",
            ),
        ]
        triggers = [only_while("running", "text", "revision", "is_late", "seconds"), kept_unless_erased()]

    def __str__(self) -> str:
        return f"{self.slot_id}, revision {self.revision}"

    @property
    def took(self) -> str:
        """How long was worked on it, in words."""
        return in_minutes(self.seconds)

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


class AsideReason(models.TextChoices):
    OLDER = "older", "Written on another page than what was saved last"
    REPLACED = "replaced", "Replaced by what another page had"
    TOO_LATE = "late", "Came in after the end"


class AsideQuerySet(models.QuerySet["Aside"]):
    def on(self, slot: MockQuestion) -> Self:
        return self.filter(slot=slot)


class Aside(models.Model):
    """What somebody wrote and what is no answer: nothing written is lost, whatever page it was written on.

    One row for each page, question and reason. While that page goes on writing it holds the newest.
    """

    Reason = AsideReason

    slot = models.ForeignKey(MockQuestion, on_delete=models.CASCADE, related_name="asides")
    editor = models.UUIDField()
    reason = models.CharField(max_length=8, choices=AsideReason)
    text = models.TextField(max_length=LONGEST_ANSWER)
    sequence = models.PositiveIntegerField(default=0)
    came_at = models.DateTimeField()

    objects = AsideQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("reason", AsideReason),
            models.UniqueConstraint(
                fields=["slot", "editor", "reason"],
                name="interviews_aside_once_a_page",
                violation_error_message="This page has put something aside already.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="same_page", exclude=["text", "sequence", "came_at"]),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.reason}"


class MockScore(models.Model):
    """How an answer of a mock was scored by whoever gave it. Filled criterion by criterion, whole once it is graded.

    A table of its own rather than a `Score` by a scorer of its own: a `Score` belongs to an `Attempt`, which has a card
    and counts as practice. A mock asks what the learner may never have practiced, and must not begin a card.
    """

    slot = models.OneToOneField(MockQuestion, on_delete=models.CASCADE, related_name="score")
    rubric_version = models.PositiveSmallIntegerField()
    substance = models.PositiveSmallIntegerField(null=True, blank=True)
    reasoning = models.PositiveSmallIntegerField(null=True, blank=True)
    grounding = models.PositiveSmallIntegerField(null=True, blank=True)
    delivery = models.PositiveSmallIntegerField(null=True, blank=True)
    points = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="Key points made, from 1.")
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.CheckConstraint(
                condition=Q(*(Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 4)}) for name in NAMES)),
                name="interviews_mockscore_scored",
                violation_error_message="Each criterion is scored 1 to 4.",
            ),
        ]
        triggers = [only_while("ended", *NAMES, "points"), kept_unless_erased()]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.scores.total if self.scores else '?'} of 16"

    @property
    def scores(self) -> Scores | None:
        """All four, or None as long as one is missing."""
        found = [getattr(self, name) for name in NAMES]
        return Scores(*found) if all(found) else None
