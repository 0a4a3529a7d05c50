"""Reviews of a subject that is worth nothing elsewhere, unless a test says otherwise."""

from __future__ import annotations

import pytest

from accounts.models import User
from mentoring import subjects
from mentoring.models import Kind
from roles.models import Role
from tests.mentoring.people import make_mentor


@pytest.fixture
def ruth(analytics: Role) -> User:
    return make_mentor(analytics, name="Ruth Adeyemi")


@pytest.fixture
def jonas(analytics: Role) -> User:
    return make_mentor(analytics, name="Jonas Lindqvist")


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
