from itertools import groupby

from allauth.socialaccount import providers
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from roles.models import Correction, Role, Source
from roles.visitor_pages import kept_for_visitors
from roles.words import listed


@access.visitor
@require_GET
@kept_for_visitors
def sources(request: HttpRequest) -> HttpResponse:
    """Where figures come from, how they are shown, and what each source is good for."""
    found = sorted(Source.objects.all(), key=_kind)
    groups = [(Source.Kind(kind), list(those)) for kind, those in groupby(found, key=lambda source: source.kind)]
    context = {"sources": groups, "found": len(found), "corrected": Correction.objects.count()}
    return render(request, "about/sources.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def corrections(request: HttpRequest) -> HttpResponse:
    """What sources have wrong, outdated or untraceable, and what we found instead."""
    found = sorted(Correction.objects.with_subjects(), key=_place)
    groups = [(Correction.Kind(kind), list(those)) for kind, those in groupby(found, key=lambda each: each.kind)]
    return render(request, "about/corrections.html", {"corrections": groups, "corrected": len(found)})


@access.visitor
@require_GET
@kept_for_visitors
def method(request: HttpRequest) -> HttpResponse:
    """How pay, months and scores come about, role by role: what is known, and what nobody says."""
    return render(request, "about/method.html", {"roles": Role.objects.with_stated_figures()})


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
