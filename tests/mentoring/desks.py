"""What mentors do at the desk: its addresses and forms."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring import review
from mentoring.models import Thread
from tests.mentoring.people import ASKED

FIRST, SECOND, THIRD = (each.key for each in ASKED.criteria)
HTMX = {"HX-Request": "true"}


def ago(hours: float):
    return timezone.now() - timedelta(hours=hours)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url_of(thread, action: str = "detail") -> str:
    return reverse(f"mentoring:submission_{action}", args=[thread.submissions.newest().pk])


def act(client, thread, action: str, *, headers=None, **fields):
    return client.post(url_of(thread, action), {"key": str(uuid4())} | fields, headers=headers)


def met(**kwargs: str) -> dict[str, str]:
    """The fields of a decision in which everything is met, but for what is said."""
    return {f"met-{key}": "met" for key in (FIRST, SECOND, THIRD)} | kwargs


NOT_MET = met(**{f"met-{SECOND}": "partly", f"remark-{SECOND}": "Below the line.", "next_step": "Refit it."})


def again(thread, learner) -> Thread:
    return review.resubmit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=ago(1))
