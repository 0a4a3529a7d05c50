"""Answers that are spoken: kept beside evidence, heard by their learner alone. The only writer of `Recording`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.files import File
from django.db import IntegrityError, transaction

from accounts.models import User
from interviews import practice
from interviews.models import Attempt, Question, Recording
from interviews.sounds.inspecting import Sound
from mentoring.files.keeping import discard, storing


class LockedAlreadyError(Exception):
    """The answer is locked without a recording: whoever saw the model answer records nothing before it any more."""


def lock_recorded(
    *,
    learner: User,
    question: Question,
    attempt: UUID,
    text: str,
    seconds: int,
    sound: Sound,
    upload: File[bytes],
    now: datetime,
) -> Attempt:
    """Keep the sound and lock the answer, both or neither. A post that comes twice returns what the first one made.

    Raises Attempt.DoesNotExist where the key is somebody else's, LockedAlreadyError.
    """
    if (made := _made(learner, attempt)) is not None:
        return made
    try:
        with storing(upload) as stored, transaction.atomic():
            locked = practice.lock_answer(
                learner=learner, question=question, attempt=attempt, text=text, seconds=seconds, now=now
            )
            Recording.objects.create(
                attempt=locked,
                kind=sound.kind,
                size=sound.size,
                seconds=sound.seconds,
                sha256=sound.sha256,
                stored=stored,
                made_at=now,
            )
    except IntegrityError:
        # The same form came twice at once: the other one was first, and this one kept nothing.
        if (made := _made(learner, attempt)) is not None:
            return made
        raise
    return locked


@transaction.atomic
def delete_recording(*, recording: Recording, by: User, now: datetime) -> Recording:
    """Delete the sound, at once and for good. The row stays, without it. Doing it again changes nothing.

    Raises Recording.DoesNotExist for somebody else's.
    """
    row = Recording.objects.of(by).select_for_update(no_key=True, of=("self",)).get(pk=recording.pk)
    if row.deleted_at is not None:
        return row
    transaction.on_commit(partial(discard, row.stored), robust=True)
    row.stored, row.sha256, row.size, row.deleted_at = "", "", 0, now
    row.save(update_fields=["stored", "sha256", "size", "deleted_at"])
    return row


def named(names: Collection[str]) -> set[str]:
    """Those of some names of stored files that a recording has."""
    return set(Recording.objects.filter(stored__in=names).values_list("stored", flat=True))


def _made(learner: User, attempt: UUID) -> Attempt | None:
    """The answer of that key with its recording, if it was locked."""
    made = Attempt.objects.filter(pk=attempt).select_related("recording").first()
    if made is None:
        return None
    if made.learner_id != learner.pk:
        raise Attempt.DoesNotExist
    if not hasattr(made, "recording"):
        raise LockedAlreadyError
    return made
