"""What a mentor's decision on an answer or a mock interview is worth. The only writer of mentors' scores.

The subjects “answer” and “mock” of `mentoring.subjects`: called inside the transaction of the review, its thread
locked. A score is given once and stays, also where staff reopen the review.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from interviews import practice, rubric
from interviews.asking import scores_from
from interviews.matters import review_url
from interviews.models import Mock, MockMark, Score, Scorer, SentAnswer
from interviews.rubric import Scores
from mentoring.models import Decision, Kind, Thread


class AnswerSubject:
    """An answer to an interview question, for `mentoring.subjects`."""

    def address(self, thread: Thread) -> str:
        """The review's page for the answer that was sent last."""
        sent = SentAnswer.objects.on(thread).order_by("-pk").values_list("attempt", flat=True).first()
        return review_url(Kind.ANSWER, sent) if sent else reverse("interviews:practice")

    def returned(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        self._note(decision, now)

    def approved(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        self._note(decision, now)

    def reopened(self, *, thread: Thread, decision: Decision, by: User, reason: str, now: datetime) -> None:
        """Nothing: what was scored was scored."""

    def _note(self, decision: Decision, now: datetime) -> None:
        """Keep the scores beside the learner's own; a lower one may bring the question back sooner."""
        attempt = SentAnswer.objects.select_related("attempt").get(submission=decision.submission).attempt
        scores = _scores_of(decision)
        Score.objects.create(
            attempt=attempt,
            by=Scorer.MENTOR,
            scorer=decision.mentor,
            rubric_version=rubric.VERSION,
            scored_at=now,
            **scores.by_name,
        )
        practice.heed(attempt=attempt, scores=scores, now=now)


class MockSubject:
    """A whole mock interview, for `mentoring.subjects`."""

    def address(self, thread: Thread) -> str:
        return review_url(Kind.MOCK, thread.subject)

    def returned(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        self._note(thread, decision, now)

    def approved(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        self._note(thread, decision, now)

    def reopened(self, *, thread: Thread, decision: Decision, by: User, reason: str, now: datetime) -> None:
        """Nothing: what was scored was scored."""

    def _note(self, thread: Thread, decision: Decision, now: datetime) -> None:
        MockMark.objects.create(
            mock=Mock.objects.get(pk=thread.subject),
            scorer=decision.mentor,
            rubric_version=rubric.VERSION,
            scored_at=now,
            **_scores_of(decision).by_name,
        )


def _scores_of(decision: Decision) -> Scores:
    given = {str(each.criterion): each.score for each in decision.verdicts.all() if each.score is not None}
    scores = scores_from(given)
    assert scores is not None, "no decision is made before all four are scored"
    return scores
