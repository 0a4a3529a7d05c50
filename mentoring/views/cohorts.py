"""Cohorts for their mentors: the list, the invites, and handing a learner over."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access
from accounts.access import LearnerRequest
from mentoring import handing_over, inviting, leading
from mentoring.absence import in_hand
from mentoring.cohort_forms import HandoverForm, InviteForm
from mentoring.models import Cohort, Invite, Membership

_LASTS = timedelta(days=30)


@access.mentor
@require_GET
def cohort_list(request: LearnerRequest) -> HttpResponse:
    """The cohorts that the mentor leads."""
    cohorts = leading.cohorts_of(request.user, now=timezone.now())
    return render(request, "mentoring/cohort_list.html", {"cohorts": cohorts})


@access.mentor
@require_http_methods(["GET", "POST"])
def invite_list(request: LearnerRequest, slug: str) -> HttpResponse:
    """The links into a cohort, and a form for the next one."""
    cohort = get_object_or_404(Cohort.objects.of_mentor(request.user), slug=slug)
    form = InviteForm(request.POST or None, initial={"expires_on": timezone.localdate() + _LASTS})
    if request.method == "POST" and form.is_valid():
        invite = form.make(cohort, by=request.user)
        messages.success(request, "The link is ready: copy it and send it to whom you like.")
        return redirect(f"{reverse('mentoring:invite_list', args=[slug])}#invite-{invite.pk}")
    now = timezone.now()
    invites = sorted(((each, each.standing(now)) for each in cohort.invites.all()), key=lambda pair: bool(pair[1]))
    works = [each for each, standing in invites if not standing and cohort.closed_at is None]
    context = {"cohort": cohort, "form": form, "invites": invites, "works": works}
    return render(request, "mentoring/invite_list.html", context, status=422 if form.is_bound else 200)


@access.mentor
@require_POST
def invite_revoke(request: LearnerRequest, number: int) -> HttpResponse:
    """Take a link back. One click brings it again."""
    invite = get_object_or_404(Invite.objects.of_mentor(request.user).select_related("cohort"), pk=number)
    inviting.revoke(invite=invite, now=timezone.now())
    url = reverse("mentoring:invite_restore", args=[invite.pk])
    undo = {"text": f"{invite}: the link leads nowhere now.", "url": url, "fields": {}}
    messages.info(request, render_to_string("includes/undo.html", undo, request))
    return redirect("mentoring:invite_list", invite.cohort.slug)


@access.mentor
@require_POST
def invite_restore(request: LearnerRequest, number: int) -> HttpResponse:
    invite = get_object_or_404(Invite.objects.of_mentor(request.user).select_related("cohort"), pk=number)
    inviting.restore(invite=invite)
    messages.success(request, f"{invite}: the link works again.")
    return redirect("mentoring:invite_list", invite.cohort.slug)


@access.mentor
@require_http_methods(["GET", "POST"])
def handover(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    """Pass a learner of the cohort on to another of its mentors."""
    memberships = Membership.objects.current().led_by(request.user).exclude(learner=request.user)
    memberships = memberships.select_related("cohort", "learner", "mentor")
    membership = get_object_or_404(memberships, cohort__slug=slug, learner=number)
    now = timezone.now()
    takers = handing_over.takers(membership, giver=request.user, by=request.user)
    form = HandoverForm(request.POST or None, takers=takers, now=now)
    if request.method == "POST" and form.is_valid():
        done = form.hand_over(membership, giver=request.user, by=request.user)
        if done is not None:
            messages.success(request, f"{done.taker} looks after {done.learner} now. Both were told.")
            return redirect("cohort_detail", slug)
    context = {
        "membership": membership,
        "form": form,
        "takers": takers,
        "in_hand": in_hand(mentor=request.user, of=membership, now=now),
    }
    status = 409 if form.non_field_errors() else 422 if form.is_bound else 200
    return render(request, "mentoring/handover.html", context, status=status)
