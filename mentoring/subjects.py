"""What can be reviewed, and what that means elsewhere.

Reviewing knows nothing of milestones. The app that does says here what its subjects are called, where their learner
reads about them, and what an approval is worth. It calls `register` once, when it starts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from accounts.models import User
from mentoring.models import Decision, Kind, Thread


class Subject(Protocol):
    """One kind of thing that is reviewed. Called inside the transaction of the review."""

    def address(self, thread: Thread) -> str:
        """The page on which its learner reads the thread."""

    def returned(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        """What follows when a mentor sends it back."""

    def approved(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        """What follows from an approval."""

    def reopened(self, *, thread: Thread, decision: Decision, by: User, reason: str, now: datetime) -> None:
        """What follows when staff take an approval back."""


_SUBJECTS: dict[str, Subject] = {}


def register(kind: Kind, subject: Subject) -> None:
    _SUBJECTS[kind] = subject


def subject_of(thread: Thread) -> Subject:
    return _SUBJECTS[thread.kind]
