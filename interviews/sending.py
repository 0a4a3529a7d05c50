"""An answer or a mock interview goes to a mentor. The only writer of `SentAnswer`; `mentoring.review` does the rest.

What is sent becomes the evidence of a submission, copied as it is at that moment: text as notes, a recording as a file
of its own, which stays with the review when the learner deletes theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User
from interviews.matters import Matter
from interviews.models import MockMark, Recording, Score, Scorer, SentAnswer
from mentoring import gathering, review, taking
from mentoring.files import keeping
from mentoring.gathering import NotGatheredError, Piece, StoredFile
from mentoring.models import Event, Evidence, Thread
from mentoring.review import NotPossibleError
from roles.models import Role

_SCORED = "A mentor scored this one already. Answer the question again and send that answer, or ask somebody else."
_SCORED_MOCK = "A mentor scored this one already. Send your next mock interview, or ask somebody else."


@dataclass(frozen=True, slots=True)
class Sent:
    """A form in which a learner sends something."""

    role: Role
    message: str
    with_recording: bool
    key: UUID


def send(*, matter: Matter, sent: Sent, by: User, now: datetime) -> Thread:
    """Ask mentors of the role for the first time, or after it was taken back: draft → submitted.

    A second post with the same key changes nothing. Raises NotPossibleError where it cannot be sent, and
    Thread.DoesNotExist for somebody else's.
    """
    return _send(matter, sent, review.submit, by, now)


def send_again(*, matter: Matter, sent: Sent, by: User, now: datetime) -> Thread:
    """The next answer, to the mentor who returned the last one: returned → submitted. Raises as `send` does."""
    return _send(matter, sent, review.resubmit, by, now)


def ask_another(*, matter: Matter, sent: Sent, by: User, now: datetime) -> Thread:
    """The same or the next one, to somebody else: returned → submitted. Raises as `send` does."""
    return _send(matter, sent, review.ask_second_opinion, by, now, to_another=True)


def is_scored_already(matter: Matter, thread: Thread, *, to_another: bool = False) -> bool:
    """Whether it could come to a mentor who scored it before: nobody scores the same thing twice.

    `to_another`: it is about to go to somebody else than whoever decided last.
    """
    left_out = set(thread.excluded)
    last = taking.last_decision(thread) if to_another else None
    if last is not None and last.mentor_id is not None:
        left_out.add(last.mentor_id)
    return bool(_scorers(matter) - left_out)


def _scorers(matter: Matter) -> set[int]:
    if matter.attempt is not None:
        scores = Score.objects.filter(attempt=matter.attempt, by=Scorer.MENTOR, scorer__isnull=False)
        return set(scores.values_list("scorer", flat=True))
    marks = MockMark.objects.filter(mock=matter.key, scorer__isnull=False)
    return set(marks.values_list("scorer", flat=True))


def _send(
    matter: Matter, sent: Sent, act: Callable[..., Thread], by: User, now: datetime, *, to_another: bool = False
) -> Thread:
    if matter.learner.pk != by.pk:
        raise Thread.DoesNotExist
    if matter.obstacle:
        raise NotPossibleError(matter.obstacle)
    with ExitStack() as stack:
        file = _copied(matter.recording, stack) if sent.with_recording and matter.recording else None
        with transaction.atomic():
            thread = _locked(matter, sent.role, by, now)
            is_first = not Event.objects.filter(actor=by, key=sent.key).exists()
            if is_first:
                if is_scored_already(matter, thread, to_another=to_another):
                    raise NotPossibleError(_SCORED if matter.attempt else _SCORED_MOCK)
                _gather(thread, matter, file, by=by, key=sent.key, now=now)
            row = act(thread=thread, asked=matter.asked, message=sent.message, by=by, key=sent.key, now=now)
            if is_first and matter.attempt is not None:
                SentAnswer.objects.create(submission=row.submissions.newest(), attempt=matter.attempt)
    if file is not None and not gathering.named([file.stored]):
        keeping.discard(file.stored)  # the same sound was at hand already
    return row


def _copied(recording: Recording, stack: ExitStack) -> StoredFile:
    """Raises NotPossibleError where the recording is damaged."""
    try:
        source = stack.enter_context(keeping.unharmed(recording.stored, sha256=recording.sha256))
    except keeping.DamagedFileError as error:
        raise NotPossibleError("The recording cannot be read any more. Send the answer without it.") from error
    stored = stack.enter_context(keeping.storing(source))
    return StoredFile(recording.kind, stored, f"answer.{recording.kind}", recording.size, recording.sha256)


def _locked(matter: Matter, role: Role, by: User, now: datetime) -> Thread:
    thread = review.open_thread(learner=by, role=role, kind=matter.kind, subject=matter.subject, now=now)
    return Thread.objects.of(by).select_for_update(no_key=True).get(pk=thread.pk)


def _gather(thread: Thread, matter: Matter, file: StoredFile | None, *, by: User, key: UUID, now: datetime) -> None:
    """Let exactly this be at hand: what is there already stays, the rest takes the place of its like."""
    wanted = [Piece(each.title, text=each.text) for each in matter.said]
    if file is not None:
        wanted.append(Piece("Recording", file=file))
    at_hand = list(Evidence.objects.filter(thread=thread).at_hand())
    for piece in list(wanted):
        same = next((each for each in at_hand if _is_same(each, piece)), None)
        if same is not None:
            at_hand.remove(same)
            wanted.remove(piece)
    try:
        for place, piece in enumerate(wanted):
            _put(thread, piece, at_hand, by=by, key=uuid5(key, str(place)), now=now)
        for spare in at_hand:
            gathering.take_away(evidence=spare, by=by, now=now)
    except NotGatheredError as error:
        raise NotPossibleError(error.reason) from error


def _is_same(evidence: Evidence, piece: Piece) -> bool:
    sha256 = piece.file.sha256 if piece.file else ""
    return (evidence.kind, evidence.title, evidence.text, evidence.sha256) == (
        piece.kind,
        piece.title,
        piece.text,
        sha256,
    )


def _put(thread: Thread, piece: Piece, at_hand: list[Evidence], *, by: User, key: UUID, now: datetime) -> None:
    like = next((each for each in at_hand if each.kind == piece.kind), None)
    if like is None:
        gathering.add(thread=thread, piece=piece, by=by, key=key, now=now)
        return
    at_hand.remove(like)
    gathering.change(evidence=like, piece=piece, by=by, key=key, now=now)
