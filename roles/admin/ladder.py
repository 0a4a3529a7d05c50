from __future__ import annotations

from django.contrib import admin

from roles.admin.base import CLAIM, CatalogAdmin, Rows
from roles.models import CareerLevel, LevelDuty, LevelTitle


class TitleInline(Rows):
    model = LevelTitle
    verbose_name = "title"
    verbose_name_plural = "titles"
    fields = ("order", "title", "note")


class DutyInline(Rows):
    model = LevelDuty
    verbose_name = "duty"
    verbose_name_plural = "duties"
    fields = ("order", "text")


@admin.register(CareerLevel)
class CareerLevelAdmin(CatalogAdmin):
    list_display = ("role", "order", "years", "pay", "source", "verification")
    list_display_links = ("role", "order")
    list_select_related = ("role", "source")
    list_filter = ("role", "order", "verification")
    search_fields = ("role__name", "titles__title")
    ordering = ("role__order", "order")
    fixed_fields = ("role",)
    autocomplete_fields = ("role",)
    inlines = (TitleInline, DutyInline)
    fieldsets = (
        (None, {"fields": ("role", "order")}),
        (
            "Years",
            {
                "fields": (("years_min", "years_max"),),
                "description": "With exactly as many years as a level ends, one stands on the next.",
            },
        ),
        (
            "Pay",
            {
                "fields": (("salary_min", "salary_max", "open_top"), ("currency", "period")),
                "description": "Whole units, as the source states them.",
            },
        ),
        CLAIM,
    )

    def view_on_site(self, level: CareerLevel) -> str:
        return level.role.get_absolute_url()
