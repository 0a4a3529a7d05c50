"""A roadmap's draft as readers would see it, for whoever has the signed link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import access
from roadmaps.models import Publication
from roadmaps.previewing import NoPreviewError, role_previewed
from roadmaps.progress import progress_of
from roadmaps.publishing import NotPublishableError, draft_of
from roles.blueprint import Roadmap
from roles.charts import ring
from roles.models import Role

type _Page = Callable[[HttpRequest, Role, Roadmap, dict[str, Any]], HttpResponse]


@access.visitor
@require_GET
@never_cache
def draft_detail(request: HttpRequest, token: str) -> HttpResponse:
    """The whole roadmap."""
    return _shown(request, token, _roadmap)


@access.visitor
@require_GET
@never_cache
def draft_milestone(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """What ends one of its phases."""

    def milestone(request: HttpRequest, role: Role, roadmap: Roadmap, context: dict[str, Any]) -> HttpResponse:
        phase = roadmap.phase(number)
        if phase is None:
            raise Http404
        return render(request, "roadmaps/milestone_public.html", context | {"roadmap": roadmap, "phase": phase})

    return _shown(request, token, milestone)


def _shown(request: HttpRequest, token: str, page: _Page) -> HttpResponse:
    try:
        number = role_previewed(token, now=timezone.now())
    except NoPreviewError:
        return render(request, "roadmaps/draft_over.html", {}, status=410)
    role = get_object_or_404(Role, pk=number)
    context = {"role": role, "draft": token, "draft_url": reverse("roadmaps:draft_detail", args=[token])}
    try:
        roadmap = draft_of(role, Publication.objects.latest_of(role))
    except NotPublishableError as error:
        return render(request, "roadmaps/draft_over.html", context | {"gaps": error.reasons}, status=409)
    response = page(request, role, roadmap, context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _roadmap(request: HttpRequest, role: Role, roadmap: Roadmap, context: dict[str, Any]) -> HttpResponse:
    progress = progress_of(roadmap, {})
    return render(request, "roadmaps/roadmap_public.html", context | {"progress": progress, "ring": ring(roadmap)})
