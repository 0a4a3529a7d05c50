"""What there is to find, and what is asked for: 100,000 entries beside the catalog's own, and questions no two alike.

Made of the catalog's words and of as many others, the common ones often and the rare ones seldom, as in real texts.
Written as the triggers would write them, which is not measured here. Seeded: the same on every machine.
"""

from __future__ import annotations

import random
from itertools import accumulate

import psycopg

from tests.bench.databases import bulk_load

ENTRIES = 100_000
QUESTIONS = 2_000
MADE_WORDS = 12_000
KINDS = ("skill", "tool", "resource", "company", "section", "question")
SYLLABLES = (
    "ba",
    "cor",
    "di",
    "fen",
    "gra",
    "hy",
    "jo",
    "lam",
    "mi",
    "nor",
    "pel",
    "qui",
    "ras",
    "sto",
    "tur",
    "vex",
    "zy",
)
# How often each kind of question is asked, of twenty.
ASKED = {"two words": 7, "name": 4, "one word": 3, "typing error": 3, "code": 2, "three words": 1}


class Words:
    """Words by how common they are."""

    def __init__(self, chance: random.Random, words: list[str]) -> None:
        self._chance = chance
        self._words = words
        self._weights = list(accumulate(1 / (place + 10) for place in range(len(words))))

    def some(self, count: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count))


def load(connection: psycopg.Connection, *, entries: int = ENTRIES) -> list[str]:
    """Fill the search; return questions, no two alike."""
    chance = random.Random(entries)
    known = [
        word for (word,) in connection.execute("SELECT word FROM roles_searchword WHERE length(word) > 2 ORDER BY 1")
    ]
    names = [title for (title,) in connection.execute("SELECT title FROM roles_searchentry ORDER BY id")]
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(MADE_WORDS)} - set(known)
    every = [*known, *sorted(made)]
    chance.shuffle(every)
    words = Words(chance, every)
    connection.execute("SET session_replication_role = replica")  # without triggers
    with bulk_load(connection, "roles_searchentry"), connection.cursor() as cursor:
        columns = "kind, about, weight, slug, parent, title, keywords, subtitle, body"
        with cursor.copy(f"COPY roles_searchentry ({columns}) FROM STDIN") as copy:
            for number in range(entries):
                title, keywords = words.some(3 + number % 3).capitalize(), f"{words.some(2)}\nx{number}"
                kind, about, text, body = KINDS[number % len(KINDS)], 1_000_000 + number, words.some(15), words.some(40)
                copy.write_row((kind, about, 1.0, f"made-{number}", "", title, keywords, text, body))
    connection.execute(
        "INSERT INTO roles_searchword SELECT word, stem, true FROM (SELECT word, roles_search_stem(word) AS stem"
        " FROM unnest(%s::text[]) AS word) AS made WHERE stem IS NOT NULL ON CONFLICT DO NOTHING",
        [[*sorted(made), *(f"x{number}" for number in range(0, entries, 50))]],
    )
    connection.execute("RESET session_replication_role")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE roles_searchentry, roles_searchword")
    return questions(chance, words, names, entries)


def questions(chance: random.Random, words: Words, names: list[str], entries: int) -> list[str]:
    """What people ask for: names and parts of names, words of a text, words with an error, codes."""
    ask = {
        "two words": lambda: words.some(2),
        "three words": lambda: words.some(3),
        "one word": lambda: words.some(1),
        "name": lambda: " ".join(chance.choice(names).split()[:5]),
        "typing error": lambda: misspelled(chance, words.some(2)),
        "code": lambda: f"X{chance.randrange(0, entries, 50)}",
    }
    found: dict[str, None] = {}
    while len(found) < QUESTIONS:
        kind = chance.choices(list(ASKED), weights=list(ASKED.values()))[0]
        found[ask[kind]()] = None
    return list(found)


def misspelled(chance: random.Random, text: str) -> str:
    """The text with two neighboring letters exchanged."""
    place = chance.randrange(1, max(2, len(text) - 2))
    return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
