"""Taking one's practice out: as tables, and as a deck for Anki."""

from __future__ import annotations

from typing import cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import access
from accounts.access import LearnerRequest
from interviews.decks import package_of, questions_for
from interviews.forms import DeckForm
from interviews.models import Aim, Attempt, Card, Recording, Review, SampleScore
from interviews.tables import archive_of

_KEPT_NOWHERE = {"Cache-Control": "private, no-store"}


@access.learner
@require_GET
def practice_export(request: LearnerRequest) -> HttpResponse:
    """What there is to take out."""
    return _page(request, DeckForm())


@access.learner
@require_POST
def export_tables(request: LearnerRequest) -> HttpResponse:
    """Everything that one practiced as CSV in a ZIP archive, with recordings."""
    now = timezone.now()
    name = f"rounds-practice-{now.astimezone(request.user.zone):%Y-%m-%d}.zip"
    file = archive_of(request.user, now=now)
    response = FileResponse(
        file, as_attachment=True, filename=name, content_type="application/zip", headers=_KEPT_NOWHERE
    )
    return cast("HttpResponse", response)


@access.learner
@require_POST
def export_deck(request: LearnerRequest) -> HttpResponse:
    """Questions with their answers as a package for Anki."""
    form = DeckForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    questions = questions_for(request.user, all_of_roles=form.all_of_roles)
    if not questions:
        form.refuse()
        return _page(request, form, status=422)
    now = timezone.now()
    package = package_of(request.user, questions=questions, now=now)
    name = f"rounds-interviews-{now.astimezone(request.user.zone):%Y-%m-%d}.apkg"
    headers = _KEPT_NOWHERE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(package, content_type="application/octet-stream", headers=headers)


def _page(request: LearnerRequest, form: DeckForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "cards": Card.objects.of(request.user).count(),
        "reviews": Review.objects.of(request.user).count(),
        "answers": Attempt.objects.of(request.user).count(),
        "samples": SampleScore.objects.of(request.user).count(),
        "recordings": Recording.objects.of(request.user).kept().weighed(),
        "aims": list(Aim.objects.of(request.user).with_role()),
    }
    return render(request, "interviews/practice_export.html", context, status=status)
