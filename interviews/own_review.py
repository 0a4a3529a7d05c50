"""The review of an answer or a mock interview as its learner sees it. Everything is read when it is asked for, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.models import User
from interviews import asking, rubric
from interviews.matters import Matter, review_url
from interviews.models import Score, Scorer, SentAnswer
from interviews.rubric import Criterion, Scores
from interviews.sending import is_scored_already
from mentoring.models import Kind, State, Thread
from mentoring.own_side import OwnSide


@dataclass(frozen=True, slots=True)
class Pair:
    """One criterion: what the learner gave, and the mentor."""

    criterion: Criterion
    own: float | None
    mentor: int
    meaning: str  # of the mentor's score

    @property
    def gap(self) -> float:
        """By how much the learner's own lies above."""
        return round((self.own or 0) - self.mentor, 1)


@dataclass(frozen=True)
class OwnReview(OwnSide):
    matter: Matter
    now: datetime

    @property
    def reader(self) -> User:
        return self.matter.learner

    @property
    def role_asked(self) -> int:
        return self.thread.role_id if self.thread else self.matter.roles[0].pk

    @cached_property
    def thread(self) -> Thread | None:
        """None until it was sent."""
        rows = Thread.objects.of(self.matter.learner).on(self.matter.kind, self.matter.subject)
        return rows.filter(number__gte=1).for_page().first()

    @cached_property
    def may_send(self) -> bool:
        """The first time, after it was taken back, or to whoever returned the answer before."""
        return self.is_learners_turn and not self.matter.obstacle and not self._is_scored(to_another=False)

    @cached_property
    def may_ask_another(self) -> bool:
        is_returned = self.state == State.RETURNED and not self.matter.obstacle
        return is_returned and not self._is_scored(to_another=True)

    def _is_scored(self, *, to_another: bool) -> bool:
        """Whether it could come to somebody who scored it before."""
        return self.thread is not None and is_scored_already(self.matter, self.thread, to_another=to_another)

    @cached_property
    def sent_last(self) -> str:
        """The page of this review for the answer that went to a mentor last, where that is another one."""
        if self.thread is None or self.matter.attempt is None:
            return ""
        last = SentAnswer.objects.on(self.thread).order_by("-pk").values_list("attempt", flat=True).first()
        return review_url(Kind.ANSWER, last) if last and last != self.matter.attempt.pk else ""

    @cached_property
    def pairs(self) -> list[Pair]:
        """The last mentor's scores beside the learner's own of the same answers; empty before the first decision."""
        given = {key: each.score for key, each in self.feedback.judged.items() if each.score} if self.feedback else {}
        scores = asking.scores_from(given)
        own = self._own_of_feedback if scores else {}
        return [_pair(each, scores, own) for each in rubric.CRITERIA] if scores else []

    @property
    def gap(self) -> float | None:
        """By how much the learner's own scores lie above the mentor's, on average; None where either is missing."""
        gaps = [each.gap for each in self.pairs if each.own is not None]
        return round(sum(gaps) / len(gaps), 1) if gaps else None

    @property
    def gap_below(self) -> float:
        """The same the other way round, for sentences."""
        return -(self.gap or 0)

    @cached_property
    def _own_of_feedback(self) -> Mapping[str, float]:
        """What the learner gave the very answer that the mentor scored."""
        if self.matter.kind == Kind.MOCK or self.feedback is None:
            return self.matter.own
        scored = Score.objects.filter(attempt__sent__submission__decision=self.feedback.number, by=Scorer.SELF).first()
        return scored.scores.by_name if scored else {}


def _pair(criterion: Criterion, scores: Scores, own: Mapping[str, float]) -> Pair:
    score = scores.by_name[criterion.name]
    return Pair(criterion, own.get(criterion.name), score, criterion.anchors[score - 1])
