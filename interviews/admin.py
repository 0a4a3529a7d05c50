from __future__ import annotations

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from interviews.models import Question
from roles.admin.base import CatalogAdmin
from roles.models import Role


@admin.register(Question)
class QuestionAdmin(CatalogAdmin):
    list_display = ("prompt", "category", "level", "for_roles", "preview", "order")
    list_editable = ("order", "preview")
    list_filter = ("roles", "category", "level", "preview", "origin")
    search_fields = ("slug", "prompt", "model_answer", "key_points", "skills__name")
    autocomplete_fields = ("roles", "skills", "source")
    fieldsets = (
        (None, {"fields": ("slug", "roles", "guide", ("category", "level"), ("preview", "order"))}),
        (
            "Question and answer",
            {
                "fields": ("prompt", "model_answer", "key_points"),
                "description": "Key points are what a good answer makes: learners tick them off against their own.",
            },
        ),
        ("What it asks for", {"fields": ("skills",)}),
        ("Where it comes from", {"classes": ("collapse",), "fields": (("origin", "source"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).prefetch_related(Prefetch("roles", Role.objects.defer("blueprint")))

    @admin.display(description="roles")
    def for_roles(self, question: Question) -> str:
        return ", ".join(role.short_name for role in question.roles.all())
