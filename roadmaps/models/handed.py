from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models


class Stage(models.TextChoices):
    """Where a milestone is on its way to being proven. The value is that of its glyph."""

    NOT_HANDED_IN = "todo", "Not handed in"
    WITH_MENTORS = "review", "With mentors"
    RETURNED = "returned", "Returned"
    APPROVED = "done", "Approved"


# By the state of the milestone's thread.
_STAGES = {
    "draft": Stage.NOT_HANDED_IN,
    "submitted": Stage.WITH_MENTORS,
    "claimed": Stage.WITH_MENTORS,
    "returned": Stage.RETURNED,
    "approved": Stage.APPROVED,
}


@dataclass(frozen=True, slots=True)
class Handed:
    """What is told of a milestone outside its own page."""

    stage: Stage
    since: datetime
    holder: str  # the mentor's name, while a mentor holds it
    lease_until: datetime | None
    badge: UUID | None  # of the approval

    def reviewer(self, now: datetime) -> str:
        """Who is reviewing at that moment; nobody once the lease is over."""
        return self.holder if self.lease_until is not None and self.lease_until > now else ""

    @classmethod
    def from_row(cls, row: list[Any]) -> Self:
        """From a value of `Enrolment.threads`."""
        state, since, holder, lease_until, badge = row
        return cls(
            _STAGES[state],
            datetime.fromisoformat(since),
            holder or "",
            datetime.fromisoformat(lease_until) if lease_until else None,
            UUID(badge) if badge else None,
        )
