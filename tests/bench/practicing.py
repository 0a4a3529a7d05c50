"""What those who practice find: every question of a role due, with an answer locked and not graded yet, beside a log of
everybody's reviews.

The log is what grows: fifty rows a learner where there are few or very many, five where a run must end within minutes.
Its rows of other learners point to answers that are not loaded: no page that is measured reads them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import psycopg

from tests.bench.people import Learner


def review_count(learners: int) -> int:
    return learners * (5 if 1_000 < learners < 1_000_000 else 50)


def load(connection: psycopg.Connection, learners: int, asking: Sequence[Learner], *, now: datetime) -> int:
    """Fill the tables of a database that has its learners; give those who ask their answers. Returns the log's rows."""
    rows = review_count(learners)
    values = {"learners": learners, "each": rows // learners, "asking": [each.pk for each in asking], "now": now}
    connection.execute("SET session_replication_role = replica")  # without triggers and references
    for statement in (_LOG, *_ASKING):
        connection.execute(statement, values)
    connection.execute("RESET session_replication_role")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    answers: defaultdict[int, list[str]] = defaultdict(list)
    for learner, attempt in connection.execute("SELECT learner_id, id::text FROM interviews_attempt ORDER BY id"):
        answers[learner].append(attempt)
    for each in asking:
        each.answers = answers[each.pk]
    return rows


_LOG = """
    INSERT INTO interviews_review (
        attempt_id, learner_id, card_id, question_version, rubric_version, rating, proposed, counted, reviewed_at,
        study_day, timezone, seconds, scheduler, recall, before_stability, before_difficulty, before_due_day,
        before_last_day, before_version
    )
    SELECT
        gen_random_uuid(), l, 1000000 + l * 100 + n, 1, 1, 1 + (l + n) %% 4, 3, true,
        %(now)s - n * interval '2 days', (%(now)s - n * interval '2 days')::date, 'UTC', 90, 'bench', 0.9, 5, 5,
        (%(now)s - n * interval '2 days')::date, (%(now)s - n * interval '4 days')::date, 1
    FROM generate_series(1, %(learners)s) l, generate_series(1, %(each)s) n
"""
_ASKING = (
    """
    INSERT INTO interviews_aim (learner_id, role_id, level, added_at)
    SELECT l, (SELECT min(qr.role_id) FROM interviews_question_roles qr), 5, %(now)s FROM unnest(%(asking)s::bigint[]) l
    """,
    """
    INSERT INTO interviews_card (
        learner_id, question_id, stability, difficulty, due_day, last_day, reps, lapses, question_version, version
    )
    SELECT
        a.learner_id, qr.question_id, 3 + qr.question_id %% 30, 5, %(now)s::date - 1,
        %(now)s::date - 4 - (qr.question_id %% 30)::int, 3, 0, 1, 3
    FROM interviews_aim a JOIN interviews_question_roles qr ON qr.role_id = a.role_id
    """,
    """
    INSERT INTO interviews_attempt (
        id, learner_id, question_id, question_version, card_id, card_version, text, seconds, revealed_at
    )
    SELECT gen_random_uuid(), c.learner_id, c.question_id, 1, c.id, c.version, repeat('What I said. ', 40), 90, %(now)s
    FROM interviews_card c
    """,
)
