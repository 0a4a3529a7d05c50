"""The rules of a review, asked of the database in plain SQL; and the events played again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from mentoring.review import LEASE

# Each finds what breaks a rule: nothing, always.
RULES = {
    "exactly what is open has one open submission": """
        SELECT t.id FROM mentoring_thread t WHERE (t.state IN ('submitted', 'claimed'))::int <> (
            SELECT count(*) FROM mentoring_submission s WHERE s.thread_id = t.id AND s.outcome = '')""",
    "exactly what is claimed has a holder and a lease": """
        SELECT id FROM mentoring_thread
        WHERE (state = 'claimed') <> (holder_id IS NOT NULL)
            OR (state = 'claimed') <> (lease_until IS NOT NULL)
            OR (state = 'claimed') <> (claimed_at IS NOT NULL)""",
    "nobody holds their own": "SELECT id FROM mentoring_thread WHERE holder_id = learner_id",
    "who is left out holds nothing and has no first refusal": """
        SELECT id FROM mentoring_thread WHERE holder_id = ANY (excluded) OR reserved_for_id = ANY (excluded)""",
    "a second opinion leaves out everybody whom it was about": """
        SELECT s.id FROM mentoring_submission s
        JOIN mentoring_thread t ON t.id = s.thread_id
        JOIN mentoring_submission before ON before.thread_id = s.thread_id AND before.number < s.number
        JOIN mentoring_decision d ON d.submission_id = before.id
        WHERE s.second_opinion AND NOT EXISTS (
            SELECT FROM mentoring_submission b JOIN mentoring_decision e ON e.submission_id = b.id
            WHERE b.thread_id = s.thread_id AND b.number > before.number AND b.number < s.number
        ) AND d.mentor_id <> ALL (t.excluded)""",
    "first refusal is for what waits": """
        SELECT id FROM mentoring_thread
        WHERE (reserved_for_id IS NOT NULL) <> (reserved_until IS NOT NULL)
            OR (reserved_for_id IS NOT NULL AND state <> 'submitted')""",
    "exactly what is approved has an approval, of its last submission": """
        SELECT t.id FROM mentoring_thread t
        LEFT JOIN mentoring_decision d ON d.id = t.approval_id AND d.ruling = 'approved'
        LEFT JOIN mentoring_submission s
            ON s.id = d.submission_id AND s.thread_id = t.id AND s.number = t.number AND s.outcome = 'approved'
        WHERE (t.state = 'approved') <> (s.id IS NOT NULL)""",
    "exactly what is open stands in the queue": """
        SELECT id FROM mentoring_thread
        WHERE (state IN ('submitted', 'claimed')) <> (queued_from IS NOT NULL)
            OR (state IN ('submitted', 'claimed')) <> (pooled_from IS NOT NULL)""",
    "submissions are counted without gaps": """
        SELECT t.id FROM mentoring_thread t LEFT JOIN mentoring_submission s ON s.thread_id = t.id
        GROUP BY t.id HAVING t.number <> count(s.id) OR t.number <> coalesce(max(s.number), 0)""",
    "exactly what is decided has a decision that says the same": """
        SELECT s.id FROM mentoring_submission s LEFT JOIN mentoring_decision d ON d.submission_id = s.id
        WHERE coalesce(d.ruling, '') <> CASE WHEN s.outcome IN ('returned', 'approved') THEN s.outcome ELSE '' END""",
    "each decision has a verdict on each criterion": """
        SELECT d.id FROM mentoring_decision d JOIN mentoring_submission s ON s.id = d.submission_id
        WHERE jsonb_array_length(s.asked -> 'criteria') <> (
            SELECT count(*) FROM mentoring_verdict v WHERE v.decision_id = d.id)""",
    "each submission shows evidence of its own thread": """
        SELECT s.id FROM mentoring_submission s
        LEFT JOIN mentoring_exhibit x ON x.submission_id = s.id
        LEFT JOIN mentoring_evidence e ON e.id = x.evidence_id
        WHERE e.thread_id IS DISTINCT FROM s.thread_id""",
    "each submission was handed in by one event": """
        SELECT s.id FROM mentoring_submission s WHERE 1 <> (
            SELECT count(*) FROM mentoring_event e WHERE e.submission_id = s.id AND e.thread_id = s.thread_id
                AND e.what IN ('submitted', 'resubmitted', 'second_opinion'))""",
    "nobody waits for less than no time": "SELECT id FROM mentoring_thread WHERE waited < interval '0'",
}


_ALL = " UNION ALL ".join(f"SELECT '{rule}', id FROM ({query}) AS broken (id)" for rule, query in RULES.items())


def broken_rules() -> list[tuple[str, int]]:
    """Which rule is broken by which row."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        return cursor.fetchall()


def over_the_limit(now: datetime) -> list[tuple[int]]:
    """Mentors who hold more than they may."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.user_id FROM mentoring_mentor m JOIN mentoring_thread t ON t.holder_id = m.user_id
            WHERE t.lease_until > %s GROUP BY m.user_id, m.open_limit HAVING count(*) > m.open_limit
            """,
            [now],
        )
        return cursor.fetchall()


@dataclass
class Played:
    """What a thread must be after its events."""

    state: str = "draft"
    number: int = 0
    holder: int | None = None
    excluded: list[int] = field(default_factory=list)


def replay(thread: int, lease: timedelta = LEASE) -> Played:
    """Play the events of a thread through the table. Fails at the first one that the table does not have.

    `lease`: how long a claim lasts at least. Absences shorten it, and no event says so.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT what, actor_id, at, learner_id FROM mentoring_event e JOIN mentoring_thread t ON t.id = e.thread_id"
            " WHERE thread_id = %s ORDER BY e.id",
            [thread],
        )
        events = cursor.fetchall()
    played, since, decided = Played(), None, None
    for what, actor, at, learner in events:
        state, by_learner, by_holder = played.state, actor == learner, actor == played.holder
        match what:
            case "submitted":
                allowed, to = state == "draft" and by_learner, "submitted"
            case "resubmitted" | "second_opinion":
                allowed, to = state == "returned" and by_learner, "submitted"
            case "withdrawn":
                allowed, to = state == "submitted" and by_learner, "draft"
            case "claimed":
                over = state == "claimed" and at >= since + lease
                allowed = (state == "submitted" or over) and not by_learner and actor not in played.excluded
                to = "claimed"
            case "released":
                allowed, to = state == "claimed" and by_holder, "submitted"
            case "force_released":
                allowed, to = state == "claimed", "submitted"
            case "returned" | "approved":
                allowed, to = state == "claimed" and by_holder, what
            case "reopened":
                allowed, to = state == "approved" and not by_learner, "returned"
        assert allowed, (what, state, [each[:3] for each in events])
        if what in ("returned", "approved"):
            decided = actor
        if what == "second_opinion" and decided not in played.excluded:
            played.excluded.append(decided)
        played.state = to
        played.number += what in ("submitted", "resubmitted", "second_opinion")
        played.holder, since = (actor, at) if to == "claimed" else (None, None)
    return played


def stored(thread: int) -> Played:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, number, holder_id, excluded FROM mentoring_thread WHERE id = %s", [thread])
        return Played(*cursor.fetchone())


def assert_whole(*threads: int, lease: timedelta = LEASE) -> None:
    """No rule is broken, and the events of these threads lead to what is stored."""
    assert broken_rules() == []
    for thread in threads:
        assert replay(thread, lease) == stored(thread)
