"""What those who practice find: every question of a role due and answered before, with another answer locked and not
graded yet; a mock interview that runs and one that is graded; all beside a log of everybody's reviews.

The log is what grows: fifty rows a learner where there are few or very many, five where a run must end within minutes.
Those who ask have fifty everywhere. The log's rows point to answers that are not loaded: no page that is measured reads
them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import psycopg

from tests.bench.databases import bulk_load
from tests.bench.people import Learner

# Of one learner who practices, and of the others where many are loaded but not very many.
REVIEWS, FEW_REVIEWS = 50, 5
MOCK_QUESTIONS = 5


def load(connection: psycopg.Connection, learners: int, asking: Sequence[Learner], *, role: str, now: datetime) -> int:
    """Fill the tables of a database that has its learners; give those who ask their answers to questions of a role, by
    its slug. Returns the log's rows."""
    values = {
        "learners": learners,
        "each": FEW_REVIEWS if 1_000 < learners < 1_000_000 else REVIEWS,
        "most": REVIEWS,
        "asking": [each.pk for each in asking],
        "role": role,
        "questions": MOCK_QUESTIONS,
        "now": now,
    }
    connection.execute("SET session_replication_role = replica")  # without triggers and references
    connection.execute("SET maintenance_work_mem = '1GB'")
    with bulk_load(connection, "interviews_review", references=False):
        rows = connection.execute(_LOG, values).rowcount
    for statement in _ASKING:
        connection.execute(statement, values)
    connection.execute("RESET session_replication_role")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    _give(connection, asking)
    return rows


def _give(connection: psycopg.Connection, asking: Sequence[Learner]) -> None:
    answers: defaultdict[int, list[str]] = defaultdict(list)
    for learner, attempt in connection.execute(
        "SELECT a.learner_id, a.id::text FROM interviews_attempt a"
        " WHERE NOT EXISTS (SELECT FROM interviews_score s WHERE s.attempt_id = a.id) ORDER BY a.id"
    ):
        answers[learner].append(attempt)
    mocks = {
        (learner, state): mock
        for learner, state, mock in connection.execute("SELECT learner_id, state, id::text FROM interviews_mock")
    }
    for each in asking:
        each.answers = answers[each.pk]
        each.running, each.graded = mocks[each.pk, "running"], mocks[each.pk, "graded"]


# Cards far beyond those that are loaded.
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
    FROM generate_series(1, %(learners)s) l
    CROSS JOIN LATERAL generate_series(
        1, CASE WHEN l = ANY(%(asking)s::bigint[]) THEN %(most)s ELSE %(each)s END
    ) n
"""
_ASKING = (
    """
    INSERT INTO interviews_aim (learner_id, role_id, level, interview_on, added_at)
    SELECT l, r.id, 5, %(now)s::date + 30, %(now)s
    FROM unnest(%(asking)s::bigint[]) l JOIN roles_role r ON r.slug = %(role)s
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
    SELECT
        gen_random_uuid(), c.learner_id, c.question_id, 1, c.id, c.version - 1, repeat('What I said. ', 40), 90,
        %(now)s - interval '4 days'
    FROM interviews_card c
    """,
    """
    INSERT INTO interviews_score (
        attempt_id, by, scorer_id, rubric_version, substance, reasoning, grounding, delivery, points, scored_at
    )
    SELECT a.id, 'self', a.learner_id, 1, 1 + a.question_id %% 4, 3, 2, 3, '{1}', a.revealed_at
    FROM interviews_attempt a
    """,
    """
    INSERT INTO interviews_attempt (
        id, learner_id, question_id, question_version, card_id, card_version, text, seconds, revealed_at
    )
    SELECT gen_random_uuid(), c.learner_id, c.question_id, 1, c.id, c.version, repeat('What I said. ', 40), 90, %(now)s
    FROM interviews_card c
    """,
    # It runs as long as the longest measurement.
    """
    INSERT INTO interviews_mock (
        id, learner_id, role_id, level, count, minutes, seed, drawn_by, started_at, ends_at, state, ended_at, graded_at
    )
    SELECT
        gen_random_uuid(), a.learner_id, a.role_id, 3, %(questions)s, 30, 1, 1, at, at + interval '12 hours', state,
        CASE state WHEN 'graded' THEN at + interval '1 hour' END,
        CASE state WHEN 'graded' THEN at + interval '2 hours' END
    FROM interviews_aim a
    CROSS JOIN (VALUES ('running', %(now)s), ('graded', %(now)s - interval '9 days')) AS made (state, at)
    """,
    """
    INSERT INTO interviews_mockquestion (mock_id, place, question_id, question_version, category, level)
    SELECT m.id, q.place, q.id, q.version, q.category, q.level
    FROM interviews_mock m
    JOIN (
        SELECT qr.role_id, q.*, row_number() OVER (PARTITION BY qr.role_id ORDER BY q.id) AS place
        FROM interviews_question_roles qr JOIN interviews_question q ON q.id = qr.question_id
    ) q ON q.role_id = m.role_id AND q.place <= m.count
    """,
    """
    INSERT INTO interviews_mockanswer (
        slot_id, text, revision, editor, sequence, saved_at, is_late, seconds, counted_at
    )
    SELECT s.id, repeat('What I wrote. ', 40), 1, gen_random_uuid(), 1, m.started_at, false, 90, m.started_at
    FROM interviews_mockquestion s JOIN interviews_mock m ON m.id = s.mock_id
    """,
    """
    INSERT INTO interviews_mockscore (
        slot_id, rubric_version, substance, reasoning, grounding, delivery, points, scored_at
    )
    SELECT s.id, 1, 1 + s.place %% 4, 3, 2, 3, '{1}', m.graded_at
    FROM interviews_mockquestion s JOIN interviews_mock m ON m.id = s.mock_id WHERE m.state = 'graded'
    """,
)
