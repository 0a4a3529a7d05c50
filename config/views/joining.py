"""Coming into a cohort by its link, which also puts one on the roadmap."""

from contextlib import suppress

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.access import LearnerRequest
from mentoring import cohorting
from mentoring.models import Invite, Membership
from roadmaps.enrolling import NoRoadmapError, enrol


@access.learner
@require_http_methods(["GET", "POST"])
def cohort_join(request: LearnerRequest, token: str) -> HttpResponse:
    """Say what joining means, then join."""
    invite = get_object_or_404(Invite.objects.for_its_page(), token=token)
    cohort, now, status = invite.cohort, timezone.now(), 200
    member = Membership.objects.current().of(request.user).in_cohort(cohort)
    reason = "" if member else cohorting.obstacle(invite=invite, learner=request.user, now=now)
    if request.method == "POST":
        try:
            _join(invite, request)
        except cohorting.NotJoinedError as error:
            reason, status = error.reason, 409
        else:
            messages.success(request, f"Welcome to {cohort.name}. You are on the roadmap, and your mentors were told.")
            return redirect("membership_list")
    context = {"invite": invite, "cohort": cohort, "role": cohort.role, "member": member, "reason": reason}
    return render(request, "mentoring/cohort_join.html", context, status=status)


@transaction.atomic
def _join(invite: Invite, request: LearnerRequest) -> None:
    with suppress(NoRoadmapError):  # a role whose roadmap is yet to come can have a cohort
        enrol(learner=request.user, role=invite.cohort.role)
    cohorting.join(invite=invite, by=request.user, now=timezone.now())
