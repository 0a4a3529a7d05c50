"""Decisions: what they need, what they freeze, and how staff take one back."""

from __future__ import annotations

from uuid import uuid4

import pytest

from mentoring import review
from mentoring.deciding import IncompleteError, Judgment
from mentoring.models import Decision, Draft, Event, Met, Outcome, State, Submission, Verdict, What
from tests.factories import UserFactory
from tests.mentoring.people import (
    ALL_MET,
    ASKED,
    NOT_YET,
    later,
    make_approved,
    make_claimed,
    make_returned,
)

FIRST, SECOND, OPTIONAL = (each.key for each in ASKED.criteria)


@pytest.mark.parametrize(
    ("judgment", "faults"),
    [
        (Judgment(met=ALL_MET.met, next_step="Go on."), {""}),
        (Judgment(met=NOT_YET.met, next_step=" "), {"next_step"}),
        (Judgment(met={FIRST: Met.NOT_YET}, next_step="Go on."), {f"met-{SECOND}", f"met-{OPTIONAL}"}),
        (Judgment(met=ALL_MET.met | {str(uuid4()): Met.NOT_YET}, next_step="Go on."), {""}),
    ],
    ids=["all met", "no next step", "not all judged", "something else is unmet"],
)
def test_a_return_names_what_is_missing_and_the_next_step(judgment, faults, learner, analytics, ruth):
    thread = make_claimed(learner, analytics, ruth)
    with pytest.raises(IncompleteError) as refused:
        review.return_(thread=thread, judgment=judgment, by=ruth, key=uuid4(), now=later(0.5))
    assert set(refused.value.faults) == faults
    assert not Decision.objects.exists()


@pytest.mark.parametrize("met", [Met.PARTLY, Met.NOT_YET, None])
def test_an_approval_has_every_required_criterion_met(met, learner, analytics, ruth):
    thread = make_claimed(learner, analytics, ruth)
    verdicts = {key: value for key, value in (ALL_MET.met | {FIRST: met}).items() if value is not None}
    with pytest.raises(IncompleteError) as refused:
        review.approve(thread=thread, judgment=Judgment(met=verdicts), by=ruth, key=uuid4(), now=later(0.5))
    assert set(refused.value.faults) == {f"met-{FIRST}"}


def test_what_is_not_required_holds_no_approval_up(learner, analytics, ruth):
    judgment = Judgment(met=ALL_MET.met | {OPTIONAL: Met.NOT_YET})
    thread = make_claimed(learner, analytics, ruth)
    row = review.approve(thread=thread, judgment=judgment, by=ruth, key=uuid4(), now=later(0.5))
    assert row.state == State.APPROVED


def test_an_approval_freezes_what_was_asked_and_shown(learner, analytics, ruth, approvals):
    row = make_approved(learner, analytics, ruth)
    assert row.approval.frozen["asked"] == ASKED.to_json()
    assert [piece["title"] for piece in row.approval.frozen["evidence"]] == ["Write-up"]
    assert approvals == [row.pk]


def test_a_decision_has_a_verdict_on_each_criterion_in_its_order(learner, analytics, ruth):
    make_returned(learner, analytics, ruth)
    verdicts = list(Verdict.objects.values_list("text", "met", "required"))
    assert verdicts == [(each.text, NOT_YET.met[each.key], each.required) for each in ASKED.criteria]


def test_a_decision_clears_its_mentors_draft_and_nobody_elses(learner, analytics, ruth, jonas):
    thread = make_claimed(learner, analytics, ruth)
    submission = Submission.objects.get()
    for mentor in (ruth, jonas):
        Draft.objects.create(submission=submission, mentor=mentor, content={}, saved_at=later(0))
    review.return_(thread=thread, judgment=NOT_YET, by=ruth, key=uuid4(), now=later(0.5))
    assert Draft.objects.get().mentor == jonas


def test_a_draft_outlives_the_lease(learner, analytics, ruth, jonas):
    thread = make_claimed(learner, analytics, ruth)
    Draft.objects.create(
        submission=Submission.objects.get(), mentor=ruth, content={"text": "So far"}, saved_at=later(0)
    )
    review.claim(thread=thread, by=jonas, key=uuid4(), now=later(1))
    review.release(thread=thread, by=jonas, key=uuid4(), now=later(1.5))
    assert Draft.objects.get().content == {"text": "So far"}


# ---------------------------------------------------------------- staff


@pytest.mark.parametrize("action", [review.reopen, review.force_release])
@pytest.mark.parametrize("reason", ["", "  "])
def test_staff_say_why(action, reason, learner, analytics, ruth):
    thread = (make_approved if action is review.reopen else make_claimed)(learner, analytics, ruth)
    with pytest.raises(review.NotPossibleError, match="Say why"):
        action(thread=thread, by=UserFactory(is_superuser=True), key=uuid4(), now=later(1), reason=reason)


def test_editors_are_no_staff_of_reviews(learner, analytics, ruth):
    thread = make_approved(learner, analytics, ruth)
    with pytest.raises(review.NotPossibleError, match="Only staff"):
        review.reopen(thread=thread, by=UserFactory(is_staff=True), key=uuid4(), now=later(1), reason="Why not.")


def test_reopening_takes_the_approval_back_and_keeps_what_was_decided(learner, analytics, ruth, approvals):
    thread = make_approved(learner, analytics, ruth)
    row = review.reopen(
        thread=thread, by=UserFactory(is_superuser=True), key=uuid4(), now=later(1), reason="A copy of another's work."
    )
    assert (row.state, row.approval, approvals) == (State.RETURNED, None, [])
    assert Decision.objects.get().submission.outcome == Outcome.APPROVED
    assert Event.objects.get(what=What.REOPENED).reason == "A copy of another's work."
