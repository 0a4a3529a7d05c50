"""How a grade is written: the log, the score and the card, in one statement.

In SQL, because Django takes longer to put three statements together than the database takes for all of them. Names of
columns come from the models. Only `interviews.practice` calls it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from interviews.models import Card, Review, Score
from interviews.models.cards import MEMORY

# What a grade changes of a card.
_MOVED = (*MEMORY, "reps", "lapses", "buried_until", "question_version", "version")
_CHANGES = ", ".join(f"{name} = %s" for name in _MOVED)


def record(review: Review, score: Score, card: Card | None) -> None:
    """Write both rows, and the card as it stands where it moved. Gives the review its number."""
    written, values = _insertion(review)
    scored, more = _insertion(score)
    statement = f"WITH reviewed AS ({written} RETURNING id), scored AS ({scored})"
    values += more
    if card is not None:
        statement += f", moved AS (UPDATE interviews_card SET {_CHANGES} WHERE id = %s)"  # noqa: S608
        values += [*(_value(card, card._meta.get_field(name)) for name in _MOVED), card.pk]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} SELECT id FROM reviewed", values)  # noqa: S608  (names of columns)
        (review.pk,) = cursor.fetchone()
    review._state.adding, review._state.db = False, connection.alias


def _insertion(row: models.Model) -> tuple[str, list[Any]]:
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608  (names of columns)
    return statement, [_value(row, field) for field in fields]


def _value(row: models.Model, field: Any) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
