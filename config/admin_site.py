"""The admin site: sign-in by the site's own pages, a start page for editors, models in the order in which they work."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.access import LearnerRequest
from accounts.careful import for_staff
from roles.history.acting import by_whoever_asks

# What is named here comes first, in this order; everything else follows by name.
_APPS = ("roles", "roadmaps", "mentoring", "interviews", "badges", "accounts")
# Small apps about signing in, shown as part of the accounts.
_WITH_ACCOUNTS = {"account", "auth", "mfa", "socialaccount", "usersessions"}
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
    "KnownFinding",
    "LinkCheck",
    "Publication",
    "Enrolment",
    "GoalState",
    "Mentor",
    "Cohort",
    "Thread",
    "Decision",
    "Look",
    "Question",
    "User",
)


class RoundsAdminSite(admin.AdminSite):
    site_header = "Rounds admin"
    site_title = "Rounds admin"
    index_title = "Content desk"
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Second factors, rate limits and passkeys hold here too.
        self.login = secure_admin_login(self.login)  # type: ignore[method-assign]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whatever is changed by a page of the admin is changed by its person, from there."""
        return super().admin_view(by_whoever_asks(view), cacheable)

    def get_urls(self) -> list[Any]:
        # The pages know this site.
        from roles.admin.exchange import exchange_urls
        from roles.admin.history import history_urls

        return [*history_urls(self), *exchange_urls(self), *super().get_urls()]

    @for_staff
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What needs care, and the way to all content: each app brings its part. The rest stays a list of tables."""
        from roles.models import CatalogVersion
        from roles.start.concerns import Asked, looked_at, needing_care
        from roles.start.shelves import on_shelves, role_shelves, themes

        user = cast(LearnerRequest, request).user
        asked = Asked(user, timezone.now(), CatalogVersion.current())
        found, placed = looked_at(asked), on_shelves()
        rest = self.get_app_list(request)
        for app in rest:
            app["models"] = [each for each in app["models"] if each["model"] not in placed]
        context = {
            "care": needing_care(found),
            "well": [each for each in found if not each.count and not each.is_news],
            "news": [each for each in found if each.is_news],
            "role_shelves": role_shelves(asked),
            "themes": themes(user),
            "rest": [app for app in rest if app["models"]],
        }
        return super().index(request, context | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        accounts = next((app for app in found if app["app_label"] == "accounts"), None)
        if accounts:
            for app in found:
                if app["app_label"] in _WITH_ACCOUNTS:
                    accounts["models"] += app["models"]
            found = [app for app in found if app["app_label"] not in _WITH_ACCOUNTS]
        for app in found:
            app["models"].sort(key=lambda model: _rank(_MODELS, model["object_name"]))
        return sorted(found, key=lambda app: _rank(_APPS, app["app_label"]))


def _rank(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)
