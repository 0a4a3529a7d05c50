"""An answer as its learner types it. The only writer of `AnswerDraft`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.models import User
from interviews.models import AnswerDraft, Attempt, Question

# What the page of a question shows of it: not a word of what a good answer is.
_SHOWN = ("id", "slug", "prompt", "category", "level")
_ASKING = f"""
    SELECT {", ".join(f"q.{name}" for name in _SHOWN)}, coalesce(d.text, '')
    FROM interviews_question q
    LEFT JOIN interviews_answerdraft d ON d.question_id = q.id AND d.learner_id = %s
    WHERE NOT q.retired AND
"""  # noqa: S608  (names of columns)
_BY_NUMBER, _BY_SLUG = f"{_ASKING} q.id = %s", f"{_ASKING} q.slug = %s"


def keep_draft(*, learner: User, question: Question, attempt: UUID, text: str, now: datetime) -> None:
    """Keep what is typed; nothing typed keeps nothing, and an answer that is locked is no draft any more."""
    if Attempt.objects.of(learner).filter(pk=attempt).exists():
        return
    if not text.strip():
        AnswerDraft.objects.of(learner).on(question).delete()
        return
    AnswerDraft.objects.update_or_create(learner=learner, question=question, defaults={"text": text, "saved_at": now})


def with_draft(learner: User, *, question: int | str) -> tuple[Question, str]:
    """An open question as its page shows it, by number or slug, and what the learner typed and did not lock yet.

    One query, in SQL: this is the page that is opened most. Raises Question.DoesNotExist.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_NUMBER if isinstance(question, int) else _BY_SLUG, [learner.pk, question])
        found = cursor.fetchone()
    if found is None:
        raise Question.DoesNotExist
    return Question.from_db(connection.alias, _SHOWN, found[:-1]), found[-1]


def drop_draft(*, learner: User, question: Question) -> None:
    """Its answer is locked."""
    AnswerDraft.objects.of(learner).on(question).delete()
