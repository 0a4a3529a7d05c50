"""All that a learner ever sent to a mentor from their practice. Read-only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from accounts.models import User
from interviews.matters import review_url
from interviews.models import SentAnswer
from mentoring.models import Kind, State, Submission, Thread

_FIRST = (State.RETURNED, State.CLAIMED, State.SUBMITTED, State.DRAFT, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Line:
    """One review: what was sent, and how it stands."""

    kind: Kind
    title: str
    role: str
    state: State
    rounds: int
    changed_at: datetime
    with_name: str  # the mentor who has it in hand
    url: str


def reviews_of(learner: User, *, now: datetime) -> list[Line]:
    """What came back first, then what is with mentors, then what was taken back or approved: two queries."""
    last = Submission.objects.filter(thread=OuterRef("pk")).order_by("-number")
    threads = (
        Thread.objects.of(learner)
        .filter(kind__in=(Kind.ANSWER, Kind.MOCK), number__gte=1)
        .select_related("holder")
        .annotate(title=Subquery(last.values("asked__title")[:1]), role_name=F("role__short_name"))
        .order_by("-changed_at")
    )
    rows = list(threads)
    sent = dict(
        SentAnswer.objects.filter(submission__thread__in=rows)
        .order_by("pk")
        .values_list("submission__thread", "attempt")
    )
    lines = [_line(each, sent, now) for each in rows]
    return sorted(lines, key=lambda each: _FIRST.index(each.state))


def sent_state(kind: Kind, subject: UUID, learner: User, now: datetime) -> str:
    """How the review of one thing stands; empty where it was never sent. One query."""
    thread = Thread.objects.of(learner).on(kind, subject).filter(number__gte=1).first()
    return thread.shown_state(now) if thread else ""


def _line(thread: Thread, sent: Mapping[int, UUID], now: datetime) -> Line:
    state = thread.shown_state(now)
    key = thread.subject if thread.kind == Kind.MOCK else sent[thread.pk]
    return Line(
        kind=Kind(thread.kind),
        title=thread.title,  # type: ignore[attr-defined]
        role=thread.role_name,  # type: ignore[attr-defined]
        state=state,
        rounds=thread.number,
        changed_at=thread.changed_at,
        with_name=thread.holder.name if thread.holder and state == State.CLAIMED else "",
        url=review_url(Kind(thread.kind), key),
    )
