from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest

from roles.admin.base import CLAIM, Cards, CatalogAdmin, Rows
from roles.models import (
    CareerLevel,
    DaySlot,
    Phase,
    Role,
    RoleFaq,
    RoleFit,
    RoleMetric,
    RolePoint,
    RoleRequirement,
    RoleSector,
    SalaryObservation,
)


class PhaseInline(Rows):
    """The roadmap at a glance. Phases are added and filled on their own pages."""

    model = Phase
    fields = ("order", "title", "kind", "weeks", "retired")
    one = ("role",)
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LevelInline(Rows):
    model = CareerLevel
    verbose_name = "level"
    verbose_name_plural = "career ladder (titles and duties: “Change”)"
    fields = (
        "order",
        "years_min",
        "years_max",
        "salary_min",
        "salary_max",
        "open_top",
        "source",
        "verification",
    )
    one = ("role",)
    show_change_link = True


class PointInline(Cards):
    model = RolePoint
    verbose_name = "point"
    verbose_name_plural = "what is true of the job"
    classes = ("collapse",)
    fieldsets = ((None, {"fields": (("kind", "order"), "text")}), CLAIM)


class RequirementInline(Cards):
    model = RoleRequirement
    verbose_name = "requirement"
    verbose_name_plural = "what it asks for, where no roadmap says it"
    classes = ("collapse",)
    fieldsets = ((None, {"fields": (("order", "strength", "skill"), "text")}), CLAIM)
    autocomplete_fields = ("skill",)
    one = ("skill",)


class PayInline(Cards):
    model = SalaryObservation
    verbose_name = "pay figure"
    verbose_name_plural = "pay without a level"
    classes = ("collapse",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("order", "measure", "low", "high"),
                    ("open_top", "approximate"),
                    ("geography", "currency", "period", "period_assumed"),
                )
            },
        ),
        CLAIM,
    )


class SectorInline(Rows):
    model = RoleSector
    verbose_name = "employer"
    verbose_name_plural = "who employs them"
    classes = ("collapse",)
    fields = ("order", "employer", "purpose")


class FitInline(Rows):
    model = RoleFit
    verbose_name = "kind of person"
    verbose_name_plural = "whom the role suits"
    classes = ("collapse",)
    fields = ("polarity", "order", "text", "note")


class DayInline(Rows):
    model = DaySlot
    verbose_name = "hour"
    verbose_name_plural = "a typical day"
    classes = ("collapse",)
    fields = ("time", "text", "skills")
    many = ("skills",)
    autocomplete_fields = ("skills",)


class MetricInline(Cards):
    model = RoleMetric
    verbose_name = "metric"
    verbose_name_plural = "metrics"
    classes = ("collapse",)
    fieldsets = (
        (None, {"fields": (("metric", "better"), ("value", "scale_max", "unit"), "word")}),
        CLAIM,
    )


class FaqInline(Cards):
    model = RoleFaq
    verbose_name = "question"
    verbose_name_plural = "questions people ask"
    classes = ("collapse",)
    fieldsets = ((None, {"fields": (("topic", "order"), "question", "answer", "source_says")}),)


@admin.register(Role)
class RoleAdmin(CatalogAdmin):
    list_display = ("name", "profile", "order", "difficulty", "months_to_ready", "phase_count", "is_published")
    list_editable = ("order",)
    list_filter = ("profile", "difficulty", "entry_barrier", "coding_required", "remote_friendly")
    search_fields = ("name", "short_name", "slug", "tagline")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("named_skills",)
    inlines = (
        PhaseInline,
        LevelInline,
        PayInline,
        PointInline,
        RequirementInline,
        SectorInline,
        FitInline,
        DayInline,
        MetricInline,
        FaqInline,
    )
    fieldsets = (
        (None, {"fields": ("name", "short_name", "slug", ("profile", "order"))}),
        ("What the job is", {"fields": ("tagline", "summary", "named_skills")}),
        (
            "Ways in",
            {
                "fields": (
                    ("difficulty", "entry_barrier"),
                    ("coding_required", "remote_friendly"),
                    ("months_to_ready", "months_approximate"),
                ),
                "description": "A full profile states all of these. Leave empty what nobody states.",
            },
        ),
        CLAIM,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        published = ExpressionWrapper(Q(blueprint__isnull=False), output_field=BooleanField())
        rows: QuerySet[Role] = super().get_queryset(request).defer("blueprint")
        return rows.annotate(phase_total=Count("phases", filter=Q(phases__retired=False)), published=published)

    @admin.display(description="phases", ordering="phase_total")
    def phase_count(self, role: Role) -> int:
        return int(role.phase_total)  # type: ignore[attr-defined]

    @admin.display(description="roadmap published", boolean=True, ordering="published")
    def is_published(self, role: Role) -> bool:
        return bool(role.published)  # type: ignore[attr-defined]
