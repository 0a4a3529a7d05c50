"""Reviews for staff to look up: threads with all that happened, decisions, and who looked at whose work."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.looking_up import LearnerDataAdmin
from mentoring.admin.acts import thread_force_release, thread_reopen
from mentoring.models import Decision, Event, Look, State, Thread
from mentoring.pooling import with_nobody


class EventInline(admin.TabularInline):  # type: ignore[type-arg]  # the class is not generic at run time
    """Everything that ever happened to the thread."""

    model = Event
    extra = 0
    can_delete = False
    fields = ("at", "actor", "what", "submission", "reason")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).select_related("actor", "submission")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WhoFilter(admin.SimpleListFilter):
    """Whether anybody who is here may take it."""

    title = "who may take it"
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nobody", "Nobody who is here")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Thread]) -> QuerySet[Thread]:
        if self.value() == "nobody":
            return queryset.filter(pk__in=with_nobody(timezone.now()).values("pk"))
        return queryset


_RESERVED = ("reserved_for", "reserved_until")


@admin.register(Thread)
class ThreadAdmin(LearnerDataAdmin):
    list_display = ("id", "address", "role", "kind", "state", "number", "holder", "queued_from", "changed_at")
    list_filter = ("state", WhoFilter)
    list_select_related = ("learner", "role", "holder")
    search_fields = ("id__exact", "learner__email__exact", "learner__id__exact", "holder__email__exact")
    search_help_text = "A learner's or a holder's whole address, a learner's number, or the thread's number."
    inlines = (EventInline,)
    fieldsets = (
        (None, {"fields": ("learner", "role", "kind", "subject", "state", "number", "acts")}),
        (
            "With mentors",
            {"fields": ("cohort", ("holder", "claimed_at", "lease_until"), ("reserved_for", "reserved_until"))},
        ),
        ("Waiting", {"fields": ("queued_from", "pooled_from", "waited", "excluded")}),
        ("For the record", {"fields": ("approval", "created_at", "changed_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thread]:
        return super().get_queryset(request).defer("role__blueprint")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:number>/release/", view(thread_force_release), name="mentoring_thread_release"),
            path("<int:number>/reopen/", view(thread_reopen), name="mentoring_thread_reopen"),
            *super().get_urls(),
        ]

    @admin.display(description="learner")
    def address(self, thread: Thread) -> str:
        return thread.learner.email

    @admin.display(description="what staff can do")
    def acts(self, thread: Thread) -> SafeString | str:
        if thread.state == State.CLAIMED:
            address = reverse("admin:mentoring_thread_release", args=[thread.pk])
            return format_html('<a href="{}">Put it back into the queue, with a reason</a>', address)
        if thread.state == State.APPROVED:
            address = reverse("admin:mentoring_thread_reopen", args=[thread.pk])
            return format_html('<a href="{}">Take the approval back, with a reason</a>', address)
        return "–"


@admin.register(Decision)
class DecisionAdmin(LearnerDataAdmin):
    list_display = ("id", "address", "ruling", "mentor_name", "decided_at")
    list_filter = ("ruling",)
    list_select_related = ("submission__thread__learner",)
    search_fields = ("id__exact", "submission__thread__learner__email__exact", "mentor__email__exact")
    search_help_text = "A learner's or a mentor's whole address, or the decision's number."
    fields = ("submission", "ruling", "mentor", "mentor_name", "decided_at", "text", "next_step")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).defer("frozen", "submission__asked")

    @admin.display(description="learner")
    def address(self, decision: Decision) -> str:
        return decision.submission.thread.learner.email


@admin.register(Look)
class LookAdmin(LearnerDataAdmin):
    list_display = ("id", "address", "viewer_name", "what", "submission", "at")
    list_filter = ("what",)
    list_select_related = ("learner", "submission")
    search_fields = ("learner__email__exact", "viewer__email__exact", "learner__id__exact")
    search_help_text = "The whole address of whoever was looked at, or of whoever looked."
    fields = ("learner", "viewer", "viewer_name", "what", "submission", "at")

    @admin.display(description="learner")
    def address(self, look: Look) -> str:
        return look.learner.email
