"""Rows that belong to a row, read with it in one query, as JSON, and made into the models they came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

SOURCE_FIELDS = ("code", "title", "kind", "publisher", "author", "published_on", "edition", "url")
CLAIM_FIELDS = ("as_of", "as_stated", "verification", "editor_note")
STATISTIC_FIELDS = (
    *("slug", "topic", "subject", "value_low", "value_high", "unit", "comparator"),
    *("horizon", "geography", "scope", "attributed_to", *CLAIM_FIELDS),
)


def rows_of(
    model: type[Model],
    *fields: str,
    of: str = "role",
    to: str = "pk",
    ordered_by: Iterable[str] = ("order",),
    **extra: Any,
) -> ArraySubquery:
    """The rows of a table that refer to a field (`to`) of the row outside, as an array of JSON objects."""
    return _array(model._default_manager.filter(**{of: OuterRef(to)}).order_by(*ordered_by), fields, extra)


def every_row_of(
    model: type[Model], *fields: str, ordered_by: Iterable[str] = ("order",), **extra: Any
) -> ArraySubquery:
    """All rows of a table, whatever the row outside."""
    return _array(model._default_manager.order_by(*ordered_by), fields, extra)


def _array(rows: QuerySet[Any], fields: Iterable[str], extra: dict[str, Any]) -> ArraySubquery:
    return ArraySubquery(rows.values_list(JSONObject(**{name: name for name in fields}, **extra)))


def its_one(relation: str, *fields: str) -> dict[str, Any]:
    """The row that a foreign key leads to, for `rows_of`; the first field must not be empty."""
    return {f"its_{relation}": JSONObject(**{name: f"{relation}__{name}" for name in fields})}


def its_source() -> dict[str, Any]:
    return its_one("source", *SOURCE_FIELDS)


def its_figure(relation: str = "") -> dict[str, Any]:
    """Who states a figure, and the better one beside it: for `rows_of(Statistic, …)`.

    With a relation: the figure itself too, as the row that the foreign key leads to.
    """
    at = f"{relation}__" if relation else ""
    beside = {"its_better_value": _figure_at(f"{at}better_value__"), "its_source": _source_at(at)}
    return {f"its_{relation}": _figure_at(at, **beside)} if relation else beside


def _figure_at(at: str, **beside: Any) -> JSONObject:
    return JSONObject(**{name: f"{at}{name}" for name in STATISTIC_FIELDS}, **{"its_source": _source_at(at)} | beside)


def _source_at(at: str) -> JSONObject:
    return JSONObject(**{name: f"{at}source__{name}" for name in SOURCE_FIELDS})


def made[M: Model](model: type[M], rows: Iterable[dict[str, Any]]) -> list[M]:
    """Rows as the models they came from; unsaved ones, to be read only."""
    return [_one(model, row) for row in rows]


def _one[M: Model](model: type[M], row: dict[str, Any]) -> M:
    values: dict[str, Any] = {}
    for name, value in row.items():
        if not name.startswith("its_"):
            values[name] = model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        elif isinstance(value, dict):
            values[name.removeprefix("its_")] = _related(model, name.removeprefix("its_"), value)
    return model(**values)


def _related(model: type[Model], relation: str, row: dict[str, Any]) -> Model | None:
    related = model._meta.get_field(relation).related_model
    assert isinstance(related, type), f"{relation} leads to a model"
    return None if next(iter(row.values())) is None else _one(related, row)
