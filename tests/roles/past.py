"""What editors do on the pages of history, and what these say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.urls import reverse

from roles.history.acting import acting
from roles.history.past import past_of
from roles.models import ChangeSet, RowChange


def change(by, row, *, session: str = "", **values: object) -> ChangeSet:
    """What somebody made of a row, as their save in the admin does it."""
    with acting(by=by, page=f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/", session=session):
        for name, value in values.items():
            if row._meta.get_field(name).many_to_many:
                getattr(row, name).set(value)
            else:
                setattr(row, name, value)
                row.save(update_fields=[name])
    return RowChange.objects.latest("pk").changeset


@contextmanager
def without_triggers() -> Iterator[None]:
    """As before there was a history, or where its rows could be changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def history(row) -> str:
    return reverse("admin:history_row", args=[row._meta.label_lower, row.pk])


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def versions(desk: Client, row) -> list[str]:
    """What the page says of each version, newest first."""
    return [each.what for each in desk.get(history(row)).context["versions"]]


def revert(desk: Client, row, number: int, *, follow: bool = True):
    """Go back to a version by its number, over the page that asks."""
    (version,) = [each for each in past_of(type(row), row.pk).versions if each.number == number]
    page = reverse("admin:history_row_revert", args=[row._meta.label_lower, row.pk, version.change])
    return desk.post(page, {"seen": desk.get(page).context["plan"].seen}, follow=follow)


def revert_changeset(desk: Client, changeset: ChangeSet, *, sitting: bool = False):
    page = reverse(f"admin:history_revert{'_sitting' if sitting else ''}", args=[changeset.pk])
    return desk.post(page, {"seen": desk.get(page).context["plan"].seen}, follow=True)


def faults(response) -> list[str]:
    plan = response.context["plan"]
    return [*plan.faults, *(fault for step in plan.steps for fault in step.faults)]
