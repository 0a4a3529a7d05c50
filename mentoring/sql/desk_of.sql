-- What the desk asks of one submission, in one call, so that its plan is made once a connection: planning it takes
-- longer than answering it.

-- NULL where there is none. Else the submission and its thread as mentoring.reaching reads them, whether the reader
-- decided on it, and whether they looked at it after `since`; what is the reader's own at the desk, their draft and
-- their replies; which piece took the place of which; what tells whether anything was said or done since; and names.
--
-- Whether the thread is open to the reader is said by Thread.objects.open_to; a test holds the two against each other.
CREATE OR REPLACE FUNCTION mentoring_desk_of(sought bigint, reader bigint, moment timestamptz, since timestamptz)
    RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN (
            SELECT json_build_array(
                json_build_array(
                    s.id, s.number, s.outcome, s.submitted_at, s.message, s.second_opinion,
                    s.asked ->> 'title', s.asked ->> 'place',
                    coalesce(
                        t.number >= 1
                        AND t.learner_id <> reader
                        AND (
                            coalesce(t.holder_id = reader, false)
                            OR EXISTS (
                                SELECT FROM mentoring_cohort_mentors cm
                                WHERE cm.cohort_id = t.cohort_id AND cm.user_id = reader
                            )
                            OR (
                                (t.state = 'submitted' OR (t.state = 'claimed' AND t.lease_until <= moment))
                                AND (
                                    coalesce(t.reserved_for_id = reader, false)
                                    OR (
                                        t.pooled_from <= moment
                                        AND NOT reader = ANY (t.excluded)
                                        AND EXISTS (
                                            SELECT FROM mentoring_mentor m
                                            JOIN mentoring_mentor_roles mr ON mr.mentor_id = m.id
                                            WHERE m.user_id = reader AND mr.role_id = t.role_id
                                        )
                                    )
                                )
                            )
                        ),
                        false
                    ),
                    EXISTS (
                        SELECT FROM mentoring_decision d WHERE d.submission_id = s.id AND d.mentor_id = reader
                    ),
                    EXISTS (
                        SELECT FROM mentoring_look l
                        WHERE l.learner_id = t.learner_id AND l.at > since AND l.viewer_id = reader
                            AND l.what = 'submission' AND l.submission_id = s.id
                    )
                ),
                json_build_array(
                    t.id, t.learner_id, t.role_id, t.cohort_id, t.state, t.number, t.holder_id, t.lease_until,
                    t.reserved_for_id, t.reserved_until, t.excluded, t.queued_from, t.changed_at
                ),
                (
                    SELECT json_build_array(d.content, d.saved_at) FROM mentoring_draft d
                    WHERE d.submission_id = s.id AND d.mentor_id = reader
                ),
                (
                    SELECT json_agg(json_build_array(r.id, r.title, r.text) ORDER BY r.title)
                    FROM mentoring_savedreply r
                    WHERE r.mentor_id = reader
                ),
                (
                    SELECT json_object_agg(e.id, e.replaces_id) FROM mentoring_evidence e
                    WHERE e.thread_id = t.id AND e.replaces_id IS NOT NULL
                ),
                (
                    SELECT concat_ws(
                        ' ',
                        max(e.id),
                        (
                            SELECT max(c.id) FROM mentoring_submission o
                            JOIN mentoring_comment c ON c.submission_id = o.id
                            WHERE o.thread_id = t.id
                        ),
                        string_agg(DISTINCT coalesce(nullif(a.display_name, ''), a.email), ' ')
                    )
                    FROM mentoring_event e LEFT JOIN accounts_user a ON a.id = e.actor_id
                    WHERE e.thread_id = t.id
                ),
                (
                    SELECT json_object_agg(u.id, json_build_array(u.display_name, u.email)) FROM accounts_user u
                    WHERE u.id IN (t.learner_id, t.holder_id, t.reserved_for_id)
                ),
                (SELECT c.name FROM mentoring_cohort c WHERE c.id = t.cohort_id),
                (SELECT r.short_name FROM roles_role r WHERE r.id = t.role_id)
            )
            FROM mentoring_submission s JOIN mentoring_thread t ON t.id = s.thread_id
            WHERE s.id = sought
        );
    END
    $$;
