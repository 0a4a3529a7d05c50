"""What the database itself refuses, by whatever road it comes; and the words in which it does."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps

from accounts.careful import reason_of
from mentoring.models import Evidence
from tests.mentoring.every_row import again, another_note, change, deciding, refused
from tests.mentoring.people import later

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


def itself(row: Evidence) -> None:
    """A row that names itself from the start: later the trigger would be in the way."""
    made = copy(row)
    made.pk = made.replaces_id = 10**9
    made.key = uuid4()
    made.save(force_insert=True)


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
