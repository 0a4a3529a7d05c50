"""What a mentor decides, as a value: checked against what was asked before anything is written.

Writes nothing: `mentoring.review` saves the rows that are made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from mentoring.asked import Asked, Criterion
from mentoring.models import Decision, Met, Ruling, Submission, Verdict
from mentoring.models.decisions import GOOD


class IncompleteError(Exception):
    """The decision lacks something; `faults` says what, by the field that it belongs to ("" for the whole)."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Judgment:
    """Verdicts by the criteria's keys, and what the mentor says to the learner (Markdown).

    Of a criterion with a scale the score is the verdict.
    """

    met: Mapping[str, Met] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)  # 1 to 4
    remarks: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    next_step: str = ""

    def demand_return(self, asked: Asked) -> None:
        """Raises IncompleteError unless every criterion is judged, one is not met and a next step is said."""
        faults = self._unjudged(asked)
        if not faults and all(self._verdict(each) == Met.MET for each in asked.criteria):
            faults[""] = "Everything is met. Mark what is missing, or approve."
        if not self.next_step.strip():
            faults["next_step"] = "Say what the learner should do next."
        if faults:
            raise IncompleteError(faults)

    def demand_approval(self, asked: Asked) -> None:
        """Raises IncompleteError unless every criterion is judged and every required one is met."""
        faults = self._unjudged(asked)
        for each in asked.criteria:
            if each.required and self._verdict(each) not in (None, Met.MET):
                faults[f"met-{each.key}"] = (
                    f"Nothing is approved with less than {GOOD} here. Return it with a next step."
                    if each.scale
                    else "This has to be met before the milestone is approved."
                )
        if faults:
            raise IncompleteError(faults)

    def _unjudged(self, asked: Asked) -> dict[str, str]:
        return {f"met-{each.key}": "Choose one." for each in asked.criteria if self._verdict(each) is None}

    def _verdict(self, criterion: Criterion) -> Met | None:
        """None where nothing is said of it."""
        if not criterion.scale:
            return self.met.get(criterion.key)
        score = self.scores.get(criterion.key)
        return Met.by_score(score) if score else None

    def _given(self, criterion: Criterion) -> Met:
        verdict = self._verdict(criterion)
        assert verdict is not None, "nothing is decided before all is judged"
        return verdict

    def decision_on(self, submission: Submission, ruling: Ruling, *, by: User, now: datetime) -> Decision:
        """The decision with what was asked and shown, frozen."""
        return Decision(
            submission=submission,
            ruling=ruling,
            mentor=by,
            mentor_name=by.name,
            decided_at=now,
            text=self.text,
            next_step=self.next_step,
            frozen={"asked": submission.asked, "evidence": _frozen_evidence(submission)},
        )

    def verdicts_of(self, decision: Decision) -> list[Verdict]:
        """One on each criterion that was asked, in its order."""
        return [
            Verdict(
                decision=decision,
                criterion=each.key,
                text=each.text,
                required=each.required,
                met=self._given(each),
                score=self.scores.get(each.key) if each.scale else None,
                remark=self.remarks.get(each.key, ""),
                place=place,
            )
            for place, each in enumerate(Asked.from_json(decision.submission.asked).criteria, 1)
        ]


def _frozen_evidence(submission: Submission) -> list[dict[str, Any]]:
    return [
        {
            "kind": piece.kind,
            "title": piece.title,
            "url": piece.url,
            "text": piece.text,
            "file_name": piece.file_name,
            "size": piece.size,
            "sha256": piece.sha256,
            "criteria": [str(each) for each in piece.criteria],
        }
        for piece in submission.evidence.order_by("exhibits__place")
    ]
