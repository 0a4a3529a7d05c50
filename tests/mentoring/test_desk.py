"""The desk: who reads what, claiming and giving back, the draft, the decision, and comments."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.notifying import read_all
from mentoring import gathering, review
from mentoring.commenting import say
from mentoring.gathering import Piece
from mentoring.models import Comment, Decision, Draft, Evidence, Look, SavedReply, State, Submission, Thread
from tests.mentoring.people import (
    ASKED,
    NOT_YET,
    make_approved,
    make_claimed,
    make_cohort,
    make_draft,
    make_returned,
    make_submitted,
)
from tests.pages import Page, flaws
from tests.queries import queries_of

FIRST, SECOND, THIRD = (each.key for each in ASKED.criteria)
HTMX = {"HX-Request": "true"}


def ago(hours: float):
    return timezone.now() - timedelta(hours=hours)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url_of(thread, action: str = "detail") -> str:
    return reverse(f"mentoring:submission_{action}", args=[thread.submissions.newest().pk])


def act(client, thread, action: str, *, headers=None, **fields):
    return client.post(url_of(thread, action), {"key": str(uuid4())} | fields, headers=headers)


def met(**kwargs: str) -> dict[str, str]:
    """The fields of a decision in which everything is met, but for what is said."""
    return {f"met-{key}": "met" for key in (FIRST, SECOND, THIRD)} | kwargs


NOT_MET = met(**{f"met-{SECOND}": "partly", f"remark-{SECOND}": "Below the line.", "next_step": "Refit it."})


@pytest.fixture
def as_ruth(ruth) -> Client:
    return browser(ruth)


@pytest.fixture
def as_jonas(jonas) -> Client:
    return browser(jonas)


@pytest.fixture
def waiting(learner, analytics) -> Thread:
    return make_submitted(learner, analytics, now=ago(3), message="Is it enough?")


@pytest.fixture
def held(learner, analytics, ruth) -> Thread:
    return make_claimed(learner, analytics, ruth, now=ago(0.2))


def again(thread, learner) -> Thread:
    return review.resubmit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=ago(1))


# ---------------------------------------------------------------- reading


def test_before_claiming_everything_can_be_read(waiting, as_ruth):
    page = Page(as_ruth.get(url_of(waiting)))
    assert flaws(page) == []
    for text in (ASKED.title, "Is it enough?", "Write-up", "What I found.", *(each.text for each in ASKED.criteria)):
        assert text in page.text
    assert len(page.forms("claim")) == 1
    assert page.forms("return") == []


def test_in_hand_there_is_everything_to_decide_with(held, as_ruth):
    page = Page(as_ruth.get(url_of(held)))
    assert flaws(page) == []
    assert "Yours until" in page.text
    assert [len(page.forms(each)) for each in ("return", "release", "extend", "claim")] == [1, 1, 1, 0]
    assert page.html.count('type="radio" form="decision"') == 9


def test_what_another_has_first_refusal_on_is_not_offered(learner, analytics, ruth, jonas, as_jonas):
    thread = make_returned(learner, analytics, ruth, now=ago(3))
    again(thread, learner)
    page = Page(as_jonas.get(url_of(thread)))
    assert "Ruth Adeyemi has first refusal until" in page.text
    assert page.forms("claim") == []


def test_every_look_is_written_down_once_in_a_while(waiting, as_ruth, ruth, learner):
    for _ in range(2):
        as_ruth.get(url_of(waiting))
    look = Look.objects.get(learner=learner)
    assert (look.viewer, look.submission, look.what) == (ruth, waiting.submissions.newest(), "submission")


def test_what_another_of_the_pool_holds_says_who_and_nothing_else(held, as_jonas):
    response = as_jonas.get(url_of(held))
    page = Page(response)
    assert response.status_code == 409
    assert "Ruth Adeyemi is reviewing this now." in page.text
    assert ASKED.title not in page.html
    assert "Ines" not in page.html


def test_a_cohorts_mentor_reads_what_a_colleague_holds(learner, analytics, ruth, jonas, as_jonas):
    make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])
    page = Page(as_jonas.get(url_of(make_claimed(learner, analytics, ruth, now=ago(0.2)))))
    assert "Ruth Adeyemi is reviewing this." in page.text
    assert page.forms("claim") == page.forms("return") == []


def test_ones_own_and_foreign_submissions_are_not_there(analytics, coordination, other_learner, ruth, as_ruth):
    for thread in (
        make_submitted(ruth, analytics, now=ago(1)),
        make_submitted(other_learner, coordination, now=ago(1)),
    ):
        assert as_ruth.get(url_of(thread)).status_code == 404


def test_what_was_taken_back_is_not_there(waiting, learner, as_ruth):
    review.withdraw(thread=waiting, by=learner, key=uuid4(), now=ago(0.1))
    assert as_ruth.get(url_of(waiting)).status_code == 404


def test_a_mentor_rereads_what_they_decided_on(learner, analytics, ruth, as_ruth):
    page = Page(as_ruth.get(url_of(make_approved(learner, analytics, ruth, now=ago(2)))))
    assert "You approved this" in page.text
    assert page.forms("claim") == []


def test_having_decided_once_opens_no_later_round(learner, analytics, ruth, jonas, as_ruth):
    thread = make_returned(learner, analytics, ruth, now=ago(3))
    first = url_of(thread)
    review.ask_second_opinion(thread=thread, asked=ASKED, message="Secret", by=learner, key=uuid4(), now=ago(2))
    assert as_ruth.get(url_of(thread)).status_code == 404
    html = Page(as_ruth.get(first)).html
    assert "Secret" not in html
    assert "later round" not in html


def test_the_round_before_and_what_changed_stand_on_the_page(learner, analytics, ruth, as_ruth):
    thread = make_returned(learner, analytics, ruth, now=ago(5))
    old = Evidence.objects.get(thread=thread)
    twice = gathering.change(evidence=old, piece=Piece("Write-up", text="Draft."), by=learner, key=uuid4(), now=ago(4))
    new = gathering.change(
        evidence=twice, piece=Piece("Write-up", text="Refitted."), by=learner, key=uuid4(), now=ago(4)
    )
    gathering.add(thread=thread, piece=Piece("Curve", text="New."), by=learner, key=uuid4(), now=ago(4))
    page = Page(as_ruth.get(url_of(again(thread, learner))))
    assert flaws(page) == []
    assert "What changed since round 1" in page.text
    assert NOT_YET.next_step in page.text
    assert "Changed Write-up" in page.text
    assert "Added Curve" in page.text
    assert reverse("mentoring:evidence_changes", args=[new.pk, old.pk]) in page.links


def test_the_difference_of_a_note_is_shown_line_by_line(learner, analytics, ruth, as_ruth):
    thread = make_returned(learner, analytics, ruth, now=ago(5))
    old = Evidence.objects.get(thread=thread)
    new = gathering.change(
        evidence=old, piece=Piece("Write-up", text="What I found now."), by=learner, key=uuid4(), now=ago(4)
    )
    again(thread, learner)
    page = Page(as_ruth.get(reverse("mentoring:evidence_changes", args=[new.pk, old.pk])))
    assert page.headings[0][1] == "1 line came and 1 went in “Write-up”"


def test_evidence_that_names_no_criterion_is_said(waiting, as_ruth):
    assert "Names no criterion" in Page(as_ruth.get(url_of(waiting))).text


def test_scripts_in_a_note_are_text(learner, analytics, as_ruth, ruth):
    thread = make_draft(learner, analytics, now=ago(2))
    piece = Piece("Bad", text="<script>alert(1)</script> [x](javascript:alert(1))")
    gathering.add(thread=thread, piece=piece, by=learner, key=uuid4(), now=ago(2))
    review.submit(thread=thread, asked=ASKED, message="<b>x</b>", by=learner, key=uuid4(), now=ago(1))
    html = Page(as_ruth.get(url_of(thread))).html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "<b>x</b>" not in html


@pytest.mark.parametrize(("kept", "queries"), [(False, 7), (True, 3)])
def test_the_desk_takes_seven_queries_however_much_is_on_it(learner, analytics, ruth, as_ruth, settings, kept, queries):
    """And three where this process has shown it already, and nothing was said or done since."""
    settings.KEEP_VISITOR_PAGES = kept
    thread = make_returned(learner, analytics, ruth, now=ago(5))
    for number in range(3):
        gathering.add(thread=thread, piece=Piece(f"Piece {number}", text="x"), by=learner, key=uuid4(), now=ago(4))
    again(thread, learner)
    review.claim(thread=thread, by=ruth, key=uuid4(), now=ago(0.3))
    for number in range(3):
        say(submission=thread.submissions.newest(), by=ruth, text=f"{number}", key=uuid4(), now=ago(0.2))
    read_all(person=ruth, until=timezone.now(), now=timezone.now())
    assert queries_of(as_ruth, url_of(thread)) == queries


def test_a_desk_that_was_shown_before_shows_what_is_new(held, learner, ruth, as_ruth, settings):
    settings.KEEP_VISITOR_PAGES = True
    page = Page(as_ruth.get(url_of(held)))
    say(submission=held.submissions.newest(), by=learner, text="One more thing", key=uuid4(), now=ago(0.01))
    act(as_ruth, held, "draft", text="Half a sentence")
    again = Page(as_ruth.get(url_of(held)))
    assert "One more thing" in again.text
    assert "Half a sentence" in again.html
    keys = [found["value"] for page in (page, again) for tag, found in page.attributes if found.get("name") == "key"]
    assert len(set(keys)) == len(keys)


# ---------------------------------------------------------------- claiming and giving back


def test_claiming_leads_to_the_desk(waiting, ruth, as_ruth):
    response = act(as_ruth, waiting, "claim")
    assert response["Location"] == url_of(waiting)
    assert Thread.objects.get(pk=waiting.pk).holder == ruth


def test_by_htmx_the_browser_is_sent_there(waiting, as_ruth):
    assert act(as_ruth, waiting, "claim", headers=HTMX)["HX-Redirect"] == url_of(waiting)


def test_a_lost_claim_says_who_holds_it(held, as_jonas):
    response = act(as_jonas, held, "claim")
    assert response.status_code == 409
    assert "Ruth Adeyemi" in Page(response).text
    assert ASKED.title not in Page(response).html


def test_a_lost_claim_by_htmx_is_answered_by_a_fragment(held, as_jonas):
    response = act(as_jonas, held, "claim", headers=HTMX)
    assert (response.status_code, response["HX-Retarget"]) == (409, "#refused")
    assert "Ruth Adeyemi holds this already." in response.content.decode()
    assert b"<html" not in response.content


def test_foreign_submissions_cannot_be_claimed(other_learner, coordination, as_ruth):
    thread = make_submitted(other_learner, coordination, now=ago(1))
    assert act(as_ruth, thread, "claim").status_code == 404


def test_releasing_keeps_the_draft(held, ruth, as_ruth):
    act(as_ruth, held, "draft", text="Half a sentence")
    assert act(as_ruth, held, "release").status_code == 302
    assert Thread.objects.get(pk=held.pk).state == State.SUBMITTED
    assert Draft.objects.get(mentor=ruth).content["text"] == "Half a sentence"


@pytest.mark.parametrize("action", ["release", "extend", "draft", "return", "approve"])
def test_who_never_had_it_in_hand_finds_nothing_to_act_on(held, as_jonas, action):
    assert act(as_jonas, held, action, **NOT_MET).status_code == 404


def test_another_hour_is_counted_from_now(learner, analytics, ruth, as_ruth):
    thread = make_claimed(learner, analytics, ruth, now=ago(0.8))
    act(as_ruth, thread, "extend")
    assert Thread.objects.get(pk=thread.pk).lease_until > timezone.now() + timedelta(minutes=59)


def test_when_the_hour_is_over_one_goes_on_as_long_as_nobody_takes_it(learner, analytics, ruth, as_ruth):
    thread = make_claimed(learner, analytics, ruth, now=ago(2))
    assert "Your hour is over. Nobody took it meanwhile" in Page(as_ruth.get(url_of(thread))).text


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
