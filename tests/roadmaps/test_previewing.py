"""Whoever has the signed link sees the draft as readers would, for a week; nobody else does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.editors import GROUP
from roadmaps.models import Plan, Publication
from roadmaps.previewing import preview_url
from roadmaps.publishing import preview, publish
from roles.models import Goal
from tests.factories import UserFactory
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, reword


@pytest.fixture
def link(analytics) -> str:
    return preview_url(analytics, now=timezone.now())


@pytest.fixture
def desk(db) -> Client:
    user = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    user.groups.add(Group.objects.get(name=GROUP))
    client = Client()
    client.force_login(user)
    return client


def publish_url(role) -> str:
    return reverse("admin:roadmaps_publication_publish", args=[role.pk])


def planned_for(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


# ---------------------------------------------------------------- the link


def test_the_draft_is_shown_as_the_page_that_readers_get(client, analytics, link):
    reword(first_goal(analytics), "Only drafted")
    page = Page(client.get(link))
    assert "Only drafted" in page.text
    assert "This is a draft." in page.text
    assert flaws(page) == []
    assert "Only drafted" not in Page(client.get(f"/roadmaps/{analytics.slug}/")).text


def test_its_milestones_are_those_of_the_draft(client, analytics, link):
    milestone = analytics.phases.get(order=1).milestone
    type(milestone).objects.filter(pk=milestone.pk).update(text="Drafted milestone")
    (url,) = [each for each in Page(client.get(link)).links if each.endswith("/phases/1/milestone/")]
    page = Page(client.get(url))
    assert "Drafted milestone" in page.text
    assert flaws(page) == []
    assert client.get(url.replace("/phases/1/", "/phases/99/")).status_code == 404


def test_no_search_engine_keeps_it(client, link):
    response = client.get(link)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response.headers["Cache-Control"]


def test_nobody_starts_a_draft(as_learner, link):
    assert "Start this roadmap" not in Page(as_learner.get(link)).text


def test_the_link_holds_for_a_week(client, analytics):
    now = timezone.now()
    assert client.get(preview_url(analytics, now=now - timedelta(days=6))).status_code == 200
    page = Page(client.get(preview_url(analytics, now=now - timedelta(days=9))))
    assert (page.status, "This link is over" in page.text) == (410, True)


def test_a_link_that_we_did_not_make_shows_nothing(client, link):
    assert client.get(link.replace("drafts/", "drafts/x")).status_code == 410


def test_a_draft_with_gaps_says_which(client, analytics, link):
    Goal.objects.filter(phase__role=analytics, phase__order=1).update(retired=True)
    page = Page(client.get(link))
    assert page.status == 409
    assert "has no goal." in page.text


def test_it_takes_so_many_queries(client, link):
    assert queries_of(client, link) == 10


# ---------------------------------------------------------------- the desk


def test_the_desk_gives_the_link(desk, analytics):
    add_goal(analytics)
    found = re.search(r"/roadmaps/drafts/[^/]+/", desk.get(publish_url(analytics)).content.decode())
    assert found
    assert "A new thing to learn" in Client().get(found[0]).content.decode()


def test_an_editor_plans_a_publication_and_cancels_it(desk, analytics):
    add_goal(analytics)
    then = timezone.now() + timedelta(days=2)
    sent = {"seen": preview(analytics).digest, "note": "Agreed.", "at": planned_for(then), "do": "plan"}
    shown = desk.post(publish_url(analytics), sent, follow=True).content.decode()
    made = Plan.objects.get()
    assert abs(made.at - then) < timedelta(minutes=1)
    assert "Planned for" in shown
    assert "It goes out by itself" in shown
    assert Publication.objects.of(analytics).count() == 1
    shown = desk.post(reverse("admin:roadmaps_plan_cancel", args=[made.pk]), follow=True).content.decode()
    assert "Cancelled. Nothing goes out by itself." in shown


@pytest.mark.parametrize(
    ("moment", "said"),
    [("", "Choose a day and a time."), ("soon", "Give a day and a time."), ("2020-01-01T10:00", "still to come")],
)
def test_a_moment_that_makes_no_sense_comes_back_with_the_note(desk, analytics, moment, said):
    add_goal(analytics)
    sent = {"seen": preview(analytics).digest, "note": "As agreed on Monday.", "at": moment, "do": "plan"}
    response = desk.post(publish_url(analytics), sent)
    assert said in response.content.decode()
    assert "As agreed on Monday.</textarea>" in response.content.decode()
    assert not Plan.objects.exists()


def test_a_plan_whose_draft_was_edited_since_says_so(desk, analytics):
    add_goal(analytics)
    then = timezone.now() + timedelta(days=2)
    sent = {"seen": preview(analytics).digest, "note": "", "at": planned_for(then), "do": "plan"}
    desk.post(publish_url(analytics), sent)
    reword(first_goal(analytics))
    assert "it will not go out" in desk.get(publish_url(analytics)).content.decode()


def test_an_editor_takes_a_publication_back(desk, analytics):
    add_goal(analytics)
    made = publish(analytics, by=None)
    url = reverse("admin:roadmaps_publication_withdraw", args=[made.pk])
    assert url in desk.get(reverse("admin:roadmaps_publication_change", args=[made.pk])).content.decode()
    assert "Take it back" in desk.get(url).content.decode()
    assert "Taken back" in desk.post(url, follow=True).content.decode()
    assert Publication.objects.latest_of(analytics).number == 1
    assert "Taken back on" in Page(Client().get(f"/roadmaps/{analytics.slug}/history/")).text


def test_what_cannot_be_taken_back_says_why(desk, analytics):
    url = reverse("admin:roadmaps_publication_withdraw", args=[Publication.objects.latest_of(analytics).pk])
    assert "The first publication of a roadmap stays." in desk.get(url).content.decode()
    assert "The first publication of a roadmap stays." in desk.post(url, follow=True).content.decode()
