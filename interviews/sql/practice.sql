-- What the daily queue asks, in one call, so that its plan is made once a connection: planning it takes longer than
-- answering it.

-- For one learner on one study day: how many questions are due, how many new ones there are up to the level that they
-- aim at, how many reviews of old and of new questions counted today, the due one with the weakest recall, the new one
-- that comes next, what the learner chose for themselves (reviews and new ones a day, keys, recording), how many roles
-- they aim at, and whether they should score sample answers first.
--
-- A question that was suspended or put off is none of it, nor one of a family that was practiced today already. New ones
-- come by level; within a level they are shuffled for each learner, so that categories mix.
CREATE OR REPLACE FUNCTION interviews_queue_of(me bigint, today date)
    RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN (
            WITH aimed AS (
                SELECT q.id, q.family, q.version, q.level
                FROM interviews_question q
                WHERE NOT q.retired AND EXISTS (
                    SELECT FROM interviews_question_roles qr
                    JOIN interviews_aim a ON a.role_id = qr.role_id AND a.learner_id = me
                    WHERE qr.question_id = q.id AND q.level <= a.level
                )
            ),
            mine AS (
                SELECT c.*, q.family, q.version AS newest
                FROM interviews_card c JOIN interviews_question q ON q.id = c.question_id
                WHERE c.learner_id = me
            ),
            studied AS (
                SELECT family FROM mine WHERE family <> '' AND last_day >= today
            ),
            due AS (
                SELECT
                    m.id, m.question_id,
                    power(1 + 0.98034649 * greatest(today - m.last_day, 0) / m.stability, -0.1542) AS recall
                FROM mine m JOIN aimed a ON a.id = m.question_id
                WHERE m.stability IS NOT NULL
                    AND m.suspended_at IS NULL
                    AND (m.buried_until IS NULL OR m.buried_until <= today)
                    AND (m.due_day <= today OR m.question_version < m.newest)
                    AND m.last_day < today
                    AND m.family NOT IN (SELECT s.family FROM studied s)
            ),
            fresh AS (
                SELECT a.id, a.level
                FROM aimed a LEFT JOIN mine m ON m.question_id = a.id
                WHERE m.stability IS NULL
                    AND m.suspended_at IS NULL
                    AND (m.buried_until IS NULL OR m.buried_until <= today)
                    AND a.family NOT IN (SELECT s.family FROM studied s)
            )
            SELECT json_build_array(
                (SELECT count(*) FROM due),
                (SELECT count(*) FROM fresh),
                (
                    SELECT count(*) FROM interviews_review r
                    WHERE r.learner_id = me AND r.study_day = today AND r.counted AND r.voided_at IS NULL
                        AND r.before_stability IS NOT NULL
                ),
                (
                    SELECT count(*) FROM interviews_review r
                    WHERE r.learner_id = me AND r.study_day = today AND r.counted AND r.voided_at IS NULL
                        AND r.before_stability IS NULL
                ),
                (SELECT d.question_id FROM due d ORDER BY d.recall, d.id LIMIT 1),
                (SELECT f.id FROM fresh f ORDER BY f.level, md5(me || ':' || f.id) LIMIT 1),
                (
                    SELECT json_build_array(h.reviews_a_day, h.new_a_day, h.keys, h.recording) FROM interviews_habits h
                    WHERE h.learner_id = me
                ),
                (SELECT count(*) FROM interviews_aim a WHERE a.learner_id = me),
                interviews_to_calibrate(me)
            )
        );
    END
    $$;

-- Whether a learner scored fewer than two sample answers, and there is one left to score.
CREATE OR REPLACE FUNCTION interviews_to_calibrate(me bigint)
    RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN (
            (SELECT count(*) FROM interviews_samplescore s WHERE s.learner_id = me) < 2
            AND EXISTS (
                SELECT FROM interviews_sampleanswer a JOIN interviews_question q ON q.id = a.question_id
                WHERE NOT q.retired AND NOT EXISTS (
                    SELECT FROM interviews_samplescore s WHERE s.learner_id = me AND s.sample_id = a.id
                )
            )
        );
    END
    $$;
