"""Publications with their desk; and, for superusers, where learners stand."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime, now

from accounts.looking_up import LearnerDataAdmin, ReadOnlyAdmin
from roadmaps import desk, goal_desk, start  # noqa: F401  (start: what the start page shows)
from roadmaps.diffs import Change, summary
from roadmaps.models import Enrolment, GoalState, Publication
from roadmaps.previewing import milestone_preview_url, preview_url
from roadmaps.publishing import obstacle_to_withdrawing
from roles.admin.previewing import show_at
from roles.models import Goal, Milestone, Phase

# Readers see what was published; a preview of these is one of the draft.
show_at(Phase, lambda phase: preview_url(phase.role, now=now()))
show_at(Goal, lambda goal: preview_url(goal.phase.role, now=now()))
show_at(Milestone, lambda milestone: milestone_preview_url(milestone, now=now()))


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Immutable: what was published stays. New ones are made at the desk."""

    list_display = (
        "role",
        "edition",
        "number",
        "kind",
        "what_changed",
        "note",
        "published_at",
        "published_by",
        "withdrawn_at",
    )
    list_display_links = ("role", "edition", "number")
    list_filter = ("role", "kind")
    list_select_related = ("role", "published_by")
    date_hierarchy = "published_at"
    ordering = ("-published_at", "-number")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("role", "edition", "number", "kind", "note", "published_at", "published_by"),
                    "taking_back",
                )
            },
        ),
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
            path("plans/<int:number>/cancel/", view(desk.plan_cancel), name="roadmaps_plan_cancel"),
            path("goals/merge/", view(goal_desk.goal_merge), name="roadmaps_goal_merge"),
            *(
                path(f"goals/<int:number>/{act}/", view(page), name=f"roadmaps_goal_{act}")
                for act, page in (
                    ("retire", goal_desk.goal_retire),
                    ("replace", goal_desk.goal_replace),
                    ("split", goal_desk.goal_split),
                )
            ),
            path("<int:number>/withdraw/", view(desk.publication_withdraw), name="roadmaps_publication_withdraw"),
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

    @admin.display(description="taking it back")
    def taking_back(self, publication: Publication) -> SafeString | str:
        if publication.withdrawn_at is not None:
            by = publication.withdrawn_by.name if publication.withdrawn_by else "somebody who has left"
            return f"Taken back by {by} on {localtime(publication.withdrawn_at):%Y-%m-%d, %H:%M}."
        if reason := obstacle_to_withdrawing(publication):
            return reason
        address = reverse("admin:roadmaps_publication_withdraw", args=[publication.pk])
        return format_html('<a href="{}">Take it back, while nobody follows it</a>', address)

    @admin.display(description="phases and goals")
    def outline(self, publication: Publication) -> SafeString:
        return render_to_string("admin/roadmaps/outline.html", {"roadmap": publication.roadmap})

    def view_on_site(self, publication: Publication) -> str:
        return reverse("roadmaps:publication_list", args=[publication.role.slug])


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
