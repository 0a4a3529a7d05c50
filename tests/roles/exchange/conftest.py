"""Who imports, and what is there before."""

from __future__ import annotations

import pytest

from roles.models import Skill
from tests.factories import UserFactory


@pytest.fixture
def mei(db):
    return UserFactory(is_staff=True, display_name="Mei-Ling Zhao")


@pytest.fixture
def hipaa(db) -> Skill:
    return Skill.objects.get(slug="hipaa")
