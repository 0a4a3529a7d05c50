"""What mentors may see, crossed: every kind of person, the pages of a review, every state, in a cohort and alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring import gathering, review
from mentoring.files import keeping
from mentoring.gathering import Piece, StoredFile
from mentoring.models import Thread
from tests.factories import UserFactory
from tests.mentoring import people
from tests.mentoring.people import (
    make_approved,
    make_claimed,
    make_cohort,
    make_draft,
    make_mentor,
    make_returned,
    make_submitted,
)

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
CASES = pytest.mark.parametrize(
    ("make", "in_cohort", "expected"),
    TABLE,
    ids=[f"{row[0].__name__[1:]}-{'cohort' if row[1] else 'alone'}" for row in TABLE],
)


@pytest.fixture
def users(learner, other_learner, analytics, coordination):
    return {
        "learner": learner,
        "other": other_learner,
        "editor": UserFactory(is_staff=True),
        "staff": UserFactory(is_staff=True, is_superuser=True),
        "far": make_mentor(coordination),
        "pool": make_mentor(analytics),
        "led": make_mentor(),
        "holder": make_mentor(analytics, name="Ruth Adeyemi"),
    }


@pytest.fixture
def clients(users) -> dict[str, Client]:
    found = {"visitor": Client()}
    for name, user in users.items():
        found[name] = Client()
        found[name].force_login(user)
    return found


def _thread(make, in_cohort, users, role) -> Thread:
    led = [users["led"], users["holder"]]
    make_cohort(role, mentors=led, learners=[users["learner"]] if in_cohort else [])
    return make(users["learner"], role, users["holder"])


def _met(clients: dict[str, Client], url: str) -> dict[str, int]:
    answers = {person: client.get(url) for person, client in clients.items()}
    for answer in answers.values():
        answer.close()  # a file that nobody reads to its end
    return {person: answer.status_code for person, answer in answers.items()}


@CASES
def test_the_desk_answers_whom_it_may(users, clients, analytics, make, in_cohort, expected):
    submission = _thread(make, in_cohort, users, analytics).submissions.get(number=1)
    met = _met(clients, reverse("mentoring:submission_detail", args=[submission.pk]))
    assert met == NO_MENTORS | dict(zip(PEOPLE[5:], expected, strict=True))


@pytest.fixture
def _with_a_file(monkeypatch) -> None:
    """Whoever hands in shows a table too."""

    def draft(learner, role, *, now) -> Thread:
        thread = make_draft(learner, role, now=now)
        stored = keeping.store(ContentFile(_CSV))
        piece = Piece("Table", file=StoredFile("csv", stored, "table.csv", len(_CSV), sha256(_CSV).hexdigest()))
        gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=now)
        return thread

    monkeypatch.setattr(people, "make_draft", draft)


@CASES
@pytest.mark.parametrize("name", ["evidence_file", "evidence_detail"])
@pytest.mark.usefixtures("_with_a_file")
def test_a_file_is_for_its_learner_and_for_whom_the_desk_shows_it(
    users, clients, analytics, make, in_cohort, expected, name
):
    piece = _thread(make, in_cohort, users, analytics).evidence.get(kind="file")
    mentors = (404 if status == 409 else status for status in expected)
    nobody = {"visitor": 302, "learner": 200, "other": 404, "editor": 404, "staff": 404}
    met = _met(clients, reverse(f"mentoring:{name}", args=[piece.pk]))
    assert met == nobody | dict(zip(PEOPLE[5:], mentors, strict=True))


@CASES
def test_the_learner_card_opens_for_the_cohorts_mentors_and_for_who_holds_it(
    users, clients, analytics, make, in_cohort, expected
):
    _thread(make, in_cohort, users, analytics)
    knows = {"led": in_cohort, "holder": in_cohort or make is _claimed}
    met = _met(clients, reverse("learner_card", args=[users["learner"].pk]))
    assert met == NO_MENTORS | {name: 200 if knows.get(name) else 404 for name in PEOPLE[5:]}


@CASES
def test_the_queue_names_the_learner_only_to_whom_the_desk_opens(users, clients, analytics, make, in_cohort, expected):
    _thread(make, in_cohort, users, analytics)
    for person, status in zip(PEOPLE[5:], expected, strict=True):
        tabs = [
            clients[person].get(reverse("mentoring:queue"), {"tab": tab}) for tab in ("", "held", "learner", "answered")
        ]
        named = any(users["learner"].display_name in page.content.decode() for page in tabs)
        assert not named or status == 200, person


@CASES
def test_what_another_holds_shows_nothing_of_it(users, clients, analytics, make, in_cohort, expected):
    submission = _thread(make, in_cohort, users, analytics).submissions.get(number=1)
    page = clients["pool"].get(reverse("mentoring:submission_detail", args=[submission.pk])).content.decode()
    assert (users["learner"].display_name in page) == (expected[1] == 200)
