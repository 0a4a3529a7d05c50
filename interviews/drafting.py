"""An answer as its learner types it. The only writer of `AnswerDraft`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import User
from interviews.models import AnswerDraft, Attempt, Question


def keep_draft(*, learner: User, question: Question, attempt: UUID, text: str, now: datetime) -> None:
    """Keep what is typed; nothing typed keeps nothing, and an answer that is locked is no draft any more."""
    if Attempt.objects.of(learner).filter(pk=attempt).exists():
        return
    if not text.strip():
        AnswerDraft.objects.of(learner).on(question).delete()
        return
    AnswerDraft.objects.update_or_create(learner=learner, question=question, defaults={"text": text, "saved_at": now})


def draft_of(learner: User, question: Question) -> str:
    """What was typed and not locked yet."""
    return AnswerDraft.objects.of(learner).on(question).values_list("text", flat=True).first() or ""


def drop_draft(*, learner: User, question: Question) -> None:
    """Its answer is locked."""
    AnswerDraft.objects.of(learner).on(question).delete()
