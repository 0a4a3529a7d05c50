-- When it is a question's turn, said once: the queue, a role's page, Today and the forecast ask it here.

-- Every question of one's aims that is not suspended, with one's memory of it and the study day on which practice brings
-- it: today, where it is due or, without a memory, new. A question whose version was raised is due at once. What was put
-- off, was practiced today, or has a family of which another one was, waits until that is over.
CREATE OR REPLACE FUNCTION interviews_turns_of(me bigint, today date)
    RETURNS TABLE (
        question_id bigint, level smallint, card_id bigint, stability double precision, last_day date, turn date
    )
    LANGUAGE sql STABLE
    AS $$
        SELECT
            q.id, q.level, c.id, c.stability, c.last_day,
            greatest(
                CASE WHEN c.question_version < q.version THEN today ELSE c.due_day END,
                c.buried_until,
                CASE
                    WHEN c.last_day >= today
                        -- As an array, so that they are read once.
                        OR q.family = ANY (ARRAY(
                            SELECT other.family
                            FROM interviews_card done JOIN interviews_question other ON other.id = done.question_id
                            WHERE done.learner_id = me AND done.last_day >= today AND other.family <> ''
                        ))
                    THEN today + 1
                    ELSE today
                END
            )
        FROM interviews_question q LEFT JOIN interviews_card c ON c.question_id = q.id AND c.learner_id = me
        WHERE NOT q.retired AND c.suspended_at IS NULL
            AND EXISTS (
                SELECT FROM interviews_question_roles qr
                JOIN interviews_aim a ON a.role_id = qr.role_id AND a.learner_id = me
                WHERE qr.question_id = q.id AND q.level <= a.level
            )
    $$;
