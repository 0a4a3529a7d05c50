"""A mock interview after its end: grade all answers in one go, then see what it comes to and read it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import access
from accounts.access import LearnerRequest
from interviews import mocking, rubric, sheet
from interviews.mock_forms import marks_in
from interviews.mocking import IncompleteError, NotGradableError
from interviews.models import Mock, MockQuestion, MockState
from interviews.own_reviews import sent_state
from interviews.results import result_of
from mentoring.models import Kind

type Missing = dict[int, list[str]]


@access.learner
@require_http_methods(["GET", "HEAD", "POST"])
def mock_grade(request: LearnerRequest, mock: UUID) -> HttpResponse:
    """All answers beside the model answers. Each score is kept as it is given; a button closes the grading."""
    row, now = _mock(request, mock), timezone.now()
    if row.state_at(now) != MockState.ENDED:
        return redirect(row.url_at(now))
    slots = list(MockQuestion.objects.on(row).for_grading())
    if request.method != "POST":
        return _grading(request, row, slots, {})
    try:
        mocking.keep_marks(mock=row, marks=marks_in(request.POST, slots), by=request.user, now=now)
        if request.POST.get("do") == "finish":
            back = mocking.grade(mock=row, by=request.user, now=now)
            return _graded(request, row, back)
    except IncompleteError as error:
        return _grading(request, row, list(MockQuestion.objects.on(row).for_grading()), dict(error.missing))
    except NotGradableError as error:
        return redirect(error.mock.url_at(now))
    if request.htmx:  # type: ignore[attr-defined]
        return _tally(request, list(MockQuestion.objects.on(row).for_grading()))
    messages.success(request, "Kept. Go on whenever you like.")
    return redirect("interviews:mock_grade", row.pk)


@access.learner
@require_GET
def mock_result(request: LearnerRequest, mock: UUID) -> HttpResponse:
    """What it comes to, and every question again with one's own answer, the model answer and the scores."""
    row, now = _mock(request, mock), timezone.now()
    if row.state_at(now) not in (MockState.GRADED, MockState.LEFT):
        return redirect(row.url_at(now))
    slots = list(MockQuestion.objects.on(row).for_replay())
    result = result_of(slots) if row.state == MockState.GRADED else None
    replay = {each.place: _replayed(each) for each in slots}
    weakest = [replay[each.place] for each in result.weakest] if result else []
    sent = sent_state(Kind.MOCK, row.pk, request.user, now) if result else ""
    context = {"mock": row, "result": result, "weakest": weakest, "replay": replay.values(), "sent": sent}
    return render(request, "interviews/mock_result.html", context)


def _mock(request: LearnerRequest, pk: UUID) -> Mock:
    return get_object_or_404(Mock.objects.of(request.user).with_role(), pk=pk)


def _graded(request: LearnerRequest, mock: Mock, back: int) -> HttpResponse:
    if back:
        are = "question of it is" if back == 1 else "questions of it are"
        messages.success(request, f"Graded. {back} {are} due in practice today.")
    return redirect("interviews:mock_result", mock.pk)


def _grading(request: LearnerRequest, mock: Mock, slots: list[MockQuestion], missing: Missing) -> HttpResponse:
    context = {
        "mock": mock,
        "parts": [_part(each, missing.get(each.place, [])) for each in slots],
        "first_missing": _first(missing),
        **_counted(slots),
    }
    return render(request, "interviews/mock_grade.html", context, status=422 if missing else 200)


def _tally(request: LearnerRequest, slots: list[MockQuestion]) -> HttpResponse:
    context = _counted(slots) | {"kept_at": timezone.now()}
    return render(request, "interviews/mock_grade.html#tally", context)


def _counted(slots: list[MockQuestion]) -> dict[str, int]:
    answered = [each for each in slots if not each.answer.is_empty]
    scored = sum(1 for each in answered if hasattr(each, "score") and each.score.scores is not None)
    return {"answered": len(answered), "scored": scored}


def _first(missing: Missing) -> str:
    """The first field that lacks a score, by its id."""
    return next((f"q{place}-{names[0]}-1" for place, names in sorted(missing.items())), "")


def _part(slot: MockQuestion, missing: list[str]) -> dict[str, Any]:
    """One question as the page shows it: what is chosen, what is missing, and which fields htmx sends for it alone."""
    score = getattr(slot, "score", None)
    name = f"q{slot.place}"
    chosen = {each: getattr(score, each, None) for each in rubric.NAMES}
    faults = {each.name: sheet.missing(each) for each in rubric.CRITERIA if each.name in missing}
    return {
        "slot": slot,
        "name": name,
        "fields": ",".join(f"{name}-{field}" for field in ("shown", "points", *rubric.NAMES)),
        "ticked": f"{name}-points",
        "points": sheet.points(slot.question, made=score.points if score else []),
        "rubric": sheet.lines(slot.category, chosen=chosen, faults=faults, prefix=name),
    }


def _replayed(slot: MockQuestion) -> dict[str, Any]:
    score = getattr(slot, "score", None)
    scores = score.scores if score else None
    return {
        "slot": slot,
        "scores": scores,
        "by_criterion": [
            (each.title, value := getattr(scores, each.name), each.anchors[value - 1]) for each in rubric.CRITERIA
        ]
        if scores
        else [],
        "points": sheet.points(slot.question, made=score.points if score else []),
        "asides": [each for each in slot.asides.all() if each.text != slot.answer.text],
        "took": slot.answer.took.lower(),
        "lowest": min(getattr(scores, name) for name in rubric.NAMES) if scores else None,
        "practice": f"{reverse('interviews:practice')}?question={slot.question.slug}"
        if not slot.question.retired
        else "",
    }
