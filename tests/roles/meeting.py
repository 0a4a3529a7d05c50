"""A page of the admin in the hands of one editor while another changes its rows."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from roles.history.acting import acting
from tests.forms import Fields, fields_of


def page(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(client: Client, row) -> Fields:
    return fields_of(client.get(page(row)), f"{row._meta.model_name}_form")


def save(client: Client, row, form: Fields, **changes: object):
    typed = {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(page(row), {**form, **typed, "_save": "1"})


def again(client: Client, row, response, **changes: object):
    """Post what came back, as a browser would, with some things chosen or typed."""
    return save(client, row, fields_of(response, f"{row._meta.model_name}_form"), **changes)


def conflicts(response) -> dict[str, tuple[str, str]]:
    """By name: theirs and mine."""
    assert response.status_code == 200, "the page comes back"

    def said(lines):
        return "\n".join("".join(span.text for span in line.spans) for line in lines)

    met = response.context["meeting"].conflicts
    return {each.name: (said(each.sides.before), said(each.sides.after)) for each in met}


def change(by, row, **values: object) -> None:
    with acting(by=by):
        for name, value in values.items():
            if row._meta.get_field(name).many_to_many:
                getattr(type(row).objects.get(pk=row.pk), name).set(value)
            else:
                type(row).objects.filter(pk=row.pk).update(**{name: value})
