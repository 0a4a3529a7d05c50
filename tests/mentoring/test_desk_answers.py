"""At the desk: the draft, the decision, and comments."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from mentoring import review
from mentoring.commenting import say
from mentoring.models import Comment, Decision, Draft, SavedReply, State, Submission, Thread
from tests.mentoring.desks import FIRST, HTMX, NOT_MET, THIRD, act, again, ago, met, url_of
from tests.mentoring.people import ASKED, NOT_YET, make_claimed, make_returned, make_submitted
from tests.pages import Page, flaws

# ---------------------------------------------------------------- the draft


def test_the_draft_is_shown_again(held, as_ruth):
    act(as_ruth, held, "draft", **NOT_MET, text="Ranking is fine.")
    page = Page(as_ruth.get(url_of(held)))
    assert "Ranking is fine." in page.html
    assert "Below the line." in page.html
    assert "Refit it." in page.html
    assert page.html.count(" checked>") >= 3


def test_saving_by_htmx_says_when_and_until_when(held, as_ruth):
    response = act(as_ruth, held, "draft", headers=HTMX, text="x")
    assert "Draft saved" in response.content.decode()
    assert "Yours until" in response.content.decode()


def test_the_draft_lets_the_lease_run_on(learner, analytics, ruth, as_ruth):
    thread = make_claimed(learner, analytics, ruth, now=ago(0.9))
    act(as_ruth, thread, "draft", text="x")
    assert Thread.objects.get(pk=thread.pk).lease_until > timezone.now() + timedelta(minutes=59)


def taken_by_jonas(learner, analytics, ruth, jonas) -> Thread:
    thread = make_claimed(learner, analytics, ruth, now=ago(2))
    return review.claim(thread=thread, by=jonas, key=uuid4(), now=ago(0.5))


@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_draft_that_comes_too_late_is_kept_and_says_who_holds_it(learner, analytics, ruth, jonas, as_ruth, headers):
    thread = taken_by_jonas(learner, analytics, ruth, jonas)
    response = act(as_ruth, thread, "draft", headers=headers, text="What I wrote")
    assert response.status_code == 409
    assert "Jonas Lindqvist" in response.content.decode()
    assert Draft.objects.get(mentor=ruth).content["text"] == "What I wrote"


def test_the_draft_of_a_lost_review_can_still_be_read(learner, analytics, ruth, jonas, as_ruth):
    thread = taken_by_jonas(learner, analytics, ruth, jonas)
    act(as_ruth, thread, "draft", text="What I wrote")
    response = as_ruth.get(url_of(thread))
    assert response.status_code == 409
    assert "What I wrote" in response.content.decode()
    assert ASKED.title not in response.content.decode()


def test_a_saved_reply_goes_to_the_end_of_the_text(held, ruth, as_ruth):
    reply = SavedReply.objects.create(mentor=ruth, title="Curve", text="Show the curve.")
    response = act(as_ruth, held, "draft", text="Well done.", do="insert", insert=str(reply.pk))
    assert response["Location"].endswith("#id_text")
    assert Draft.objects.get(mentor=ruth).content["text"] == "Well done.\n\nShow the curve."


def test_a_reply_that_is_only_chosen_is_not_put_in(held, ruth, as_ruth):
    reply = SavedReply.objects.create(mentor=ruth, title="Curve", text="Show the curve.")
    act(as_ruth, held, "draft", text="Well done.", insert=str(reply.pk))
    assert Draft.objects.get(mentor=ruth).content["text"] == "Well done."


def test_another_mentors_reply_cannot_be_put_in(held, ruth, jonas, as_ruth):
    reply = SavedReply.objects.create(mentor=jonas, title="Curve", text="Show the curve.")
    act(as_ruth, held, "draft", text="Well done.", do="insert", insert=str(reply.pk))
    assert Draft.objects.get(mentor=ruth).content["text"] == "Well done."


# ---------------------------------------------------------------- the decision


def test_returning_sends_verdicts_remarks_and_the_next_step(held, as_ruth):
    response = act(as_ruth, held, "return", **NOT_MET)
    decision = Decision.objects.get()
    assert (response.status_code, decision.ruling, decision.next_step) == (302, "returned", "Refit it.")
    assert [(each.met, each.remark) for each in decision.verdicts.all()] == [
        ("met", ""),
        ("partly", "Below the line."),
        ("met", ""),
    ]


def test_approving_sends_it(held, as_ruth, approvals):
    act(as_ruth, held, "approve", **met(text="Clear."))
    assert approvals == [held.pk]


def test_after_a_decision_comes_the_next_one(held, analytics, other_learner, as_ruth):
    following = make_submitted(other_learner, analytics, now=ago(1))
    response = act(as_ruth, held, "approve", **met())
    assert response["Location"] == url_of(following)
    assert f"Approved. Next: Tom Berger, {ASKED.title}" in Page(as_ruth.get(response["Location"])).text


def test_after_the_last_decision_comes_the_queue(held, as_ruth):
    response = act(as_ruth, held, "return", **NOT_MET)
    assert response["Location"] == "/mentoring/"
    assert "Returned. Nothing else waits for you." in Page(as_ruth.get("/mentoring/")).text


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("return", met(next_step="Go on."), "Everything is met. Mark what is missing, or approve."),
        ("return", met(**{f"met-{FIRST}": "not_yet"}), "Say what the learner should do next."),
        ("return", {"next_step": "Go on."}, "Choose one."),
        ("approve", met(**{f"met-{FIRST}": "partly"}), "This has to be met before the milestone is approved."),
        ("approve", {}, "Choose one."),
        ("approve", met(text="a" * 5001), "Use at most 5,000 characters. These are 5,001."),
    ],
)
def test_what_is_missing_is_said_and_everything_typed_is_kept(held, ruth, as_ruth, action, fields, said):
    response = act(as_ruth, held, action, **{f"remark-{THIRD}": "Kept remark."} | fields)
    page = Page(response)
    assert response.status_code == 422
    assert flaws(page) == []
    assert said in page.text
    assert "Kept remark." in page.html
    assert Draft.objects.get(mentor=ruth).content["remark"] == {THIRD: "Kept remark."}
    assert not Decision.objects.exists()


def test_an_optional_criterion_may_be_open(held, as_ruth):
    assert act(as_ruth, held, "approve", **met(**{f"met-{THIRD}": "not_yet"})).status_code == 302


def test_a_decision_that_comes_too_late_is_kept(learner, analytics, ruth, jonas, as_ruth):
    thread = taken_by_jonas(learner, analytics, ruth, jonas)
    response = act(as_ruth, thread, "return", **NOT_MET)
    assert response.status_code == 409
    assert "Jonas Lindqvist" in Page(response).text
    assert "Refit it." in response.content.decode()
    assert not Decision.objects.exists()


def test_a_second_post_of_the_same_decision_changes_nothing(held, as_ruth):
    key = str(uuid4())
    for _ in range(2):
        assert act(as_ruth, held, "approve", **met(key=key)).status_code == 302
    assert Decision.objects.count() == 1


def test_a_form_of_an_older_round_decides_nothing_about_the_new_one(learner, analytics, ruth, as_ruth):
    thread = make_returned(learner, analytics, ruth, now=ago(3))
    old = url_of(thread, "approve")
    again(thread, learner)
    review.claim(thread=thread, by=ruth, key=uuid4(), now=ago(0.2))
    response = as_ruth.post(old, met(key=str(uuid4())))
    assert response.status_code == 409
    assert Thread.objects.get(pk=thread.pk).state == State.CLAIMED


def test_sent_feedback_can_be_corrected(learner, analytics, ruth, as_ruth):
    thread = make_returned(learner, analytics, ruth, now=ago(3))
    decision = Decision.objects.get()
    act(as_ruth, thread, "comment", decision=str(decision.pk), text="I meant the test set.")
    page = Page(as_ruth.get(url_of(thread)))
    assert "I meant the test set." in page.text
    assert NOT_YET.next_step in page.text


# ---------------------------------------------------------------- comments


def test_a_comment_leads_back_to_itself(held, as_ruth):
    response = act(as_ruth, held, "comment", criterion=FIRST, text="Which year?")
    assert response["Location"] == f"{url_of(held)}#comment-{Comment.objects.get().pk}"


def test_by_htmx_all_that_was_said_about_it_comes_back(held, as_ruth):
    submission = Submission.objects.get(thread=held)
    response = act(as_ruth, held, "comment", headers=HTMX, criterion=FIRST, text="Which year?")
    html = response.content.decode()
    assert f'id="talk-{submission.pk}-c{FIRST}"' in html
    assert "Which year?" in html
    assert "data-focus" in html


@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_comment_that_is_not_sent_is_kept(held, as_ruth, headers):
    text = "a" * 5001
    response = act(as_ruth, held, "comment", headers=headers, criterion=FIRST, text=text)
    assert response.status_code == 422
    assert text in response.content.decode()
    assert "Use at most 5,000 characters" in response.content.decode()


@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_correction_that_is_not_sent_stands_at_its_comment(held, ruth, as_ruth, headers):
    said = say(submission=Submission.objects.get(thread=held), by=ruth, text="One", key=uuid4(), now=ago(0.1))
    response = act(as_ruth, held, "comment", headers=headers, replaces=str(said.pk), text="")
    assert response.status_code == 422
    assert f'id="correct-{said.pk}-error">Write something.' in response.content.decode()


def test_nobody_comments_on_what_they_may_not_read(held, as_jonas):
    assert act(as_jonas, held, "comment", text="Hello").status_code == 404
