"""Reverts that the worker does: handing one on, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from accounts.access import LearnerRequest, staff
from roles.admin.tasks import do_revert
from roles.history import asking
from roles.models import Revert, RevertState


@transaction.atomic
def hand_on(request: LearnerRequest, changesets: Collection[UUID], *, doing: str) -> HttpResponse:
    """For more rows than a request waits for. What stands in the way is found behind locks, by whoever does it."""
    seen = request.POST.get("seen", "")
    asked = asking.ask(changesets=changesets, doing=doing, seen=seen, by=request.user, now=timezone.now())
    transaction.on_commit(partial(do_revert.enqueue, asked.pk))
    return redirect("admin:revert_detail", asked.pk)


@staff
def revert_detail(request: LearnerRequest, number: int) -> HttpResponse:
    """How far it is; then what came of it."""
    _for_readers(request)
    found = get_object_or_404(Revert.objects.with_people(), pk=number)
    context = {
        **admin.site.each_context(request),
        "title": found.doing if found.state == RevertState.DONE else found.doing.replace("Reverted", "Reverting", 1),
        "found": found,
        "first": found.changesets[0],
        "is_sitting": len(found.changesets) > 1,
        "silent": found.is_silent(timezone.now()),
        "more": len(found.faults) >= asking.MOST_FAULTS,
    }
    partial_asked = request.headers.get("HX-Request") == "true"
    response = TemplateResponse(
        request, f"admin/roles/history/long_revert.html{'#progress' if partial_asked else ''}", context
    )
    if partial_asked and not found.is_moving:
        response.headers["HX-Refresh"] = "true"
    patch_vary_headers(response, ["HX-Request"])
    return response


@staff
@require_POST
def revert_start_again(request: LearnerRequest, number: int) -> HttpResponse:
    _for_readers(request)
    get_object_or_404(Revert, pk=number)
    try:
        with transaction.atomic():
            asking.start_again(number=number, now=timezone.now())
            transaction.on_commit(partial(do_revert.enqueue, number))
    except asking.NotSilentError:
        messages.warning(request, "It cannot be started again now.")
    return redirect("admin:revert_detail", number)


def _for_readers(request: LearnerRequest) -> None:
    if not request.user.has_perm("roles.view_rowchange"):
        raise PermissionDenied


def revert_urls(site: admin.AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("history/reverts/<int:number>/", view(revert_detail), name="revert_detail"),
        path("history/reverts/<int:number>/again/", view(revert_start_again), name="revert_start_again"),
    ]
