"""What a learner practices for, and how much a day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import access
from accounts.access import LearnerRequest
from interviews import aiming
from interviews.forms import AimForm, HabitsForm, NewAimForm
from interviews.models import Aim


@access.learner
@require_GET
def practice_settings(request: LearnerRequest) -> HttpResponse:
    """Roles, levels, days of interviews, and how much a day."""
    return _page(request)


@access.learner
@require_POST
def aim_add(request: LearnerRequest) -> HttpResponse:
    """Practice for a role from now on."""
    form = NewAimForm(request.POST, roles=aiming.practicable(request.user))
    if not form.is_valid():
        return _page(request, new=form, status=422)
    aim = aiming.add_aim(learner=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, f"You practice for {aim.role.name} from now on.")
    return redirect("interviews:practice")


@access.learner
@require_POST
def aim_change(request: LearnerRequest, slug: str) -> HttpResponse:
    """Another level, or another day."""
    aim = get_object_or_404(Aim.objects.of(request.user).with_role(), role__slug=slug)
    form = AimForm(request.POST, prefix=slug)
    if not form.is_valid():
        return _page(request, changed={slug: form}, status=422)
    aiming.change_aim(aim=aim, **form.cleaned_data)
    messages.success(request, f"{aim.role.short_name}: saved.")
    return redirect("interviews:practice_settings")


@access.learner
@require_POST
def aim_drop(request: LearnerRequest, slug: str) -> HttpResponse:
    """Practice for it no more; adding it again is the way back."""
    aim = get_object_or_404(Aim.objects.of(request.user).with_role(), role__slug=slug)
    fields = {"role": slug, "level": aim.level, "interview_on": aim.interview_on or ""}
    aiming.drop_aim(aim=aim)
    text = f"You no longer practice for {aim.role.short_name}. Your answers are kept."
    values = {"text": text, "url": reverse("interviews:aim_add"), "fields": fields}
    messages.success(request, render_to_string("includes/undo.html", values, request))
    return redirect("interviews:practice_settings")


@access.learner
@require_POST
def habits_save(request: LearnerRequest) -> HttpResponse:
    """How much a day, and with which keys."""
    form = HabitsForm(request.POST)
    if not form.is_valid():
        return _page(request, habits=form, status=422)
    aiming.set_habits(learner=request.user, **form.cleaned_data)
    messages.success(request, "Saved.")
    return redirect("interviews:practice_settings")


def _page(
    request: LearnerRequest,
    *,
    new: NewAimForm | None = None,
    changed: dict[str, AimForm] | None = None,
    habits: HabitsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    aims = list(Aim.objects.of(request.user).with_role())
    forms = {aim.role.slug: AimForm(instance=aim, prefix=aim.role.slug) for aim in aims} | (changed or {})
    context: dict[str, Any] = {
        "aims": [(aim, forms[aim.role.slug]) for aim in aims],
        "new": new or NewAimForm(roles=aiming.practicable(request.user)),
        "habits": habits or HabitsForm(instance=aiming.habits_of(request.user)),
    }
    return render(request, "interviews/practice_settings.html", context, status=status)
