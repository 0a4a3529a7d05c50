"""Daily practice: a question, an answer that locks, the model answer with the rubric, a grade."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from interviews import aiming, calibrating, practice, sheet
from interviews.days import study_day
from interviews.drafting import keep_draft, with_draft
from interviews.forms import AnswerForm, GradeForm, ScoreForm, opened_at
from interviews.matters import answer_subject
from interviews.models import Attempt, Question, Review
from interviews.own_reviews import sent_state
from interviews.practice import AlreadyGradedError, NothingToUndoError
from interviews.queue import Queue, queue_of
from interviews.rubric import Grade
from interviews.writing import to_grade
from mentoring.models import Kind


@access.learner
@require_GET
def practice_next(request: LearnerRequest) -> HttpResponse:
    """The question that comes next today, or one that the learner asked for."""
    now = timezone.now()
    queue = queue_of(request.user, today=study_day(now, request.user.zone))
    asked = request.GET.get("question") or queue.next(more="more" in request.GET)
    if asked is None:
        return render(request, "interviews/practice_rest.html", {"queue": queue})
    try:
        question, draft = with_draft(request.user, question=asked)
    except Question.DoesNotExist as error:
        raise Http404 from error
    form = AnswerForm(initial={"text": draft})
    return _question(request, queue, question, form, attempt=uuid4(), now=now)


@access.learner
@require_POST
def answer_lock(request: LearnerRequest, slug: str) -> HttpResponse:
    """Lock the answer, which opens the model answer."""
    question = get_object_or_404(Question.objects.open(), slug=slug)
    now = timezone.now()
    form = AnswerForm(request.POST)
    if not form.is_valid():
        queue = queue_of(request.user, today=study_day(now, request.user.zone))
        return _question(request, queue, question, form, attempt=uuid4(), now=now, status=422)
    answer = form.cleaned_data
    try:
        attempt = practice.lock_answer(
            learner=request.user,
            question=question,
            attempt=answer["attempt"],
            text=answer["text"].strip(),
            seconds=form.seconds,
            now=now,
        )
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    return redirect("interviews:attempt_detail", attempt.pk)


@access.learner
@require_POST
def answer_keep(request: LearnerRequest, slug: str) -> HttpResponse:
    """Keep an answer as it is typed."""
    question = get_object_or_404(Question.objects.open(), slug=slug)
    now = timezone.now()
    form = AnswerForm(request.POST)
    if not form.is_valid():
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "interviews/practice.html#kept", {"fault": form.errors}, status=422)
        queue = queue_of(request.user, today=study_day(now, request.user.zone))
        return _question(request, queue, question, form, attempt=uuid4(), now=now, status=422)
    typed = form.cleaned_data
    keep_draft(learner=request.user, question=question, attempt=typed["attempt"], text=typed["text"], now=now)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "interviews/practice.html#kept", {"kept_at": now})
    messages.success(request, "Kept. It stands here when you come back.")
    return redirect(f"{reverse('interviews:practice')}?{urlencode({'question': slug})}")


@access.learner
@require_GET
@vary_on_headers("HX-Request")
def attempt_detail(request: LearnerRequest, attempt: UUID) -> HttpResponse:
    """One's own answer beside the model answer, key points and rubric. What is scored stands in the address."""
    row = get_object_or_404(Attempt.objects.of(request.user).for_page(), pk=attempt)
    form = ScoreForm(request.GET or None, points=len(row.question.key_points))
    return _attempt(request, row, form)


@access.learner
@require_POST
def attempt_grade(request: LearnerRequest, attempt: UUID) -> HttpResponse:
    """Confirm a grade, which says when the question comes back."""
    now = timezone.now()
    try:
        answer, points = to_grade(attempt, by=request.user)
        form = GradeForm(request.POST, points=points)
        if not form.is_valid() or form.scores is None:
            row = Attempt.objects.of(request.user).for_page().get(pk=attempt)
            return _attempt(request, row, form, status=422)
        rating = form.cleaned_data["rating"]
        review = practice.grade(
            attempt=answer, rating=rating, scores=form.scores, points=form.ticked, by=request.user, now=now
        )
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    except AlreadyGradedError:
        messages.info(
            request, "You graded this question already, in another tab or on another device. Here is the next."
        )
    else:
        messages.success(request, _with_undo(request, _said(review)))
    return redirect("interviews:practice")


@access.learner
@require_POST
def practice_undo(request: LearnerRequest) -> HttpResponse:
    """Take back the last grade of today."""
    try:
        review = practice.undo(by=request.user, now=timezone.now())
    except NothingToUndoError:
        messages.info(request, "There is nothing left to take back today.")
        return redirect("interviews:practice")
    messages.success(request, "Taken back. Grade it again, or answer it anew.")
    return redirect(f"{reverse('interviews:practice')}?{urlencode({'question': review.card.question.slug})}")


@access.learner
@require_POST
def card_bury(request: LearnerRequest, slug: str) -> HttpResponse:
    """Not today."""
    question = get_object_or_404(Question.objects.open(), slug=slug)
    tomorrow = study_day(timezone.now(), request.user.zone) + timedelta(days=1)
    practice.bury(learner=request.user, question=question, until=tomorrow)
    messages.success(request, _with_way_back(request, "Put off until tomorrow.", question))
    return redirect("interviews:practice")


@access.learner
@require_POST
def card_suspend(request: LearnerRequest, slug: str) -> HttpResponse:
    """Not any more."""
    question = get_object_or_404(Question.objects.open(), slug=slug)
    practice.suspend(learner=request.user, question=question, now=timezone.now())
    messages.success(request, _with_way_back(request, "It does not come back until you take it up again.", question))
    return redirect("interviews:practice")


@access.learner
@require_POST
def card_resume(request: LearnerRequest, slug: str) -> HttpResponse:
    """Take up again what was put off or suspended."""
    question = get_object_or_404(Question, slug=slug)
    practice.resume(learner=request.user, question=question)
    messages.success(request, "It is in your practice again.")
    return redirect(question)


def _question(
    request: LearnerRequest,
    queue: Queue,
    question: Question,
    form: AnswerForm,
    *,
    attempt: UUID,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    # A form that comes back goes on with the clock and the key that it began with.
    opened = form.data.get("opened") or opened_at(now)
    key = form.data.get("attempt") if form.is_bound and "attempt" not in form.errors else attempt
    context = {"queue": queue, "question": question, "form": form, "attempt": key, "opened": opened}
    return render(request, "interviews/practice.html", context, status=status)


def _attempt(request: LearnerRequest, row: Attempt, form: ScoreForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    scores = form.scores
    in_time = row.seconds <= practice.IN_TIME
    context: dict[str, Any] = {
        "attempt": row,
        "question": row.question,
        "form": form,
        "points": sheet.points(row.question, made=form.ticked),
        "rubric": form.lines(row.question.category),
        "scores": scores,
        "in_time": in_time,
        "options": practice.options(row.card, by=request.user, scores=scores, in_time=in_time, now=now),
        "review": getattr(row, "review", None),
        "recording": getattr(row, "recording", None),
        "keys": aiming.habits_of(request.user).keys,
        "to_calibrate": calibrating.is_to_calibrate(request.user),
        "sent": sent_state(Kind.ANSWER, answer_subject(row.question, row.question_version), request.user, now)
        if hasattr(row, "review")
        else "",
        "counts": not row.card.was_studied_on(study_day(now, request.user.zone)),
    }
    part = "#grades" if request.htmx and not request.htmx.history_restore_request else ""  # type: ignore[attr-defined]
    return render(request, f"interviews/attempt_detail.html{part}", context, status=status)


def _with_undo(request: LearnerRequest, text: str) -> str:
    values = {"text": text, "url": reverse("interviews:practice_undo"), "fields": {}}
    return render_to_string("includes/undo.html", values, request)


def _with_way_back(request: LearnerRequest, text: str, question: Question) -> str:
    values = {"text": text, "url": reverse("interviews:card_resume", args=[question.slug]), "fields": {}}
    return render_to_string("includes/undo.html", values, request)


def _said(review: Review) -> str:
    due = review.card.due_day
    if not review.counted or due is None:
        return "Noted as practice. A question counts once a day."
    return f"{Grade(review.rating).label}. Back on {due:%A}, {due:%B} {due.day}."
