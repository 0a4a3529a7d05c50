"""Cohorts for their learners: who looks after them, what mentors see, and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import access
from accounts.access import LearnerRequest
from mentoring import cohorting
from mentoring.models import Membership


@access.learner
@require_GET
def membership_list(request: LearnerRequest) -> HttpResponse:
    """The learner's cohorts, and those that they were in."""
    memberships = Membership.objects.of(request.user).with_mentors().order_by("-joined_at")
    context = {
        "memberships": [each for each in memberships if each.left_at is None],
        "left": [each for each in memberships if each.left_at is not None],
    }
    return render(request, "mentoring/membership_list.html", context)


@access.learner
@require_http_methods(["GET", "POST"])
def cohort_leave(request: LearnerRequest, slug: str) -> HttpResponse:
    """Say first what happens, then leave."""
    memberships = Membership.objects.current().of(request.user).select_related("cohort__role")
    membership = get_object_or_404(memberships.defer("cohort__role__blueprint"), cohort__slug=slug)
    if request.method == "GET":
        waiting = cohorting.waiting_of(membership)
        return render(request, "mentoring/cohort_leave.html", {"membership": membership, "waiting": waiting})
    cohorting.leave(cohort=membership.cohort, by=request.user, now=timezone.now())
    messages.success(request, f"You left {membership.cohort.name}. Your progress and your submissions are kept.")
    return redirect("membership_list")
