"""How long people really wait for a mentor: what a learner is told when they hand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import caches
from django.db import connection

# The last decisions that an expectation rests on, and how few are too few to promise anything.
LAST, TOO_FEW = 200, 5
_KEPT_FOR = 300  # seconds


@dataclass(frozen=True, slots=True)
class Wait:
    """From handing in to a decision, in what really happened."""

    median: timedelta
    most: timedelta  # the 90th percentile
    decisions: int  # that this rests on
    of_role: bool  # of this role alone, or of all roles because the role has too few


_WAITS = """
    SELECT
        count(*),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY wait),
        percentile_cont(0.9) WITHIN GROUP (ORDER BY wait)
    FROM (
        SELECT closed_at - submitted_at AS wait
        FROM mentoring_submission
        WHERE outcome IN ('returned', 'approved') AND (role_id = %(role)s OR %(role)s IS NULL)
            AND (number > 1) = %(again)s
        ORDER BY closed_at DESC
        LIMIT %(last)s
    ) last
"""


def expected_wait(*, role: int, again: bool) -> Wait | None:
    """The wait for a first hearing, or `again` for a later round; None while too little is known to say anything."""
    key = f"wait:{role}:{again}"
    kept: tuple[Wait | None] | None = caches["local"].get(key)
    if kept is None:
        kept = (_asked(role, again=again) or _asked(None, again=again),)
        caches["local"].set(key, kept, _KEPT_FOR)
    return kept[0]


def _asked(role: int | None, *, again: bool) -> Wait | None:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, {"role": role, "again": again, "last": LAST})
        count, median, most = cursor.fetchone()
    return Wait(median, most, count, role is not None) if count >= TOO_FEW else None
