"""What the pages of imports say: columns in words, and rows with what would change in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from roles.exchange.columns import READ_ONLY, Columns
from roles.exchange.keys import BETWEEN_PARTS
from roles.exchange.marking import Part, marked
from roles.exchange.values import NO, YES, Plain, as_text
from roles.models import ImportRow, Outcome


@dataclass(frozen=True, slots=True)
class Column:
    """What goes into a column."""

    name: str
    takes: str
    is_key: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One column of a row: what stands there, and what would; of a new row only the latter."""

    column: str
    before: list[Part]
    after: list[Part]


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: ImportRow
    changes: list[Change]


def columns_told(columns: Columns) -> list[Column]:
    return [
        Column(
            name,
            _takes(columns, name),
            is_key=name in columns.keyed,
            is_needed=not (field.null or field.blank or field.has_default()),
        )
        for name in columns.fields
        if (field := columns.named(name))
    ]


def rows_told(columns: Columns, rows: list[ImportRow]) -> list[ShownRow]:
    many = set(columns.many)
    return [
        ShownRow(
            row,
            [
                _change(name, before, after, keys=name in many, is_new=row.outcome == Outcome.NEW)
                for name, (before, after) in row.changes.items()
            ],
        )
        for row in rows
    ]


def _change(name: str, before: Plain, after: Plain, *, keys: bool, is_new: bool) -> Change:
    if is_new:
        return Change(name, [], [(as_text(after, keys=keys), True)])
    return Change(name, *marked(as_text(before, keys=keys), as_text(after, keys=keys)))


def _takes(columns: Columns, name: str) -> str:
    field = columns.named(name)
    if name in READ_ONLY:
        return f"{YES} or {NO}; only publishing changes it"
    if field.many_to_many:
        return f"keys of {field.related_model._meta.verbose_name_plural}, with commas between them"
    if field.is_relation:
        return f"the key of a {field.related_model._meta.verbose_name}, that is {_example(field)}"
    if isinstance(field, ArrayField):
        return "texts, one to a line"
    if field.choices:
        return f"one of: {', '.join(str(value) for value, _ in field.flatchoices if value)}"
    match field:
        case models.BooleanField():
            return f"{YES} or {NO}"
        case models.IntegerField() | models.DecimalField():
            return "a number"
        case models.DateField():
            return "a day, such as 2026-01-31"
        case models.TimeField():
            return "a time, such as 09:30:00"
        case models.UUIDField():
            return "a permanent key; left empty, a new row gets one"
        case models.CharField():
            return f"a text of at most {field.max_length:,} characters"
    return "a text"


def _example(field: Any) -> str:
    """The parts of a key, by what they are called."""
    return BETWEEN_PARTS.join(lookup.replace("__", "-") for lookup in field.related_model.natural)
