from __future__ import annotations

from typing import Any

# The worker registers its own pages when this is imported. They know no policy of ours, and could change its schedule,
# which stands in the code; what became of mail is on the page of notifications.
import django_ox.admin  # noqa: F401
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django_ox.models import OxSchedule, OxTask

admin.site.unregister([OxSchedule, OxTask])


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
