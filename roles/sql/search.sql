-- Asking: from what somebody typed to a page of results in one call, so that its plans are made once a connection.
-- Texts become words by the functions of search_words.sql.

-- The word in use that whoever typed this probably meant: one a few letters away, else one that is alike in its parts,
-- such as “deidentification” for “deidentifying”. Counting letters takes a tenth of the time of comparing parts.
CREATE OR REPLACE FUNCTION roles_search_nearest(asked text) RETURNS SETOF roles_searchword
    LANGUAGE plpgsql STABLE STRICT
    SET pg_trgm.similarity_threshold = 0.45
    AS $$
    DECLARE
        letters CONSTANT int := CASE WHEN length(asked) < 4 THEN 0 WHEN length(asked) < 5 THEN 1 WHEN length(asked) < 9 THEN 2 ELSE 3 END;
    BEGIN
        IF letters = 0 THEN
            RETURN;
        END IF;
        RETURN QUERY
            SELECT each.* FROM roles_searchword AS each
            WHERE length(word) BETWEEN length(asked) - letters AND length(asked) + letters
                AND levenshtein_less_equal(word, asked, letters) <= letters
            ORDER BY levenshtein(word, asked), abs(length(word) - length(asked)), left(word, 1) <> left(asked, 1),
                NOT named, similarity(word, asked) DESC, word
            LIMIT 1;
        IF NOT FOUND AND length(asked) > 5 THEN
            RETURN QUERY
                SELECT each.* FROM roles_searchword AS each
                WHERE word % asked
                ORDER BY similarity(word, asked) DESC, NOT named, word
                LIMIT 1;
        END IF;
    END
    $$;

-- Words in use that begin like this, those of titles first.
CREATE OR REPLACE FUNCTION roles_search_completions(begun text) RETURNS SETOF roles_searchword
    LANGUAGE plpgsql STABLE STRICT
    AS $$
    BEGIN
        RETURN QUERY
            SELECT each.* FROM roles_searchword AS each
            WHERE word ~>=~ begun AND word ~<~ (begun || E'\U0010FFFF') AND word <> begun AND length(begun) > 1
            ORDER BY NOT named, length(word), word
            LIMIT 20;
    END
    $$;

-- One word that was asked for, or one compound. `query` is NULL for a word that is in every text, such as “the”, and
-- for one that is in none; `known` tells them apart. `meant` is the word in use that was taken for it.
CREATE OR REPLACE FUNCTION roles_search_term(
    asked text, as_written boolean, completing boolean,
    OUT query tsquery, OUT stems text[], OUT known boolean, OUT meant text
)
    LANGUAGE plpgsql STABLE
    AS $$
    DECLARE
        parts text := roles_search_parts(asked);
        joined text := left(replace(parts, ' ', ''), 40);
        near roles_searchword;
        begun roles_searchword[];
    BEGIN
        known := true;
        meant := asked;
        stems := ARRAY(SELECT stem FROM roles_searchword WHERE word = joined);
        IF stems = '{}' THEN
            stems := array_remove(ARRAY[roles_search_stem(joined)], NULL);
            IF stems = '{}' AND NOT completing THEN
                RETURN;
            END IF;
            stems := ARRAY(SELECT DISTINCT stem FROM roles_searchword WHERE stem = ANY (stems));
        END IF;
        IF stems <> '{}' THEN
            query := plainto_tsquery('pg_catalog.simple', stems[1]);
        END IF;
        IF joined ~ '^[a-z]{2,}[0-9]+$' AND query IS NULL THEN
            parts := regexp_replace(joined, '([a-z])([0-9])', '\1 \2');
        END IF;
        IF strpos(parts, ' ') > 0 AND NOT EXISTS (
            SELECT FROM unnest(string_to_array(parts, ' ')) AS part
            WHERE roles_search_stem(part) IS NOT NULL AND NOT EXISTS (SELECT FROM roles_searchword WHERE word = part)
        ) THEN
            IF query IS NULL THEN
                stems := array_remove(ARRAY(SELECT roles_search_stem(part) FROM unnest(string_to_array(parts, ' ')) AS part), NULL);
                query := phraseto_tsquery('pg_catalog.english', parts);
            ELSE
                query := query || phraseto_tsquery('pg_catalog.english', parts);
            END IF;
        END IF;
        IF as_written OR (query IS NOT NULL AND NOT completing) THEN
            known := query IS NOT NULL;
            RETURN;
        END IF;

        begun := ARRAY(SELECT each FROM roles_search_completions(joined) AS each);
        IF begun <> '{}' THEN
            -- “hipaa” for “hipa”, since whatever else begins like that begins with it.
            IF query IS NULL AND NOT EXISTS (SELECT FROM unnest(begun) AS each WHERE NOT starts_with(each.word, begun[1].word)) THEN
                meant := begun[1].word;
            END IF;
            stems := ARRAY(SELECT DISTINCT each.stem FROM unnest(begun) AS each) || stems;
            query := (SELECT string_agg(DISTINCT quote_literal(each), '|') FROM unnest(stems) AS each)::tsquery;
            RETURN;
        END IF;
        IF query IS NOT NULL THEN
            RETURN;
        END IF;

        SELECT * INTO near FROM roles_search_nearest(joined);
        IF FOUND THEN
            meant := near.word;
            stems := ARRAY[near.stem];
            query := plainto_tsquery('pg_catalog.simple', near.stem);
            RETURN;
        END IF;
        -- Two words without the space between them.
        SELECT left(joined, place) || ' ' || substr(joined, place + 1), ARRAY[head.stem, tail.stem] INTO meant, stems
            FROM generate_series(3, length(joined) - 3) AS place
            JOIN roles_searchword AS head ON head.word = left(joined, place)
            JOIN roles_searchword AS tail ON tail.word = substr(joined, place + 1)
            ORDER BY place DESC LIMIT 1;
        IF FOUND THEN
            query := plainto_tsquery('pg_catalog.simple', stems[1]) && plainto_tsquery('pg_catalog.simple', stems[2]);
            RETURN;
        END IF;
        stems := '{}';
        known := false;
        meant := asked;
    END
    $$;

-- The text to show under a title: the subtitle where it has one of the words or the body has none, else the part of the
-- body around the first of them.
CREATE OR REPLACE FUNCTION roles_search_excerpt(subtitle text, body text, forms text[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
    DECLARE
        small text := lower(subtitle);
        form text;
        place int := 0;
    BEGIN
        FOREACH form IN ARRAY forms LOOP
            IF strpos(small, form) > 0 THEN
                RETURN subtitle;
            END IF;
        END LOOP;
        small := lower(body);
        FOREACH form IN ARRAY forms LOOP
            place := strpos(small, form);
            EXIT WHEN place > 0;
        END LOOP;
        IF place > 100 THEN
            RETURN '…' || substr(body, place - 90, 260);
        END IF;
        RETURN CASE WHEN place = 0 AND subtitle <> '' THEN subtitle ELSE left(body, 260) END;
    END
    $$;

-- A row that was found: how well it fits (3 called exactly so, 2 also called so, 1 its names have the words, 0 the rest of
-- it has), and its rank among those that fit as well.
DROP TYPE IF EXISTS roles_searchhit CASCADE;
CREATE TYPE roles_searchhit AS (id bigint, kind text, tier int, rank float8);

-- The rows that a query finds. In a catalog as ours all are weighed and counted. In one of many thousands only as many
-- as anybody looks through, since each lies on another page of the disk, and texts only where names do not fill the
-- page. Several small statements, because a large one takes longer to begin than all of these to end.
CREATE OR REPLACE FUNCTION roles_search_hits(
    every tsquery, called text[], only_kind text, enough int, suggesting boolean, OUT hits roles_searchhit[], OUT more boolean
)
    LANGUAGE plpgsql STABLE
    AS $$
    DECLARE
        few CONSTANT boolean := (SELECT reltuples < 10000 FROM pg_class WHERE oid = 'roles_searchentry'::regclass);
        most CONSTANT int := CASE WHEN few THEN 1000 ELSE 40 END;
        most_others CONSTANT int := CASE WHEN few THEN 1000 ELSE 20 END;
        ids bigint[] := ARRAY(SELECT id FROM roles_searchentry WHERE keys && called LIMIT 40);
        filled boolean;
    BEGIN
        hits := ARRAY(
            SELECT ROW(
                id, kind, CASE WHEN title_key = ANY (called) THEN 3 ELSE 2 END,
                weight * CASE WHEN title_key = ANY (called) THEN 1 ELSE coalesce(ts_rank(names, every, 1), 0) END
            )::roles_searchhit
            FROM roles_searchentry WHERE id = ANY (ids)
        ) || ARRAY(
            SELECT ROW(
                id, kind, 1,
                weight * ts_rank(names, every, 1) * CASE WHEN starts_with(title_key, called[1]) THEN 1.5 ELSE 1 END
            )::roles_searchhit
            FROM roles_searchentry WHERE names @@ every AND id <> ALL (ids) LIMIT most
        );
        more := cardinality(hits) >= most;
        filled := CASE only_kind
            WHEN '' THEN cardinality(hits) ELSE (SELECT count(*) FROM unnest(hits) WHERE kind = only_kind)
        END >= enough;
        IF suggesting OR (filled AND NOT few) THEN
            more := more OR (filled AND NOT suggesting);
            RETURN;
        END IF;
        ids := ARRAY(SELECT id FROM unnest(hits));
        hits := hits || ARRAY(
            SELECT ROW(id, kind, 0, CASE WHEN filled THEN 0 ELSE weight * ts_rank(vector, every, 1) END)::roles_searchhit
            FROM roles_searchentry WHERE vector @@ every AND id <> ALL (ids) LIMIT most_others
        );
        more := more OR cardinality(hits) - cardinality(ids) >= most_others;
    END
    $$;

-- One page of results as JSON:
--   rows       kind, slug, parent, title, and a text to show under it
--   kinds      how many of each kind there are, whatever kind was asked for; with `more` there may be others
--   meant      what was searched for, where that differs from what was asked
--   unknown    words that no row has
--   some       whether the rows have only some of the words, because none has all
--   forms      the words to mark in titles and texts
CREATE OR REPLACE FUNCTION roles_search(
    asked text, only_kind text, first int, most int, as_written boolean, suggesting boolean
) RETURNS json
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode = force_generic_plan
    AS $$
    DECLARE
        most_words CONSTANT int := 12;
        spelled text[];
        term record;
        place int := 0;
        terms int := 0;
        every tsquery;
        either tsquery;
        stems text[];
        said text[] := '{}';
        bare text := '';
        unknown text[] := '{}';
        changed boolean := false;
        partly boolean := false;
        called text[];
        forms text[];
        found record;
    BEGIN
        spelled := ARRAY(
            SELECT each[1] FROM regexp_matches(roles_search_spelled(asked),
                E'([a-z0-9\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff]+(?:[-_/.+&()\'@:*][a-z0-9\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff]+)*)',
                'g') AS each
            LIMIT most_words
        );
        stems := CASE WHEN suggesting THEN '{}' ELSE ARRAY(
            SELECT stem FROM unnest(spelled) AS each (word) JOIN roles_searchword USING (word)
        ) END;
        IF cardinality(stems) = cardinality(spelled) THEN
            -- The usual case: plain words, all of them in use.
            SELECT string_agg(quote_literal(stem), '&')::tsquery, string_agg(quote_literal(stem), '|')::tsquery
                INTO every, either FROM unnest(stems) AS stem;
            terms := cardinality(spelled);
            said := spelled;
        ELSE
            stems := '{}';
            WHILE place < cardinality(spelled) LOOP
                place := place + 1;
                term := roles_search_term(spelled[place], as_written, suggesting AND place = cardinality(spelled));
                said := said || term.meant;
                changed := changed OR term.meant <> spelled[place];
                IF NOT term.known THEN
                    unknown := unknown || spelled[place];
                ELSIF term.query IS NOT NULL THEN
                    terms := terms + 1;
                    bare := bare || ' ' || term.meant;
                    stems := stems || term.stems;
                    every := CASE WHEN every IS NULL THEN term.query ELSE every && term.query END;
                    either := CASE WHEN either IS NULL THEN term.query ELSE either || term.query END;
                END IF;
            END LOOP;
        END IF;
        -- “length of stay” is a name; “what is HIPAA” asks for one.
        called := array_remove(ARRAY[roles_search_key(array_to_string(said, ' ')), roles_search_key(bare)], '');

        found := roles_search_hits(every, called, only_kind, first + most, suggesting);
        IF found.hits = '{}' AND terms > 1 THEN
            partly := true;
            found := roles_search_hits(either, called, only_kind, first + most, suggesting);
        END IF;

        forms := ARRAY(SELECT word FROM roles_searchword WHERE stem = ANY (stems) LIMIT 80) || spelled;
        RETURN json_build_object(
            'rows', (
                SELECT json_agg(json_build_array(entry.kind, slug, parent, title, CASE
                    WHEN suggesting THEN ''
                    WHEN tier = 0 OR subtitle = '' THEN roles_search_excerpt(subtitle, body, forms)
                    ELSE subtitle
                END) ORDER BY tier DESC, rank DESC, id)
                FROM (
                    SELECT id, tier, rank FROM unnest(found.hits) WHERE only_kind IN ('', kind)
                    ORDER BY tier DESC, rank DESC, id OFFSET first LIMIT most
                ) AS best
                JOIN roles_searchentry AS entry USING (id)
            ),
            'kinds', (
                SELECT json_object_agg(kind, number)
                FROM (SELECT kind, count(*) AS number FROM unnest(found.hits) GROUP BY kind) AS each
            ),
            'more', found.more,
            'meant', CASE WHEN changed THEN array_to_string(said, ' ') ELSE '' END,
            'unknown', unknown,
            'some', partly,
            'forms', forms
        );
    END
    $$;
