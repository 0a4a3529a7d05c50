-- Keeping: what the triggers of searchable tables call (see roles/models/search.py).

-- Write a row of the search, unless it stands there already: making its words is what takes time.
CREATE OR REPLACE FUNCTION roles_search_keep(
    of_kind text, of_row bigint, new_weight float8, new_slug text, new_parent text,
    new_title text, new_keywords text, new_subtitle text, new_body text
) RETURNS void
    LANGUAGE plpgsql
    AS $$
    BEGIN
        UPDATE roles_searchentry
        SET weight = new_weight, slug = new_slug, parent = coalesce(new_parent, ''), title = new_title,
            keywords = coalesce(new_keywords, ''), subtitle = coalesce(new_subtitle, ''), body = coalesce(new_body, '')
        WHERE kind = of_kind AND about = of_row
            AND (weight, slug, parent, title, keywords, subtitle, body) IS DISTINCT FROM (
                new_weight, new_slug, coalesce(new_parent, ''), new_title, coalesce(new_keywords, ''),
                coalesce(new_subtitle, ''), coalesce(new_body, '')
            );
        IF NOT FOUND THEN
            INSERT INTO roles_searchentry (kind, about, weight, slug, parent, title, keywords, subtitle, body)
            SELECT of_kind, of_row, new_weight, new_slug, coalesce(new_parent, ''), new_title,
                coalesce(new_keywords, ''), coalesce(new_subtitle, ''), coalesce(new_body, '')
            WHERE NOT EXISTS (SELECT FROM roles_searchentry WHERE kind = of_kind AND about = of_row);
        END IF;
    END
    $$;

-- What a section of a guide shows of the catalog after its text, as one text: the section is where it is found.
CREATE OR REPLACE FUNCTION roles_search_shown(shows text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN CASE shows
            WHEN 'drivers' THEN (SELECT string_agg(concat_ws(E'\n', name, text), E'\n') FROM roles_marketdriver)
            WHEN 'skill_areas' THEN concat_ws(E'\n',
                (SELECT string_agg(concat_ws(E'\n', name, summary), E'\n') FROM roles_skillarea),
                (SELECT string_agg(text, E'\n') FROM roles_skillareapoint))
            WHEN 'challenges' THEN (SELECT string_agg(concat_ws(E'\n', name, text), E'\n') FROM roles_challenge)
            WHEN 'entry_paths' THEN concat_ws(E'\n',
                (SELECT string_agg(concat_ws(E'\n', title, summary, body), E'\n') FROM roles_entrypath),
                (SELECT string_agg(concat_ws(E'\n', title, text), E'\n') FROM roles_entrystep))
            WHEN 'admission' THEN (SELECT string_agg(concat_ws(E'\n', name, text), E'\n') FROM roles_admissioncriterion)
            WHEN 'duration' THEN (
                SELECT string_agg(concat_ws(E'\n', name, text, suits), E'\n') FROM roles_degreeoption WHERE axis = 'time')
            WHEN 'formats' THEN (
                SELECT string_agg(concat_ws(E'\n', name, text, suits), E'\n') FROM roles_degreeoption WHERE axis = 'place')
            WHEN 'accreditation' THEN concat_ws(E'\n',
                (SELECT string_agg(concat_ws(E'\n', abbreviation, name, text), E'\n') FROM roles_accreditor),
                (SELECT string_agg(concat_ws(E'\n', title, text), E'\n') FROM roles_accreditationstep))
            WHEN 'coursework' THEN (SELECT string_agg(concat_ws(E'\n', name, text), E'\n') FROM roles_courseworkarea)
            WHEN 'cost' THEN (SELECT string_agg(concat_ws(E'\n', name, text), E'\n') FROM roles_costitem)
            WHEN 'programs' THEN (SELECT string_agg(concat_ws(E'\n', text, why), E'\n') FROM roles_programcheck)
        END;
    END
    $$;
