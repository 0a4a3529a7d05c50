"""What the admin's own form would say of a row, asked without a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin

from roles.admin.places import PlacedForm
from roles.history.tables import kept_fields, linked_fields
from roles.history.wording import label_of
from roles.models import CatalogModel


def faults_of(row: CatalogModel) -> list[str]:
    """The messages of the form for a row that is stored, each with the name of its field."""
    model = type(row)
    fields = [each for each in (*kept_fields(model).values(), *linked_fields(model)) if each.editable]
    made: Any = forms.modelform_factory(model, form=_form_of(model), fields=[each.name for each in fields])
    data = {each.name: each.value_from_object(row) for each in fields}
    form = made(data={name: _typed(value) for name, value in data.items()}, instance=row)
    labels = {each.name: label_of(each) for each in fields}
    return [_said(labels.get(name), text) for name, texts in form.errors.items() for text in texts]


def _typed(value: Any) -> Any:
    """A value as a form takes it: of links, the numbers."""
    return [each.pk if isinstance(each, CatalogModel) else each for each in value] if isinstance(value, list) else value


def _said(label: str | None, text: str) -> str:
    return f"{label}: {text}" if label else str(text)


def _form_of(model: type[CatalogModel]) -> type[forms.ModelForm[Any]]:
    """The form of its own page, or that of its rows on another's."""
    return next(_forms_for(model), PlacedForm)


def _forms_for(model: type[CatalogModel]) -> Iterator[type[forms.ModelForm[Any]]]:
    if model in admin.site._registry:
        yield admin.site.get_model_admin(model).form
    for each in admin.site._registry.values():
        yield from (inline.form for inline in each.inlines if inline.model is model)
