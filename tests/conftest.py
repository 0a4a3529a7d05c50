"""Tests run on the real catalog: it is loaded once into each test database, and put back after tests that commit."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.template import Context, Template
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.models import User
from roles.models import Role
from tests.database import template
from tests.database.saved import SavedTables
from tests.factories import UserFactory
from tests.mentoring.people import make_mentor

# Playwright runs an event loop in the thread of the test; Django's guard would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# By the clock: on a busy machine the usual 200 milliseconds failed what had nothing wrong. What hangs is still found.
hypothesis.settings.register_profile("busy", deadline=2000)
hypothesis.settings.load_profile("busy")

ANALYTICS = "ai-healthcare-analytics-specialist"
COORDINATION = "ai-care-coordination-specialist"
CHRONIC = "ai-chronic-disease-management-specialist"

_WHITENOISE_READS = ("DEBUG", "FORCE_SCRIPT_NAME", "STATIC", "STORAGES", "WHITENOISE_")


def pytest_collection_finish() -> None:
    """All that was imported and collected stays to the end. Looking for garbage in it, again and again, took a sixth of
    the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


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


@pytest.fixture(scope="module")
def module_rows(
    django_db_setup: SavedTables, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Opens the database for rows that all tests of a module begin with. The tests run inside the same transaction,
    each in a savepoint, and take back only what they did themselves. Not for modules with tests that commit."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Every Client makes the middleware anew, and WhiteNoise would walk through all static files for each of them: that
    took longer than most requests. It lists them once for all that its settings can say."""
    made: dict[str, dict[str, object]] = {}
    make = WhiteNoiseMiddleware.__init__

    def make_alike(self: WhiteNoiseMiddleware, get_response: object = None) -> None:
        names = [each for each in dir(settings) if each.startswith(_WHITENOISE_READS)]
        key = repr([(name, getattr(settings, name)) for name in names])
        if key in made:
            vars(self).update(made[key], get_response=get_response)
        else:
            make(self, get_response)
            made[key] = vars(self).copy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "__init__", make_alike)
        yield


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages_only(django_test_environment: None) -> Iterator[None]:
    """Django's test client keeps a copy of the context of every template rendered, each <option> of each list included:
    a fifth of the time of a page of the admin. No test asks for those of the templates of widgets."""
    noted = Template._render

    def render(self: Template, context: Context) -> str:
        if (self.name or "").startswith("django/forms/widgets/"):
            return self.nodelist.render(context)
        return noted(self, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


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


@pytest.fixture
def ruth(analytics: Role) -> User:
    return make_mentor(analytics, name="Ruth Adeyemi")


@pytest.fixture
def jonas(analytics: Role) -> User:
    return make_mentor(analytics, name="Jonas Lindqvist")
