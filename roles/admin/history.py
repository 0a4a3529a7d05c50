"""The pages of the history: of a row, of a save, of a sitting; comparing two versions, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.access import LearnerRequest, staff
from roles.admin.reverting import Planning, as_permitted, revert
from roles.admin.reverts import hand_on, revert_urls
from roles.admin.telling import (
    MOST_ROWS,
    Origin,
    changes_on_page,
    history_address,
    permission,
    rows_told,
    steps_told,
    told_shortly,
    version_told,
)
from roles.history.carrying_out import MovedError, NotRevertedError
from roles.history.past import Key, Model, Past, Version, past_of
from roles.history.reverting import MOST_AT_ONCE, Plan, plan_changesets, plan_version, rows_of
from roles.history.tables import catalog_models
from roles.history.wording import Words, kind_of
from roles.models import CatalogModel, ChangeSet, Revert

_A_PAGE = 50
# Whoever saves nothing for so long, and then again, begins another sitting.
_PAUSE = timedelta(hours=2)


# ---------------------------------------------------------------- lists
@staff
def history_list(request: LearnerRequest) -> HttpResponse:
    """Every changeset, the newest first."""
    _for_readers(request)
    page = Paginator(ChangeSet.objects.select_related("by"), _A_PAGE).get_page(request.GET.get("page"))
    told = told_shortly([each.pk for each in page])
    lines = [(Origin(each), told.get(each.pk, "")) for each in page]
    reverts = Revert.objects.to_tell(timezone.now()).with_people()
    return _page(request, "list.html", "Last changes", page=page, lines=lines, reverts=reverts)


# ---------------------------------------------------------------- a changeset, a sitting
@staff
def history_detail(request: LearnerRequest, number: UUID) -> HttpResponse:
    """What one save changed, row by row."""
    _for_readers(request)
    changeset = get_object_or_404(ChangeSet.objects.select_related("by"), pk=number)
    return _changesets_page(request, [changeset], "One save", around=len(_sitting(changeset)))


@staff
def history_sitting(request: LearnerRequest, number: UUID) -> HttpResponse:
    """What somebody changed in one go: every save of the same sign-in, up to a longer pause."""
    _for_readers(request)
    changeset = get_object_or_404(ChangeSet.objects.select_related("by"), pk=number)
    return _changesets_page(request, _sitting(changeset), "One sitting")


@staff
def history_revert(request: LearnerRequest, number: UUID) -> HttpResponse:
    """Take one save back; posted, it is done."""
    _for_readers(request)
    changeset = get_object_or_404(ChangeSet.objects.select_related("by"), pk=number)
    return _revert_changesets(request, [changeset], "history_detail")


@staff
def history_revert_sitting(request: LearnerRequest, number: UUID) -> HttpResponse:
    """Take everything of one sitting back; posted, it is done."""
    _for_readers(request)
    changeset = get_object_or_404(ChangeSet.objects.select_related("by"), pk=number)
    return _revert_changesets(request, _sitting(changeset), "history_sitting")


def _sitting(changeset: ChangeSet) -> list[ChangeSet]:
    """The saves around this one, oldest first."""
    if not changeset.session:
        return [changeset]
    every = list(ChangeSet.objects.filter(session=changeset.session).select_related("by").order_by("at", "pk"))
    place = every.index(changeset)
    first = last = place
    while first and every[first].at - every[first - 1].at <= _PAUSE:
        first -= 1
    while last + 1 < len(every) and every[last + 1].at - every[last].at <= _PAUSE:
        last += 1
    return every[first : last + 1]


def _changesets_page(
    request: LearnerRequest, changesets: list[ChangeSet], title: str, *, around: int = 0
) -> HttpResponse:
    keys = _readable(request, rows_of([each.pk for each in changesets]))
    rows = rows_told(keys[:MOST_ROWS], changesets)
    return _page(
        request,
        "changeset.html",
        title,
        origins=[Origin(each) for each in changesets],
        first=changesets[0],
        is_sitting=len(changesets) > 1,
        around=around,
        rows=rows,
        more=len(keys) - len(rows),
    )


def _revert_changesets(request: LearnerRequest, changesets: list[ChangeSet], back: str) -> HttpResponse:
    numbers, words = [each.pk for each in changesets], Words()
    title = "Revert everything of one sitting" if len(changesets) > 1 else "Revert everything of one save"

    def planned() -> Plan:
        return plan_changesets(numbers, words)

    plan = None
    if request.method == "POST":
        keys, doing = rows_of(numbers), title.replace("Revert", "Reverted", 1)
        if len(keys) > MOST_AT_ONCE:
            return hand_on(request, numbers, doing=doing)
        plan, done = _try(request, keys, planned, doing=doing)
        if done:
            return redirect("admin:history_detail", done)
    plan = plan or as_permitted(request.user, planned())
    return _page(
        request,
        "revert.html",
        title,
        origins=[Origin(each) for each in changesets],
        plan=plan,
        steps=steps_told(plan, words)[:MOST_ROWS],
        more=max(0, len(plan.steps) - MOST_ROWS),
        back=reverse(f"admin:{back}", args=[changesets[0].pk]),
    )


# ---------------------------------------------------------------- a row
@staff
def history_row(request: LearnerRequest, label: str, pk: int) -> HttpResponse:
    """Every version of a row, and any two of them side by side."""
    past, words = _past(request, label, pk), Words()
    words.learn([past])
    model, versions = past.model, past.versions
    chosen = _chosen(request, versions)
    name = words.name(model, pk)
    on_page = changes_on_page(request, past, words)
    return _page(
        request,
        "row.html",
        f"History of “{name}”",
        name=name,
        kind=kind_of(model),
        opts=model._meta,
        label=label,
        past=past,
        pk=pk,
        change_page=_change_address(model, pk) if past.now else None,
        versions=[version_told(request, past, each) for each in versions],
        chosen=chosen,
        differences=list(words.differences(model, chosen[0].after, chosen[1].after)) if chosen else [],
        on_page=on_page,
    )


def _chosen(request: HttpRequest, versions: tuple[Version, ...]) -> tuple[Version, Version] | None:
    """The two versions that are compared, the older one first."""
    asked = {request.GET.get("old", ""), request.GET.get("new", "")}
    found = [each for each in versions if str(each.change) in asked]
    return (found[-1], found[0]) if len(found) == 2 else None


@staff
def history_row_revert(request: LearnerRequest, label: str, pk: int, change: int) -> HttpResponse:
    """Put a row back to one of its versions; posted, it is done."""
    past, words = _past(request, label, pk), Words()
    version = past.version(change)
    state = version.after if version else None
    if version is None or state is None:
        raise Http404
    when = f" of {_moment(version)}" if version.changeset else f" {version.number}"

    def planned() -> Plan:
        now = past_of(past.model, pk)
        words.learn([now])
        return plan_version(now, state, words)

    plan = None
    if request.method == "POST":
        plan, done = _try(request, [(past.model, pk)], planned, doing=f"Reverted to the version{when}")
        if done:
            return redirect(history_address(past.model, pk))
    plan = plan or as_permitted(request.user, planned())
    return _page(
        request,
        "revert.html",
        f"Revert to the version{when}",
        origins=[Origin(version.changeset)] if version.changeset else [],
        plan=plan,
        steps=steps_told(plan, words),
        back=history_address(past.model, pk),
    )


def _moment(version: Version) -> str:
    assert version.changeset
    return date_format(localtime(version.changeset.at), "DATETIME_FORMAT")


# ---------------------------------------------------------------- the way back
def _try(request: LearnerRequest, keys: list[Key], planned: Planning, *, doing: str) -> tuple[Plan | None, UUID | None]:
    """Do it if it is what was seen. Gives the changeset; or the plan, with what stands in the way."""
    try:
        done = revert(keys=keys, planned=planned, seen=request.POST.get("seen", ""), by=request.user, doing=doing)
    except MovedError as error:
        messages.warning(request, "Somebody changed these rows while you looked. This is how they stand now.")
        return error.plan, None
    except NotRevertedError as error:
        return error.plan, None
    messages.success(request, f"{doing}. It is a new version: this can be reverted too.")
    return None, done


# ---------------------------------------------------------------- what all of them need
def history_urls(site: admin.AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("history/", view(history_list), name="history_list"),
        path("history/<uuid:number>/", view(history_detail), name="history_detail"),
        path("history/<uuid:number>/revert/", view(history_revert), name="history_revert"),
        path("history/<uuid:number>/sitting/", view(history_sitting), name="history_sitting"),
        path("history/<uuid:number>/sitting/revert/", view(history_revert_sitting), name="history_revert_sitting"),
        *revert_urls(site),
        path("history/<str:label>/<int:pk>/", view(history_row), name="history_row"),
        path("history/<str:label>/<int:pk>/revert/<int:change>/", view(history_row_revert), name="history_row_revert"),
    ]


def _past(request: LearnerRequest, label: str, pk: int) -> Past:
    """Of a row that the person may see; a table without a history, or a row that never was, is not found."""
    _for_readers(request)
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(model, CatalogModel) or model not in catalog_models() or not -(2**63) <= pk < 2**63:
        raise Http404
    if not request.user.has_perm(permission(model, "view")):
        raise PermissionDenied
    past = past_of(model, pk)
    if not past.versions:
        raise Http404
    return past


def _readable(request: LearnerRequest, keys: Iterable[Key]) -> list[Key]:
    return [key for key in keys if request.user.has_perm(permission(key[0], "view"))]


def _for_readers(request: LearnerRequest) -> None:
    if not request.user.has_perm("roles.view_rowchange"):
        raise PermissionDenied


def _change_address(model: Model, pk: int) -> str | None:
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
    except NoReverseMatch:
        return None


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    shown = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/roles/history/{template}", shown)
