-- What holds between goals that take the place of others: they are of one roadmap, those that were replaced are retired,
-- and none takes the place of itself, on whatever way round. Asked at the end of a transaction, of the goals as they are
-- then, so that one may retire and replace in any order.
CREATE OR REPLACE FUNCTION roles_judge_lineage(goal bigint) RETURNS void AS $$
DECLARE
    roadmap int := (SELECT p.role_id FROM roles_goal g JOIN roles_phase p ON p.id = g.phase_id WHERE g.id = goal);
BEGIN
    -- Two who change the lineage of one roadmap do it one after the other: the second sees what the first did.
    PERFORM pg_advisory_xact_lock(hashtext('roles_goal_replaces'), roadmap);
    IF EXISTS (
        SELECT FROM roles_goal_replaces l
        JOIN roles_goal heir ON heir.id = l.from_goal_id
        JOIN roles_phase its ON its.id = heir.phase_id
        JOIN roles_goal old ON old.id = l.to_goal_id
        JOIN roles_phase was ON was.id = old.phase_id
        WHERE goal IN (l.from_goal_id, l.to_goal_id) AND its.role_id <> was.role_id
    ) THEN
        RAISE EXCEPTION 'A goal takes the place of goals of its own roadmap only.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_goal_replaces_on_its_roadmap';
    END IF;
    IF EXISTS (
        WITH RECURSIVE before (id) AS (
            SELECT to_goal_id FROM roles_goal_replaces WHERE from_goal_id = goal
            UNION
            SELECT l.to_goal_id FROM roles_goal_replaces l JOIN before ON before.id = l.from_goal_id
        )
        SELECT FROM before WHERE before.id = goal
    ) THEN
        RAISE EXCEPTION 'A goal cannot replace itself, nor a goal that came of it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_goal_replaces_in_one_direction';
    END IF;
    IF EXISTS (
        SELECT FROM roles_goal_replaces l JOIN roles_goal old ON old.id = l.to_goal_id
        WHERE goal IN (l.from_goal_id, l.to_goal_id) AND NOT old.retired
    ) THEN
        RAISE EXCEPTION 'A goal that was replaced is retired.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_goal_replaces_what_is_retired';
    END IF;
END
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION roles_judge_new_lineage() RETURNS trigger AS $$
BEGIN
    PERFORM roles_judge_lineage(NEW.from_goal_id);
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE CONSTRAINT TRIGGER judge_lineage AFTER INSERT OR UPDATE ON roles_goal_replaces
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION roles_judge_new_lineage();
