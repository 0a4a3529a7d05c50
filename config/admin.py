"""The admin site: sign-in by the site's own pages, models in the order in which editors work, and the log."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest

# What is named here comes first, in this order; everything else follows by name.
_APPS = ("roles", "roadmaps", "interviews", "accounts")
_MODELS = (
    "Role",
    "CareerLevel",
    "Phase",
    "Goal",
    "Milestone",
    "Skill",
    "Tool",
    "Resource",
    "Source",
    "Correction",
    "Publication",
    "Enrolment",
    "GoalState",
    "Question",
    "User",
)


class RoundsAdminSite(admin.AdminSite):
    site_header = "Rounds admin"
    site_title = "Rounds admin"
    index_title = "Content and people"
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Second factors, rate limits and passkeys hold here too.
        self.login = secure_admin_login(self.login)  # type: ignore[method-assign]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        for app in found:
            app["models"].sort(key=lambda model: _rank(_MODELS, model["object_name"]))
        return sorted(found, key=lambda app: _rank(_APPS, app["app_label"]))


def _rank(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


@admin.register(LogEntry)
class LogEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class is not generic at run time
    """Who did what in the admin. Nobody edits it."""

    list_display = ("action_time", "user", "said", "content_type", "object_repr")
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    search_fields = ("user__email", "object_repr")
    date_hierarchy = "action_time"
    fields = ("action_time", "user", "content_type", "object_repr", "said")
    list_per_page = 50

    @admin.display(description="what")
    def said(self, entry: LogEntry) -> str:
        return entry.get_change_message() or entry.get_action_flag_display()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
