import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.sessions import live_sessions

URL = "/accounts/sessions/"


@pytest.fixture
def phone(learner):
    """A second browser in which the learner is signed in."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/605"})
    client.force_login(learner)
    client.get(reverse("accounts:profile"))
    return client


def test_every_browser_is_listed(as_learner, phone, learner):
    as_learner.get(URL)
    assert len(live_sessions(learner)) == 2
    assert b"Sign out everywhere else" in as_learner.get(URL).content


def test_others_are_signed_out_and_this_one_stays(as_learner, phone):
    as_learner.get(URL)
    as_learner.post(URL)
    assert phone.get(reverse("dashboard")).status_code == 302
    assert as_learner.get(reverse("dashboard")).status_code == 200


def test_a_session_that_ended_is_forgotten(as_learner, phone, learner):
    as_learner.get(URL)
    Session.objects.filter(session_key=phone.session.session_key).delete()
    assert len(live_sessions(learner)) == 1
    assert UserSession.objects.filter(user=learner).count() == 1


def test_a_session_of_an_old_password_is_not_listed(as_learner, phone, learner):
    learner.set_password("another-long-password")
    learner.save()
    assert live_sessions(learner) == []


def test_nobody_elses_sessions_are_listed(as_learner, phone, other_learner):
    assert live_sessions(other_learner) == []
