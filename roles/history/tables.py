"""Which tables have a history, and what their columns are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import ManyToManyField

from roles.models import CatalogModel

type Many = ManyToManyField[Any, Any]


@dataclass(frozen=True, slots=True)
class LinkTable:
    """The links of a relation that has no model of its own. They belong to the row that the relation is a field of."""

    model: type[CatalogModel]
    field: Many

    @property
    def table(self) -> str:
        return self.field.m2m_db_table()

    @property
    def ends(self) -> tuple[str, str]:
        """Columns: of the row that the links belong to, and of the other."""
        return self.field.m2m_column_name(), self.field.m2m_reverse_name()


@cache
def catalog_models() -> tuple[type[CatalogModel], ...]:
    """Every model of the catalog, of whatever app, each after those that it refers to."""
    every = [model for model in apps.get_models() if issubclass(model, CatalogModel)]
    ordered: list[type[CatalogModel]] = []

    def put(model: type[CatalogModel]) -> None:
        if model in ordered:
            return
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, CatalogModel) and target is not model:
                put(target)
        ordered.append(model)

    for model in every:
        put(model)
    return tuple(ordered)


@cache
def rows_tables() -> dict[str, type[CatalogModel]]:
    return {model._meta.db_table: model for model in catalog_models()}


@cache
def link_tables() -> dict[str, LinkTable]:
    links = [LinkTable(model, field) for model in catalog_models() for field in linked_fields(model)]
    return {link.table: link for link in links}


@cache
def linked_fields(model: type[CatalogModel]) -> tuple[Many, ...]:
    """Relations whose links are no rows of the catalog themselves."""
    return tuple(
        each for each in model._meta.local_many_to_many if (through := each.remote_field.through) and _is_plain(through)
    )


def _is_plain(through: type[models.Model]) -> bool:
    return bool(through._meta.auto_created)


@cache
def kept_fields(model: type[CatalogModel]) -> dict[str, models.Field[Any, Any]]:
    """By column: the fields that the history of a model tells of."""
    return {
        str(field.column): field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in model.written_by_system
    }


def target_of(described: Any) -> type[CatalogModel]:
    """What a relation of a catalog row leads to: catalogs refer to nothing else."""
    target = described.remote_field.model
    assert isinstance(target, type)
    assert issubclass(target, CatalogModel)
    return target
