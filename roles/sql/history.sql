-- What happened to the rows of the catalog: triggers of every table write it, so no road into them goes round it.
-- roles/history/keeping.py puts the triggers on the tables; roles/models/history.py describes what they write.

-- The changeset of this moment. The admin, the loader and tasks say who acts, by `roles.history.acting`; whatever else
-- changes rows is a changeset for each transaction, under the name by which it is known to the database.
CREATE OR REPLACE FUNCTION roles_changeset_now() RETURNS uuid AS $$
DECLARE
    named text := nullif(current_setting('pghistory.context_id', true), '');
    context jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
    this uuid := coalesce(named, md5(concat_ws(' ', pg_current_xact_id(), extract(epoch FROM now()))))::uuid;
BEGIN
    INSERT INTO roles_changeset (id, at, by_id, doing, page, session, database_role)
    VALUES (
        this,
        now(),
        (context ->> 'user')::bigint,
        left(coalesce(context ->> 'doing', ''), 200),
        left(coalesce(context ->> 'url', ''), 200),
        coalesce(context ->> 'session', ''),
        CASE WHEN named IS NULL THEN session_user ELSE '' END
    )
    ON CONFLICT (id) DO NOTHING;
    RETURN this;
END
$$ LANGUAGE plpgsql;

-- For a table of rows. Its argument: columns that are no content, as an array.
CREATE OR REPLACE FUNCTION roles_keep_row_change() RETURNS trigger AS $$
DECLARE
    left_out text[] := TG_ARGV[0];
    replaced jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NULL;
        END IF;
        SELECT jsonb_object_agg(was.key, was.value) INTO replaced
        FROM jsonb_each(to_jsonb(OLD) - left_out) AS was
        WHERE was.value IS DISTINCT FROM to_jsonb(NEW) -> was.key;
        IF replaced IS NULL THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        replaced := to_jsonb(OLD) - left_out;
    END IF;
    INSERT INTO roles_rowchange (changeset_id, at, transaction, "table", row, what, replaced)
    VALUES (
        roles_changeset_now(),
        statement_timestamp(),
        pg_current_xact_id()::text::bigint,
        TG_TABLE_NAME,
        -- Where somebody gave a row another number by SQL, it is told of the new one.
        CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END,
        lower(TG_OP),
        replaced
    );
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

-- For a table of links between two rows, which belong to the first. Its arguments: the columns of the two ends.
CREATE OR REPLACE FUNCTION roles_keep_link_change() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    INSERT INTO roles_rowchange (changeset_id, at, transaction, "table", row, other, what)
    SELECT
        roles_changeset_now(),
        statement_timestamp(),
        pg_current_xact_id()::text::bigint,
        TG_TABLE_NAME,
        (ends ->> TG_ARGV[0])::bigint,
        (ends ->> TG_ARGV[1])::bigint,
        what
    FROM (VALUES ('delete', to_jsonb(OLD)), ('insert', to_jsonb(NEW))) AS happened (what, ends)
    WHERE ends IS NOT NULL;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
