"""Saved replies: texts that a mentor says often, to keep, change and take away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.access import LearnerRequest
from mentoring import replying
from mentoring.forms import ReplyForm
from mentoring.models import SavedReply


@access.mentor
@require_http_methods(["GET", "POST"])
def reply_list(request: LearnerRequest) -> HttpResponse:
    """One's own replies, and a form for the next."""
    return _form_page(request, None)


@access.mentor
@require_http_methods(["GET", "POST"])
def reply_change(request: LearnerRequest, number: int) -> HttpResponse:
    return _form_page(request, get_object_or_404(SavedReply.objects.of(request.user), pk=number))


@access.mentor
@require_POST
def reply_delete(request: LearnerRequest, number: int) -> HttpResponse:
    """Take one away, with a way back that keeps it anew."""
    reply = get_object_or_404(SavedReply.objects.of(request.user), pk=number)
    replying.forget(by=request.user, reply=reply)
    undo = {
        "text": f"Deleted: {reply.title}",
        "url": reverse("mentoring:reply_list"),
        "fields": {"title": reply.title, "text": reply.text},
    }
    messages.success(request, render_to_string("includes/undo.html", undo, request))
    return redirect("mentoring:reply_list")


def _form_page(request: LearnerRequest, reply: SavedReply | None) -> HttpResponse:
    initial = {"title": reply.title, "text": reply.text} if reply else None
    form = ReplyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            replying.keep(by=request.user, reply=reply, **form.cleaned_data)
        except replying.NotKeptError as error:
            form.add_error(error.field, error.reason)
        else:
            messages.success(request, "Changed." if reply else "Kept. It stands at every desk now.")
            return redirect("mentoring:reply_list")
    context = {"form": form, "reply": reply, "replies": SavedReply.objects.of(request.user), "most": replying.MOST}
    return render(request, "mentoring/reply_list.html", context, status=422 if form.is_bound else 200)
