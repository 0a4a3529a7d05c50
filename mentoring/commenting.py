"""What a learner and their mentors say to each other about a submission. The only writer of `Comment`.

Nothing said is changed: putting it right makes the next version, and the one before stays readable.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from mentoring import telling
from mentoring.asked import Asked
from mentoring.models import Comment, Decision, Evidence, Exhibit, Submission, Thread
from mentoring.models.decisions import LONGEST_TEXT


class NotSaidError(Exception):
    """The comment cannot be made; `reason` is one sentence for the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def say(
    *,
    submission: Submission,
    by: User,
    text: str,
    criterion: UUID | str | None = None,
    evidence: Evidence | int | None = None,
    decision: Decision | int | None = None,
    replaces: Comment | int | None = None,
    key: UUID,
    now: datetime,
) -> Comment:
    """Say something about a criterion, a piece of evidence or the whole; with `replaces` put right what one said.

    `decision` puts right the text of feedback that one sent. Evidence, decisions and comments may be given by their
    ids. A second post with the same key returns what the first one made.
    Raises Submission.DoesNotExist where the person reaches no such submission, NotSaidError where something is wrong.
    """
    Thread.objects.select_for_update(no_key=True).only("pk").get(pk=submission.thread_id)
    row = _reached(submission, by, now)
    made = Comment.objects.filter(author=by, key=key).first()
    if made is not None:
        if made.submission_id != row.pk:
            raise NotSaidError("This form was sent for something else. Load the page again.")
        return made
    said = _fitting(text)
    old = _own(row, by, replaces) if replaces is not None else None
    anchor = _anchor_of(old) if old else _anchor(row, by, criterion, evidence, decision)
    comment = Comment.objects.create(
        submission=row, author=by, author_name=by.name, text=said, replaces=old, key=key, created_at=now, **anchor
    )
    telling.commented(row, comment, now=now)
    return comment


def _reached(submission: Submission, by: User, now: datetime) -> Submission:
    """Read after the thread is locked: whoever held it a moment ago may not any more."""
    rows = Submission.objects.select_related("thread__learner", "thread__holder")
    own = rows.of(by).filter(pk=submission.pk).first()
    return own or rows.reachable_by(by, now).get(pk=submission.pk)


def _fitting(text: str) -> str:
    said = text.strip()
    if not said:
        raise NotSaidError("Write something.")
    if len(said) > LONGEST_TEXT:
        raise NotSaidError(f"Use at most {LONGEST_TEXT:,} characters. These are {len(said):,}.")
    return said


def _own(row: Submission, by: User, replaces: Comment | int) -> Comment:
    pk = replaces.pk if isinstance(replaces, Comment) else replaces
    found = Comment.objects.filter(submission=row, author=by, pk=pk).first()
    if found is None:
        raise NotSaidError("Only what you said yourself can be put right.")
    if not Comment.objects.standing().filter(pk=pk).exists():
        raise NotSaidError("You put this right already. Change the latest version.")
    return found


type _Anchor = dict[str, UUID | str | int | None]


def _anchor_of(old: Comment) -> _Anchor:
    return {"criterion": old.criterion, "evidence_id": old.evidence_id, "decision_id": old.decision_id}


def _anchor(
    row: Submission,
    by: User,
    criterion: UUID | str | None,
    evidence: Evidence | int | None,
    decision: Decision | int | None,
) -> _Anchor:
    if sum(each is not None for each in (criterion, evidence, decision)) > 1:
        raise NotSaidError("A comment is about one thing.")
    if criterion is not None and str(criterion) not in Asked.from_json(row.asked).by_key:
        raise NotSaidError("The submission has no such criterion.")
    piece = evidence.pk if isinstance(evidence, Evidence) else evidence
    if piece is not None and not Exhibit.objects.filter(submission=row, evidence=piece).exists():
        raise NotSaidError("The submission has no such evidence.")
    feedback = decision.pk if isinstance(decision, Decision) else decision
    if feedback is not None and not Decision.objects.by(by).filter(pk=feedback, submission=row).exists():
        raise NotSaidError("Only feedback that you sent yourself can be put right.")
    return {"criterion": criterion, "evidence_id": piece, "decision_id": feedback}
