"""A decision as its mentor types it. The only writer of `Draft`.

It is kept whatever happens meanwhile: when the lease ends, when somebody else takes the submission, when it is decided
on by somebody else. It goes when its mentor decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from mentoring import review
from mentoring.asked import Asked
from mentoring.deciding import IncompleteError, Judgment
from mentoring.models import Decision, Draft, Event, Met, Outcome, Submission, Thread, What
from mentoring.models.decisions import LONGEST_TEXT

# More than can be sent, so that what is too long is kept too and can be shortened.
LONGEST_KEPT = 4 * LONGEST_TEXT
_SCORES = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a decision."""

    met: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    next_step: str = ""
    scores: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_post(cls, post: Mapping[str, str], asked: Asked) -> Typed:
        """Read by the names of the form: met-<key>, remark-<key>, text, next_step; of a criterion with a scale
        score-<key> in place of met. What makes no sense is left out.
        """
        keys = [each.key for each in asked.criteria]
        met = {each.key: post.get(f"met-{each.key}", "") for each in asked.criteria if not each.scale}
        scores = {each.key: post.get(f"score-{each.key}", "") for each in asked.criteria if each.scale}
        remarks = {key: _kept(post.get(f"remark-{key}", "")) for key in keys}
        return cls(
            met={key: value for key, value in met.items() if value in Met.values},
            remarks={key: value for key, value in remarks.items() if value},
            text=_kept(post.get("text", "")),
            next_step=_kept(post.get("next_step", "")),
            scores={key: int(value) for key, value in scores.items() if value in _SCORES},
        )

    @classmethod
    def from_draft(cls, content: Mapping[str, Any]) -> Typed:
        return cls(
            met=content.get("met", {}),
            remarks=content.get("remark", {}),
            text=content.get("text", ""),
            next_step=content.get("next_step", ""),
            scores=content.get("score", {}),
        )

    @property
    def content(self) -> dict[str, Any]:
        """As `Draft` keeps it."""
        texts = {"remark": self.remarks, "text": self.text, "next_step": self.next_step}
        return {"met": self.met, "score": self.scores} | texts

    @property
    def is_empty(self) -> bool:
        return not (self.met or self.scores or self.remarks or self.text or self.next_step)

    def with_text(self, added: str) -> Typed:
        """With a paragraph more in the text to the learner."""
        return replace(self, text="\n\n".join(filter(None, (self.text, added))))

    def judgment(self) -> Judgment:
        """What is decided on. Raises IncompleteError where a text is too long to be sent."""
        texts = {f"remark-{key}": value for key, value in self.remarks.items()}
        texts |= {"text": self.text, "next_step": self.next_step}
        faults = {
            name: f"Use at most {LONGEST_TEXT:,} characters. These are {len(value):,}."
            for name, value in texts.items()
            if len(value) > LONGEST_TEXT
        }
        if faults:
            raise IncompleteError(faults)
        return Judgment(
            met={key: Met(value) for key, value in self.met.items()},
            scores=self.scores,
            remarks={key: value.strip() for key, value in self.remarks.items()},
            text=self.text.strip(),
            next_step=self.next_step.strip(),
        )


def keep(*, submission: Submission, by: User, typed: Typed, now: datetime) -> Thread:
    """Keep what is typed, and let the lease run on. Returns the thread as it stands.

    Raises Submission.DoesNotExist for whoever never had it in hand; review.NotPossibleError where somebody else holds
    it by now, or it is over. What was typed is kept even so.
    """
    thread = _put(submission, by, typed, now)
    return review.extend(thread=thread, by=by, now=now)


@transaction.atomic
def _put(submission: Submission, by: User, typed: Typed, now: datetime) -> Thread:
    thread = Thread.objects.select_for_update(no_key=True).get(pk=submission.thread_id)
    if not Event.objects.filter(submission=submission, actor=by, what=What.CLAIMED).exists():
        raise Submission.DoesNotExist
    row = Submission.objects.get(pk=submission.pk)
    if row.outcome != Outcome.OPEN and Decision.objects.by(by).filter(submission=row).exists():
        raise review.NotPossibleError("You decided on this already.")
    Draft.objects.update_or_create(submission=row, mentor=by, defaults={"content": typed.content, "saved_at": now})
    return thread


def _kept(text: str) -> str:
    return text.replace("\r\n", "\n")[:LONGEST_KEPT]
