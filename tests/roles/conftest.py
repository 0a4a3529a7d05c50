"""Editors of the catalog, signed in to the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from config.editors import GROUP
from roles.models import Phase
from tests.factories import UserFactory


@pytest.fixture
def editor(db):
    user = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def phase(analytics) -> Phase:
    return Phase.objects.get(role=analytics, order=1)
