"""What mentors may see, crossed: every kind of person, the pages of a review, every state, in a cohort and alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mentoring import gathering, review, subjects
from mentoring.files import keeping
from mentoring.gathering import Piece, StoredFile
from mentoring.models import Kind, Submission, Thread
from roles.models import Role
from tests.conftest import ANALYTICS, COORDINATION
from tests.factories import UserFactory
from tests.mentoring import people
from tests.mentoring.conftest import Noted
from tests.mentoring.people import (
    make_approved,
    make_claimed,
    make_cohort,
    make_draft,
    make_mentor,
    make_returned,
    make_submitted,
)
from tests.sampling import sampled

pytestmark = pytest.mark.django_db

_CSV = b"group,stays\n1,61\n"
PEOPLE = ("visitor", "learner", "other", "editor", "staff", "far", "pool", "led", "holder")
# The desk of somebody who is no mentor is nobody's page; to sign in is the first thing that a visitor meets.
NO_MENTORS = {"visitor": 302, "learner": 403, "other": 403, "editor": 403, "staff": 403}


def _waiting(learner, role, holder) -> Thread:
    return make_submitted(learner, role, now=timezone.now())


def _waited_long(learner, role, holder) -> Thread:
    return make_submitted(learner, role, now=timezone.now() - timedelta(hours=73))


def _claimed(learner, role, holder) -> Thread:
    return make_claimed(learner, role, holder, now=timezone.now())


def _lease_over(learner, role, holder) -> Thread:
    return make_claimed(learner, role, holder, now=timezone.now() - timedelta(minutes=61))


def _returned(learner, role, holder) -> Thread:
    return make_returned(learner, role, holder, now=timezone.now())


def _approved(learner, role, holder) -> Thread:
    return make_approved(learner, role, holder, now=timezone.now())


def _withdrawn(learner, role, holder) -> Thread:
    thread = _waiting(learner, role, holder)
    return review.withdraw(thread=thread, by=learner, key=uuid4(), now=timezone.now())


# How the thread came to be; whether its learner is in the cohort that `led` and `holder` look after; and what the desk
# answers to `far` (a mentor of another role), `pool` (covers the role), `led` and `holder`, who covers the role too.
TABLE: list[tuple[Callable[..., Thread], bool, tuple[int, int, int, int]]] = [
    (_waiting, False, (404, 200, 404, 200)),
    (_waited_long, False, (404, 200, 404, 200)),
    (_claimed, False, (404, 409, 404, 200)),
    (_lease_over, False, (404, 200, 404, 200)),
    (_returned, False, (404, 404, 404, 200)),
    (_approved, False, (404, 404, 404, 200)),
    (_withdrawn, False, (404, 404, 404, 404)),
    (_waiting, True, (404, 404, 200, 200)),
    (_waited_long, True, (404, 200, 200, 200)),
    (_claimed, True, (404, 404, 200, 200)),
    (_lease_over, True, (404, 404, 200, 200)),
    (_returned, True, (404, 404, 200, 200)),
    (_approved, True, (404, 404, 200, 200)),
    (_withdrawn, True, (404, 404, 404, 404)),
]


@dataclass
class Case:
    """A thread that came to be in one of these ways, and who is who."""

    thread: Thread
    learner: User
    clients: dict[str, Client]
    make: Callable[..., Thread]
    in_cohort: bool
    expected: tuple[int, int, int, int]

    @property
    def submission(self) -> Submission:
        return self.thread.submissions.get(number=1)


def _draft_with_a_file(learner, role, *, now) -> Thread:
    thread = make_draft(learner, role, now=now)
    stored = keeping.store(ContentFile(_CSV))
    piece = Piece("Table", file=StoredFile("csv", stored, "table.csv", len(_CSV), sha256(_CSV).hexdigest()))
    gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=now)
    return thread


@pytest.fixture(scope="module")
def people_and_clients(module_rows) -> tuple[dict[str, User], dict[str, Client]]:
    with module_rows():
        analytics, coordination = (Role.objects.get(slug=slug) for slug in (ANALYTICS, COORDINATION))
        users = {
            "learner": UserFactory(display_name="Ines Okonjo"),
            "other": UserFactory(display_name="Tom Berger"),
            "editor": UserFactory(is_staff=True),
            "staff": UserFactory(is_staff=True, is_superuser=True),
            "far": make_mentor(coordination),
            "pool": make_mentor(analytics),
            "led": make_mentor(),
            "holder": make_mentor(analytics, name="Ruth Adeyemi"),
        }
        clients = {"visitor": Client()} | {name: Client() for name in users}
        for name, user in users.items():
            clients[name].force_login(user)
    return users, clients


@pytest.fixture(
    scope="module",
    params=sampled(TABLE, every=4, alone=True),
    ids=[f"{row[0].__name__[1:]}-{'cohort' if row[1] else 'alone'}" for row in TABLE],
)
def case(request, module_rows, people_and_clients) -> Iterator[Case]:
    """Made once for all tests that look at it."""
    make, in_cohort, expected = request.param
    users, clients = people_and_clients
    with module_rows():
        made = transaction.atomic()
        made.__enter__()
        role = Role.objects.get(slug=ANALYTICS)
        learners = [users["learner"]] if in_cohort else []
        make_cohort(role, mentors=[users["led"], users["holder"]], learners=learners)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(people, "make_draft", _draft_with_a_file)
            patch.setitem(subjects._SUBJECTS, Kind.MILESTONE, Noted())
            thread = make(users["learner"], role, users["holder"])
    yield Case(thread, users["learner"], clients, make, in_cohort, expected)
    with module_rows():
        transaction.set_rollback(True)
        made.__exit__(None, None, None)


def _met(clients: dict[str, Client], url: str) -> dict[str, int]:
    answers = {person: client.get(url) for person, client in clients.items()}
    for answer in answers.values():
        answer.getvalue()  # read to its end, a file is closed; closing it here would close the database too
    return {person: answer.status_code for person, answer in answers.items()}


def test_the_desk_answers_whom_it_may(case):
    met = _met(case.clients, reverse("mentoring:submission_detail", args=[case.submission.pk]))
    assert met == NO_MENTORS | dict(zip(PEOPLE[5:], case.expected, strict=True))


@pytest.mark.parametrize("name", ["evidence_file", "evidence_detail"])
def test_a_file_is_for_its_learner_and_for_whom_the_desk_shows_it(case, name):
    piece = case.thread.evidence.get(kind="file")
    mentors = (404 if status == 409 else status for status in case.expected)
    nobody = {"visitor": 302, "learner": 200, "other": 404, "editor": 404, "staff": 404}
    met = _met(case.clients, reverse(f"mentoring:{name}", args=[piece.pk]))
    assert met == nobody | dict(zip(PEOPLE[5:], mentors, strict=True))


def test_the_learner_card_opens_for_the_cohorts_mentors_and_for_who_holds_it(case):
    knows = {"led": case.in_cohort, "holder": case.in_cohort or case.make is _claimed}
    met = _met(case.clients, reverse("learner_card", args=[case.learner.pk]))
    assert met == NO_MENTORS | {name: 200 if knows.get(name) else 404 for name in PEOPLE[5:]}


def test_the_queue_names_the_learner_only_to_whom_the_desk_opens(case):
    for person, status in zip(PEOPLE[5:], case.expected, strict=True):
        tabs = [
            case.clients[person].get(reverse("mentoring:queue"), {"tab": tab})
            for tab in ("", "held", "learner", "answered")
        ]
        named = any(case.learner.display_name in page.content.decode() for page in tabs)
        assert not named or status == 200, person


def test_what_another_holds_shows_nothing_of_it(case):
    page = case.clients["pool"].get(reverse("mentoring:submission_detail", args=[case.submission.pk]))
    assert (case.learner.display_name in page.content.decode()) == (case.expected[1] == 200)
