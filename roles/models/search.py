"""What search looks through: one row for everything that has a page of its own or a place on one.

The database itself keeps these rows, by triggers that each searchable model declares, so that no road into the catalog
(admin, loader, `queryset.update()`, psql) can leave the search behind, and there is no rebuilding that could be
forgotten. How texts become words is said once, in `roles/sql/search_words.sql`; asking is `roles/sql/search.sql`.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func

from accounts.constraints import one_of


class SearchKind(models.TextChoices):
    """What a row is about, in the order in which kinds are offered."""

    ROLE = "role", "Role"
    TITLE = "title", "Job title"
    SKILL = "skill", "Skill"
    TOOL = "tool", "Tool"
    RESOURCE = "resource", "Resource"
    USE_CASE = "use_case", "Use case"
    COMPANY = "company", "Company"
    GUIDE = "guide", "Guide"
    SECTION = "section", "Part of a guide"
    ANSWER = "answer", "Answer"
    QUESTION = "question", "Interview question"
    CERTIFICATION = "certification", "Certification"
    FIGURE = "figure", "Figure"
    SOURCE = "source", "Source"
    CORRECTION = "correction", "Correction"


# How much a row counts beside another that fits the words as well: what people look for above what it rests on.
WEIGHTS = {
    SearchKind.ROLE: 2.2,
    SearchKind.TITLE: 0.9,
    SearchKind.SKILL: 1.2,
    SearchKind.TOOL: 1.1,
    SearchKind.USE_CASE: 1.1,
    SearchKind.QUESTION: 0.8,
    SearchKind.FIGURE: 0.7,
    SearchKind.SOURCE: 0.6,
    SearchKind.CORRECTION: 0.5,
}


def searchable(
    kind: SearchKind,
    *,
    title: str,
    slug: str = "NEW.slug",
    parent: str = "''",
    names: str = "''",
    subtitle: str = "''",
    body: str = "''",
    where: str = "true",
) -> list[pgtrigger.Trigger]:
    """The triggers that keep a row of this model in the search. The texts are SQL over NEW.

    `names`: what else it is called, one name to a line. `subtitle`: a sentence to show under the title. `parent`: the
    slug of the page that it stands on, where it has none of its own. `where`: which rows are for everybody.
    """
    drop = f"DELETE FROM roles_searchentry WHERE kind = '{kind.value}' AND about ="  # noqa: S608  (nobody's input)
    keep = f"""
        IF {where} THEN
            PERFORM roles_search_keep(
                '{kind.value}', NEW.id, {WEIGHTS.get(kind, 1.0)}, {slug}, {parent}, {title}, {names}, {subtitle}, {body}
            );
        ELSE
            {drop} NEW.id;
        END IF;
        RETURN NULL;
    """
    changed = pgtrigger.Insert | pgtrigger.Update
    return [
        pgtrigger.Trigger(name="keep_searchable", when=pgtrigger.After, operation=changed, func=keep),
        # All at once: what words go with them is asked for each statement.
        pgtrigger.Trigger(
            name="drop_searchable",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="gone"),  # type: ignore[no-untyped-call]
            func=f"{drop} ANY (SELECT id FROM gone); RETURN NULL;",  # noqa: S608
        ),
    ]


def shown_by(*updates: str, changed: tuple[str, ...]) -> list[pgtrigger.Trigger]:
    """The trigger of a row whose name or address others show in the search: when one of its fields has `changed`, the
    updates write the others anew as they are, and their own triggers do the rest."""
    return [
        pgtrigger.Trigger(
            name="rename_searchable",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(*changed),
            func="".join(f"{update}; " for update in updates) + "RETURN NULL;",
        )
    ]


def part_of(table: str, column: str) -> list[pgtrigger.Trigger]:
    """The trigger of a row whose text is part of another's in the search: `column` names the other's id."""
    return [
        pgtrigger.Trigger(
            name="change_searchable",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            # OLD is NULL for a row that is new, NEW for one that is gone.
            func=f"UPDATE {table} SET slug = slug WHERE id IN (OLD.{column}, NEW.{column}); RETURN NULL;",  # noqa: S608
        )
    ]


def shown_in(*sections: str) -> list[pgtrigger.Trigger]:
    """The trigger of a row that sections of guides show after their text: it is found there."""
    those = ", ".join(f"'{section}'" for section in sections)
    return [
        pgtrigger.Trigger(
            name="change_searchable",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=f"UPDATE roles_guidesection SET slug = slug WHERE shows IN ({those}); RETURN NULL;",  # noqa: S608
        )
    ]


def lines(*texts: str) -> str:
    """SQL for texts one under the other; NULL is left out."""
    return f"concat_ws(E'\\n', {', '.join(texts)})"


def each_of(array: str) -> str:
    """SQL for the items of an array, one under the other."""
    return f"array_to_string({array}, E'\\n')"


def texts_of(table: str, key: str, *, order: str = '"order"', text: str = "text", between: str = "E'\\n'") -> str:
    """SQL for the texts of the rows of a table that hang on this one by `key`."""
    return f"(SELECT string_agg({text}, {between} ORDER BY {order}) FROM {table} WHERE {key} = NEW.id)"  # noqa: S608


# The words of entries that are new or have changed.
_NOTE_WORDS = """
    INSERT INTO roles_searchword (word, stem, named)
    SELECT word, roles_search_stem(word), bool_or(used.named)
    FROM (
        SELECT unnest(string_to_array(roles_search_text(title || E'\\n' || keywords), ' ')) AS word, true AS named
        FROM written
        UNION ALL
        SELECT unnest(string_to_array(roles_search_text(subtitle || E'\\n' || body), ' ')), false
        FROM written
    ) AS used
    WHERE length(word) BETWEEN 1 AND 40
        AND NOT EXISTS (
            SELECT FROM roles_searchword AS known WHERE known.word = used.word AND known.named >= used.named
        )
    GROUP BY word
    HAVING roles_search_stem(word) IS NOT NULL
    ORDER BY word
    ON CONFLICT (word) DO UPDATE SET named = true WHERE EXCLUDED.named AND NOT roles_searchword.named;
"""
_WORDS_OF = (
    "SELECT unnest(string_to_array(roles_search_text(concat_ws(E'\\n', title, keywords, subtitle, body)), ' ')) FROM "
)
# Words that entries had and that no entry has any more.
_FORGET_WORDS = """
    DELETE FROM roles_searchword
    WHERE word IN ({words})
    AND NOT EXISTS (
        SELECT FROM roles_searchentry WHERE vector @@ plainto_tsquery('pg_catalog.simple', roles_searchword.stem)
    );
"""


def _words_trigger(name: str, operation: pgtrigger.Operation, func: str, **tables: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
        func=f"{func} RETURN NULL;",
    )


def _made(function: str, *columns: str) -> Func:
    """What a function of the database makes of columns."""
    return Func(*(F(column) for column in columns), function=function)


class SearchEntry(models.Model):
    """Something that can be found. Written by triggers only."""

    Kind = SearchKind

    kind = models.CharField(max_length=13, choices=SearchKind)
    about = models.BigIntegerField(help_text="The id of what it is about, in the table of its kind.")
    weight = models.FloatField()
    slug = models.CharField(max_length=100)
    parent = models.CharField(max_length=100, blank=True)
    title = models.TextField()
    keywords = models.TextField(blank=True, help_text="Other names, one to a line.")
    subtitle = models.TextField(blank=True)
    body = models.TextField(blank=True)
    title_key = models.GeneratedField(
        expression=_made("roles_search_key", "title"), output_field=models.TextField(), db_persist=True
    )
    keys = models.GeneratedField(
        expression=_made("roles_search_keys", "title", "keywords"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )
    names = models.GeneratedField(
        expression=_made("roles_search_names", "title", "keywords"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    vector = models.GeneratedField(
        expression=_made("roles_search_vector", "title", "keywords", "subtitle", "body"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            one_of("kind", SearchKind),
            models.UniqueConstraint(fields=["kind", "about"], name="roles_searchentry_once"),
        ]
        indexes = [
            # Without a list of pending rows, which every question would have to read through.
            GinIndex(fields=["names"], fastupdate=False, name="roles_searchentry_names"),
            GinIndex(fields=["keys"], fastupdate=False, name="roles_searchentry_keys"),
            GinIndex(fields=["vector"], fastupdate=False, name="roles_searchentry_vector"),
            models.Index(OpClass("title_key", "text_pattern_ops"), name="roles_searchentry_title"),
        ]
        triggers = [
            _words_trigger("note_words", pgtrigger.Insert, _NOTE_WORDS, new="written"),
            _words_trigger(
                "note_new_words",
                pgtrigger.Update,
                _NOTE_WORDS + _FORGET_WORDS.format(words=f"{_WORDS_OF} gone EXCEPT {_WORDS_OF} written"),
                new="written",
                old="gone",
            ),
            _words_trigger(
                "forget_words", pgtrigger.Delete, _FORGET_WORDS.format(words=f"{_WORDS_OF} gone"), old="gone"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word that some entry has: what typing errors are corrected to, and what a begun word may become.

    Written by triggers only.
    """

    word = models.TextField(primary_key=True)
    stem = models.TextField(help_text="The form in which the search knows it.")
    named = models.BooleanField(help_text="Part of a title or of another name.")

    class Meta:
        indexes = [
            models.Index(fields=["stem"], name="roles_searchword_stem"),
            GinIndex(OpClass("word", "gin_trgm_ops"), name="roles_searchword_near"),
        ]

    def __str__(self) -> str:
        return self.word
