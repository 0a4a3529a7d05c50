"""The question bank, and the page of one question."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.models import User
from interviews.bank import answers_of, counts_of, skills_asked_for
from interviews.days import study_day
from interviews.filters import BankFilter, with_cards
from interviews.forms import AimForm
from interviews.models import Question
from interviews.role_page import role_page_of
from roles.models import Role
from roles.views.answering import results_or_page
from roles.visitor_pages import kept_for_visitors

PAGE = 25


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def question_list(request: HttpRequest) -> HttpResponse:
    """The bank: all of it for learners, the previews of each role for visitors."""
    learner = request.user if isinstance(request.user, User) else None
    now = timezone.now()
    today = study_day(now, learner.zone) if learner else None
    counts = counts_of()
    form = BankFilter(request.GET, roles=[each.role for each in counts], skills=skills_asked_for(), learner=learner)
    rows = Question.objects.open() if learner else Question.objects.previews()
    narrowed = form.narrow(rows.for_list(), learner=learner, today=today)
    page = Paginator(with_cards(narrowed, learner), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "found": page.paginator.count, "counts": counts, "today": today}
    return results_or_page(request, "interviews/question_list.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A question, an answer to it and its key points; for learners also what they answered before.

    Visitors read the previews. The points that a reader ticks stand in the address, by their numbers: nothing is kept.
    """
    learner = request.user if isinstance(request.user, User) else None
    rows = Question.objects.all() if learner else Question.objects.previews()
    question = get_object_or_404(rows.with_links(), slug=slug)
    ticked = set(request.GET.getlist("made"))
    points = [(number, point, str(number) in ticked) for number, point in enumerate(question.key_points, start=1)]
    context: dict[str, Any] = {
        "question": question,
        "points": points,
        "made": sum(made for *_, made in points),
        "counted": "made" in request.GET or "count" in request.GET,
    }
    if learner is not None:
        context |= answers_of(learner, question, today=study_day(timezone.now(), learner.zone))
    return render(request, "interviews/question_detail.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def role_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """How the bank is made up for one role, and its previews; for learners how ready they are."""
    learner = request.user if isinstance(request.user, User) else None
    role = get_object_or_404(Role.objects.all() if learner else Role.objects.defer("blueprint"), slug=slug)
    context: dict[str, Any] = {
        "role": role,
        "made_up": next((each for each in counts_of() if each.role.pk == role.pk), None),
        "previews": list(Question.objects.previews().of(role).for_list()),
    }
    if learner is not None:
        today = study_day(timezone.now(), learner.zone)
        context |= {"page": role_page_of(learner, role, today=today), "form": AimForm(), "today": today}
    return render(request, "interviews/role_questions.html", context)
