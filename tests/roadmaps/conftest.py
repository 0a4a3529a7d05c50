"""Mentors of the roadmap of healthcare analytics."""

from __future__ import annotations

import pytest

from accounts.models import User
from roles.models import Role
from tests.mentoring.people import make_mentor


@pytest.fixture
def ruth(analytics: Role) -> User:
    return make_mentor(analytics, name="Ruth Adeyemi")


@pytest.fixture
def jonas(analytics: Role) -> User:
    return make_mentor(analytics, name="Jonas Lindqvist")
