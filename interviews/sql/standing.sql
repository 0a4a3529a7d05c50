-- What readiness and statistics read, each in one call, so that its plan is made once a connection.

-- One learner and one role on a study day: their aim (level, day of the interview), their pace (reviews and new ones a
-- day), and every question up to that level with its skills, their memory of it, the scores of their answers, the day on
-- which practice brings it back (turns.sql), and whether it is put off or suspended.
--
-- A question that means something else since it was answered counts as not answered. Scores of an answer whose grade was
-- taken back count no more.
CREATE OR REPLACE FUNCTION interviews_standing_of(me bigint, asked bigint, today date)
    RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
    DECLARE
        up_to smallint;
        interview date;
    BEGIN
        SELECT a.level, a.interview_on INTO up_to, interview
        FROM interviews_aim a WHERE a.learner_id = me AND a.role_id = asked;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        RETURN (
            WITH aimed AS (
                SELECT q.id, q.slug, q.prompt, q.category, q.level, q.version, q."order"
                FROM interviews_question_roles qr JOIN interviews_question q ON q.id = qr.question_id
                WHERE qr.role_id = asked AND NOT q.retired AND q.level <= up_to
            ),
            skills AS (
                SELECT qs.question_id, json_agg(json_build_array(s.slug, s.name) ORDER BY s.name) AS those
                FROM interviews_question_skills qs JOIN roles_skill s ON s.id = qs.skill_id
                WHERE qs.question_id IN (SELECT id FROM aimed)
                GROUP BY qs.question_id
            ),
            scored AS (
                SELECT
                    t.question_id, t.revealed_at, t.id,
                    ARRAY[own.substance, own.reasoning, own.grounding, own.delivery] AS own,
                    (
                        SELECT ARRAY[m.substance, m.reasoning, m.grounding, m.delivery] FROM interviews_score m
                        WHERE m.attempt_id = t.id AND m.by = 'mentor' ORDER BY m.id DESC LIMIT 1
                    ) AS mentor
                FROM interviews_attempt t
                JOIN aimed a ON a.id = t.question_id AND a.version = t.question_version
                JOIN interviews_score own ON own.attempt_id = t.id AND own.by = 'self'
                WHERE t.learner_id = me
                    AND NOT EXISTS (
                        SELECT FROM interviews_review r WHERE r.attempt_id = t.id AND r.voided_at IS NOT NULL
                    )
            ),
            owned AS (
                SELECT DISTINCT ON (question_id) question_id, own FROM scored
                ORDER BY question_id, revealed_at DESC, id
            ),
            paired AS (
                SELECT DISTINCT ON (question_id) question_id, own, mentor FROM scored WHERE mentor IS NOT NULL
                ORDER BY question_id, revealed_at DESC, id
            )
            SELECT json_build_array(
                up_to,
                interview,
                (
                    SELECT json_build_array(h.reviews_a_day, h.new_a_day) FROM interviews_habits h
                    WHERE h.learner_id = me
                ),
                (
                    SELECT coalesce(json_agg(json_build_array(
                        a.slug, a.prompt, a.category, a.level, coalesce(k.those, '[]'),
                        CASE WHEN c.question_version = a.version AND c.stability IS NOT NULL
                            THEN json_build_array(c.stability, c.difficulty, c.due_day, c.last_day) END,
                        o.own,
                        CASE WHEN p.own IS NOT NULL THEN json_build_array(p.own, p.mentor) END,
                        t.turn,
                        coalesce(c.suspended_at IS NOT NULL OR c.buried_until > today, false)
                    ) ORDER BY a."order", a.slug), '[]')
                    FROM aimed a
                    LEFT JOIN interviews_card c ON c.question_id = a.id AND c.learner_id = me
                    LEFT JOIN interviews_turns_of(me, today) t ON t.question_id = a.id AND t.stability IS NOT NULL
                    LEFT JOIN skills k ON k.question_id = a.id
                    LEFT JOIN owned o ON o.question_id = a.id
                    LEFT JOIN paired p ON p.question_id = a.id
                )
            )
        );
    END
    $$;

-- One learner's log from a study day on: for each day with reviews that stand, how many, how many seconds they took, how
-- many were of questions that were known and counted, how many of those were graded Hard or better, and how many were
-- predicted to be. Then how many questions come back on each day up to another, what waits already on the first: turns.sql
-- says when.
CREATE OR REPLACE FUNCTION interviews_numbers_of(me bigint, since date, today date, until date)
    RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN json_build_array(
            (
                SELECT coalesce(json_agg(json_build_array(d.study_day, d.reviews, d.seconds, d.known, d.passed, d.predicted)
                    ORDER BY d.study_day), '[]')
                FROM (
                    SELECT
                        r.study_day, count(*) AS reviews, sum(r.seconds) AS seconds,
                        count(*) FILTER (WHERE r.counted AND r.before_stability IS NOT NULL) AS known,
                        count(*) FILTER (WHERE r.counted AND r.before_stability IS NOT NULL AND r.rating > 1) AS passed,
                        coalesce(
                            sum(r.recall) FILTER (WHERE r.counted AND r.before_stability IS NOT NULL), 0
                        ) AS predicted
                    FROM interviews_review r
                    WHERE r.learner_id = me AND r.study_day >= since AND r.voided_at IS NULL
                    GROUP BY r.study_day
                ) d
            ),
            (
                SELECT coalesce(json_agg(json_build_array(d.day, d.questions) ORDER BY d.day), '[]')
                FROM (
                    SELECT f.turn AS day, count(*) AS questions
                    FROM interviews_turns_of(me, today) f
                    WHERE f.turn < until AND f.stability IS NOT NULL
                    GROUP BY f.turn
                ) d
            )
        );
    END
    $$;

-- How many seconds an answer takes a learner: the median of their last fifty that stand; NULL where there is none.
CREATE OR REPLACE FUNCTION interviews_pace_of(me bigint)
    RETURNS double precision
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN (
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY l.seconds)
            FROM (
                SELECT r.seconds FROM interviews_review r
                WHERE r.learner_id = me AND r.voided_at IS NULL AND r.seconds > 0
                ORDER BY r.study_day DESC, r.id DESC LIMIT 50
            ) l
        );
    END
    $$;
