"""The queue: what stands in it, in which order, how it is narrowed, and the next one."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.notifying import read_all
from mentoring import queue as queues
from mentoring import review
from mentoring.models import Mentor, State, Thread
from mentoring.queue import Narrowed
from tests.factories import UserFactory
from tests.mentoring.people import (
    ASKED,
    make_approved,
    make_claimed,
    make_cohort,
    make_mentor,
    make_returned,
    make_submitted,
)
from tests.pages import Page, flaws
from tests.queries import queries_of

QUEUE = "/mentoring/"


def ago(hours: float):
    return timezone.now() - timedelta(hours=hours)


def person(name: str):
    return UserFactory(display_name=name)


def names(mentor, **narrowed) -> list[str]:
    now = timezone.now()
    scope = queues.scope_of(mentor, now=now)
    found = queues.waiting(scope, Narrowed(**narrowed), after=None, now=now)
    # What the page asks at once is the same.
    assert narrowed or queues.first_page(mentor, now=now) == (scope, found)
    return [row.learner for row in found.rows]


def resubmitted(learner, role, mentor, *, hours: float) -> Thread:
    """Round two, with first refusal for whoever returned the first."""
    thread = make_returned(learner, role, mentor, now=ago(hours + 1))
    return review.resubmit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=ago(hours))


# ---------------------------------------------------------------- what stands in it


def test_the_one_who_waited_longest_comes_first(analytics, ruth):
    for name, hours in (("Short", 2), ("Long", 9), ("Middle", 5)):
        make_submitted(person(name), analytics, now=ago(hours))
    assert names(ruth) == ["Long", "Middle", "Short"]


def test_time_with_the_learner_does_not_count(analytics, ruth):
    make_submitted(person("Waits"), analytics, now=ago(5))
    resubmitted(person("Came back"), analytics, ruth, hours=2)
    assert names(ruth) == ["Waits", "Came back"]


def test_other_roles_and_ones_own_are_left_out(analytics, coordination, ruth):
    make_submitted(person("Elsewhere"), coordination, now=ago(2))
    make_submitted(ruth, analytics, now=ago(2))
    assert names(ruth) == []


def test_what_somebody_holds_is_left_out_until_the_lease_is_over(analytics, ruth, jonas):
    make_claimed(person("Held"), analytics, jonas, now=ago(0.5))
    make_claimed(person("Let go"), analytics, jonas, now=ago(2))
    assert names(ruth) == ["Let go"]


def test_a_cohort_waits_for_its_own_mentors_first(analytics, ruth, jonas):
    learner = person("Of the cohort")
    make_cohort(analytics, mentors=[jonas], learners=[learner])
    make_submitted(learner, analytics, now=ago(2))
    assert (names(jonas), names(ruth)) == (["Of the cohort"], [])


def test_after_three_days_a_cohorts_is_everybodys(analytics, ruth, jonas):
    learner = person("Of the cohort")
    make_cohort(analytics, mentors=[jonas], learners=[learner])
    make_submitted(learner, analytics, now=ago(73))
    assert names(ruth) == ["Of the cohort"]


def test_what_stands_in_two_walks_stands_there_once(analytics, ruth):
    learner = person("Of the cohort")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    make_submitted(learner, analytics, now=ago(80))
    assert names(ruth) == ["Of the cohort"]


def test_a_second_opinion_is_not_the_first_mentors(analytics, ruth, jonas):
    learner = person("Wants another")
    thread = make_returned(learner, analytics, ruth, now=ago(3))
    review.ask_second_opinion(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=ago(2))
    assert (names(ruth), names(jonas)) == ([], ["Wants another"])


def test_the_first_refusal_of_another_is_shown_without_a_way_in(analytics, ruth, jonas, as_ruth):
    thread = resubmitted(person("Came back"), analytics, jonas, hours=2)
    page = Page(as_ruth.get(QUEUE))
    assert "Jonas Lindqvist has first refusal" in page.text
    assert page.links.count(thread.submissions.newest().get_absolute_url()) == 1  # the name, no button


def test_ones_own_first_refusal_is_said(analytics, ruth, as_ruth):
    resubmitted(person("Came back"), analytics, ruth, hours=2)
    assert "Yours first" in Page(as_ruth.get(QUEUE)).text


def test_first_refusal_of_somebody_who_is_away_holds_nobody_up(analytics, ruth, jonas):
    resubmitted(person("Came back"), analytics, jonas, hours=2)
    Mentor.objects.filter(user=jonas).update(away_from=ago(1))
    now = timezone.now()
    scope = queues.scope_of(ruth, now=now)
    (row,) = queues.waiting(scope, Narrowed(), after=None, now=now).rows
    assert row.reserved_for == ""
    assert queues.first_in_line(scope, Narrowed(), now=now) == [row.order]


# ---------------------------------------------------------------- narrowed


def test_narrowed_by_role(analytics, coordination):
    both = make_mentor(analytics, coordination, name="Both")
    make_submitted(person("One"), analytics, now=ago(2))
    make_submitted(person("Two"), coordination, now=ago(1))
    assert names(both, role=coordination.slug) == ["Two"]


def test_narrowed_by_cohort(analytics, ruth):
    learner = person("Inside")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    make_submitted(learner, analytics, now=ago(2))
    make_submitted(person("Outside"), analytics, now=ago(3))
    assert names(ruth, cohort="winter") == ["Inside"]


def test_narrowed_to_later_rounds(analytics, ruth):
    make_submitted(person("First"), analytics, now=ago(2))
    resubmitted(person("Second"), analytics, ruth, hours=1)
    assert names(ruth, again=True) == ["Second"]


def test_narrowed_to_mine_are_my_cohorts_and_my_first_refusals(analytics, ruth):
    learner = person("Inside")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    make_submitted(learner, analytics, now=ago(5))
    make_submitted(person("Anybody"), analytics, now=ago(3))
    resubmitted(person("Came back"), analytics, ruth, hours=1)
    assert sorted(names(ruth, mine=True)) == ["Came back", "Inside"]


def test_the_address_alone_narrows(analytics, ruth, as_ruth):
    make_submitted(person("First"), analytics, now=ago(2))
    page = Page(as_ruth.get(f"{QUEUE}?again=yes"))
    assert "First" not in page.text
    assert page.headings[0][1] == "Nothing that waits fits all of that"


@pytest.mark.parametrize("query", ["role=x", "cohort=x", "again=x", "mine=x", "tab=x", "after=x", "after=2026-01-01_1"])
def test_what_makes_no_sense_is_said_and_left_out(analytics, ruth, as_ruth, query):
    make_submitted(person("First"), analytics, now=ago(2))
    page = Page(as_ruth.get(f"{QUEUE}?{query}"))
    assert "made no sense" in page.text
    assert "First" in page.text


def test_pages_follow_each_other_without_gaps(analytics, ruth, as_ruth, monkeypatch):
    monkeypatch.setattr(queues, "PAGE", 2)
    for number in range(5):
        make_submitted(person(f"Learner {number}"), analytics, now=ago(10 - number))
    url, seen = QUEUE, []
    while url:
        page = Page(as_ruth.get(url))
        seen += [f"Learner {number}" for number in range(5) if f"Learner {number}" in page.text]
        url = next((QUEUE + link.removeprefix(QUEUE) for link in page.links if "after=" in link), None)
    assert seen == [f"Learner {number}" for number in range(5)]


# ---------------------------------------------------------------- the page


def test_the_heading_says_what_waits(analytics, ruth, as_ruth):
    make_submitted(person("Old"), analytics, now=ago(80))
    make_submitted(person("New"), analytics, now=ago(2))
    page = Page(as_ruth.get(QUEUE))
    assert page.headings[0][1] == "Two reviews wait, one for more than three days"
    assert flaws(page) == []


def test_the_facts_tell_how_one_is_doing(analytics, ruth, as_ruth):
    make_returned(person("Done"), analytics, ruth, now=timezone.now())
    make_claimed(person("Held"), analytics, ruth, now=timezone.now())
    text = Page(as_ruth.get(QUEUE)).text
    assert "Answered this week 1" in text
    assert "In your hands 1 of 5" in text


def test_more_than_a_hundred_are_not_counted(analytics, ruth, as_ruth, monkeypatch):
    monkeypatch.setattr(queues, "COUNTED", 1)
    for name in ("One", "Two"):
        make_submitted(person(name), analytics, now=ago(2))
    assert "Waiting for you 1+" in Page(as_ruth.get(QUEUE)).text


def test_an_empty_queue_is_a_reward(ruth, as_ruth):
    page = Page(as_ruth.get(QUEUE))
    assert page.headings[0][1] == "Nothing waits for you"
    assert "Everybody has an answer" in page.text


def test_a_mentor_without_roles_is_told_whom_to_ask(db):
    client = Client()
    client.force_login(UserFactory(is_mentor=True))
    assert "The staff of Rounds settle which roles" in Page(client.get(QUEUE)).text


def test_who_is_out_of_office_reads_but_takes_nothing(analytics, ruth, as_ruth):
    make_submitted(person("Waits"), analytics, now=ago(2))
    Mentor.objects.filter(user=ruth).update(away_from=ago(1))
    page = Page(as_ruth.get(QUEUE))
    assert "You are out of office" in page.text
    assert page.forms("claim-next") == []


@pytest.mark.parametrize(
    ("tab", "heading"),
    [("held", "One review is in your hands"), ("learner", "With their learners"), ("answered", "What you answered")],
)
def test_the_other_lists(analytics, ruth, as_ruth, tab, heading):
    make_claimed(person("Held One"), analytics, ruth, now=timezone.now())
    make_returned(person("Returned One"), analytics, ruth, now=ago(3))
    make_approved(person("Approved One"), analytics, ruth, now=ago(2))
    page = Page(as_ruth.get(f"{QUEUE}?tab={tab}"))
    shown = {each for each in ("Held One", "Returned One", "Approved One") if each in page.text}
    assert page.headings[0][1] == heading
    assert (
        shown
        == {
            "held": {"Held One"},
            "learner": {"Returned One"},
            "answered": {"Returned One", "Approved One"},
        }[tab]
    )


def test_what_was_handed_in_again_is_no_longer_with_the_learner(analytics, ruth, as_ruth):
    resubmitted(person("Came back"), analytics, ruth, hours=1)
    assert "Came back" not in Page(as_ruth.get(f"{QUEUE}?tab=learner")).text


def test_htmx_gets_the_list_alone(analytics, ruth, as_ruth):
    response = as_ruth.get(QUEUE, headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert "HX-Request" in response["Vary"]


def test_learners_may_not_open_it(as_learner):
    assert as_learner.get(QUEUE).status_code == 403


def test_the_queue_takes_three_queries_however_much_waits(analytics, ruth, as_ruth):
    for number in range(4):
        make_submitted(person(f"Learner {number}"), analytics, now=ago(3))
    read_all(person=ruth, until=timezone.now(), now=timezone.now())
    assert queries_of(as_ruth, QUEUE) == 3


@pytest.mark.parametrize("tab", ["held", "learner", "answered"])
def test_the_other_lists_take_four(analytics, ruth, as_ruth, tab):
    make_returned(person("Returned One"), analytics, ruth, now=ago(3))
    read_all(person=ruth, until=timezone.now(), now=timezone.now())
    assert queries_of(as_ruth, f"{QUEUE}?tab={tab}") == 4


# ---------------------------------------------------------------- the next one


def take(client, **fields):
    return client.post(reverse("mentoring:claim_next"), {"key": str(uuid4())} | fields)


def test_the_next_one_is_the_oldest(analytics, ruth, as_ruth):
    make_submitted(person("New"), analytics, now=ago(2))
    old = make_submitted(person("Old"), analytics, now=ago(9))
    response = take(as_ruth)
    assert response["Location"] == old.submissions.newest().get_absolute_url()
    assert Thread.objects.get(pk=old.pk).holder == ruth


def test_the_next_one_keeps_to_the_filters(analytics, ruth, as_ruth):
    make_submitted(person("First"), analytics, now=ago(9))
    again = resubmitted(person("Second"), analytics, ruth, hours=1)
    take(as_ruth, again="yes")
    assert Thread.objects.get(holder=ruth).pk == again.pk


def test_the_next_one_passes_over_what_is_another_mentors_first(analytics, ruth, jonas, as_ruth):
    resubmitted(person("Came back"), analytics, jonas, hours=30)
    mine = make_submitted(person("Free"), analytics, now=ago(1))
    take(as_ruth)
    assert Thread.objects.get(holder=ruth).pk == mine.pk


def test_a_second_post_takes_no_second_one(analytics, ruth, as_ruth):
    for name in ("One", "Two"):
        make_submitted(person(name), analytics, now=ago(2))
    key = str(uuid4())
    assert take(as_ruth, key=key)["Location"] == take(as_ruth, key=key)["Location"]
    assert Thread.objects.filter(state=State.CLAIMED).count() == 1


def test_nothing_left_is_said(ruth, as_ruth):
    response = take(as_ruth)
    assert response["Location"] == QUEUE
    assert "Nothing is left to claim" in Page(as_ruth.get(QUEUE)).text


def test_who_holds_enough_is_told_so(analytics, as_ruth, ruth):
    Mentor.objects.filter(user=ruth).update(open_limit=1)
    make_claimed(person("Held"), analytics, ruth, now=timezone.now())
    make_submitted(person("Waits"), analytics, now=ago(2))
    response = take(as_ruth)
    assert response.status_code == 409
    assert "which is your limit" in Page(response).text
