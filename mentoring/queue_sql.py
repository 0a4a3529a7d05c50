"""What the queue asks the database.

One walk along an index for each role that a mentor covers and each cohort that they lead, each ended as soon as a page
is full: as fast with a million submissions as with a thousand. One question with an OR over all of that would read
everything that is open. In braces stands what `mentoring.queue` puts together.
"""

# Rows of a page.
PAGE = 25
# The most that is counted: whoever has more to do needs no exact number.
COUNTED = 100
# How many of a mentor's own last decisions their usual answer rests on.
LAST_DECISIONS = 20

SCOPE = """
    SELECT json_build_array(
            m.open_limit, m.away_from, m.away_until,
            (
                SELECT json_agg(json_build_array(r.id, r.slug, r.short_name) ORDER BY r.short_name)
                FROM mentoring_mentor_roles mr JOIN roles_role r ON r.id = mr.role_id
                WHERE mr.mentor_id = m.id
            ),
            (
                SELECT json_agg(json_build_array(c.id, c.slug, c.name, c.role_id, r.slug, r.short_name) ORDER BY c.name)
                FROM mentoring_cohort_mentors cm
                JOIN mentoring_cohort c ON c.id = cm.cohort_id
                JOIN roles_role r ON r.id = c.role_id
                WHERE cm.user_id = me.id
            ),
            (
                SELECT count(*) FROM mentoring_thread t
                WHERE t.holder_id = me.id AND t.state = 'claimed' AND t.lease_until > %(now)s
            ),
            (
                SELECT count(*) FROM (
                    SELECT FROM mentoring_decision d
                    WHERE d.mentor_id = me.id AND d.decided_at >= %(week)s
                    LIMIT %(counted)s
                ) answered
            ),
            (
                SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY last.decided_at - s.submitted_at))
                FROM (
                    SELECT d.submission_id, d.decided_at FROM mentoring_decision d
                    WHERE d.mentor_id = me.id
                    ORDER BY d.decided_at DESC
                    LIMIT %(last)s
                ) last
                JOIN mentoring_submission s ON s.id = last.submission_id
            ),
            EXISTS (SELECT FROM mentoring_thread t WHERE t.reserved_for_id = me.id)
    )
    FROM (SELECT %(me)s::bigint AS id) me
    LEFT JOIN mentoring_mentor m ON m.user_id = me.id
"""

# Open, free at this moment, not the mentor's own and not out of their reach.
FREE = """
    t.state IN ('submitted', 'claimed')
    AND (t.state = 'submitted' OR t.lease_until <= %(now)s)
    AND t.learner_id <> %(me)s
    AND NOT %(me)s = ANY (t.excluded)
    AND (t.queued_from, t.id) > (%(after)s, %(after_id)s)
    {narrowed}
    ORDER BY t.queued_from, t.id
    LIMIT %(most)s
"""

AGAIN = " AND t.number > 1"
OF_KIND = " AND t.kind = %(kind)s"
# First refusal counts while whoever has it is there, as in Thread.is_reserved_for_another.
PRESENT = """
    SELECT coalesce(nullif(r.display_name, ''), split_part(r.email, '@', 1)) AS name
    FROM accounts_user r JOIN mentoring_mentor m ON m.user_id = r.id
    WHERE r.id = t.reserved_for_id AND t.reserved_until > %(now)s AND r.is_mentor AND r.is_active
        AND (m.away_from IS NULL OR m.away_from > %(now)s OR m.away_until <= %(now)s)
"""
NOT_RESERVED = " AND (t.reserved_for_id IS NULL OR t.reserved_for_id = %(me)s OR NOT EXISTS ({present}))"

# What a walk brings along, so that the rows need not be looked up again.
WALKED = """
    t.id, t.queued_from, t.learner_id, t.cohort_id, t.role_id, t.state, t.reserved_for_id, t.reserved_until
"""

OF_COHORTS = """
    SELECT free.* FROM unnest(%(cohorts)s::bigint[]) AS led (id)
    CROSS JOIN LATERAL (
        SELECT {columns} FROM mentoring_thread t
        WHERE t.cohort_id = led.id AND {free}
    ) free
"""

# Not what still waits for the mentors of a cohort.
OF_ROLES = """
    SELECT free.* FROM unnest(%(roles)s::bigint[]) AS covered (id)
    CROSS JOIN LATERAL (
        SELECT {columns} FROM mentoring_thread t
        WHERE t.role_id = covered.id AND t.pooled_from <= %(now)s AND {free}
    ) free
"""

# First refusal is the mentor's: few, with an index of their own, and theirs wherever the thread stands.
RESERVED = """
    SELECT free.* FROM (
        SELECT {columns} FROM mentoring_thread t
        WHERE t.reserved_for_id = %(me)s AND (t.role_id = %(role)s OR %(role)s IS NULL) AND {free}
    ) free
"""

COLUMNS = """
        s.id, {order},
        (
            SELECT coalesce(nullif(l.display_name, ''), split_part(l.email, '@', 1)) FROM accounts_user l
            WHERE l.id = t.learner_id
        ),
        s.asked ->> 'title', s.asked ->> 'place', s.message, s.number,
        ARRAY(
            SELECT DISTINCT coalesce(nullif(e.file_kind, ''), e.kind)
            FROM mentoring_exhibit x JOIN mentoring_evidence e ON e.id = x.evidence_id
            WHERE x.submission_id = s.id
            ORDER BY 1
        ),
        t.cohort_id, t.role_id
"""

WAITING = """
    WITH free AS MATERIALIZED (
        SELECT * FROM ({sources}) AS source ORDER BY queued_from, id LIMIT %(most)s
    )
    SELECT json_build_array((SELECT count(*) FROM free), json_agg(
        json_build_array({columns}, t.queued_from, s.second_opinion,
            CASE WHEN t.reserved_until > %(now)s THEN t.reserved_for_id END,
            CASE WHEN t.reserved_for_id <> %(me)s THEN (SELECT name FROM ({present}) present) END,
            t.state = 'claimed', NULL, '')
        ORDER BY t.queued_from, t.id
    ))
    FROM (SELECT * FROM free ORDER BY queued_from, id LIMIT %(page)s) t
    JOIN mentoring_submission s ON s.thread_id = t.id AND s.outcome = ''
"""

FIRST = "SELECT id FROM ({sources}) AS source ORDER BY queued_from, id LIMIT %(most)s"

HELD = """
    SELECT {columns},
        t.queued_from, s.second_opinion, NULL::bigint, NULL, t.lease_until <= %(now)s, t.lease_until, ''
    FROM mentoring_thread t
    JOIN mentoring_submission s ON s.thread_id = t.id AND s.outcome = ''
    WHERE t.holder_id = %(me)s AND t.state = 'claimed'
    ORDER BY t.queued_from, t.id
"""

# Along the mentor's own decisions, newest first.
DECIDED = """
    SELECT {columns},
        d.decided_at, s.second_opinion, NULL::bigint, NULL, false, NULL::timestamptz, d.ruling
    FROM (
        SELECT d.id, d.submission_id, d.decided_at, d.ruling FROM mentoring_decision d
        WHERE d.mentor_id = %(me)s AND (d.decided_at, d.id) < (%(after)s, %(after_id)s)
        ORDER BY d.decided_at DESC, d.id DESC
        LIMIT %(own)s
    ) d
    JOIN mentoring_submission s ON s.id = d.submission_id
    JOIN mentoring_thread t ON t.id = s.thread_id
    {narrowed}
    ORDER BY d.decided_at DESC, d.id DESC
    LIMIT %(most)s
"""

# The first page of all that waits, with what the mentor may review, in one call: its plan is made once a connection,
# and planning it takes longer than answering it. Put together from the questions above, with the names of the
# function's own parameters. Whoever changes it adds a migration that runs it again.
_NAMES = {
    "me": "reader",
    "now": "moment",
    "week": "monday",
    "counted": str(COUNTED + 1),
    "last": str(LAST_DECISIONS),
    "most": str(COUNTED + 1),
    "page": str(PAGE),
    "cohorts": "ARRAY(SELECT cm.cohort_id FROM mentoring_cohort_mentors cm WHERE cm.user_id = reader)",
    "roles": (
        "ARRAY(SELECT mr.role_id FROM mentoring_mentor m JOIN mentoring_mentor_roles mr ON mr.mentor_id = m.id"
        " WHERE m.user_id = reader)"
    ),
    "role": "NULL::bigint",
    "after": "'-infinity'::timestamptz",
    "after_id": "0",
}
_FIRST_PAGE = WAITING.format(
    sources=" UNION ".join((OF_COHORTS, RESERVED, OF_ROLES)).format(free=FREE.format(narrowed=""), columns=WALKED),
    columns=COLUMNS.format(order="t.id"),
    present=PRESENT,
)
QUEUE_OF = f"""
CREATE OR REPLACE FUNCTION mentoring_queue_of(reader bigint, moment timestamptz, monday timestamptz)
    RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN json_build_array(({SCOPE % _NAMES}), ({_FIRST_PAGE % _NAMES}));
    END
    $$
"""
