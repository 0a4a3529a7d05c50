"""What mentors find: submissions of all learners, a fifth of them open, with evidence, decisions and events.

Two to a thread: the first one returned, the second approved or open. A few mentors open pages, each with a submission
in hand, one to claim and release in turn, and a cohort of 24. Written as the actions would write them, by INSERT.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import psycopg

from mentoring.asked import Asked, Criterion
from tests.bench.databases import bulk_load
from tests.bench.people import PASSWORD, Reviewer, sign_in

# Who opens mentors' pages. A multiple of the number of browsers at once: each mentor is one browser's alone.
MENTORS = 48
COHORTS, MEMBERS = 36, 24
OPEN_EVERY = 5  # threads


def submission_count(learners: int) -> int:
    """One submission a learner where there are few, ten where there are many."""
    return learners if learners <= 1_000 else 10 * learners


def load(connection: psycopg.Connection, learners: int, *, now: datetime) -> list[Reviewer]:
    """Fill the tables of a database that has its learners; return the mentors, whose accounts come after theirs."""
    values = {
        "learners": learners,
        "threads": submission_count(learners) // 2,
        "now": now,
        "open": OPEN_EVERY,
        "mentors": MENTORS,
        "cohorts": COHORTS,
        "members": MEMBERS,
        "password": PASSWORD,
    }
    connection.execute("SET session_replication_role = replica")  # without triggers
    _milestones(connection)
    for statement in _MENTORS:
        connection.execute(statement, values)
    sign_in(connection, range(learners + 1, learners + MENTORS + 1), now=now)
    with ExitStack() as stack:
        # All at once: they point to one another in a circle.
        for table in _MANY:
            stack.enter_context(bulk_load(connection, table))
        for statement in _MANY.values():
            connection.execute(statement, values)
    for table in _MANY:
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    for statement in (*_COHORTS, *_IN_HAND):
        connection.execute(statement, values)
    connection.execute("RESET session_replication_role")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    return [Reviewer(*row) for row in connection.execute(_REVIEWERS, values)]


def _milestones(connection: psycopg.Connection) -> None:
    """A table of what can be handed in: by place of the course and of the phase."""
    connection.execute(
        "CREATE TEMP TABLE bench_milestone"
        " (course int, phase int, phases int, role bigint, key uuid, asked jsonb, criterion uuid)"
    )
    found = connection.execute(
        "SELECT DISTINCT ON (role_id) role_id, snapshot FROM roadmaps_publication ORDER BY role_id, number DESC"
    ).fetchall()
    for course, (role, snapshot) in enumerate(found):
        phases = snapshot["phases"]
        for place, phase in enumerate(phases):
            milestone = phase["milestone"]
            asked = json.dumps(_asked(phase).to_json())
            criterion = milestone["criteria"][0]["key"]
            row = (course, place, len(phases), role, milestone["key"], asked, criterion)
            connection.execute("INSERT INTO bench_milestone VALUES (%s, %s, %s, %s, %s, %s, %s)", row)


def _asked(phase: dict[str, Any]) -> Asked:
    milestone = phase["milestone"]
    criteria = tuple(Criterion(**each) for each in milestone["criteria"])
    return Asked(phase["title"], f"Milestone {phase['number']}", milestone["text"], milestone["brief"], criteria)


_MENTORS = (
    """
    INSERT INTO accounts_user (
        id, password, is_superuser, email, display_name, timezone, hours_a_week, is_mentor, is_staff, is_active,
        date_joined, visited_at, previous_visit_at, unread
    )
    SELECT
        %(learners)s + j, %(password)s, false, 'mentor' || j || '@example.org', 'Mentor ' || j, 'UTC', 4, true, false,
        true, %(now)s, %(now)s, NULL, 0
    FROM generate_series(1, %(mentors)s) j
    """,
    """
    INSERT INTO mentoring_mentor (id, user_id, open_limit)
    SELECT j, %(learners)s + j, 50 FROM generate_series(1, %(mentors)s) j
    """,
    """
    INSERT INTO mentoring_mentor_roles (mentor_id, role_id)
    SELECT j, role FROM generate_series(1, %(mentors)s) j, (SELECT DISTINCT role FROM bench_milestone) roles
    """,
)

# A thread t from 0 on is the learner's t % learners + 1, about a milestone of the first roadmap that they are on.
_THREAD = """
    generate_series(0, %(threads)s - 1) t
    JOIN bench_milestone m
        ON m.course = (t %% %(learners)s + 1) %% 3 AND m.phase = (t / %(learners)s) %% m.phases
"""
_IS_OPEN = "t %% %(open)s = 0"
_FIRST = "%(now)s - make_interval(days => 30 + t %% 300)"
_SECOND = (
    f"CASE WHEN {_IS_OPEN} THEN %(now)s - make_interval(mins => t %% 5000) ELSE {_FIRST} + make_interval(days => 5) END"
)
_MANY = {
    "mentoring_thread": f"""
        INSERT INTO mentoring_thread (
            id, learner_id, role_id, kind, subject, state, number, excluded, queued_from, pooled_from, waited,
            approval_id, created_at, changed_at
        )
        SELECT
            t + 1, t %% %(learners)s + 1, m.role, 'milestone', m.key,
            CASE WHEN {_IS_OPEN} THEN 'submitted' ELSE 'approved' END, 2, '{{}}',
            CASE WHEN {_IS_OPEN} THEN {_SECOND} - interval '1 day' END, CASE WHEN {_IS_OPEN} THEN {_SECOND} END,
            interval '1 day', CASE WHEN {_IS_OPEN} THEN NULL ELSE 2 * t + 2 END, {_FIRST}, {_SECOND}
        FROM {_THREAD}
    """,
    "mentoring_submission": f"""
        INSERT INTO mentoring_submission (
            id, thread_id, number, role_id, submitted_at, message, asked, second_opinion, outcome, closed_at
        )
        SELECT
            2 * t + n, t + 1, n, m.role, at, 'Is my calibration good enough to show a ward?', m.asked, false, outcome,
            CASE WHEN outcome <> '' THEN at + make_interval(hours => 1 + t %% 60) END
        FROM {_THREAD}
        CROSS JOIN LATERAL (VALUES
            (1, {_FIRST}, 'returned'), (2, {_SECOND}, CASE WHEN {_IS_OPEN} THEN '' ELSE 'approved' END)
        ) AS round (n, at, outcome)
    """,
    "mentoring_evidence": f"""
        INSERT INTO mentoring_evidence (
            id, thread_id, kind, title, url, text, file_kind, stored, file_name, size, sha256, criteria, key, added_at
        )
        SELECT
            t + 1, t + 1, 'note', 'Write-up', '', 'What I did, what I found and what I am unsure about.', '', '', '',
            0, '', ARRAY[m.criterion], gen_random_uuid(), {_FIRST}
        FROM {_THREAD}
    """,
    "mentoring_exhibit": """
        INSERT INTO mentoring_exhibit (id, submission_id, evidence_id, place)
        SELECT 2 * t + n, 2 * t + n, t + 1, 1 FROM generate_series(0, %(threads)s - 1) t, generate_series(1, 2) n
    """,
    "mentoring_decision": f"""
        INSERT INTO mentoring_decision (
            id, submission_id, ruling, mentor_id, mentor_name, decided_at, text, next_step, frozen
        )
        SELECT
            2 * t + n, 2 * t + n, CASE n WHEN 1 THEN 'returned' ELSE 'approved' END,
            %(learners)s + 1 + t %% %(mentors)s, 'Mentor', {_FIRST} + make_interval(days => 5 * n - 4),
            'Clear and honest.', CASE n WHEN 1 THEN 'Refit and show the curve again.' ELSE '' END, '{{}}'
        FROM generate_series(0, %(threads)s - 1) t, generate_series(1, 2) n
        WHERE n = 1 OR NOT {_IS_OPEN}
    """,
    "mentoring_event": f"""
        INSERT INTO mentoring_event (id, thread_id, submission_id, what, actor_id, at, key, reason)
        SELECT
            2 * t + n, t + 1, 2 * t + n, CASE n WHEN 1 THEN 'submitted' ELSE 'resubmitted' END,
            t %% %(learners)s + 1, {_FIRST}, gen_random_uuid(), ''
        FROM generate_series(0, %(threads)s - 1) t, generate_series(1, 2) n
    """,
}

# A cohort c from 0 on is of the course c % 3; its learners are those whose first roadmap that is.
_COHORTS = (
    """
    INSERT INTO mentoring_cohort (id, name, slug, role_id, starts_on)
    SELECT c + 1, 'Cohort ' || c, 'cohort-' || c, m.role, (%(now)s - interval '100 days')::date
    FROM generate_series(0, %(cohorts)s - 1) c JOIN bench_milestone m ON m.course = c %% 3 AND m.phase = 0
    """,
    """
    INSERT INTO mentoring_cohort_mentors (cohort_id, user_id)
    SELECT j %% %(cohorts)s + 1, %(learners)s + 1 + j FROM generate_series(0, %(mentors)s - 1) j
    """,
    """
    INSERT INTO mentoring_membership (cohort_id, learner_id, role_id, joined_at)
    SELECT c + 1, c %% 3 + 3 * (1 + c / 3 * %(members)s + i), m.role, %(now)s - interval '100 days'
    FROM generate_series(0, %(cohorts)s - 1) c
    JOIN bench_milestone m ON m.course = c %% 3 AND m.phase = 0
    CROSS JOIN generate_series(0, %(members)s - 1) i
    """,
    """
    UPDATE mentoring_thread t SET cohort_id = m.cohort_id, pooled_from = t.queued_from + interval '4 days'
    FROM mentoring_membership m
    WHERE m.learner_id = t.learner_id AND m.role_id = t.role_id AND t.state = 'submitted'
    """,
)

# Of the open threads the first ones are in hand, one a mentor, and the next ones are theirs to claim.
_HELD = "%(open)s * (j - 1)"
_IN_HAND = (
    f"""
    UPDATE mentoring_thread t SET
        state = 'claimed', holder_id = %(learners)s + j, claimed_at = %(now)s, lease_until = %(now)s + interval '1 day',
        cohort_id = NULL
    FROM generate_series(1, %(mentors)s) j
    WHERE t.id = {_HELD} + 1
    """,
    """
    UPDATE mentoring_thread t SET pooled_from = queued_from, cohort_id = NULL
    FROM generate_series(1, %(mentors)s) j
    WHERE t.id = %(open)s * (%(mentors)s + j - 1) + 1
    """,
    f"""
    WITH added AS (
        INSERT INTO mentoring_evidence (
            thread_id, kind, title, url, text, file_kind, stored, file_name, size, sha256, criteria, key, added_at
        )
        SELECT
            {_HELD} + 1, 'note', 'Part ' || n, '', repeat('What I did, and why. ', 20), '', '', '', 0, '',
            '{{}}'::uuid[], gen_random_uuid(), %(now)s
        FROM generate_series(1, %(mentors)s) j, generate_series(1, 4) n
        RETURNING id, thread_id, title
    )
    INSERT INTO mentoring_exhibit (submission_id, evidence_id, place)
    SELECT 2 * thread_id, id, right(title, 1)::int + 1 FROM added
    """,
    f"""
    INSERT INTO mentoring_verdict (decision_id, criterion, text, required, met, remark, place)
    SELECT
        s.id, (c ->> 'key')::uuid, c ->> 'text', true, CASE place WHEN 1 THEN 'partly' ELSE 'met' END,
        CASE place WHEN 1 THEN 'The two highest groups lie below the line.' ELSE '' END, place
    FROM generate_series(1, %(mentors)s) j
    JOIN mentoring_submission s ON s.thread_id = {_HELD} + 1 AND s.number = 1
    CROSS JOIN LATERAL jsonb_array_elements(s.asked -> 'criteria') WITH ORDINALITY AS criteria (c, place)
    """,
    f"""
    INSERT INTO mentoring_comment (submission_id, author_id, author_name, text, key, created_at)
    SELECT 2 * ({_HELD}) + 1, %(learners)s + j, 'Mentor', 'Which year is held out?', gen_random_uuid(), %(now)s
    FROM generate_series(1, %(mentors)s) j, generate_series(1, 3) n
    """,
)

_REVIEWERS = f"""
    SELECT
        %(learners)s + j, 2 * ({_HELD}) + 2, held.learner_id, 2 * %(open)s * (%(mentors)s + j - 1) + 2,
        'cohort-' || (j - 1) %% %(cohorts)s
    FROM generate_series(1, %(mentors)s) j JOIN mentoring_thread held ON held.id = {_HELD} + 1
    ORDER BY j
"""
