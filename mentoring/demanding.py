"""What an action of a review needs; where it is missing, who asked reads why."""

from __future__ import annotations

from accounts.models import User
from mentoring.models import State, Thread
from mentoring.taking import Obstacle


class NotPossibleError(Exception):
    """The thread is not in a state for this: somebody was faster, or something is missing.

    `reason` is one sentence for the person; `holder` who has the submission in hand, where that is why.
    """

    def __init__(self, reason: str, *, holder: User | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.holder = holder


def state(row: Thread, wanted: State, otherwise: str) -> None:
    if row.state != wanted:
        raise NotPossibleError(otherwise, holder=row.holder)


def holder(row: Thread, by: User) -> None:
    """The mentor whose it is. A lease that is over is still theirs as long as nobody else took the submission."""
    if row.state != State.CLAIMED or row.holder_id != by.pk:
        now_with = row.holder
        reason = f"{now_with.name} holds this now." if now_with else "You do not hold this any more."
        raise NotPossibleError(reason, holder=now_with)


def staff(by: User, reason: str) -> None:
    """Staff, not editors; and a reason."""
    if not (by.is_superuser and by.is_active):
        raise NotPossibleError("Only staff can do this.")
    if not reason.strip():
        raise NotPossibleError("Say why.")


def none(obstacle: Obstacle | None) -> None:
    if obstacle is not None:
        raise NotPossibleError(obstacle.reason, holder=obstacle.holder)
