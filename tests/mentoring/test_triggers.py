"""What triggers of the database refuse: moves that no table has, and changes of what was said and done."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from accounts.careful import ask_deferred_constraints
from mentoring import gathering, review
from mentoring.gathering import Piece
from mentoring.models import Evidence, Exhibit, Membership, State
from mentoring.models.threads import MOVES
from tests.mentoring.every_row import again, change, refused
from tests.mentoring.people import ASKED, later


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
