"""Exports: a file of all rows of a content model, of those that a list shows, or of those that are ticked in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from roles.exchange.columns import Content, columns_of
from roles.exchange.writing import Format, NotWritableError, file_name, written

# Of an address of a list: what says which rows it shows, and no more than that.
_NOT_OF_THE_LIST = ("format", "rows", "p", "o")


def export_response(model: Content, rows: QuerySet[Any], format: Format) -> HttpResponse:
    """Raises NotWritableError."""
    # Found anew, since a list has its own idea of what to fetch with its rows.
    chosen = model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    return HttpResponse(
        written(columns_of(model), chosen, format),
        content_type=format.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(model, format)}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def of_the_list(query: QueryDict) -> QueryDict:
    """What an address of a list says about which rows it shows."""
    kept = query.copy()
    for name in _NOT_OF_THE_LIST:
        kept.pop(name, None)
    return kept


def listed(model: Content, request: HttpRequest) -> QuerySet[Any]:
    """The rows that the list of the admin shows at the address whose query the request has, on all its pages."""
    rows = model._base_manager.all()
    kept = of_the_list(request.GET)
    if not kept or not admin.site.is_registered(model):
        return rows
    asked = HttpRequest()
    asked.user, asked.GET = request.user, kept  # type: ignore[assignment]  # a query of the list alone
    try:
        shown: QuerySet[Any] = admin.site.get_model_admin(model).get_changelist_instance(asked).queryset
    except IncorrectLookupParameters:
        return rows.none()
    return shown


def _action(format: Format) -> Callable[..., HttpResponse | None]:
    @admin.action(description=f"Export the ticked rows as {format.label.partition(' ')[0]}", permissions=["view"])
    def export(_admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        try:
            return export_response(rows.model, rows, format)
        except NotWritableError as error:
            messages.error(request, str(error))
            return None

    export.__name__ = f"export_{format}"
    return export


EXPORT_ACTIONS = tuple(_action(format) for format in Format)
