"""What a learner says about what they handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from mentoring.forms import CommentFault
from mentoring.models import Kind, Submission
from mentoring.views.saying import said_in, talk_shown
from roadmaps.own_milestone import OwnMilestone
from roadmaps.views.answering import address_of, afresh, comment_url_of, page
from roadmaps.views.reaching import reached_milestone


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def milestone_comment(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    """Say something, or put right what one said. htmx is answered by all that was said about the same thing."""
    own = reached_milestone(request.user, slug, number, now=timezone.now())
    rows = Submission.objects.of(request.user).on(Kind.MILESTONE, own.subject)
    _, said = said_in(request.POST, about=rows, by=request.user, now=own.now)
    if isinstance(said, CommentFault):
        return _not_said(request, own, said)
    if request.htmx:  # type: ignore[attr-defined]
        own = afresh(own)
        return talk_shown(request, own.talk(said.place), comment_url=comment_url_of(own), fresh=said.pk)
    messages.success(request, "Sent.")
    return redirect(f"{address_of(own)}#comment-{said.pk}")


def _not_said(request: LearnerRequest, own: OwnMilestone, fault: CommentFault) -> HttpResponse:
    """The same form again, with what was typed. Where its place is gone: the page, with the text to copy."""
    talk = own.talk(fault.place)
    if talk is None:
        kept = {"Your comment": fault.text} if fault.text else {}
        response = page(request, own, status=422, reason=fault.reason, kept=kept)
        response.headers["HX-Retarget"] = "#milestone"
        return response
    if request.htmx:  # type: ignore[attr-defined]
        return talk_shown(request, talk, comment_url=comment_url_of(own), fault=fault, status=422)
    return page(request, own, status=422, fault=fault)
