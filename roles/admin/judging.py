"""What the admin's own form would say of a row, asked without a page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.contrib import admin

from roles.admin.places import PlacedForm
from roles.history.tables import kept_fields, linked_fields
from roles.history.wording import label_of
from roles.models import CatalogModel


def faults_of(row: CatalogModel) -> list[tuple[str, str]]:
    """The messages of the form for a row, each with the name of its field. Links are those that are stored."""
    fields = _fields_of(type(row))
    form = _form_for(type(row))(
        data={each.name: _typed(each.value_from_object(row)) for each in fields.values()}, instance=row
    )
    return [(name, _said(fields.get(name), text)) for name, texts in form.errors.items() for text in texts]


@cache
def _fields_of(model: type[CatalogModel]) -> dict[str, Any]:
    every = (*kept_fields(model).values(), *linked_fields(model))
    return {each.name: each for each in every if each.editable}


@cache
def _form_for(model: type[CatalogModel]) -> Any:
    """The form without what the database says of a row itself, constraint by constraint."""

    class Judging(_form_of(model)):  # type: ignore[misc]  # whichever it is
        def validate_constraints(self) -> None:
            pass

        def validate_unique(self) -> None:
            pass

    return forms.modelform_factory(model, form=Judging, fields=list(_fields_of(model)))


def _typed(value: Any) -> Any:
    """A value as a form takes it: of links, the numbers."""
    return [each.pk if isinstance(each, CatalogModel) else each for each in value] if isinstance(value, list) else value


def _said(field: Any, text: str) -> str:
    return f"{label_of(field)}: {text}" if field else str(text)


def _form_of(model: type[CatalogModel]) -> type[forms.ModelForm[Any]]:
    """The form of its own page, or that of its rows on another's."""
    return next(_forms_for(model), PlacedForm)


def _forms_for(model: type[CatalogModel]) -> Iterator[type[forms.ModelForm[Any]]]:
    if model in admin.site._registry:
        yield admin.site.get_model_admin(model).form
    for each in admin.site._registry.values():
        yield from (inline.form for inline in each.inlines if inline.model is model)
