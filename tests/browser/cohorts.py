"""Mentors with cohorts and their learners, for the pages that are about them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from mentoring import commenting, knowing, review
from mentoring.looking import note_look
from mentoring.models import Blocker, Cohort, Handover, Looked, Membership, Note
from roadmaps.models import Enrolment, State
from roles.models import Role
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.mentoring.people import ASKED, NOT_YET, make_draft, make_mentor
from tests.roadmaps.following_people import follow, join

SLUG = "winter"
# Where the pages of these people are.
LEARNER, NOTE = 9001, 9001
LONG_NAME = "Maximiliana Konstantinopoulou-Featherstonehaugh"


def cohort_mentor() -> User:
    """Leads a cohort of 12: some move, one is quiet, one is blocked, one left. The card of another has much on it."""
    now = timezone.now()
    ruth, cohort = _lead(now - timedelta(weeks=12))
    begun = now - timedelta(weeks=12)
    for number in range(8):
        join(cohort, [State.DONE] * (4 + number), name=f"Ana {number}", since=begun, every=80 / (4 + number))
    join(cohort, [State.DONE], name="Noor van Dijk", since=begun)
    uma = join(cohort, [State.DONE] * 6, name=LONG_NAME, since=begun, every=13)
    text = "My laptop cannot hold the data, and I have no other machine that would."
    Blocker.objects.create(learner=uma, role=cohort.role, text=text, stated_at=now)
    gone = join(cohort, [State.DONE] * 3, name="Viktor Petrov", since=begun)
    Enrolment.objects.filter(learner=gone).update(left_at=now)
    _much_on_the_card(cohort, ruth, begun, now)
    return ruth


def mentor_of_one() -> User:
    """Leads a cohort in which there is one learner, who has not begun."""
    ruth, cohort = _lead(timezone.now())
    learner = UserFactory(pk=LEARNER, email="ines@example.org", display_name="Ines Okonjo")
    Membership.objects.create(cohort=cohort, learner=learner, role=cohort.role, joined_at=timezone.now())
    return ruth


def mentor_of_nobody() -> User:
    """Leads a cohort that nobody has joined."""
    return _lead(timezone.now())[0]


def looked_at() -> User:
    """A learner at whose work somebody looked, with an agreement that stands and one that is settled."""
    cohort_mentor()
    return User.objects.get(pk=LEARNER)


def _lead(begun: datetime) -> tuple[User, Cohort]:
    role = Role.objects.get(slug=ANALYTICS)
    ruth = make_mentor(role, name="Ruth Adeyemi")
    cohort = Cohort.objects.create(name="Winter cohort", slug=SLUG, role=role, starts_on=begun.date())
    cohort.mentors.add(ruth, make_mentor(role, name="Jonas Lindqvist"))
    return ruth, cohort


def _much_on_the_card(cohort: Cohort, ruth: User, begun: datetime, now: datetime) -> None:
    learner = UserFactory(pk=LEARNER, email="ines@example.org", display_name="Ines Okonjo", timezone="Asia/Kolkata")
    Membership.objects.create(cohort=cohort, learner=learner, role=cohort.role, joined_at=begun)
    enrolment = follow(learner, cohort.role, [State.DONE] * 5 + [State.SKIPPED], since=begun, every=9)
    subject = UUID(enrolment.publication.roadmap.phase(1).milestone.key)
    thread = make_draft(learner, cohort.role, subject=subject, now=now)
    review.submit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=now)
    review.claim(thread=thread, by=ruth, key=uuid4(), now=now)
    review.return_(thread=thread, judgment=NOT_YET, by=ruth, key=uuid4(), now=now)
    submission = thread.submissions.get()
    commenting.say(submission=submission, by=ruth, text="See `curve.csv` first.", key=uuid4(), now=now)
    jonas = cohort.mentors.exclude(pk=ruth.pk).get()
    Handover.objects.create(
        learner=learner, cohort=cohort, giver=jonas, taker=ruth, note="Be slow.", key=uuid4(), at=now
    )
    note = {"learner": learner, "author": ruth, "author_name": ruth.name, "created_at": now}
    Note.objects.create(pk=NOTE, text="Works nights.", key=uuid4(), **note)
    for text, due in (("Send the curve first.", now.date() + timedelta(days=9)), ("One phase at a time.", None)):
        made = knowing.agree(learner=learner, text=text, due_on=due, by=ruth, key=uuid4(), now=now)
    knowing.settle(agreement=made, by=learner, now=now)
    note_look(viewer=jonas, learner=learner, what=Looked.CARD, now=now)
    note_look(viewer=ruth, learner=learner, what=Looked.SUBMISSION, submission=submission, now=now - timedelta(days=1))
