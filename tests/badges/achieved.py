"""Something to be achieved, and ways to have it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from accounts.models import User
from badges.achievements import Achievement, Exhibit
from badges.issuing import issue
from badges.models import Credential

NOW = datetime(2026, 11, 20, 9, 30, 15, 123456, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)

MILESTONE = Achievement(
    kind="milestone",
    key=UUID("5e0e3d0a-5d7c-4a39-9df1-6f5f5f0a3c11"),
    name="A cohort of patients with diabetes, found in a claims database",
    description="Finds a cohort with clear rules and says what the rules leave out.",
    criteria=("The rules are written down", "The counts can be made again"),
    role="AI Healthcare Analytics Specialist",
    approved_by="Ruth Adeyemi",
    on=date(2026, 11, 20),
    ring=((1, 8), (2, 6), (3, 10), (5, 6), (6, 6)),
)
ROADMAP = Achievement(
    kind="roadmap",
    key=UUID("0a9c4f6e-95d1-4d0e-8f0e-2b7c1e1a7d22"),
    name="AI Healthcare Analytics Specialist roadmap",
    description="All six milestones, from a first cohort to a capstone, were approved by a mentor.",
    criteria=("A cohort", "A quality report", "A risk model", "A note classifier", "A service", "A capstone"),
    role="AI Healthcare Analytics Specialist",
    approved_by="Ruth Adeyemi",
    on=date(2026, 11, 20),
    ring=((1, 8), (2, 6), (3, 10), (4, 4), (5, 6), (6, 6)),
)
EVIDENCE = (
    Exhibit("The repository", "link", url="https://github.com/example/cohort"),
    Exhibit("What I would do differently", "note"),
    Exhibit("cohort.pdf", "file", sha256="ab" * 32),
)


def issued(learner: User, achievement: Achievement = MILESTONE, **other: Any) -> Credential:
    given = {"evidence": EVIDENCE, "source": "decision:17", "now": NOW} | other
    return issue(learner=learner, achievement=achievement, **given)


def issued_as(uuid: str, learner: User, achievement: Achievement = MILESTONE, **other: Any) -> Credential:
    """With an address that is known beforehand."""
    with patch("badges.issuing.uuid4", return_value=UUID(uuid)):
        return issued(learner, achievement, **other)
