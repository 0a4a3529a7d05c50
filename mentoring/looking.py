"""Writing down who looked at a learner's work. The only writer of `Look`.

What a learner reads under “Who looked at your work” is exactly what stands here, so every page that shows a learner's
work to somebody else calls it. One's own looks are none, and opening the same thing again within ten minutes is the
same look.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from mentoring.models import Looked, Submission

SAME_LOOK = timedelta(minutes=10)

# One statement however many learners. In the order of their ids, so that two of these never wait for each other.
_INSERT = """
    INSERT INTO mentoring_look (learner_id, viewer_id, viewer_name, what, submission_id, at)
    SELECT seen.id, %(viewer)s, %(name)s, %(what)s, %(submission)s, %(now)s
    FROM (SELECT DISTINCT id FROM unnest(%(learners)s::bigint[]) AS id) AS seen
    WHERE seen.id <> %(viewer)s
        AND NOT EXISTS (
            SELECT FROM mentoring_look AS before
            WHERE before.learner_id = seen.id
                AND before.at > %(since)s
                AND before.viewer_id = %(viewer)s
                AND before.what = %(what)s
                AND before.submission_id IS NOT DISTINCT FROM %(submission)s::bigint
        )
    ORDER BY seen.id
"""


def note_look(
    *,
    viewer: User,
    learner: User | int,
    what: Looked,
    submission: Submission | int | None = None,
    now: datetime,
) -> None:
    """Write down that a person looked at a learner's work. One query."""
    note_looks(viewer=viewer, learners=[learner], what=what, submission=submission, now=now)


def note_looks(
    *,
    viewer: User,
    learners: Iterable[User | int],
    what: Looked,
    submission: Submission | int | None = None,
    now: datetime,
) -> None:
    """The same for several learners who stand on one page. One query, none where there is nobody."""
    ids = [each.pk if isinstance(each, User) else each for each in learners]
    if not ids:
        return
    values: dict[str, Any] = {
        "viewer": viewer.pk,
        "name": viewer.name,
        "what": what.value,
        "submission": submission.pk if isinstance(submission, Submission) else submission,
        "learners": ids,
        "now": now,
        "since": now - SAME_LOOK,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
