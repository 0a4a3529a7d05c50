"""Roadmaps: all of them, one with the learner's progress, and its history."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from accounts.models import User
from roadmaps import enrolling, ticking
from roadmaps.diffs import Change
from roadmaps.evidence_forms import BlockerForm
from roadmaps.forms import GoalStateForm
from roadmaps.models import Enrolment, Publication
from roadmaps.progress import progress_of
from roadmaps.standing import Standing, standing_on, standings_of
from roadmaps.views.reaching import current_standing, published_roadmap
from roles.charts import ring
from roles.models import Role
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@kept_for_visitors
def enrolment_list(request: HttpRequest) -> HttpResponse:
    """Every roadmap, and where the learner stands on theirs."""
    standings = standings_of(request.user) if isinstance(request.user, User) else []
    mine = {each.enrolment.role_id for each in standings if each.is_current}
    context = {
        "standings": [each for each in standings if each.is_current],
        "left": [each for each in standings if not each.is_current],
        "roles": [role for role in Role.objects.with_roadmap() if role.pk not in mine],
    }
    return render(request, "roadmaps/enrolment_list.html", context)


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def roadmap_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The roadmap: the published one for everybody, one's own once one is on it."""
    standing = standing_on(request.user, slug) if isinstance(request.user, User) else None
    if standing is not None and standing.is_current:
        return own_roadmap(request, standing)
    role = get_object_or_404(Role.objects.with_roadmap(), slug=slug)
    progress = progress_of(published_roadmap(role), {})
    context = {
        "role": role,
        "progress": progress,
        "ring": ring(progress.roadmap),
        "left": standing,
    }
    return render(request, "roadmaps/roadmap_public.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def publication_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every publication of a roadmap and what it changed."""
    role = get_object_or_404(Role.objects.with_roadmap(), slug=slug)
    publications = [
        (each, [Change.from_json(change) for change in each.changes])
        for each in Publication.objects.of(role).without_snapshots()
    ]
    return render(
        request,
        "roadmaps/publication_list.html",
        {"role": role, "publications": publications},
    )


@access.learner
@require_POST
def roadmap_enrol(request: LearnerRequest, slug: str) -> HttpResponse:
    role = get_object_or_404(Role.objects.with_roadmap(), slug=slug)
    enrolling.enrol(learner=request.user, role=role)
    messages.success(request, f"You are on the {role.short_name} roadmap.")
    return redirect("roadmaps:roadmap_detail", slug)


@access.learner
@require_http_methods(["GET", "POST"])
def roadmap_leave(request: LearnerRequest, slug: str) -> HttpResponse:
    """Ask first, then leave; progress is kept."""
    standing = current_standing(request.user, slug)
    role = standing.enrolment.role
    if request.method == "GET":
        return render(request, "roadmaps/roadmap_leave.html", {"standing": standing, "role": role})
    enrolling.leave(learner=request.user, role=role, now=timezone.now())
    messages.success(request, f"You left the {role.short_name} roadmap. Your progress is kept.")
    return redirect("roadmaps:enrolment_list")


@access.learner
@require_POST
def goal_state(request: LearnerRequest, slug: str, key: UUID) -> HttpResponse:
    """Put a goal into the state that the form names."""
    form = GoalStateForm(request.POST)
    if not form.is_valid():
        return _bad_state(request, slug)
    try:
        tick = ticking.set_state(
            learner=request.user,
            role=slug,
            goal=key,
            state=form.cleaned_data["state"],
            now=timezone.now(),
        )
    except (Enrolment.DoesNotExist, ticking.NoSuchGoalError) as error:
        raise Http404 from error
    return _ticked(request, tick)


@access.learner
@require_POST
def goal_credit(request: LearnerRequest, slug: str, key: UUID) -> HttpResponse:
    """Take over what was done on another roadmap."""
    try:
        tick = ticking.take_credit(learner=request.user, role=slug, goal=key, now=timezone.now())
    except ticking.NoCreditError:
        messages.error(
            request,
            "Nothing that you have finished elsewhere covers this goal any more.",
        )
        return redirect(_goal_url(slug, key))
    except (Enrolment.DoesNotExist, ticking.NoSuchGoalError) as error:
        raise Http404 from error
    return _ticked(request, tick)


def own_roadmap(request: HttpRequest, standing: Standing, *, status: int = 200, **more: Any) -> HttpResponse:
    """The learner's own, whole."""
    return render(request, "roadmaps/roadmap_detail.html", _own_context(standing) | more, status=status)


def _own_context(standing: Standing) -> dict[str, object]:
    return {
        "role": standing.enrolment.role,
        "standing": standing,
        "progress": standing.progress,
        "ring": ring(standing.progress.roadmap, shares=standing.progress.shares),
        # Made only where it is not kept already.
        "blocker_form": partial(BlockerForm, initial={"blocker": standing.enrolment.blocker}),
    }


def _goal_url(slug: str, key: object) -> str:
    return f"{reverse('roadmaps:roadmap_detail', args=[slug])}#goal-{key}"


def _bad_state(request: LearnerRequest, slug: str) -> HttpResponse:
    """A state that does not exist: say so on the page itself, with everything as it was."""
    context = _own_context(current_standing(request.user, slug))
    context["error"] = "That is not a state a goal can have. Choose to do, in progress, done or skipped."
    response = render(request, "roadmaps/roadmap_detail.html", context, status=422)
    response.headers["HX-Retarget"] = "body"  # the answer is the page, whatever part htmx asked for
    return response


def _ticked(request: LearnerRequest, tick: ticking.Tick) -> HttpResponse:
    slug = tick.enrolment.role.slug
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, f"{tick.after.label}: {tick.goal.text}")
        return redirect(_goal_url(slug, tick.goal.key))
    standing = tick.standing
    each = standing.phases[standing.progress.roadmap.phase_of[tick.goal.key].number - 1]
    lines = [line for line in each.lines if line.goal.key == tick.goal.key]
    context = _own_context(standing) | {"tick": tick, "each": each, "lines": lines, "oob": True}
    return render(request, "roadmaps/roadmap_detail.html#ticked", context)
