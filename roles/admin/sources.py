from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from roles.admin.base import CatalogAdmin
from roles.admin.links import link_found, with_link_found
from roles.models import Correction, Source


@admin.register(Source)
class SourceAdmin(CatalogAdmin):
    list_display = ("code", "title", "kind", "publisher", "dated", "retrieved_on", "link")
    list_filter = ("kind",)
    search_fields = ("code", "title", "publisher", "author")
    date_hierarchy = "published_on"
    fixed_fields = ("code",)
    readonly_fields = ("link",)
    link = staticmethod(link_found)
    fieldsets = (
        (None, {"fields": ("code", "title", "kind", "publisher", "author", "url", "link")}),
        (
            "When",
            {
                "fields": (("published_on", "edition"), "retrieved_on"),
                "description": "Give the day, or the edition where no day is given. A source with neither is undated.",
            },
        ),
        ("What it is good for", {"fields": ("good_for",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return with_link_found(super().get_queryset(request))


@admin.register(Correction)
class CorrectionAdmin(CatalogAdmin):
    list_display = ("where", "stated", "kind", "certainty", "order")
    list_display_links = ("where", "stated")
    list_editable = ("order",)
    list_filter = ("kind", "certainty", "sources", "roles")
    search_fields = ("slug", "where", "stated", "found")
    prepopulated_fields = {"slug": ("where",)}
    autocomplete_fields = ("sources", "roles", "resources")
    fieldsets = (
        (None, {"fields": ("slug", "where", ("kind", "certainty"), "order")}),
        (
            "What is stated, what we found",
            {"fields": ("stated", "found"), "description": "In our own words: facts, not sentences of the source."},
        ),
        ("Where it shows", {"fields": ("sources", "roles", "resources")}),
    )
