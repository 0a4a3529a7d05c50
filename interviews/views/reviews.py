"""Answers and mock interviews that a learner sends to a mentor, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from interviews import sending
from interviews.matters import Matter, answer_matter, mock_matter
from interviews.models import Attempt, Mock, MockQuestion
from interviews.own_review import OwnReview
from interviews.own_reviews import reviews_of
from interviews.review_forms import SendForm
from mentoring import review
from mentoring.forms import CommentFault, KeyForm
from mentoring.models import Kind, Submission, Thread
from mentoring.review import NotPossibleError
from mentoring.views.saying import said_in, talk_shown


@access.learner
@require_GET
def review_list(request: LearnerRequest) -> HttpResponse:
    """All that the learner ever sent to a mentor, what waits for them first."""
    rows = reviews_of(request.user, now=timezone.now())
    return render(request, "interviews/review_list.html", {"rows": rows})


@access.learner
@require_GET
def mentor_review(request: LearnerRequest, kind: str, key: UUID) -> HttpResponse:
    """Whose turn it is, a form to send it, and what mentors gave and said."""
    return _page(request, _own(request, kind, key))


@access.learner
@require_POST
def review_send(request: LearnerRequest, kind: str, key: UUID) -> HttpResponse:
    """Ask mentors for the first time, or once more after it was taken back."""
    return _send(request, kind, key, sending.send, "Sent")


@access.learner
@require_POST
def review_send_again(request: LearnerRequest, kind: str, key: UUID) -> HttpResponse:
    """The next answer, to whoever returned the last one."""
    return _send(request, kind, key, sending.send_again, "Sent again")


@access.learner
@require_POST
def review_ask_another(request: LearnerRequest, kind: str, key: UUID) -> HttpResponse:
    """A second opinion."""
    return _send(request, kind, key, sending.ask_another, "Sent for a second opinion")


@access.learner
@require_POST
def review_withdraw(request: LearnerRequest, kind: str, key: UUID) -> HttpResponse:
    """Take back what no mentor has begun."""
    own = _own(request, kind, key)
    if own.thread is None:
        raise Http404
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, own, status=422, reason="Load the page again, then send the form.")
    try:
        review.withdraw(thread=own.thread, by=request.user, key=form.cleaned_data["key"], now=own.now)
    except NotPossibleError as error:
        return _not_possible(request, own, error)
    messages.success(request, "Taken back. Nobody reads it now, and you can send it again when you like.")
    return redirect(own.matter.url)


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def review_comment(request: LearnerRequest, kind: str, key: UUID) -> HttpResponse:
    """Say something, or put right what one said. htmx is answered by all that was said about the same thing."""
    own = _own(request, kind, key)
    rows = Submission.objects.of(request.user).on(own.matter.kind, own.matter.subject)
    _, said = said_in(request.POST, about=rows, by=request.user, now=own.now)
    if isinstance(said, CommentFault):
        return _not_said(request, own, said)
    if request.htmx:  # type: ignore[attr-defined]
        fresh = OwnReview(own.matter, own.now)
        return talk_shown(request, fresh.talk(said.place), comment_url=_comment_url(own), fresh=said.pk)
    messages.success(request, "Sent.")
    return redirect(f"{own.matter.url}#comment-{said.pk}")


def _own(request: LearnerRequest, kind: str, key: UUID) -> OwnReview:
    return OwnReview(_matter(request, kind, key), timezone.now())


def _matter(request: LearnerRequest, kind: str, key: UUID) -> Matter:
    if kind == Kind.ANSWER:
        return answer_matter(get_object_or_404(Attempt.objects.of(request.user).for_page(), pk=key))
    if kind == Kind.MOCK:
        mock = get_object_or_404(Mock.objects.of(request.user).with_role(), pk=key)
        return mock_matter(mock, list(MockQuestion.objects.on(mock).for_grading()))
    raise Http404


def _send(request: LearnerRequest, kind: str, key: UUID, act: Callable[..., Thread], said: str) -> HttpResponse:
    own = _own(request, kind, key)
    form = SendForm(request.POST, matter=own.matter, is_first=own.thread is None, auto_id="send-%s")
    if not form.is_valid():
        return _page(request, own, status=422, send=form)
    try:
        act(matter=own.matter, sent=form.sent, by=request.user, now=own.now)
    except NotPossibleError as error:
        return _not_possible(request, own, error, message=form.cleaned_data["message"])
    messages.success(request, f"{said}. {own.promise}")
    return redirect(own.matter.url)


def _page(request: LearnerRequest, own: OwnReview, *, status: int = 200, **more: Any) -> HttpResponse:
    is_first = own.thread is None
    context = {
        "own": own,
        "matter": own.matter,
        "send": SendForm(matter=own.matter, is_first=is_first, auto_id="send-%s"),
        "another": SendForm(matter=own.matter, is_first=is_first, auto_id="another-%s"),
        "comment_url": _comment_url(own),
    }
    return render(request, "interviews/mentor_review.html", context | more, status=status)


def _comment_url(own: OwnReview) -> str:
    return reverse("interviews:review_comment", args=[own.matter.kind.value, own.matter.key])


def _not_possible(
    request: LearnerRequest, own: OwnReview, error: NotPossibleError, *, message: str = ""
) -> HttpResponse:
    """Something happened meanwhile: the page as it is now, why, and what the learner wrote."""
    return _page(request, OwnReview(own.matter, own.now), status=409, reason=error.reason, kept=message)


def _not_said(request: LearnerRequest, own: OwnReview, fault: CommentFault) -> HttpResponse:
    """The same form again, with what was typed; where its place is gone, the page with the text to copy."""
    talk = own.talk(fault.place)
    if talk is None:
        return _page(request, own, status=422, reason=fault.reason, kept=fault.text)
    if request.htmx:  # type: ignore[attr-defined]
        return talk_shown(request, talk, comment_url=_comment_url(own), fault=fault, status=422)
    return _page(request, own, status=422, fault=fault)
