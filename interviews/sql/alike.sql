-- Questions that are practiced and resemble each other from %(alike)s on by pg_trgm, the most alike first.
--
-- Comparing all with all takes minutes for ten thousand, with an index of trigrams too, since every question has more than
-- a hundred of them and all of them are common. So only those are compared that share two of their six rarest words (by
-- stem; or what they have, if it is fewer), and whoever says the very same.
WITH asked AS MATERIALIZED (
    SELECT id, prompt FROM interviews_question WHERE NOT retired
),
word AS MATERIALIZED (
    SELECT id, unnest(tsvector_to_array(to_tsvector('english', prompt))) AS word FROM asked
),
rare AS MATERIALIZED (
    SELECT word, count(*) AS times FROM word
    GROUP BY word HAVING count(*) BETWEEN 2 AND greatest(20, (SELECT count(*) FROM asked) / 50)
),
rarest AS MATERIALIZED (
    SELECT id, word, least(2, words) AS needed FROM (
        SELECT id, word,
            row_number() OVER (PARTITION BY id ORDER BY times, word) AS nth,
            count(*) OVER (PARTITION BY id) AS words
        FROM word JOIN rare USING (word)
    ) AS ranked
    WHERE nth <= 6
),
pair AS MATERIALIZED (
    SELECT one.id AS one, two.id AS two
    FROM rarest AS one JOIN rarest AS two ON two.word = one.word AND two.id > one.id
    GROUP BY one.id, two.id HAVING count(*) >= least(min(one.needed), min(two.needed))
    UNION
    SELECT one, two FROM (
        SELECT min(id) OVER (PARTITION BY lower(prompt)) AS one, id AS two FROM asked
    ) AS same
    WHERE one <> two
)
SELECT one.id, one.prompt, two.id, two.prompt, similarity(one.prompt, two.prompt)
FROM pair JOIN asked AS one ON one.id = pair.one JOIN asked AS two ON two.id = pair.two
WHERE similarity(one.prompt, two.prompt) >= %(alike)s
ORDER BY similarity(one.prompt, two.prompt) DESC, one.id, two.id
LIMIT %(most)s
