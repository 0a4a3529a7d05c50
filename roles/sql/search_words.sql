-- The one rule by which texts become searchable words, for rows and for questions alike.
--
-- Letters are lower case and without accents. What stands between two spaces may be a compound: “510(k)”, “ICD-10”,
-- “CI/CD”, “TRIPOD+AI”, “fast.ai”, “P&L”. A compound counts as its parts and as one word without what joins them, so
-- that “de-identification”, “deidentification” and “de identification” find each other.
--
-- Bodies are in the form that names what they call by itself and not by its name, so that they also work where the
-- search path is empty: while a dump is read back, and in generated columns.

-- Lower case, no accents, one kind of dash and apostrophe, 150000 for 150,000; no “’s”, nothing invisible.
CREATE OR REPLACE FUNCTION roles_search_spelled(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(
        regexp_replace(
            translate(
                lower(normalize(translate(given, '™℠®©', ''), NFKD)),
                E'‐‑‒–−’‘`´', E'-----\'\'\'\''
            ),
            E'[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]', '', 'g'
        ),
        E'(\\d),(?=\\d{3}(?!\\d))|\'s\\M', '\1', 'g'
    );

-- Whatever is neither letter nor digit parts words. Written out, because what PostgreSQL takes for a letter depends on
-- the database's locale.
CREATE OR REPLACE FUNCTION roles_search_parts(spelled text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(spelled, E'[^a-z0-9\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff]+', ' ', 'g'));

-- The words of a text, compounds after the others as one word each.
CREATE OR REPLACE FUNCTION roles_search_text(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT concat_ws(' ', roles_search_parts(s.pelled), (
            SELECT string_agg(left(replace(roles_search_parts(found[1]), ' ', ''), 40), ' ')
            FROM regexp_matches(s.pelled,
                E'([a-z0-9\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff]+(?:[-_/.+&()\'@:*][a-z0-9\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff]+)+)',
                'g') AS found
        ))
        FROM (SELECT roles_search_spelled(given) AS pelled OFFSET 0) AS s -- not twice
    );

-- What two spellings of one name have in common: “icd10” for “ICD-10”, “ICD 10” and “icd10”.
CREATE OR REPLACE FUNCTION roles_search_key(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN left(replace(roles_search_parts(roles_search_spelled(given)), ' ', ''), 200);

-- The keys of a title and of its other names, which stand one to a line.
CREATE OR REPLACE FUNCTION roles_search_keys(title text, keywords text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(
        SELECT DISTINCT key
        FROM (
            SELECT roles_search_key(name) AS key
            FROM unnest(string_to_array(title || E'\n' || keywords, E'\n')) AS name
            OFFSET 0
        ) AS each
        WHERE key <> ''
    );

CREATE OR REPLACE FUNCTION roles_search_stem(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (tsvector_to_array(to_tsvector('pg_catalog.english'::regconfig, word)))[1];

CREATE OR REPLACE FUNCTION roles_search_names(title text, keywords text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN setweight(to_tsvector('pg_catalog.english'::regconfig, roles_search_text(title)), 'A')
        || setweight(to_tsvector('pg_catalog.english'::regconfig, roles_search_text(keywords)), 'B');

CREATE OR REPLACE FUNCTION roles_search_vector(title text, keywords text, subtitle text, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN roles_search_names(title, keywords)
        || setweight(to_tsvector('pg_catalog.english'::regconfig, roles_search_text(subtitle)), 'C')
        || setweight(to_tsvector('pg_catalog.english'::regconfig, roles_search_text(body)), 'D');
