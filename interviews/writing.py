"""How an answer is read to be graded, and how the grade is written: the log, the score, the card. One statement each.

In SQL, because Django takes longer to put its statements together than the database takes for all of them. Names of
columns come from the models. Only `interviews.practice` writes by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from accounts.models import User
from interviews.models import Attempt, Card, Review, Score
from interviews.models.cards import MEMORY

# What a grade changes of a card.
_MOVED = (*MEMORY, "reps", "lapses", "buried_until", "question_version", "version")
# What a grade needs of an answer: neither its text nor when it was locked.
_ANSWER = ("id", "learner_id", "question_id", "question_version", "card_id", "card_version", "seconds")
_CARD = tuple(field.attname for field in Card._meta.concrete_fields)


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _insertion(model: type[models.Model], source: str, *, read: Sequence[str] = ()) -> str:
    """Insert a row for each of a source; `read` are columns that come from there."""
    columns = [str(field.column) for field in _fields(model)]
    values = (f"{source}.{column}" if column in read else "%s" for column in columns)
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608  (names of columns)


_READING = f"""
    SELECT {", ".join(f"a.{name}" for name in _ANSWER)}, {", ".join(f"c.{name}" for name in _CARD)},
        cardinality(q.key_points)
    FROM interviews_attempt a
    JOIN interviews_card c ON c.id = a.card_id
    JOIN interviews_question q ON q.id = a.question_id
    WHERE a.id = %s AND a.learner_id = %s
"""  # noqa: S608  (names of columns)
# Whoever waits for the card finds it as it is by then. Its due day may be another than the one that was read, since it
# is brought forward without a new version; all else is the same as long as the version is.
_RECORDING = f"""
    WITH card AS (
        SELECT id, due_day AS before_due_day FROM interviews_card WHERE id = %s AND version = %s FOR NO KEY UPDATE
    ),
    reviewed AS (
        {_insertion(Review, "card", read=["before_due_day"])} ON CONFLICT (attempt_id) DO NOTHING RETURNING id
    ),
    scored AS (
        {_insertion(Score, "reviewed")}
    )
"""  # noqa: S608  (names of columns)
_MOVING = f"""
    , moved AS (
        UPDATE interviews_card SET {", ".join(f"{name} = %s" for name in _MOVED)} FROM reviewed
        WHERE interviews_card.id = %s
    )
"""  # noqa: S608  (names of columns)


def to_grade(attempt: UUID, *, by: User) -> tuple[Attempt, int]:
    """The learner's own answer with its card, and how many key points the question has. Raises Attempt.DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(_READING, [attempt, by.pk])
        found = cursor.fetchone()
    if found is None:
        raise Attempt.DoesNotExist
    row = Attempt.from_db(connection.alias, _ANSWER, found[: len(_ANSWER)])
    row.card = Card.from_db(connection.alias, _CARD, found[len(_ANSWER) : -1])
    return row, found[-1]


def record(review: Review, score: Score, *, version: int, moved: Card | None) -> bool:
    """Write both rows, and the card as it stands where it moved. Gives the review its number.

    False, and nothing is written, where the card has another version by now, or the answer was graded before.
    """
    values = [review.card_id, version, *_values(review, without="before_due_day"), *_values(score)]
    statement = _RECORDING
    if moved is not None:
        statement += _MOVING
        values += [*(_value(moved, moved._meta.get_field(name)) for name in _MOVED), moved.pk]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} SELECT id FROM reviewed", values)  # noqa: S608  (names of columns)
        written = cursor.fetchone()
    if written is None:
        return False
    (review.pk,) = written
    review._state.adding, review._state.db = False, connection.alias
    return True


def _values(row: models.Model, *, without: str = "") -> list[Any]:
    return [_value(row, field) for field in _fields(type(row)) if field.attname != without]


def _value(row: models.Model, field: Any) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
