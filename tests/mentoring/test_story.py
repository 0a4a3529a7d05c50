"""A thread as people read it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring import gathering, review
from mentoring.commenting import say
from mentoring.gathering import Piece
from mentoring.models import Evidence, Met, Submission, Thread
from mentoring.story import story_of
from tests.mentoring.people import ASKED, NOT_YET, later, make_claimed, make_draft, make_returned, make_submitted

FIRST, SECOND, THIRD = (each.key for each in ASKED.criteria)


def again(thread, learner, ruth, *, hours):
    """One more round, returned too."""
    review.resubmit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=later(hours))
    review.claim(thread=thread, by=ruth, key=uuid4(), now=later(hours + 0.1))
    return review.return_(thread=thread, judgment=NOT_YET, by=ruth, key=uuid4(), now=later(hours + 0.2))


@pytest.fixture
def returned(learner, analytics, ruth):
    return make_returned(learner, analytics, ruth)


def test_rounds_come_oldest_first(returned, learner, ruth):
    again(returned, learner, ruth, hours=5)
    story = story_of(returned, to=learner)
    assert [each.number for each in story.rounds] == [1, 2]
    assert [each.is_last for each in story.rounds] == [False, True]


def test_however_many_rounds_there_are_they_take_four_queries(returned, learner, ruth):
    for hours in (5, 10, 15):
        again(returned, learner, ruth, hours=hours)
    thread = Thread.objects.get(pk=returned.pk)
    with CaptureQueriesContext(connection) as captured:
        story = story_of(thread, to=ruth)
        assert [len(each.lines) + each.comments for each in story.rounds] == [3, 3, 3, 3]
    assert len(captured) == 4


def test_a_verdict_and_its_remark_stand_at_their_criterion(returned, learner):
    line = story_of(returned, to=learner).last.lines[1]
    assert (line.judged.met, line.judged.remark) == (Met.PARTLY, NOT_YET.remarks[SECOND])


def test_the_feedback_says_who_and_what_is_next(returned, learner):
    feedback = story_of(returned, to=learner).last.feedback
    assert (feedback.name, feedback.is_approval, feedback.next_step) == ("Ruth Adeyemi", False, NOT_YET.next_step)
    assert [each.text for each in feedback.unmet] == [ASKED.criteria[1].text]


def test_evidence_stands_at_the_criteria_that_it_answers(learner, analytics):
    thread = make_draft(learner, analytics)
    piece = Piece("Curve", criteria=[SECOND], text="The curve.")
    gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=later(0))
    review.submit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=later(1))
    found = story_of(thread, to=learner).last
    assert [[each.evidence.title for each in line.shown] for line in found.lines] == [[], ["Curve"], []]
    assert [each.evidence.title for each in found.loose] == ["Write-up"]
    assert [each.title for each in found.evidence] == ["Write-up", "Curve"]


def test_comments_stand_where_they_are_anchored(learner, analytics, ruth):
    thread = make_claimed(learner, analytics, ruth)
    submission, piece = Submission.objects.get(thread=thread), Evidence.objects.get(thread=thread)
    for anchor in ({}, {"criterion": FIRST}, {"evidence": piece}):
        say(submission=submission, by=ruth, text=f"On {[*anchor]}", key=uuid4(), now=later(0.5), **anchor)
    found = story_of(thread, to=learner).last
    assert [each.text for each in found.talk.said] == ["On []"]
    assert [each.text for each in found.lines[0].talk.said] == ["On ['criterion']"]
    assert [each.text for each in found.shown[0].talk.said] == ["On ['evidence']"]
    assert found.comments == 3


def test_a_corrected_comment_keeps_its_earlier_versions(learner, analytics, ruth):
    thread = make_claimed(learner, analytics, ruth)
    submission, last = Submission.objects.get(thread=thread), None
    for text in ("one", "two", "three"):
        last = say(submission=submission, by=ruth, text=text, replaces=last, key=uuid4(), now=later(0.5))
    (said,) = story_of(thread, to=ruth).last.talk.said
    assert (said.text, [each.text for each in said.earlier]) == ("three", ["one", "two"])
    assert (said.number, said.is_mine, said.by_learner) == (last.pk, True, False)


def test_corrected_feedback_stands_with_the_feedback(returned, ruth):
    submission = Submission.objects.get(thread=returned)
    decision = submission.decision
    say(submission=submission, by=ruth, text="The test set.", decision=decision, key=uuid4(), now=later(1))
    found = story_of(returned, to=ruth).last
    assert [each.text for each in found.feedback.talk.said] == ["The test set."]
    assert found.talk.said == ()


def test_what_happened_is_said_in_words(returned, learner):
    happenings = story_of(returned, to=learner).last.happenings
    assert [each.words for each in happenings] == [
        "Ines Okonjo handed it in",
        "Ruth Adeyemi began to review",
        "Ruth Adeyemi returned it",
    ]


def test_what_was_taken_back_is_shown_to_the_learner_alone(learner, analytics, ruth):
    thread = make_submitted(learner, analytics)
    review.withdraw(thread=thread, by=learner, key=uuid4(), now=later(0.2))
    review.submit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=later(1))
    assert [each.number for each in story_of(thread, to=learner).rounds] == [1, 2]
    assert [each.number for each in story_of(thread, to=ruth).rounds] == [2]


def test_earlier_rounds_come_newest_first(returned, learner, ruth):
    for hours in (5, 10):
        again(returned, learner, ruth, hours=hours)
    story = story_of(returned, to=ruth)
    assert [each.number for each in story.before(story.last.submission)] == [2, 1]
