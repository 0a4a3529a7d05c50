"""The milestone of a phase: what is asked, and the learner's side of its review."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from accounts.models import User
from mentoring import review
from mentoring.hand_in_forms import HandInForm, KeyedForm
from mentoring.models import Thread
from mentoring.review import NotPossibleError
from roadmaps.asking import asked_by
from roadmaps.own_milestone import OwnMilestone, own_milestone_of
from roadmaps.views.answering import done, form_for, not_possible, page
from roadmaps.views.reaching import published_roadmap, reached_milestone
from roles.models import Role
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def milestone_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What ends a phase; for a learner on the roadmap also whose turn it is, their evidence and what mentors said."""
    own = own_milestone_of(request.user, slug, number, now=timezone.now()) if isinstance(request.user, User) else None
    return _own(request, own) if own else _public(request, slug, number)


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def milestone_submit(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    return _hand_in(request, slug, number, review.submit, "Handed in")


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def milestone_resubmit(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    return _hand_in(request, slug, number, review.resubmit, "Handed in again")


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def milestone_second_opinion(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    return _hand_in(request, slug, number, review.ask_second_opinion, "Handed in for a second opinion")


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def milestone_withdraw(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    """Take back what no mentor has begun to review."""
    own = reached_milestone(request.user, slug, number, now=timezone.now())
    form = KeyedForm(request.POST)
    if own.thread is None:
        raise Http404
    if not form.is_valid():
        return page(request, own, status=422, reason=form.errors["key"][0])
    try:
        review.withdraw(thread=own.thread, by=request.user, key=form.cleaned_data["key"], now=own.now)
    except NotPossibleError as error:
        return not_possible(request, own, error.reason)
    return done(request, own, "Taken back. Change what you like, and hand it in again.", part="milestone", moved=True)


def _own(request: HttpRequest, own: OwnMilestone) -> HttpResponse:
    """With `?change=` the piece of evidence of that number stands in a form."""
    piece = next((each for each in own.pieces if str(each.evidence.pk) == request.GET.get("change")), None)
    form = form_for(piece.evidence, own) if piece and own.may_gather else None
    return page(request, own, part="row" if piece else "milestone", each=piece, changing=form)


def _public(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    role = get_object_or_404(Role.objects.with_roadmap(), slug=slug)
    roadmap = published_roadmap(role)
    phase = roadmap.phase(number)
    if phase is None:
        raise Http404
    return render(request, "roadmaps/milestone_public.html", {"role": role, "roadmap": roadmap, "phase": phase})


def _hand_in(request: LearnerRequest, slug: str, number: int, act: Callable[..., Thread], said: str) -> HttpResponse:
    own = reached_milestone(request.user, slug, number, now=timezone.now())
    form = HandInForm(request.POST, auto_id="hand-in-%s")
    if not own.standing.is_current:
        raise Http404
    if not form.is_valid():
        return page(request, own, status=422, hand_in=form)
    message = form.cleaned_data["message"]
    if own.thread is None:
        return page(request, own, status=422, hand_in=_without_evidence(form))
    try:
        act(
            thread=own.thread,
            asked=asked_by(own.phase),
            message=message,
            by=request.user,
            key=form.cleaned_data["key"],
            now=own.now,
        )
    except NotPossibleError as error:
        if own.is_learners_turn and not own.evidence:
            return page(request, own, status=422, hand_in=_without_evidence(form))
        return not_possible(request, own, error.reason, kept={"Your message": message})
    return done(request, own, f"{said}. {own.promise}", part="milestone", moved=True)


def _without_evidence(form: HandInForm) -> HandInForm:
    form.add_error(None, "Add at least one piece of evidence first.")
    return form
