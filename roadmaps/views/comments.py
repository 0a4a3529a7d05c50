"""What a learner says about what they handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from mentoring import commenting
from mentoring.commenting import NotSaidError
from mentoring.forms import CommentFault, CommentForm
from mentoring.models import Kind, Submission
from mentoring.story import Talk
from roadmaps.own_milestone import OwnMilestone
from roadmaps.views.answering import address_of, afresh, comment_url_of, page
from roadmaps.views.reaching import reached_milestone


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def milestone_comment(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    """Say something, or put right what one said. htmx is answered by all that was said about the same thing."""
    own = reached_milestone(request.user, slug, number, now=timezone.now())
    form = CommentForm(request.POST)
    rows = Submission.objects.of(request.user).on(Kind.MILESTONE, own.subject)
    submission = get_object_or_404(rows, pk=form.target)
    if not form.is_valid():
        return _not_said(request, own, form.fault(submission.pk))
    try:
        comment = commenting.say(submission=submission, by=request.user, now=own.now, **form.said)
    except NotSaidError as error:
        return _not_said(request, own, form.fault(submission.pk, error.reason))
    if request.htmx:  # type: ignore[attr-defined]
        own = afresh(own)
        return _talk(request, own, own.talk(comment.place), fresh=comment.pk)
    messages.success(request, "Sent.")
    return redirect(f"{address_of(own)}#comment-{comment.pk}")


def _not_said(request: LearnerRequest, own: OwnMilestone, fault: CommentFault) -> HttpResponse:
    """The same form again, with what was typed. Where its place is gone: the page, with the text to copy."""
    talk = own.talk(fault.place)
    if talk is None:
        kept = {"Your comment": fault.text} if fault.text else {}
        response = page(request, own, status=422, reason=fault.reason, kept=kept)
        response.headers["HX-Retarget"] = "#milestone"
        return response
    if request.htmx:  # type: ignore[attr-defined]
        return _talk(request, own, talk, fault=fault, status=422)
    return page(request, own, status=422, fault=fault)


def _talk(
    request: LearnerRequest,
    own: OwnMilestone,
    talk: Talk | None,
    *,
    fresh: int = 0,
    fault: CommentFault | None = None,
    status: int = 200,
) -> HttpResponse:
    if talk is None:
        raise Http404
    context = {"talk": talk, "comment_url": comment_url_of(own), "fresh": fresh, "fault": fault}
    return render(request, "mentoring/talk.html", context, status=status)
