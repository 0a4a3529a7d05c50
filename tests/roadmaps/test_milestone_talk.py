"""What was said about a milestone: beside the criteria to work on, in the story of its rounds, and by learners."""

from __future__ import annotations

from uuid import uuid4

import pytest

from mentoring import commenting, review
from mentoring.models import Comment, Submission
from tests.pages import Page, flaws
from tests.roadmaps.following_people import follow
from tests.roadmaps.handing import again, asked, handed_in, later, post, returned, url


@pytest.fixture(autouse=True)
def enrolled(analytics, learner):
    follow(learner, analytics, [], since=later(-24))


def say(thread, by, text, **about):
    submission = Submission.objects.get(thread=thread, number=thread.number)
    return commenting.say(submission=submission, by=by, text=text, key=uuid4(), now=later(2), **about)


def page_of(client, role) -> Page:
    return Page(client.get(url(role)))


def read_of(page) -> str:
    """The words outside of the forms for evidence, which name the criteria too."""
    start, end = page.text.index("Your evidence"), page.text.index("Hand it in again")
    return page.text[:start] + page.text[end:]


def send(client, role, thread, *, htmx=False, **data):
    submission = Submission.objects.get(thread=thread, number=thread.number)
    return post(client, url(role, "milestone_comment"), htmx=htmx, **{"submission": submission.pk} | data)


# ---------------------------------------------------------------- one place for the verdicts


def test_returned_each_criterion_and_its_verdict_stand_once(as_learner, learner, analytics, ruth):
    returned(learner, analytics, ruth)
    page = page_of(as_learner, analytics)
    assert flaws(page) == []
    for criterion in asked(analytics).criteria:
        assert read_of(page).count(criterion.text) == 1
    assert page.text.count("groups lie below the line.") == 1
    assert page.text.count("Refit on a held-out year") == 1


def test_the_story_of_that_round_says_in_a_sentence_how_it_was_judged(as_learner, learner, analytics, ruth):
    returned(learner, analytics, ruth, unmet=1)
    page = page_of(as_learner, analytics)
    assert "Ruth Adeyemi returned it on 2 Nov 2026." in page.text
    assert "criteria were met: what was said to each and your next step stand above." in page.text
    assert {"#criteria", "#next"} <= set(page.links)


def test_what_was_said_about_a_criterion_stands_beside_it(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    say(thread, ruth, "Which scale is this?", criterion=asked(analytics).criteria[0].key)
    text = page_of(as_learner, analytics).text
    assert text.count("Which scale is this?") == 1
    assert text.index("Which scale is this?") < text.index("Your evidence")


def test_a_correction_of_the_answer_stands_at_the_next_step(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    say(thread, ruth, "I meant the test set.", decision=thread.submissions.get().decision.pk)
    text = page_of(as_learner, analytics).text
    assert text.count("I meant the test set.") == 1
    assert text.index("I meant the test set.") < text.index("What a mentor looks for")


def test_while_it_waits_the_story_has_the_criteria_again(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    review.resubmit(thread=thread, asked=asked(analytics), message="", by=learner, key=uuid4(), now=later(3))
    page = page_of(as_learner, analytics)
    assert page.text.count(asked(analytics).criteria[0].text) == 2  # in either round
    assert "stand above" not in page.text


def test_other_rounds_keep_their_criteria(as_learner, learner, analytics, ruth):
    again(returned(learner, analytics, ruth), analytics, ruth, now=later(1))
    page = page_of(as_learner, analytics)
    assert flaws(page) == []
    assert read_of(page).count(asked(analytics).criteria[0].text) == 2
    assert page.text.count("stand above") == 1


def test_taken_back_the_verdicts_are_those_of_the_round_before(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    row = review.resubmit(thread=thread, asked=asked(analytics), message="", by=learner, key=uuid4(), now=later(3))
    review.withdraw(thread=row, by=learner, key=uuid4(), now=later(4))
    page = page_of(as_learner, analytics)
    assert flaws(page) == []
    assert page.headings[0] == (1, "With you: taken back, not handed in again")
    assert page.text.count("groups lie below the line.") == 1
    assert "returned it on 2 Nov 2026" in page.text


def test_words_of_another_day_stay_in_the_story(as_learner, learner, analytics, ruth, monkeypatch):
    returned(learner, analytics, ruth)
    monkeypatch.setattr("roadmaps.own_milestone.OwnMilestone.told", None)
    page = page_of(as_learner, analytics)
    assert read_of(page).count(asked(analytics).criteria[0].text) == 2
    assert flaws(page) == []


# ---------------------------------------------------------------- learners' comments


def test_a_comment_leads_back_to_itself(as_learner, learner, analytics):
    thread = handed_in(learner, analytics)
    criterion = asked(analytics).criteria[1].key
    response = send(as_learner, analytics, thread, criterion=criterion, text="Is **this** enough?")
    comment = Comment.objects.get()
    assert response.headers["Location"] == f"{url(analytics)}#comment-{comment.pk}"
    assert str(comment.criterion) == criterion
    assert "Is <strong>this</strong> enough?" in page_of(as_learner, analytics).html


def test_by_htmx_all_that_was_said_about_it_comes_back(as_learner, learner, analytics):
    thread = handed_in(learner, analytics)
    criterion = asked(analytics).criteria[1].key
    response = send(as_learner, analytics, thread, htmx=True, criterion=criterion, text="Is this enough?")
    html = response.content.decode()
    assert html.lstrip().startswith(f'<div id="talk-{thread.submissions.get().pk}-c{criterion}"')
    assert "Is this enough?" in html
    assert "data-focus" in html
    assert "HX-Request" in response.headers["Vary"]


def test_by_htmx_a_comment_on_the_learners_turn_comes_back_too(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    response = send(as_learner, analytics, thread, htmx=True, criterion=asked(analytics).criteria[0].key, text="Why?")
    assert (response.status_code, "Why?" in response.content.decode()) == (200, True)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_comment_that_says_too_much_is_kept_beside_what_is_wrong(as_learner, learner, analytics, htmx):
    thread = handed_in(learner, analytics)
    text = "a" * 5001
    response = send(as_learner, analytics, thread, htmx=htmx, criterion=asked(analytics).criteria[0].key, text=text)
    page = Page(response)
    assert page.status == 422
    assert text in page.html
    assert 'aria-invalid="true"' in page.html
    assert "Use at most 5,000 characters" in page.text
    assert ("Milestone 1" in page.text) is not htmx


@pytest.mark.parametrize("htmx", [False, True])
def test_a_comment_that_says_nothing_is_refused_where_it_was_written(as_learner, learner, analytics, htmx):
    thread = handed_in(learner, analytics)
    page = Page(send(as_learner, analytics, thread, htmx=htmx, text="  "))
    assert (page.status, "Write something." in page.text) == (422, True)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_correction_that_says_nothing_stands_at_its_comment(as_learner, learner, analytics, htmx):
    thread = handed_in(learner, analytics)
    said = say(thread, learner, "One")
    page = Page(send(as_learner, analytics, thread, htmx=htmx, replaces=said.pk, text=""))
    assert page.status == 422
    assert f'id="correct-{said.pk}" name="text" rows="3" aria-invalid="true"' in page.html


@pytest.mark.parametrize("htmx", [False, True])
def test_a_comment_on_what_is_not_there_keeps_the_text(as_learner, learner, analytics, htmx):
    thread = handed_in(learner, analytics)
    response = send(as_learner, analytics, thread, htmx=htmx, criterion=str(uuid4()), text="About nothing")
    assert response.status_code == 422
    assert "readonly>About nothing" in response.content.decode()
    assert response.headers["HX-Retarget"] == "#milestone"


@pytest.mark.parametrize("submission", ["", "x", "99999999999999999999", "123456"])
def test_a_comment_on_no_submission_of_ones_own_is_404(as_learner, learner, analytics, submission):
    thread = handed_in(learner, analytics)
    assert send(as_learner, analytics, thread, submission=submission, text="Hello").status_code == 404
