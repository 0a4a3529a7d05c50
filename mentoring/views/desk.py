"""The desk: one submission, its criteria beside its evidence, and the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from accounts import access
from accounts.access import LearnerRequest
from accounts.models import User
from mentoring import desk as desks
from mentoring import drafting, review
from mentoring import queue as queues
from mentoring.asked import Asked
from mentoring.deciding import IncompleteError
from mentoring.desk import Desk, Lost, desk_of
from mentoring.drafting import Typed
from mentoring.forms import CommentFault, KeyForm
from mentoring.locking import to_act_on
from mentoring.looking import note_look
from mentoring.models import Looked, Met, Ruling, SavedReply, Submission, Thread
from mentoring.models.submissions import SubmissionQuerySet
from mentoring.parts import part
from mentoring.queue import Narrowed


@access.mentor
@require_GET
@vary_on_headers("HX-Request")
def submission_detail(request: LearnerRequest, number: int) -> HttpResponse:
    """Everything about one submission; its learner can read who looked."""
    now = timezone.now()
    desk = _desk(request, number, now)
    if isinstance(desk, Lost):
        return _lost(request, desk)
    if not desk.found.was_looked_at:
        submission = desk.submission
        note_look(
            viewer=request.user, learner=desk.thread.learner, what=Looked.SUBMISSION, submission=submission, now=now
        )
    return _shown(request, desk)


@access.mentor
@require_POST
def submission_claim(request: LearnerRequest, number: int) -> HttpResponse:
    """Take it in hand for an hour; work on it extends that."""
    submission = _to_act_on(number)
    try:
        desks.claim(submission=submission, by=request.user, key=_key(request), now=timezone.now())
    except Thread.DoesNotExist as error:
        raise Http404 from error
    except review.NotPossibleError as error:
        return _refused(request, submission, error.reason)
    return _back_to(request, submission)


@access.mentor
@require_POST
def submission_release(request: LearnerRequest, number: int) -> HttpResponse:
    """Give it back to the queue with its age kept. Claiming it again is the way back."""
    submission = _to_act_on(number, begun_by=request.user)
    try:
        review.release(thread=submission.thread, by=request.user, key=_key(request), now=timezone.now())
    except review.NotPossibleError as error:
        return _refused(request, submission, error.reason)
    messages.success(request, "Released. It stands in the queue as old as it was, and your draft is kept.")
    return _back_to(request, submission)


@access.mentor
@require_POST
def submission_extend(request: LearnerRequest, number: int) -> HttpResponse:
    """An hour more, counted from now."""
    submission = _to_act_on(number, begun_by=request.user)
    try:
        review.extend(thread=submission.thread, by=request.user, now=timezone.now())
    except review.NotPossibleError as error:
        return _refused(request, submission, error.reason)
    messages.success(request, "It is yours for an hour from now.")
    return _back_to(request, submission)


@access.mentor
@require_POST
def submission_draft(request: LearnerRequest, number: int) -> HttpResponse:
    """Keep what is typed, and let the lease run on. With `do=insert` a saved reply goes into the text."""
    submission = _begun(request, Submission.objects.to_write_about(), number)
    typed = Typed.from_post(request.POST, Asked.from_json(submission.asked))
    wanted = request.POST.get("insert", "") if request.POST.get("do") == "insert" else ""
    reply = SavedReply.objects.of(request.user).numbered(wanted)
    typed = typed.with_text(reply.text) if reply else typed
    now = timezone.now()
    try:
        thread = drafting.keep(submission=submission, by=request.user, typed=typed, now=now)
    except review.NotPossibleError as error:
        if request.htmx:  # type: ignore[attr-defined]
            return _draft_state(request, {"refused": error.reason}, status=409)
        return _refused(request, submission, error.reason)
    if request.htmx:  # type: ignore[attr-defined]
        return _draft_state(request, {"saved_at": now, "lease_until": thread.lease_until})
    messages.success(request, "The reply stands at the end of your text." if reply else "Draft saved.")
    return redirect(f"{submission.get_absolute_url()}{'#id_text' if reply else '#decision'}")


@access.mentor
@require_POST
def submission_return(request: LearnerRequest, number: int) -> HttpResponse:
    """Send it back with verdicts, remarks and a next step."""
    return _decide(request, number, Ruling.RETURNED)


@access.mentor
@require_POST
def submission_approve(request: LearnerRequest, number: int) -> HttpResponse:
    """Every required criterion is met."""
    return _decide(request, number, Ruling.APPROVED)


def _decide(request: LearnerRequest, number: int, ruling: Ruling) -> HttpResponse:
    submission = _begun(request, Submission.objects.to_write_about(), number)
    typed = Typed.from_post(request.POST, Asked.from_json(submission.asked))
    now = timezone.now()
    try:
        desks.decide(submission=submission, ruling=ruling, typed=typed, by=request.user, key=_key(request), now=now)
    except IncompleteError as error:
        return _incomplete(request, submission, typed, error, now)
    except review.NotPossibleError as error:
        desks.keep_quietly(submission=submission, by=request.user, typed=typed, now=now)
        return _refused(request, submission, f"{error.reason} What you typed is kept.")
    return _next_one(request, ruling, now)


def _next_one(request: LearnerRequest, ruling: Ruling, now: datetime) -> HttpResponse:
    """On to what is offered next, with a word on what was done."""
    scope = queues.scope_of(request.user, now=now)
    first = queues.waiting(scope, Narrowed(), after=None, now=now).offered if scope.may_take_more else None
    if first is None:
        messages.success(request, f"{ruling.label}. {'Nothing else waits for you.' if scope.may_take_more else ''}")
        return redirect("mentoring:queue")
    messages.success(request, f"{ruling.label}. Next: {first.learner}, {first.title}")
    return redirect("mentoring:submission_detail", first.number)


def _incomplete(
    request: LearnerRequest, submission: Submission, typed: Typed, error: IncompleteError, now: datetime
) -> HttpResponse:
    desks.keep_quietly(submission=submission, by=request.user, typed=typed, now=now)
    desk = desk_of(submission.pk, by=request.user, now=now)
    if isinstance(desk, Lost):
        return _lost(request, desk)
    return _shown(request, replace(desk, typed=typed, faults=error.faults), status=422)


def _refused(request: LearnerRequest, submission: Submission, reason: str) -> HttpResponse:
    """409: the desk as it stands now, or where it may not be read, who holds it."""
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "mentoring/refused.html", {"refused": reason}, status=409)
        return retarget(reswap(answer, "outerHTML"), "#refused")
    try:
        desk = desk_of(submission.pk, by=request.user, now=timezone.now())
    except Submission.DoesNotExist:
        desk = Lost(reason, submission, None)
    if isinstance(desk, Lost):
        return _lost(request, desk)
    return _shown(request, desk, status=409, refused=reason)


def _desk(request: LearnerRequest, number: int, now: datetime) -> Desk | Lost:
    try:
        return desk_of(number, by=request.user, now=now)
    except Submission.DoesNotExist as error:
        raise Http404 from error


def _back_to(request: LearnerRequest, submission: Submission) -> HttpResponse:
    url = submission.get_absolute_url()
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


def _to_act_on(number: int, *, begun_by: User | None = None) -> Submission:
    try:
        return to_act_on(number, begun_by=begun_by)
    except Submission.DoesNotExist as error:
        raise Http404 from error


def _begun(request: LearnerRequest, rows: SubmissionQuerySet, number: int) -> Submission:
    """Of these rows what the mentor has, or had, in hand: whoever never had is told nothing of it."""
    return get_object_or_404(rows.begun_by(request.user), pk=number)


def _key(request: LearnerRequest) -> UUID:
    """Of the form; without one, as from a program, each post stands for itself."""
    form = KeyForm(request.POST)
    return form.cleaned_data["key"] if form.is_valid() else uuid4()


def with_fault(request: LearnerRequest, submission: Submission, fault: CommentFault) -> HttpResponse:
    """The desk with a comment that was not sent."""
    desk = _desk(request, submission.pk, timezone.now())
    return _lost(request, desk) if isinstance(desk, Lost) else _shown(request, desk, status=422, fault=fault)


def _shown(
    request: LearnerRequest, desk: Desk, *, status: int = 200, refused: str = "", fault: CommentFault | None = None
) -> HttpResponse:
    plain = status == 200 and not desk.faults
    context = {
        "desk": desk,
        "submission": desk.submission,
        "thread": desk.thread,
        "verdicts": list(Met),
        "refused": refused,
        "fault": fault,
        "comment_url": reverse("mentoring:submission_comment", args=[desk.submission.pk]),
        "icons": static("icons.svg"),
    }
    try:
        body = part(request, "mentoring/desk_body.html", context, key=desk.key if plain else None)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    return render(request, "mentoring/submission_detail.html", {"desk": desk, "body": body}, status=status)


def _lost(request: LearnerRequest, lost: Lost) -> HttpResponse:
    return render(request, "mentoring/submission_lost.html", {"lost": lost}, status=409)


def _draft_state(request: LearnerRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "mentoring/submission_detail.html#draft-state", context, status=status)
