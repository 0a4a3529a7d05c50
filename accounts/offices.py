"""What hangs on an account elsewhere: an app says here what follows when a right comes, goes, or a person leaves.

Accounts know nothing of mentoring. The app that does registers its office once, when it starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from accounts.models import User


class Office(Protocol):
    """Called inside the transaction of what happens."""

    def taken_up(self, *, person: User, by: User, now: datetime) -> None:
        """The person is a mentor from now on."""

    def given_up(self, *, person: User, by: User | None, now: datetime) -> Iterable[str]:
        """Hand back what the person has in hand, and say in sentences what that was. Nothing in hand: nothing said.

        `by` is None where the system itself acts.
        """

    def laid_open(self, *, person: User, by: User | None, now: datetime) -> None:
        """Somebody read everything that is held on the person."""

    def erased(self, *, person: User) -> None:
        """All rows about the person are about to go; so must what lies outside the database."""


_OFFICES: list[Office] = []


def register(office: Office) -> None:
    _OFFICES.append(office)


def offices() -> tuple[Office, ...]:
    return tuple(_OFFICES)
