"""Out of office: from when until when, and what goes back to the queue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.access import LearnerRequest
from mentoring import absence
from mentoring.cohort_forms import AwayForm
from mentoring.models import Mentor


@access.mentor
@require_http_methods(["GET", "POST"])
def away(request: LearnerRequest) -> HttpResponse:
    """Say when one is out of office. What one holds is listed before anything happens."""
    mentor = get_object_or_404(Mentor, user=request.user)
    now = timezone.now()
    form = AwayForm(request.POST or None, initial={"away_from": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        back = absence.go_out(mentor=request.user, by=request.user, since=form.since(now), until=form.until, now=now)
        messages.success(request, form.said)
        for sentence in back.said(request.user):
            messages.info(request, sentence)
        return redirect("mentoring:away")
    context = {
        "mentor": mentor,
        "state": mentor.presence(now),
        "form": form,
        "in_hand": absence.in_hand(mentor=request.user, now=now),
    }
    return render(request, "mentoring/away.html", context, status=422 if form.is_bound else 200)


@access.mentor
@require_POST
def back(request: LearnerRequest) -> HttpResponse:
    """Be there again, or after all."""
    get_object_or_404(Mentor, user=request.user)
    if absence.come_back(mentor=request.user, now=timezone.now()):
        messages.success(request, "You are here. New submissions reach you again.")
    return redirect("mentoring:away")
