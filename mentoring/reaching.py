"""What a mentor finds of one submission: whether they may read it, how it stands, and what is theirs at the desk.
Read-only.

Who reaches what is said by the querysets of `Thread` and `Submission`. The one question that the desk asks every time
stands in sql/desk_of.sql besides, because making its plan takes longer than answering it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import User
from mentoring.looking import SAME_LOOK
from mentoring.models import Cohort, Outcome, Submission, Thread
from roles.models import Role

_THREAD = (
    "id",
    "learner_id",
    "role_id",
    "cohort_id",
    "state",
    "number",
    "holder_id",
    "lease_until",
    "reserved_for_id",
    "reserved_until",
    "excluded",
    "queued_from",
    "changed_at",
)
_TIMES = [_THREAD.index(name) for name in ("lease_until", "reserved_until", "queued_from", "changed_at")]


@dataclass(frozen=True, slots=True)
class Found:
    """A submission that the mentor may read, with its thread, and what is the mentor's own there."""

    submission: Submission  # without what was asked: see `mentoring.story`
    thread: Thread
    title: str
    place: str
    is_whole: bool  # or only the rounds that the mentor decided on
    was_looked_at: bool  # by the same mentor a moment ago: see `mentoring.looking`
    draft: list[Any] | None  # its content, and when it was saved
    replies: list[list[Any]] | None  # id, title and text of each
    versions: Mapping[str, int] | None  # by the id of a piece that of the one which it took the place of
    stamp: str  # of all that was said and done


def found(number: int, *, by: User, now: datetime) -> Found | None:
    """The submission, or None where the mentor may not read it: one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mentoring_desk_of(%s, %s, %s, %s)", [number, by.pk, now, now - SAME_LOOK])
        (answer,) = cursor.fetchone()
    if answer is None:
        return None
    row, columns, draft, replies, versions, stamp, people, cohort, role = answer
    pk, number, outcome, submitted_at, message, second_opinion, title, place, is_whole, is_decided, looked_at = row
    thread = _thread(columns, people, cohort=cohort, role=role)
    # As Submission.objects.reachable_by says.
    if thread.learner_id == by.pk or outcome == Outcome.WITHDRAWN or not (is_whole or is_decided):
        return None
    submission = Submission(
        pk=pk,
        thread=thread,
        role_id=thread.role_id,
        number=number,
        outcome=outcome,
        submitted_at=datetime.fromisoformat(submitted_at),
        message=message,
        second_opinion=second_opinion,
    )
    return Found(submission, thread, title, place, is_whole, looked_at, draft, replies, versions, stamp)


def _thread(columns: list[Any], people: Mapping[str, list[str]], *, cohort: str | None, role: str) -> Thread:
    """The thread with its people (by their ids, display name and address), cohort and role."""
    for place in _TIMES:
        columns[place] = datetime.fromisoformat(columns[place]) if columns[place] else None
    thread = Thread(**dict(zip(_THREAD, columns, strict=True)))
    users = {int(pk): User(pk=int(pk), display_name=name, email=email) for pk, (name, email) in people.items()}
    thread.learner = users[thread.learner_id]
    thread.holder = users.get(thread.holder_id or 0)
    thread.reserved_for = users.get(thread.reserved_for_id or 0)
    thread.cohort = Cohort(pk=thread.cohort_id, name=cohort) if cohort is not None else None
    thread.role = Role(pk=thread.role_id, short_name=role)
    return thread
