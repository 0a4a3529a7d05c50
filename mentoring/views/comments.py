"""What a mentor says about a submission."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import access
from accounts.access import LearnerRequest
from mentoring.commenting import NotSaidError, say
from mentoring.forms import CommentFault, CommentForm
from mentoring.models import Comment, Submission
from mentoring.story import story_of
from mentoring.views import desk


@access.mentor
@require_POST
def submission_comment(request: LearnerRequest, number: int) -> HttpResponse:
    """Say something, or put right what one said. htmx is answered by all that was said about the same thing."""
    form = CommentForm(request.POST)
    rows = Submission.objects.for_desk().reachable_by(request.user, timezone.now())
    submission = get_object_or_404(rows, pk=form.target or number)
    if not form.is_valid():
        return _not_said(request, submission, form.fault(submission.pk))
    try:
        comment = say(submission=submission, by=request.user, now=timezone.now(), **form.said)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    except NotSaidError as error:
        return _not_said(request, submission, form.fault(submission.pk, error.reason))
    if request.htmx:  # type: ignore[attr-defined]
        return _talk(request, submission, comment.place, fresh=comment.pk)
    messages.success(request, "Sent.")
    return redirect(f"{reverse('mentoring:submission_detail', args=[number])}#comment-{comment.pk}")


def _not_said(request: LearnerRequest, submission: Submission, fault: CommentFault) -> HttpResponse:
    """The same form again, with what was typed."""
    if not request.htmx:  # type: ignore[attr-defined]
        return desk.with_fault(request, submission, fault)
    place = fault.place
    if place.startswith("correct-"):
        found = Comment.objects.filter(submission=submission, pk=place.removeprefix("correct-")).first()
        place = found.place if found else ""
    return _talk(request, submission, place, fault=fault, status=422)


def _talk(
    request: LearnerRequest,
    submission: Submission,
    place: str,
    *,
    fresh: int = 0,
    fault: CommentFault | None = None,
    status: int = 200,
) -> HttpResponse:
    talk = story_of(submission.thread, to=request.user).talk(place)
    if talk is None:
        raise Http404
    context = {
        "talk": talk,
        "comment_url": reverse("mentoring:submission_comment", args=[submission.pk]),
        "fresh": fresh,
        "fault": fault,
    }
    return render(request, "mentoring/talk.html", context, status=status)
