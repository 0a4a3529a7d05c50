"""People for the pages about invites, absences, handovers and one's own cohorts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from mentoring import absence, cohorting, review
from mentoring.models import Cohort, Invite, Membership
from roles.models import Role
from tests.browser.cohorts import LEARNER, LONG_NAME, SLUG, mentor_of_one
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.mentoring.people import make_cohort, make_returned, make_submitted, resubmit

TOKEN, REVOKED = "A" * 32, "B" * 32


def inviter() -> User:
    """A mentor whose cohort has invites in every state, and who holds reviews."""
    ruth, now = mentor_of_one(), timezone.now()
    cohort = Cohort.objects.get(slug=SLUG)
    facts = {"cohort": cohort, "expires_at": now + timedelta(days=20), "created_by": ruth}
    Invite.objects.create(token=TOKEN, label="Residents of the second year", used=7, **facts)
    Invite.objects.create(token=REVOKED, label="Posted in the wrong channel", revoked_at=now, **facts)
    Invite.objects.create(label=LONG_NAME, limit=2, used=2, **facts)
    Invite.objects.create(cohort=cohort, limit=3, expires_at=now - timedelta(days=2))
    learner = User.objects.get(pk=LEARNER)
    resubmit(make_returned(learner, cohort.role, ruth, now=now), now=now)
    for person in (learner, UserFactory(display_name=LONG_NAME)):
        thread = make_submitted(person, cohort.role, now=now - timedelta(hours=5))
        review.claim(thread=thread, by=ruth, key=uuid4(), now=now)
    return ruth


def away_mentor() -> User:
    ruth, now = mentor_of_one(), timezone.now()
    absence.go_out(mentor=ruth, by=ruth, since=now, until=now + timedelta(days=9), now=now)
    return ruth


def leaving_soon() -> User:
    ruth, now = mentor_of_one(), timezone.now()
    absence.go_out(mentor=ruth, by=ruth, since=now + timedelta(days=3), until=None, now=now)
    return ruth


def invited() -> User:
    """Has a link into a cohort, and one that was taken back."""
    inviter()
    return UserFactory(email="new@example.org", display_name="Amara Nwosu")


def member() -> User:
    """In a cohort with a mentor of one's own and a submission that waits; was in another before."""
    ruth, now = mentor_of_one(), timezone.now()
    learner = User.objects.get(pk=LEARNER)
    role = Role.objects.get(slug=ANALYTICS)
    Membership.objects.update(mentor=ruth)
    before = make_cohort(Role.objects.exclude(pk=role.pk)[0], slug="summer")
    at = now - timedelta(days=90)
    Membership.objects.create(cohort=before, learner=learner, role=before.role, joined_at=at)
    cohorting.leave(cohort=before, by=learner, now=at + timedelta(days=30))
    make_submitted(learner, role, now=now)
    return learner
