"""What staff do to reviews and learners, each on a page of its own that asks for what it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.access import LearnerRequest, staff
from accounts.models import User
from mentoring import handing_over, review
from mentoring.cohort_forms import HandoverForm
from mentoring.models import Membership, Thread


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="One or two plain sentences. The learner and the mentors of the review read them.",
        error_messages={"required": "Say why."},
    )
    key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


class StaffHandoverForm(HandoverForm):
    """Staff also say from whom, and may choose any mentor."""

    giver = forms.TypedChoiceField(label="From", coerce=int, error_messages={"required": "Choose a mentor."})
    field_order = ("giver", "taker", "note", "key")

    def __init__(self, *args: Any, givers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.givers = {each.pk: each for each in givers}
        field = self.fields["giver"]
        assert isinstance(field, forms.TypedChoiceField), "it is stated above"
        nobody = ("", "Choose a mentor")
        field.choices = [nobody, *((each.pk, each.name) for each in givers)]
        choices = [nobody, *((pk, each.name) for pk, each in self.takers.items())]
        self.fields["taker"].widget = forms.Select(choices=choices)


@staff
def thread_force_release(request: LearnerRequest, number: int) -> HttpResponse:
    """Put a claimed submission back into the queue, with its age."""
    return _act(request, number, review.force_release, "Put back into the queue", "admin/mentoring/force_release.html")


@staff
def thread_reopen(request: LearnerRequest, number: int) -> HttpResponse:
    """Take an approval back."""
    return _act(request, number, review.reopen, "Reopen", "admin/mentoring/reopen.html")


@staff
def membership_handover(request: LearnerRequest, number: int) -> HttpResponse:
    """Hand a learner over from one mentor to another."""
    _for_superusers(request)
    memberships = Membership.objects.current().select_related("cohort__role", "learner", "mentor")
    membership = get_object_or_404(memberships, pk=number)
    givers = list(membership.cohort.mentors.order_by("display_name", "email"))
    form = StaffHandoverForm(
        request.POST if request.method == "POST" else None,
        initial={"giver": membership.mentor_id},
        takers=handing_over.takers(membership, giver=None, by=request.user),
        givers=givers,
        now=timezone.now(),
    )
    if request.method == "POST" and form.is_valid():
        giver = form.givers[form.cleaned_data["giver"]]
        done = form.hand_over(membership, giver=giver, by=request.user)
        if done is not None:
            said = f"{done.learner} was handed over from {giver} to {done.taker}. All three were told."
            admin.site.get_model_admin(Membership).log_change(request, membership, said)
            messages.success(request, said)
            return redirect("admin:mentoring_cohort_change", membership.cohort_id)
    context = _page(request, f"Hand {membership.learner} over", Membership, membership=membership, form=form)
    return TemplateResponse(request, "admin/mentoring/handover.html", context, status=_status(form))


def _act(request: LearnerRequest, number: int, act: Callable[..., Thread], title: str, template: str) -> HttpResponse:
    _for_superusers(request)
    threads = Thread.objects.select_related("learner", "holder", "role").defer("role__blueprint")
    thread = get_object_or_404(threads, pk=number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            act(thread=thread, by=request.user, key=form.cleaned_data["key"], now=timezone.now(), reason=reason)
        except review.NotPossibleError as error:
            form.add_error(None, error.reason)
        else:
            admin.site.get_model_admin(Thread).log_change(request, thread, f"{title}: {reason}")
            messages.success(request, f"{title}: done. The reason is part of the review’s record.")
            return redirect("admin:mentoring_thread_change", thread.pk)
    context = _page(request, title, Thread, thread=thread, form=form)
    return TemplateResponse(request, template, context, status=_status(form))


def _for_superusers(request: LearnerRequest) -> None:
    if not request.user.is_superuser:
        raise PermissionDenied


def _status(form: forms.Form) -> int:
    return 409 if form.non_field_errors() else 422 if form.errors else 200


def _page(request: LearnerRequest, title: str, model: type[Any], *, form: forms.Form, **context: Any) -> dict[str, Any]:
    """What the admin's pages need. The focus goes to the first field that something is wrong with."""
    wrong = next((name for name in form.fields if name in form.errors), None)
    if wrong:
        form.fields[wrong].widget.attrs["autofocus"] = True
    context["form"] = form
    return {**admin.site.each_context(request), "title": title, "opts": model._meta, **context}
