from __future__ import annotations

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from interviews import start  # noqa: F401  (what the start page shows)
from interviews.models import Question, SampleAnswer
from roles.admin.base import Cards, CatalogAdmin
from roles.models import Role


class SampleAnswerInline(Cards):
    model = SampleAnswer
    extra = 0
    fields = ("number", "text", ("substance", "reasoning", "grounding", "delivery"), "why")


@admin.register(Question)
class QuestionAdmin(CatalogAdmin):
    list_display = ("prompt", "category", "level", "for_roles", "preview", "retired", "order")
    list_editable = ("order", "preview")
    list_filter = ("roles", "category", "level", "preview", "retired", "origin")
    search_fields = ("slug", "prompt", "model_answer", "key_points", "skills__name")
    autocomplete_fields = ("roles", "skills", "source", "references")
    inlines = (SampleAnswerInline,)
    # A preview shows it as somebody who signed in reads it, answer and all; visitors read a few.
    shown_to_learners = True
    fieldsets = (
        (None, {"fields": ("slug", "roles", "guide", ("category", "level"), ("preview", "order"))}),
        (
            "Question and answer",
            {
                "fields": ("prompt", "model_answer", "key_points", "follow_up"),
                "description": "Key points are what a good answer makes: learners tick them off against their own.",
            },
        ),
        ("What it asks for", {"fields": ("skills",)}),
        (
            "In practice",
            {
                "fields": (("version", "retired"), "family"),
                "description": "Raise the version only when the question means something else: it falls due for all.",
            },
        ),
        ("Where it comes from", {"classes": ("collapse",), "fields": (("origin", "source"), "references")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).prefetch_related(Prefetch("roles", Role.objects.defer("blueprint")))

    @admin.display(description="roles")
    def for_roles(self, question: Question) -> str:
        return ", ".join(role.short_name for role in question.roles.all())
