"""Tests run on the real catalog: it is loaded once into each test database, and put back after tests that commit."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker

from accounts.models import User
from roles.models import Role
from tests.database import template
from tests.database.saved import SavedTables
from tests.factories import UserFactory

# Playwright runs an event loop in the thread of the test; Django's guard would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ANALYTICS = "ai-healthcare-analytics-specialist"
COORDINATION = "ai-care-coordination-specialist"
CHRONIC = "ai-chronic-disease-management-specialist"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> None:
    """Asked for something else than a database like all others, pytest-django makes it the plain way."""
    if not pytestconfig.option.reuse_db and not pytestconfig.option.nomigrations:
        with django_db_blocker.unblock():
            template.use()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SavedTables]:
    """Gives the tables, for the tests of what puts them back."""
    with django_db_blocker.unblock():
        if not connection.settings_dict["TEST"].get("TEMPLATE"):
            template.fill()
        saved = SavedTables()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: saved.put_back())
        yield saved


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What a process remembers must not leak from test to test."""
    yield
    for name in ("local", "answers", "seen"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    """Hashing is slow on purpose; tests do not need it to be."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def analytics(db: None) -> Role:
    return Role.objects.get(slug=ANALYTICS)


@pytest.fixture
def coordination(db: None) -> Role:
    return Role.objects.get(slug=COORDINATION)


@pytest.fixture
def chronic(db: None) -> Role:
    return Role.objects.get(slug=CHRONIC)


@pytest.fixture
def learner(db: None) -> User:
    return UserFactory(email="ines@example.org", display_name="Ines Okonjo")


@pytest.fixture
def other_learner(db: None) -> User:
    return UserFactory(email="tom@example.org", display_name="Tom Berger")


@pytest.fixture
def as_learner(learner: User) -> Client:
    """A browser in which the learner is signed in."""
    client = Client()
    client.force_login(learner)
    return client
