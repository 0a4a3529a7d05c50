"""The publishing desk: what publishing a draft would change, whom that reaches, and the button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import LearnerRequest, staff
from roadmaps.diffs import Change, summary
from roadmaps.models import Enrolment, Plan, Publication
from roadmaps.planning import NotPlannableError, cancel, plan
from roadmaps.previewing import preview_url
from roadmaps.publishing import (
    DraftMovedError,
    NotPublishableError,
    NotWithdrawableError,
    Preview,
    Reach,
    obstacle_to_withdrawing,
    preview,
    publish_as_seen,
    withdraw,
)
from roles.models import Role

PERMISSION = "roadmaps.add_publication"


class PublishForm(forms.Form):
    """Now, or with `at` at a moment to come."""

    note = forms.CharField(
        label="Why",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Learners read it beside the change. One or two sentences; may stay empty.",
    )
    at = forms.DateTimeField(
        label="When",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Give a day and a time."},
    )
    # The draft that the editor has seen. What is published is this one, or nothing.
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Look:
    """The draft of a role's roadmap as the desk shows it."""

    digest: str
    preview: Preview | None
    gaps: tuple[str, ...] = ()

    @property
    def rows(self) -> list[tuple[Reach, list[Change]]]:
        """Each change with its reach, the change once more as the list that `roadmaps/changes.html` shows."""
        return [(reach, [reach.change]) for reach in self.preview.reach] if self.preview else []

    @classmethod
    def at(cls, role: Role) -> Look:
        try:
            shown = preview(role)
        except NotPublishableError as error:
            return cls("", None, tuple(error.reasons))
        if shown is not None:
            return cls(shown.digest, shown)
        newest = Publication.objects.latest_of(role)
        return cls(newest.digest if newest else "", None)


@staff
def publication_desk(request: LearnerRequest) -> HttpResponse:
    """Every role with a draft, and what of it is out."""
    _for_publishers(request)
    return TemplateResponse(
        request, "admin/roadmaps/desk.html", _page("Roadmaps to publish", roles=roles_with_newest(), request=request)
    )


@staff
def publication_publish(request: LearnerRequest, role_id: int) -> HttpResponse:
    """What would change; posted, it does."""
    _for_publishers(request)
    role = get_object_or_404(Role, pk=role_id)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        note, seen = form.cleaned_data["note"], form.cleaned_data["seen"]
        if request.POST.get("do") == "plan":
            return _plan(request, role, form)
        try:
            publication = publish_as_seen(role, by=request.user, note=note, seen=seen)
        except DraftMovedError:
            messages.warning(request, "The draft was edited while you looked at it. Check what it says now.")
        except NotPublishableError:
            messages.warning(request, "The draft cannot be published as it is now.")
        else:
            return _published(request, role, publication)
        form = PublishForm(initial={"note": note})
    return _publishing(request, role, form)


@staff
@require_POST
def plan_cancel(request: LearnerRequest, number: int) -> HttpResponse:
    """Let a planned publication not go out."""
    _for_publishers(request)
    row = get_object_or_404(Plan.objects.select_related("role").defer("role__blueprint"), pk=number)
    cancel(plan=row, now=timezone.now())
    admin.site.get_model_admin(Role).log_change(request, row.role, "Cancelled the planned publication of the roadmap.")
    messages.success(request, "Cancelled. Nothing goes out by itself.")
    return redirect("admin:roadmaps_publication_publish", row.role_id)


@staff
@require_http_methods(["GET", "POST"])
def publication_withdraw(request: LearnerRequest, number: int) -> HttpResponse:
    """Ask first, then take back the newest publication, as long as nobody follows it."""
    _for_publishers(request)
    row = get_object_or_404(Publication.objects.without_snapshots().defer("role__blueprint"), pk=number)
    if request.method == "POST":
        try:
            withdraw(row, by=request.user, now=timezone.now())
        except NotWithdrawableError as error:
            messages.error(request, error.reason)
        else:
            admin.site.get_model_admin(Publication).log_change(request, row, "Taken back.")
            messages.success(request, f"Taken back: {row}. The draft is as it was.")
        return redirect("admin:roadmaps_publication_change", row.pk)
    context = _page(f"Take back {row}", publication=row, obstacle=obstacle_to_withdrawing(row), request=request)
    return TemplateResponse(request, "admin/roadmaps/withdraw.html", context)


def _plan(request: LearnerRequest, role: Role, form: PublishForm) -> HttpResponse:
    """Keep the moment; where something is wrong with it, the page again with all that was typed."""
    given = form.cleaned_data
    if given["at"] is None:
        form.add_error("at", "Choose a day and a time.")
        return _publishing(request, role, form, status=422)
    try:
        made = plan(
            role=role, at=given["at"], seen=given["seen"], note=given["note"], by=request.user, now=timezone.now()
        )
    except NotPlannableError as error:
        form.add_error("at", error.reason)
        return _publishing(request, role, form, status=422)
    said = f"Planned to publish the roadmap on {localtime(made.at):%Y-%m-%d at %H:%M}."
    admin.site.get_model_admin(Role).log_change(request, role, said)
    messages.success(request, f"{said} It goes out as you saw it; if the draft is edited before, it does not.")
    return redirect("admin:roadmaps_publication_publish", role.pk)


def _publishing(request: LearnerRequest, role: Role, form: PublishForm, *, status: int = 200) -> HttpResponse:
    look = Look.at(role)
    form.initial["seen"] = look.digest
    context = _page(
        f"Publish the roadmap of {role.short_name}",
        role=role,
        look=look,
        form=form,
        plan=Plan.objects.of(role).waiting().select_related("planned_by").first(),
        past=Plan.objects.of(role).exclude(state=Plan.State.WAITING).select_related("publication__role").first(),
        zone=request.user.timezone,
        preview_url="" if look.gaps else request.build_absolute_uri(preview_url(role, now=timezone.now())),
        request=request,
    )
    return TemplateResponse(request, "admin/roadmaps/publish.html", context, status=status)


def roles_with_newest() -> QuerySet[Role]:
    """Roles whose roadmap was begun, with the newest publication and the number of learners."""
    newest = Publication.objects.standing().filter(role=OuterRef("pk")).order_by("-number")
    learners = Enrolment.objects.current().filter(role=OuterRef("pk")).order_by().values("role")
    roles: QuerySet[Role] = Role.objects.with_draft().defer("blueprint")
    return roles.annotate(
        newest=Subquery(newest.values("pk")[:1]),
        edition=Subquery(newest.values("edition")[:1]),
        number=Subquery(newest.values("number")[:1]),
        published_at=Subquery(newest.values("published_at")[:1]),
        learners=Coalesce(Subquery(learners.annotate(total=Count("pk")).values("total")), 0),
    )


def _published(request: LearnerRequest, role: Role, publication: Publication | None) -> HttpResponse:
    if publication is None:
        messages.info(request, "There was nothing left to publish: what the draft says is out already.")
        return redirect("admin:roadmaps_publication_publish", role.pk)
    admin.site.get_model_admin(Publication).log_addition(request, publication, [{"added": {}}])
    admin.site.get_model_admin(Role).log_change(request, role, f"Published the roadmap: {publication.label}.")
    said = [f"Published {publication}."]
    if publication.changes:
        said.append(f"{publication.get_kind_display()}: {summary(map(Change.from_json, publication.changes))}.")
    messages.success(request, " ".join(said))
    return redirect("admin:roadmaps_publication_change", publication.pk)


def _for_publishers(request: LearnerRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _page(title: str, *, request: HttpRequest, **context: Any) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": Publication._meta, **context}
