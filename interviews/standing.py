"""Where a learner stands with the questions of one role: one query. Read-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import User
from interviews.models.cards import NEW_A_DAY, REVIEWS_A_DAY
from interviews.readiness import Asked, Readiness, Topic
from interviews.rubric import Scores
from interviews.scheduling import Memory
from roles.models import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner who aims at a role."""

    level: int
    interview_on: date | None
    reviews_a_day: int
    new_a_day: int
    readiness: Readiness


def standing_of(learner: User, role: Role, *, today: date) -> Standing | None:
    """None where they do not aim at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT interviews_standing_of(%s, %s, %s)", [learner.pk, role.pk, today])
        (found,) = cursor.fetchone()
    if found is None:
        return None
    level, interview_on, habits, rows = found
    reviews_a_day, new_a_day = habits or (REVIEWS_A_DAY, NEW_A_DAY)
    readiness = Readiness(tuple(_asked(row) for row in rows), today)
    return Standing(level, _day(interview_on) if interview_on else None, reviews_a_day, new_a_day, readiness)


def _asked(row: Sequence[Any]) -> Asked:
    slug, prompt, category, level, skills, memory, own, pair, back_on, is_aside = row
    return Asked(
        slug,
        prompt,
        category,
        level,
        tuple(Topic(*skill) for skill in skills),
        Memory(memory[0], memory[1], _day(memory[2]), _day(memory[3])) if memory else None,
        Scores(*own) if own else None,
        (Scores(*pair[0]), Scores(*pair[1])) if pair else None,
        _day(back_on) if back_on else None,
        is_aside,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)
