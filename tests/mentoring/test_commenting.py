"""Comments: who may say what, once, and how it is put right."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.models import Notification
from mentoring import review
from mentoring.commenting import NotSaidError, say
from mentoring.models import Comment, Decision, Evidence, Submission
from tests.mentoring.people import ASKED, NOT_YET, later, make_claimed, make_returned, make_submitted

CRITERION = ASKED.criteria[1].key


def of(thread):
    return Submission.objects.get(thread=thread, number=thread.number)


def speak(thread, by, text="Which cohort is this?", **kwargs):
    return say(submission=of(thread), by=by, text=text, key=kwargs.pop("key", uuid4()), now=later(0.5), **kwargs)


@pytest.fixture
def thread(learner, analytics, ruth):
    return make_claimed(learner, analytics, ruth)


def test_a_mentor_comments_on_a_criterion(thread, ruth):
    comment = speak(thread, ruth, criterion=CRITERION)
    assert (str(comment.criterion), comment.author_name) == (CRITERION, "Ruth Adeyemi")


def test_a_mentor_comments_on_evidence(thread, ruth):
    piece = Evidence.objects.get(thread=thread)
    assert speak(thread, ruth, evidence=piece).evidence == piece


def test_the_learner_answers_on_their_own_thread(thread, learner):
    assert speak(thread, learner).author == learner


def test_a_foreign_learner_finds_nothing_to_comment_on(thread, other_learner):
    with pytest.raises(Submission.DoesNotExist):
        speak(thread, other_learner)


def test_a_mentor_who_may_not_see_it_finds_nothing_to_comment_on(thread, jonas):
    with pytest.raises(Submission.DoesNotExist):
        speak(thread, jonas)


def test_what_was_taken_back_is_no_mentors_to_comment_on(learner, analytics, ruth):
    thread = make_submitted(learner, analytics)
    submission = of(thread)
    review.withdraw(thread=thread, by=learner, key=uuid4(), now=later(0.1))
    with pytest.raises(Submission.DoesNotExist):
        say(submission=submission, by=ruth, text="Hello", key=uuid4(), now=later(0.5))


def test_a_second_post_of_the_same_form_says_nothing_twice(thread, ruth):
    key = uuid4()
    assert speak(thread, ruth, key=key) == speak(thread, ruth, "Something else", key=key)
    assert Comment.objects.count() == 1


def test_a_key_of_another_submission_is_refused(thread, ruth, other_learner, analytics):
    key = uuid4()
    speak(thread, ruth, key=key)
    with pytest.raises(NotSaidError, match="something else"):
        speak(make_claimed(other_learner, analytics, ruth), ruth, key=key)


@pytest.mark.parametrize(("text", "said"), [("  \n ", "Write something"), ("a" * 5001, "at most 5,000")])
def test_empty_and_endless_comments_are_refused_in_words(thread, ruth, text, said):
    with pytest.raises(NotSaidError, match=said):
        speak(thread, ruth, text)


def test_a_criterion_of_something_else_is_refused(thread, ruth):
    with pytest.raises(NotSaidError, match="no such criterion"):
        speak(thread, ruth, criterion=uuid4())


def test_evidence_of_another_thread_is_refused(thread, ruth, other_learner, analytics):
    foreign = Evidence.objects.get(thread=make_submitted(other_learner, analytics))
    with pytest.raises(NotSaidError, match="no such evidence"):
        speak(thread, ruth, evidence=foreign)


def test_a_comment_is_about_one_thing(thread, ruth):
    with pytest.raises(NotSaidError, match="one thing"):
        speak(thread, ruth, criterion=CRITERION, evidence=Evidence.objects.get(thread=thread))


def test_putting_right_makes_the_next_version_at_the_same_place(thread, ruth):
    first = speak(thread, ruth, "Wich cohort?", criterion=CRITERION)
    second = speak(thread, ruth, "Which cohort?", replaces=first)
    assert (second.replaces, str(second.criterion)) == (first, CRITERION)
    assert list(Comment.objects.standing()) == [second]


def test_nobody_puts_right_what_another_said(thread, ruth, learner):
    with pytest.raises(NotSaidError, match="said yourself"):
        speak(thread, learner, replaces=speak(thread, ruth))


def test_only_the_latest_version_is_put_right(thread, ruth):
    first = speak(thread, ruth)
    speak(thread, ruth, "Second", replaces=first)
    with pytest.raises(NotSaidError, match="latest version"):
        speak(thread, ruth, "Third", replaces=first)


def test_feedback_that_was_sent_is_put_right(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    decision = Decision.objects.get(submission=of(thread))
    assert speak(thread, ruth, "I meant the test set.", decision=decision).decision == decision


def test_nobody_puts_right_the_feedback_of_another(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    with pytest.raises(NotSaidError, match="sent yourself"):
        speak(thread, learner, decision=Decision.objects.get(submission=of(thread)))


def test_the_learner_hears_of_a_mentors_comment(thread, ruth, learner):
    comment = speak(thread, ruth)
    told = Notification.objects.get(person=learner, kind="comment")
    assert told.title == f"Ruth Adeyemi comments on {ASKED.title}"
    assert told.url.endswith(f"#comment-{comment.pk}")


def test_the_mentor_who_holds_it_hears_of_the_learners_comment(thread, ruth, learner):
    speak(thread, learner)
    assert Notification.objects.filter(person=ruth, kind="learner_comment").count() == 1


def test_the_mentor_who_decided_last_hears_of_the_learners_comment(learner, analytics, ruth):
    thread = make_claimed(learner, analytics, ruth)
    review.return_(thread=thread, judgment=NOT_YET, by=ruth, key=uuid4(), now=later(0.2))
    thread.refresh_from_db()
    speak(thread, learner)
    assert Notification.objects.filter(person=ruth, kind="learner_comment").count() == 1


def test_nobody_hears_of_a_comment_while_nobody_has_begun(learner, analytics, ruth):
    speak(make_submitted(learner, analytics), learner)
    assert not Notification.objects.filter(kind="learner_comment").exists()
