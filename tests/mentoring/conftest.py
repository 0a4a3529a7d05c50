"""Reviews of a subject that is worth nothing elsewhere, unless a test says otherwise."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace

import pytest
from django.test import Client

from mentoring import subjects
from mentoring.models import Kind, Thread
from tests.mentoring.desks import ago, browser
from tests.mentoring.every_row import a_row_of_every_kind
from tests.mentoring.people import make_claimed, make_submitted


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


@pytest.fixture(scope="module")
def _made(module_rows) -> SimpleNamespace:
    with module_rows(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(subjects._SUBJECTS, Kind.MILESTONE, Noted())
        return a_row_of_every_kind()


@pytest.fixture
def w(_made: SimpleNamespace, db: None) -> SimpleNamespace:
    """A row of every kind, all of them sound."""
    return deepcopy(_made)
