"""The market: figures, companies, use cases, ways in, what healthcare adds, what is hard."""

from __future__ import annotations

from django.contrib import admin

from roles.admin.base import CLAIM, Cards, CatalogAdmin, Rows
from roles.models import (
    Challenge,
    Company,
    CompanyListing,
    EntryPath,
    EntryStep,
    MarketDriver,
    SkillArea,
    SkillAreaPoint,
    Statistic,
    UseCase,
    UseCaseCompany,
    UseCaseSkill,
    UseCaseSolution,
)


@admin.register(Statistic)
class StatisticAdmin(CatalogAdmin):
    list_display = ("subject", "shown", "horizon", "geography", "topic", "source", "verification", "order")
    list_editable = ("order",)
    list_select_related = ("source",)
    list_filter = ("topic", "verification", "source")
    search_fields = ("slug", "subject", "scope", "attributed_to")
    prepopulated_fields = {"slug": ("subject",)}
    autocomplete_fields = ("better_value", "role")
    fieldsets = (
        (None, {"fields": ("subject", "slug", ("topic", "order"))}),
        (
            "The figure",
            {
                "fields": (("comparator", "value_low", "value_high", "unit"), ("horizon", "geography"), "scope"),
                "description": "Leave empty what the source does not say: pages then say that it does not.",
            },
        ),
        ("Who is cited, and what is better", {"fields": ("attributed_to", "better_value", "role")}),
        CLAIM,
    )


class ListingInline(Rows):
    model = CompanyListing
    verbose_name = "category"
    verbose_name_plural = "categories"
    fields = ("category", "order", "focus", "source", "verification")


@admin.register(Company)
class CompanyAdmin(CatalogAdmin):
    list_display = ("name", "status", "status_date", "parent", "verification")
    list_select_related = ("parent",)
    list_filter = ("status", "listings__category", "use_cases")
    search_fields = ("name", "aliases", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)
    inlines = (ListingInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "aliases", "url")}),
        ("What has become of it", {"fields": (("status", "status_date"), "status_note", "parent")}),
        ("What it does", {"fields": ("note",)}),
        CLAIM,
    )


class SolutionInline(Cards):
    model = UseCaseSolution
    verbose_name = "solution"
    verbose_name_plural = "what AI does about it"
    fields = (("order", "name"), "text")


class SkillLinkInline(Rows):
    model = UseCaseSkill
    verbose_name = "skill"
    verbose_name_plural = "what it asks for"
    fields = ("order", "as_stated", "skill")
    autocomplete_fields = ("skill",)
    one = ("skill",)


class CompanyLinkInline(Rows):
    model = UseCaseCompany
    verbose_name = "company"
    verbose_name_plural = "who is named for it"
    fields = ("order", "company", "as_stated")
    autocomplete_fields = ("company",)
    one = ("company",)


@admin.register(UseCase)
class UseCaseAdmin(CatalogAdmin):
    list_display = ("name", "order", "summary", "verification")
    list_editable = ("order",)
    search_fields = ("name", "slug", "summary")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("statistics", "roles")
    inlines = (SolutionInline, SkillLinkInline, CompanyLinkInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "order", "summary")}),
        ("The page", {"fields": ("problem", "statistics", "body", "roles")}),
        CLAIM,
    )


class StepInline(Cards):
    model = EntryStep
    verbose_name = "step"
    verbose_name_plural = "steps"
    fields = (("order", "title"), "text", "skills")
    autocomplete_fields = ("skills",)
    many = ("skills",)


@admin.register(EntryPath)
class EntryPathAdmin(CatalogAdmin):
    list_display = ("title", "slug", "order", "audience")
    list_editable = ("order",)
    search_fields = ("title", "slug", "audience")
    autocomplete_fields = ("roles",)
    inlines = (StepInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", "order", "audience")}),
        ("The text", {"fields": ("summary", "body")}),
        ("Where it leads", {"fields": ("roles", "query")}),
        CLAIM,
    )


class AreaPointInline(Cards):
    model = SkillAreaPoint
    verbose_name = "point"
    verbose_name_plural = "points"
    fieldsets = ((None, {"fields": (("aspect", "order"), "text")}), CLAIM)


@admin.register(SkillArea)
class SkillAreaAdmin(CatalogAdmin):
    list_display = ("name", "order", "required")
    list_editable = ("order", "required")
    search_fields = ("name", "slug", "summary")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("skills",)
    inlines = (AreaPointInline,)
    fieldsets = ((None, {"fields": ("name", "slug", ("order", "required"), "summary", "skills")}), CLAIM)


@admin.register(Challenge)
class ChallengeAdmin(CatalogAdmin):
    list_display = ("name", "group", "order")
    list_editable = ("order",)
    list_filter = ("group",)
    search_fields = ("name", "text")
    autocomplete_fields = ("skills",)
    fieldsets = ((None, {"fields": ("name", ("group", "order"), "text", "skills")}), CLAIM)


@admin.register(MarketDriver)
class MarketDriverAdmin(CatalogAdmin):
    list_display = ("name", "order", "use_case")
    list_editable = ("order",)
    list_select_related = ("use_case",)
    search_fields = ("name", "text")
    fieldsets = ((None, {"fields": ("name", "order", "text", "use_case")}), CLAIM)
