from itertools import groupby

from allauth.socialaccount import providers
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from roles.models import Correction, Source
from roles.visitor_pages import kept_for_visitors
from roles.words import listed


@access.visitor
@require_GET
@kept_for_visitors
def sources(request: HttpRequest) -> HttpResponse:
    """Where figures come from, what we corrected, and how scores and pay are shown."""
    corrections = sorted(Correction.objects.with_subjects(), key=_place)
    context = {
        "sources": [
            (Source.Kind(kind).label, list(those))
            for kind, those in groupby(sorted(Source.objects.all(), key=_kind), key=lambda source: source.kind)
        ],
        "corrections": [
            (Correction.Kind(kind), list(those)) for kind, those in groupby(corrections, key=lambda each: each.kind)
        ],
        "corrected": len(corrections),
    }
    return render(request, "about/sources.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "about/accessibility.html")


@access.visitor
@require_GET
@kept_for_visitors
def privacy(request: HttpRequest) -> HttpResponse:
    enabled = [name for name, provider in settings.SOCIALACCOUNT_PROVIDERS.items() if provider.get("APPS")]
    context = {"providers": listed([providers.registry.get_class(name).name for name in enabled])}
    return render(request, "about/privacy.html", context)


def _kind(source: Source) -> int:
    return Source.Kind.values.index(source.kind)


def _place(correction: Correction) -> tuple[int, int]:
    return Correction.Kind.values.index(correction.kind), correction.order
