-- What an action of a review needs, in two calls, because making the plans of so many questions takes longer than
-- answering them. Both lock first, in one statement, and read then, in another, which sees what others did until the
-- lock was free.

-- A mentor's row, locked; whether they may review; and how many submissions they have in hand with a lease that runs.
CREATE OR REPLACE FUNCTION mentoring_mentor_locked(person bigint, moment timestamptz)
    RETURNS TABLE (mentor mentoring_mentor, may_review boolean, held bigint)
    LANGUAGE plpgsql VOLATILE
    AS $$
    BEGIN
        PERFORM FROM mentoring_mentor m WHERE m.user_id = person FOR NO KEY UPDATE;
        RETURN QUERY
            SELECT
                m,
                u.is_mentor AND u.is_active,
                (
                    SELECT count(*) FROM mentoring_thread t
                    WHERE t.holder_id = person AND t.state = 'claimed' AND t.lease_until > moment
                )
            FROM mentoring_mentor m JOIN accounts_user u ON u.id = m.user_id
            WHERE m.user_id = person;
    END
    $$;

-- A thread, locked; its people (by their ids, display name and address) and its role; its open submission; what the
-- form that brought this key did before (the thread, and what happened to it); whether the person leads its cohort, and
-- whether they cover its role. No row where there is no such thread.
CREATE OR REPLACE FUNCTION mentoring_thread_locked(sought bigint, person bigint, posted uuid)
    RETURNS TABLE (
        thread mentoring_thread, people json, of_role json, submission json, done json, leads boolean, covers boolean
    )
    LANGUAGE plpgsql VOLATILE
    AS $$
    BEGIN
        PERFORM FROM mentoring_thread t WHERE t.id = sought FOR NO KEY UPDATE;
        RETURN QUERY
            SELECT
                t,
                (
                    SELECT json_object_agg(u.id, json_build_array(u.email, u.display_name)) FROM accounts_user u
                    WHERE u.id IN (t.learner_id, t.holder_id, t.reserved_for_id)
                ),
                (SELECT json_build_array(r.slug, r.name, r.short_name) FROM roles_role r WHERE r.id = t.role_id),
                (
                    SELECT json_build_array(s.id, s.number, s.asked) FROM mentoring_submission s
                    WHERE s.thread_id = t.id AND s.outcome = ''
                ),
                (
                    SELECT json_build_array(e.thread_id, e.what) FROM mentoring_event e
                    WHERE e.actor_id = person AND e.key = posted
                ),
                EXISTS (
                    SELECT FROM mentoring_cohort_mentors cm
                    WHERE cm.cohort_id = t.cohort_id AND cm.user_id = person
                ),
                EXISTS (
                    SELECT FROM mentoring_mentor m JOIN mentoring_mentor_roles mr ON mr.mentor_id = m.id
                    WHERE m.user_id = person AND mr.role_id = t.role_id
                )
            FROM mentoring_thread t
            WHERE t.id = sought;
    END
    $$;
