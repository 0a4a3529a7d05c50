"""Publications with their desk; and, for superusers, where learners stand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from roadmaps import desk
from roadmaps.diffs import Change, summary
from roadmaps.models import Enrolment, GoalState, Publication

_EXACT_UP_TO = 100_000  # rows; beyond, counting takes longer than anybody waits


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class is not generic at run time
    """Rows that the product writes. The admin only shows them."""

    list_per_page = 50
    empty_value_display = "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Immutable: what was published stays. New ones are made at the desk."""

    list_display = ("role", "edition", "number", "kind", "what_changed", "note", "published_at", "published_by")
    list_display_links = ("role", "edition", "number")
    list_filter = ("role", "kind")
    list_select_related = ("role", "published_by")
    date_hierarchy = "published_at"
    ordering = ("-published_at", "-number")
    fieldsets = (
        (None, {"fields": ("role", "edition", "number", "kind", "note", "published_at", "published_by")}),
        ("What changed", {"fields": ("changes_shown",)}),
        ("The whole roadmap", {"classes": ("collapse",), "fields": ("outline",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return super().get_queryset(request).defer("snapshot", "role__blueprint")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("publish/", view(desk.publication_desk), name="roadmaps_publication_desk"),
            path("publish/<int:role_id>/", view(desk.publication_publish), name="roadmaps_publication_publish"),
            *super().get_urls(),
        ]

    @admin.display(description="what changed")
    def what_changed(self, publication: Publication) -> str:
        return summary(map(Change.from_json, publication.changes))

    @admin.display(description="compared with the publication before")
    def changes_shown(self, publication: Publication) -> SafeString | str:
        changes = [Change.from_json(change) for change in publication.changes]
        if not changes:
            return self.get_empty_value_display()
        return render_to_string("roadmaps/changes.html", {"changes": changes})

    @admin.display(description="phases and goals")
    def outline(self, publication: Publication) -> SafeString:
        return render_to_string("admin/roadmaps/outline.html", {"roadmap": publication.roadmap})

    def view_on_site(self, publication: Publication) -> str:
        return reverse("roadmaps:publication_list", args=[publication.role.slug])


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # the class is not generic at run time
    """Counts a whole table by the database's own estimate once it is large."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Model] = self.object_list  # type: ignore[assignment]
        if not rows.query.where:
            estimate = _estimated_rows(rows.model._meta.db_table)
            if estimate > _EXACT_UP_TO:
                return estimate
        return rows.count()


def _estimated_rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


class LearnerDataAdmin(ReadOnlyAdmin):
    """For superusers, who look somebody up because that person asked. No lists to browse by name."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    ordering = ("-pk",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # Addresses are stored in lower case: so the search can use their index.
        return super().get_search_results(request, queryset, search_term.lower())


@admin.register(Enrolment)
class EnrolmentAdmin(LearnerDataAdmin):
    list_display = ("id", "learner_address", "role", "follows_from", "started_at", "left_at")
    list_select_related = ("learner", "role", "publication")
    search_fields = ("id__exact", "learner__id__exact", "learner__email__exact")
    search_help_text = "A learner's whole address, their number, or the enrolment's number."
    fields = ("learner", "role", "publication", "declined", "started_at", "accepted_at", "left_at", "goals")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).defer("role__blueprint", "publication__snapshot", "publication__changes")

    @admin.display(description="learner")
    def learner_address(self, enrolment: Enrolment) -> str:
        return enrolment.learner.email

    @admin.display(description="accepted")
    def follows_from(self, enrolment: Enrolment) -> str:
        return enrolment.publication.label

    @admin.display(description="goals")
    def goals(self, enrolment: Enrolment) -> str:
        address = reverse("admin:roadmaps_goalstate_changelist", query={"enrolment__id__exact": enrolment.pk})
        return format_html('<a href="{}">Goals of this enrolment</a>', address)


@admin.register(GoalState)
class GoalStateAdmin(LearnerDataAdmin):
    list_display = ("id", "learner_address", "goal", "state", "changed_at", "credited_from")
    list_select_related = ("enrolment__learner", "goal", "credited_from")
    search_fields = ("enrolment__id__exact", "enrolment__learner__id__exact", "enrolment__learner__email__exact")
    search_help_text = "A learner's whole address, their number, or an enrolment's number."
    fields = ("enrolment", "goal", "state", "changed_at", "done_at", "credited_from")

    @admin.display(description="learner")
    def learner_address(self, state: GoalState) -> str:
        return state.enrolment.learner.email
