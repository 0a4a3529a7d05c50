"""What was already advised to a learner: the feedback and comments of all their mentors, so that nobody repeats it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from mentoring.models import Kind, Met, Ruling

# The latest so many answers: a card is read in a minute.
MOST = 60

# Decisions with what was said to each criterion, and comments in their latest version. In SQL, because it is one
# question about two kinds of rows.
_ADVICE = """
    SELECT
        t.kind, t.subject::text, s.asked ->> 'title', t.role_id, s.number AS round, s.id AS submission,
        d.decided_at AS at,
        d.mentor_name AS mentor, d.ruling, d.text, d.next_step, '' AS about,
        coalesce((
            SELECT json_agg(json_build_array(v.text, v.met, v.remark, v.score) ORDER BY v.place)
            FROM mentoring_verdict v
            WHERE v.decision_id = d.id AND v.remark <> ''
        ), '[]') AS remarks
    FROM mentoring_thread t
    JOIN mentoring_submission s ON s.thread_id = t.id
    JOIN mentoring_decision d ON d.submission_id = s.id
    WHERE t.learner_id = %(learner)s AND t.role_id = ANY (%(roles)s)
    UNION ALL
    SELECT
        t.kind, t.subject::text, s.asked ->> 'title', t.role_id, s.number, s.id, c.created_at,
        c.author_name, '', c.text, '',
        coalesce(
            piece.title,
            (
                SELECT one ->> 'text'
                FROM jsonb_array_elements(s.asked -> 'criteria') AS one
                WHERE one ->> 'key' = c.criterion::text
            ),
            ''
        ),
        '[]'
    FROM mentoring_thread t
    JOIN mentoring_submission s ON s.thread_id = t.id
    JOIN mentoring_comment c ON c.submission_id = s.id
    LEFT JOIN mentoring_evidence piece ON piece.id = c.evidence_id
    WHERE t.learner_id = %(learner)s AND t.role_id = ANY (%(roles)s)
        AND c.author_id IS DISTINCT FROM t.learner_id
        AND NOT EXISTS (SELECT FROM mentoring_comment later WHERE later.replaces_id = c.id)
    ORDER BY at DESC
    LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a mentor said to one criterion."""

    criterion: str
    met: Met
    text: str
    score: int | None = None  # 1 to 4, where the criterion has a scale

    @property
    def label(self) -> str:
        return str(self.met.label) if self.score is None else f"{self.score} of 4"


@dataclass(frozen=True, slots=True)
class Advice:
    """A decision or a comment of a mentor."""

    kind: Kind
    subject: str  # its key, such as the milestone's
    title: str  # of what was asked for at that time
    role_id: int
    round: int
    submission: int
    at: datetime
    mentor: str
    ruling: Ruling | None  # None for a comment
    text: str
    next_step: str
    about: str  # a criterion or a piece of evidence, where a comment is about one
    remarks: tuple[Remark, ...]


def advice_for(learner: int, *, roles: Iterable[int]) -> list[Advice]:
    """What mentors said to the learner in reviews of these roles, the newest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVICE, {"learner": learner, "roles": list(roles), "most": MOST})
        return [_advice(*row) for row in cursor.fetchall()]


def _advice(*row: Any) -> Advice:
    kind, subject, title, role, number, submission, at, mentor, ruling, text, next_step, about, remarks = row
    told = tuple(Remark(criterion, Met(met), remark, score) for criterion, met, remark, score in remarks)
    judged = Ruling(ruling) if ruling else None
    return Advice(
        Kind(kind), subject, title, role, number, submission, at, mentor, judged, text, next_step, about, told
    )
