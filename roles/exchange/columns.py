"""The columns of each content model: one declaration makes them for all.

A column is a field that editors write, and its name is the field's. Rows are found by their natural keys, so no column
holds the number of a row. What the system writes has no column, but for `published`, which is there to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from import_export.fields import Field
from import_export.resources import ModelResource, modelresource_factory

from roles.exchange.keys import BETWEEN_PARTS, Keys
from roles.exchange.values import KeyOf, KeysOf, Value
from roles.fixtures import catalog_models
from roles.models.base import CatalogModel

type Content = type[CatalogModel]

# Written by the system alone; an import may repeat it, and is refused where it says something else.
READ_ONLY = ("published",)
_AT_ONCE = 500


@cache
def content_models() -> dict[str, Content]:
    """Every content model by its label, in the order in which the apps declare them."""
    return {model._meta.label_lower: model for model in catalog_models()}


class Columns(ModelResource):
    """The columns of a model, and how their values are spelled."""

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        widget, attribute = Value, field_name
        if django_field.many_to_many:
            widget = KeysOf
        elif django_field.is_relation:
            widget, attribute = KeyOf, django_field.attname
        return Field(attribute=attribute, column_name=field_name, widget=widget(django_field), readonly=readonly)

    @property
    def model(self) -> Content:
        model: Content = self._meta.model
        return model

    def named(self, name: str) -> Any:
        """The field of the model that a column is."""
        return self.fields[name].widget.field

    @property
    def many(self) -> list[str]:
        return [name for name in self.fields if self.named(name).many_to_many]

    @property
    def keyed(self) -> list[str]:
        """The columns that the natural key is made of."""
        return list(dict.fromkeys(lookup.partition("__")[0] for lookup in self.model.natural))

    def state_of(self, row: CatalogModel, keys: Keys) -> dict[str, Any]:
        """What a row says, by column."""
        return {name: field.export(row, keys=keys) for name, field in self.fields.items()}

    def fetched(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with what their states need: links, but nothing of the rows that they lead to."""
        links = [
            Prefetch(name, self.named(name).related_model._base_manager.only("pk").order_by()) for name in self.many
        ]
        needed = [self.named(name).name for name in self.fields if not self.named(name).many_to_many]
        return rows.only("pk", *needed).prefetch_related(*links)

    def states(self, rows: QuerySet[Any], keys: Keys) -> Iterator[dict[str, Any]]:
        """What rows say, one after the other, without holding all of them."""
        for row in self.fetched(rows).iterator(chunk_size=_AT_ONCE):
            yield self.state_of(row, keys)

    def key_of(self, state: dict[str, Any]) -> str:
        """The natural key of what a row says. A part that goes through a relation is the target's whole key."""
        return BETWEEN_PARTS.join(str(state[name]) for name in self.keyed)


@cache
def columns_of(model: Content) -> Columns:
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    left_out = [field.name for field in fields if not _is_column(model, field)]
    made: Columns = modelresource_factory(model, resource_class=Columns, meta_options={"exclude": left_out})()
    return made


def _is_column(model: Content, field: Any) -> bool:
    if field.primary_key:
        return False
    if field.many_to_many:
        # A link that says more than that it is there is a content model of its own.
        return bool(field.remote_field.through._meta.auto_created)
    keyed = {lookup.partition("__")[0] for lookup in model.natural}
    return field.editable or field.name in keyed or field.name in READ_ONLY
