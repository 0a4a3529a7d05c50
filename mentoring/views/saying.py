"""A comment that was posted, from whichever page of a review: read, said, or refused with what was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from accounts.models import User
from mentoring.commenting import NotSaidError, say
from mentoring.forms import CommentFault, CommentForm
from mentoring.models import Comment, Submission
from mentoring.models.submissions import SubmissionQuerySet
from mentoring.story import Talk


def said_in(
    post: QueryDict, *, about: SubmissionQuerySet, otherwise: int | None = None, by: User, now: datetime
) -> tuple[Submission, Comment | CommentFault]:
    """The submission that a form names, of those that the person reaches, and what was said about it, or why nothing.

    `otherwise`: the submission of a form that names none. Raises Http404 where there is no such row.
    """
    form = CommentForm(post)
    submission = get_object_or_404(about, pk=form.target or otherwise)
    if not form.is_valid():
        return submission, form.fault(submission.pk)
    try:
        return submission, say(submission=submission, by=by, now=now, **form.said)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    except NotSaidError as error:
        return submission, form.fault(submission.pk, error.reason)


def talk_shown(
    request: HttpRequest,
    talk: Talk | None,
    *,
    comment_url: str,
    fresh: int = 0,
    fault: CommentFault | None = None,
    status: int = 200,
) -> HttpResponse:
    """All that was said about one thing, as a part of a page. Raises Http404 where there is no such thing."""
    if talk is None:
        raise Http404
    context: dict[str, Any] = {"talk": talk, "comment_url": comment_url, "fresh": fresh, "fault": fault}
    return render(request, "mentoring/talk.html", context, status=status)
