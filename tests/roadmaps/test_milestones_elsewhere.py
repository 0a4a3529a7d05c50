"""What a learner meets of milestones beside their pages: blockers, the roadmap, the dashboard."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.kinds import Kind
from accounts.models import Notification
from badges.models import Credential
from mentoring.models import Blocker
from roadmaps.enrolling import enrol
from tests.mentoring.people import make_cohort
from tests.queries import queries_of
from tests.roadmaps.handing import approved, claimed, gathered, handed_in, later, returned, text_of, url


@pytest.fixture(autouse=True)
def enrolled(analytics, learner):
    return enrol(learner=learner, role=analytics)


# ---------------------------------------------------------------- something in the way


def blocker(role, name="blocker_state"):
    return reverse(f"roadmaps:{name}", args=[role.slug])


def test_a_blocker_is_stated_changed_and_cleared(as_learner, learner, analytics):
    for text in ("No access to the data.", "No time until Easter."):
        response = as_learner.post(blocker(analytics), {"blocker": text, "phase": 2})
        assert response.headers["Location"] == url(analytics, number=2) + "#blocker"
        assert text in text_of(as_learner.get(url(analytics, number=2)))
    assert Blocker.objects.get().text == "No time until Easter."
    assert "No time until Easter." in text_of(as_learner.get(f"/roadmaps/{analytics.slug}/"))
    as_learner.post(blocker(analytics, "blocker_clear"))
    assert "No time until Easter." not in text_of(as_learner.get(f"/roadmaps/{analytics.slug}/"))


def test_mentors_of_the_cohort_are_told_once(as_learner, learner, analytics, ruth, jonas):
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    for text in ("No access to the data.", "Still none."):
        as_learner.post(blocker(analytics), {"blocker": text})
    (told,) = Notification.objects.all()
    assert (told.person, told.kind) == (ruth, Kind.COHORT)
    assert told.title == "Something is in Ines Okonjo’s way"


@pytest.mark.parametrize("phase", ["", "1"])
def test_a_blocker_that_says_nothing_is_refused_where_it_was_written(as_learner, analytics, phase):
    response = as_learner.post(blocker(analytics), {"blocker": " ", "phase": phase})
    assert response.status_code == 422
    assert "Say what is in the way." in text_of(response)


# ---------------------------------------------------------------- elsewhere


def test_the_roadmap_shows_how_far_each_milestone_is(as_learner, learner, analytics, ruth):
    gathered(learner, analytics, number=1)
    handed_in(learner, analytics, number=2)
    returned(learner, analytics, ruth, number=3)
    approved(learner, analytics, ruth, number=4)
    page = text_of(as_learner.get(f"/roadmaps/{analytics.slug}/"))
    shown = re.findall(r"</svg> (Not handed in|With mentors|Returned|Approved)</p>", page)
    assert shown == ["Not handed in", "With mentors", "Returned", "Approved", "Not handed in", "Not handed in"]
    assert Credential.objects.get(learner=learner).get_absolute_url() in page


def test_kept_parts_of_the_roadmap_lead_everybody_to_their_own_badge(
    as_learner, learner, other_learner, analytics, ruth, settings
):
    settings.KEEP_VISITOR_PAGES = True
    enrol(learner=other_learner, role=analytics)
    for person in (learner, other_learner):
        approved(person, analytics, ruth)
    for person in (learner, other_learner):
        client = Client()
        client.force_login(person)
        page = text_of(client.get(f"/roadmaps/{analytics.slug}/"))
        assert re.findall(r"/badges/[-0-9a-f]{36}/", page) == [
            Credential.objects.get(learner=person).get_absolute_url()
        ]


def test_the_dashboard_says_whose_turn_it_is(as_learner, learner, analytics, ruth):
    learner.visited_at = later(-50)
    learner.save()
    returned(learner, analytics, ruth, number=1)
    approved(learner, analytics, ruth, number=2)
    claimed(learner, analytics, ruth, number=3, now=timezone.now())
    handed_in(learner, analytics, number=4)
    page = text_of(as_learner.get(reverse("dashboard")))
    assert "One milestone is back with you" in page
    for words in ("Your turn", "Approved on November 2", "Ruth Adeyemi is reviewing", "Waiting for a mentor since"):
        assert words in page


def test_the_dashboard_is_silent_while_nothing_is_handed_in(as_learner, learner, analytics):
    gathered(learner, analytics)
    assert 'id="feedback"' not in text_of(as_learner.get(reverse("dashboard")))


def test_queries_of_pages_that_show_states_are_as_they_were(as_learner, learner, analytics, ruth):
    for number in (1, 2, 3):
        approved(learner, analytics, ruth, number=number)
    Notification.objects.all().delete()
    assert queries_of(as_learner, f"/roadmaps/{analytics.slug}/") == 3
    assert queries_of(as_learner, reverse("dashboard")) == 4
