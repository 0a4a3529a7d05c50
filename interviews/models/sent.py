"""What went to a mentor: which answer a submission shows, and how a mentor scored a whole mock interview.

How a mentor scored a single answer is a `Score`.
"""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models

from interviews.models.answers import Attempt
from interviews.models.mocks import Mock
from interviews.models.questions import scored
from interviews.rubric import Scores
from mentoring.models import Submission, Thread
from mentoring.models.records import forgets_only, kept_unless_erased


class SentAnswerQuerySet(models.QuerySet["SentAnswer"]):
    def on(self, thread: Thread) -> Self:
        return self.filter(submission__thread=thread)


class SentAnswer(models.Model):
    """Which answer a submission shows: whoever answers the question again sends the new answer in the next round."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="sent_answer")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="sent")

    objects = SentAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [
            pgtrigger.Trigger(
                name="of_its_learner",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM mentoring_submission s
                        JOIN mentoring_thread t ON t.id = s.thread_id AND t.kind = 'answer'
                        JOIN interviews_attempt a ON a.learner_id = t.learner_id
                        WHERE s.id = NEW.submission_id AND a.id = NEW.attempt_id
                    ) THEN
                        RAISE EXCEPTION 'An answer is sent by its learner, as an answer.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'interviews_sentanswer_of_its_learner';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(name="immutable"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.attempt_id}"


class MockMarkQuerySet(models.QuerySet["MockMark"]):
    def on(self, mock: Mock) -> Self:
        return self.filter(mock=mock)

    def newest_first(self) -> Self:
        return self.order_by("-pk")


class MockMark(models.Model):
    """What a mentor gave a whole mock interview. The learner scored each of its answers: see `MockScore`."""

    mock = models.ForeignKey(Mock, on_delete=models.CASCADE, related_name="marks")
    scorer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    rubric_version = models.PositiveSmallIntegerField()
    substance = models.PositiveSmallIntegerField()
    reasoning = models.PositiveSmallIntegerField()
    grounding = models.PositiveSmallIntegerField()
    delivery = models.PositiveSmallIntegerField()
    scored_at = models.DateTimeField()

    objects = MockMarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [scored("mockmark")]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["scorer"]),
            forgets_only("scorer"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.mock_id}: {self.scores.total} of 16"

    @property
    def scores(self) -> Scores:
        return Scores(self.substance, self.reasoning, self.grounding, self.delivery)
