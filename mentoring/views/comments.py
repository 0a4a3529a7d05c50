"""What a mentor says about a submission."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import access
from accounts.access import LearnerRequest
from mentoring.forms import CommentFault
from mentoring.models import Comment, Submission
from mentoring.story import story_of
from mentoring.views import desk
from mentoring.views.saying import said_in, talk_shown


@access.mentor
@require_POST
def submission_comment(request: LearnerRequest, number: int) -> HttpResponse:
    """Say something, or put right what one said. htmx is answered by all that was said about the same thing."""
    now = timezone.now()
    rows = Submission.objects.for_desk().reachable_by(request.user, now)
    submission, said = said_in(request.POST, about=rows, otherwise=number, by=request.user, now=now)
    if isinstance(said, CommentFault):
        return _not_said(request, submission, said)
    if request.htmx:  # type: ignore[attr-defined]
        return _talk(request, submission, said.place, fresh=said.pk)
    messages.success(request, "Sent.")
    return redirect(f"{reverse('mentoring:submission_detail', args=[number])}#comment-{said.pk}")


def _not_said(request: LearnerRequest, submission: Submission, fault: CommentFault) -> HttpResponse:
    """The same form again, with what was typed."""
    if not request.htmx:  # type: ignore[attr-defined]
        return desk.with_fault(request, submission, fault)
    place = fault.place
    if place.startswith("correct-"):
        found = Comment.objects.of(submission).filter(pk=place.removeprefix("correct-")).first()
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
    url = reverse("mentoring:submission_comment", args=[submission.pk])
    return talk_shown(request, talk, comment_url=url, fresh=fresh, fault=fault, status=status)
