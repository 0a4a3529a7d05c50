"""What is learned, and what it is learned from: skills, tools, resources."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from roles.admin.base import CatalogAdmin, Rows
from roles.admin.links import link_found, with_link_found
from roles.models import PhaseResource, Resource, Skill, Tool


@admin.register(Skill)
class SkillAdmin(CatalogAdmin):
    list_display = ("name", "category", "coding", "goal_count")
    list_editable = ("category", "coding")
    list_filter = ("category", "coding")
    search_fields = ("name", "aliases", "summary")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "aliases", ("category", "coding"))}),
        ("The guide", {"fields": ("summary", "what", "why_in_care", "exercise", "pitfalls")}),
        ("Where it stands", {"fields": ("builds_on", "sources", "also_met_in")}),
    )
    autocomplete_fields = ("builds_on", "sources")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        rows: QuerySet[Skill] = super().get_queryset(request)
        return rows.annotate(goal_total=Count("goals"))

    @admin.display(description="goals", ordering="goal_total")
    def goal_count(self, skill: Skill) -> int:
        return int(skill.goal_total)  # type: ignore[attr-defined]


@admin.register(Tool)
class ToolAdmin(CatalogAdmin):
    list_display = ("name", "kind", "license", "vendor")
    list_filter = ("kind", "license")
    search_fields = ("name", "aliases", "vendor", "summary")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("skills", "sources")
    fieldsets = (
        (None, {"fields": ("name", "slug", "aliases", ("kind", "license"), "vendor", "url")}),
        ("The guide", {"fields": ("summary", "status_note", "what", "why_in_care", "exercise", "pitfalls")}),
        ("What it belongs to", {"fields": ("skills", "sources")}),
    )


class PhasesThatUseIt(Rows):
    model = PhaseResource
    verbose_name_plural = "phases that use it"
    fields = ("phase", "order", "note", "as_stated")
    autocomplete_fields = ("phase",)
    one = ("phase__role", "resource")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):  # type: ignore[no-untyped-def]
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "phase":
            field.queryset = field.queryset.select_related("role").defer("role__blueprint")
        return field


@admin.register(Resource)
class ResourceAdmin(CatalogAdmin):
    list_display = ("title", "kind", "provider", "cost", "access", "status", "link", "phase_count")
    list_editable = ("status",)
    list_filter = ("kind", "cost", "access", "status")
    search_fields = ("title", "as_stated", "provider", "authors", "slug")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("skills", "tools")
    readonly_fields = ("link",)
    inlines = (PhasesThatUseIt,)
    link = staticmethod(link_found)
    fieldsets = (
        (None, {"fields": ("title", "slug", "kind", "url", "link")}),
        ("Where it comes from", {"fields": ("provider", "authors", ("year", "venue"), "doi", "as_stated")}),
        (
            "What a learner needs to know",
            {
                "fields": (("cost", "access", "status"), "summary", "note"),
                "description": "Phases show cost, access and status beside the link, from the next publication on.",
            },
        ),
        ("What it teaches", {"fields": ("skills", "tools")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        rows: QuerySet[Resource] = super().get_queryset(request)
        return with_link_found(rows.annotate(phase_total=Count("phase_links")))

    @admin.display(description="phases", ordering="phase_total")
    def phase_count(self, resource: Resource) -> int:
        return int(resource.phase_total)  # type: ignore[attr-defined]
