"""Answers that were spoken, made by the real action."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core.files.base import ContentFile

from accounts.models import User
from interviews.models import Question, Recording
from interviews.recording import lock_recorded
from interviews.sounds.inspecting import inspect
from tests.interviews.practicing import NOW
from tests.interviews.sounds import webm

SOUND = webm(2)


def recorded(learner: User, question: Question, *, data: bytes = SOUND, key: UUID | None = None) -> Recording:
    upload = ContentFile(data)
    attempt = lock_recorded(
        learner=learner,
        question=question,
        attempt=key or uuid4(),
        text="",
        seconds=90,
        sound=inspect(upload),
        upload=upload,
        now=NOW,
    )
    return attempt.recording
