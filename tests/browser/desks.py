"""Mentors at work: for the queue, the desk and what belongs to it."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts.models import User
from mentoring import gathering, review
from mentoring.commenting import say
from mentoring.files import keeping
from mentoring.gathering import Piece, StoredFile
from mentoring.models import Evidence, Kind, SavedReply, Thread
from roles.models import Role
from tests.browser.cohorts import LONG_NAME
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.mentoring.people import ALL_MET, ASKED, NOT_YET, make_cohort, make_mentor, make_submitted

# In the order in which `busy_mentor` makes them.
RETURNED, HELD, APPROVED, TAKEN, WAITING = 9001, 9002, 9003, 9004, 9005
OLD_NOTE, TABLE, NEW_NOTE, REPLY = 9001, 9002, 9003, 9001
_LONG = "Uncalibrated-probabilities-of-readmission-within-thirty-days"


def busy_mentor() -> User:
    """Holds one, returned another that came back, approved a third; a colleague has a fourth in hand."""
    _count_from(9001, "mentoring_submission", "mentoring_evidence", "mentoring_savedreply")
    role, now = Role.objects.get(slug=ANALYTICS), timezone.now()
    ruth, jonas = make_mentor(role, name="Ruth Adeyemi"), make_mentor(role, name="Jonas Lindqvist")
    first, second, third, fourth = (_learner(name) for name in ("Malik Osei", LONG_NAME, "Ana Duarte", "Esi Mensah"))
    make_cohort(role, mentors=[ruth], learners=[first])
    SavedReply.objects.create(mentor=ruth, title="Calibration curve", text="Show ten groups.\n\nSay how many each has.")
    _two_rounds(first, role, ruth)
    thread = make_submitted(second, role, now=now - timedelta(hours=90), message=f"Is it enough? {_LONG}")
    _close(thread, ruth, approve=True)
    _claim(make_submitted(third, role, now=now - timedelta(hours=2)), jonas)
    make_submitted(fourth, role, now=now - timedelta(hours=80), message="Please check the leakage test before I go on.")
    return ruth


def idle_mentor() -> User:
    """For whom nothing waits."""
    return make_mentor(Role.objects.get(slug=ANALYTICS))


def mentor_of_nothing() -> User:
    """Staff have not settled what they review."""
    return UserFactory(is_mentor=True)


def _two_rounds(learner: User, role: Role, ruth: User) -> None:
    """The first is returned, the second in hand, each with a note, a table and a link; and much said about it."""
    now = timezone.now()
    at = now - timedelta(days=3)
    thread = review.open_thread(learner=learner, role=role, kind=Kind.MILESTONE, subject=uuid4(), now=at)
    keys = [each.key for each in ASKED.criteria]
    note = Piece("Write-up", criteria=keys[:1], text=f"## What I did\n\nI fitted it.\n\n{_LONG}")
    old = _add(thread, learner, note)
    _add(thread, learner, Piece("Cohort table", criteria=keys[:2], file=_table()))
    review.submit(thread=thread, asked=ASKED, message="Is it enough?", by=learner, key=uuid4(), now=at)
    submission = _claim(thread, ruth, now=at)
    for anchor in ({"criterion": keys[0]}, {"evidence": old}, {}):
        said = say(submission=submission, by=ruth, text="Wich year?", key=uuid4(), now=at, **anchor)
        say(submission=submission, by=ruth, text="**Which** year?", replaces=said, key=uuid4(), now=at)
    review.return_(thread=thread, judgment=NOT_YET, by=ruth, key=uuid4(), now=at + timedelta(hours=1))
    new = Piece("Write-up", criteria=keys[:1], text=f"## What I did\n\nI refitted it.\n\n{_LONG}")
    gathering.change(evidence=old, piece=new, by=learner, key=uuid4(), now=at)
    _add(thread, learner, Piece(_LONG, url=f"https://example.org/{_LONG}"))
    review.resubmit(thread=thread, asked=ASKED, message="Better?", by=learner, key=uuid4(), now=now)
    _claim(thread, ruth)


def _table() -> StoredFile:
    content = b"group,predicted,observed\n1,0.1,0.09\n2,0.4,0.33\n"
    stored = keeping.store(ContentFile(content))
    return StoredFile("csv", stored, "cohort.csv", len(content), sha256(content).hexdigest())


def _add(thread: Thread, learner: User, piece: Piece) -> Evidence:
    return gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=timezone.now())


def _claim(thread: Thread, mentor: User, *, now=None):
    review.claim(thread=thread, by=mentor, key=uuid4(), now=now or timezone.now())
    return thread.submissions.newest()


def _close(thread: Thread, mentor: User, *, approve: bool) -> None:
    now = timezone.now()
    _claim(thread, mentor)
    act, judgment = (review.approve, ALL_MET) if approve else (review.return_, NOT_YET)
    act(thread=thread, judgment=judgment, by=mentor, key=uuid4(), now=now)


def _learner(name: str) -> User:
    return UserFactory(display_name=name)


def _count_from(number: int, *tables: str) -> None:
    """Numbers that addresses of cases can name."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, number])
