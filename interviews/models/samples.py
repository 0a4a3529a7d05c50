"""How learners scored sample answers, before they saw what our editors gave. Append-only."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models

from accounts.models import User
from interviews.models.questions import SampleAnswer, scored
from interviews.rubric import Scores
from mentoring.models.records import kept_unless_erased


class SampleScoreQuerySet(models.QuerySet["SampleScore"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def on(self, sample: SampleAnswer) -> Self:
        return self.filter(sample=sample)

    def with_sample(self) -> Self:
        return self.select_related("sample__question")

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class SampleScore(models.Model):
    """What a learner gave a sample answer by the rubric. `interviews.calibrating` is its only writer."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sample_scores")
    sample = models.ForeignKey(SampleAnswer, on_delete=models.PROTECT, related_name="+")
    substance = models.PositiveSmallIntegerField()
    reasoning = models.PositiveSmallIntegerField()
    grounding = models.PositiveSmallIntegerField()
    delivery = models.PositiveSmallIntegerField()
    rubric_version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects = SampleScoreQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            scored("samplescore"),
            models.UniqueConstraint(
                fields=["learner", "sample"],
                name="interviews_samplescore_once",
                violation_error_message="You scored this sample already.",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="immutable"), kept_unless_erased()]

    def __str__(self) -> str:
        return f"{self.learner}: {self.scores.total} of 16"

    @property
    def scores(self) -> Scores:
        return Scores(self.substance, self.reasoning, self.grounding, self.delivery)
