"""Calibration: score sample answers by the rubric, then see what our editors gave them, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import access
from accounts.access import LearnerRequest
from interviews import calibrating, gaps
from interviews.forms import SampleForm
from interviews.models import SampleAnswer, SampleScore


@access.learner
@require_GET
def calibration(request: LearnerRequest) -> HttpResponse:
    """How far the learner's scores are from our editors', and the sample that comes next."""
    scored = calibrating.last_scored(request.user)
    found = calibrating.gaps_of(scored)
    context = {
        "sample": calibrating.next_sample(request.user),
        "scored": scored,
        "gaps": found,
        "finding": gaps.finding(found) if found else "",
    }
    return render(request, "interviews/calibration.html", context)


@access.learner
@require_GET
def sample_detail(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    """A sample answer to score; once it is scored, beside our editors' scores."""
    sample = _sample(slug, number)
    mine = SampleScore.objects.of(request.user).on(sample).first()
    if mine is None:
        return _to_score(request, sample, SampleForm())
    context: dict[str, Any] = {
        "sample": sample,
        "question": sample.question,
        "mine": mine.scores,
        "editors": sample.scores,
        "comparisons": gaps.compared(mine.scores, sample.scores, why=sample.why),
        "next": calibrating.next_sample(request.user),
    }
    return render(request, "interviews/sample_compared.html", context)


@access.learner
@require_POST
def sample_score(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    """Score it, which shows what our editors gave."""
    sample = _sample(slug, number)
    form = SampleForm(request.POST)
    if not form.is_valid() or form.scores is None:
        return _to_score(request, sample, form, status=422)
    calibrating.score_sample(learner=request.user, sample=sample, scores=form.scores, now=timezone.now())
    return redirect("interviews:sample_detail", slug, number)


def _sample(slug: str, number: int) -> SampleAnswer:
    return get_object_or_404(SampleAnswer.objects.select_related("question"), question__slug=slug, number=number)


def _to_score(request: LearnerRequest, sample: SampleAnswer, form: SampleForm, *, status: int = 200) -> HttpResponse:
    lines = form.lines(sample.question.category)
    context = {"sample": sample, "question": sample.question, "rubric": lines, "is_faulty": form.is_bound}
    return render(request, "interviews/sample_score.html", context, status=status)
