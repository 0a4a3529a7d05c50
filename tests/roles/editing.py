"""Pages of the catalog in Django admin: opened, typed into and saved."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from roles.models import Phase
from tests.forms import Fields, fields_of


def page(model, kind: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def form(desk: Client, row) -> Fields:
    return fields_of(desk.get(page(type(row), "change", row.pk)), f"{row._meta.model_name}_form")


def save(desk: Client, row, **changes: object):
    """Post the row's page with some fields typed over. `goals__0__text` stands for `goals-0-text`."""
    data = form(desk, row) | {name.replace("__", "-"): value for name, value in changes.items()}
    return desk.post(page(type(row), "change", row.pk), {**data, "_continue": "1"})


def said(response) -> str:
    assert response.status_code == 200, "the page comes back with what was typed"
    return response.content.decode()


def places(phase: Phase) -> list[str]:
    return list(phase.goals.order_by("order").values_list("text", flat=True))
