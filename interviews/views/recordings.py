"""Recorded answers: sent, heard and deleted by their learner, and by nobody else."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access
from accounts.access import LearnerRequest
from interviews import aiming
from interviews.days import study_day
from interviews.forms import RecordingForm, opened_at
from interviews.models import Attempt, Question, Recording, SoundKind
from interviews.queue import queue_of
from interviews.recording import LockedAlreadyError, delete_recording, lock_recorded
from interviews.sounds.inspecting import CONTENT_TYPES
from mentoring.files import keeping

_OFF = "You do not record answers. Switch it on under Roles and pace."
_LOCKED = "This answer is locked already, so nothing is recorded before it any more."


@access.learner
@require_POST
def answer_record(request: LearnerRequest, slug: str) -> HttpResponse:
    """Keep a recording and lock the answer with it, which opens the model answer."""
    question = get_object_or_404(Question.objects.open(), slug=slug)
    form = RecordingForm(request.POST, request.FILES)
    if not aiming.habits_of(request.user).recording:
        return _refused(request, question, form, _OFF)
    if not form.is_valid():
        return _refused(request, question, form, form.fault)
    try:
        attempt = _lock(request, question, form)
    except LockedAlreadyError:
        return _refused(request, question, form, _LOCKED)
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    return redirect("interviews:attempt_detail", attempt.pk)


@access.learner
@require_GET
def recording_play(request: LearnerRequest, attempt: UUID) -> HttpResponse:
    """The sound, whole or in parts, for the player on the page of its answer."""
    recording = get_object_or_404(Recording.objects.of(request.user).kept(), attempt=attempt)
    try:
        response = keeping.as_sound(
            request,
            recording.stored,
            name=f"answer.{recording.kind}",
            content_type=CONTENT_TYPES[SoundKind(recording.kind)],
            sha256=recording.sha256,
        )
    except keeping.DamagedFileError as error:
        raise Http404 from error
    return cast("HttpResponse", response)


@access.learner
@require_http_methods(["GET", "POST"])
def recording_delete(request: LearnerRequest, attempt: UUID) -> HttpResponse:
    """Delete it for good, once the learner said so twice."""
    rows = Recording.objects.of(request.user).kept().with_question()
    recording = get_object_or_404(rows, attempt=attempt)
    if request.method == "GET":
        return render(request, "interviews/recording_delete.html", {"recording": recording})
    delete_recording(recording=recording, by=request.user, now=timezone.now())
    messages.success(request, "The recording is deleted.")
    return redirect("interviews:attempt_detail", attempt)


def _lock(request: LearnerRequest, question: Question, form: RecordingForm) -> Attempt:
    answer = form.cleaned_data
    return lock_recorded(
        learner=request.user,
        question=question,
        attempt=answer["attempt"],
        text=answer["text"].strip(),
        seconds=form.seconds,
        sound=form.sound,
        upload=answer["recording"],
        now=timezone.now(),
    )


def _refused(request: LearnerRequest, question: Question, form: RecordingForm, fault: str) -> HttpResponse:
    """Words for the recorder, which keeps what was recorded; or the page again for whoever sent the form plainly."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "interviews/recorder.html#fault", {"fault": fault}, status=422)
    now = timezone.now()
    context: dict[str, Any] = {
        "queue": queue_of(request.user, today=study_day(now, request.user.zone)),
        "question": question,
        "form": form,
        "attempt": form.data.get("attempt", ""),
        "opened": form.data.get("opened") or opened_at(now),
        "fault": fault,
    }
    return render(request, "interviews/practice.html", context, status=422)
