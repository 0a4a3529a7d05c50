"""The queue: what waits for a mentor, and what they have in hand, returned and answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from mentoring import queue as queues
from mentoring import review
from mentoring.forms import KeyForm
from mentoring.models import Kind
from mentoring.narrowing import Everything, QueueFilter, Tab
from mentoring.parts import part
from mentoring.queue import Scope, Waiting
from mentoring.templatetags.review_parts import since
from roles.words import in_words


@access.mentor
@require_GET
@vary_on_headers("HX-Request")
def queue(request: LearnerRequest) -> HttpResponse:
    """What waits, oldest first, narrowed by the query string; or one of the other lists."""
    return _page(request, status=200)


@access.mentor
@require_POST
def claim_next(request: LearnerRequest) -> HttpResponse:
    """Take the first of the queue that nobody else is taking at this moment, with the filters kept."""
    now = timezone.now()
    scope = queues.scope_of(request.user, now=now)
    form, keyed = QueueFilter(request.POST, scope=scope), KeyForm(request.POST)
    if not keyed.is_valid():
        return _page(request, status=422, refused="This form was not whole. Here is a fresh one.")
    key: UUID = keyed.cleaned_data["key"]
    among = queues.first_in_line(scope, form.narrowed, now=now)
    try:
        thread = review.claim_next(by=request.user, key=key, now=now, among=among)
    except review.NotPossibleError as error:
        return _page(request, status=409, refused=error.reason)
    if thread is None:
        messages.info(request, "Nothing is left to claim: others were faster, or nothing waits.")
        return redirect("mentoring:queue")
    return redirect(thread.submissions.newest())


def _page(request: LearnerRequest, *, status: int, refused: str = "") -> HttpResponse:
    now = timezone.now()
    scope, form, listed = _asked(request, now)
    late = sum(row.is_late for row in listed.rows) if form.shown == Tab.WAITING else 0
    context = {
        "finding": _finding(scope, form, listed, late),
        "scope": scope,
        "form": form,
        "listed": listed,
        "most": queues.COUNTED,
        "kinds": Kind.choices,
        "is_first": form.place is None,
        "next_query": form.query_after(listed.next) if listed.next else "",
        "is_away": scope.is_away(now),
        "refused": refused,
        "icons": static("icons.svg"),
    }
    waits = tuple(since(row.at) for row in listed.rows)
    plain = not request.GET and not refused
    key = (scope.key, context["is_away"], listed.found, late, tuple(listed.rows), waits) if plain else None
    results = part(request, "mentoring/queue_results.html", context, key=key)
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return HttpResponse(results, status=status)
    return render(request, "mentoring/queue.html", {"results": results}, status=status)


def _asked(request: LearnerRequest, now: datetime) -> tuple[Scope, QueueFilter | Everything, Waiting]:
    if not request.GET:
        scope, listed = queues.first_page(request.user, now=now)
        return scope, Everything(), listed
    scope = queues.scope_of(request.user, now=now)
    form = QueueFilter(request.GET, scope=scope)
    return scope, form, _listed(scope, form, now)


def _listed(scope: Scope, form: QueueFilter, now: datetime) -> Waiting:
    match form.shown:
        case Tab.HELD:
            rows = queues.in_hand(scope, now=now)
            return Waiting(rows, len(rows), None, None)
        case Tab.LEARNER:
            return queues.with_the_learner(scope, after=form.place)
        case Tab.ANSWERED:
            return queues.answered(scope, after=form.place)
    return queues.waiting(scope, form.narrowed, after=form.place, now=now)


def _finding(scope: Scope, form: QueueFilter | Everything, listed: Waiting, late: int) -> str:
    """What the page shows, in a sentence."""
    count = "More than a hundred" if listed.found > queues.COUNTED else in_words(listed.found)
    one = listed.found == 1
    match form.shown:
        case Tab.HELD:
            held = f"{count} {'review is' if one else 'reviews are'} in your hands"
            return held if listed.rows else "Your hands are free"
        case Tab.LEARNER:
            return "With their learners" if listed.rows else "Nothing is with a learner"
        case Tab.ANSWERED:
            return "What you answered" if listed.rows else "You have answered nothing yet"
    if form.place is not None:
        return "Further down the queue"
    if not listed.rows:
        return "Nothing that waits fits all of that" if form.narrowed.is_at_all else "Nothing waits for you"
    waits = f"{count} {'review waits' if one else 'reviews wait'}"
    return f"{waits}, {in_words(late).lower()} for more than three days" if late else waits
