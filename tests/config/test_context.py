"""The navigation names only pages that exist, and marks the one that is open."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from config.context import Place, resolved, site


def context(path, user=None):
    request = RequestFactory().get(path)
    request.resolver_match = None
    if user is not None:
        request.user = user
    return site(request)


def current(links):
    return [link.label for link in links if link.current]


def test_visitor_and_learner_see_their_own_navigation():
    visitor, learner = ([link.label for link in context("/", user)["nav"]] for user in (AnonymousUser(), User()))

    assert visitor == ["Roles", "Skills", "Guides", "Resources"]
    assert learner == ["Today", "Roadmap", "Practice", "Roles", "Guides", "Skills"]


def test_a_mentors_work_comes_first_and_a_phone_has_five_places():
    links = list(context("/", User(is_mentor=True))["nav"])

    assert [link.label for link in links][:2] == ["Queue", "Cohorts"]
    assert sum(not link.roomy for link in links) == 5


def test_request_that_failed_early_still_has_a_navigation():
    assert next(link.label for link in context("/")["nav"]) == "Roles"


@pytest.mark.parametrize(
    ("path", "label"), [("/roles/", "Roles"), ("/roles/some-role/", "Roles"), ("/skills/sql/", "Skills")]
)
def test_pages_below_a_place_count_as_being_there(path, label):
    assert current(context(path, AnonymousUser())["nav"]) == [label]


def test_nothing_is_current_elsewhere():
    assert current(context("/", AnonymousUser())["nav"]) == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("accounts:profile", "Profile"),
        ("accounts:channels", "Notifications"),
        ("account_email", "Email"),
        ("account_set_password", "Password"),
        ("mfa_view_recovery_codes", "Security"),
        ("usersessions_list", "Sessions"),
    ],
)
def test_settings_mark_their_page(name, label):
    assert current(context(reverse(name), User())["account_nav"]) == [label]


def test_connected_accounts_are_absent_without_providers():
    assert "Connected accounts" not in [link.label for link in context("/", User())["account_nav"]]


def test_places_without_a_page_are_left_out():
    assert (
        resolved((Place("practice:nothing_yet", "Practice", "practice"), Place("home", "Home", "today")))[0].label
        == "Home"
    )
