"""The desk: who reads what, claiming and giving back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.notifying import read_all
from mentoring import gathering, review
from mentoring.commenting import say
from mentoring.gathering import Piece
from mentoring.models import Draft, Evidence, Look, State, Thread
from tests.mentoring.desks import HTMX, NOT_MET, act, again, ago, url_of
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
