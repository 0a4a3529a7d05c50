"""Rows of the database as parts of guides need them: read as JSON, made into models, put under headings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from roles.models import Skill
from roles.nested import made, rows_of

type Rows = list[dict[str, Any]]
type Tables = dict[str, ArraySubquery]
# What a group of rows is headed by, and the rows.
type Grouped[T] = list[tuple[str, list[T]]]

# What a link to a row needs.
LINK = ("slug", "name")


def skills_of(of: str) -> ArraySubquery:
    """Links to the skills of the row outside."""
    return rows_of(Skill, *LINK, of=of, ordered_by=("name",))


def with_rows[M: models.Model](model: type[M], rows: Rows) -> Iterator[tuple[M, dict[str, Any]]]:
    """Models, each with the JSON that it was made of."""
    return zip(made(model, rows), rows, strict=True)


def once[M: models.Model](rows: Iterable[M]) -> list[M]:
    """Each row once: two names in a source may be one of ours."""
    return list({getattr(row, "slug", ""): row for row in rows}.values())


def grouped[T](
    rows: Iterable[T], field: str, choices: type[models.TextChoices], *, of: Callable[[T], Any] = lambda row: row
) -> Grouped[T]:
    """Rows under the labels of a choice, in its order."""
    ordered = sorted(rows, key=lambda row: choices.values.index(getattr(of(row), field)))
    return [
        (str(choices(value).label), list(those))
        for value, those in groupby(ordered, key=lambda row: getattr(of(row), field))
    ]
