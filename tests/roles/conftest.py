"""Editors of the catalog, signed in to the admin; workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from config import background
from config.editors import GROUP
from roles.models import Phase, Skill
from tests.factories import UserFactory
from tests.working import StartWorker, workers


@pytest.fixture
def editor(db):
    user = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def colleague(db):
    user = UserFactory(is_staff=True, display_name="Jonas Weber")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def skill(db) -> Skill:
    return Skill.objects.get(slug="hipaa")


@pytest.fixture
def phase(analytics) -> Phase:
    return Phase.objects.get(role=analytics, order=1)


@pytest.fixture
def start_worker(settings) -> Iterator[StartWorker]:
    """Starts a worker on the database of this test, which enqueues as the site does."""
    settings.TASKS = background.backends(testing=False)
    with workers() as start:
        yield start
