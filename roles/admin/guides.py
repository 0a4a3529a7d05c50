"""Guides and what they show: sections, short answers, and the parts of the degree guide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from roles.admin.base import CLAIM, Cards, CatalogAdmin
from roles.models import (
    AccreditationStep,
    Accreditor,
    AdmissionCriterion,
    Certification,
    CostItem,
    CourseworkArea,
    DegreeOption,
    Guide,
    GuideAnswer,
    GuideSection,
    ProgramCheck,
)


class SectionInline(Cards):
    model = GuideSection
    verbose_name = "section"
    verbose_name_plural = "sections"
    fields = (("order", "shows"), ("short_title", "slug"), "title", "body", "statistics")
    autocomplete_fields = ("statistics",)
    many = ("statistics",)


class AnswerInline(Cards):
    model = GuideAnswer
    verbose_name = "short answer"
    verbose_name_plural = "short answers"
    classes = ("collapse",)
    fieldsets = ((None, {"fields": (("order", "slug"), "question", "answer")}), CLAIM)


@admin.register(Guide)
class GuideAdmin(CatalogAdmin):
    list_display = ("title", "slug", "order", "source")
    list_editable = ("order",)
    list_select_related = ("source",)
    search_fields = ("title", "slug", "lead")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("sources",)
    inlines = (SectionInline, AnswerInline)
    fieldsets = (
        (None, {"fields": ("title", "slug", "order", "lead")}),
        ("Before the first section", {"fields": ("intro", "orientation", "sources")}),
        CLAIM,
    )


@admin.register(DegreeOption)
class DegreeOptionAdmin(CatalogAdmin):
    list_display = ("name", "axis", "order", "tuition", "months", "verification")
    list_editable = ("order",)
    list_filter = ("axis",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", ("axis", "order"), "text", "suits")}),
        (
            "Tuition and time",
            {
                "fields": (("tuition_min", "tuition_max"), ("months_min", "months_max", "approximate")),
                "description": "US dollars for the whole program. Leave empty what nobody states.",
            },
        ),
        ("For and against", {"fields": ("pros", "cons")}),
        CLAIM,
    )


@admin.register(AdmissionCriterion)
class AdmissionCriterionAdmin(CatalogAdmin):
    list_display = ("name", "kind", "order", "strength", "verification")
    list_editable = ("order",)
    search_fields = ("name", "text")
    fixed_fields = ("kind",)
    autocomplete_fields = ("statistic",)
    fieldsets = (
        (None, {"fields": ("name", ("kind", "order", "strength"), "text")}),
        ("Where a number is asked", {"fields": (("comparator", "value", "scale"), "statistic")}),
        CLAIM,
    )


@admin.register(Accreditor)
class AccreditorAdmin(CatalogAdmin):
    list_display = ("abbreviation", "name", "level", "order", "source")
    list_display_links = ("abbreviation", "name")
    list_editable = ("order",)
    list_select_related = ("source",)
    search_fields = ("abbreviation", "name", "slug")
    prepopulated_fields = {"slug": ("abbreviation",)}
    fieldsets = (
        (None, {"fields": (("abbreviation", "order"), "name", "slug", "level", "applies_to", "text", "url")}),
        CLAIM,
    )


@admin.register(AccreditationStep)
class AccreditationStepAdmin(CatalogAdmin):
    list_display = ("title", "order", "where")
    list_editable = ("order",)
    search_fields = ("title", "text")
    fieldsets = ((None, {"fields": ("title", "order", "text", "where", "url")}), CLAIM)


@admin.register(CourseworkArea)
class CourseworkAreaAdmin(CatalogAdmin):
    list_display = ("name", "tier", "order")
    list_editable = ("order",)
    list_filter = ("tier",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("share", "skills", "tools")
    fieldsets = ((None, {"fields": ("name", "slug", ("tier", "order"), "text", "share", "skills", "tools")}), CLAIM)


@admin.register(CostItem)
class CostItemAdmin(CatalogAdmin):
    list_display = ("name", "kind", "amount", "residency", "order")
    list_editable = ("order",)
    list_filter = ("kind",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", ("kind", "order"), "text")}),
        (
            "Amount",
            {
                "fields": (("amount_min", "amount_max", "approximate"), "residency"),
                "description": "US dollars for the whole program.",
            },
        ),
        CLAIM,
    )


@admin.register(Certification)
class CertificationAdmin(CatalogAdmin):
    list_display = ("name", "abbreviation", "issuer", "standing", "order")
    list_editable = ("order",)
    list_filter = ("standing",)
    search_fields = ("name", "abbreviation", "issuer", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("alternatives", "skills")
    fieldsets = (
        (None, {"fields": ("name", "slug", ("abbreviation", "order"), "issuer", "url")}),
        ("What it is worth", {"fields": ("standing", "aims", "focus", "text", "alternatives", "skills")}),
        CLAIM,
    )

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "aims":
            return forms.MultipleChoiceField(
                choices=Certification.Aim.choices, widget=forms.CheckboxSelectMultiple, label="Aims"
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(ProgramCheck)
class ProgramCheckAdmin(CatalogAdmin):
    list_display = ("text", "group", "order")
    list_editable = ("order",)
    list_filter = ("group",)
    search_fields = ("text", "why", "slug")
    prepopulated_fields = {"slug": ("text",)}
    fieldsets = ((None, {"fields": ("text", "slug", ("group", "order"), "why")}), CLAIM)
