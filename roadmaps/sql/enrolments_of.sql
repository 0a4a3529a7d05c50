-- What every personal page asks first, in one call, so that its plan is made once a connection: planning it takes longer
-- than answering it.

-- All of a learner's enrolments, left ones too, each with the states of its goals (by key the state and when it was
-- done), where its milestones are on their way (by key what `Handed.from_row` reads), what the learner says is in the
-- way, and with what tells whether the shelf of publications is still the right one.
CREATE OR REPLACE FUNCTION roadmaps_enrolments_of(learner bigint)
    RETURNS TABLE (
        enrolment roadmaps_enrolment, catalog text, published bigint, goals jsonb, threads jsonb, blocker text
    )
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN QUERY
            SELECT
                e,
                (SELECT v.changed_in::text FROM roles_catalogversion v),
                (SELECT count(*) + count(p.withdrawn_at) FROM roadmaps_publication p),
                (
                    SELECT jsonb_object_agg(g.goal_key, jsonb_build_array(g.state, g.done_at))
                    FROM roadmaps_goalstate g
                    WHERE g.enrolment_id = e.id
                ),
                (
                    SELECT jsonb_object_agg(t.subject, jsonb_build_array(
                        t.state, t.changed_at, coalesce(nullif(h.display_name, ''), split_part(h.email, '@', 1)),
                        t.lease_until, c.uuid
                    ))
                    FROM mentoring_thread t
                    LEFT JOIN accounts_user h ON h.id = t.holder_id
                    LEFT JOIN badges_credential c ON c.source = 'decision:' || t.approval_id
                    WHERE t.learner_id = e.learner_id AND t.role_id = e.role_id AND t.kind = 'milestone'
                ),
                (
                    SELECT b.text::text FROM mentoring_blocker b
                    WHERE b.learner_id = e.learner_id AND b.role_id = e.role_id AND b.cleared_at IS NULL
                )
            FROM roadmaps_enrolment e
            WHERE e.learner_id = roadmaps_enrolments_of.learner
            ORDER BY e.started_at, e.id;
    END
    $$;
