"""What the database itself refuses, by whatever road it comes; and the words in which it does."""

from __future__ import annotations

from copy import copy, deepcopy
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from accounts.careful import ask_deferred_constraints, reason_of
from mentoring import gathering, review, subjects
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
    Kind,
    Look,
    Membership,
    Mentor,
    Note,
    SavedReply,
    State,
    Submission,
)
from mentoring.models.threads import MOVES
from roles.models import Role
from tests.conftest import ANALYTICS, COORDINATION
from tests.factories import UserFactory
from tests.mentoring.conftest import Noted
from tests.mentoring.people import (
    ASKED,
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


@pytest.fixture(scope="module")
def _made(module_rows) -> SimpleNamespace:
    with module_rows(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(subjects._SUBJECTS, Kind.MILESTONE, Noted())
        return _a_row_of_every_kind()


@pytest.fixture
def w(_made: SimpleNamespace, db: None) -> SimpleNamespace:
    """A row of every kind, all of them sound."""
    return deepcopy(_made)


def _a_row_of_every_kind() -> SimpleNamespace:
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


# What each constraint is there against.
AGAINST = {
    "mentoring_mentor_limit_sensible": lambda w: change(w.mentor, open_limit=51),
    "mentoring_mentor_away_from_rises": lambda w: change(w.mentor, away_from=later(1), away_until=later(0)),
    "mentoring_mentor_away_begins": lambda w: change(w.mentor, away_until=later(0)),
    "mentoring_cohort_starts_on_rises": lambda w: change(w.cohort, ends_on=w.cohort.starts_on),
    "mentoring_invite_limit_sensible": lambda w: change(w.invite, limit=501),
    "mentoring_invite_not_overused": lambda w: change(w.invite, used=26),
    "mentoring_membership_one_cohort_a_role": lambda w: again(w.membership),
    "mentoring_membership_not_own_mentor": lambda w: change(w.membership, mentor=w.learner),
    "mentoring_membership_joined_at_rises": lambda w: change(w.membership, left_at=later(-1)),
    "mentoring_thread_state_known": lambda w: again(w.draft, subject=uuid4(), state="lost"),
    "mentoring_thread_kind_known": lambda w: again(w.draft, kind="essay"),
    "mentoring_thread_once": lambda w: again(w.draft),
    "mentoring_thread_claimed_has_holder": lambda w: change(w.claimed, lease_until=None),
    "mentoring_thread_open_is_queued": lambda w: change(w.waiting, queued_from=None),
    "mentoring_thread_approved_has_decision": lambda w: change(w.approved, approval=None),
    "mentoring_thread_submitted_has_number": lambda w: change(w.waiting, number=0),
    "mentoring_thread_reserved_waits": lambda w: change(w.claimed, reserved_for=w.ruth, reserved_until=later(1)),
    "mentoring_thread_not_own": lambda w: change(w.claimed, holder=w.learner),
    "mentoring_thread_not_reserved_for_learner": lambda w: change(
        w.waiting, reserved_for=w.learner, reserved_until=later(1)
    ),
    "mentoring_thread_not_excluded": lambda w: change(w.claimed, excluded=[w.ruth.pk]),
    "mentoring_thread_waited_forwards": lambda w: change(w.draft, waited=timedelta(seconds=-1)),
    "mentoring_submission_outcome_known": lambda w: change(w.submission, outcome="lost", closed_at=later(1)),
    "mentoring_submission_number_once": lambda w: again(w.submission, outcome="withdrawn", closed_at=later(1)),
    "mentoring_submission_one_open": lambda w: again(w.submission, number=2),
    "mentoring_submission_from_one": lambda w: again(w.submission, number=0, outcome="withdrawn", closed_at=later(1)),
    "mentoring_submission_closed_has_date": lambda w: change(w.submission, outcome="withdrawn"),
    "mentoring_event_what_known": lambda w: again(w.event, what="lost", key=uuid4()),
    "mentoring_event_key_once": lambda w: again(w.event),
    "mentoring_event_staff_say_why": lambda w: again(w.event, what="reopened", key=uuid4()),
    "mentoring_evidence_kind_known": lambda w: again(w.note, kind="song", key=uuid4()),
    "mentoring_evidence_file_kind_known": lambda w: again(w.file, file_kind="exe", key=uuid4()),
    "mentoring_evidence_key_once": lambda w: again(w.note),
    "mentoring_evidence_is_what_it_is": lambda w: again(w.note, kind="link", text="", url="ftp://a.b/", key=uuid4()),
    "mentoring_evidence_file_fits": lambda w: again(w.file, size=10 * 1024 * 1024 + 1, key=uuid4()),
    "mentoring_evidence_has_title": lambda w: again(w.note, title="", key=uuid4()),
    "mentoring_evidence_replaces_another": lambda w: itself(w.note),
    "mentoring_exhibit_once": lambda w: again(w.exhibit, place=2),
    "mentoring_exhibit_place": lambda w: again(w.exhibit, evidence=another_note(w)),
    "mentoring_decision_ruling_known": lambda w: again(w.decision, submission=w.submission, ruling="lost"),
    "mentoring_decision_says_next_step": lambda w: again(w.returning, submission=w.submission, next_step=""),
    "mentoring_verdict_met_known": lambda w: again(w.verdict, decision=deciding(w), met="almost"),
    "mentoring_verdict_once": lambda w: [again(w.verdict, decision=decision) for decision in [deciding(w)] * 2],
    "mentoring_verdict_score_says_met": lambda w: again(w.verdict, decision=deciding(w), score=2, met="met"),
    "mentoring_draft_once": lambda w: again(w.kept),
    "mentoring_comment_key_once": lambda w: again(w.comment),
    "mentoring_comment_one_anchor": lambda w: again(w.comment, criterion=uuid4(), evidence=w.note, key=uuid4()),
    "mentoring_comment_says_something": lambda w: again(w.comment, text="", key=uuid4()),
    "mentoring_savedreply_title_once": lambda w: again(w.reply),
    "mentoring_savedreply_says_something": lambda w: again(w.reply, title="Sorry", text=""),
    "mentoring_note_key_once": lambda w: again(w.private),
    "mentoring_note_says_something": lambda w: again(w.private, text="", key=uuid4()),
    "mentoring_note_about_another": lambda w: again(w.private, author=w.learner, key=uuid4()),
    "mentoring_agreement_key_once": lambda w: again(w.agreed),
    "mentoring_agreement_says_something": lambda w: again(w.agreed, text="", key=uuid4()),
    "mentoring_look_what_known": lambda w: again(w.look, what="dream"),
    "mentoring_blocker_one_at_a_time": lambda w: again(w.blocker),
    "mentoring_blocker_says_something": lambda w: change(w.blocker, text=""),
    "mentoring_handover_key_once": lambda w: again(w.handover),
    "mentoring_handover_to_another": lambda w: again(w.handover, taker=w.ruth, key=uuid4()),
    "mentoring_handover_not_to_learner": lambda w: again(w.handover, taker=w.learner, key=uuid4()),
}


def deciding(w) -> Decision:
    """A decision in the making: its submission is still open."""
    again(w.decision, submission=w.submission)
    return Decision.objects.latest("pk")


def another_note(w) -> Evidence:
    again(w.note, key=uuid4())
    return Evidence.objects.latest("pk")


def itself(row: Evidence) -> None:
    """A row that names itself from the start: later the trigger would be in the way."""
    made = copy(row)
    made.pk = made.replaces_id = 10**9
    made.key = uuid4()
    made.save(force_insert=True)


def refused(act) -> DatabaseError:
    """Why the database did not let it be, at once or at the end of the transaction."""
    try:
        with transaction.atomic():
            act()
            ask_deferred_constraints()
    except DatabaseError as error:
        return error
    pytest.fail("Nothing was refused.")


def named() -> dict[str, str]:
    found = apps.get_app_config("mentoring").get_models()
    return {each.name: str(each.violation_error_message) for model in found for each in model._meta.constraints}


def test_every_constraint_is_tried():
    assert sorted(named()) == sorted(AGAINST)


@pytest.mark.parametrize("name", AGAINST)
def test_the_constraint_refuses_and_says_why(name, w):
    error = refused(lambda: AGAINST[name](w))
    # What has no known kind cannot be what its kind says either, and that comes first.
    first = {"mentoring_evidence_kind_known": "mentoring_evidence_is_what_it_is"}.get(name, name)
    assert error.__cause__.diag.constraint_name == first
    assert reason_of(error) == named()[first]


# ---------------------------------------------------------------- triggers


def refusal(act) -> str:
    return str(refused(act))


@pytest.mark.parametrize("to", State.values)
@pytest.mark.parametrize("state", State.values)
def test_a_thread_moves_only_as_the_table_says(state, to, w):
    names = {"draft": w.draft, "submitted": w.waiting, "claimed": w.claimed, "returned": w.returned}
    thread = names.get(state, w.approved)
    columns = {
        "holder": None,
        "claimed_at": None,
        "lease_until": None,
        "queued_from": None,
        "pooled_from": None,
        "approval": None,
    }
    columns |= {
        "submitted": {"queued_from": later(0), "pooled_from": later(0), "number": 1},
        "claimed": {
            "queued_from": later(0),
            "pooled_from": later(0),
            "number": 1,
            "holder": w.ruth,
            "claimed_at": later(0),
            "lease_until": later(1),
        },
        "returned": {"number": 1},
        "approved": {"number": 1, "approval": w.decision},
    }.get(to, {})

    def move():
        change(thread, state=to, **columns)

    if to == "approved" and (state, to) in MOVES:
        assert "What is approved is the last submission of the thread" in refusal(move)  # another thread's decision
    elif state == to or (state, to) in MOVES:
        move()
    else:
        assert "Invalid transition" in refusal(lambda: change(thread, state=to))


FROZEN = [
    ("waiting", {"subject": uuid4()}),
    ("waiting", {"learner": "w.other"}),
    ("waiting", {"role": "w.role"}),
    ("submission", {"message": "Something else"}),
    ("submission", {"asked": {}}),
    ("submission", {"number": 7}),
    ("submission", {"submitted_at": later(9)}),
    ("event", {"what": "approved"}),
    ("event", {"at": later(9)}),
    ("event", {"key": uuid4()}),
    ("note", {"text": "Something else"}),
    ("file", {"sha256": "1" * 64}),
    ("exhibit", {"place": 9}),
    ("exhibit", {"evidence": "w.file"}),
    ("decision", {"ruling": "returned"}),
    ("decision", {"text": "Something else"}),
    ("decision", {"frozen": {}}),
    ("verdict", {"met": "partly"}),
    ("comment", {"text": "Something else"}),
    ("private", {"text": "Something else"}),
    ("agreed", {"text": "Something else"}),
    ("look", {"at": later(9)}),
    ("handover", {"note": "Something else"}),
    ("event", {"actor": "w.other"}),
    ("decision", {"mentor": "w.other"}),
    ("comment", {"author": "w.other"}),
    ("private", {"author": "w.other"}),
    ("agreed", {"mentor": "w.other"}),
    ("look", {"viewer": "w.other"}),
]


@pytest.mark.parametrize(("row", "changes"), FROZEN, ids=[f"{row} {next(iter(what))}" for row, what in FROZEN])
def test_what_was_said_and_done_never_changes(row, changes, w):
    values = {name: getattr(w, value[2:]) if str(value).startswith("w.") else value for name, value in changes.items()}
    assert "Cannot update" in refusal(lambda: change(getattr(w, row), **values))


@pytest.mark.parametrize(
    "row",
    [
        "waiting",
        "draft",
        "submission",
        "event",
        "note",
        "exhibit",
        "decision",
        "verdict",
        "comment",
        "private",
        "agreed",
        "look",
        "handover",
    ],
)
def test_nothing_that_was_submitted_said_or_decided_is_deleted(row, w):
    table = getattr(w, row)._meta.db_table
    with connection.cursor() as cursor:
        assert "never deleted" in refusal(
            lambda: cursor.execute(f"DELETE FROM {table} WHERE id = %s", [getattr(w, row).pk])
        )


def test_a_verdict_is_never_added_to_a_decision_that_was_sent(w):
    assert "together with their decision" in refusal(lambda: again(w.verdict, criterion=uuid4()))


def test_a_mentor_of_a_cohort_becomes_no_learner_of_it(w):
    def join():
        Membership.objects.create(cohort=w.cohort, learner=w.ruth, role=w.cohort.role, joined_at=later(0))

    assert "a mentor and a learner of the same cohort" in refusal(join)
    w.cohort.mentors.remove(w.ruth)
    join()


def test_a_learner_of_a_cohort_becomes_no_mentor_of_it_until_they_left(w):
    assert "a mentor and a learner of the same cohort" in refusal(lambda: w.cohort.mentors.add(w.learner))
    change(w.membership, left_at=later(1))
    w.cohort.mentors.add(w.learner)
    assert "a mentor and a learner of the same cohort" in refusal(lambda: change(w.membership, left_at=None))


def test_how_a_submission_ended_is_said_once(w):
    submission = w.returned.submissions.get()
    assert "Cannot update" in refusal(lambda: change(submission, outcome="approved"))
    assert "Cannot update" in refusal(lambda: change(submission, outcome="", closed_at=None))


def test_an_approval_without_its_verdicts_is_refused_at_the_end(w):
    def decide(met):
        submission = w.claimed.submissions.get()
        again(w.decision, submission=submission)
        again(w.verdict, decision=submission.decision, met=met)
        change(submission, outcome="approved", closed_at=later(1))

    assert "every required criterion met" in refusal(lambda: decide("partly"))
    decide("met")
    ask_deferred_constraints()


def test_a_return_names_something_that_is_not_met(w):
    def decide():
        submission = w.claimed.submissions.get()
        change(submission, outcome="returned", closed_at=later(1))
        again(w.returning, submission=submission)

    assert "names a criterion that is not met" in refusal(decide)


def test_a_decision_is_how_its_submission_ended(w):
    def decide():
        again(w.decision, submission=w.submission)
        again(w.verdict, decision=w.submission.decision)

    assert "is how its submission ended" in refusal(decide)


def test_a_thread_is_approved_by_its_own_last_decision(w):
    assert "the last submission of the thread" in refusal(lambda: change(w.approved, approval=w.returning))


def test_evidence_of_another_thread_is_in_no_submission(w):
    assert "its own thread" in refusal(lambda: again(w.exhibit, evidence=w.file, place=2))


def test_nothing_comes_into_a_submission_that_is_over(w):
    thread = w.returned
    late = gathering.add(thread=thread, piece=Piece("Late", text="More."), by=w.learner, key=uuid4(), now=later(1))
    exhibit = Exhibit.objects.get(submission__thread=thread)
    assert "open submission" in refusal(lambda: again(exhibit, evidence=late, place=2))


def test_a_submission_has_at_most_50_megabytes(w):
    for number in range(4):
        again(w.file, key=uuid4(), stored=f"ab/cd/{number}")
    review.submit(thread=w.draft, asked=ASKED, message="", by=w.learner, key=uuid4(), now=later(1))  # 50 MB to the byte
    last = Exhibit.objects.filter(submission__thread=w.draft).latest("place")
    again(w.file, key=uuid4(), stored="ab/cd/one-byte", size=1)
    one_more = Evidence.objects.latest("pk")
    assert "at most 50 MB" in refusal(lambda: again(last, evidence=one_more, place=99))


def test_a_piece_has_one_next_version(w):
    gathering.change(
        evidence=w.file, piece=Piece("Report", text="Now a note."), by=w.learner, key=uuid4(), now=later(1)
    )
    assert "replaces_id" in refusal(lambda: again(w.file, key=uuid4(), replaces=w.file))


def test_a_membership_has_the_role_of_its_cohort(w):
    assert "the role of its cohort" in refusal(lambda: again(w.membership, learner=w.other, role=w.role))


def test_a_mentor_who_goes_leaves_their_name_behind(w):
    change(w.decision, mentor=None)
    change(w.event, actor=None)
    change(w.comment, author=None)
    assert w.decision.mentor_name == "Jonas Lindqvist"
