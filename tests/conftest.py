"""Tests run on the real catalog: it is loaded once into each test database, and put back after tests that commit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, TransactionTestCase

from accounts.models import User
from roles.models import Role
from tests.factories import UserFactory

# Playwright runs an event loop in the thread of the test; Django's guard would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ANALYTICS = "ai-healthcare-analytics-specialist"
COORDINATION = "ai-care-coordination-specialist"
CHRONIC = "ai-chronic-disease-management-specialist"


# Django fills its own tables after a flush, and triggers write the catalog's version.
_MADE_ANEW = ("django_", "auth_", "roles_catalogversion")


class SavedTables:
    """The rows of a freshly loaded database, to be put back after a test that emptied it."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    found = b"".join(bytes(part) for part in copy)
                if found and not table.startswith(_MADE_ANEW):
                    self.rows[table] = found

    def put_back(self) -> None:
        """As they were, without the triggers, which would make what is put back anyway and take three times as long."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, found in self.rows.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(found)
            cursor.execute("INSERT INTO roles_catalogversion VALUES (1, pg_current_xact_id()::text)")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        call_command("load_catalog", stdout=StringIO())
        saved = SavedTables()
    empty = TransactionTestCase._fixture_teardown

    def empty_and_put_back(self: TransactionTestCase) -> None:
        empty(self)
        saved.put_back()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_and_put_back)
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
