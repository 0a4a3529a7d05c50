"""A row of every kind, ways to make another of it, and what the database says to that."""

from __future__ import annotations

from copy import copy
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, models, transaction

from accounts.careful import ask_deferred_constraints
from mentoring import gathering
from mentoring.gathering import Piece, StoredFile
from mentoring.models import (
    Agreement,
    Blocker,
    Comment,
    Decision,
    Draft,
    Event,
    Evidence,
    Exhibit,
    Handover,
    Invite,
    Look,
    Membership,
    Mentor,
    Note,
    SavedReply,
    Submission,
)
from roles.models import Role
from tests.conftest import ANALYTICS, COORDINATION
from tests.factories import UserFactory
from tests.mentoring.people import (
    later,
    make_approved,
    make_claimed,
    make_cohort,
    make_draft,
    make_mentor,
    make_returned,
    make_submitted,
)

FILE = StoredFile("pdf", "ab/cd/ef", "report.pdf", 10 * 1024 * 1024, "0" * 64)


def a_row_of_every_kind() -> SimpleNamespace:
    analytics, coordination = Role.objects.get(slug=ANALYTICS), Role.objects.get(slug=COORDINATION)
    learner, other_learner = UserFactory(), UserFactory()
    ruth, jonas = make_mentor(analytics, name="Ruth Adeyemi"), make_mentor(analytics, name="Jonas Lindqvist")
    draft, waiting = make_draft(learner, analytics), make_submitted(learner, analytics)
    claimed, returned = make_claimed(learner, analytics, ruth), make_returned(learner, analytics, ruth)
    approved = make_approved(learner, analytics, jonas)
    cohort = make_cohort(analytics, mentors=[ruth], learners=[learner])
    note, submission = Evidence.objects.filter(thread=waiting).get(), Submission.objects.get(thread=waiting)
    by_ruth = {"author": ruth, "author_name": "Ruth", "text": "Well", "key": uuid4(), "created_at": later(0)}
    return SimpleNamespace(
        learner=learner,
        other=other_learner,
        ruth=ruth,
        jonas=jonas,
        role=coordination,
        draft=draft,
        waiting=waiting,
        claimed=claimed,
        returned=returned,
        approved=approved,
        submission=submission,
        event=Event.objects.filter(thread=waiting).get(),
        note=note,
        file=gathering.add(thread=draft, piece=Piece("Report", file=FILE), by=learner, key=uuid4(), now=later(0)),
        exhibit=Exhibit.objects.get(submission=submission),
        decision=approved.approval,
        returning=returned.submissions.get().decision,
        verdict=approved.approval.verdicts.first(),
        comment=Comment.objects.create(submission=submission, **by_ruth),
        reply=SavedReply.objects.create(mentor=ruth, title="Thanks", text="Thank you."),
        kept=Draft.objects.create(submission=submission, mentor=ruth, saved_at=later(0)),
        private=Note.objects.create(learner=learner, **by_ruth),
        agreed=Agreement.objects.create(
            learner=learner, mentor=ruth, mentor_name="Ruth", text="A draft", key=uuid4(), created_at=later(0)
        ),
        look=Look.objects.create(learner=learner, viewer=ruth, viewer_name="Ruth", what="card", at=later(0)),
        blocker=Blocker.objects.create(learner=learner, role=analytics, text="No data.", stated_at=later(0)),
        handover=Handover.objects.create(
            learner=learner, cohort=cohort, giver=ruth, taker=jonas, key=uuid4(), at=later(0)
        ),
        mentor=Mentor.objects.get(user=ruth),
        cohort=cohort,
        invite=Invite.objects.create(cohort=cohort, expires_at=later(100)),
        membership=Membership.objects.get(),
    )


def again(row: models.Model, **changes: object) -> None:
    """The same row once more, but for the changes."""
    row = copy(type(row).objects.get(pk=row.pk))
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def change(row: models.Model, **changes: object) -> None:
    type(row).objects.filter(pk=row.pk).update(**changes)


def deciding(w) -> Decision:
    """A decision in the making: its submission is still open."""
    again(w.decision, submission=w.submission)
    return Decision.objects.latest("pk")


def another_note(w) -> Evidence:
    again(w.note, key=uuid4())
    return Evidence.objects.latest("pk")


def refused(act) -> DatabaseError:
    """Why the database did not let it be, at once or at the end of the transaction."""
    try:
        with transaction.atomic():
            act()
            ask_deferred_constraints()
    except DatabaseError as error:
        return error
    pytest.fail("Nothing was refused.")
