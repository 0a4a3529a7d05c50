"""Reviews of a subject that is worth nothing elsewhere, unless a test says otherwise."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from mentoring import subjects
from mentoring.models import Kind, Thread
from roles.models import Role
from tests.mentoring.desks import ago, browser
from tests.mentoring.people import make_claimed, make_mentor, make_submitted


@pytest.fixture
def ruth(analytics: Role) -> User:
    return make_mentor(analytics, name="Ruth Adeyemi")


@pytest.fixture
def jonas(analytics: Role) -> User:
    return make_mentor(analytics, name="Jonas Lindqvist")


@pytest.fixture
def as_ruth(ruth) -> Client:
    return browser(ruth)


@pytest.fixture
def as_jonas(jonas) -> Client:
    return browser(jonas)


@pytest.fixture
def waiting(learner, analytics) -> Thread:
    return make_submitted(learner, analytics, now=ago(3), message="Is it enough?")


@pytest.fixture
def held(learner, analytics, ruth) -> Thread:
    return make_claimed(learner, analytics, ruth, now=ago(0.2))


class Noted:
    """A subject that notes what is approved and reopened."""

    def __init__(self) -> None:
        self.approvals: list[int] = []

    def address(self, thread):
        return f"/threads/{thread.pk}/"

    def returned(self, *, thread, decision, now):
        pass

    def approved(self, *, thread, decision, now):
        self.approvals.append(thread.pk)

    def reopened(self, *, thread, decision, by, reason, now):
        self.approvals.remove(thread.pk)


@pytest.fixture(autouse=True)
def approvals(monkeypatch) -> list[int]:
    """The threads that are approved, by id: what the subject was told."""
    subject = Noted()
    monkeypatch.setitem(subjects._SUBJECTS, Kind.MILESTONE, subject)
    return subject.approvals
