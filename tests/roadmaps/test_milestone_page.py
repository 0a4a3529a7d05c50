"""The learner's page of a milestone: in every state it says whose turn it is, and what can be done."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from badges.models import Credential
from mentoring import promises, review
from mentoring.models import Event, State, Submission, Thread, What
from mentoring.waiting import Wait
from roadmaps.enrolling import accept_newest, enrol, leave
from roadmaps.publishing import publish
from tests.factories import UserFactory
from tests.mentoring.people import make_cohort
from tests.queries import queries_of
from tests.roadmaps.drafts import add_criterion
from tests.roadmaps.handing import (
    again,
    approved,
    asked,
    claimed,
    gathered,
    handed_in,
    later,
    post,
    returned,
    text_of,
    url,
)


@pytest.fixture(autouse=True)
def enrolled(analytics, learner):
    return enrol(learner=learner, role=analytics)


@pytest.fixture
def at(monkeypatch):
    """Lets the pages live at a moment of the tests' time."""

    def live_at(now):
        for module in ("roadmaps.views.milestone", "roadmaps.views.evidence"):
            monkeypatch.setattr(f"{module}.timezone.now", lambda: now)

    live_at(later(1))
    return live_at


def heading_of(response) -> str:
    page = text_of(response)
    start = page.index("<h1")
    return page[page.index(">", start) + 1 : page.index("</h1>")]


# ---------------------------------------------------------------- whose turn it is


def test_a_visitor_reads_what_is_asked_and_is_invited(client, analytics):
    page = text_of(client.get(url(analytics)))
    assert "Enrol to hand in" in page
    assert 'data-action="evidence-add"' not in page


def test_whoever_is_not_on_the_roadmap_may_start_it(as_learner, coordination):
    page = text_of(as_learner.get(url(coordination)))
    assert "Enrol to hand in" in page
    assert 'data-action="enrol"' in page


def test_at_first_it_is_the_learners_turn(as_learner, analytics):
    response = as_learner.get(url(analytics))
    assert heading_of(response) == "With you: gather your first evidence"
    assert "Nobody sees it until you hand it in." in text_of(response)


def test_with_evidence_it_is_not_handed_in_yet(as_learner, learner, analytics):
    gathered(learner, analytics)
    assert heading_of(as_learner.get(url(analytics))) == "With you: not handed in yet"


def test_handed_in_it_waits_and_says_since_when(as_learner, learner, analytics, at):
    handed_in(learner, analytics)
    response = as_learner.get(url(analytics))
    assert heading_of(response) == "Waiting for a mentor since November 2"
    assert 'data-action="withdraw"' in text_of(response)
    assert 'data-action="evidence-add"' not in text_of(response)


def test_a_mentor_who_reviews_is_named(as_learner, learner, analytics, ruth, at):
    claimed(learner, analytics, ruth, now=later(0.5))
    response = as_learner.get(url(analytics))
    assert heading_of(response) == "Ruth Adeyemi is reviewing"
    assert 'data-action="withdraw"' not in text_of(response)


def test_after_the_lease_it_waits_again_and_says_why(as_learner, learner, analytics, ruth, at):
    claimed(learner, analytics, ruth)
    at(later(1.5))
    response = as_learner.get(url(analytics))
    assert heading_of(response) == "Waiting for a mentor since November 2"
    assert "Ruth Adeyemi began to review and did not finish." in text_of(response)


@pytest.mark.parametrize(("unmet", "words"), [(1, "one change"), (3, "three changes")])
def test_returned_it_is_the_learners_turn_with_the_next_step(as_learner, learner, analytics, ruth, unmet, words):
    returned(learner, analytics, ruth, unmet=unmet)
    response = as_learner.get(url(analytics))
    page = text_of(response)
    assert heading_of(response) == f"With you: returned with {words}"
    assert "Refit on a held-out year" in page[: page.index("What a mentor looks for")]
    assert "<strong>two highest</strong> groups" in page
    assert 'data-action="resubmit"' in page
    assert 'data-action="second-opinion"' in page


def test_approved_it_names_the_mentor_and_leads_to_the_badge(as_learner, learner, analytics, ruth):
    approved(learner, analytics, ruth)
    response = as_learner.get(url(analytics))
    assert heading_of(response) == "Approved by Ruth Adeyemi"
    assert Credential.objects.get(learner=learner).get_absolute_url() in text_of(response)
    assert 'data-action="evidence-add"' not in text_of(response)


def test_the_last_approval_leads_to_the_certificate(as_learner, learner, analytics, ruth):
    for phase in analytics.roadmap.phases:
        approved(learner, analytics, ruth, number=phase.number)
    assert "Your certificate of the whole roadmap" in text_of(as_learner.get(url(analytics, number=2)))


def test_an_approval_taken_back_says_why(as_learner, learner, analytics, ruth):
    staff = UserFactory(is_staff=True, is_superuser=True, display_name="Priya Raman")
    thread = approved(learner, analytics, ruth)
    review.reopen(thread=thread, by=staff, key=uuid4(), now=later(2), reason="The data was not open.")
    response = as_learner.get(url(analytics))
    assert heading_of(response) == "With you: the approval was taken back"
    assert "The data was not open." in text_of(response)
    assert 'data-action="resubmit"' in text_of(response)


def test_first_refusal_and_its_end_are_said(as_learner, learner, analytics, ruth, at):
    thread = returned(learner, analytics, ruth)
    review.resubmit(thread=thread, asked=asked(analytics), message="", by=learner, key=uuid4(), now=later(1))
    at(later(2))
    assert "Ruth Adeyemi knows it and has first refusal until Wednesday, November 4, 10:00" in text_of(
        as_learner.get(url(analytics))
    )
    at(later(60))
    assert "has first refusal" not in text_of(as_learner.get(url(analytics)))


def test_a_cohorts_head_start_is_said(as_learner, learner, analytics, ruth, at):
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    handed_in(learner, analytics)
    assert "The mentors of Winter have it to themselves until Thursday, November 5" in text_of(
        as_learner.get(url(analytics))
    )


# ---------------------------------------------------------------- how long it takes


def known_wait(monkeypatch, wait):
    monkeypatch.setattr("mentoring.own_side.expected_wait", lambda **_: wait)


def test_while_too_little_is_known_nothing_is_promised(as_learner, analytics):
    assert "Nobody can say yet how long it takes" in text_of(as_learner.get(url(analytics)))


def test_the_wait_stands_before_and_after_handing_in(as_learner, learner, analytics, monkeypatch, at):
    known_wait(monkeypatch, Wait(timedelta(hours=20), timedelta(days=2, hours=3), 40, of_role=True))
    promise = "Half of all first answers came within 20 hours, nine of ten within 3 days."
    gathered(learner, analytics)
    assert promise in text_of(as_learner.get(url(analytics)))
    response = post(as_learner, url(analytics, "milestone_submit"), htmx=True)
    assert promise in text_of(response)
    assert "With mentors, usually 20 hours to 3 days." in text_of(response)


def test_the_wait_of_a_later_round_is_that_of_later_rounds(as_learner, learner, analytics, ruth, monkeypatch):
    asked_for = []
    monkeypatch.setattr("mentoring.own_side.expected_wait", lambda **given: asked_for.append(given["again"]))
    as_learner.get(url(analytics))
    thread = returned(learner, analytics, ruth)
    as_learner.get(url(analytics))
    review.resubmit(thread=thread, asked=asked(analytics), message="", by=learner, key=uuid4(), now=later(1))
    as_learner.get(url(analytics))
    assert asked_for == [False, True, True]


def test_longer_than_most_waited_is_said(as_learner, learner, analytics, monkeypatch, at):
    known_wait(monkeypatch, Wait(timedelta(hours=2), timedelta(hours=9), 40, of_role=True))
    handed_in(learner, analytics)
    assert "longer than nine of ten" not in text_of(as_learner.get(url(analytics)))
    at(later(10))
    assert "longer than nine of ten" in text_of(as_learner.get(url(analytics)))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=4), "1 hour"),
        (timedelta(hours=5, minutes=1), "6 hours"),
        (timedelta(hours=23, minutes=30), "1 day"),
        (timedelta(days=2, minutes=1), "3 days"),
    ],
)
def test_waits_are_rounded_up(span, words):
    assert promises.within(span) == words


def test_a_promise_from_other_roles_says_so():
    wait = Wait(timedelta(hours=24), timedelta(days=3), 9, of_role=False)
    assert promises.promise(wait, again=False).endswith("across all roles, because this one has too few.")
    assert promises.usually(wait) == "usually 1 to 3 days"


# ---------------------------------------------------------------- handing in and taking back


def test_handing_in_freezes_what_the_learners_roadmap_asks(as_learner, learner, analytics):
    thread = gathered(learner, analytics)
    response = post(as_learner, url(analytics, "milestone_submit"), message="Is my join right?")
    assert response.headers["Location"] == url(analytics)
    submission = Submission.objects.get(thread=thread)
    assert submission.asked == asked(analytics).to_json()
    assert submission.message == "Is my join right?"


def test_what_was_asked_stays_when_the_learner_moves_to_another_edition(as_learner, learner, analytics, ruth):
    handed_in(learner, analytics)
    add_criterion(analytics)
    newest = publish(analytics, by=None)
    accept_newest(learner=learner, role=analytics, offered=newest.number, now=later(1))
    page = text_of(as_learner.get(url(analytics)))
    assert "One more thing to show" not in page
    assert "judged by the words of that day" in page


def test_the_same_post_twice_hands_in_once(as_learner, learner, analytics):
    gathered(learner, analytics)
    data = {"key": str(uuid4()), "message": ""}
    assert [as_learner.post(url(analytics, "milestone_submit"), data).status_code for _ in range(2)] == [302, 302]
    assert Event.objects.filter(what=What.SUBMITTED).count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_without_evidence_nothing_is_handed_in_and_the_message_is_kept(as_learner, analytics, htmx):
    response = post(as_learner, url(analytics, "milestone_submit"), htmx=htmx, message="Look at the second query.")
    assert response.status_code == 422
    assert "Add at least one piece of evidence first." in text_of(response)
    assert "Look at the second query.</textarea>" in text_of(response)


def test_a_message_that_is_too_long_is_said_beside_the_field(as_learner, learner, analytics):
    gathered(learner, analytics)
    response = post(as_learner, url(analytics, "milestone_submit"), message="x" * 1001)
    assert response.status_code == 422
    assert 'id="hand-in-message_error"' in text_of(response)


def test_lines_count_as_the_browser_counts_them(as_learner, learner, analytics):
    gathered(learner, analytics)
    post(as_learner, url(analytics, "milestone_submit"), message="x\r\n" * 498 + "end")
    assert Submission.objects.get().message == "x\n" * 498 + "end"


@pytest.mark.parametrize("htmx", [False, True])
def test_handed_in_meanwhile_is_a_conflict_that_keeps_the_message(as_learner, learner, analytics, htmx):
    handed_in(learner, analytics)
    response = post(as_learner, url(analytics, "milestone_submit"), htmx=htmx, message="Once more with feeling")
    assert response.status_code == 409
    assert "This was handed in already." in text_of(response)
    assert "readonly>Once more with feeling" in text_of(response)
    assert heading_of(response).startswith("Waiting for a mentor")


def test_taking_back_makes_it_the_learners_turn(as_learner, learner, analytics):
    thread = handed_in(learner, analytics)
    response = post(as_learner, url(analytics, "milestone_withdraw"), htmx=True)
    assert heading_of(response) == "With you: not handed in yet"
    thread.refresh_from_db()
    assert thread.state == State.DRAFT


def test_what_a_mentor_began_cannot_be_taken_back(as_learner, learner, analytics, ruth):
    claimed(learner, analytics, ruth, now=timezone.now())
    response = post(as_learner, url(analytics, "milestone_withdraw"))
    assert response.status_code == 409
    assert "A mentor has begun to review this." in text_of(response)
    assert "Ruth Adeyemi is reviewing" in text_of(response)


def test_handing_in_again_goes_to_the_same_mentor_first(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    post(as_learner, url(analytics, "milestone_resubmit"), message="Refitted.")
    thread.refresh_from_db()
    assert (thread.state, thread.number, thread.reserved_for) == (State.SUBMITTED, 2, ruth)


def test_a_second_opinion_leaves_the_first_mentor_out(as_learner, learner, analytics, ruth, jonas):
    thread = returned(learner, analytics, ruth)
    post(as_learner, url(analytics, "milestone_second_opinion"))
    thread.refresh_from_db()
    assert (thread.state, thread.excluded) == (State.SUBMITTED, [ruth.pk])


def test_resubmitting_what_is_not_returned_is_a_conflict(as_learner, learner, analytics):
    gathered(learner, analytics)
    assert post(as_learner, url(analytics, "milestone_resubmit")).status_code == 409


@pytest.mark.parametrize("name", ["milestone_submit", "milestone_withdraw"])
@pytest.mark.parametrize("key", [None, "", "no-uuid"])
def test_a_form_without_its_key_changes_nothing(as_learner, learner, analytics, name, key):
    thread = gathered(learner, analytics) if name == "milestone_submit" else handed_in(learner, analytics)
    before = thread.state
    response = as_learner.post(url(analytics, name), {} if key is None else {"key": key})
    assert response.status_code == 422
    assert "Load the page again" in text_of(response)
    thread.refresh_from_db()
    assert thread.state == before


def test_taking_back_what_was_never_begun_is_404(as_learner, analytics):
    assert post(as_learner, url(analytics, "milestone_withdraw")).status_code == 404


def test_nobody_reaches_anothers_thread(as_learner, other_learner, analytics):
    enrol(learner=other_learner, role=analytics)
    handed_in(other_learner, analytics, message="Only for mentors")
    assert "Only for mentors" not in text_of(as_learner.get(url(analytics)))
    assert post(as_learner, url(analytics, "milestone_withdraw")).status_code == 404
    assert Thread.objects.get().state == State.SUBMITTED


# ---------------------------------------------------------------- having left the roadmap


def test_whoever_left_still_reads_and_takes_back_but_hands_nothing_in(as_learner, learner, analytics):
    handed_in(learner, analytics)
    leave(learner=learner, role=analytics, now=later(1))
    assert "You left this roadmap." in text_of(as_learner.get(url(analytics)))
    assert post(as_learner, url(analytics, "milestone_withdraw")).status_code == 302
    assert 'data-action="evidence-add"' not in text_of(as_learner.get(url(analytics)))
    assert post(as_learner, url(analytics, "milestone_submit")).status_code == 404


def test_whoever_left_without_work_in_it_sees_what_everybody_sees(as_learner, learner, analytics):
    leave(learner=learner, role=analytics, now=later(1))
    assert "Enrol to hand in" in text_of(as_learner.get(url(analytics)))


# ---------------------------------------------------------------- queries


def test_queries_of_the_page_are_pinned_however_many_rounds(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    assert queries_of(as_learner, url(analytics)) == 9
    for place in range(1, 4):
        thread = again(thread, analytics, ruth, now=later(place))
    gathered(learner, analytics, pieces=20)
    assert queries_of(as_learner, url(analytics)) == 9
