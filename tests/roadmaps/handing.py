"""A milestone of the real roadmap in whatever state of its review a test needs, made by the real actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring import gathering, review
from mentoring.asked import Asked
from mentoring.deciding import Judgment
from mentoring.gathering import Piece
from mentoring.models import Evidence, Kind, Met, Thread
from roadmaps.asking import asked_by
from roles.blueprint import Phase
from roles.models import Role

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def phase_of(role: Role, number: int = 1) -> Phase:
    phase = role.roadmap.phase(number)
    assert phase is not None
    return phase


def asked(role: Role, number: int = 1) -> Asked:
    return asked_by(phase_of(role, number))


def url(role: Role, name: str = "milestone_detail", *args: object, number: int = 1) -> str:
    return reverse(f"roadmaps:{name}", args=[role.slug, number, *args])


def gathered(learner: User, role: Role, *, number: int = 1, pieces: int = 1, now: datetime = NOW) -> Thread:
    """A thread with notes at hand, not handed in; each answers the first criterion."""
    milestone = phase_of(role, number).milestone
    thread = review.open_thread(learner=learner, role=role, kind=Kind.MILESTONE, subject=UUID(milestone.key), now=now)
    for place in range(1, pieces + 1):
        piece = Piece(f"Write-up {place}", [UUID(milestone.criteria[0].key)], text="What I found.")
        gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=now)
    return thread


def handed_in(learner: User, role: Role, *, number: int = 1, message: str = "", now: datetime = NOW) -> Thread:
    thread = gathered(learner, role, number=number, now=now)
    return review.submit(thread=thread, asked=asked(role, number), message=message, by=learner, key=uuid4(), now=now)


def claimed(learner: User, role: Role, mentor: User, *, number: int = 1, now: datetime = NOW) -> Thread:
    thread = handed_in(learner, role, number=number, now=now)
    return review.claim(thread=thread, by=mentor, key=uuid4(), now=now)


def judgment(role: Role, number: int = 1, *, unmet: int = 0) -> Judgment:
    """Every criterion met but for the first few, which say what is missing."""
    keys = [each.key for each in asked(role, number).criteria]
    return Judgment(
        met={key: Met.PARTLY if place < unmet else Met.MET for place, key in enumerate(keys)},
        remarks=dict.fromkeys(keys[:unmet], "The **two highest** groups lie below the line."),
        text="Ranking is fine.",
        next_step="Refit on a held-out year and show the curve again." if unmet else "",
    )


def returned(
    learner: User, role: Role, mentor: User, *, number: int = 1, unmet: int = 1, now: datetime = NOW
) -> Thread:
    thread = claimed(learner, role, mentor, number=number, now=now)
    return review.return_(thread=thread, judgment=judgment(role, number, unmet=unmet), by=mentor, key=uuid4(), now=now)


def approved(learner: User, role: Role, mentor: User, *, number: int = 1, now: datetime = NOW) -> Thread:
    thread = claimed(learner, role, mentor, number=number, now=now)
    return review.approve(thread=thread, judgment=judgment(role, number), by=mentor, key=uuid4(), now=now)


def again(thread: Thread, role: Role, mentor: User, *, number: int = 1, now: datetime) -> Thread:
    """One more round, returned too."""
    row = review.resubmit(
        thread=thread, asked=asked(role, number), message="Better?", by=thread.learner, key=uuid4(), now=now
    )
    row = review.claim(thread=row, by=mentor, key=uuid4(), now=now)
    return review.return_(thread=row, judgment=judgment(role, number, unmet=2), by=mentor, key=uuid4(), now=now)


def post(client: Client, to: str, *, htmx: bool = False, **data: object):
    """Post a form as the page has it, with a key of its own."""
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(to, {"key": str(uuid4())} | data, headers=headers)


def pieces(thread: Thread) -> list[Evidence]:
    return list(Evidence.objects.filter(thread=thread).at_hand())


type Made = Callable[..., Thread]


def text_of(response) -> str:
    return unescape(response.content.decode())
