"""Account pages take a fixed number of queries."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.queries import queries_of

VISITOR = {"account_login": 1, "account_signup": 1, "account_reset_password": 0}
LEARNER = {
    "accounts:profile": 2,
    "accounts:channels": 3,
    "notifications:notification_list": 3,
    "account_email": 4,
    "account_change_password": 2,
    "mfa_index": 4,
    "usersessions_list": 4,
    "account_logout": 2,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", VISITOR)
def test_queries_of_a_visitors_page_are_pinned(client, name):
    assert queries_of(client, reverse(name)) == VISITOR[name]


@pytest.mark.parametrize("name", LEARNER)
def test_queries_of_a_learners_page_are_pinned(as_learner, name):
    assert queries_of(as_learner, reverse(name)) == LEARNER[name]


@pytest.mark.parametrize("name", LEARNER)
def test_a_hundred_other_people_change_nothing(as_learner, name):
    UserFactory.create_batch(100)
    assert queries_of(as_learner, reverse(name)) == LEARNER[name]


def test_ten_sessions_take_as_many_queries_as_one(as_learner, learner):
    for _ in range(10):
        other = Client()
        other.force_login(learner)
        other.get(reverse("accounts:profile"))
    assert queries_of(as_learner, reverse("usersessions_list")) == LEARNER["usersessions_list"]
