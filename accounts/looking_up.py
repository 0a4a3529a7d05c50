"""Admin of rows that people make by using the product: staff look somebody up, and change nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

_EXACT_UP_TO = 100_000  # rows; beyond, counting takes longer than anybody waits


class SuperusersAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class is not generic at run time
    """For superusers alone, whatever permissions a group is given."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class is not generic at run time
    """Rows that the product writes. The admin only shows them."""

    list_per_page = 50
    empty_value_display = "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # the class is not generic at run time
    """Counts a whole table by the database's own estimate once it is large."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Model] = self.object_list  # type: ignore[assignment]
        if not rows.query.where:
            estimate = _estimated_rows(rows.model._meta.db_table)
            if estimate > _EXACT_UP_TO:
                return estimate
        return rows.count()


def _estimated_rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


class LearnerDataAdmin(ReadOnlyAdmin):
    """For superusers, who look somebody up because that person asked. No lists to browse by name."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    ordering = ("-pk",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # Addresses are stored in lower case: so the search can use their index.
        return super().get_search_results(request, queryset, search_term.lower())
