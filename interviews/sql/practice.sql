-- What the daily queue asks, in one call, so that its plan is made once a connection: planning it takes longer than
-- answering it.

-- For one learner on one study day: how many questions are due, how many new ones there are up to the level that they
-- aim at, how many reviews of old and of new questions counted today, the due one with the weakest recall, the new one
-- that comes next, what the learner chose for themselves (reviews and new ones a day, keys, recording), how many roles
-- they aim at, and whether they should score sample answers first.
--
-- Whose turn it is, is said in turns.sql. New ones come by level; within a level they are shuffled for each learner, so
-- that categories mix.
CREATE OR REPLACE FUNCTION interviews_queue_of(me bigint, today date)
    RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN (
            WITH turns AS (
                SELECT * FROM interviews_turns_of(me, today) WHERE turn <= today
            ),
            due AS (
                SELECT
                    t.card_id, t.question_id,
                    power(1 + 0.98034649 * greatest(today - t.last_day, 0) / t.stability, -0.1542) AS recall
                FROM turns t WHERE t.stability IS NOT NULL
            ),
            fresh AS (
                SELECT t.question_id AS id, t.level FROM turns t WHERE t.stability IS NULL
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
                (SELECT d.question_id FROM due d ORDER BY d.recall, d.card_id LIMIT 1),
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
