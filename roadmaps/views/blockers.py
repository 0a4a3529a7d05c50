"""What is in a learner's way: said on the roadmap and on a milestone's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import access
from accounts.access import LearnerRequest
from mentoring import blocking
from roadmaps.evidence_forms import BlockerForm, PlaceForm
from roadmaps.standing import Standing
from roadmaps.views.answering import page
from roadmaps.views.reaching import current_standing, reached_milestone
from roadmaps.views.roadmap import own_roadmap


@access.learner
@require_POST
def blocker_state(request: LearnerRequest, slug: str) -> HttpResponse:
    """Say what is in the way, or change it."""
    standing = current_standing(request.user, slug)
    form = BlockerForm(request.POST)
    if not form.is_valid():
        return _refused(request, standing, form)
    told = blocking.state(
        learner=request.user, role=standing.enrolment.role, text=form.cleaned_data["blocker"], now=timezone.now()
    )
    who = "The mentors of your cohort see it" if told else "You are in no cohort: whoever reviews your work sees it"
    messages.success(request, f"Noted. {who}, until you clear it.")
    return redirect(_place(standing, form.cleaned_data["phase"]))


@access.learner
@require_POST
def blocker_clear(request: LearnerRequest, slug: str) -> HttpResponse:
    """Say that it is out of the way."""
    standing = current_standing(request.user, slug)
    blocking.clear(learner=request.user, role=standing.enrolment.role, now=timezone.now())
    messages.success(request, "Cleared. Nobody sees it any more.")
    form = PlaceForm(request.POST)
    return redirect(_place(standing, form.cleaned_data["phase"] if form.is_valid() else None))


def _refused(request: LearnerRequest, standing: Standing, form: BlockerForm) -> HttpResponse:
    number = form.cleaned_data.get("phase")
    if number and standing.progress.roadmap.phase(number):
        own = reached_milestone(request.user, standing.enrolment.role.slug, number, now=timezone.now())
        return page(request, own, status=422, blocker=form)
    return own_roadmap(request, standing, status=422, blocker=form)


def _place(standing: Standing, number: int | None) -> str:
    slug = standing.enrolment.role.slug
    if number and standing.progress.roadmap.phase(number):
        return reverse("roadmaps:milestone_detail", args=[slug, number]) + "#blocker"
    return reverse("roadmaps:roadmap_detail", args=[slug]) + "#blocker"
